// Around the grid: the line of saving, two values for one cell, what was left out, finding a student, a comment, all keys.

import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { presentDrafts, whenDraftsCome } from "../../../web/drafts/afar.js";
import { makeUid } from "../../../web/drafts/uid.js";
import { phrase, plural } from "./use_journal.js";
import * as reduce from "./reducer.js";
import { positionOf } from "./typing.js";

const Check = () => <svg className="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 12.8l4.5 4.5L19 7.5" /></svg>;
const Swap = () => <svg className="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M5 8.5h13M14.5 5 18 8.5 14.5 12M19 15.5H6M9.5 12 6 15.5 9.5 19" /></svg>;
const Ask = () => <svg className="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 17.5v.2" /></svg>;
const Alert = () => <svg className="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4 21 19.5H3zM12 10v4.5M12 17v.2" /></svg>;

/**
 * Saved, saving or waiting; beside it what needs a decision. It stands in the page's heading, on a phone `here`: where it is written.
 * @param {{journal: import("./use_journal.js").Journal, onGo: (to: import("./reducer.js").Position) => void, here?: boolean}} props
 */
export function SaveLine({ journal, onGo, here = false }) {
  const { line, labels, connected } = journal;
  const [place, setPlace] = useState(/** @type {HTMLElement | null} */ (null));
  useEffect(() => setPlace(document.getElementById("journal-status")), []);
  const [conflicts, questions, wrong] = /** @type {const} */ (["conflict", "ask", "refused"]).map((state) => reduce.inState(journal.model, state));
  let text = line.saved ? phrase(labels.saved, { time: line.saved }) : "";
  if (line.waiting) text = phrase(connected ? labels.slow : labels.offline, { what: plural(labels, labels.waiting, line.waiting) });
  else if (!connected) text = labels.offlineNothing;
  const found = (
    <>
      <span className={line.waiting || !connected ? "save late" : "save"} role="status" data-testid="save-status" data-busy={line.busy || undefined}>
        {text && !line.waiting && connected ? <Check /> : null}{text}
      </span>
      {conflicts.length ? <button type="button" className="badge conflict" data-testid="conflicts" onClick={() => onGo(conflicts[0])}><Swap />{plural(labels, labels.conflicts, conflicts.length)}</button> : null}
      {questions.length ? <button type="button" className="badge warn" data-testid="questions" onClick={() => onGo(questions[0])}><Ask />{plural(labels, labels.questions, questions.length)}</button> : null}
      {wrong.length ? <button type="button" className="badge danger" data-testid="wrong-entries" onClick={() => onGo(wrong[0])}><Alert />{plural(labels, labels.wrong, wrong.length)}</button> : null}
    </>
  );
  if (here) return <span className="row">{found}</span>;
  return place ? createPortal(found, place) : null;
}

/** What is open past its term: which days, until when, by whom. It stands while it lasts. */
export function OpenedBar({ journal: { model, now } }) {
  const lasting = [...new Set(reduce.lasting(model, Date.now() + now.current.skew).map((one) => one.about))];
  if (!lasting.length) return null;
  return (
    <div className="gbar ok" role="note" data-testid="grid-opened">
      <svg className="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 6.7-1.4" /></svg>
      <span>{lasting.join(" ")}</span>
    </div>
  );
}

/** A period without lessons: what is empty, and what can be done. */
export function NoLessons({ labels, readOnly }) {
  return (
    <div className="empty" data-testid="no-lessons">
      <svg className="i" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 5h16v14H4zM4 10h16M9 5v14M4 14.5h16M14.5 10v9" /></svg>
      <h2>{labels.noLessons}</h2>
      <p>{readOnly ? labels.noLessonsRead : labels.noLessonsWrite}</p>
    </div>
  );
}

