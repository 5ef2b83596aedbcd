// Keys and texts of the grid, pure: what a key means, and what a cell can hold.
// Letters are taken by physical key as well as by character, so either keyboard layout works (D-21).

const BY_CODE = {
  KeyY: "н", KeyJ: "о", KeyE: "у", Comma: "б", KeyP: "з", KeyF: "а", KeyX: "ч", KeyC: "с", KeyD: "в", KeyT: "е",
};
const LONGEST = 16;

/** The canonical text of a cell ("5/4", "н", "о15", ""), or null when the cell cannot hold it. */
export function parseText(text, values, codes) {
  const plain = String(text ?? "").normalize("NFKC").trim().toLowerCase();
  if (plain === "") return "";
  if (plain.length > LONGEST) return null;
  let attendance = "";
  const marks = [];
  for (const part of plain.split("/")) {
    if (values.includes(part)) marks.push(part);
    else if (["зач", "незач", "осв"].includes(part) && codes.includes(part)) marks.push(part);
    else if (attendance === "" && codes.includes(part)) attendance = part;
    else if (attendance === "" && codes.includes("о") && /^о([1-9]|[1-3][0-9]|4[0-5])$/.test(part)) attendance = part;
    else return null;
  }
  if (marks.length > 3) return null;
  return (attendance ? [attendance, ...marks] : marks).join("/");
}

/** Whether more letters could still make another value of this text: «о» → «о15», «осв»; «5/» → «5/4». */
export function mayGoOn(text, values, codes) {
  const last = text.toLowerCase().split("/").pop();
  if (last === "") return text !== "";
  if (codes.includes("о") && /^о[0-9]?$/.test(last)) return true;
  return [...values, ...codes].some((known) => known.length > last.length && known.startsWith(last));
}

/** The character a key stands for in the journal, whatever layout the keyboard is in; "" when none. */
export function letterOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return "";
  if (event.code === "NumpadDivide" || event.key === "/" || event.code === "Slash" || event.key === "+") return "/";
  if (event.key.length !== 1) return "";
  const lower = event.key.toLowerCase();
  if (/[0-9а-яё]/.test(lower)) return lower;
  return BY_CODE[event.code] ?? "";
}

const MOVES = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
};

function withControl(event) {
  if (event.code === "KeyZ") return { type: event.shiftKey ? "redo" : "undo" };
  if (event.code === "KeyY") return { type: "redo" };
  if (event.code === "KeyF") return { type: "find" };
  if (event.code === "Period" || event.key === ".") return { type: "today" };
  switch (event.key) {
    case "Enter": return { type: "fill" };
    case "Home": return { type: "corner", at: "first" };
    case "End": return { type: "corner", at: "last" };
    default: return null;
  }
}

/** What a key press means: {type, …}, or null when it is none of the grid's. `page` = rows on a screen. */
export function intention(event, page = 10) {
  if (event.ctrlKey || event.metaKey) return withControl(event);
  if (event.altKey) return event.key === "PageUp" || event.key === "PageDown" ? { type: "month", by: event.key === "PageUp" ? -1 : 1 } : null;
  if (MOVES[event.key]) return { type: event.shiftKey ? "extend" : "move", by: MOVES[event.key] };
  switch (event.key) {
    case "Enter": return { type: "move", by: [event.shiftKey ? -1 : 1, 0], commit: true };
    case "Tab": return { type: "tab", by: event.shiftKey ? -1 : 1 };
    case "Home": return { type: "edge", at: "first" };
    case "End": return { type: "edge", at: "last" };
    case "PageUp": return { type: "move", by: [-page, 0] };
    case "PageDown": return { type: "move", by: [page, 0] };
    case "Escape": return { type: "escape" };
    case "Delete": case "Backspace": return { type: "clear", one: event.key === "Backspace" };
    case "F2": return { type: "comment" };
    case "F3": return { type: "find" };
    case "F4": return { type: "panel" };
    case "?": return { type: "help" };
    default: break;
  }
  if (event.shiftKey && event.code === "Slash") return { type: "help" };
  if (event.shiftKey && event.code === "KeyY") return { type: "column", value: "н" };
  if (event.shiftKey && event.code === "KeyG") return { type: "column", value: "" };
  const letter = letterOf(event);
  return letter ? { type: "letter", letter } : null;
}

/** Rows and columns of a pasted text: tabs and line ends, with quoted cells as spreadsheets write them. */
export function parseBlock(text) {
  const rows = [[]];
  let cell = "", quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i];
    if (quoted) {
      if (sign === '"' && text[i + 1] === '"') { cell += '"'; i += 1; }
      else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t") { rows.at(-1).push(cell); cell = ""; }
    else if (sign === "\n" || sign === "\r") {
      if (sign === "\r" && text[i + 1] === "\n") i += 1;
      rows.at(-1).push(cell); cell = ""; rows.push([]);
    } else cell += sign;
  }
  rows.at(-1).push(cell);
  if (rows.length > 1 && rows.at(-1).length === 1 && rows.at(-1)[0] === "") rows.pop();
  return rows;
}

/** The text that a spreadsheet understands: cells of a block by tabs, rows by line ends. */
export function spellBlock(rows) {
  return rows.map((cells) => cells.map((text) => (/["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join("\t")).join("\n");
}
