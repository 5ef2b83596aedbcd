// One row of the grid and one cell in it. A row renders again only when its own object or its active cell changes.

import { memo } from "react";

const COLOURS = { 5: "v5", 4: "v4", 3: "v3", 2: "v2", 1: "v2", н: "an", б: "ab", у: "au", о: "ao" };

export function cellId(student, column) {
  return `cell-${student}-${column.lesson}${column.nth > 1 ? `-${column.nth}` : ""}`;
}

function classes(cell, column, active, inColumn) {
  const found = ["c"];
  const colour = cell.shown.length > 1 && cell.shown.includes("/") ? "mm" : COLOURS[cell.shown[0]];
  if (colour) found.push(colour);
  if (column.control) found.push("ctl");
  if (cell.state === "locked" || cell.state === "closed" || cell.outside) found.push("lck");
  if (cell.state === "future") found.push("fut");
  if (column.today) found.push("today");
  if (cell.state === "saving") found.push("s-saving");
  if (cell.state === "refused" || cell.state === "unsent") found.push("s-invalid");
  if (cell.state === "conflict") found.push("s-conflict");
  else if (cell.flags & 1) found.push("s-note");
  else if (cell.flags & 2) found.push("s-changed");
  if (active) found.push("act");
  if (inColumn) found.push("selc");
  return found.join(" ");
}

/** What a screen reader says of a cell: person, day, work, value, and what is the matter with it. */
export function spoken(row, column, cell, labels) {
  const parts = [row.name, `${column.day}.${column.date.slice(5, 7)}`, column.typeName, cell.shown || labels.empty];
  if (cell.comment) parts.push(`${labels.comment}: ${cell.comment}`);
  if (cell.flags & 2) parts.push(labels.changed);
  if (cell.outside) parts.push(labels.outside);
  else if (cell.why || column.why) parts.push(cell.why || column.why);
  return parts.join(", ");
}

export const Row = memo(function Row({ row, index, columns, active, editing, column: activeColumn, labels, writes, roving }) {
  return (
    <tr className={active ? "selr" : undefined} aria-rowindex={index + 4}>
      <th scope="row" className="nm" data-testid={`name-${row.id}`}>
        <span className="n">{index + 1}</span>{row.name}{row.note ? <span className="fl">{row.note}</span> : null}
      </th>
      {row.cells.map((cell, c) => {
        const column = columns[c], here = active && activeColumn === c;
        const open = writes && column.state === "open" && !cell.outside;
        const special = cell.flags || cell.why || cell.outside || column.why;
        return (
          <td key={column.id} role="gridcell" className={classes(cell, column, here, activeColumn === c)}
            data-r={index} data-c={c} data-testid={cellId(row.id, column)} data-value={cell.shown}
            data-state={cell.state === "rest" ? "rest" : cell.state} aria-colindex={c + 2}
            aria-selected={here} aria-readonly={!open} aria-invalid={cell.state === "refused" || undefined}
            aria-label={special && !here ? spoken(row, column, cell, labels) : undefined}
            title={cell.why || (cell.outside ? labels.outside : cell.comment) || undefined}
            tabIndex={!writes && roving && here ? 0 : undefined}>
            {here && writes
              ? <input value={editing ?? cell.shown} onChange={() => {}} readOnly={!open} autoComplete="off" spellCheck={false}
                  inputMode="text" aria-label={spoken(row, column, cell, labels)} data-testid="active-cell" />
              : cell.shown}
          </td>
        );
      })}
      <td className="tt t1" role="gridcell">{row.count || ""}</td>
      <td className="tt t2" role="gridcell" data-testid={`mean-${row.id}`}>{row.mean}</td>
    </tr>
  );
});
