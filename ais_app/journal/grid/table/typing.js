// Typing in the table, pure: which cell is active, what is half typed and where. Everything is named by (student, work), never by a
// place on the screen, so rows and columns may come, go and move meanwhile (D-49). Each step returns {state, effects}.
//
// state   {active, anchor, near, typed, last}: `near` = [row, column] of the active cell when it was last seen; `typed` = {student,
//         work, text, wrong}; `last` = {student, work, rest} just written by a key: «/» adds to it, the letters of `rest` mean nothing
// effects {write|ask|wrong: text, student, work} and {say: name of a label, text}, in their order

import { ATTENDANCE, end, isBeginning, press, shorter, whyUnread } from "./grammar.js";

/** @typedef {import("./reducer.js").Model} Model */
/** @typedef {import("./reducer.js").CellName} CellName */
/** @typedef {{active: CellName | null, anchor: CellName | null, near: [number, number], typed: (CellName & {text: string, wrong: boolean}) | null,
 *   last: (CellName & {rest: string}) | null}} Typing */
/** @typedef {{student?: string, work?: string, write?: string, ask?: string, wrong?: string, say?: string, text?: string}} Effect */
/** @typedef {{state: Typing, effects: Effect[]}} Step */

/** @type {Typing} */
export const nothing = { active: null, anchor: null, near: [0, 0], typed: null, last: null };

const same = (a, b) => Boolean(a && b) && a.student === b.student && a.work === b.work;
const only = ({ student, work }) => ({ student, work });

/**
 * [row, column] of a cell in a model, or null.
 * @type {(model: Model, at: {student?: string, work?: string} | null | undefined) => import("./reducer.js").Position | null}
 */
export function positionOf(model, at) {
  const r = model.rowOf.get(at?.student ?? ""), c = model.columnOf.get(at?.work ?? "");
  return r === undefined || c === undefined ? null : [r, c];
}

/**
 * The (student, work) of the cell at [row, column].
 * @type {(model: Model, at: import("./reducer.js").Position) => CellName}
 */
export const nameOf = (model, [r, c]) => ({ student: model.rows[r].id, work: model.columns[c].id });

/**
 * The text of a cell that a new value meets: the stored one where what was typed has not been accepted.
 * @type {(cell: import("./reducer.js").Cell) => string}
 */
export function standing(cell) {
  return ["refused", "conflict", "ask"].includes(cell.state) ? cell.value : cell.shown;
}

const columnGrammar = new WeakMap();

/**
 * The grammar of a column: attendance belongs to the first one of its lesson.
 * @type {(model: Model, c: number) => import("./grammar.js").Grammar}
 */
export function grammarOf(model, c) {
  const column = model.columns[c];
  if (!columnGrammar.has(column)) {
    const { values, codes, both } = model.sheet;
    columnGrammar.set(column, { values, codes: column.nth > 1 ? codes.filter((code) => !ATTENDANCE.includes(code)) : codes, both });
  }
  return columnGrammar.get(column);
}

const within = (value, most) => Math.max(0, Math.min(most, value));

/**
 * Make another cell active, without a word about what is typed: `finish` comes before.
 * @type {(state: Typing, model: Model, r: any, c: any, extend: boolean) => Typing}
 */
function stand(state, model, r, c, extend) {
  if (!model.rows.length || !model.columns.length) return { ...state, active: null, anchor: null, last: null };
  /** @type {[number, number]} */
  const near = [within(r, model.rows.length - 1), within(c, model.columns.length - 1)];
  const active = nameOf(model, near);
  const from = extend ? state.anchor ?? state.active : null;
  return { ...state, active, near, anchor: from && !same(from, active) ? from : null, last: null };
}

/**
 * End what is typed: Enter, Tab, an arrow, a click, and every way of leaving.
 * @type {(state: Typing, model: Model) => Step}
 */
