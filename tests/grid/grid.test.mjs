// Pure parts of the grid: keys, the model, the queue.
import assert from "node:assert/strict";
import { test } from "node:test";
import { intention, parseBlock, readDecimal, spellBlock } from "../../ais_app/journal/grid/table/keys.js";
import { Queue, completed } from "../../ais_app/journal/grid/table/queue.js";
import { openStore, waitingCells } from "../../ais_app/journal/grid/table/store.js";
import { Steps } from "../../ais_app/journal/grid/table/undo.js";
import * as reduce from "../../ais_app/journal/grid/table/reducer.js";
import { makeUid } from "../../ais_app/web/drafts/uid.js";

/**
 * What was asked for, which must be there.
 * @template T
 * @param {T | null | undefined} found
 * @returns {T}
 */
function there(found) {
  assert.ok(found);
  return found;
}

const VALUES = ["5", "4", "3", "2"], CODES = ["н", "о", "осв"];
const key = (over) => ({ key: "", code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...over });

test("a letter counts in either keyboard layout", () => {
  for (const event of [key({ key: "н", code: "KeyY" }), key({ key: "y", code: "KeyY" }), key({ key: "Н", code: "KeyY" })])
    assert.deepEqual(intention(event), { type: "letter", letter: "н" });
  assert.deepEqual(intention(key({ key: "5", code: "Numpad5" })), { type: "letter", letter: "5" });
  assert.deepEqual(intention(key({ key: ".", code: "Slash" })), { type: "letter", letter: "/" });
  for (const event of [key({ key: "n", code: "KeyN" }), key({ key: "т", code: "KeyN" })]) // a wrong key is the same one in both
    assert.deepEqual(intention(event), { type: "letter", letter: "т" });
  const names = ["KeyQ", "BracketRight", "KeyA", "KeyL", "Quote", "KeyZ", "KeyM", "Comma", "Period", "Backquote"];
  assert.equal(names.map((code) => intention(key({ key: "'", code }))?.letter).join(""), "йъфдэяьбюё");
  assert.deepEqual(intention(key({ key: "-", code: "Minus" })), { type: "letter", letter: "-" });
});

test("keys that belong to the browser are left to it", () => {
  for (const name of ["c", "v", "r"]) assert.equal(intention(key({ key: name, code: `Key${name.toUpperCase()}`, ctrlKey: true })), null);
  assert.deepEqual(intention(key({ key: "Enter", shiftKey: true })), { type: "move", by: [-1, 0], commit: true });
  assert.deepEqual(intention(key({ key: "Home", ctrlKey: true })), { type: "corner", at: "first" });
});

test("a pasted block keeps its shape", () => {
  assert.deepEqual(parseBlock("5\t4\r\n3\t\r\n"), [["5", "4"], ["3", ""]]);
  assert.deepEqual(parseBlock('"5\n4"\t"a ""b"""'), [["5\n4", 'a "b"']]);
  assert.deepEqual(parseBlock("5"), [["5"]]);
});

test("a whole mark with decimals is that mark, no other number is", () => {
  assert.deepEqual(["5,0", "4.00", " 3,0 ", "4,5", "5,", "10,0", "н"].map(readDecimal), ["5", "4", "3", "4,5", "5,", "10,0", "н"]);
});

function sheet(cells = [], seq = 1) {
  const column = (id, over = {}) => ({ id, lesson: `l-${id}`, nth: 1, date: "2026-11-23", day: "23", weekday: "пн", month: "Ноябрь", state: "open", why: "", ...over });
  return {
    course: "c", period: "p", seq, may: { marks: true }, values: VALUES, codes: CODES, caption: "",
    students: [["a", "А", ""], ["b", "Б", ""]],
    columns: [Object.keys(column("w1")), Object.values(column("w1")), Object.values(column("w2", { state: "locked", why: "поздно" }))],
    cells, plain: [], outside: [[1, 1]], means: [["", 0], ["", 0]],
  };
}
const never = () => false;

test("what is typed stands at once and is confirmed by its answer", () => {
  let model = reduce.type(reduce.open(sheet(), new Map()), [[0, 0, "5"]]);
  assert.equal(model.rows[0].cells[0].shown, "5");
  assert.equal(model.rows[0].cells[0].state, "saving");
  model = reduce.patch(model, { n: 1, course: "c", seq: 2, op: "x", cells: [["a", "w1", "5", 1]], means: [["5,00", 1]] }, never);
  assert.deepEqual([model.rows[0].cells[0].state, model.rows[0].mean, model.seq, model.gap], ["rest", "5,00", 2, false]);
});

