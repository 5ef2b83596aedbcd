// The grammar of a cell against its vectors, and typing as a whole: whatever is pressed and whatever happens to the sheet meanwhile,
// a value stands where its key was pressed or is said to be written nowhere (D-49).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { answers, end, hasMark, isBeginning, isMissed, isUnexplained, meet, parseText, press, shorter, whyUnread, withoutAttendance } from "../../ais_app/journal/grid/table/grammar.js";
import * as reduce from "../../ais_app/journal/grid/table/reducer.js";
import * as typing from "../../ais_app/journal/grid/table/typing.js";

const vectors = JSON.parse(readFileSync(new URL("../fixtures/grid_grammar.json", import.meta.url), "utf-8"));
const { grammars } = vectors;

/** Press all of `keys` in a cell, as long as nothing ends the typing. */
function pressed(shown, keys, grammar) {
  let typed = null, found = {};
  for (const sign of keys) {
    found = press(typed, sign, shown, grammar);
    typed = found.wait ?? found.wrong ?? null;
  }
  return found;
}

/** @param {import("../../ais_app/journal/grid/table/grammar.js").Pressed} found */
const plain = ({ rest, ...found }) => (rest ? { ...found, rest } : found);

test("texts are read", () => { for (const [name, text, value] of vectors.read) assert.equal(parseText(text, grammars[name]), value, `${name}: ${text}`); });
test("a value meets what stands in the cell", () => { for (const [name, shown, text, found] of vectors.meet) assert.deepEqual(meet(shown, text, grammars[name]), found, `${name}: ${shown} + ${text}`); });
test("a question can be answered", () => { for (const [name, shown, text, found] of vectors.answers) assert.deepEqual(answers(shown, text, grammars[name]), found, `${name}: ${shown} + ${text}`); });
test("keys are a value, wait, ask or are wrong", () => { for (const [name, shown, keys, found] of vectors.typed) assert.deepEqual(plain(pressed(shown, keys, grammars[name])), found, `${name}: ${shown} + ${keys}`); });
test("what is typed is ended", () => { for (const [name, shown, typed, found] of vectors.ended) assert.deepEqual(end(typed, shown, grammars[name]), found, `${name}: ${shown} + ${typed}`); });

test("a letter less, and what is left may be a beginning again", () => {
  assert.equal(shorter("о155"), "о15");
  assert.equal(shorter("о"), null);
  assert.deepEqual(["о15", "5/", "н/", "о155", "7", "он"].map((text) => isBeginning(text, grammars.graded)), [true, true, true, false, false, false]);
});

test("attendance is told from marks", () => {
  assert.deepEqual(["н/5", "о15/4", "б", "5", "осв", ""].map(withoutAttendance), ["5", "4", "", "5", "осв", ""]);
  assert.deepEqual(["н", "н/5", "б", "у/4", "о15", "незач", "5", ""].map(isMissed), [true, true, true, true, false, false, false, false]);
  assert.deepEqual(["н", "н/5", "б", "о", "незач", ""].map(isUnexplained), [true, true, false, false, false, false]);
});

test("a comment belongs to a mark, and being late is none", () => {
  assert.deepEqual(["5", "н/5", "о15/4", "зач", "незач", "осв", "о15", "о", "н", "б", ""].map(hasMark), [true, true, true, true, true, true, false, false, false, false, false]);
});

test("reasons belong to somebody else", () => {
  const teacher = { values: ["5", "4"], codes: ["н", "о", "осв"], both: true }, leader = { ...teacher, codes: ["н", "о", "б", "у", "осв"] };
  for (const text of ["б", "у", " Б ", "4/б", "у/5"]) assert.equal(whyUnread(text, teacher), "reason", text);
  for (const text of ["бб", "7", "ну", ""]) assert.equal(whyUnread(text, teacher), "bad", text);
  assert.equal(whyUnread("б", leader), "bad");
});

test("a day is written in one way", () => {
  assert.equal(reduce.shortDate({ date: "2026-11-04" }), "04.11");
});

// ---- typing as a whole

const STUDENTS = ["a", "b", "c", "d"], COURSES = ["x", "y"], PERIODS = ["p1", "p2"];

