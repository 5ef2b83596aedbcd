// The marks grid on a desktop: a real <table role="grid">, one tab stop, one <input> in the active cell, ranges, keys.

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { CommentBar, ConflictBar, FindBar, KeysSheet, RestBar, SaveLine } from "./bars.jsx";
import { Foot, Head } from "./head.jsx";
import { intention, mayGoOn, parseBlock, parseText, spellBlock } from "./keys.js";
import { block } from "./reducer.js";
import { Row } from "./row.jsx";
import { plural } from "./use_journal.js";

const LOOK_AFTER = 200, WRITE_AFTER = 900;
const NEXT = { down: [1, 0], right: [0, 1], stay: [0, 0] };

/** The last column whose lesson was held: where the eye begins. */
export function lastHeld(columns) {
  let found = 0;
  columns.forEach((column, c) => { if (column.state !== "future") found = c; });
  return found;
}

const isShown = (element) => element.getClientRects().length > 0;

/** Go into the panel as soon as it is there: in a narrow window it opens only when the server has answered. */
function enterPanel(tries = 40) {
  const panel = document.querySelector("[data-testid=lesson-panel]");
  if (panel && isShown(panel)) panel.focus();
  else if (tries) setTimeout(() => enterPanel(tries - 1), 50);
}

export function Table({ journal, cursor, means }) {
  const { model, labels, say, whyNot, write, strike, restore, look, turnBack, callColumn } = journal;
  const [active, setActive] = useState(null);
  const [anchor, setAnchor] = useState(null);
  const [editing, setEditing] = useState(null);
  const [bar, setBar] = useState("");
  const [help, setHelp] = useState(false);
  const at = useRef({}), table = useRef(null), wantsFocus = useRef(false), writing = useRef(0), cameFrom = useRef(null), dragging = useRef(false);
  Object.assign(at.current, { active, anchor, editing, cursor });
  const model_ = () => journal.now.current.model;
  const writes = model.sheet.may.marks;
  const opened = `${model.course}:${model.sheet.period}`;
  const lastRow = model.rows.length - 1, lastColumn = model.columns.length - 1;

  const edit = (text) => { at.current.editing = text; setEditing(text); };

  // The first look: where somebody was today, else today's column near the right edge with two lessons after it.
  useLayoutEffect(() => {
    const box = table.current?.parentElement;
    if (!box || lastColumn < 0) return;
    const asked = model.columnOf.get(model.sheet.at);
    if (asked !== undefined && model.rows.length) { setActive([0, asked]); wantsFocus.current = true; return; }
    const place = journal.queue.store.place(opened), today = new Date().toDateString();
    const r = model.rowOf.get(place?.student), c = model.columnOf.get(place?.work);
    if (place?.day === today && r !== undefined && c !== undefined) {
      setActive([r, c]);
      [box.scrollLeft, box.scrollTop] = [place.left, place.top];
      return;
    }
    const held = lastHeld(model.columns), shown = model.columns[Math.min(held + 2, lastColumn)];
    setActive(model.rows.length ? [0, held] : null);
    const cell = box.querySelector(`thead [data-testid="column-${shown.id}"]`);
    const totals = means ? 2 * (box.querySelector(".tt.t1")?.offsetWidth ?? 0) : 0;
    if (cell) box.scrollLeft = Math.max(0, cell.offsetLeft + cell.offsetWidth + totals - box.clientWidth);
  }, [opened, lastColumn < 0]);
  useEffect(() => { if (active && (active[0] > lastRow || active[1] > lastColumn)) setActive(lastColumn < 0 || lastRow < 0 ? null : [0, 0]); }, [active, lastRow, lastColumn]);

  // The active cell gets the focus; its column is tinted past React, so that moving renders two rows and no more.
  useLayoutEffect(() => {
    const found = table.current;
    if (!found || !active) return;
    for (const one of found.querySelectorAll("[data-x]")) one.removeAttribute("data-x");
    for (const one of found.querySelectorAll(`td[data-c="${active[1]}"],th[data-c="${active[1]}"]`)) one.setAttribute("data-x", "");
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    const cell = found.querySelector(`td[data-r="${active[0]}"][data-c="${active[1]}"]`);
    const target = cell?.querySelector("input") ?? cell;
    target?.focus({ preventScroll: true });
    target?.select?.();
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [active, opened, bar]);

  useEffect(() => {
    if (!active) return undefined;
    const timer = setTimeout(() => {
      if (!table.current || !isShown(table.current)) return; // behind another view
      look(active, false);
      const box = table.current?.parentElement, row = model_().rows[active[0]], column = model_().columns[active[1]];
      if (box && row && column) journal.queue.store.place(opened, { day: new Date().toDateString(), student: row.id, work: column.id, left: box.scrollLeft, top: box.scrollTop });
    }, LOOK_AFTER);
    return () => clearTimeout(timer);
  }, [active, opened, look]);

  /** Write what is being typed when it is a value; strike it through when it is none. */
  const finish = useCallback(() => {
    clearTimeout(writing.current);
    const { editing: text, active: here } = at.current;
    if (text === null || !here) return;
    edit(null);
    const present = model_(), cell = present.rows[here[0]].cells[here[1]];
    const value = parseText(text.replace(/\/$/, ""), present.sheet.values, present.sheet.codes);
    if (value === null) strike(...here, text);
    else if (value !== cell.shown || cell.state === "refused") write([[...here, value]]);
  }, [strike, write]);

  const go = useCallback((r, c, { extend = false } = {}) => {
    finish();
    cameFrom.current = null;
    const present = model_();
    if (!present.rows.length || !present.columns.length) return;
    wantsFocus.current = true;
    const next = [Math.max(0, Math.min(present.rows.length - 1, r)), Math.max(0, Math.min(present.columns.length - 1, c))];
    const from = extend ? at.current.anchor ?? at.current.active : null;
    at.current.anchor = from && (from[0] !== next[0] || from[1] !== next[1]) ? from : null;
    setAnchor(at.current.anchor);
    at.current.active = next;
    setActive(next);
  }, [finish]);

  /** A letter or digit in the active cell: a value that cannot go on is written at once and the cursor moves on. */
  const put = useCallback((letter) => {
    const { editing: text } = at.current;
    let here = at.current.active;
    const back = letter === "/" && text === null ? cameFrom.current : null;
    const why = back ? "" : whyNot(...here);
    if (why) { say(why, true); return; }
    const { values, codes } = model_().sheet;
    if (back) { go(...back); here = back; } // «4/5» in one go: the 4 was written and the cursor moved on; the slash belongs to that 4
    if (at.current.anchor) { at.current.anchor = null; setAnchor(null); }
    const shown = model_().rows[here[0]].cells[here[1]].shown;
    const next = letter === "/" && text === null ? `${shown}/` : (text ?? "") + letter;
    clearTimeout(writing.current);
    edit(next);
    const whole = parseText(next, values, codes) !== null;
    if (whole && !mayGoOn(next, values, codes)) {
      const [down, right] = NEXT[at.current.cursor] ?? NEXT.down;
      if (down || right) { go(here[0] + down, here[1] + right); cameFrom.current = here; } else finish();
    } else if (whole) writing.current = setTimeout(finish, WRITE_AFTER);
    else if (!mayGoOn(next, values, codes)) finish();
  }, [finish, go, say, whyNot]);

  /** The cells of the chosen block, or the active one. */
  const chosen = useCallback(() => {
    const { active: here, anchor: from } = at.current;
    const [[top, left], [bottom, right]] = block(here, from ?? here);
    const rows = [];
    for (let r = top; r <= bottom; r += 1) rows.push(Array.from({ length: right - left + 1 }, (_, step) => [r, left + step]));
    return rows;
  }, []);

  /** Write `cells`, leave out those that cannot be written, and say how many these were. */
  const writeOpen = useCallback((cells, leftOut = 0) => {
    const present = model_();
    const open = cells.filter(([r, c]) => !whyNot(r, c)), shut = cells.length - open.length + leftOut;
    write(open.filter(([r, c, text]) => text !== present.rows[r].cells[c].shown));
    const { labels: texts } = journal.now.current;
    if (shut && cells.length === 1) say(whyNot(cells[0][0], cells[0][1]), true);
    else if (shut) say(plural(texts, texts.leftOut, shut), true);
  }, [say, whyNot, write]);

  const clear = useCallback((oneLetter) => {
    const { editing: text, active: here } = at.current;
    if (text !== null) {
      clearTimeout(writing.current);
      edit(oneLetter && text.length > 1 ? text.slice(0, -1) : null);
      return;
    }
    const cell = model_().rows[here[0]].cells[here[1]];
    if (cell.state === "refused" || cell.state === "conflict") { restore(...here); return; }
    writeOpen(chosen().flat().filter(([r, c]) => model_().rows[r].cells[c].shown !== "").map(([r, c]) => [r, c, ""]));
  }, [chosen, restore, writeOpen]);

  const leave = useCallback(() => {
    const { editing: text, active: here, anchor: from } = at.current;
    clearTimeout(writing.current);
    if (text !== null) { edit(null); return; }
    if (from) { at.current.anchor = null; setAnchor(null); return; }
    const state = here && model_().rows[here[0]]?.cells[here[1]].state;
    if (state === "refused" || state === "conflict") { restore(...here); return; }
    const stops = [...document.querySelectorAll("a[href], button:not([disabled]), input, select, textarea, summary, [tabindex='0']")]
      .filter((one) => !table.current.contains(one) && one.offsetParent !== null && (table.current.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING));
    (stops[0] ?? document.getElementById("main"))?.focus();
  }, [restore]);

  const fill = useCallback(() => {
    finish();
    const { active: here, anchor: from } = at.current;
    if (!from) { say(journal.now.current.labels.chooseFirst); return; }
    const { shown } = model_().rows[here[0]].cells[here[1]].shown === "" ? model_().rows[from[0]].cells[from[1]] : model_().rows[here[0]].cells[here[1]];
    writeOpen(chosen().flat().map(([r, c]) => [r, c, shown]));
  }, [chosen, finish, say, writeOpen]);

  const goMonth = useCallback((by) => {
    const { columns } = model_(), [r, c] = at.current.active, months = [...new Set(columns.map((column) => column.month))];
    const month = months[Math.max(0, Math.min(months.length - 1, months.indexOf(columns[c].month) + by))];
    go(r, columns.findIndex((column) => column.month === month));
  }, [go]);

  const onKeyDown = useCallback((event) => {
    const here = at.current.active;
    if (!here || event.nativeEvent.isComposing || !table.current.contains(event.target)) return;
    const wish = intention(event);
    if (!wish) {
      if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) event.preventDefault();
      return;
    }
    event.preventDefault();
    const { rows, columns, sheet } = model_(), lastC = columns.length - 1, lastR = rows.length - 1;
    if (wish.type === "move" || wish.type === "extend") go(here[0] + wish.by[0], here[1] + wish.by[1], { extend: wish.type === "extend" });
    else if (wish.type === "tab") {
      const flat = here[0] * (lastC + 1) + here[1] + wish.by;
      go(Math.floor(flat / (lastC + 1)), ((flat % (lastC + 1)) + lastC + 1) % (lastC + 1));
    } else if (wish.type === "edge") go(here[0], wish.at === "first" ? 0 : lastC);
    else if (wish.type === "corner") go(wish.at === "first" ? 0 : lastR, wish.at === "first" ? 0 : lastC);
    else if (wish.type === "month") goMonth(wish.by);
    else if (wish.type === "today") go(here[0], lastHeld(columns));
    else if (wish.type === "escape") leave();
    else if (wish.type === "panel") { look(here, true); enterPanel(); }
    else if (wish.type === "help") setHelp(true);
    else if (wish.type === "find") { finish(); setBar("find"); }
    else if (!sheet.may.marks) return;
    else if (wish.type === "clear") clear(wish.one);
    else if (wish.type === "fill") fill();
    else if (wish.type === "undo" || wish.type === "redo") {
      finish();
      const touched = turnBack(wish.type === "undo");
      if (touched.length) go(...touched[0]);
    } else if (wish.type === "comment") {
      finish();
      const cell = rows[here[0]].cells[here[1]];
      if (whyNot(...here)) say(whyNot(...here), true);
      else if (!/[0-9]|зач|осв/.test(cell.shown)) say(journal.now.current.labels.noMarkToComment);
      else setBar("comment");
    } else if (wish.type === "column") {
      finish();
      const { labels: texts } = journal.now.current, count = callColumn(here[1], wish.value);
      say(count ? plural(texts, wish.value ? texts.calledAbsent : texts.calledPresent, count) : texts.nobodyCalled);
    } else put(wish.letter);
  }, [callColumn, clear, fill, finish, go, goMonth, leave, look, put, say, turnBack, whyNot]);

  // Touch keyboards, dictation and inserted text make no usable keydown: their letters arrive here.
  const onInput = useCallback((event) => {
    const text = event.nativeEvent.data;
    if (text) for (const letter of text.toLowerCase()) put(letter);
    else if (event.nativeEvent.inputType?.startsWith("delete")) clear(true);
  }, [clear, put]);

  const onCopy = useCallback((event) => {
    if (!at.current.active || at.current.editing !== null) return;
    event.preventDefault();
    const block_ = chosen();
    event.clipboardData.setData("text/plain", spellBlock(block_.map((cells) => cells.map(([r, c]) => model_().rows[r].cells[c].shown))));
    const count = block_.flat().length, { labels: texts } = journal.now.current;
    if (event.type === "cut" && model_().sheet.may.marks) clear(false);
    else say(plural(texts, texts.copied, count));
  }, [chosen, clear, say]);

  const onPaste = useCallback((event) => {
    const { active: here } = at.current, present = model_();
    if (!here || !present.sheet.may.marks) return;
    event.preventDefault();
    edit(null);
    let lines = parseBlock(event.clipboardData.getData("text/plain"));
    const area = chosen();
    if (lines.length === 1 && lines[0].length === 1 && at.current.anchor) lines = area.map((cells) => cells.map(() => lines[0][0]));
    const [top, left] = area[0][0], cells = [];
    let wrong = 0;
    lines.forEach((line, dr) => line.forEach((text, dc) => {
      const r = top + dr, c = left + dc, value = parseText(text, present.sheet.values, present.sheet.codes);
      if (r >= present.rows.length || c >= present.columns.length || value === null) wrong += 1;
      else cells.push([r, c, value]);
    }));
    writeOpen(cells, wrong);
  }, [chosen, writeOpen]);

  const cellAt = (event) => {
    const cell = event.target.closest?.("td[data-c]");
    return cell ? [Number(cell.dataset.r), Number(cell.dataset.c)] : null;
  };
  const onMouseDown = useCallback((event) => {
    const cell = cellAt(event);
    if (!cell || event.button !== 0) return;
    event.preventDefault();
    dragging.current = true;
    go(...cell, { extend: event.shiftKey });
  }, [go]);
  const onMouseOver = useCallback((event) => {
    const cell = dragging.current && event.buttons === 1 ? cellAt(event) : null;
    if (cell && at.current.active && (cell[0] !== at.current.active[0] || cell[1] !== at.current.active[1])) go(...cell, { extend: true });
  }, [go]);
  useEffect(() => {
    const up = () => { dragging.current = false; };
    window.addEventListener("mouseup", up);
    return () => window.removeEventListener("mouseup", up);
  }, []);
  const onFocus = useCallback((event) => { if (event.target.tagName === "INPUT") event.target.select(); }, []);
  const onPanel = useCallback((c) => { const r = at.current.active?.[0] ?? 0; go(r, c); look([r, c], true); }, [go, look]);

  // F6 goes round toolbar, table and panel; whatever closes the panel gives the focus back to the table.
  useEffect(() => {
    const zones = () => [".jbar.no-print", "[data-testid=journal-grid]", "[data-testid=lesson-panel]"].map((name) => document.querySelector(name)).filter((one) => one && isShown(one));
    const back = () => { wantsFocus.current = true; setActive((old) => old && [...old]); };
    const jump = (event) => {
      if (event.key === "Escape" && event.target.closest?.("[data-testid=lesson-panel]")) document.querySelector("[data-closes]")?.click();
      if (event.key !== "F6") return;
      event.preventDefault();
      if (at.current.active && table.current?.contains(document.activeElement)) look(at.current.active, false);
      const all = zones(), here = all.findIndex((one) => one.contains(document.activeElement));
      const next = here < 0 ? table.current : all[(here + (event.shiftKey ? all.length - 1 : 1)) % all.length];
      if (next.contains(table.current)) back();
      else (next.querySelector("button, select, summary, input") ?? next).focus();
    };
    const closed = (event) => { if (event.target.closest?.("[data-closes]")) back(); };
    document.addEventListener("keydown", jump);
    document.addEventListener("click", closed);
    return () => { document.removeEventListener("keydown", jump); document.removeEventListener("click", closed); };
  }, [look]);

  const closeBar = useCallback(() => { setBar(""); wantsFocus.current = true; setActive((old) => old && [...old]); }, []);
  const guests = useMemo(() => {
    const found = new Map();
    for (const guest of journal.guests.values()) found.set(guest.student, { ...found.get(guest.student), [guest.work]: guest.who });
    return found;
  }, [journal.guests]);
  const [[top, left], [bottom, right]] = active && anchor ? block(active, anchor) : [[-1, -1], [-2, -2]];

  return (
    <div className="gframe">
      <SaveLine journal={journal} onGo={(to) => go(...to)} />
      <ConflictBar journal={journal} at={active} onDone={closeBar} />
      <RestBar journal={journal} />
      {bar === "comment" && active ? <CommentBar journal={journal} at={active} onDone={closeBar} /> : null}
      {bar === "find" && active ? <FindBar journal={journal} at={active} onFound={(r) => setActive([r, active[1]])} onDone={closeBar} /> : null}
      <div className={means ? "gridbox" : "gridbox nomeans"}>
        <table className="g" role="grid" ref={table} style={{ "--columns": model.columns.length }} aria-label={model.sheet.caption} aria-describedby="grid-help" aria-rowcount={model.rows.length + 4}
          aria-colcount={model.columns.length + 3} aria-readonly={!writes} aria-multiselectable data-testid="journal-grid"
          onKeyDown={onKeyDown} onInput={onInput} onPaste={onPaste} onCopy={onCopy} onCut={onCopy} onMouseDown={onMouseDown} onMouseOver={onMouseOver} onFocus={onFocus}>
          <colgroup><col className="wn" /><col className="wc" span={model.columns.length} /><col className="wt" span={2} /></colgroup>
          <Head columns={model.columns} count={model.rows.length} labels={labels} onPanel={onPanel} />
          <tbody>
            {model.rows.map((row, r) => (
              <Row key={row.id} row={row} index={r} columns={model.columns} labels={labels} writes={writes} active={active?.[0] === r ? active[1] : -1}
                from={r >= top && r <= bottom ? left : -1} to={r >= top && r <= bottom ? right : -2} editing={active?.[0] === r ? editing : null} guests={guests.get(row.id)} />
            ))}
          </tbody>
          <Foot model={model} labels={labels} />
        </table>
      </div>
      <p id="grid-help" className="vh">{labels.help}</p>
      <p className={journal.message.alert ? "gsay alert" : "gsay"} role={journal.message.alert ? "alert" : "status"} data-testid="grid-status">{journal.message.text}</p>
      <KeysSheet labels={labels} open={help} onClose={() => { setHelp(false); closeBar(); }} />
    </div>
  );
}
