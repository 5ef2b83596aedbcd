// The buttons of the lesson panel that write cells: they stand outside the table, so they are known by their marks in the page.
// They go the same way as keys: one rule, one queue, one undo (D-49).

import { useEffect, useRef } from "react";
import { withoutAttendance } from "./grammar.js";
import { firstOf, neighbours } from "./reducer.js";
import { positionOf, standing } from "./typing.js";

export const isShown = (element) => element.getClientRects().length > 0;

const PATIENCE = 2000, PAUSE = 50;
let stopWaiting = () => {};

/**
 * Give the focus to the panel, or to what `target` finds in it, once it shows the lesson of `work` (an open form stays with its own):
 * the server has to answer first, and whoever goes on at once must not open the form of the lesson that was left. What is pressed
 * meanwhile was meant for the panel: it moves nothing in the table. Escape and a click end the wait; after two seconds without a key `onBehind` says so.
 */
export function enterPanel(work, target, onBehind) {
  stopWaiting();
  let until = performance.now() + PATIENCE;
  const follows = () => {
    const panel = document.querySelector("[data-testid=lesson-panel]");
    return panel && isShown(panel) && (panel.querySelector(`[data-work="${work}"]`) || panel.querySelector("form [name=topic]")) ? panel : null;
  };
  const hold = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    until = performance.now() + PATIENCE; // whoever goes on pressing still means the panel
    if (event.key === "Escape") stopWaiting();
  };
  const look = () => {
    const panel = follows();
    if (!panel && performance.now() < until) return;
    stopWaiting();
    if (panel) target(panel).focus();
    else onBehind();
  };
  const timer = setInterval(look, PAUSE);
  stopWaiting = () => {
    clearInterval(timer);
    window.removeEventListener("keydown", hold, true);
    window.removeEventListener("pointerdown", stopWaiting, true);
    stopWaiting = () => {};
  };
  window.addEventListener("keydown", hold, true);
  window.addEventListener("pointerdown", stopWaiting, true);
  look();
}

/** [row, column] of the cell that the panel shows, or null; the panel may be a moment behind the table. */
function shownCell(journal, element) {
  const [student, work] = (element.closest("[data-cell]")?.dataset.cell ?? "").split(":");
  const { active, model } = journal.now.current, here = active?.student === student && active?.work === work;
  if (!here) journal.say(journal.now.current.labels.panelBehind, true);
  return here ? positionOf(model, active) : null;
}

/** The column of the lesson that the panel shows, or -1. */
function shownColumn(journal, element) {
  return journal.now.current.model.columnOf.get(element.closest("[data-work]")?.dataset.work) ?? -1;
}

function call(journal, button, c) {
  const { model } = journal.now.current, r = model.rowOf.get(button.dataset.student), first = firstOf(model, c);
  if (r === undefined) return;
  if (button.dataset.calls) journal.putOne(r, first, button.dataset.calls);
  else journal.putOne(r, first, withoutAttendance(standing(model.rows[r].cells[first])), true);
}

function comment(journal, form) {
  const place = shownCell(journal, form), { model, labels } = journal.now.current;
  if (!place) return;
  const cell = model.rows[place[0]].cells[place[1]], text = form.elements.comment.value.trim();
  const why = journal.whyNot(...place);
  if (why) { journal.say(why, true); return; }
  if (text !== cell.comment) {
    journal.write([[...place, standing(cell), text]]);
    journal.say(labels.commented);
  }
  form.dispatchEvent(new CustomEvent("taken")); // the queue keeps it from here on: it is no draft any more
}

/** `goTo(row, column)` shows another cell as the active one. */
export function usePanel(journal, goTo) {
  const held = useRef({ journal, goTo });
  Object.assign(held.current, { journal, goTo });
  useEffect(() => {
    const turn = (c, by) => {
      const { journal: present, goTo: go } = held.current, { model, active, labels } = present.now.current;
      const to = neighbours(model, c)[by < 0 ? 0 : 1];
      if (to >= 0) go(positionOf(model, active)?.[0] ?? 0, to);
      else present.say(labels.noLessonThere);
    };
    const click = (event) => {
      const button = event.target.closest?.("[data-puts],[data-calls],[data-presents],[data-turns]"), { journal: present } = held.current;
      if (!button || !present.now.current.model.ready) return;
      if ("puts" in button.dataset) {
        const place = shownCell(present, button);
        if (place) present.putOne(...place, button.dataset.puts);
        return;
      }
      const c = shownColumn(present, button);
      if (c < 0) return;
      if ("calls" in button.dataset) call(present, button, c);
      else if ("presents" in button.dataset) present.callPresent(c);
      else turn(c, Number(button.dataset.turns));
    };
    const submit = (event) => {
      if (!event.target.matches?.("[data-comments]")) return;
      event.preventDefault();
      comment(held.current.journal, event.target);
    };
    document.addEventListener("click", click);
    document.addEventListener("submit", submit);
    return () => { document.removeEventListener("click", click); document.removeEventListener("submit", submit); };
  }, []);
}
