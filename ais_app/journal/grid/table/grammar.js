// What keys mean in a cell (D-49): a pure state machine, without a clock, a screen or a place. One file of vectors holds it and
// the server's `parse_cell` to the same (tests/fixtures/grid_grammar.json).
//
// A grammar is what a column of a course allows: {values, codes, both}; `both` = a mark may stand beside «н» in this school.

const LONGEST = 16, MOST_MARKS = 3;
const WORDS = { "з": "зач", "-": "незач" };

const isLate = (part) => /^о([1-9]|[1-3][0-9]|4[0-5])?$/.test(part);
const isAbsence = (part) => part !== "" && "нбу".includes(part);

/** Attendance and marks of a text whose parts are all sound, or null: {attendance, marks}. */
function read(text, { values, codes }) {
  let attendance = "";
  const marks = [];
  if (text === "") return { attendance, marks };
  for (const part of text.split("/")) {
    if (values.includes(part) || (["зач", "незач", "осв"].includes(part) && codes.includes(part))) marks.push(part);
    else if (attendance === "" && ((isAbsence(part) && codes.includes(part)) || (codes.includes("о") && isLate(part)))) attendance = part;
    else return null;
  }
  return marks.length > MOST_MARKS ? null : { attendance, marks };
}

const spell = (attendance, marks) => (attendance ? [attendance, ...marks] : marks).join("/");

/** What stands in a cell already, whatever this person may type: it was checked when it was written. */
function parts(shown) {
  const all = shown === "" ? [] : shown.split("/"), first = all[0] ?? "";
  const attendance = isAbsence(first) || isLate(first) ? first : "";
  return { attendance, marks: attendance ? all.slice(1) : all };
}

/** The canonical text of a cell ("5/4", "н", "о15", ""), or null when the cell cannot hold it. */
export function parseText(text, grammar) {
  const plain = String(text ?? "").normalize("NFKC").trim().toLowerCase();
  if (plain.length > LONGEST) return null;
  const found = read(plain, grammar);
  return found && spell(found.attendance, found.marks);
}

/**
 * A canonical text that comes to a cell: {write: text}, {ask: true}, or {wrong: true}. One rule for keys, paste, pad and roll call:
 * a mark and a lateness stand together, a mark and an absence meet as a question, anything else replaces its own kind.
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

/** How a question can be answered: {both, replace}; `both` is null where the school does not keep a mark beside «н». */
export function answers(shown, text, grammar) {
  const there = parts(shown), typed = parts(text);
  const attendance = typed.attendance || there.attendance, marks = typed.marks.length ? typed.marks : there.marks;
  return { both: grammar.both && marks.length ? parseText(spell(attendance, marks), { ...grammar, codes: [...grammar.codes, attendance] }) : null, replace: text };
}

/** Which sentence says why a text is no value here: "reason" for «б» and «у» where somebody else gives the reason, else "bad". */
export function whyUnread(text, { codes }) {
  const parts_ = String(text).normalize("NFKC").trim().toLowerCase().split("/");
  return parts_.some((part) => ["б", "у"].includes(part) && !codes.includes(part)) ? "reason" : "bad";
}

/** A cell without its absence or lateness: what «present» leaves. */
export const withoutAttendance = (shown) => spell("", parts(shown).marks);

/** Whether a cell holds «н» without a reason. */
export const isUnexplained = (shown) => parts(shown).attendance === "н";

/** The text with one letter more: {text, whole, rest}, or null. `whole` = nothing can follow; `rest` = letters of a word that may still come. */
function longer(text, letter, { values, codes }) {
  const cut = text.lastIndexOf("/") + 1, head = text.slice(0, cut), part = text.slice(cut);
  if (part === "") {
    if (values.includes(letter) || (isAbsence(letter) && codes.includes(letter))) return { text: head + letter, whole: true };
    if (letter === "о" && codes.includes("о")) return { text: head + letter };
    const word = WORDS[letter];
    return codes.includes(word) ? { text: head + word, whole: true, rest: letter === "з" ? "ач" : "" } : null;
  }
  if (letter === "/") return { text: `${text}/` };
  if (part === "о" && letter === "с" && codes.includes("осв")) return { text: `${head}осв`, whole: true, rest: "в" };
  if (part.startsWith("о") && part.length < 3 && /[0-9]/.test(letter) && isLate(part + letter)) return { text: text + letter };
  return null;
}

/** Whether a text that is being typed is the beginning of a value. */
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
 */
export function press(typed, letter, shown, grammar) {
  if (typed === null && letter === "/") return shown === "" ? { nothing: true } : { wait: `${shown}/` };
  const before = typed ?? "", next = (before === "" || isBeginning(before, grammar)) ? longer(before, letter, grammar) : null;
  if (!next) return { wrong: (before + letter).slice(0, LONGEST) };
  if (!next.whole) return { wait: next.text };
  const value = parseText(next.text, grammar), met = value === null ? { wrong: true } : meet(shown, value, grammar);
  if (met.wrong) return { wrong: next.text };
  return met.ask ? { ask: value } : { write: met.write, rest: next.rest ?? "" };
}

/** What is typed when it is ended by Enter, an arrow, a click, or by leaving: {write}, {ask}, {wrong} or {nothing}. */
export function end(typed, shown, grammar) {
  const text = typed.replace(/\/$/, ""), value = parseText(text, grammar);
  if (text === "") return { nothing: true };
  const met = value === null ? { wrong: true } : meet(shown, value, grammar);
  if (met.wrong) return { wrong: typed };
  if (met.ask) return { ask: value };
  return met.write === shown ? { nothing: true } : { write: met.write };
}

/** What is typed with its last letter taken away, or null when nothing is left of it. */
export const shorter = (typed) => (typed.length > 1 ? typed.slice(0, -1) : null);
