// The drafts for the bars of the grid: its modules come by another address and would hold a second `shared` of `draft.jsx`.

/** @typedef {import("./drafts.js").Drafts} Drafts */

const CAME = "ais:drafts";

/** @type {(drafts: Drafts) => void} */
export function showDrafts(drafts) {
  window.aisDrafts = drafts;
  window.dispatchEvent(new Event(CAME));
}

/** @returns {Drafts | null} */
export const presentDrafts = () => window.aisDrafts ?? null;

/** For `useSyncExternalStore`: `tell` when it is known whose drafts these are. */
export function whenDraftsCome(tell) {
  window.addEventListener(CAME, tell);
  return () => window.removeEventListener(CAME, tell);
}
