// What the grid knows and does, whatever shows it (table or phone): the model, the queue, undo, who else is here.

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { makeUid } from "../../../web/drafts/uid.js";
import { ABSENT } from "./codes.js";
import { answers, isUnexplained, meet, whyUnread, withoutAttendance } from "./grammar.js";
import { sendLeaving } from "./leaving.js";
import { Queue, cellKey, completed, spelled } from "./queue.js";
import * as reduce from "./reducer.js";
import { openStore } from "./store.js";
import { grammarOf, positionOf, standing } from "./typing.js";
import { Steps } from "./undo.js";

const RESYNC_EVERY = 3000, LATE = 3000, GUEST_STAYS = 90000, TICK = 500, SAID_FOR = 8000, LOOK_AFTER = 200;
const LATER = ["locked", "closed"]; // codes of a refusal: it could have been written before
const NO_STORE = openStore({ length: 0, key() {}, getItem() {}, setItem() {}, removeItem() {} }, "");

/** A text with its `{names}` filled in. */
export function phrase(text, values) {
  return Object.entries(values).reduce((said, [name, value]) => said.replaceAll(`{${name}}`, () => String(value)), text);
}

/** The right plural of a text that came with all its forms. */
export function plural(labels, forms, count) {
  return phrase(forms[new Intl.PluralRules(labels.lang).select(count)] ?? forms.other, { count });
}

/** The server's moment as its school's clock shows it: every time on the page is of one zone (D-6). */
function schoolTime(labels, sheet, skew, spelling) {
  return new Date(Date.now() + skew).toLocaleString(labels.lang, { timeZone: sheet.zone, ...spelling });
}

/**
 * What the page gives the grid: see «The contract of the grid» in docs/architecture.md.
 * @typedef {object} Contract
 * @property {any} sheet
 * @property {any} answer
 * @property {any} patch
 * @property {any} presence
 * @property {boolean} connected
 * @property {any} labels
 * @property {(edit: {ops: any[]}) => void} onEdit
 * @property {(asked: {course: string, seq: number}) => void} onResync
 * @property {(asked: {course: string, student: string, work: string, panel: boolean}) => void} onShowCell
 */

/** @typedef {{student?: string, work?: string, name: string, day: string, text: string, why: string}} LeftOut */
/**
 * What handlers look at, always of this moment. `settle` ends what is half typed.
 * @typedef {Pick<Contract, "labels" | "connected" | "onEdit" | "onResync" | "onShowCell"> & {model: import("./reducer.js").Model,
 *   active: import("./reducer.js").CellName | null, settle: (() => void) | null, skew: number,
 *   heard: {course: string, seq: number} | null}} Now
 */
/** @typedef {ReturnType<typeof useJournal>} Journal */