export function ConflictBar({ journal, at, onDone }) {
  const { labels, model } = journal, cell = at && model.rows[at[0]]?.cells[at[1]];
  if (cell?.state !== "conflict" || !cell.theirs) return null;
  const theirs = cell.theirs.value || labels.empty, mine = cell.shown || labels.empty;
  const decide = (own) => { journal.decide(at[0], at[1], own); onDone(); };
  // Two marks fit into one cell; an absence of the lesson or a pair that is there already does not go with another.
  const both = [cell.theirs.value, cell.shown].every((one) => /^[1-5]$/.test(one)) ? `${theirs}/${mine}` : "";
  return (
    <div className="gbar conflict" role="group" aria-label={labels.conflict} data-testid="grid-conflict">
      <span>{phrase(labels.conflictText, { who: cell.theirs.who || labels.somebody, theirs, mine })}</span>
      <button type="button" className="btn sm" data-testid="take-theirs" onClick={() => decide(false)}>{phrase(labels.takeTheirs, { theirs })}</button>
      <button type="button" className="btn sm" data-testid="take-mine" onClick={() => decide(true)}>{phrase(labels.takeMine, { mine })}</button>
      {both ? <button type="button" className="btn sm ghost" data-testid="take-both" onClick={() => { journal.write([[at[0], at[1], both]]); onDone(); }}>{phrase(labels.takeBoth, { both })}</button> : null}
    </div>
  );
}

/** A mark met an absence: nothing is written until one of these is chosen; «/» and Esc do it from the keyboard. */
export function AskBar({ journal, at, onDone }) {
  const { labels, model } = journal, cell = at && model.rows[at[0]]?.cells[at[1]];
  if (cell?.state !== "ask") return null;
  if (cell.needs) return <ReasonBar key={`${model.rows[at[0]].id}:${model.columns[at[1]].id}`} journal={journal} at={at} onDone={onDone} />;
  const { both, replace } = journal.choices(...at), answer = (text) => { journal.write([[...at, text]]); onDone(); };
  return (
    <div className="gbar ask" role="group" aria-label={labels.question} data-testid="grid-question">
      <span>{phrase(labels.asksOf, { name: model.rows[at[0]].name, value: cell.asked, there: cell.value })}</span>
      {both ? <button type="button" className="btn sm" data-testid="ask-both" onClick={() => answer(both)}>{phrase(labels.askBoth, { both })}<kbd>/</kbd></button> : null}
      <button type="button" className="btn sm" data-testid="ask-replace" onClick={() => answer(replace)}>{phrase(labels.askReplace, { value: replace })}</button>
      <button type="button" className="btn sm ghost" data-testid="ask-leave" onClick={() => { journal.restore(...at); onDone(); }}>{phrase(labels.askLeave, { there: cell.value })}<kbd>Esc</kbd></button>
    </div>
  );
}

const LONGEST_REASON = 500; // the server refuses more

/** An older mark is to be changed: it stands until somebody says why. The field takes the focus when it is asked to (Enter, F2), not by itself: who types on types marks. */
function ReasonBar({ journal, at, onDone }) {
  const { labels, model } = journal, row = model.rows[at[0]], cell = row.cells[at[1]];
  const there = cell.value || labels.empty, value = cell.asked || labels.empty;
  const take = (reason) => {
    if (!reason.trim()) return false;
    journal.write([[...at, cell.asked]], { reason: reason.trim() });
    journal.say(phrase(labels.put, { name: row.name, from: there, to: value }));
    onDone();
    return true;
  };
  return <FieldBar kind="ask" quiet label={phrase(labels.correctionOf, { name: row.name, there, value })} value="" limit={LONGEST_REASON} testId="grid-reason"
    draft={`reason:${row.id}:${model.columns[at[1]].id}`} draftLabel={labels.draftRestored}
    takeLabel={phrase(labels.reasonWrite, { value })} closeLabel={phrase(labels.askLeave, { there })} onTake={take} onClose={() => { journal.restore(...at); onDone(); }} onEscape={onDone} />;
}

/** What came too late stands in its cell until the person drops it: on a phone there is no Esc. */
export function LateBar({ journal, at }) {
  const cell = journal.model.rows[at[0]].cells[at[1]];
  return (
    <div className="gbar danger" data-testid="grid-late">
      <span>{cell.why || journal.whyNot(...at)}</span>
      <button type="button" className="btn sm" data-testid="drop-entry" onClick={() => journal.restore(...at)}>{journal.labels.dropEntry}</button>
    </div>
  );
}

