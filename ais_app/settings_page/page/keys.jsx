// Keys of the settings beside those of the kit: ↓ goes to the first row, Ctrl+Enter writes, Esc goes back.
// An opened setting gets the focus, and the row has it again when the setting is closed.

import { useEffect, useRef } from "react";

/** @param {string} selector */
const one = (selector) => /** @type {HTMLElement | null} */ (document.querySelector(selector));

/** @param {{ opened: string }} properties */
export function SettingKeys({ opened }) {
  const before = useRef(opened);
  useEffect(() => {
    /** @param {KeyboardEvent} event */
    const press = (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (event.isComposing || event.defaultPrevented || event.altKey) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form.setting"));
        if (form) { event.preventDefault(); form.requestSubmit(); }
      } else if (event.ctrlKey || event.metaKey) {
        return;
      } else if (event.key === "Escape") {
        if (document.querySelector("details[data-menu][open]")) return;
        one("[data-back]")?.click();
      } else if (event.key === "ArrowDown" && target.matches?.("body, #main")) {
        event.preventDefault();
        one("button.srow")?.focus();
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
