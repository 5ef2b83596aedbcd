// What the grid knows and does, whatever shows it (table or phone): the model, the queue, undo, who else is here.

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Queue, cellKey, completed, makeUid } from "./queue.js";
import * as reduce from "./reducer.js";
import { openStore } from "./store.js";
import { Steps } from "./undo.js";

const RESYNC_EVERY = 3000, LATE = 3000, GUEST_STAYS = 90000, TICK = 500, SAID_FOR = 8000;
const NO_STORE = openStore({ length: 0, key() {}, getItem() {}, setItem() {}, removeItem() {} }, "");

/** A text with its `{names}` filled in. */
export function phrase(text, values) {
  return Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, String(value)), text);
}

/** The right plural of a text that came with all its forms. */
export function plural(labels, forms, count) {
  return phrase(forms[new Intl.PluralRules(labels.lang).select(count)] ?? forms.other, { count });
}

const clockTime = (labels) => new Date().toLocaleTimeString(labels.lang, { hour: "2-digit", minute: "2-digit" });

export function useJournal({ sheet, answer, patch, presence, connected, labels, onEdit, onResync, onLook }) {
  const [model, setModel] = useState(reduce.empty);
  const [message, setMessage] = useState({ text: "", alert: false });
  const [rest, setRest] = useState([]);
  const [guests, setGuests] = useState(new Map());
  const [line, setLine] = useState({ waiting: 0, busy: false, saved: "" });
  const now = useRef({ model: reduce.empty }), asked = useRef(0);
  const queue = useMemo(() => new Queue(makeUid, NO_STORE), []);
  const steps = useMemo(() => new Steps(), []);
  Object.assign(now.current, { labels, connected, onEdit, onResync, onLook });

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

  const pump = useCallback(() => {
    if (!now.current.connected) return;
    const operations = queue.take(Date.now());
    if (operations.length) now.current.onEdit({ ops: operations.map(({ uid, course, cells }) => [uid, course, cells]) });
  }, [queue]);

  // A snapshot: the truth of the server, with what is not confirmed yet still on top.
  useEffect(() => {
    if (!sheet?.course) return;
    if (queue.account !== sheet.account) {
      queue.account = sheet.account;
      queue.store = openStore(window.localStorage, sheet.account);
      queue.revive(Date.now());
    }
    if (now.current.model.course !== sheet.course) { steps.past = []; steps.future = []; setGuests(new Map()); }
    update(() => reduce.open(sheet, queue.pending()));
    asked.current = 0;
    queue.hurry();
    pump();
  }, [sheet, queue, steps, pump, update]);

  const take = useCallback((patched) => {
    const operation = patched.op ? queue.answered(patched, Date.now()) : null;
    const incoming = operation ? completed(patched, operation) : patched;
    const { model: present, labels: texts } = now.current;
    const refused = incoming.refused ?? [];
    const accepted = operation && !incoming.error && !refused.length;
    if (accepted && queue.size === 0) setLine((old) => ({ ...old, saved: clockTime(texts) }));
    if (incoming.course !== present.course) {
      if (operation && !accepted) say(phrase(texts.elsewhere, { why: incoming.error || refused[0][3] }), true);
      return;
    }
    let left = [];
    if (operation && !accepted) {
      const named = new Map(refused.map((one) => [cellKey(one[0], one[1]), one]));
      left = operation.cells.filter(([student, work]) => !named.has(cellKey(student, work)) && !queue.busy(student, work));
      for (const cell of operation.cells)
        if (named.get(cellKey(cell[0], cell[1]))?.[2] === "stale") queue.store.park(makeUid(), { course: operation.course, cells: [cell], at: operation.at });
    }
    update((old) => left.reduce((changed, [student, work, text]) => {
      const r = changed.rowOf.get(student), c = changed.columnOf.get(work);
      return r === undefined || c === undefined ? changed : reduce.refuse(changed, r, c, text, incoming.error || texts.notSent);
    }, reduce.patch(old, incoming, (student, work) => queue.busy(student, work))));
    if (incoming.error) say(incoming.error, true);
    else if (refused.length) { setRest(left); say(refused[0][3], true); }
    else if (!operation && incoming.by) say(phrase(texts.changedBy, { who: incoming.by }));
  }, [queue, say, update]);

  useEffect(() => {
    for (const one of answer?.patches ?? []) take(one);
    pump();
  }, [answer, pump, take]);
  useEffect(() => { if (patch?.n) take(patch); }, [patch, take]);

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

  useEffect(() => {
    const timer = setInterval(() => {
      pump();
      const late = queue.oldest !== null && (!now.current.connected || Date.now() - queue.oldest > LATE);
      const waiting = late ? [...queue.pending()].length : 0, busy = queue.size > 0;
      setLine((old) => (old.waiting === waiting && old.busy === busy ? old : { ...old, waiting, busy }));
      setGuests((old) => ([...old.values()].some((guest) => guest.until < Date.now()) ? new Map([...old].filter(([, guest]) => guest.until >= Date.now())) : old));
    }, TICK);
    return () => clearInterval(timer);
  }, [pump, queue]);

  const whyNot = useCallback((r, c) => {
    const { model: present, labels: texts } = now.current;
    if (!present.sheet.may.marks) return texts.readOnly;
    if (present.rows[r].cells[c].outside) return texts.outside;
    return present.columns[c].state === "open" ? "" : present.columns[c].why;
  }, []);

  /** Write cells [[row, column, text, comment?]]: shown at once, sent by the queue, one step of undo. */
  const write = useCallback((cells, { step = true } = {}) => {
    if (!cells.length) return;
    const present = now.current.model;
    const named = cells.map(([r, c, text, comment]) => ({ student: present.rows[r].id, work: present.columns[c].id, cell: present.rows[r].cells[c], text, comment }));
    if (step) steps.push(named.map(({ student, work, cell, text, comment }) => ({
      student, work,
      before: { text: cell.state === "refused" || cell.state === "conflict" ? cell.value : cell.shown, comment: cell.comment },
      after: { text, comment: comment ?? (text ? cell.comment : "") },
    })));
    for (const { student, work } of named) queue.store.unpark(cellKey(student, work));
    update((old) => reduce.type(old, cells));
    setRest([]);
    setLine((old) => (old.busy ? old : { ...old, busy: true }));
    queue.put(present.course, named.map(({ student, work, text, cell, comment }) => [student, work, text, cell.version, ...(comment === undefined ? [] : [comment])]), Date.now());
    pump();
  }, [pump, queue, steps, update]);

  /** Take the last step back (or forth again). Returns the cells it touched, [] when it could not. */
  const turnBack = useCallback((back) => {
    const { model: present, labels: texts } = now.current;
    const step = back ? steps.undo() : steps.redo();
    if (!step) { say(back ? texts.nothingToUndo : texts.nothingToRedo); return []; }
    const cells = step.map((one) => ({ ...one, r: present.rowOf.get(one.student), c: present.columnOf.get(one.work) }));
    const fits = ({ r, c, expect }) => r !== undefined && c !== undefined && present.rows[r].cells[c].shown === expect && !whyNot(r, c) && present.rows[r].cells[c].state !== "conflict";
    if (!cells.every(fits)) { say(texts.cannotUndo, true); return []; }
    write(cells.map(({ r, c, text, comment }) => [r, c, text, ...(comment === undefined ? [] : [comment])]), { step: false });
    say(back ? texts.undone : texts.redone);
    return cells.map(({ r, c }) => [r, c]);
  }, [say, steps, whyNot, write]);

  const strike = useCallback((r, c, text) => {
    const why = phrase(now.current.labels.bad, { text });
    update((old) => reduce.refuse(old, r, c, text, why));
    say(why, true);
  }, [say, update]);

  const restore = useCallback((r, c) => {
    const present = now.current.model;
    queue.store.unpark(cellKey(present.rows[r].id, present.columns[c].id));
    update((old) => reduce.restore(old, r, c));
    setMessage({ text: "", alert: false });
  }, [queue, update]);

  /** Two values met in a cell: write mine over theirs, or let theirs stand. */
  const decide = useCallback((r, c, mine) => {
    if (mine) write([[r, c, now.current.model.rows[r].cells[c].shown]]);
    else restore(r, c);
  }, [restore, write]);

  const writeRest = useCallback(() => {
    const present = now.current.model;
    const cells = rest.map(([student, work, text]) => [present.rowOf.get(student), present.columnOf.get(work), text]).filter(([r, c]) => r !== undefined && c !== undefined);
    setRest([]);
    write(cells);
  }, [rest, write]);

  /** «н» for everybody without an entry in a column's lesson, or («») nobody absent any more. Returns how many cells. */
  const callColumn = useCallback((c, value) => {
    const present = now.current.model, first = reduce.firstOf(present, c), cells = [];
    present.rows.forEach((row, r) => {
      const shown = row.cells[first].shown;
      if (whyNot(r, first)) return;
      if (value && shown === "") cells.push([r, first, value]);
      if (!value && /^н(\/|$)/.test(shown)) cells.push([r, first, shown.replace(/^н\/?/, "")]);
    });
    write(cells);
    return cells.length;
  }, [whyNot, write]);

  const look = useCallback((at, panel) => {
    const present = now.current.model;
    const row = present.rows[at[0]], column = present.columns[at[1]];
    if (row && column && now.current.connected) now.current.onLook({ course: present.course, student: row.id, work: column.id, panel });
  }, []);

  return { model, now, labels, connected, queue, message, say, rest, guests, line, whyNot, write, turnBack, strike, restore, decide, writeRest, callColumn, look };
}
