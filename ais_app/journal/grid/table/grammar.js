// What keys mean in a cell (D-49): a pure state machine, without a clock, a screen or a place. One file of vectors holds it and
// the server's `parse_cell` to the same (tests/fixtures/grid_grammar.json).
//
// A grammar is what a column of a course allows: {values, codes, both}; `both` = a mark may stand beside «н» in this school.

import { ABSENT, LATE, REASONS, UNCOUNTED, WRITTEN_BY } from "./codes.js";

/** @typedef {{values: string[], codes: string[], both: boolean}} Grammar */
/** @typedef {{write?: string, ask?: true, wrong?: true}} Met */
/** @typedef {{wait?: string, write?: string, rest?: string, ask?: string, wrong?: string, nothing?: true}} Pressed */

const LONGEST = 16, MOST_MARKS = 3;
const ABSENCES = [ABSENT, ...REASONS];

/** What belongs to the lesson, not to a column of it: absence with its reasons, and being late. */
export const ATTENDANCE = [...ABSENCES, LATE];

const isLate = (part) => part.startsWith(LATE) && /^([1-9]|[1-3][0-9]|4[0-5])?$/.test(part.slice(LATE.length));
const isAbsence = (part) => ABSENCES.includes(part);

/**
 * Attendance and marks of a text whose parts are all sound, or null: {attendance, marks}.
 * @type {(text: string, grammar: Grammar) => {attendance: string, marks: string[]} | null}
 */
function read(text, { values, codes }) {
  let attendance = "";
  const marks = [];
  if (text === "") return { attendance, marks };
  for (const part of text.split("/")) {
    if (values.includes(part) || (UNCOUNTED.includes(part) && codes.includes(part))) marks.push(part);
    else if (attendance === "" && ((isAbsence(part) && codes.includes(part)) || (codes.includes(LATE) && isLate(part)))) attendance = part;
    else return null;
  }
  return marks.length > MOST_MARKS ? null : { attendance, marks };
}

const spell = (attendance, marks) => (attendance ? [attendance, ...marks] : marks).join("/");

/**
 * What stands in a cell already, whatever this person may type: it was checked when it was written.
 * @type {(shown: string) => {attendance: string, marks: string[]}}
 */
function parts(shown) {
  const all = shown === "" ? [] : shown.split("/"), first = all[0] ?? "";
  const attendance = isAbsence(first) || isLate(first) ? first : "";
  return { attendance, marks: attendance ? all.slice(1) : all };
}

/**
 * The canonical text of a cell ("5/4", "н", "о15", ""), or null when the cell cannot hold it.
 * @type {(text: string, grammar: Grammar) => string | null}
 */
export function parseText(text, grammar) {
  const plain = String(text ?? "").normalize("NFKC").trim().toLowerCase();
  if (plain.length > LONGEST) return null;
  const found = read(plain, grammar);
  return found && spell(found.attendance, found.marks);
}

/**
 * A canonical text that comes to a cell: {write: text}, {ask: true}, or {wrong: true}. One rule for keys, paste, pad and roll call:
 * a mark and a lateness stand together, a mark and an absence meet as a question, anything else replaces its own kind.
 * @type {(shown: string, text: string, grammar: Grammar) => Met}
 */
export function meet(shown, text, grammar) {
  const there = parts(shown), typed = parts(text);
  if (text === "" || text === shown) return { write: text };
  if (typed.attendance && typed.marks.length) return isAbsence(typed.attendance) && !grammar.both ? { wrong: true } : { write: text };
  const attendance = typed.attendance || there.attendance, marks = typed.marks.length ? typed.marks : there.marks;
  const together = isAbsence(there.attendance) && there.marks.length && grammar.both; // both stand there already: nothing is to be asked
  if (isAbsence(attendance) && marks.length && !together) return { ask: true };
  return { write: spell(attendance, marks) };
}

/**
 * How a question can be answered: {both, replace}; `both` is null where the school does not keep a mark beside «н».
 * @type {(shown: string, text: string, grammar: Grammar) => {both: string | null, replace: string}}
 */
export function answers(shown, text, grammar) {
  const there = parts(shown), typed = parts(text);
  const attendance = typed.attendance || there.attendance, marks = typed.marks.length ? typed.marks : there.marks;
  return { both: grammar.both && marks.length ? parseText(spell(attendance, marks), { ...grammar, codes: [...grammar.codes, attendance] }) : null, replace: text };
}

