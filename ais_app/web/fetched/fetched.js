// What a page shows is read by plain requests, which a browser can answer from what it holds; pure but for `read`.
// The server says on the socket what is wanted: {n, at: an address, seq: the number of its last change}.

const FIRST_PAUSE = 500, LONGEST_PAUSE = 8000;

/** How long to wait before the next try. */
export const pauseAfter = (tries) => Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE);

/** Whether a view that came ahead is just what is wanted. */
export const suits = (view, wanted) => Boolean(view) && view.read.at === wanted.at && view.read.seq === wanted.seq;

/** What became of a request: {view}, {left: true} (the session is over), {gone: true} (not to be read) or {again: true}. */
export async function outcome(asked) {
  const answer = await asked.catch(() => null);
  if (!answer) return { again: true };
  if (answer.type === "opaqueredirect" || answer.status === 401) return { left: true };
  if (answer.status === 404) return { gone: true };
  if (!answer.ok) return { again: true };
  const view = await answer.json().catch(() => null);
  return view ? { view, now: Number(answer.headers.get("ais-now")) } : { again: true };
}

/** The variables of a view by the names that the page's state has for them; `timed` gets the server's moment as `now`. */
export function variables({ view, now }, timed) {
  const { read: _read, ...shown } = view;
  if (timed && shown[timed]) shown[timed] = { ...shown[timed], now };
  return Object.fromEntries(Object.entries(shown).map(([name, value]) => [`${name}_rx_state_`, value]));
}

/** Reads what is wanted, the newest only: `read(at)` asks, `show(found)` shows, `leave()` is called without a session. */
export class Reading {
  /** @param {{read: (at: string) => Promise<Response>, show: (found: any) => void, leave: () => void, wait?: (resume: () => void, pause: number) => unknown}} page */
  constructor({ read, show, leave, wait = setTimeout }) {
    this.read = read;
    this.show = show;
    this.leave = leave;
    this.wait = wait;
    this.turn = 0;
    this.ahead = null; // the view that came before anybody said what is wanted
    this.heard = null; // {at, seq}: what the socket has brought of a change since
  }

  hear(heard) { this.heard = heard; }

  /** Whether the socket has brought something newer of the same view: it would be covered. */
  isOld({ read }) { return this.heard?.at === read.at && this.heard.seq > read.seq; }

  /** A request that was sent before the socket was there; shown unless something else is wanted already. */
  async begin(asked) {
    const turn = this.turn;
    this.coming = outcome(asked);
    const found = await this.coming;
    if (found.left) this.leave();
    if (!found.view || this.turn !== turn || this.isOld(found.view)) return;
    this.ahead = found.view;
    this.show(found);
  }

  async want(wanted) {
    const turn = ++this.turn;
    const early = this.coming ? await this.coming : null;
    this.coming = null;
    if (turn !== this.turn) return;
    if (early?.view && suits(early.view, wanted) && !this.isOld(early.view)) {
      if (this.ahead !== early.view) this.show(early);
      return;
    }
    for (let tries = 0; turn === this.turn; tries += 1) {
      const found = await outcome(this.read(wanted.at));
      if (turn !== this.turn || found.gone) return;
      if (found.left) { this.leave(); return; }
      if (found.view && this.isOld(found.view)) continue;
      if (found.view) { this.show(found); return; }
      await new Promise((resolve) => { this.wait(() => resolve(null), pauseAfter(tries)); });
    }
  }

  end() { this.turn += 1; }
}