test("a sheet names values that were written once by their columns", () => {
  const { rows } = reduce.open({ ...sheet([[1, 0, "3", 4, 2]]), plain: [{ 5: [0, 1] }, {}] }, new Map());
  assert.deepEqual(rows.map((row) => row.cells.map((cell) => [cell.value, cell.version, cell.flags])), [
    [["5", 1, 0], ["5", 1, 0]], [["3", 4, 2], ["", 0, 0]],
  ]);
});

test("a mean of another period stays out of the open sheet; of cells here and there the sheet is read anew", () => {
  const open = reduce.open(sheet(), new Map()), elsewhere = ["a", "another period", "2", 1];
  const foreign = reduce.patch(open, { n: 1, course: "c", seq: 2, cells: [elsewhere, ["b", "w1", "4", 1]], means: [["2,00", 1], ["4,00", 1]] }, never);
  assert.deepEqual(foreign.rows.map(({ mean, count }) => [mean, count]), [["", 0], ["4,00", 1]]);
  assert.equal(foreign.gap, false);
  const both = reduce.patch(open, { n: 1, course: "c", seq: 2, cells: [elsewhere, ["a", "w1", "5", 1]], means: [["2,00", 1]] }, never);
  assert.deepEqual([both.rows[0].mean, both.gap], ["", true]);
});

test("means are those of the students of the cells, in the order in which they first come", () => {
  const cells = [["b", "w1", "4", 1], ["a", "w1", "5", 1, 1, "Молодец"], ["b", "w2", "3", 1]];
  const { rows } = reduce.patch(reduce.open(sheet(), new Map()), { n: 1, course: "c", seq: 2, cells, means: [["3,50", 2], ["5,00", 1]] }, never);
  assert.deepEqual(rows.map((row) => [row.mean, row.count]), [["5,00", 1], ["3,50", 2]]);
  assert.deepEqual(rows.map(({ cells: [cell] }) => [cell.flags, cell.comment]), [[1, "Молодец"], [0, ""]]);
});

test("only touched rows change identity", () => {
  const before = reduce.open(sheet(), new Map()), after = reduce.type(before, [[0, 0, "5"]]);
  assert.notEqual(after.rows[0], before.rows[0]);
  assert.equal(after.rows[1], before.rows[1]);
});

test("an old patch never overwrites a newer value, and a gap is noticed", () => {
  let model = reduce.open(sheet([[0, 0, "4", 5, 0, ""]], 9), new Map());
  model = reduce.patch(model, { n: 1, course: "c", seq: 9, cells: [["a", "w1", "2", 4, 0, ""]] }, never);
  assert.equal(model.rows[0].cells[0].shown, "4");
  assert.equal(model.gap, false);
  assert.equal(reduce.patch(model, { n: 2, course: "c", seq: 11 }, never).gap, true);
  assert.equal(reduce.patch(model, { n: 3, course: "c", seq: 10, reload: true }, never).gap, true);
  assert.equal(reduce.patch(model, { n: 4, course: "other", seq: 99 }, never), model);
});

test("a stale cell shows both values, a refusal keeps what was typed", () => {
  let model = reduce.type(reduce.open(sheet(), new Map()), [[0, 0, "5"], [1, 0, "4"]]);
  model = reduce.patch(model, { n: 1, course: "c", seq: 0, op: "x", refused: [["a", "w1", "stale", "почему", "3", 2, "Кто"], ["b", "w1", "bad", "нет", "", 0, ""]] }, never);
  const [stale, bad] = [model.rows[0].cells[0], model.rows[1].cells[0]];
  assert.deepEqual([stale.state, stale.shown, stale.theirs, stale.version], ["conflict", "5", { value: "3", who: "Кто" }, 2]);
  assert.deepEqual([bad.state, bad.shown, bad.why], ["refused", "4", "нет"]);
  assert.equal(reduce.restore(model, 0, 0).rows[0].cells[0].shown, "3");
});

