// @ts-check
// Keys of the kit: rows of a table, tabs, and the focus on what is wrong in a form.

import { useEffect, useRef } from "react";

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
const plain = (event) => !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.isComposing;

/** What stands `by` places from `at` among `all`; at an end it stays. @type {(all: HTMLElement[], at: number, by: number) => HTMLElement | undefined} */
const beside = (all, at, by) => all[Math.max(0, Math.min(all.length - 1, at + by))];

/** @param {KeyboardEvent} event */
function step(event) {
  const target = /** @type {HTMLElement} */ (event.target), by = STEPS[event.key];
  if (by === undefined || !plain(event)) return;
  const tabs = target.closest?.("[role=tablist]"), across = event.key.startsWith("ArrowL") || event.key.startsWith("ArrowR");
  if (tabs && event.key !== "ArrowDown" && event.key !== "ArrowUp") {
    const all = /** @type {HTMLElement[]} */ ([...tabs.querySelectorAll("[role=tab]")]);
    const next = beside(all, all.indexOf(target), by);
    event.preventDefault();
    next?.focus();
    next?.click();
    return;
  }
  if (across) return;
  const search = target.matches?.("[data-search]");
  const rows = search ? document.querySelector("[data-rows]") : target.closest?.("[data-rows]");
  if (!rows || (search && event.key !== "ArrowDown") || (!search && !target.closest("tr, [data-row]"))) return;
  const all = /** @type {HTMLElement[]} */ ([...rows.querySelectorAll("[data-row]")]);
  const own = target.matches("[data-row]") ? target : target.closest("tr")?.querySelector("[data-row]");
  const next = search ? all[0] : beside(all, all.indexOf(/** @type {HTMLElement} */ (own)), by);
  if (!next || (!search && !own)) return;
  event.preventDefault();
  next.focus();
}

export function Keys() {
  useEffect(() => { // the same listener twice is one
    document.addEventListener("keydown", step);
    return () => { if (!document.querySelector("[data-rows], [role=tablist]")) document.removeEventListener("keydown", step); };
  }, []);
  return null;
}

export function FocusWrong({ first, said }) {
  const place = useRef(/** @type {HTMLSpanElement | null} */ (null));
  useEffect(() => {
    const field = said && place.current?.closest("form")?.elements.namedItem(first);
    if (field instanceof HTMLElement) field.focus();
    else if (field instanceof RadioNodeList) /** @type {HTMLElement} */ (field[0]).focus();
  }, [said, first]);
  return <span ref={place} hidden />;
}