export function finish(state, model) {
  const { typed } = state;
  if (!typed) return { state, effects: [] };
  const done = { ...state, typed: null }, place = positionOf(model, typed);
  if (!place) return { state: done, effects: typed.text.endsWith("/") ? [] : [{ say: "lost", text: typed.text }] };
  const [r, c] = place, ended = typed.wrong ? { wrong: typed.text } : end(typed.text, standing(model.rows[r].cells[c]), grammarOf(model, c));
  const [kind] = Object.keys(ended);
  return { state: done, effects: kind === "nothing" ? [] : [{ [kind]: ended[kind], ...only(typed) }] };
}

/**
 * End what is typed, then go to a place; what lies outside the table is brought to its edge.
 * @type {(state: Typing, model: Model, r: number, c: number, extend?: boolean) => Step}
 */
export function go(state, model, r, c, extend = false) {
  const { state: done, effects } = finish(state, model);
  return { state: stand(done, model, r, c, extend), effects };
}

/**
 * A letter in the active cell. `why(r, c)` = why it cannot be written, or «»; `step` = [rows, columns] that a whole value moves on by.
 * @type {(state: Typing, model: Model, sign: string, why: (r: number, c: number) => string, step: number[]) => Step}
 */
export function letter(state, model, sign, why, step) {
  const { last } = state;
  if (!state.typed && last?.rest.startsWith(sign)) return { state: { ...state, last: { ...last, rest: last.rest.slice(1) } }, effects: [] };
  const back = sign === "/" && !state.typed ? positionOf(model, last) : null;
  const from = back ? stand(state, model, ...back, false) : state;
  const at = from.typed ?? from.active, place = positionOf(model, at);
  if (!at || !place) return { state, effects: [] };
  const [r, c] = place, closed = why(r, c);
  if (closed) return { state: { ...state, last: null }, effects: [{ say: closed }] };
  const typed = from.typed?.text ?? null;
  const found = press(typed, sign, standing(model.rows[r].cells[c]), grammarOf(model, c));
  const quiet = { ...from, anchor: null, last: null };
  if (found.nothing) return { state: quiet, effects: [{ say: "nothingToAdd" }] };
  if (found.wait !== undefined) return { state: { ...quiet, typed: { ...only(at), text: found.wait, wrong: false } }, effects: [] };
  if (found.wrong !== undefined) return { state: { ...quiet, typed: { ...only(at), text: found.wrong, wrong: true } }, effects: [{ say: whyUnread(found.wrong, grammarOf(model, c)), text: found.wrong }] };
  const [kind, text] = found.ask === undefined ? ["write", found.write] : ["ask", found.ask];
  const moved = stand({ ...quiet, typed: null }, model, r + step[0], c + step[1], false);
  return { state: kind === "write" ? { ...moved, last: { ...only(at), rest: found.rest ?? "" } } : moved, effects: [{ [kind]: text, ...only(at) }] };
}

/**
 * Backspace in what is typed.
 * @type {(state: Typing, model: Model) => Typing}
 */
export function erase(state, model) {
  const { typed } = state;
  if (!typed) return state;
  const text = shorter(typed.text), place = positionOf(model, typed);
  const wrong = text !== null && place !== null && !isBeginning(text, grammarOf(model, place[1]));
  return { ...state, typed: text === null ? null : { ...typed, text, wrong } };
}

/**
 * Esc: nothing is typed any more.
 * @type {(state: Typing) => Typing}
 */
export const drop = (state) => ({ ...state, typed: null });

/**
 * The sheet has been read anew: the same cells stay active, half typed and chosen; what is gone is left for what is nearest, and said.
 * @type {(state: Typing, model: Model) => Step}
 */
export function follow(state, model) {
  const place = positionOf(model, state.active), effects = [];
  let next = place ? { ...state, near: place } : stand({ ...state, anchor: null }, model, ...state.near, false);
  if (next.anchor && !positionOf(model, next.anchor)) next = { ...next, anchor: null };
  if (next.last && !positionOf(model, next.last)) next = { ...next, last: null };
  if (next.typed && !positionOf(model, next.typed)) {
    if (!next.typed.text.endsWith("/")) effects.push({ say: "lost", text: next.typed.text });
    next = { ...next, typed: null };
  }
  return { state: next, effects };
}
