// The page of somebody whose session has ended is opened anew, which leads to sign-in.

const BEING_LEFT = 10_000; // ms

let leftAt = -Infinity;
globalThis.window?.addEventListener("beforeunload", () => { leftAt = performance.now(); });

/** Not while the page is being left anyway: signing out would be overtaken by it and the history one entry short. */
export function openAnew() {
  const left = leftAt + BEING_LEFT - performance.now();
  if (left > 0) window.setTimeout(openAnew, left); // somebody who was asked may have stayed
  else window.location.reload();
}