/** A sheet as the server sends it: the students in `students`, a column for each of `works`. */
function sheetOf({ course, period, students, works, truth }) {
  const names = ["id", "lesson", "nth", "state", "why", "day", "date"];
  const key = (student, work) => truth.get(`${course}:${student}:${work}`) ?? "";
  return {
    course, period, seq: 1, may: { marks: true }, ...grammars.graded,
    students: students.map((id) => [id, id.toUpperCase(), ""]),
    columns: [names, ...works.map((work) => [work, `l-${work}`, 1, "open", "", "1", "2026-11-01"])],
    cells: students.flatMap((student, r) => works.map((work, c) => [r, c, key(student, work), 1])).filter(([, , text]) => text),
    plain: students.map(() => ({})), outside: [], means: students.map(() => ["", 0]),
  };
}

/** The grid without a screen: the same pure parts in the same order as table.jsx puts them. */
class Grid {
  constructor() {
    this.truth = new Map(); // "course:student:work" -> text: what the queue has taken
    this.written = [];
    this.said = []; // what is shown as not written: {course, student, work, text} or a sentence
    this.place = { course: "x", period: "p1", students: [...STUDENTS], works: ["w1", "w2", "w3"] };
    this.model = reduce.open(sheetOf({ ...this.place, truth: this.truth }), new Map());
    /** @type {typing.Typing} */
    this.state = { ...typing.nothing, active: typing.nameOf(this.model, [0, 0]) };
    this.expected = []; // keys that ended in a value or not: [course, student, work] that was active at each key
  }

  apply({ state, effects }) {
    this.state = state;
    for (const effect of effects) {
      if (effect.say !== undefined) { this.said.push({ sentence: effect.say, text: effect.text }); continue; }
      const place = typing.positionOf(this.model, effect);
      assert.ok(place);
      const [r, c] = place, name = { course: this.model.course, student: effect.student, work: effect.work };
      if (effect.write !== undefined) {
        this.model = reduce.type(this.model, [[r, c, effect.write]]);
        this.truth.set(`${name.course}:${name.student}:${name.work}`, effect.write);
        this.written.push({ ...name, text: effect.write });
      } else {
        const text = effect.ask ?? effect.wrong;
        this.model = effect.ask ? reduce.ask(this.model, r, c, text, "?") : reduce.refuse(this.model, r, c, text, "?");
        this.said.push({ ...name, text });
      }
    }
  }

  /** A key; returns what it led to: {written, said}. */
  key(sign) {
    this.written = [];
    const before = this.said.length;
    this.apply(typing.letter(this.state, this.model, sign, () => "", [1, 0]));
    return { written: this.written, said: this.said.slice(before) };
  }

  step(work) {
    this.written = [];
    const before = this.said.length;
    work();
    return { written: this.written, said: this.said.slice(before) };
  }

  move(dr, dc) { return this.step(() => { const [r, c] = typing.positionOf(this.model, this.state.active) ?? [0, 0]; this.apply(typing.go(this.state, this.model, r + dr, c + dc)); }); }

  /** The sheet comes anew, changed: the same place (rows and columns come, go, move) or another one. */
  sheet(change) {
    return this.step(() => {
      const next = { ...this.place, ...change }, other = next.course !== this.place.course || next.period !== this.place.period;
      if (other) this.apply(typing.finish(this.state, this.model)); // use_journal.js: settle, before the sheet changes
      this.place = next;
      this.model = reduce.open(sheetOf({ ...next, truth: this.truth }), new Map());
      if (other) this.state = { ...typing.nothing, active: this.model.rows.length && this.model.columns.length ? typing.nameOf(this.model, [0, 0]) : null };
      else this.apply(typing.follow(this.state, this.model));
    });
  }
}

/** Small repeatable chance. */
function chance(seed) {
  let state = seed >>> 0;
  return (n) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor((state / 4294967296) * n); };
}

const shuffled = (list, random) => list.map((one) => [random(1000), one]).sort((a, b) => a[0] - b[0]).map(([, one]) => one);
const KEYS = [..."5432нос/1590з-йq5н4о15"];

