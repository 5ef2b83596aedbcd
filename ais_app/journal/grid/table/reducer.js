// The model of the grid, pure. A sheet makes it, patches and edits change it; only touched rows change identity.

import { isMissed } from "./grammar.js";

/** @typedef {"rest" | "open" | "locked" | "closed" | "future" | "outside" | "saving" | "refused" | "ask" | "conflict"} State */
/**
 * @typedef {object} Cell
 * @property {string} value what the server has; `shown` is what the page shows
 * @property {number} version
 * @property {number} flags 1: it has a comment, 2: it was changed
 * @property {string} comment
 * @property {string} shown
 * @property {State} state
 * @property {string} why
 * @property {{value: string, who: string} | null} theirs
 * @property {string} asked
 * @property {string} needs
 * @property {string} opened
 * @property {boolean} outside
 */
/** @typedef {{id: string, lesson: string, nth: number, date: string, day: string, weekday: string, month: string, state: State, why: string,
 *   number?: number, topic?: string, type?: string, typeName?: string, weight?: string, control?: boolean, today?: boolean,
 *   shut?: {state: State, why: string}, opened?: string}} Column */
/** @typedef {{id: string, name: string, note: string, mean: string, count: number, cells: Cell[]}} Row */
/** @typedef {[row: number, column: number]} Position */
/** @typedef {{student: string, work: string}} CellName */
/**
 * @typedef {object} Model
 * @property {boolean} ready
 * @property {string} course
 * @property {number} seq
 * @property {any} sheet as it came
 * @property {Row[]} rows
 * @property {Column[]} columns
 * @property {Map<string, number>} rowOf
 * @property {Map<string, number>} columnOf
 * @property {boolean} gap a patch is missing
 * @property {number | null} closes when the next opening ends
 */

/** @type {Model} */
export const empty = {
  ready: false, course: "", seq: 0, sheet: null, rows: [], columns: [], rowOf: new Map(), columnOf: new Map(),
  gap: false, closes: null,
};

const blank = { value: "", version: 0, flags: 0, comment: "", shown: "", state: "rest", why: "", theirs: null, asked: "", needs: "", opened: "" };

/**
 * The state a cell has when nothing is going on with it.
 * @type {(column: Column, cell: {outside: boolean, opened?: string}) => State}
 */
function restState(column, { outside, opened = "" }) {
  if (outside) return "outside";
  return column.state === "open" || opened ? "rest" : column.state;
}

/**
 * Columns travel as rows of values under their names.
 * @returns {any[]}
 */
function columnsOf([names, ...rows]) {
  return rows.map((values) => Object.fromEntries(names.map((name, index) => [name, values[index]])));
}

/**
 * A model from a snapshot: `plain` has {value: [columns]} of each row for what was written once, `cells` the rest. `pending` = Map("student:work" → text) of what is not confirmed yet. `now`: the server's moment, for what is opened until another one.
 * @returns {Model}
 */
export function open(sheet, pending, now = 0) {
  const columns = columnsOf(sheet.columns);
  const outside = new Set(sheet.outside.map(([row, column]) => `${row}:${column}`));
  const stored = new Map(sheet.cells.map(([row, column, ...rest]) => [`${row}:${column}`, rest]));
  sheet.plain.forEach((values, row) => Object.entries(values).forEach(([value, places]) => places.forEach((column) => stored.set(`${row}:${column}`, [value, 1]))));
  const rows = sheet.students.map(([id, name, note], r) => ({
    id, name, note, mean: sheet.means[r][0], count: sheet.means[r][1],
    cells: columns.map((column, c) => {
      const [value, version, flags = 0, comment = ""] = stored.get(`${r}:${c}`) ?? ["", 0];
      const waiting = pending.get(`${id}:${column.id}`);
      return {
        ...blank, value, version, flags, comment, shown: waiting ?? value,
        outside: outside.has(`${r}:${c}`),
        state: waiting === undefined ? restState(column, { outside: outside.has(`${r}:${c}`) }) : "saving",
      };
    }),
  }));
  return unlock({
    ...empty, ready: true, course: sheet.course, seq: sheet.seq, sheet, rows, columns,
    rowOf: new Map(rows.map((row, index) => [row.id, index])),
    columnOf: new Map(columns.map((column, index) => [column.id, index])),
  }, now);
}

/**
 * The openings of a model's sheet that last at `now`.
 * @type {(model: Model, now: number) => {until: number, student?: string, columns: number[], may: boolean, about: string}[]}
 */
export const lasting = (model, now) => (model.sheet?.openings ?? []).filter((one) => one.until > now);

