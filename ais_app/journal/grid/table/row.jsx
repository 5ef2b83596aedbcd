// One row of the grid and one cell in it. A row renders again only when its own object, its cursor or its guests change.

import { memo } from "react";
import { shortDate } from "./reducer.js";
import { phrase } from "./use_journal.js";

const COLOURS = { 5: "v5", 4: "v4", 3: "v3", 2: "v2", 1: "v2", н: "an", б: "ab", у: "au", о: "ao" };

export function cellId(student, column) {
  return `cell-${student}-${column.lesson}${column.nth > 1 ? `-${column.nth}` : ""}`;
}

/** The colour of a value: of the digit, or of the absence; two marks are smaller, «о15/2» smaller still. */
export function colourOf(shown) {
  if (shown.length > 1 && shown.includes("/")) return shown.length > 3 ? "mm long" : "mm";
  return COLOURS[shown[0]] ?? "";
}

function classes(cell, column, here, chosen, guest, wrong) {
  const found = ["c"], colour = colourOf(cell.shown);
  if (colour) found.push(colour);
  if (column.control) found.push("ctl");
  if (cell.state === "locked" || cell.state === "closed" || cell.outside) found.push("lck");
  else if (column.opened || cell.opened) found.push("unl");
  if (cell.state === "future") found.push("fut");
  if (column.today) found.push("today");
  if (cell.state === "saving") found.push("s-saving");
  if (cell.state === "refused" || wrong) found.push("s-invalid");
  if (cell.state === "ask") found.push("s-ask");
  if (cell.state === "conflict") found.push("s-conflict");
  else {
    if (cell.flags & 1) found.push("s-note");
    if (cell.flags & 2 && cell.state !== "saving") found.push("s-changed"); // both signs are the same pseudo-element
  }
  if (chosen) found.push("s-range");
  if (guest) found.push("s-guest");
  if (here) found.push("act");
  return found.join(" ");
}

/** What a screen reader says of a cell: person, day, work, value, and what is the matter with it. */
function spoken(name, column, cell, labels, guest) {
  const parts = [name, shortDate(column), column.typeName, cell.shown || labels.empty];
  if (cell.comment) parts.push(`${labels.comment}: ${cell.comment}`);
  if (cell.flags & 2) parts.push(labels.changed);
  if (cell.outside) parts.push(labels.outside);
  else if (cell.why || cell.opened || column.why || column.opened) parts.push(cell.why || cell.opened || column.why || column.opened);
  if (guest) parts.push(phrase(labels.isHere, { who: guest }));
  return parts.join(", ");
}

/**
 * @typedef {{id: string, name: string, cell: import("./reducer.js").Cell, column: import("./reducer.js").Column, r: number, c: number, here: boolean,
 *   chosen: boolean, editing: string | null, wrong: boolean, labels: any, writes: boolean, guest?: string}} CellProps
 */
const Cell = memo(/** @param {CellProps} props */ function Cell({ id, name, cell, column, r, c, here, chosen, editing, wrong, labels, writes, guest }) {
  const open = writes && (column.state === "open" || cell.opened) && !cell.outside;
  const special = cell.flags || cell.why || cell.opened || cell.outside || column.why || column.opened || guest;
  return (
    <td role="gridcell" className={classes(cell, column, here, chosen, guest, wrong)} data-r={r} data-c={c} data-testid={cellId(id, column)}
      data-value={cell.shown} data-state={wrong ? "refused" : cell.state} data-asked={cell.needs ? cell.asked : cell.asked || undefined} data-guest={guest || undefined} aria-colindex={c + 2}
      aria-selected={here || chosen} aria-readonly={!open} aria-invalid={cell.state === "refused" || wrong || undefined}
      aria-label={special && !here ? spoken(name, column, cell, labels, guest) : undefined}
      title={cell.why || (cell.outside ? labels.outside : cell.comment) || undefined} tabIndex={!writes && here ? 0 : undefined}>
      {here && writes
        ? <input value={editing ?? cell.shown} onChange={() => {}} readOnly={!open} autoComplete="off" autoCapitalize="off" autoCorrect="off" spellCheck={false}
            inputMode="text" aria-label={spoken(name, column, cell, labels, guest)} data-testid="active-cell" />
        : <>{cell.shown}{cell.state === "ask" ? <sup>?</sup> : null}</>}
    </td>
  );
});

/** Longer names take two smaller lines: what tells namesakes apart stands at their end. */
const FITS = 20;

/**
 * `active` = the cursor's column or -1, `from`…`to` = chosen columns (-1: none), `guests` = {work: name} of others here.
 * @typedef {{row: import("./reducer.js").Row, index: number, columns: import("./reducer.js").Column[], active: number, from: number, to: number,
 *   editing: string | null, wrong: boolean, labels: any, writes: boolean, guests?: Record<string, string>}} RowProps
 */
export const Row = memo(/** @param {RowProps} props */ function Row({ row, index, columns, active, from, to, editing, wrong, labels, writes, guests }) {
  return (
    <tr className={active >= 0 ? "selr" : undefined} aria-rowindex={index + 4}>
      <th scope="row" className={row.name.length > FITS ? "nm long" : "nm"} data-testid={`name-${row.id}`} title={row.name}>
        <span className="n">{index + 1}</span>{row.name}{row.note ? <span className="fl">{row.note}</span> : null}
      </th>
      {row.cells.map((cell, c) => (
        <Cell key={columns[c].id} id={row.id} name={row.name} cell={cell} column={columns[c]} r={index} c={c} here={active === c} chosen={c >= from && c <= to}
          editing={active === c ? editing : null} wrong={active === c && wrong} labels={labels} writes={writes} guest={guests?.[columns[c].id]} />
      ))}
      <td className="tt t1" role="gridcell">{row.count || ""}</td>
      <td className="tt t2" role="gridcell" data-testid={`mean-${row.id}`}>{row.mean}</td>
    </tr>
  );
});
