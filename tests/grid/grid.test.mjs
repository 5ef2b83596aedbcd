// Pure parts of the grid: keys, the model, the queue.
import assert from "node:assert/strict";
import { test } from "node:test";
import { intention, mayGoOn, parseBlock, parseText } from "../../ais_app/web/grid/keys.js";
import { Queue, makeUid } from "../../ais_app/web/grid/queue.js";
import * as reduce from "../../ais_app/web/grid/reducer.js";

const VALUES = ["5", "4", "3", "2"], CODES = ["н", "о", "осв", "зач", "незач"];
const parse = (text) => parseText(text, VALUES, CODES);
const key = (over) => ({ key: "", code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...over });

test("marks and codes are read, nonsense is not", () => {
  for (const [text, value] of [["5", "5"], [" 5 ", "5"], ["5/4", "5/4"], ["Н", "н"], ["о15", "о15"], ["н/4", "н/4"], ["ОСВ", "осв"], ["", ""], ["５", "5"]])
    assert.equal(parse(text), value, text);
  for (const text of ["7", "1", "б", "5 4", "н/н", "5/4/3/2", "о99", "NaN", "x".repeat(30)]) assert.equal(parse(text), null, text);
  assert.equal(parseText("1", [...VALUES, "1"], CODES), "1");
  assert.equal(parseText("б", VALUES, [...CODES, "б"]), "б");
});

test("a letter counts in either keyboard layout", () => {
  for (const event of [key({ key: "н", code: "KeyY" }), key({ key: "y", code: "KeyY" }), key({ key: "Y", code: "KeyY", shiftKey: true })])
    assert.deepEqual(intention(event), { type: "letter", letter: "н" });
  assert.deepEqual(intention(key({ key: "5", code: "Numpad5" })), { type: "letter", letter: "5" });
  assert.deepEqual(intention(key({ key: ".", code: "Slash" })), { type: "letter", letter: "/" });
  assert.equal(intention(key({ key: "n", code: "KeyN" })), null);
});

test("keys that belong to the browser are left to it", () => {
  for (const name of ["c", "v", "r"]) assert.equal(intention(key({ key: name, code: `Key${name.toUpperCase()}`, ctrlKey: true })), null);
  assert.deepEqual(intention(key({ key: "Enter", shiftKey: true })), { type: "move", by: [-1, 0], commit: true });
  assert.deepEqual(intention(key({ key: "Home", ctrlKey: true })), { type: "corner", at: "first" });
});

test("a value that can go on waits for the next letter", () => {
  assert.equal(mayGoOn("5", VALUES, CODES), false);
  assert.equal(mayGoOn("5/", VALUES, CODES), true);
  assert.equal(mayGoOn("о", VALUES, CODES), true);
  assert.equal(mayGoOn("ос", VALUES, CODES), true);
  assert.equal(mayGoOn("осв", VALUES, CODES), false);
});

test("a pasted block keeps its shape", () => {
  assert.deepEqual(parseBlock("5\t4\r\n3\t\r\n"), [["5", "4"], ["3", ""]]);
  assert.deepEqual(parseBlock('"5\n4"\t"a ""b"""'), [["5\n4", 'a "b"']]);
  assert.deepEqual(parseBlock("5"), [["5"]]);
});

function sheet(cells = [], seq = 1) {
  const column = (id, over = {}) => ({ id, lesson: `l-${id}`, nth: 1, date: "2026-11-23", day: "23", weekday: "пн", month: "Ноябрь", state: "open", why: "", ...over });
  return {
    course: "c", period: "p", seq, may: { marks: true }, values: VALUES, codes: CODES, caption: "",
    students: [["a", "А", ""], ["b", "Б", ""]], columns: [column("w1"), column("w2", { state: "locked", why: "поздно" })],
    cells, outside: [[1, 1]], means: [["", 0], ["", 0]],
  };
}
const never = () => false;

test("what is typed stands at once and is confirmed by its answer", () => {
  let model = reduce.type(reduce.open(sheet(), new Map()), [[0, 0, "5"]]);
  assert.equal(model.rows[0].cells[0].shown, "5");
  assert.equal(model.rows[0].cells[0].state, "saving");
  model = reduce.patch(model, { n: 1, course: "c", seq: 2, op: "x", cells: [["a", "w1", "5", 1, 0, ""]], means: [["a", "5,00", 1]] }, never);
  assert.deepEqual([model.rows[0].cells[0].state, model.rows[0].mean, model.seq, model.gap], ["rest", "5,00", 2, false]);
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
    for (const patch of [...patches]) if (random(3) === 0) patches.push(patch);
    patches.sort(() => random(3) - 1);
    let model = reduce.open(sheet(), new Map());
    for (const patch of patches) model = reduce.patch(model, patch, never);
    for (const [student, [value, version]] of truth) {
      const cell = model.rows[student === "a" ? 0 : 1].cells[0];
      assert.deepEqual([cell.shown, cell.version], [value, version]);
    }
  }
});

test("a lost answer is asked again under the same uid, each time after twice as long", () => {
  let uid = 0;
  const queue = new Queue(() => `op${(uid += 1)}`);
  const sent = queue.put("c", [["a", "w1", "5", 0]], 0);
  assert.equal(queue.overdue(4999).length, 0);
  assert.equal(queue.overdue(5000)[0], sent);
  assert.equal(queue.overdue(14999).length, 0);
  assert.equal(queue.overdue(15000)[0].uid, sent.uid);
  assert.equal(queue.answered({ op: sent.uid, cells: [["a", "w1", "5", 1, 0, ""]] }, 15001).operation, sent);
  assert.equal(queue.answered({ op: sent.uid }, 15002).operation, null);
  assert.equal(queue.size, 0);
});

test("the next value of a cell waits for the answer and goes with its version; only the last one is kept", () => {
  let uid = 0;
  const queue = new Queue(() => `op${(uid += 1)}`);
  const first = queue.put("c", [["a", "w1", "5", 0]], 0);
  assert.equal(queue.put("c", [["a", "w1", "4", 0]], 1), null);
  assert.equal(queue.put("c", [["a", "w1", "3", 0]], 2), null);
  assert.equal(queue.pending().get("a:w1"), "3");
  const { next } = queue.answered({ op: first.uid, cells: [["a", "w1", "5", 7, 0, ""]] }, 3);
  assert.deepEqual(next.cells, [["a", "w1", "3", 7]]);
  assert.equal(queue.busy("a", "w1"), true);
});

test("operation uids are 16 letters of base32", () => {
  assert.match(makeUid(), /^[a-z2-7]{16}$/);
  assert.equal(new Set(Array.from({ length: 100 }, () => makeUid())).size, 100);
});
