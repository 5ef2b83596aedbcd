// What a page shows is read by plain requests, which a browser can answer from what it holds; pure but for `read`.
// The server says on the socket what is wanted: {n, at: an address, seq: the number of its last change}; without `at`, nothing.

const FIRST_PAUSE = 500, LONGEST_PAUSE = 30_000;

/** After so many tries a page that shows nothing yet says so. */
export const MOST_TRIES = 5;

/** How long to wait before the next try. */
export const pauseAfter = (tries) => Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE);

/** Whether a view that came ahead is just what is wanted. */
export const suits = (view, wanted) => Boolean(view) && view.read.at === wanted.at && view.read.seq === wanted.seq;

/** Whether the view at an address belongs to a page: its address lies beneath that of the page. */
export const belongs = (at, pathname) => at.startsWith(`${pathname.replace(/\/+$/, "")}/`);

/**
 * What became of a request: {view, now}, {left: true} (the session is over), {gone: true} (not to be read), {failed: code}
 * (the server cannot, or is silent), or {again: true}.
 */
export async function outcome(asked) {
  try {
    const answer = await asked;
    if (answer.type === "opaqueredirect" || answer.status === 401) return { left: true };
    if (answer.status === 404) return { gone: true };
    const failed = answer.headers.get("ais-error");
    if (failed) return { failed };
    const view = answer.ok ? await answer.json() : null;
    return view ? { view, now: Number(answer.headers.get("ais-now")) } : { again: true };
  } catch (error) {
    return error?.name === "TimeoutError" ? { failed: "" } : { again: true };
  }
}

/** The variables of a view by the names that the page's state has for them; `timed` gets the server's moment as `now`. */
export function variables({ view, now }, timed) {
  const { read: _read, ...shown } = view;
  if (timed && shown[timed]) shown[timed] = { ...shown[timed], now };
  return Object.fromEntries(Object.entries(shown).map(([name, value]) => [`${name}_rx_state_`, value]));
}

/**
 * What a reading does to its page. `read(at, anew)` asks; `show(found)` shows; `tell(unread, code)` says that what is wanted
 * "failed" or is "gone", or, with "", that it is being read or stays as it is (a `code` is said in each case); `leave()` is
 * called without a session; `isHere(at)`: whether the page is still the one of that view.
 * @typedef {object} Page
 * @property {(at: string, anew: boolean) => Promise<Response>} read
 * @property {(found: any) => void} show
 * @property {(unread: "" | "failed" | "gone", code?: string) => void} tell
 * @property {() => void} leave
 * @property {(at: string) => boolean} [isHere]
 * @property {(resume: () => void, pause: number) => unknown} [wait]
 */

/** Reads what is wanted, the newest only. It ends in every case: with a view, with a word about it, or with another page. */
export class Reading {
  /** @param {Page} page */
  constructor({ isHere = () => true, wait = setTimeout, ...page }) {
    this.page = { ...page, isHere, wait };
    this.turn = 0;
    this.shown = ""; // the address of what is shown
    this.coming = null; // what was asked before anybody said what is wanted
    this.ahead = null; // the view that came of it
    this.heard = null; // {at, seq}: what the socket has brought of a change since
  }

  hear(heard) { this.heard = heard; }

  /** Whether the socket has brought something newer of the same view: it would be covered. */
  isOld({ read }) { return this.heard?.at === read.at && this.heard.seq > read.seq; }

  show(found) {
    this.shown = found.view.read.at;
    this.page.show(found);
  }

  /** A request that was sent before the socket was there; shown unless something else is wanted already. */
  async begin(asked) {
    const turn = this.turn;
    this.coming = outcome(asked);
    const found = await this.coming;
    if (found.left) this.page.leave();
    if (!found.view || this.turn !== turn || this.isOld(found.view) || !this.page.isHere(found.view.read.at)) return;
    this.ahead = found.view;
    this.show(found);
  }

  async want(wanted) {
    if (wanted.at && !this.page.isHere(wanted.at)) return; // of a page that was left
    const turn = ++this.turn, early = this.coming;
    this.coming = null;
    this.page.tell("");
    if (!wanted.at) return;
    const found = await early;
    if (turn !== this.turn) return;
    if (!found?.view || !suits(found.view, wanted) || this.isOld(found.view)) await this.ask(wanted.at, turn);
    else if (this.ahead !== found.view) this.show(found);
  }

  /** Ask until there is an answer to show or to tell; what stands there of this very view stays meanwhile. */
  async ask(at, turn) {
    for (let tries = 1, said = false; ; tries += 1) {
      const found = await outcome(this.page.read(at, tries > 1)); // what was held is not asked about twice
      if (turn !== this.turn || !this.page.isHere(at)) return;
      if (found.left) { this.page.leave(); return; }
      if (found.gone) { this.shown = ""; this.page.tell("gone"); return; }
      const old = found.view && this.isOld(found.view) && tries < MOST_TRIES;
      if (found.view && !old) { this.show(found); return; }
      const stands = this.shown === at, failed = found.failed !== undefined;
      if (!stands && (failed || tries >= MOST_TRIES)) { this.page.tell("failed", found.failed); return; }
      if (failed && !said) { said = true; this.page.tell("", found.failed); }
      if (!old || tries > 1) await new Promise((resolve) => { this.page.wait(() => resolve(null), pauseAfter(tries - 1)); });
      if (turn !== this.turn) return;
    }
  }

  end() { this.turn += 1; }
}
