// The journal on a phone: one lesson at a time, its students as a list, a pad of marks under the name that was tapped.

import { useCallback, useEffect, useState } from "react";
import { AskBar, ConflictBar, LateBar, OpenedBar, PresentBar, RestBar, SaveLine } from "./bars.jsx";
import { usePanel } from "./panel.js";
import { placeInDay, sharesDay, sharesLesson } from "./reducer.js";
import { cellId, colourOf } from "./row.jsx";
import { lastHeld } from "./table.jsx";
import { grammarOf, nameOf } from "./typing.js";
import { phrase, plural } from "./use_journal.js";

/** Which lesson and which column of it, in words, where there are several on the day. */
function placed(columns, c, labels) {
  const { number, nth } = columns[c], several = sharesLesson(columns, c);
  if (!sharesDay(columns, c)) return [];
  return [number ? phrase(labels.lessonOf, { number }) : "", several ? phrase(labels.columnOf, { number: nth }) : ""];
}

function Days({ columns, current, labels, onChoose }) {
  const [strip, setStrip] = useState(/** @type {HTMLElement | null} */ (null));
  useEffect(() => { strip?.querySelector("[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" }); }, [strip, current]);
  return (
    <nav className="days" aria-label={labels.lessons} ref={setStrip}>
      {columns.map((column, c) => (
        <button key={column.id} type="button" aria-current={c === current ? "date" : undefined} data-testid={`day-${column.id}`} onClick={() => onChoose(c)}
          aria-label={[`${column.weekday} ${column.day}, ${column.month}`, ...placed(columns, c, labels), column.typeName, column.today ? labels.today : ""].filter(Boolean).join(", ")} className={column.today ? "now" : undefined}>
          <small>{column.weekday}{placeInDay(columns, c)}</small>{column.day}
          {sharesDay(columns, c) ? <small className="ty">{column.type}</small> : null}
          {column.state === "future" ? null : <span className={column.topic ? "d" : "d w"} />}
        </button>
      ))}
    </nav>
  );
}

function Pad({ grammar: { values, codes }, shown, labels, onPut }) {
  const [second, setSecond] = useState(false);
  const give = (value) => { onPut(second && shown ? `${shown}/${value}` : value, !second); setSecond(false); };
  return (
    <div className="open" role="group" aria-label={labels.chooseMark}>
      {[...values, ...codes].map((value) => (
        <button key={value} type="button" className={colourOf(value)} aria-pressed={shown === value} data-testid={`put-${value}`} onClick={() => give(value)}>{value}</button>
      ))}
      <button type="button" aria-pressed={second} disabled={!shown} data-testid="put-second" onClick={() => setSecond(!second)} aria-label={labels.secondMark}>{shown ? `${shown}/…` : "5/4"}</button>
      <button type="button" disabled={!shown} data-testid="put-nothing" onClick={() => onPut("", true)} aria-label={labels.clearMark}>✕</button>
    </div>
  );
}

/** No keys on a phone: the last entry is taken back by a button. */
function TakeBack({ journal: { steps, turnBack, labels } }) {
  if (!steps.canUndo) return null;
  return <button type="button" className="btn sm ghost" data-testid="take-back" onClick={() => turnBack(true)}>{labels.takeBack}</button>;
}

export function Phone({ journal }) {
  const { model, now, labels, whyNot, write, putOne, showCell } = journal;
  const [chosen, setChosen] = useState(null);
  const [open, setOpen] = useState("");
  const c = model.columnOf.get(chosen) ?? lastHeld(model.columns), column = model.columns[c], opened = model.rowOf.get(open) ?? -1;
  const active = column && model.rows.length ? nameOf(model, [Math.max(opened, 0), c]) : null;
  now.current.active = active;
  useEffect(() => { setChosen(model.sheet.at || null); setOpen(""); }, [model.course, model.sheet.period]); // a link leads to its lesson
  useEffect(() => { if (active) showCell(active, false); }, [active?.student, active?.work, showCell]);
  const goTo = ([r, to]) => { choose(to); setOpen(model.rows[r].id); setTimeout(() => (document.querySelector(".pl li.on .gbar") ?? document.querySelector(".pl li.on"))?.scrollIntoView({ block: "center" }), 0); };
  const choose = useCallback((to) => { setChosen(now.current.model.columns[to].id); setOpen(""); }, [now]);
  usePanel(journal, useCallback((_r, to) => choose(to), [choose]));
  if (!column) return null;

  const put = (r, value, goOn) => {
    if (value === "") { if (model.rows[r].cells[c].shown !== "") write([[r, c, ""]]); } else putOne(r, c, value);
    const next = model.rows.findIndex((_, other) => other > r && !whyNot(other, c));
    if (goOn) setOpen(model.rows[next]?.id ?? "");
  };
  return (
    <>
      <Days columns={model.columns} current={c} labels={labels} onChoose={choose} />
      <section className="card lmarks" data-testid="phone-marks">
        <div className="hd"><h2>{labels.marks}</h2><TakeBack journal={journal} /><SaveLine here journal={journal} onGo={goTo} /></div>
        {column.why ? <p className="note warn">{column.why}</p> : null}
        <OpenedBar journal={journal} />
        <PresentBar journal={journal} onDone={() => {}} />
        <RestBar journal={journal} />
        <p className={journal.message.alert ? "gsay alert" : "vh"} role={journal.message.alert ? "alert" : "status"} data-testid="grid-status">{journal.message.text}</p>
        <ul className="pl">
          {model.rows.map((row, r) => {
            const cell = row.cells[c], shut = whyNot(r, c), late = Boolean(shut) && ["refused", "conflict", "ask"].includes(cell.state), here = opened === r && !shut;
            return (
              <li key={row.id} className={here ? "on" : undefined}>
                <span className="nmx">{row.name}<small>{row.mean ? phrase(labels.rowSums, { mean: row.mean, count: plural(labels, labels.marksCount, row.count) }) : labels.noMarks}{cell.comment ? ` · ${cell.comment}` : ""}</small></span>
                <button type="button" className={`val ${colourOf(cell.shown)} ${cell.state === "saving" ? "s-saving" : ""} ${cell.state === "refused" ? "s-invalid" : ""} ${cell.state === "conflict" ? "s-conflict" : ""} ${cell.state === "ask" ? "s-ask" : ""}`}
                  aria-expanded={here || (late && opened === r)} aria-disabled={Boolean(shut) && !late} aria-label={`${phrase(labels.markOf, { name: row.name })}: ${cell.shown || labels.empty}`}
                  data-testid={cellId(row.id, column)} data-value={cell.shown} data-state={cell.state} data-asked={cell.needs ? cell.asked : cell.asked || undefined} onClick={() => (shut && !late ? journal.say(shut, true) : setOpen(opened === r ? "" : row.id))}>
                  {cell.state === "ask" ? <>{cell.shown}<sup>?</sup></> : cell.shown || <span className="dim">{shut ? "" : "+"}</span>}
                </button>
                {late && opened === r ? <LateBar journal={journal} at={[r, c]} /> : null}
                {here ? <ConflictBar journal={journal} at={[r, c]} onDone={() => {}} /> : null}
                {here ? <AskBar journal={journal} at={[r, c]} onDone={() => {}} /> : null}
                {here ? <Pad grammar={grammarOf(model, c)} shown={cell.shown} labels={labels} onPut={(value, goOn) => put(r, value, goOn)} /> : null}
              </li>
            );
          })}
        </ul>
      </section>
    </>
  );
}