test("a question keeps what stands there, whatever becomes of that, until it is answered", () => {
  let model = reduce.ask(reduce.open(sheet([[0, 0, "н", 3]]), new Map()), 0, 0, "5", "почему");
  assert.deepEqual([model.rows[0].cells[0].shown, model.rows[0].cells[0].asked, model.rows[0].cells[0].state], ["н", "5", "ask"]);
  model = reduce.patch(model, { n: 1, course: "c", seq: 2, by: "Кто", cells: [["a", "w1", "б", 4]] }, never);
  assert.deepEqual([model.rows[0].cells[0].shown, model.rows[0].cells[0].version, model.rows[0].cells[0].state], ["б", 4, "ask"]);
  assert.equal(reduce.restore(model, 0, 0).rows[0].cells[0].state, "rest");
  assert.deepEqual([reduce.type(model, [[0, 0, "5"]]).rows[0].cells[0].asked, reduce.inState(model, "ask").length], ["", 1]);
});

test("patches in any order and number end like a fresh sheet", () => {
  let seed = 7;
  const random = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; };
  for (let round = 0; round < 200; round += 1) {
    const truth = new Map(), patches = [];
    for (let seq = 2; seq < 12; seq += 1) {
      const student = "ab"[random(2)], value = VALUES[random(4)], version = (truth.get(student)?.[1] ?? 0) + 1;
      truth.set(student, [value, version]);
      patches.push({ n: seq, course: "c", seq, by: "Кто", cells: [[student, "w1", value, version, 0, ""]] });
    }
    patches.push(...patches.filter(() => random(3) === 0));
    patches.sort(() => random(3) - 1);
    let model = reduce.open(sheet(), new Map());
    for (const patch of patches) model = reduce.patch(model, patch, never);
    for (const [student, [value, version]] of truth) {
      const cell = model.rows[student === "a" ? 0 : 1].cells[0];
      assert.deepEqual([cell.shown, cell.version], [value, version]);
    }
  }
});

class Storage {
  constructor() { this.map = new Map(); }
  get length() { return this.map.size; }
  key(i) { return [...this.map.keys()][i]; }
  getItem(name) { return this.map.get(name) ?? null; }
  setItem(name, value) { this.map.set(name, String(value)); }
  removeItem(name) { this.map.delete(name); }
}

function queueOver(storage = new Storage(), account = "me") {
  let uid = 0;
  return new Queue(() => `op${Math.random().toString(36).slice(2, 6)}${(uid += 1)}`, openStore(storage, account));
}

test("one event is on the way at a time; what is typed meanwhile goes with the next", () => {
  const queue = queueOver();
  queue.put("c", [["a", "w1", "5", 0]], 0);
  const [first, ...none] = queue.take(0);
  assert.equal(none.length, 0);
  queue.put("c", [["b", "w1", "4", 0]], 10);
  queue.put("c", [["c", "w1", "3", 0]], 20);
  assert.deepEqual(queue.take(30), []);
  assert.equal(queue.answered({ op: first.uid, cells: [["a", "w1", "5", 1, 0, ""]] }, 40), first);
  assert.equal(queue.take(40).length, 2);
});

test("an event carries at most 50 operations and 500 cells; a larger block is several operations", () => {
  const queue = queueOver();
  for (let i = 0; i < 60; i += 1) queue.put("c", [[`s${i}`, "w1", "5", 0]], i);
  assert.equal(queue.take(100).length, 50);
  const many = queueOver();
  many.put("c", Array.from({ length: 1200 }, (_, i) => [`s${i}`, "w1", "5", 0]), 0);
  assert.deepEqual([...many.operations.values()].map((operation) => operation.cells.length), [500, 500, 200]);
  assert.equal(many.take(1).length, 1);
});

test("on leaving, what was typed over a value on its way goes too, with the version that value will have", () => {
  const storage = new Storage(), queue = queueOver(storage);
  queue.put("c", [["a", "w1", "5", 3]], 0);
  queue.take(0);
  queue.put("c", [["a", "w1", "4", 3]], 1);
  queue.hasten(2);
  assert.deepEqual(queue.first().map(({ cells }) => cells), [[["a", "w1", "5", 3]], [["a", "w1", "4", 4]]]);
  assert.equal(queue.waiting.size, 0);
});