/**
 * Which sentence says why a text is no value here: "reason" for «б» and «у» where somebody else gives the reason, else "bad".
 * @type {(text: string, grammar: {codes: string[]}) => "reason" | "bad"}
 */
export function whyUnread(text, { codes }) {
  const typed = String(text).normalize("NFKC").trim().toLowerCase().split("/");
  return typed.some((part) => REASONS.includes(part) && !codes.includes(part)) ? "reason" : "bad";
}

/**
 * A cell without its absence or lateness: what «present» leaves.
 * @type {(shown: string) => string}
 */
export const withoutAttendance = (shown) => spell("", parts(shown).marks);

/**
 * Whether a cell says that its student was not at the lesson.
 * @type {(shown: string) => boolean}
 */
export const isMissed = (shown) => isAbsence(parts(shown).attendance);

/**
 * Whether a mark stands in a cell, to which a comment may belong: minutes of being late are none.
 * @type {(shown: string) => boolean}
 */
export const hasMark = (shown) => parts(shown).marks.length > 0;

/**
 * Whether a cell holds «н» without a reason.
 * @type {(shown: string) => boolean}
 */
export const isUnexplained = (shown) => parts(shown).attendance === ABSENT;

/**
 * The text with one letter more: {text, whole, rest}, or null. `whole` = nothing can follow; `rest` = letters of a word that may still come.
 * @type {(text: string, letter: string, grammar: Grammar) => {text: string, whole?: boolean, rest?: string} | null}
 */
function longer(text, letter, { values, codes }) {
  const cut = text.lastIndexOf("/") + 1, head = text.slice(0, cut), part = text.slice(cut);
  if (part === "" && values.includes(letter)) return { text: head + letter, whole: true };
  if (part !== "" && letter === "/") return { text: `${text}/` };
  const keys = part + letter, code = WRITTEN_BY[keys];
  if (codes.includes(code)) return code === LATE ? { text: head + code } : { text: head + code, whole: true, rest: code.startsWith(keys) ? code.slice(keys.length) : "" };
  return part !== "" && isLate(keys) ? { text: text + letter } : null;
}

/**
 * Whether a text that is being typed is the beginning of a value.
 * @type {(text: string, grammar: Grammar) => boolean}
 */
export function isBeginning(text, grammar) {
  const cut = text.lastIndexOf("/") + 1, part = text.slice(cut);
  return (cut === 0 || read(text.slice(0, cut - 1), grammar) !== null) && (part === "" || isLate(part));
}

/**
 * One letter in a cell that shows `shown`, after what is `typed` there already (null: nothing):
 * {wait: text}        goes on
 * {write: text, rest} a whole value: written, the cursor moves; `rest` may follow and means nothing
 * {ask: text}         a whole value that meets another one: a question in the cell, the cursor moves
 * {wrong: text}       no value begins so: it stays in the cell, red, until it is ended, shortened or left
 * {nothing: true}     «/» where there is nothing to add to
 * @type {(typed: string | null, letter: string, shown: string, grammar: Grammar) => Pressed}
 */
export function press(typed, letter, shown, grammar) {
  if (typed === null && letter === "/") return shown === "" ? { nothing: true } : { wait: `${shown}/` };
  const before = typed ?? "", next = (before === "" || isBeginning(before, grammar)) ? longer(before, letter, grammar) : null;
  if (!next) return { wrong: (before + letter).slice(0, LONGEST) };
  if (!next.whole) return { wait: next.text };
  const value = parseText(next.text, grammar);
  if (value === null) return { wrong: next.text };
  const met = meet(shown, value, grammar);
  if (met.wrong) return { wrong: next.text };
  return met.ask ? { ask: value } : { write: met.write, rest: next.rest ?? "" };
}

/**
 * What is typed when it is ended by Enter, an arrow, a click, or by leaving: {write}, {ask}, {wrong} or {nothing}.
 * @type {(typed: string, shown: string, grammar: Grammar) => Pressed}
 */
export function end(typed, shown, grammar) {
  const text = typed.replace(/\/$/, ""), value = parseText(text, grammar);
  if (text === "") return { nothing: true };
  if (value === null) return { wrong: typed };
  const met = meet(shown, value, grammar);
  if (met.wrong) return { wrong: typed };
  if (met.ask) return { ask: value };
  return met.write === shown ? { nothing: true } : { write: met.write };
}

/**
 * What is typed with its last letter taken away, or null when nothing is left of it.
 * @type {(typed: string) => string | null}
 */
export const shorter = (typed) => (typed.length > 1 ? typed.slice(0, -1) : null);