/** @param {Contract} contract */
export function useJournal({ sheet, answer, patch, presence, connected, labels, onEdit, onResync, onShowCell }) {
  const [model, setModel] = useState(reduce.empty);
  const [message, setMessage] = useState({ text: "", alert: false });
  const [rest, setRest] = useState(/** @type {import("./queue.js").CellEdit[]} */ ([]));
  const [left, setLeft] = useState(/** @type {LeftOut[]} */ ([]));
  const [asking, setAsking] = useState(/** @type {{work: string, names: string[]} | null} */ (null));
  const [guests, setGuests] = useState(new Map());
  const [line, setLine] = useState({ waiting: 0, busy: false, saved: "" });
  const now = useRef(/** @type {Now} */ ({ model: reduce.empty, heard: null, active: null, settle: null, skew: 0, labels, connected, onEdit, onResync, onShowCell })), asked = useRef(0), looking = useRef(0);
  const queue = useMemo(() => new Queue(makeUid, NO_STORE), []);
  const steps = useMemo(() => new Steps(), []);
  Object.assign(now.current, { labels, connected, onEdit, onResync, onShowCell });

  // At once, not when React gets round to it: the next key must already know the version of the answer before it.
  const update = useCallback((change) => {
    now.current.model = change(now.current.model);
    setModel(now.current.model);
  }, []);
  const say = useCallback((text, alert = false) => setMessage({ text, alert }), []);
  useEffect(() => {
    if (!message.text) return undefined;
    const timer = setTimeout(() => setMessage({ text: "", alert: false }), SAID_FOR);
    return () => clearTimeout(timer);
  }, [message]);

  const clock = useCallback((spelling) => schoolTime(now.current.labels, now.current.model.sheet, now.current.skew, spelling), []);

  const pump = useCallback(() => {
    if (!now.current.connected) return;
    const operations = queue.take(Date.now());
    if (operations.length) now.current.onEdit({ ops: operations.map(spelled) });
  }, [queue]);

  /** Show the lesson and history of a cell once it rests: one question for many keys. `atOnce`: somebody goes into the panel. */
  const showCell = useCallback((at, panel, atOnce = panel) => {
    clearTimeout(looking.current);
    const ask = () => {
      const present = now.current.model;
      if (positionOf(present, at) && now.current.connected) now.current.onShowCell({ course: present.course, student: at.student, work: at.work, panel });
    };
    if (atOnce) ask();
    else looking.current = window.setTimeout(ask, LOOK_AFTER);
  }, []);

  // A snapshot: the truth of the server, with what is not confirmed yet still on top. What is half typed belongs to the sheet
  // before: it is ended there first.
  useEffect(() => {
    if (!sheet?.course) return;
    const before = now.current.model;
    if (before.course && (before.course !== sheet.course || before.sheet.period !== sheet.period)) now.current.settle?.();
    if (queue.account !== sheet.account) {
      queue.account = sheet.account;
      queue.store = openStore(window.localStorage, sheet.account);
      queue.revive(Date.now());
    }
    if (before.course !== sheet.course) { steps.past = []; steps.future = []; setGuests(new Map()); }
    if (before.course !== sheet.course || before.sheet.period !== sheet.period) { setAsking(null); setLeft([]); setRest([]); }
    now.current.skew = sheet.now - Date.now();
    update(() => queue.store.unwritten().filter((one) => one.course === sheet.course).reduce((opened, one) => {
      const place = positionOf(opened, one);
      if (!place || opened.rows[place[0]].cells[place[1]].state === "saving") return opened;
      return one.why ? reduce.refuse(opened, ...place, one.text, one.why) : reduce.ask(opened, ...place, one.text, one.needs ? now.current.labels.needsReason : now.current.labels.asks, one.needs);
    }, reduce.open(sheet, queue.pending(), sheet.now)));
    if (before.course === sheet.course) { // read anew: what the panel shows may have changed with it
      const known = reduce.lasting(before, sheet.now).map((one) => one.about), fresh = reduce.lasting(now.current.model, sheet.now).filter((one) => !known.includes(one.about));
      if (fresh.length && before.sheet.period === sheet.period) say(fresh[0].about);
      showCell(now.current.active, false);
    }
    asked.current = 0;
    const { heard } = now.current;
    if (heard && heard.course === sheet.course && heard.seq > sheet.seq) update((old) => ({ ...old, gap: true })); // it was on its way when a patch came
    queue.hurry();
    pump();
  }, [sheet, queue, steps, showCell, pump, say, update]);

  /** Older marks of an operation that was refused: each becomes a question, and what the server takes as it is goes again. */
  const unexplained = useCallback((operation, refused) => {
    const lacking = new Set(refused.filter(([, , code]) => code === "reason").map(([student, work]) => cellKey(student, work)));
    if (!lacking.size) return [];
    const older = operation.cells.filter(([student, work]) => lacking.has(cellKey(student, work)) && !queue.busy(student, work));
    const others = operation.cells.filter(([student, work]) => !lacking.has(cellKey(student, work)));
    for (const [student, work, text] of older) queue.store.keepUnwritten({ course: operation.course, student, work, text, why: "", needs: "reason" });
    steps.forget(older);
    if (lacking.size === refused.length && others.length) queue.put(operation.course, others, Date.now(), operation.reason);
    return older;
  }, [queue, steps]);

  const reasonAsked = useCallback(([student, work, text]) => {
    const { model: present, labels: texts } = now.current, place = positionOf(present, { student, work });
    if (!place) return texts.needsReason;
    const cell = present.rows[place[0]].cells[place[1]];
    return phrase(texts.correctionOf, { name: present.rows[place[0]].name, there: cell.value || texts.empty, value: text || texts.empty });
  }, []);

  const take = useCallback((patched) => {
    const operation = patched.op ? queue.answered(patched, Date.now()) : null;
    const incoming = operation ? completed(patched, operation) : patched;
    const { model: present, labels: texts, heard } = now.current;
    if (!heard || heard.course !== incoming.course || heard.seq < incoming.seq) now.current.heard = { course: incoming.course, seq: incoming.seq };
    const refused = incoming.refused ?? [];
    const accepted = operation && !incoming.error && !refused.length;
    const older = operation ? unexplained(operation, refused) : [];
    if (accepted && queue.size === 0) setLine((old) => ({ ...old, saved: clock({ hour: "2-digit", minute: "2-digit" }) }));
    if (incoming.course !== present.course) {
      if (operation && !accepted) say(phrase(texts.elsewhere, { why: incoming.error || refused[0][3] }), true);
      return;
    }
    let others = [];
    if (operation && !accepted && !(older.length && older.length === refused.length)) {
      const named = new Map(refused.map((one) => [cellKey(one[0], one[1]), one]));
      others = operation.cells.filter(([student, work]) => !named.has(cellKey(student, work)) && !queue.busy(student, work));
      for (const cell of operation.cells)
        if (named.get(cellKey(cell[0], cell[1]))?.[2] === "stale") queue.store.park(makeUid(), { course: operation.course, cells: [cell], at: operation.at, reason: operation.reason });
        else if (LATER.includes(named.get(cellKey(cell[0], cell[1]))?.[2])) // it came too late: kept until the person decides, also over a reload
          queue.store.keepUnwritten({ course: operation.course, student: cell[0], work: cell[1], text: cell[2], why: named.get(cellKey(cell[0], cell[1]))[3] });
    }
    update((old) => older.reduce((changed, [student, work, text]) => {
      const place = positionOf(changed, { student, work });
      return place ? reduce.ask(changed, ...place, text, texts.needsReason, "reason") : changed;
    }, others.reduce((changed, [student, work, text]) => {
      const place = positionOf(changed, { student, work });
      return place ? reduce.refuse(changed, ...place, text, incoming.error || texts.notSent) : changed;
    }, reduce.patch(old, incoming, (student, work) => queue.busy(student, work)))));
    if (incoming.error) say(incoming.error, true);
    else if (older.length) { setRest(others); say(older.length === 1 ? reasonAsked(older[0]) : plural(texts, texts.reasonsAsked, older.length), true); }
    else if (refused.length) { setRest(others); say(refused[0][3], true); }
    else if (!operation && incoming.by && !incoming.mine) say(phrase(texts.changedBy, { who: incoming.by }));
    // What the panel shows has changed: by an own entry in the lesson of the active cell, or by somebody else in that very cell.
    const { active } = now.current, at = positionOf(now.current.model, active), lesson = at && now.current.model.columns[at[1]].lesson;
    const near = (/** @type {import("./queue.js").CellEdit} */ [, work]) => now.current.model.columns[now.current.model.columnOf.get(work) ?? -1]?.lesson === lesson;
    const same = ([student, work]) => student === active?.student && work === active?.work;
    if (lesson && (operation ? operation.cells.some(near) : incoming.cells?.some(same))) showCell(active, false);
  }, [clock, showCell, queue, reasonAsked, say, unexplained, update]);

  // Before the browser draws: it would draw the page without the answer first, and the cell would rest a frame later.
  useLayoutEffect(() => {
    for (const one of answer?.patches ?? []) take(one);
    pump();
  }, [answer, pump, take]);
  useLayoutEffect(() => { if (patch?.n) take(patch); }, [patch, take]);

  useEffect(() => {
    if (!presence?.n || presence.course !== now.current.model.course) return;
    setGuests((old) => new Map(old).set(presence.tab, { ...presence, until: Date.now() + GUEST_STAYS }));
  }, [presence]);

  // A gap in the numbers, or columns that changed: ask for a snapshot, once in a while.
  useEffect(() => {
    if (model.gap && connected && Date.now() - asked.current > RESYNC_EVERY) {
      asked.current = Date.now();
      now.current.onResync({ course: model.course, seq: model.seq });
    }
  }, [model.gap, model.seq, model.course, connected]);

  // The connection is back: what waits goes at once, and what was missed is read anew.
  const wasConnected = useRef(connected);
  useEffect(() => {
    if (connected && !wasConnected.current && now.current.model.course) {
      queue.hurry();
      pump();
      now.current.onResync({ course: now.current.model.course, seq: now.current.model.seq });
    }
    wasConnected.current = connected;
  }, [connected, pump, queue]);

  // An opening ends at its minute by the server's clock; what is half typed goes now, and the server says whether it came in time.
  const shut = useCallback(() => {
    const { closes } = now.current.model, moment = Date.now() + now.current.skew;
    if (closes === null || moment < closes) return;
    now.current.settle?.();
    update((old) => reduce.unlock(old, moment));
    say(now.current.labels.closedAgain, true);
    showCell(now.current.active, false, true);
  }, [showCell, say, update]);

  useEffect(() => {
    const timer = setInterval(() => {
      pump();
      shut();
      const late = queue.oldest !== null && (!now.current.connected || Date.now() - queue.oldest > LATE);
      const waiting = late ? [...queue.pending()].length : 0, busy = queue.size > 0;
      setLine((old) => (old.waiting === waiting && old.busy === busy ? old : { ...old, waiting, busy }));
      setGuests((old) => ([...old.values()].some((guest) => guest.until < Date.now()) ? new Map([...old].filter(([, guest]) => guest.until >= Date.now())) : old));
    }, TICK);
    return () => clearInterval(timer);
  }, [pump, queue, shut]);

  // Every way of leaving: what is half typed is ended before anything else hears of it, and the queue goes by a request that
  // outlives the page, for the socket does not.
  useEffect(() => {
    const settle = () => now.current.settle?.();
    const hide = () => { if (document.visibilityState === "hidden") { settle(); pump(); } };
    const leave = () => {
      settle();
      queue.hasten(Date.now());
      sendLeaving(queue.first(), queue.store);
    };
    window.addEventListener("submit", settle, true); // signing out asks what still waits: it must be in the queue by then
    window.addEventListener("beforeunload", settle);
    window.addEventListener("pagehide", leave);
    document.addEventListener("visibilitychange", hide);
    return () => {
      window.removeEventListener("submit", settle, true);
      window.removeEventListener("beforeunload", settle);
      window.removeEventListener("pagehide", leave);
      document.removeEventListener("visibilitychange", hide);
      clearTimeout(looking.current);
      leave();
    };
  }, [pump, queue]);

  const whyNot = useCallback((r, c) => {
    const { model: present, labels: texts } = now.current;
    if (!present.sheet.may.marks) return texts.readOnly;
    if (present.rows[r].cells[c].outside) return texts.outside;
    return present.columns[c].state === "open" || present.rows[r].cells[c].opened ? "" : present.columns[c].why;
  }, []);

  /** What was not written at a cell is decided, dropped or written over. */
  const decided = useCallback((key) => {
    queue.store.unpark(key);
    queue.store.dropUnwritten(key);
  }, [queue]);

  /** Write cells [[row, column, text, comment?]]: shown at once, sent by the queue, one step of undo. `reason`: why older marks are changed. */
  const write = useCallback((cells, { step = true, reason = "" } = {}) => {
    if (!cells.length) return;
    const present = now.current.model;
    const named = cells.map(([r, c, text, comment]) => ({ student: present.rows[r].id, work: present.columns[c].id, cell: present.rows[r].cells[c], text, comment }));
    if (step) steps.push(named.map(({ student, work, cell, text, comment }) => ({
      student, work,
      before: { text: standing(cell), comment: cell.comment },
      after: { text, comment: comment ?? (text ? cell.comment : "") },
    })));
    for (const { student, work } of named) decided(cellKey(student, work));
    update((old) => reduce.type(old, cells));
    setRest([]);
    setLine((old) => (old.busy ? old : { ...old, busy: true }));
    queue.put(present.course, named.map(({ student, work, text, cell, comment }) => [student, work, text, cell.version, ...(comment === undefined ? [] : [comment])]), Date.now(), reason);
    pump();
  }, [decided, pump, queue, steps, update]);

  /** Keep in the cell, and on this device, what is written nowhere: a question (`why` empty) or no value at all. */
  const keep = useCallback((r, c, text, why = "") => {
    const present = now.current.model, student = present.rows[r].id, work = present.columns[c].id;
    queue.store.keepUnwritten({ course: present.course, student, work, text, why });
    update((old) => (why ? reduce.refuse(old, r, c, text, why) : reduce.ask(old, r, c, text, now.current.labels.asks)));
  }, [queue, update]);

  /** Show in a cell what was left out of it, and why; for this page only. */
  const mark = useCallback((r, c, text, why) => update((old) => reduce.refuse(old, r, c, text, why)), [update]);

  /** A value meets what stands in the cell; it is not written, and the person is told. */
  const question = useCallback((r, c, text) => {
    keep(r, c, text);
    const { labels: texts, model: present } = now.current;
    say(phrase(texts.asksOf, { name: present.rows[r].name, value: text, there: present.rows[r].cells[c].value }), true);
  }, [keep, say]);

  const strike = useCallback((r, c, text) => {
    const { labels: texts, model: present } = now.current, why = whyUnread(text, grammarOf(present, c));
    keep(r, c, text, phrase(texts[why], { text }));
    say(phrase(texts[`${why}Of`], { name: present.rows[r].name, text }), true);
  }, [keep, say]);

  /**
   * Bring values [[row, column, text]] to their cells by the one rule: written in one operation, asked, or told why not.
   * `whole`: the text is all that the cell shall hold, so nothing meets it.
   */
  const bring = useCallback((values, whole = false) => {
    const present = now.current.model, written = [], closed = [];
    /** @type {[row: number, column: number, text: string][]} */
    const questions = [];
    for (const [r, c, text] of values) {
      const shown = standing(present.rows[r].cells[c]), why = whyNot(r, c);
      if (text === shown) continue;
      if (why) { closed.push([r, c, text, why]); continue; }
      /** @type {import("./grammar.js").Met} */
      const met = whole ? { write: text } : meet(shown, text, grammarOf(present, c));
      if (met.wrong) closed.push([r, c, text, now.current.labels.notTogether]);
      else if (met.ask) questions.push([r, c, text]);
      else if (met.write !== shown) written.push([r, c, met.write]);
    }
    write(written);
    for (const [r, c, text] of questions) keep(r, c, text);
    return { written, questions, closed };
  }, [keep, whyNot, write]);

  /** What a step of undo did, in words. */
  const told = useCallback((step, back) => {
    const { labels: texts, model: present } = now.current, [one] = step;
    if (step.length > 1) return plural(texts, texts.entries, step.length);
    const at = positionOf(present, one), [from, to] = back ? [one.text, one.expect] : [one.expect, one.text];
    if (!at) return plural(texts, texts.entries, 1);
    return phrase(texts.entryOf, { name: present.rows[at[0]].name, day: reduce.shortDate(present.columns[at[1]]), from: from || texts.empty, to: to || texts.empty });
  }, []);

  /** Take the last step back (or forth again). Returns the cells it touched, [] when it could not. */
  const turnBack = useCallback(/** @returns {import("./reducer.js").Position[]} */ (back) => {
    const { model: present, labels: texts } = now.current;
    const step = back ? steps.undo() : steps.redo();
    if (!step) { say(back ? texts.nothingToUndo : texts.nothingToRedo); return []; }
    const cells = step.map((one) => ({ ...one, at: positionOf(present, one) }));
    if (!cells.every(({ at }) => at)) { // a step of another period waits there
      if (back) steps.redo(); else steps.undo();
      say(texts.undoElsewhere, true);
      return [];
    }
    const fits = ({ at: [r, c], expect }) => present.rows[r].cells[c].shown === expect && !whyNot(r, c) && present.rows[r].cells[c].state !== "conflict";
    if (!cells.every(fits)) { say(texts.cannotUndo, true); return []; }
    write(cells.map(({ at, text, comment }) => [...at, text, ...(comment === undefined ? [] : [comment])]), { step: false });
    say(phrase(back ? texts.undone : texts.redone, { what: told(step, back) }));
    return cells.map(({ at }) => at);
  }, [say, steps, told, whyNot, write]);

  const restore = useCallback((r, c) => {
    const present = now.current.model;
    decided(cellKey(present.rows[r].id, present.columns[c].id));
    update((old) => reduce.restore(old, r, c));
    setMessage({ text: "", alert: false });
  }, [decided, update]);

  /** Two values met in a cell: write mine over theirs, or let theirs stand. */
  const decide = useCallback((r, c, mine) => {
    if (mine) write([[r, c, now.current.model.rows[r].cells[c].shown]]);
    else restore(r, c);
  }, [restore, write]);

  /** How the question of a cell can be answered: {both, replace}. */
  const choices = useCallback((r, c) => {
    const cell = now.current.model.rows[r].cells[c];
    return answers(cell.value, cell.asked, grammarOf(now.current.model, c));
  }, []);

  const writeRest = useCallback(() => {
    const cells = rest.flatMap(([student, work, text]) => {
      const at = positionOf(now.current.model, { student, work });
      return at ? [[...at, text]] : [];
    });
    setRest([]);
    write(cells);
  }, [rest, write]);

  /** «н» for everybody without an entry in a column's lesson. Says how many. */
  const callAbsent = useCallback((c) => {
    const { model: present, labels: texts } = now.current, first = reduce.firstOf(present, c);
    const cells = [...present.rows.keys()].filter((r) => !whyNot(r, first) && standing(present.rows[r].cells[first]) === "").map((r) => [r, first, ABSENT]);
    write(cells);
    say(cells.length ? plural(texts, texts.calledAbsent, cells.length) : texts.nobodyCalled);
  }, [say, whyNot, write]);

  const absent = useCallback((c) => {
    const present = now.current.model, first = reduce.firstOf(present, c);
    return [...present.rows.keys()].filter((r) => !whyNot(r, first) && isUnexplained(standing(present.rows[r].cells[first]))).map((r) => [r, first]);
  }, [whyNot]);

  /** «Все присутствуют»: entries would go, so it is asked first, in place. */
  const callPresent = useCallback((c) => {
    const { model: present, labels: texts } = now.current, cells = absent(c);
    if (!cells.length) say(present.columns[c].why || texts.nobodyAbsent);
    else setAsking({ work: present.columns[c].id, names: cells.map(([r]) => present.rows[r].name) });
  }, [absent, say]);

  const answerPresent = useCallback((yes) => {
    const { model: present, labels: texts } = now.current, c = present.columnOf.get(asking?.work ?? "");
    setAsking(null);
    if (!yes || c === undefined) return;
    const cells = absent(c).map(([r, first]) => [r, first, withoutAttendance(standing(present.rows[r].cells[first]))]);
    write(cells);
    say(plural(texts, texts.calledPresent, cells.length));
  }, [absent, asking, say, write]);

  /** One value from a button (pad, roll call), by the same rule, and said. */
  const putOne = useCallback((r, c, text, whole = false) => {
    const { model: present, labels: texts } = now.current, shown = standing(present.rows[r].cells[c]);
    const { written, questions, closed } = bring([[r, c, text]], whole);
    if (closed.length) say(closed[0][3], true);
    else if (questions.length) question(...questions[0]);
    else if (written.length) say(phrase(texts.put, { name: present.rows[r].name, from: shown || texts.empty, to: written[0][2] || texts.empty }));
  }, [bring, question, say]);

  return {
    model, now, labels, connected, queue, steps, message, say, rest, left, setLeft, asking, guests, line, clock, showCell, whyNot, write, bring, mark, question, strike,
    restore, decide, choices, turnBack, writeRest, callAbsent, callPresent, answerPresent, putOne,
  };
}