test("a lost answer is asked again under the same uid, each time after twice as long", () => {
  const queue = queueOver();
  const made = there(queue.put("c", [["a", "w1", "5", 0]], 0));
  assert.deepEqual(queue.take(0), [made]);
  assert.equal(queue.take(1999).length, 0);
  assert.equal(queue.take(2000)[0].uid, made.uid);
  assert.equal(queue.take(5999).length, 0);
  assert.equal(queue.take(6000)[0], made);
  assert.equal(queue.answered({ op: made.uid, cells: [["a", "w1", "5", 1, 0, ""]] }, 6001), made);
  assert.equal(queue.answered({ op: made.uid }, 6002), null);
  assert.equal(queue.size, 0);
});

test("the next value of a cell waits for the answer and goes with its version; only the last one is kept", () => {
  const queue = queueOver();
  const first = there(queue.put("c", [["a", "w1", "5", 0]], 0));
  queue.take(0);
  assert.equal(queue.put("c", [["a", "w1", "4", 0]], 1), null);
  assert.equal(queue.put("c", [["a", "w1", "3", 0]], 2), null);
  assert.equal(queue.pending().get("a:w1"), "3");
  queue.answered({ op: first.uid, cells: [["a", "w1", "5", 7, 0, ""]] }, 3);
  assert.deepEqual(queue.take(3)[0].cells, [["a", "w1", "3", 7]]);
  assert.equal(queue.busy("a", "w1"), true);
});

test("what was typed over a value that somebody else changed meanwhile is never written silently", () => {
  const queue = queueOver();
  const first = there(queue.put("c", [["a", "w1", "5", 0]], 0));
  queue.take(0);
  queue.put("c", [["a", "w1", "4", 0]], 1);
  queue.answered({ op: first.uid, cells: [["a", "w1", "2", 2, 0, ""]] }, 3); // ours was version 1, somebody wrote 2 over it
  assert.deepEqual(queue.take(3)[0].cells, [["a", "w1", "4", 1]]);
});

test("an answer leaves out what its operation knows, and the grid puts it back", () => {
  const queue = queueOver();
  const first = there(queue.put("c", [["a", "w1", "5", 0], ["b", "w1", "4", 3]], 0));
  const answer = { seq: 7, op: first.uid, own: [["5", 1], ["4", 4, 2]], means: [["5,00", 1], ["4,00", 2]] };
  const { course, cells } = completed(answer, first);
  assert.deepEqual([course, cells], ["c", [["a", "w1", "5", 1], ["b", "w1", "4", 4, 2]]]);
  queue.take(0);
  queue.put("c", [["b", "w1", "3", 3]], 1);
  queue.answered(answer, 2);
  assert.deepEqual(queue.take(2)[0].cells, [["b", "w1", "3", 4]]);
});

test("a reload finds everything that was not answered, and only that", () => {
  const storage = new Storage(), before = queueOver(storage);
  const answered = there(before.put("c", [["x", "w1", "5", 0]], 0));
  const lost = there(before.put("c", [["a", "w1", "5", 0], ["b", "w1", "н", 2, "за чтение"]], 1));
  before.take(1);
  before.answered({ op: answered.uid, cells: [["x", "w1", "5", 1, 0, ""]] }, 2);
  before.put("c", [["a", "w1", "4", 0]], 3);
  assert.equal(waitingCells(storage, "me"), 3);
  assert.equal(waitingCells(storage, "other"), 0);
  const after = queueOver(storage);
  after.revive(10);
  assert.deepEqual(after.take(10).map(({ uid, course, cells }) => [uid, course, cells]), [[lost.uid, "c", lost.cells]]);
  after.answered({ op: lost.uid, cells: [["a", "w1", "5", 1, 0, ""], ["b", "w1", "н", 3, 0, ""]] }, 11);
  assert.deepEqual(after.take(11)[0].cells, [["a", "w1", "4", 1]]);
  after.answered({ op: [...after.operations.keys()][0], cells: [["a", "w1", "4", 2, 0, ""]] }, 12);
  assert.equal(storage.length, 0);
});

test("a waiting value whose operation is gone asks with a version that cannot overwrite", () => {
  const storage = new Storage();
  openStore(storage, "me").keepWaiting({ course: "c", student: "a", work: "w1", text: "4" });
  const queue = queueOver(storage);
  queue.revive(0);
  assert.deepEqual(queue.take(0)[0].cells, [["a", "w1", "4", 0]]);
});