/** «Все присутствуют» takes entries away: it says whose, and waits for a word. */
export function PresentBar({ journal, onDone }) {
  const { asking, labels } = journal, yes = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useEffect(() => { if (asking) yes.current?.focus(); }, [asking]);
  if (!asking) return null;
  const answer = (all) => { journal.answerPresent(all); onDone(); };
  const most = 6, { names } = asking, shown = names.length > most ? `${names.slice(0, most).join(", ")}…` : names.join(", ");
  return (
    <div className="gbar ask" role="group" aria-label={labels.question} data-testid="grid-present"
      onKeyDown={(event) => { if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); answer(false); } }}>
      <span>{plural(labels, labels.asksPresent, names.length)} <span className="dim">{shown}</span></span>
      <button type="button" className="btn sm" data-testid="present-yes" ref={yes} onClick={() => answer(true)}>{labels.presentYes}</button>
      <button type="button" className="btn sm ghost" data-testid="present-no" onClick={() => answer(false)}>{labels.presentNo}</button>
    </div>
  );
}

/**
 * What of a block was left out: how many, and by a button each with its reason.
 * @param {{journal: import("./use_journal.js").Journal, onGo: (to: import("./reducer.js").Position) => void}} props
 */
export function LeftBar({ journal, onGo }) {
  const { left, setLeft, labels, model } = journal, dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  if (!left.length) return null;
  const hide = () => {
    for (const one of left) {
      const place = one.student && positionOf(model, one);
      if (place && model.rows[place[0]].cells[place[1]].state === "refused") journal.restore(...place);
    }
    setLeft([]);
  };
  const goTo = (one) => { const place = positionOf(model, one); dialog.current?.close(); if (place) onGo(place); };
  return (
    <div className="gbar danger" data-testid="grid-left">
      <span>{plural(labels, labels.leftOut, left.length)}</span>
      <button type="button" className="btn sm" data-testid="left-list" onClick={() => dialog.current?.showModal()}>{labels.showLeft}</button>
      <button type="button" className="btn sm ghost" data-testid="left-hide" onClick={hide}>{labels.hideLeft}</button>
      <dialog ref={dialog} className="dlg" aria-labelledby="left-title" data-testid="left-dialog">
        <h2 id="left-title">{plural(labels, labels.leftOut, left.length)}</h2>
        <ul className="leftlist">
          {left.map((one, index) => (
            <li key={index}>
              {one.student ? <button type="button" className="linkish" onClick={() => goTo(one)}>{one.name}, {one.day}</button> : <span>{one.name}, {one.day}</span>}
              <b>{one.text || labels.empty}</b><span className="dim">{one.why}</span>
            </li>
          ))}
        </ul>
        <form method="dialog"><button type="submit" className="btn">{labels.close}</button></form>
      </dialog>
    </div>
  );
}

export function RestBar({ journal }) {
  const { rest, labels } = journal;
  if (!rest.length) return null;
  return (
    <div className="gbar danger" data-testid="grid-rest">
      <span>{labels.restText}</span>
      <button type="button" className="btn sm" data-testid="send-rest" onClick={journal.writeRest}>{plural(labels, labels.sendRest, rest.length)}</button>
    </div>
  );
}

/**
 * A line with one field: Enter takes it, Esc puts it away (or `onEscape`: leaves it as it is); focus goes back to the table either way. `quiet`: the focus stays where it is. `draft`: what its text is kept under until then, among the drafts of the page's forms (web/drafts).
 * @param {{kind?: string, quiet?: boolean, label: string, value: string, limit: number, testId: string, takeLabel: string, closeLabel: string, draft?: string, draftLabel?: string,
 *   onTake: (text: string) => unknown, onClose: () => unknown, onEscape?: (() => unknown) | null}} props
 */
