// An older mark is changed with a reason: what the queue, the model and the undo know of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Queue, spelled } from "../../ais_app/journal/grid/table/queue.js";
import { openStore } from "../../ais_app/journal/grid/table/store.js";
import { Steps } from "../../ais_app/journal/grid/table/undo.js";
import * as reduce from "../../ais_app/journal/grid/table/reducer.js";

function memory() {
  const kept = new Map();
  return { get length() { return kept.size; }, key: (i) => [...kept.keys()][i], getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) };
}
let made = 0;
const queueOver = (storage) => new Queue(() => `u${(made += 1)}`, openStore(storage, "account"));

function sheet(value = "5") {
  const column = { id: "w", lesson: "l", nth: 1, date: "2026-11-23", day: "23", state: "open", why: "" };
  return {
    course: "c", period: "p", seq: 1, may: { marks: true }, values: ["5", "4", "3", "2"], codes: ["н", "о"], caption: "", students: [["a", "А", ""]],
    columns: [Object.keys(column), Object.values(column)], cells: [[0, 0, value, 1]], plain: [{}], outside: [], means: [["", 0]],
  };
}

test("a reason travels with its operation, survives a reload, and others have none", () => {
  const storage = memory(), queue = queueOver(storage);
  queue.put("c", [["a", "w", "3", 1]], 1, "перепутаны");
  queue.put("c", [["b", "w", "4", 0]], 2);
  const other = queueOver(storage);
  other.revive(3);
  assert.deepEqual(other.take(3).map((one) => spelled(one).slice(1)), [["c", [["a", "w", "3", 1]], "перепутаны"], ["c", [["b", "w", "4", 0]]]]);
});

test("a cell on its way keeps the reason of what is typed over it", () => {
  const queue = queueOver(memory());
  const first = queue.put("c", [["a", "w", "3", 1], ["b", "w", "3", 1]], 1);
  queue.put("c", [["a", "w", "4", 1]], 2, "причина");
  queue.put("c", [["b", "w", "4", 1]], 2);
  queue.answered({ op: first.uid, cells: [["a", "w", "3", 2], ["b", "w", "3", 2]] }, 3);
  assert.deepEqual(queue.take(3).map((one) => spelled(one).slice(2)), [[[["a", "w", "4", 2]], "причина"], [[["b", "w", "4", 2]]]]);
});

test("what waits when the page is left keeps its reason too", () => {
  const queue = queueOver(memory());
  queue.put("c", [["a", "w", "3", 1]], 1);
  queue.put("c", [["a", "w", "4", 1]], 2, "причина");
  queue.hasten(3);
  assert.deepEqual(queue.first().map((one) => one.reason ?? ""), ["", "причина"]);
});

test("the old mark stands in the cell while the reason is asked, and a new entry or an answer ends the question", () => {
  const opened = reduce.open(sheet(), new Map()), asked = reduce.ask(reduce.type(opened, [[0, 0, "3"]]), 0, 0, "3", "почему", "reason");
  const { shown, state, needs, asked: typed } = asked.rows[0].cells[0];
  assert.deepEqual([shown, state, needs, typed], ["5", "ask", "reason", "3"]);
  assert.equal(reduce.type(asked, [[0, 0, "3"]]).rows[0].cells[0].needs, "");
  assert.equal(reduce.restore(asked, 0, 0).rows[0].cells[0].needs, "");
  assert.equal(reduce.ask(asked, 0, 0, "н", "").rows[0].cells[0].needs, "", "a question of another kind needs none");
});

test("somebody else's change beneath the question is shown and the question stays", () => {
  const asked = reduce.ask(reduce.open(sheet(), new Map()), 0, 0, "3", "почему", "reason");
  const after = reduce.patch(asked, { course: "c", seq: 2, by: "X", cells: [["a", "w", "4", 2]], means: [["", 1]] }, () => false).rows[0].cells[0];
  assert.deepEqual([after.shown, after.version, after.state, after.asked], ["4", 2, "ask", "3"]);
});

test("undo forgets what was not written after all", () => {
  const steps = new Steps(), cell = (student, text) => ({ student, work: "w", before: { text: "5", comment: "" }, after: { text, comment: "" } });
  steps.push([cell("a", "3")]);
  steps.push([cell("a", "4"), cell("b", "4")]);
  steps.forget([["a", "w", "4", 1]]);
  assert.deepEqual(steps.undo().map((one) => one.student), ["b"]);
  steps.forget([["a", "w", "3", 1]]);
  assert.equal(steps.canUndo, false);
});