test("a value in conflict is asked again after a reload until it is decided", () => {
  const storage = new Storage(), store = openStore(storage, "me");
  store.park("p1", { course: "c", cells: [["a", "w1", "5", 1]], at: 0 });
  const queue = queueOver(storage);
  queue.revive(0);
  assert.equal(queue.take(0)[0].uid, "p1");
  store.unpark("a:w1");
  assert.equal(storage.length, 0);
});

test("what is written nowhere is shown again until it is decided", () => {
  const storage = new Storage(), store = openStore(storage, "me");
  store.keepUnwritten({ course: "c", student: "a", work: "w1", text: "5", why: "" });
  store.keepUnwritten({ course: "c", student: "a", work: "w1", text: "4", why: "" });
  assert.deepEqual(store.unwritten().map(({ text }) => text), ["4"]);
  assert.equal(waitingCells(storage, "me"), 0);
  store.dropUnwritten("a:w1");
  assert.equal(storage.length, 0);
});

test("a storage that refuses or holds nonsense breaks nothing", () => {
  const storage = new Storage();
  storage.setItem("ais:me:op:x", "{broken");
  storage.setItem = () => { throw new Error("full"); };
  const queue = queueOver(storage);
  assert.equal(queue.revive(0), 0);
  queue.put("c", [["a", "w1", "5", 0]], 0);
  assert.equal(queue.take(0).length, 1);
});

test("undo goes back fifty steps and forth again; a new step forgets what was undone", () => {
  const steps = new Steps();
  const step = (text) => [{ student: "a", work: "w1", before: { text: "", comment: "" }, after: { text, comment: "" } }];
  for (let i = 0; i < 60; i += 1) steps.push(step(String(i)));
  let count = 0;
  while (steps.undo()) count += 1;
  assert.equal(count, 50);
  assert.deepEqual(steps.redo(), [{ student: "a", work: "w1", expect: "", text: "10", comment: undefined }]);
  steps.push(step("5"));
  assert.equal(steps.redo(), null);
  assert.deepEqual(steps.undo()[0].expect, "5");
});

test("a comment comes back with its mark", () => {
  const steps = new Steps();
  steps.push([{ student: "a", work: "w1", before: { text: "5", comment: "за чтение" }, after: { text: "", comment: "" } }]);
  assert.deepEqual(steps.undo()[0], { student: "a", work: "w1", expect: "", text: "5", comment: "за чтение" });
});

test("what is copied is what a spreadsheet pastes back", () => {
  const rows = [["5", "н"], ["4/5", ""]];
  assert.deepEqual(parseBlock(spellBlock(rows)), rows);
  assert.deepEqual(parseBlock(spellBlock([['a "b"\n', "x"]])), [['a "b"\n', "x"]]);
});

test("keys of the second half: undo, fill, find, help, whole column, ranges", () => {
  const meaning = (over) => intention(key(over))?.type;
  assert.equal(meaning({ key: "я", code: "KeyZ", ctrlKey: true }), "undo");
  assert.equal(meaning({ key: "z", code: "KeyZ", ctrlKey: true, shiftKey: true }), "redo");
  assert.equal(meaning({ key: "н", code: "KeyY", ctrlKey: true }), "redo");
  assert.equal(meaning({ key: "Enter", ctrlKey: true }), "fill");
  assert.equal(meaning({ key: "?", code: "Digit7", shiftKey: true }), "help");
  assert.equal(meaning({ key: ",", code: "Slash", shiftKey: true }), "help");
  assert.equal(meaning({ key: "ArrowDown", shiftKey: true }), "extend");
  assert.deepEqual(intention(key({ key: "Н", code: "KeyY", shiftKey: true })), { type: "column", value: "н" });
  assert.deepEqual(intention(key({ key: "П", code: "KeyG", shiftKey: true })), { type: "column", value: "" });
  for (const [name, type] of [["F2", "comment"], ["F3", "find"], ["F4", "panel"]]) assert.equal(meaning({ key: name }), type);
  assert.equal(meaning({ key: "а", code: "KeyF", ctrlKey: true }), "find");
});

test("operation uids are 16 letters of base32", () => {
  assert.match(makeUid(), /^[a-z2-7]{16}$/);
  assert.equal(new Set(Array.from({ length: 100 }, () => makeUid())).size, 100);
});

const opening = (over) => ({ until: 1000, about: "23 ноября открыто", student: "", columns: [1], may: true, ...over });
const lockedSheet = (...openings) => ({ ...sheet([[1, 1, "4", 2]]), outside: [], openings });