function FieldBar({ kind = "info", quiet = false, label, value, limit, testId, takeLabel, closeLabel, draft = "", draftLabel = "", onTake, onClose, onEscape = null }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null)), drafts = useSyncExternalStore(whenDraftsCome, presentDrafts, () => null);
  const [kept, setKept] = useState(/** @type {import("../../../web/drafts/drafts.js").Draft | null} */ (null));
  useLayoutEffect(() => { // a page that is opened anew shows its bar before it knows whose drafts these are
    if (!draft || !drafts || !field.current) return;
    const found = drafts.get(draft);
    if (typed() !== value) keep();
    else if (found) {
      field.current.value = found.values.comment;
      setKept(found);
    }
  }, [draft, drafts]);
  useEffect(() => { if (!quiet) { field.current?.focus(); field.current?.select(); } }, [quiet]);
  const keep = () => drafts?.put(draft, { uid: kept?.uid ?? makeUid(), values: { comment: typed() }, base: { comment: value } });
  const done = (event, then) => {
    event.preventDefault();
    if (then() === false) field.current?.focus();
    else if (draft) drafts?.drop(draft);
  };
  const typed = () => field.current?.value ?? "";
  return (
    <form className={`gbar ${kind}`} data-testid={testId} onSubmit={(event) => done(event, () => onTake(typed()))}
      onKeyDown={(event) => { if (event.key === "Escape") { if (onEscape) { event.preventDefault(); onEscape(); } else done(event, onClose); } }}>
      <label htmlFor={`${testId}-field`}>{label}</label>
      <input id={`${testId}-field`} name="comment" ref={field} className="input" defaultValue={value} maxLength={limit} autoComplete="off" onInput={draft ? keep : undefined} />
      {kept ? <span className="badge info" data-testid="comment-draft">{draftLabel}</span> : null}
      <button type="submit" className="btn sm">{takeLabel}</button>
      <button type="button" className="btn sm ghost" onClick={(event) => done(event, onClose)}>{closeLabel}</button>
    </form>
  );
}

export function CommentBar({ journal, at, onDone }) {
  const { labels, model } = journal, row = model.rows[at[0]], cell = row.cells[at[1]];
  const take = (text) => {
    if (text.trim() !== cell.comment) journal.write([[at[0], at[1], cell.shown, text.trim()]]);
    onDone();
  };
  return <FieldBar label={phrase(labels.commentTo, { value: cell.shown, name: row.name })} value={cell.comment} limit={500} testId="comment-bar"
    draft={`comment:${row.id}:${model.columns[at[1]].id}`} draftLabel={labels.draftRestored}
    takeLabel={labels.write} closeLabel={labels.cancel} onTake={take} onClose={onDone} />;
}

/** The row whose name begins or goes on with what is typed. */
function findRow(rows, text, from) {
  const wanted = text.trim().toLowerCase().replaceAll("ё", "е");
  if (!wanted) return -1;
  const order = [...rows.keys()].map((step) => (from + step) % rows.length);
  const plain = (r) => rows[r].name.toLowerCase().replaceAll("ё", "е");
  return order.find((r) => plain(r).startsWith(wanted)) ?? order.find((r) => plain(r).includes(wanted)) ?? -1;
}

export function FindBar({ journal, at, onFound, onDone }) {
  const { labels, model } = journal;
  const seek = (text, from) => {
    const r = findRow(model.rows, text, from);
    if (r >= 0) onFound(r);
    else if (text.trim()) journal.say(phrase(labels.nobody, { text }), true);
    return r;
  };
  return <FieldBar label={labels.find} value="" limit={60} testId="find-bar" takeLabel={labels.goThere} closeLabel={labels.cancel}
    onTake={(text) => { seek(text, at[0]); onDone(); }} onClose={onDone} />;
}

/** All keys, by `?`. A native dialog: Esc closes, focus returns. */
export function KeysSheet({ labels, open, onClose }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => { if (open) dialog.current?.showModal(); else dialog.current?.close(); }, [open]);
  return (
    <dialog ref={dialog} className="dlg" aria-labelledby="keys-title" data-testid="keys-sheet" onClose={onClose}>
      <h2 id="keys-title">{labels.keysTitle}</h2>
      <dl className="keylist">
        {labels.keys.map(([keys, what]) => (
          <div key={what}><dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt><dd>{what}</dd></div>
        ))}
      </dl>
      <form method="dialog"><button type="submit" className="btn">{labels.close}</button></form>
    </dialog>
  );
}