for (const rounds of [3000]) test(`${rounds} histories: each value stands in the cell that was active when its keys were pressed, or is said`, () => {
  for (let round = 0; round < rounds; round += 1) {
    const random = chance(round * 7919 + 1), grid = new Grid();
    /** @type {string | null} */
    let holder = null;
    let typed = ""; // the cell in which typing began, and what was typed there since
    const check = ({ written, said }, what) => {
      for (const one of written) {
        const place = `${one.course}:${one.student}:${one.work}`;
        assert.equal(place, holder, `round ${round}: ${what} wrote ${one.text} to ${place}, typed at ${holder}`);
        for (const sign of typed.replace(/[^0-9]/g, "")) assert.ok(one.text.includes(sign), `round ${round}: ${typed} became ${one.text}`);
      }
      for (const one of said) if (one.student) assert.equal(`${one.course}:${one.student}:${one.work}`, holder, `round ${round}: ${what} said at another cell`);
      if (written.length + said.length === 0) return;
      if (!grid.state.typed) { holder = null; typed = ""; }
    };
    for (let step = 0; step < 40; step += 1) {
      const roll = random(100);
      if (roll < 62) {
        const sign = KEYS[random(KEYS.length)], before = grid.state;
        // «/» goes back to the cell just written: its key is pressed there
        const at = before.typed ?? (sign === "/" && before.last && typing.positionOf(grid.model, before.last) ? before.last : before.active);
        if (!at) continue;
        if (!before.typed) { holder = `${grid.model.course}:${at.student}:${at.work}`; typed = ""; }
        typed += sign;
        const swallowed = !before.typed && before.last?.rest.startsWith(sign);
        const found = grid.key(sign);
        check(found, `key ${sign}`);
        if (!swallowed) assert.ok(found.written.length || found.said.length || grid.state.typed, `round ${round}: ${sign} went nowhere`);
      } else if (roll < 78) {
        const pending = grid.state.typed, found = grid.move(random(3) - 1, random(3) - 1);
        check(found, "move");
        if (pending && !pending.text.endsWith("/") ) {
          const shown = grid.truth.get(holder ?? `${grid.model.course}:${pending.student}:${pending.work}`) ?? "";
          assert.ok(found.written.length || found.said.length || shown === pending.text || end(pending.text, shown, grammars.graded).nothing, `round ${round}: ${pending.text} was lost by a move`);
        }
        holder = null; typed = "";
      } else {
        const pending = grid.state.typed;
        const change = roll < 88
          ? { students: shuffled(STUDENTS, random).slice(0, 1 + random(4)), works: shuffled(["w1", "w2", "w3", "w4", "w5"], random).slice(0, 1 + random(5)) }
          : roll < 94 ? { period: PERIODS[random(2)], works: [`v${random(3)}`, "w9"] } : roll < 97 ? { course: COURSES[random(2)] } : {};
        const active = grid.state.active, kept = grid.place, found = grid.sheet(change);
        const same = grid.place.course === kept.course && grid.place.period === kept.period;
        check(found, "sheet");
        if (pending && same && typing.positionOf(grid.model, pending)) assert.deepEqual(grid.state.typed, pending, "what is typed stays with its cell");
        else if (pending && !pending.text.endsWith("/")) {
          const stands = grid.truth.get(holder ?? `${kept.course}:${pending.student}:${pending.work}`) ?? "";
          assert.ok(found.written.length || found.said.length || end(pending.text, stands, grammars.graded).nothing, `round ${round}: ${pending.text} was lost by a sheet`);
        }
        if (same && active && typing.positionOf(grid.model, active)) assert.deepEqual(grid.state.active, active, "the cursor stays with its cell");
        if (!grid.state.typed) { holder = null; typed = ""; }
      }
    }
  }
});

test("a lesson typed blindly: every value in its own cell", () => {
  const grid = new Grid();
  grid.place.students = ["a", "b", "c", "d", "e", "f", "g", "h"];
  grid.sheet({});
  for (const sign of "54н53нн4") grid.key(sign);
  assert.deepEqual(grid.place.students.map((student) => grid.truth.get(`x:${student}:w1`)), [..."54н53нн4"]);
});

test("«/» adds to the cell just written; a move forgets it", () => {
  const grid = new Grid();
  for (const sign of "5/4") grid.key(sign);
  assert.equal(grid.truth.get("x:a:w1"), "5/4");
  assert.equal(grid.state.active?.student, "b");
  grid.key("3");
  grid.move(0, 1);
  assert.deepEqual(grid.key("/").said, [{ sentence: "nothingToAdd", text: undefined }]);
});

test("the rest of a word that was understood already means nothing", () => {
  const grid = new Grid();
  for (const sign of "осв5") grid.key(sign);
  assert.deepEqual(["a", "b"].map((student) => grid.truth.get(`x:${student}:w1`)), ["осв", "5"]);
});

test("what is half typed goes with its row, and is said when the row goes", () => {
  const grid = new Grid();
  for (const sign of "о1") grid.key(sign);
  grid.sheet({ students: ["d", "c", "b", "a"], works: ["w0", "w1"] });
  assert.deepEqual(typing.positionOf(grid.model, grid.state.active), [3, 1]);
  grid.key("5");
  assert.deepEqual(grid.sheet({ students: ["b", "c"] }).said, [{ sentence: "lost", text: "о15" }]);
  assert.equal(grid.state.typed, null);
});