test("what an opening lets be written is open until its moment, and shut again by itself", () => {
  const before = reduce.open(lockedSheet(opening()), new Map(), 999);
  assert.deepEqual([before.columns[1].state, before.columns[1].why, before.columns[1].opened, before.closes], ["open", "", "23 ноября открыто", 1000]);
  assert.deepEqual(before.rows.map((row) => row.cells[1].state), ["rest", "rest"]);
  const typed = reduce.type(before, [[0, 1, "5"]]), after = reduce.unlock(typed, 1000);
  assert.deepEqual([after.columns[1].state, after.columns[1].why, after.columns[1].opened, after.closes], ["locked", "поздно", "", null]);
  assert.deepEqual(after.rows.map((row) => row.cells[1].state), ["saving", "locked"], "what is on its way waits for its answer");
  const refused = reduce.patch(after, { n: 1, course: "c", seq: 0, op: "x", refused: [["a", "w1", "locked", "позже", "", 0, ""], ["a", "w2", "locked", "позже", "", 0, ""]] }, never);
  assert.deepEqual([refused.rows[0].cells[1].state, refused.rows[0].cells[1].shown, refused.rows[0].cells[1].why], ["refused", "5", "позже"]);
  assert.equal(reduce.restore(refused, 0, 1).rows[0].cells[1].state, "locked");
});

test("an opening of one student opens that student's cell alone", () => {
  const model = reduce.open(lockedSheet(opening({ student: "a" })), new Map(), 1);
  assert.deepEqual([model.columns[1].state, model.columns[1].why], ["locked", "поздно"]);
  assert.deepEqual(model.rows.map((row) => [row.cells[1].state, row.cells[1].opened]), [["rest", "23 ноября открыто"], ["locked", ""]]);
  assert.deepEqual(reduce.unlock(model, 1000).rows.map((row) => row.cells[1].state), ["locked", "locked"]);
});

test("who may not write sees that it is open, and stays shut out", () => {
  const model = reduce.open(lockedSheet(opening({ may: false }), opening({ may: false, student: "a" })), new Map(), 1);
  assert.deepEqual([model.columns[1].state, model.columns[1].opened], ["locked", "23 ноября открыто"]);
  assert.deepEqual(model.rows.map((row) => row.cells[1].state), ["locked", "locked"]);
});

test("of several openings each ends at its own moment, in whatever order the clock is asked", () => {
  let seed = 3;
  const random = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; };
  for (let round = 0; round < 200; round += 1) {
    const openings = Array.from({ length: 1 + random(4) }, () => opening({ until: 1 + random(20), columns: random(2) ? [0, 1] : [1], student: ["", "a", "b"][random(3)], may: random(4) > 0 }));
    let model = reduce.open(lockedSheet(...openings), new Map(), random(20));
    for (let now = 0; now < 22; now += 1 + random(3)) {
      model = reduce.unlock(model, now);
      const lets = (student, c) => openings.some((one) => one.may && one.until > now && one.columns.includes(c) && (!one.student || one.student === student));
      for (const [r, id] of [[0, "a"], [1, "b"]]) {
        assert.equal(model.rows[r].cells[1].state, lets(id, 1) ? "rest" : "locked");
        assert.equal(model.rows[r].cells[0].state, "rest", "what is open anyway stays open");
      }
    }
  }
});

test("columns of one day have names of their own", () => {
  /** @type {(date: string, lesson: string, number: number, nth: number) => import("../../ais_app/journal/grid/table/reducer.js").Column} */
  const column = (date, lesson, number, nth) => ({ id: `${lesson}${nth}`, date, lesson, number, nth, day: date.slice(8), weekday: "", month: "", state: "open", why: "" });
  const columns = [column("2026-11-25", "a", 1, 1), column("2026-11-26", "b", 1, 1), column("2026-11-26", "b", 1, 2), column("2026-11-26", "c", 7, 1), column("2026-11-27", "d", 0, 1), column("2026-11-27", "d", 0, 2)];
  assert.deepEqual(columns.map((_column, c) => reduce.placeInDay(columns, c)), ["", "·1.1", "·1.2", "·7", "·1", "·2"]);
  for (const day of ["2026-11-26", "2026-11-27"]) {
    const names = columns.flatMap((one, c) => (one.date === day ? [reduce.placeInDay(columns, c)] : []));
    assert.equal(new Set(names).size, names.length);
  }
});
