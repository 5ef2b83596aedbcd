// The marks grid: a real <table role="grid">, one tab stop, one <input> in the active cell.
// What is typed stands at once; the queue sends it; a patch confirms, refuses or brings what others did.

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Foot, Head } from "./head.jsx";
import { intention, mayGoOn, parseBlock, parseText } from "./keys.js";
import { Queue, makeUid } from "./queue.js";
import * as reduce from "./reducer.js";
import { Row } from "./row.jsx";

const LOOK_AFTER = 200, WRITE_AFTER = 900, RESYNC_EVERY = 3000;

export function phrase(text, count) {
  return text.replace("{count}", String(count));
}

function plural(labels, forms, count) {
  return phrase(forms[new Intl.PluralRules(labels.lang).select(count)] ?? forms.other, count);
}

export function MarksGrid({ sheet, patch, labels, onEdit, onResync, onLook }) {
  const [model, setModel] = useState(reduce.empty);
  const [active, setActive] = useState(null);
  const [editing, setEditing] = useState(null);
  const [message, setMessage] = useState({ text: "", alert: false });
  const [rest, setRest] = useState([]);
  const now = useRef({}), table = useRef(null), wantsFocus = useRef(false), writing = useRef(0), asked = useRef(0), cameFrom = useRef(null);
  const queue = useMemo(() => new Queue(makeUid), []);
  Object.assign(now.current, { model, active, editing, labels, onEdit, onResync, onLook });
  const writes = Boolean(model.sheet?.may.marks);

  const update = useCallback((change) => setModel((old) => {
    const next = change(old);
    now.current.model = next;
    return next;
  }), []);
  const say = useCallback((text, alert = false) => setMessage({ text, alert }), []);
  const send = useCallback((operation) => {
    if (operation) now.current.onEdit({ op: operation.uid, course: operation.course, cells: operation.cells });
  }, []);

  // A snapshot: the truth of the server, with what is not confirmed yet still on top.
  useEffect(() => {
    if (!sheet?.course) return;
    update(() => reduce.open(sheet, queue.pending()));
    for (const operation of queue.overdue(Date.now(), true)) send(operation);
    asked.current = 0;
    setActive((old) => old && old[0] < sheet.students.length && old[1] < sheet.columns.length ? old : firstCell(sheet));
  }, [sheet, queue, send, update]);

  useEffect(() => {
    if (!patch?.n) return;
    const { operation, next } = patch.op ? queue.answered(patch, Date.now()) : { operation: null, next: null };
    send(next);
    let left = [];
    update((old) => {
      let changed = reduce.patch(old, patch, (student, work) => queue.busy(student, work));
      if (operation && (patch.error || patch.refused?.length)) {
        const named = new Set((patch.refused ?? []).map(([student, work]) => `${student}:${work}`));
        left = operation.cells.filter(([student, work]) => !named.has(`${student}:${work}`));
        for (const [student, work, text] of left) {
          const r = changed.rowOf.get(student), c = changed.columnOf.get(work);
          if (r !== undefined && c !== undefined)
            changed = reduce.refuse(changed, r, c, text, patch.error || now.current.labels.notSent);
        }
      }
      return changed;
    });
    if (patch.error) say(patch.error, true);
    else if (patch.refused?.length) { setRest(left); say(patch.refused[0][3], true); }
    else if (operation && queue.size === 0)
      say(now.current.labels.saved.replace("{time}", new Date().toLocaleTimeString(now.current.labels.lang, { hour: "2-digit", minute: "2-digit" })));
    else if (patch.by) say(now.current.labels.changedBy.replace("{who}", patch.by));
  }, [patch, queue, say, send, update]);

  // A gap in the numbers, or columns that changed: ask for a snapshot, once in a while.
  useEffect(() => {
    if (model.gap && Date.now() - asked.current > RESYNC_EVERY) {
      asked.current = Date.now();
      now.current.onResync({ course: model.course, seq: model.seq });
    }
  }, [model.gap, model.seq, model.course]);

  useEffect(() => {
    const timer = setInterval(() => { for (const operation of queue.overdue(Date.now())) send(operation); }, 1000);
    return () => clearInterval(timer);
  }, [queue, send]);

  useEffect(() => {
    const leaving = (event) => { if (queue.size) event.preventDefault(); };
    window.addEventListener("beforeunload", leaving);
    return () => window.removeEventListener("beforeunload", leaving);
  }, [queue]);

  // The first look at a course: today's column near the right edge, two lessons after it visible.
  const opened = `${model.course}:${model.sheet?.period ?? ""}`;
  useLayoutEffect(() => {
    const box = table.current?.parentElement;
    if (!box || !model.ready) return;
    const at = lastHeld(model.columns), cell = box.querySelector(`thead [data-testid="column-${model.columns[Math.min(at + 2, model.columns.length - 1)]?.id}"]`);
    const totals = box.querySelector(".tt.t1")?.parentElement ? 2 * box.querySelector(".tt.t1").offsetWidth : 0;
    if (cell) box.scrollLeft = Math.max(0, cell.offsetLeft + cell.offsetWidth + totals - box.clientWidth);
  }, [opened, model.ready]);

  useLayoutEffect(() => {
    if (!wantsFocus.current || !active) return;
    wantsFocus.current = false;
    const cell = table.current?.querySelector(`td[data-r="${active[0]}"][data-c="${active[1]}"]`);
    const target = cell?.querySelector("input") ?? cell;
    target?.focus({ preventScroll: true });
    target?.select?.();
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [active, model.ready, writes]);

  const look = useCallback((at, panel) => {
    const { model: present, onLook: ask } = now.current;
    const row = present.rows[at[0]], column = present.columns[at[1]];
    if (row && column) ask({ course: present.course, student: row.id, work: column.id, panel });
  }, []);
  useEffect(() => {
    if (!active || !model.ready) return undefined;
    const timer = setTimeout(() => look(active, false), LOOK_AFTER);
    return () => clearTimeout(timer);
  }, [active, model.course, model.ready, look]);

  const write = useCallback((cells) => {
    if (!cells.length) return;
    const present = now.current.model;
    update((old) => reduce.type(old, cells));
    setRest([]);
    send(queue.put(present.course, cells.map(([r, c, text]) => [present.rows[r].id, present.columns[c].id, text, present.rows[r].cells[c].version]), Date.now()));
  }, [queue, send, update]);

  const whyNot = useCallback((r, c) => {
    const { model: present, labels: texts } = now.current;
    if (present.rows[r].cells[c].outside) return texts.outside;
    return present.columns[c].state === "open" ? "" : present.columns[c].why;
  }, []);

  /** Write what is being typed, when it is a value; strike it through when it is none. True = the cell may be left. */
  const finish = useCallback(() => {
    clearTimeout(writing.current);
    const { editing: text, active: at, model: present, labels: texts } = now.current;
    if (text === null || !at) return true;
    now.current.editing = null;
    setEditing(null);
    const value = parseText(text.replace(/\/$/, ""), present.sheet.values, present.sheet.codes);
    const cell = present.rows[at[0]].cells[at[1]];
    if (value === null) {
      const why = texts.bad.replace("{text}", text);
      update((old) => reduce.refuse(old, ...at, text, why));
      say(why, true);
    } else if (value !== cell.shown || cell.state === "refused") write([[...at, value]]);
    return true;
  }, [say, update, write]);

  const go = useCallback((r, c) => {
    finish();
    cameFrom.current = null;
    const present = now.current.model;
    if (!present.rows.length || !present.columns.length) return;
    wantsFocus.current = true;
    const next = [Math.max(0, Math.min(present.rows.length - 1, r)), Math.max(0, Math.min(present.columns.length - 1, c))];
    now.current.active = next;
    setActive(next);
  }, [finish]);

  /** A letter or digit in the active cell: a value that cannot go on is written at once and the cursor moves down. */
  const put = useCallback((letter) => {
    const { editing: text, model: present } = now.current;
    let at = now.current.active;
    const why = letter === "/" && cameFrom.current ? "" : whyNot(...at);
    if (why) { say(why, true); return; }
    const { values, codes } = present.sheet;
    if (letter === "/" && text === null && cameFrom.current) {
      // «4/5» in one go: the 4 was written and the cursor moved on; the slash belongs to that 4.
      const back = cameFrom.current;
      go(...back);
      at = back;
    }
    const shown = now.current.model.rows[at[0]].cells[at[1]].shown;
    const next = letter === "/" && text === null ? `${shown}/` : (text ?? "") + letter;
    clearTimeout(writing.current);
    now.current.editing = next;
    setEditing(next);
    const whole = parseText(next, values, codes) !== null;
    if (whole && !mayGoOn(next, values, codes)) {
      go(at[0] + 1, at[1]);
      cameFrom.current = at;
    }
    else if (whole) writing.current = setTimeout(finish, WRITE_AFTER);
    else if (!mayGoOn(next, values, codes)) finish();
  }, [finish, go, say, whyNot]);

  const clear = useCallback(() => {
    const { active: at, editing: text, model: present } = now.current;
    if (text !== null) { clearTimeout(writing.current); now.current.editing = text.length > 1 ? text.slice(0, -1) : null; setEditing(now.current.editing); return; }
    const why = whyNot(...at);
    if (why) say(why, true);
    else if (present.rows[at[0]].cells[at[1]].shown !== "") write([[...at, ""]]);
  }, [say, whyNot, write]);

  const leave = useCallback(() => {
    const { editing: text, active: at, model: present } = now.current;
    clearTimeout(writing.current);
    if (text !== null) { now.current.editing = null; setEditing(null); return; }
    const state = at && present.rows[at[0]]?.cells[at[1]].state;
    if (state === "refused" || state === "conflict") { update((old) => reduce.restore(old, ...at)); return; }
    const stops = [...document.querySelectorAll("a[href], button:not([disabled]), input, select, textarea, summary, [tabindex='0']")]
      .filter((one) => !table.current.contains(one) && one.offsetParent !== null && (table.current.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING));
    (stops[0] ?? document.getElementById("main"))?.focus();
  }, [update]);

  const onKeyDown = useCallback((event) => {
    const at = now.current.active;
    if (!at || event.nativeEvent.isComposing) return;
    const wish = intention(event);
    if (!wish) {
      if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) event.preventDefault();
      return;
    }
    event.preventDefault();
    const { model: present } = now.current;
    const lastRow = present.rows.length - 1, lastColumn = present.columns.length - 1;
    if (wish.type === "move") go(at[0] + wish.by[0], at[1] + wish.by[1]);
    else if (wish.type === "tab") {
      const flat = at[0] * (lastColumn + 1) + at[1] + wish.by;
      go(Math.floor(flat / (lastColumn + 1)), ((flat % (lastColumn + 1)) + lastColumn + 1) % (lastColumn + 1));
    } else if (wish.type === "edge") go(at[0], wish.at === "first" ? 0 : lastColumn);
    else if (wish.type === "corner") go(wish.at === "first" ? 0 : lastRow, wish.at === "first" ? 0 : lastColumn);
    else if (wish.type === "escape") leave();
    else if (wish.type === "panel") look(at, true);
    else if (now.current.model.sheet.may.marks) { if (wish.type === "clear") clear(); else put(wish.letter); }
  }, [clear, go, leave, look, put]);

  // Touch keyboards, dictation and inserted text make no usable keydown: their letters arrive here.
  const onInput = useCallback((event) => {
    const text = event.nativeEvent.data;
    if (text) for (const letter of text.toLowerCase()) put(letter);
    else if (event.nativeEvent.inputType?.startsWith("delete")) clear();
  }, [clear, put]);

  const onPaste = useCallback((event) => {
    const { active: at, model: present, labels: texts } = now.current;
    if (!at || !present.sheet.may.marks) return;
    event.preventDefault();
    const cells = [];
    let left = 0;
    parseBlock(event.clipboardData.getData("text/plain")).forEach((line, dr) => line.forEach((text, dc) => {
      const r = at[0] + dr, c = at[1] + dc;
      const value = parseText(text, present.sheet.values, present.sheet.codes);
      if (r >= present.rows.length || c >= present.columns.length || value === null || whyNot(r, c)) left += 1;
      else if (value !== present.rows[r].cells[c].shown) cells.push([r, c, value]);
    }));
    now.current.editing = null;
    setEditing(null);
    write(cells);
    if (left) say(plural(texts, texts.leftOut, left), true);
  }, [say, whyNot, write]);

  const onMouseDown = useCallback((event) => {
    const cell = event.target.closest?.("td[data-c]");
    if (!cell) return;
    event.preventDefault();
    go(Number(cell.dataset.r), Number(cell.dataset.c));
  }, [go]);
  const onFocus = useCallback((event) => {
    if (event.target.tagName === "INPUT") event.target.select();
  }, []);

  const decide = (mine) => {
    const at = active, cell = model.rows[at[0]].cells[at[1]];
    if (mine) write([[...at, cell.shown]]);
    else update((old) => reduce.restore(old, ...at));
    wantsFocus.current = true;
    setActive([...at]);
  };
  const writeRest = () => {
    const cells = rest.map(([student, work, text]) => [model.rowOf.get(student), model.columnOf.get(work), text]).filter(([r, c]) => r !== undefined && c !== undefined);
    setRest([]);
    write(cells);
  };

  if (!model.ready) return <div className="gridbox" aria-busy="true"><div className="gl">{Array.from({ length: 12 }, (_, i) => <div key={i} className="sk" />)}</div></div>;
  if (!model.columns.length) return <div className="gridbox"><p className="empty" data-testid="no-lessons">{labels.noLessons}</p></div>;
  const here = active && model.rows[active[0]]?.cells[active[1]];
  return (
    <div className="gframe">
      {here?.state === "conflict" && here.theirs ? (
        <div className="gbar conflict" role="group" aria-label={labels.conflict} data-testid="grid-conflict">
          <span>{labels.conflictText.replace("{who}", here.theirs.who || labels.somebody).replace("{theirs}", here.theirs.value || labels.empty).replace("{mine}", here.shown || labels.empty)}</span>
          <button type="button" className="btn sm" data-testid="take-theirs" onClick={() => decide(false)}>{labels.takeTheirs.replace("{theirs}", here.theirs.value || labels.empty)}</button>
          <button type="button" className="btn sm" data-testid="take-mine" onClick={() => decide(true)}>{labels.takeMine.replace("{mine}", here.shown || labels.empty)}</button>
        </div>
      ) : null}
      {rest.length ? (
        <div className="gbar danger" data-testid="grid-rest">
          <span>{message.text}</span>
          <button type="button" className="btn sm" data-testid="send-rest" onClick={writeRest}>{plural(labels, labels.sendRest, rest.length)}</button>
        </div>
      ) : null}
      <div className="gridbox" tabIndex={-1}>
        <table className="g" role="grid" ref={table} aria-label={model.sheet.caption} aria-describedby="grid-help" aria-rowcount={model.rows.length + 4}
          aria-colcount={model.columns.length + 3} aria-readonly={!writes} data-testid="journal-grid"
          onKeyDown={onKeyDown} onInput={onInput} onPaste={onPaste} onMouseDown={onMouseDown} onFocus={onFocus}>
          <Head columns={model.columns} count={model.rows.length} active={active?.[1]} labels={labels} onPanel={(c) => { go(active?.[0] ?? 0, c); look([active?.[0] ?? 0, c], true); }} />
          <tbody>
            {model.rows.map((row, r) => (
              <Row key={row.id} row={row} index={r} columns={model.columns} labels={labels} writes={writes} roving
                active={active?.[0] === r} column={active?.[1] ?? -1} editing={active?.[0] === r ? editing : null} />
            ))}
          </tbody>
          <Foot model={model} labels={labels} />
        </table>
      </div>
      <p id="grid-help" className="vh">{labels.help}</p>
      <p className={message.alert ? "gsay alert" : "gsay"} role={message.alert ? "alert" : "status"} data-testid="grid-status">{message.text}</p>
    </div>
  );
}

function lastHeld(columns) {
  let found = 0;
  columns.forEach((column, c) => { if (column.state !== "future") found = c; });
  return found;
}

function firstCell(sheet) {
  return sheet.students.length && sheet.columns.length ? [0, lastHeld(sheet.columns)] : null;
}
