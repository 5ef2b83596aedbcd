// The head (months, days, kinds of work) and the foot (who was there) of the grid.

import { memo, useMemo } from "react";
import { placeInDay, present } from "./reducer.js";

function months(columns) {
  const found = [];
  for (const column of columns) {
    if (found.length && found.at(-1).name === column.month) found.at(-1).span += 1;
    else found.push({ name: column.month, span: 1, key: column.id });
  }
  return found;
}

const Lock = () => <svg className="i lk" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3" /></svg>;

const Opened = () => <svg className="i ul" viewBox="0 0 24 24" aria-hidden="true"><path d="M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 6.800-1.200" /></svg>;

const isLocked = ({ state }) => state === "locked" || state === "closed";

function headClass(column) {
  const found = [];
  if (column.opened) found.push("unl");
  if (isLocked(column)) found.push("lck");
  if (column.state === "future") found.push("fut");
  if (column.control) found.push("ctl");
  if (column.today) found.push("today");
  return found.join(" ");
}

/** @typedef {import("./reducer.js").Column} Column */

export const Head = memo(/** @param {{columns: Column[], count: number, labels: any, writes: boolean, onPanel: (c: number) => void}} props */ function Head({ columns, count, labels, writes, onPanel }) {
  return (
    <thead>
      <tr className="h1" aria-rowindex={1}>
        <th className="nm" rowSpan={3} scope="col"><div className="row between"><span>{labels.student}</span><span className="dim xs">{count}</span></div></th>
        {months(columns).map((month) => <th key={month.key} colSpan={month.span} scope="colgroup" className="mon"><span>{month.name}</span></th>)}
        <th className="tt t1" rowSpan={3} scope="col"><abbr title={labels.countTitle}>{labels.count}</abbr></th>
        <th className="tt t2" rowSpan={3} scope="col"><abbr title={labels.meanTitle}>{labels.mean}</abbr></th>
      </tr>
      <tr className="h2" aria-rowindex={2}>
        {columns.map((column, c) => (
          <th key={column.id} scope="col" className={headClass(column)} data-testid={`column-${column.id}`} data-c={c}
            title={[column.topic, column.typeName, column.opened, column.why].filter(Boolean).join(". ")} onClick={() => onPanel(c)}>
            {writes && isLocked(column) && <Lock />}<b>{column.day}</b><small>{column.weekday}{placeInDay(columns, c)}{column.opened ? <Opened /> : null}</small>
          </th>
        ))}
      </tr>
      <tr className="h3" aria-rowindex={3}>
        {columns.map((column) => (
          <td key={column.id} className={headClass(column)}>
            <span className={`wt${column.control ? " kr" : " o"}`}>{column.type}<i>{column.weight}</i></span>
          </td>
        ))}
      </tr>
    </thead>
  );
});

export function Foot({ model, labels }) {
  const counts = useMemo(() => model.columns.map((column, c) => (column.state === "future" ? "" : present(model, c))), [model.rows, model.columns]);
  return (
    <tfoot>
      <tr aria-rowindex={model.rows.length + 4}>
        <th className="nm" scope="row">{labels.present}</th>
        {model.columns.map((column, c) => <td key={column.id}>{counts[c]}</td>)}
        <td className="tt t1" /><td className="tt t2" />
      </tr>
    </tfoot>
  );
}
