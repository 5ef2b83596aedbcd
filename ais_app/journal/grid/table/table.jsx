// The marks grid on a desktop: a real <table role="grid">, one tab stop, one <input> in the active cell, ranges, keys.

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { AskBar, CommentBar, ConflictBar, FindBar, KeysSheet, LeftBar, OpenedBar, PresentBar, RestBar, SaveLine } from "./bars.jsx";
import { useKeptFocus } from "./focus.js";
import { hasMark, parseText, whyUnread } from "./grammar.js";
import { Foot, Head } from "./head.jsx";
import { intention, parseBlock, readDecimal, spellBlock } from "./keys.js";
import { enterPanel, isShown, usePanel } from "./panel.js";
import { block, shortDate } from "./reducer.js";
import { Row } from "./row.jsx";
import * as typing from "./typing.js";
import { phrase, plural } from "./use_journal.js";

const PLACE_AFTER = 200;
const firstControl = (zone) => zone.querySelector("button, select, summary, input") ?? zone;
const NEXT = { down: [1, 0], right: [0, 1], stay: [0, 0] };

/** The last column whose lesson was held: where the eye begins. */
export function lastHeld(columns) {
  let found = 0;
  columns.forEach((column, c) => { if (column.state !== "future") found = c; });
  return found;
}