/**
 * What openings let be written at `now` is open, whole columns or cells of one student; what they no longer do is shut again.
 * @type {(model: Model, now: number) => Model}
 */
export function unlock(model, now) {
  if (!model.sheet.openings?.length) return model;
  const openings = lasting(model, now), whole = openings.filter((one) => !one.student), single = openings.filter((one) => one.student);
  const columns = model.columns.map((column, c) => {
    /** @type {{state: State, why: string}} */
    const shut = column.shut ?? { state: column.state, why: column.why }, by = whole.filter((one) => one.columns.includes(c));
    const own = by.some((one) => one.may), opened = by.map((one) => one.about).join(" ");
    return { ...column, .../** @type {{state: State, why: string}} */ (own ? { state: "open", why: "" } : shut), shut, opened };
  });
  const rows = model.rows.map((row) => ({
    ...row,
    cells: row.cells.map((cell, c) => {
      const opened = single.filter((one) => one.may && one.student === row.id && one.columns.includes(c)).map((one) => one.about).join(" ");
      const resting = cell.state === restState(model.columns[c], cell), next = { ...cell, opened };
      return resting ? { ...next, state: restState(columns[c], next) } : next;
    }),
  }));
  return { ...model, columns, rows, closes: openings.length ? Math.min(...openings.map((one) => one.until)) : null };
}

/** @type {(model: Model, changes: [row: number, column: number, change: Partial<Cell>][]) => Model} */
function withCells(model, changes) {
  const rows = model.rows.slice();
  for (const [r, c, change] of changes) {
    const row = rows[r] === model.rows[r] ? { ...rows[r], cells: rows[r].cells.slice() } : rows[r];
    row.cells[c] = { ...row.cells[c], ...change };
    rows[r] = row;
  }
  return { ...model, rows };
}

/** @type {(model: Model, student: string, work: string) => Position | null} */
function place(model, student, work) {
  const r = model.rowOf.get(student), c = model.columnOf.get(work);
  return r === undefined || c === undefined ? null : [r, c];
}

/**
 * Show what was typed at once; the queue sends it. `cells` = [[row, column, text, comment?]].
 * @type {(model: Model, cells: [row: number, column: number, text: string, comment?: string][]) => Model}
 */
export function type(model, cells) {
  return withCells(model, cells.map(([r, c, shown, comment]) => [r, c, {
    shown, state: "saving", why: "", theirs: null, asked: "", needs: "",
    ...(comment === undefined ? {} : { comment, flags: comment ? model.rows[r].cells[c].flags | 1 : model.rows[r].cells[c].flags & ~1 }),
  }]));
}

/**
 * A value that cannot be: struck through until Esc or a new value. Nothing is sent.
 * @type {(model: Model, r: number, c: number, shown: string, why: string) => Model}
 */
export function refuse(model, r, c, shown, why) {
  return withCells(model, [[r, c, { shown, state: "refused", why, theirs: null }]]);
}

/**
 * A value that meets another one: what stands there stays, what was typed waits for a decision, or (`needs`: "reason") for a word why. Nothing is sent.
 * @type {(model: Model, r: number, c: number, asked: string, why: string, needs?: string) => Model}
 */
export function ask(model, r, c, asked, why, needs = "") {
  return withCells(model, [[r, c, { shown: model.rows[r].cells[c].value, asked, needs, state: "ask", why, theirs: null }]]);
}

/**
 * Take back what was typed in a cell: the stored value stands again.
 * @type {(model: Model, r: number, c: number) => Model}
 */
export function restore(model, r, c) {
  const cell = model.rows[r].cells[c];
  const state = restState(model.columns[c], cell);
  return withCells(model, [[r, c, { shown: cell.value, state, why: "", theirs: null, asked: "", needs: "" }]]);
}

/**
 * Apply a patch; its means are those of the students of its cells, in their order, in the period of those cells. `busy(student, work)` tells whether a newer value of that cell still waits to be confirmed.
 * @type {(model: Model, incoming: any, busy: (student: string, work: string) => boolean) => Model}
 */
