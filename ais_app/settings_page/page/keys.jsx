// Keys of the settings: `/` finds, ↑ ↓ go along the rows, Enter opens one (the browser's own), Ctrl+Enter writes, Esc goes back.
// An opened setting gets the focus, and the row has it again when the setting is closed.

import { useEffect, useRef } from "react";

const FIELDS = "input, textarea, select, [contenteditable]";

/** @param {string} selector */
const one = (selector) => /** @type {HTMLElement | null} */ (document.querySelector(selector));

/** The row after (1) or before (-1) the one that has the focus; the first one where none has.
 * @param {number} by */
function step(by) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("button.srow")]);
  const at = rows.findIndex((row) => row === document.activeElement);
  rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
}

/** @param {{ opened: string }} properties */
export function SettingKeys({ opened }) {
  const before = useRef(opened);
  useEffect(() => {
    /** @param {KeyboardEvent} event */
    const press = (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (event.isComposing || event.defaultPrevented || event.altKey) return;
      const typing = target.matches?.(FIELDS);
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form.setting"));
        if (form) { event.preventDefault(); form.requestSubmit(); }
      } else if (event.ctrlKey || event.metaKey) {
        return;
      } else if (event.key === "Escape") {
        if (document.querySelector("details[data-menu][open]")) return;
        one("[data-back]")?.click();
      } else if (event.key === "/" && !typing) {
        event.preventDefault();
        one("#find-setting")?.focus();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (target.matches?.("button.srow, body, #find-setting, #main"))) {
        event.preventDefault();
        step(event.key === "ArrowDown" ? 1 : -1);
      }
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  useEffect(() => {
    const was = before.current;
    before.current = opened;
    if (was === opened) return;
    if (opened) one("#setting-name")?.focus();
    else one(`button.srow[data-setting="${was}"]`)?.focus();
  }, [opened]);
  return null;
}