/** @param {{journal: import("./use_journal.js").Journal, cursor: string, means: boolean}} props */
export function Table({ journal, cursor, means }) {
  const { model, labels, say, whyNot, write, bring, question, strike, restore, showCell, turnBack, callAbsent, callPresent, setLeft } = journal;
  const [state, setState] = useState(typing.nothing);
  const [composed, setComposed] = useState(/** @type {string | null} */ (null));
  const [bar, setBar] = useState("");
  const [help, setHelp] = useState(false);
  const at = useRef(state), settings = useRef({ cursor }), table = useRef(/** @type {HTMLTableElement | null} */ (null)), wantsFocus = useRef(false);
  const dragging = useRef(/** @type {[x: number, y: number] | null} */ (null)), composing = useRef(/** @type {{at: import("./reducer.js").CellName | null, text: string} | null} */ (null));
  Object.assign(settings.current, { cursor });
  const model_ = () => journal.now.current.model;
  const writes = model.sheet.may.marks;
  const opened = `${model.course}:${model.sheet.period}`;
  const lastColumn = model.columns.length - 1;
  const active = typing.positionOf(model, state.active), anchor = typing.positionOf(model, state.anchor);

  const show = useCallback((next) => {
    at.current = next;
    journal.now.current.active = next.active;
    setState(next);
  }, [journal.now]);

  /** Take a step of typing: what it wants written is written at once, by name, before anything else can change. */
  const advance = useCallback(({ state: next, effects }) => {
    show(next);
    const { labels: texts } = journal.now.current;
    for (const effect of effects) {
      const place = typing.positionOf(model_(), effect);
      if (effect.say !== undefined) say(texts[effect.say] === undefined ? effect.say : phrase(texts[effect.say], { text: effect.text }), true);
      else if (!place) continue;
      else if (effect.write !== undefined) {
        const cell = model_().rows[place[0]].cells[place[1]];
        if (effect.write !== cell.shown || cell.state === "refused" || cell.state === "ask") write([[...place, effect.write]]);
      } else if (effect.ask !== undefined) question(...place, effect.ask);
      else strike(...place, effect.wrong);
    }
  }, [journal.now, question, say, show, strike, write]);

  const put = useCallback((letter) => {
    wantsFocus.current = true;
    advance(typing.letter(at.current, model_(), letter, whyNot, NEXT[settings.current.cursor] ?? NEXT.down));
  }, [advance, whyNot]);
  const typeText = useCallback((text) => { for (const letter of text.normalize("NFKC").toLowerCase()) put(letter === "+" ? "/" : letter); }, [put]);

  /** A composition is over: what it ended with is typed, once, in the cell where it began, wherever the cursor is by now. */
  const endComposition = useCallback((text) => {
    const began = composing.current?.at, gone = at.current.active;
    composing.current = null;
    setComposed(null);
    if (!text || !began || !typing.positionOf(model_(), began)) return;
    if (began.student !== gone?.student || began.work !== gone?.work) show({ ...at.current, active: began });
    typeText(text);
  }, [show, typeText]);

  /** End what is typed, whatever comes next. */
  const finish = useCallback(() => {
    if (composing.current) endComposition(composing.current.text);
    advance(typing.finish(at.current, model_()));
  }, [advance, endComposition]);
  useEffect(() => {
    const { current } = journal.now;
    current.settle = finish;
    return () => { finish(); current.settle = null; };
  }, [finish, journal.now]);

  const go = useCallback((r, c, { extend = false, focus = true } = {}) => {
    if (composing.current) endComposition(composing.current.text);
    wantsFocus.current = focus;
    advance(typing.go(at.current, model_(), r, c, extend));
  }, [advance, endComposition]);

  const here = () => typing.positionOf(model_(), at.current.active);

  // The first look: where somebody was today, else today's column near the right edge with two lessons after it. Whoever opens a
  // journal types next: the cell that looks active has the focus, unless the person is at work elsewhere on the page.
  useLayoutEffect(() => {
    const box = table.current?.parentElement;
    if (!box || lastColumn < 0 || !model.rows.length) return;
    const begin = (r, c) => show({ ...typing.nothing, active: typing.nameOf(model, [r, c]), near: [r, c] });
    const elsewhere = document.activeElement?.closest("input, select, textarea, dialog, [role=dialog], .panel, .jdetails");
    wantsFocus.current = !elsewhere || Boolean(table.current?.contains(elsewhere));
    const asked = model.columnOf.get(model.sheet.at);
    if (asked !== undefined) { begin(0, asked); return; }
    const place = journal.queue.store.place(opened);
    const r = model.rowOf.get(place?.student), c = model.columnOf.get(place?.work);
    if (place?.day === journal.clock({ dateStyle: "short" }) && r !== undefined && c !== undefined) {
      begin(r, c);
      [box.scrollLeft, box.scrollTop] = [place.left, place.top];
      return;
    }
    const held = lastHeld(model.columns), shown = model.columns[Math.min(held + 2, lastColumn)];
    begin(0, held);
    const cell = /** @type {HTMLElement | null} */ (box.querySelector(`thead [data-testid="column-${shown.id}"]`)), total = /** @type {HTMLElement | null} */ (box.querySelector(".tt.t1"));
    const totals = means ? 2 * (total?.offsetWidth ?? 0) : 0;
    if (cell) box.scrollLeft = Math.max(0, cell.offsetLeft + cell.offsetWidth + totals - box.clientWidth);
  }, [opened, lastColumn < 0]);
  // Rows and columns that come, go or move: the cursor and what is typed follow their cell.
  useLayoutEffect(() => { if (at.current.active) advance(typing.follow(at.current, model_())); }, [model.columns, advance]);

  // The active cell gets the focus; its column is tinted past React, so that moving renders two rows and no more.
  useLayoutEffect(() => {
    const found = table.current;
    if (!found || !active) return;
    for (const one of found.querySelectorAll("[data-x]")) one.removeAttribute("data-x");
    for (const one of found.querySelectorAll(`td[data-c="${active[1]}"],th[data-c="${active[1]}"]`)) one.setAttribute("data-x", "");
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    const cell = /** @type {HTMLElement | null} */ (found.querySelector(`td[data-r="${active[0]}"][data-c="${active[1]}"]`)), field = cell?.querySelector("input");
    (field ?? cell)?.focus({ preventScroll: true });
    field?.select();
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [state.active, model.columns, opened, bar]);

  const refocus = useCallback(() => { wantsFocus.current = true; show({ ...at.current, active: at.current.active && { ...at.current.active } }); }, [show]);
  useKeptFocus(table, refocus);
  usePanel(journal, go);

  useEffect(() => {
    if (!state.active || !table.current || !isShown(table.current)) return undefined; // behind another view
    showCell(state.active, false);
    const timer = setTimeout(() => {
      const box = table.current?.parentElement;
      if (box) journal.queue.store.place(opened, { ...state.active, day: journal.clock({ dateStyle: "short" }), left: box.scrollLeft, top: box.scrollTop });
    }, PLACE_AFTER);
    return () => clearTimeout(timer);
  }, [state.active?.student, state.active?.work, opened, showCell]);

  /** The cells of the chosen block, or the active one. */
  const chosen = useCallback(() => {
    const to = here(), rows = [];
    if (!to) return rows;
    const [[top, left], [bottom, right]] = block(to, typing.positionOf(model_(), at.current.anchor) ?? to);
    for (let r = top; r <= bottom; r += 1) rows.push(Array.from({ length: right - left + 1 }, (_, step) => [r, left + step]));
    return rows;
  }, []);

  /** What of a block was left out, and why: for the list, and marked in its cell where there is one and something to show. */
  const leave = useCallback((closed, beyond = []) => {
    const { rows, columns } = model_();
    const placed = closed.map(([r, c, text, why]) => ({ student: rows[r].id, work: columns[c].id, name: rows[r].name, day: shortDate(columns[c]), text, why }));
    setLeft([...placed, ...beyond]);
    for (const [r, c, text, why] of closed) if (text) journal.mark(r, c, text, why);
    return placed.length + beyond.length;
  }, [journal.mark, setLeft]);

  /** Say what came of a block: written, asked, left out, and what else there is to say. */
  const sum = useCallback((found, told = [], beyond = []) => {
    const { labels: texts } = journal.now.current, count = leave(found.closed, beyond);
    const cleared = found.written.filter(([, , text]) => text === "").length;
    const parts = [
      found.written.length - cleared ? plural(texts, texts.written, found.written.length - cleared) : "",
      cleared ? plural(texts, texts.cleared, cleared) : "",
      ...told,
      found.questions.length ? plural(texts, texts.asked, found.questions.length) : "",
      count ? plural(texts, texts.leftOut, count) : "",
    ].filter(Boolean);
    const sentence = parts.map((part) => part[0].toLowerCase() + part.slice(1)).join(", ");
    say(sentence ? `${sentence[0].toUpperCase()}${sentence.slice(1)}.` : texts.nothingToChange, Boolean(count || found.questions.length));
  }, [journal.now, leave, say]);

  const clear = useCallback((oneLetter) => {
    if (at.current.typed) { show(oneLetter ? typing.erase(at.current, model_()) : typing.drop(at.current)); return; }
    const place = here();
    if (!place) return;
    const cell = model_().rows[place[0]].cells[place[1]];
    if (["refused", "conflict", "ask"].includes(cell.state)) { restore(...place); return; }
    const cells = chosen().flat(), found = bring(cells.map(([r, c]) => [r, c, ""]));
    if (cells.length > 1) sum(found);
    else if (found.closed.length) say(found.closed[0][3], true);
  }, [bring, chosen, restore, say, show, sum]);

  const escape = useCallback(() => {
    if (at.current.typed) { show(typing.drop(at.current)); return; }
    if (at.current.anchor) { show({ ...at.current, anchor: null }); return; }
    const place = here(), grid = table.current;
    if (!place || !grid) return;
    if (["refused", "conflict", "ask"].includes(model_().rows[place[0]].cells[place[1]].state)) { restore(...place); return; }
    const stops = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("a[href], button:not([disabled]), input, select, textarea, summary, [tabindex='0']"))]
      .filter((one) => !grid.contains(one) && one.offsetParent !== null && (grid.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING));
    (stops[0] ?? document.getElementById("main"))?.focus();
  }, [restore, show]);

  const fill = useCallback(() => {
    finish();
    const to = here(), from = typing.positionOf(model_(), at.current.anchor), shownAt = ([r, c]) => typing.standing(model_().rows[r].cells[c]);
    if (!to || !from) { say(journal.now.current.labels.chooseFirst); return; }
    const value = shownAt(to) || shownAt(from);
    sum(bring(chosen().flat().map(([r, c]) => [r, c, value])));
  }, [bring, chosen, finish, journal.now, say, sum]);

  const goMonth = useCallback((by) => {
    const { columns } = model_(), place = here();
    if (!place) return;
    const [r, c] = place, months = [...new Set(columns.map((column) => column.month))];
    const month = months[Math.max(0, Math.min(months.length - 1, months.indexOf(columns[c].month) + by))];
    go(r, columns.findIndex((column) => column.month === month));
  }, [go]);

  /** «/» on a question keeps both, where the school allows it. */
  const keepBoth = useCallback(() => {
    const place = here();
    if (!place) return false;
    const cell = model_().rows[place[0]].cells[place[1]], both = cell.state === "ask" && !cell.needs && !at.current.typed ? journal.choices(...place).both : null;
    if (both) write([[...place, both]]);
    return Boolean(both);
  }, [journal.choices, write]);

  /** Enter or F2 on an older mark that waits for a reason: to its field. */
  const giveReason = useCallback((place) => {
    if (at.current.typed || !model_().rows[place[0]].cells[place[1]].needs) return false;
    /** @type {HTMLElement | null} */ (document.querySelector("[data-testid=grid-reason] input"))?.focus();
    return true;
  }, []);

  const toPanel = useCallback((target) => enterPanel(at.current.active?.work, target, () => say(journal.now.current.labels.panelBehind, true)), [journal.now, say]);

  const onKeyDown = useCallback((event) => {
    const place = here();
    if (!place || event.nativeEvent.isComposing || event.keyCode === 229 || !table.current?.contains(event.target)) return;
    const wish = intention(event);
    if (!wish) {
      if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      if (model_().sheet.may.marks) say(phrase(journal.now.current.labels.bad, { text: event.key }), true);
      return;
    }
    event.preventDefault();
    if (event.repeat && ["letter", "column", "panel", "help", "find", "comment"].includes(wish.type)) return; // a key held down is one key
    const { rows, columns, sheet } = model_(), lastC = columns.length - 1, lastR = rows.length - 1;
    if ((wish.type === "comment" || (wish.commit && !event.shiftKey)) && giveReason(place)) return;
    if (wish.type === "move" || wish.type === "extend") go(place[0] + wish.by[0], place[1] + wish.by[1], { extend: wish.type === "extend" });
    else if (wish.type === "tab") {
      const flat = place[0] * (lastC + 1) + place[1] + wish.by;
      go(Math.floor(flat / (lastC + 1)), ((flat % (lastC + 1)) + lastC + 1) % (lastC + 1));
    } else if (wish.type === "edge") go(place[0], wish.at === "first" ? 0 : lastC);
    else if (wish.type === "corner") go(wish.at === "first" ? 0 : lastR, wish.at === "first" ? 0 : lastC);
    else if (wish.type === "month") goMonth(wish.by);
    else if (wish.type === "today") go(place[0], lastHeld(columns));
    else if (wish.type === "escape") escape();
    else if (wish.type === "panel") { finish(); showCell(at.current.active, true); toPanel((panel) => panel); }
    else if (wish.type === "help") setHelp(true);
    else if (wish.type === "find") { finish(); setBar("find"); }
    else if (!sheet.may.marks) say(journal.now.current.labels.readOnly);
    else if (wish.type === "clear") clear(wish.one);
    else if (wish.type === "fill") fill();
    else if (wish.type === "undo" || wish.type === "redo") {
      finish();
      const touched = turnBack(wish.type === "undo");
      if (touched.length) go(...touched[0]);
    } else if (wish.type === "comment") {
      finish();
      const cell = rows[place[0]].cells[place[1]];
      if (whyNot(...place)) say(whyNot(...place), true);
      else if (!hasMark(cell.shown)) say(journal.now.current.labels.noMarkToComment);
      else setBar("comment");
    } else if (wish.type === "column") {
      finish();
      if (wish.value) callAbsent(place[1]);
      else callPresent(place[1]);
    } else if (wish.letter !== "/" || !keepBoth()) put(wish.letter);
  }, [callAbsent, callPresent, clear, escape, fill, finish, giveReason, go, goMonth, journal.now, keepBoth, showCell, put, say, toPanel, turnBack, whyNot]);

  // Touch keyboards, dictation and inserted text make no usable keydown: their letters arrive here. What a composing keyboard shows
  // meanwhile is no value yet: only what it ends with counts, once, in the cell where it began.
  const onInput = useCallback((event) => {
    const { data, inputType, isComposing } = event.nativeEvent;
    if (composing.current) {
      composing.current.text = data ?? "";
      setComposed(event.target.value);
    } else if (isComposing || inputType === "insertFromComposition" || inputType === "insertCompositionText") return;
    else if (data) typeText(data);
    else if (inputType?.startsWith("delete")) clear(true);
  }, [clear, typeText]);
  const onCompositionStart = useCallback(() => { composing.current = { at: at.current.active, text: "" }; }, []);
  const onCompositionEnd = useCallback((event) => { if (composing.current) endComposition(event.data); }, [endComposition]);

  const onCopy = useCallback((event) => {
    if (!here() || at.current.typed) return;
    event.preventDefault();
    const block_ = chosen();
    event.clipboardData.setData("text/plain", spellBlock(block_.map((cells) => cells.map(([r, c]) => typing.standing(model_().rows[r].cells[c])))));
    const count = block_.flat().length, { labels: texts } = journal.now.current;
    if (event.type === "cut" && model_().sheet.may.marks) clear(false);
    else say(plural(texts, texts.copied, count));
  }, [chosen, clear, journal.now, say]);

  const onPaste = useCallback((event) => {
    const present = model_(), { labels: texts } = journal.now.current;
    if (!here() || !present.sheet.may.marks) return;
    event.preventDefault();
    finish();
    let lines = parseBlock(event.clipboardData.getData("text/plain"));
    const area = chosen();
    if (lines.length === 1 && lines[0].length === 1 && at.current.anchor) lines = area.map((cells) => cells.map(() => lines[0][0]));
    const [top, left] = area[0][0], values = [], unread = [], beyond = [];
    let decimals = 0;
    lines.forEach((line, dr) => line.forEach((raw, dc) => {
      const r = top + dr, c = left + dc;
      if (r >= present.rows.length || c >= present.columns.length) {
        if (raw.trim()) beyond.push({ name: present.rows[r]?.name ?? texts.noRow, day: present.columns[c] ? shortDate(present.columns[c]) : texts.noColumn, text: raw.trim(), why: texts.beyond });
        return;
      }
      const text = readDecimal(raw), grammar = typing.grammarOf(present, c), value = parseText(text, grammar);
      if (value === null) unread.push([r, c, raw.trim(), phrase(texts[whyUnread(text, grammar)], { text: raw.trim() })]);
      else { if (text !== raw) decimals += 1; values.push([r, c, value]); }
    }));
    const found = bring(values);
    sum({ ...found, closed: [...found.closed, ...unread] }, decimals ? [plural(texts, texts.decimals, decimals)] : [], beyond);
  }, [bring, chosen, finish, journal.now, sum]);

  /** @returns {import("./reducer.js").Position | null} */
  const cellAt = (event) => {
    const cell = event.target.closest?.("td[data-c]");
    return cell ? [Number(cell.dataset.r), Number(cell.dataset.c)] : null;
  };
  const onMouseDown = useCallback((event) => {
    const cell = cellAt(event);
    if (!cell || event.button !== 0) return;
    event.preventDefault();
    dragging.current = [event.clientX, event.clientY];
    go(...cell, { extend: event.shiftKey });
    showCell(at.current.active, false); // also of the cell that is active already: somebody wants to know
  }, [go, showCell]);
  const onMouseOver = useCallback((event) => {
    const from = dragging.current, moved = from && (event.clientX !== from[0] || event.clientY !== from[1]); // a bar that opens moves the cells, not the pointer
    const cell = moved && event.buttons === 1 ? cellAt(event) : null;
    const place = cell && here();
    if (place && (cell[0] !== place[0] || cell[1] !== place[1])) go(...cell, { extend: true });
  }, [go]);
  useEffect(() => {
    const up = () => { dragging.current = null; };
    window.addEventListener("mouseup", up);
    return () => window.removeEventListener("mouseup", up);
  }, []);
  const onFocus = useCallback((event) => { if (event.target.tagName === "INPUT") event.target.select(); }, []);
  const onPanel = useCallback((c) => { go(here()?.[0] ?? 0, c); showCell(at.current.active, true); }, [go, showCell]);

  // F6 goes round toolbar, table and panel; whatever closes the panel gives the focus back to the table.
  useEffect(() => {
    const zones = () => [".jbar.no-print", ".gbar", "[data-testid=journal-grid]", "[data-testid=lesson-panel]"].flatMap((name) => {
      const zone = document.querySelector(name);
      return zone && isShown(zone) ? [zone] : [];
    });
    const jump = (event) => {
      if (event.key === "Escape" && event.target.closest?.("[data-testid=lesson-panel]")) /** @type {HTMLElement | null} */ (document.querySelector("[data-closes]"))?.click();
      const typing_ = event.target.closest?.("input, textarea, select, table.g");
      if (event.ctrlKey && !event.altKey && ["KeyZ", "KeyY"].includes(event.code) && !typing_) { // what a button of the panel wrote
        event.preventDefault();
        const touched = turnBack(event.code === "KeyZ" && !event.shiftKey);
        if (touched.length) go(...touched[0]);
        return;
      }
      if (event.key !== "F6") return;
      event.preventDefault();
      if (at.current.active && table.current?.contains(document.activeElement)) { finish(); showCell(at.current.active, false, true); }
      const all = zones(), zone = all.findIndex((one) => one.contains(document.activeElement));
      const next = zone < 0 ? table.current : all[(zone + (event.shiftKey ? all.length - 1 : 1)) % all.length];
      if (!next || next.contains(table.current)) refocus();
      else if (next.matches(".panel") && !event.shiftKey) toPanel(firstControl);
      else firstControl(next).focus();
    };
    const closed = (event) => { if (event.target.closest?.("[data-closes]")) refocus(); };
    document.addEventListener("keydown", jump);
    document.addEventListener("click", closed);
    return () => { document.removeEventListener("keydown", jump); document.removeEventListener("click", closed); };
  }, [finish, go, showCell, refocus, toPanel, turnBack]);

  const closeBar = useCallback(() => { setBar(""); refocus(); }, [refocus]);
  const guests = useMemo(() => {
    const found = new Map();
    for (const guest of journal.guests.values()) found.set(guest.student, { ...found.get(guest.student), [guest.work]: guest.who });
    return found;
  }, [journal.guests]);
  const editing = composed ?? state.typed?.text ?? null, wrong = Boolean(state.typed?.wrong);
  const [[top, left], [bottom, right]] = active && anchor ? block(active, anchor) : [[-1, -1], [-2, -2]];

  return (
    <div className="gframe">
      <SaveLine journal={journal} onGo={(to) => go(...to)} />
      <OpenedBar journal={journal} />
      <ConflictBar journal={journal} at={active} onDone={closeBar} />
      <AskBar journal={journal} at={active} onDone={closeBar} />
      <PresentBar journal={journal} onDone={closeBar} />
      <RestBar journal={journal} />
      <LeftBar journal={journal} onGo={(to) => go(...to)} />
      {bar === "comment" && active ? <CommentBar journal={journal} at={active} onDone={closeBar} /> : null}
      {bar === "find" && active ? <FindBar journal={journal} at={active} onFound={(r) => go(r, active[1], { focus: false })} onDone={closeBar} /> : null}
      <div className={means ? "gridbox" : "gridbox nomeans"}>
        <table className="g" role="grid" ref={table} style={{ "--columns": model.columns.length }} aria-label={model.sheet.caption} aria-describedby="grid-help" aria-rowcount={model.rows.length + 4}
          aria-colcount={model.columns.length + 3} aria-readonly={!writes} aria-multiselectable data-testid="journal-grid"
          onKeyDown={onKeyDown} onInput={onInput} onCompositionStart={onCompositionStart} onCompositionEnd={onCompositionEnd} onPaste={onPaste} onCopy={onCopy} onCut={onCopy} onMouseDown={onMouseDown} onMouseOver={onMouseOver} onFocus={onFocus}>
          <colgroup><col className="wn" /><col className="wc" span={model.columns.length} /><col className="wt" span={2} /></colgroup>
          <Head writes={writes} columns={model.columns} count={model.rows.length} labels={labels} onPanel={onPanel} />
          <tbody>
            {model.rows.map((row, r) => (
              <Row key={row.id} row={row} index={r} columns={model.columns} labels={labels} writes={writes} active={active?.[0] === r ? active[1] : -1}
                from={r >= top && r <= bottom ? left : -1} to={r >= top && r <= bottom ? right : -2} editing={active?.[0] === r ? editing : null} wrong={active?.[0] === r && wrong} guests={guests.get(row.id)} />
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
