// Keys of the grid, pure: what a key press means, and blocks of cells as spreadsheets write them.
// Letters are taken by physical key as well as by character, so either keyboard layout works (D-21).

// Every letter of the keyboard as ЙЦУКЕН has it: a wrong key is the same wrong key in either layout.
const BY_CODE = {
  KeyQ: "й", KeyW: "ц", KeyE: "у", KeyR: "к", KeyT: "е", KeyY: "н", KeyU: "г", KeyI: "ш", KeyO: "щ", KeyP: "з", BracketLeft: "х", BracketRight: "ъ",
  KeyA: "ф", KeyS: "ы", KeyD: "в", KeyF: "а", KeyG: "п", KeyH: "р", KeyJ: "о", KeyK: "л", KeyL: "д", Semicolon: "ж", Quote: "э",
  KeyZ: "я", KeyX: "ч", KeyC: "с", KeyV: "м", KeyB: "и", KeyN: "т", KeyM: "ь", Comma: "б", Period: "ю", Backquote: "ё",
};

/** The character a key stands for in the journal, whatever layout the keyboard is in; "" when none. */
export function letterOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return "";
  if (event.code === "NumpadDivide" || event.key === "/" || event.code === "Slash" || event.key === "+") return "/";
  if (event.key.length !== 1) return "";
  if (event.key === "-") return "-";
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

/** A whole mark that a spreadsheet wrote as a number with decimals: «5,0», «4.00». Any other text stays as it is. */
export function readDecimal(text) {
  return /^\s*([1-5])[.,]0+\s*$/.exec(text.normalize("NFKC"))?.[1] ?? text;
}

/** The text that a spreadsheet understands: cells of a block by tabs, rows by line ends. */
export function spellBlock(rows) {
  return rows.map((cells) => cells.map((text) => (/["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join("\t")).join("\n");
}