export function patch(model, incoming, busy) {
  if (!model.ready || incoming.course !== model.course) return model;
  const changes = [];
  for (const [student, work, value, version, flags = 0, comment = ""] of incoming.cells ?? []) {
    const at = place(model, student, work);
    if (!at) continue;
    const cell = model.rows[at[0]].cells[at[1]];
    if (version < cell.version) continue;
    const change = { value, version, flags, comment };
    const mine = busy(student, work);
    const foreign = (incoming.by || incoming.mine) && cell.state === "saving";
    if (cell.state === "ask") changes.push([...at, { ...change, shown: value }]);
    else if (!mine && !foreign && cell.state !== "refused" && cell.state !== "conflict") {
      changes.push([...at, { ...change, shown: value, state: restState(model.columns[at[1]], cell) }]);
    } else if (!mine && incoming.op) {
      changes.push([...at, { ...change, shown: value, state: restState(model.columns[at[1]], cell), why: "", theirs: null }]);
    } else changes.push([...at, change]);
  }
  for (const [student, work, code, text, value, version, who] of incoming.refused ?? []) {
    const at = place(model, student, work);
    if (!at) continue;
    const stale = code === "stale";
    changes.push([...at, {
      value, version, state: stale ? "conflict" : "refused", why: text, theirs: stale ? { value, who } : null,
    }]);
  }
  let next = withCells(model, changes), torn = false;
  if (incoming.means?.length) {
    const rows = next.rows.slice(), here = new Map(); // {student: whether each of his cells is in this sheet}
    for (const [student, work] of incoming.cells) here.set(student, [...(here.get(student) ?? []), Boolean(place(model, student, work))]);
    [...here].forEach(([student, shown], index) => {
      const r = next.rowOf.get(student), [mean, count] = incoming.means[index];
      if (r === undefined || !shown.includes(true)) return; // a mean of another period
      if (shown.includes(false)) torn = true; // of which period the mean is, nobody knows: the sheet is read anew
      else rows[r] = { ...rows[r], mean, count };
    });
    next = { ...next, rows };
  }
  const gap = torn || incoming.seq > model.seq + 1;
  return { ...next, seq: Math.max(model.seq, incoming.seq), gap: model.gap || gap || Boolean(incoming.reload) };
}

/**
 * «24.12»: a day as narrow columns have it, like `short_date` of the server.
 * @type {(column: {date: string}) => string}
 */
export const shortDate = ({ date }) => `${date.slice(8, 10)}.${date.slice(5, 7)}`;

const beside = (columns, c, same) => [columns[c - 1], columns[c + 1]].some((other) => other && same(other, columns[c]));

/** Whether a day has another column. @type {(columns: Column[], c: number) => boolean} */
export const sharesDay = (columns, c) => beside(columns, c, (one, other) => one.date === other.date);

/** Whether a lesson has another column. @type {(columns: Column[], c: number) => boolean} */
export const sharesLesson = (columns, c) => beside(columns, c, (one, other) => one.lesson === other.lesson);

/**
 * What tells a column from the others of its day: «·3» its lesson, «·3.2» the second column of it; «» where it is the only one.
 * @type {(columns: Column[], c: number) => string}
 */
export function placeInDay(columns, c) {
  if (!sharesDay(columns, c)) return "";
  const { number, nth } = columns[c], several = sharesLesson(columns, c);
  if (!number) return `·${nth}`;
  return several ? `·${number}.${nth}` : `·${number}`;
}

/**
 * The cells of a state, in the order of the table: for «1 conflict», «1 wrong entry».
 * @type {(model: Model, state: State) => Position[]}
 */
export function inState(model, state) {
  const found = [];
  model.rows.forEach((row, r) => row.cells.forEach((cell, c) => { if (cell.state === state) found.push([r, c]); }));
  return found;
}

/**
 * The columns of the lessons before and after the one of a column: the first one of each, or -1.
 * @type {(model: Model, c: number) => [before: number, after: number]}
 */
export function neighbours(model, c) {
  const first = firstOf(model, c), { lesson } = model.columns[c];
  const next = model.columns.findIndex((column, other) => other > c && column.lesson !== lesson);
  return [first > 0 ? firstOf(model, first - 1) : -1, next];
}

/**
 * Corners of the block between two cells: [[top, left], [bottom, right]].
 * @type {(a: Position, b: Position) => [Position, Position]}
 */
export function block(a, b) {
  return [[Math.min(a[0], b[0]), Math.min(a[1], b[1])], [Math.max(a[0], b[0]), Math.max(a[1], b[1])]];
}

/**
 * The column of the same lesson where attendance stands.
 * @type {(model: Model, c: number) => number}
 */
export function firstOf(model, c) {
  let first = c;
  while (first > 0 && model.columns[first - 1].lesson === model.columns[c].lesson) first -= 1;
  return first;
}

/**
 * How many students were at the lesson of a column: everybody who belongs, less «н», «б», «у».
 * @type {(model: Model, c: number) => number}
 */
export function present(model, c) {
  const first = firstOf(model, c);
  return model.rows.filter((row) => {
    const cell = row.cells[first];
    return !cell.outside && !isMissed(cell.shown);
  }).length;
}
