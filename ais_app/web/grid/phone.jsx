// The journal on a phone: one lesson at a time, its students as a list, a pad of marks under the name that was tapped.

import { useEffect, useState } from "react";
import { ConflictBar, RestBar, SaveLine } from "./bars.jsx";
import { cellId, colourOf } from "./row.jsx";
import { lastHeld } from "./table.jsx";
import { phrase, plural } from "./use_journal.js";

function Days({ columns, current, labels, onChoose }) {
  const [strip, setStrip] = useState(null);
  useEffect(() => { strip?.querySelector("[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" }); }, [strip, current]);
  return (
    <nav className="days" aria-label={labels.lessons} ref={setStrip}>
      {columns.map((column, c) => (
        <button key={column.id} type="button" aria-current={c === current ? "date" : undefined} data-testid={`day-${column.id}`} onClick={() => onChoose(c)}
          aria-label={`${column.weekday} ${column.day}, ${column.month}, ${column.typeName}${column.today ? `, ${labels.today}` : ""}`} className={column.today ? "now" : undefined}>
          <small>{column.weekday}</small>{column.day}
          {column.state === "future" ? null : <span className={column.topic ? "d" : "d w"} />}
        </button>
      ))}
    </nav>
  );
}

function Pad({ values, codes, shown, labels, onPut }) {
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

export function Phone({ journal }) {
  const { model, labels, whyNot, write, look } = journal;
  const [chosen, setChosen] = useState(null);
  const [open, setOpen] = useState(-1);
  const c = chosen ?? lastHeld(model.columns), column = model.columns[c];
  useEffect(() => { setChosen(null); setOpen(-1); }, [model.course, model.sheet.period]);
  useEffect(() => { if (model.rows.length && column) look([Math.max(open, 0), c], false); }, [c, open, look, model.course, column?.id]);
  if (!column) return null;

  const put = (r, value, goOn) => {
    if (value !== model.rows[r].cells[c].shown) write([[r, c, value]]);
    const next = model.rows.findIndex((_, other) => other > r && !whyNot(other, c));
    if (goOn) setOpen(next);
  };
  return (
    <>
      <Days columns={model.columns} current={c} labels={labels} onChoose={(one) => { setChosen(one); setOpen(-1); }} />
      <section className="card lmarks" data-testid="phone-marks">
        <div className="hd"><h2>{labels.marks}</h2><SaveLine here journal={journal} onGo={([r, to]) => { setChosen(to); setOpen(r); }} /></div>
        {column.why ? <p className="note warn">{column.why}</p> : null}
        <RestBar journal={journal} />
        <p className={journal.message.alert ? "gsay alert" : "vh"} role={journal.message.alert ? "alert" : "status"} data-testid="grid-status">{journal.message.text}</p>
        <ul className="pl">
          {model.rows.map((row, r) => {
            const cell = row.cells[c], shut = whyNot(r, c), here = open === r && !shut;
            return (
              <li key={row.id} className={here ? "on" : undefined}>
                <span className="nmx">{row.name}<small>{row.mean ? phrase(labels.rowSums, { mean: row.mean, count: plural(labels, labels.marksCount, row.count) }) : labels.noMarks}{cell.comment ? ` · ${cell.comment}` : ""}</small></span>
                <button type="button" className={`val ${colourOf(cell.shown)} ${cell.state === "saving" ? "s-saving" : ""} ${cell.state === "refused" ? "s-invalid" : ""} ${cell.state === "conflict" ? "s-conflict" : ""}`}
                  aria-expanded={here} aria-disabled={Boolean(shut)} aria-label={`${phrase(labels.markOf, { name: row.name })}: ${cell.shown || labels.empty}`}
                  data-testid={cellId(row.id, column)} data-value={cell.shown} data-state={cell.state} onClick={() => (shut ? journal.say(shut, true) : setOpen(here ? -1 : r))}>
                  {cell.shown || <span className="dim">{shut ? "" : "+"}</span>}
                </button>
                {here ? <ConflictBar journal={journal} at={[r, c]} onDone={() => {}} /> : null}
                {here ? <Pad values={model.sheet.values} codes={column.nth > 1 ? model.sheet.codes.filter((code) => !"ноубу".includes(code)) : model.sheet.codes} shown={cell.shown} labels={labels} onPut={(value, goOn) => put(r, value, goOn)} /> : null}
              </li>
            );
          })}
        </ul>
      </section>
    </>
  );
}
