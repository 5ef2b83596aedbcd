// Views that come by requests: the newest that is wanted is shown, once, whatever comes in whatever order.

import assert from "node:assert/strict";
import test from "node:test";
import { MOST_TRIES, Reading, belongs, outcome, pauseAfter, suits, variables } from "../../ais_app/web/fetched/fetched.js";

/** @param {any} body @param {{status?: number, type?: string, error?: string | null}} how */
const answered = (body, { status = 200, type = "basic", error = null } = {}) => ({
  status, type, ok: status === 200, headers: new Map([["ais-now", "5"], ["ais-error", error]]), json: async () => body,
});
const silent = () => Object.assign(new Error("too late"), { name: "TimeoutError" });
const view = (at, seq, more = {}) => ({ read: { at, seq }, ...more });
const turns = async () => { for (let i = 0; i < 30; i += 1) await Promise.resolve(); };

/** A reading whose requests are answered by hand: `asks[i].give(answer)`. */
function reading() {
  const asks = /** @type {any[]} */ ([]), shown = /** @type {any[]} */ ([]);
  const found = { left: 0, waits: /** @type {any[]} */ ([]), told: /** @type {any[]} */ ([]), page: "" };
  const one = new Reading({
    read: (at, anew) => new Promise((resolve, reject) => asks.push({ at, anew, give: resolve, fail: reject })),
    show: ({ view: its }) => shown.push(its.read), leave: () => { found.left += 1; },
    tell: (unread, code) => { if (unread || code !== undefined) found.told.push([unread, code]); },
    isHere: (at) => at.startsWith(found.page),
    wait: (resume, pause) => found.waits.push({ resume, pause }),
  });
  return { one, asks, shown, found };
}

test("what came ahead is shown at once and not asked for again where it is what is wanted", async () => {
  const { one, asks, shown } = reading();
  one.begin(Promise.resolve(answered(view("/a", 3))));
  await turns();
  assert.deepEqual(shown, [{ at: "/a", seq: 3 }]);
  one.want({ n: 1, at: "/a", seq: 3 });
  await turns();
  assert.equal(asks.length, 0);
  one.want({ n: 2, at: "/a", seq: 3 });
  await turns();
  assert.equal(asks.length, 1, "a second wish is asked for: names and rights have no number");
});

test("what came ahead of another place, or of an earlier change, is read anew", async () => {
  for (const early of [view("/b", 3), view("/a", 2)]) {
    const { one, asks, shown } = reading();
    one.begin(Promise.resolve(answered(early)));
    await turns();
    one.want({ n: 1, at: "/a", seq: 3 });
    await turns();
    asks[0].give(answered(view("/a", 3)));
    await turns();
    assert.deepEqual(shown.at(-1), { at: "/a", seq: 3 });
  }
});

test("a wish before the early answer waits for it and shows it once", async () => {
  const { one, asks, shown } = reading();
  let give;
  one.begin(new Promise((resolve) => { give = resolve; }));
  one.want({ n: 1, at: "/a", seq: 3 });
  await turns();
  give(answered(view("/a", 3)));
  await turns();
  assert.deepEqual([shown, asks.length], [[{ at: "/a", seq: 3 }], 0]);
});

test("of several wishes only the newest is shown, in whatever order the answers come", async () => {
  const { one, asks, shown } = reading();
  for (const at of ["/a", "/b", "/c"]) { one.want({ at, seq: 1 }); await turns(); }
  for (const index of [2, 0, 1]) { asks[index].give(answered(view(asks[index].at, 1))); await turns(); }
  assert.deepEqual(shown, [{ at: "/c", seq: 1 }]);
});

test("an answer that is older than what the socket brought is read again", async () => {
  const { one, asks, shown } = reading();
  one.want({ at: "/a", seq: 1 });
  await turns();
  one.hear({ at: "/a", seq: 2 });
  asks[0].give(answered(view("/a", 1)));
  await turns();
  assert.equal(asks.length, 2);
  asks[1].give(answered(view("/a", 2)));
  await turns();
  assert.deepEqual(shown, [{ at: "/a", seq: 2 }]);
});

test("a line that is down is tried again, longer each time, until it is answered or the page is left", async () => {
  const { one, asks, shown, found } = reading();
  one.want({ at: "/a", seq: 1 });
  await turns();
  asks[0].fail(new Error("down"));
  await turns();
  found.waits[0].resume();
  await turns();
  asks[1].give(answered(null, { status: 429 }));
  await turns();
  assert.deepEqual(found.waits.map(({ pause }) => pause), [pauseAfter(0), pauseAfter(1)]);
  found.waits[1].resume();
  await turns();
  asks[2].give(answered(view("/a", 1)));
  await turns();
  assert.deepEqual(shown, [{ at: "/a", seq: 1 }]);
  one.want({ at: "/b", seq: 1 });
  await turns();
  one.end();
  asks[3].give(answered(view("/b", 1)));
  await turns();
  assert.equal(shown.length, 1, "nobody looks any more");
});

test("without a session the page is opened anew; what is not to be read is let be", async () => {
  const { one, asks, shown, found } = reading();
  one.want({ at: "/a", seq: 1 });
  await turns();
  asks[0].give(answered(null, { status: 404 }));
  await turns();
  one.want({ at: "/a", seq: 1 });
  await turns();
  asks[1].give(answered(null, { status: 0, type: "opaqueredirect" }));
  await turns();
  assert.deepEqual([shown, found.left, found.waits], [[], 1, []]);
});

test("an answer that is no view is tried again", async () => {
  assert.deepEqual(await outcome(Promise.resolve(answered(null))), { again: true });
  assert.deepEqual(await outcome(Promise.reject(new Error("down"))), { again: true });
  assert.equal(suits(null, { at: "/a", seq: 1 }), false);
});

test("the variables of a view are those of its state; the moment goes with what is timed", () => {
  assert.deepEqual(variables({ view: view("/a", 1, { sheet: { x: 1 }, title: "t" }), now: 5 }, "sheet"), {
    sheet_rx_state_: { x: 1, now: 5 }, title_rx_state_: "t",
  });
  assert.deepEqual(variables({ view: view("/a", 1, { days: [] }), now: 5 }, undefined), { days_rx_state_: [] });
});

test("a server that cannot is said at once with its code, and asked again by another wish only", async () => {
  const { one, asks, shown, found } = reading();
  one.want({ n: 1, at: "/a", seq: 1 });
  await turns();
  asks[0].give(answered(null, { status: 503, error: "abc" }));
  await turns();
  assert.deepEqual([found.told, found.waits, asks.length], [[["failed", "abc"]], [], 1]);
  one.want({ n: 2, at: "/a", seq: 1 });
  await turns();
  asks[1].give(answered(view("/a", 1)));
  await turns();
  assert.deepEqual(shown, [{ at: "/a", seq: 1 }]);
});

test("a server that is silent is said too", async () => {
  const { one, asks, found } = reading();
  one.want({ n: 1, at: "/a", seq: 1 });
  await turns();
  asks[0].fail(silent());
  await turns();
  assert.deepEqual(found.told, [["failed", ""]]);
});

test("what stands there stays while the same view cannot be read anew; that is said once and tried on", async () => {
  const { one, asks, shown, found } = reading();
  one.want({ n: 1, at: "/a", seq: 1 });
  await turns();
  asks[0].give(answered(view("/a", 1)));
  await turns();
  one.want({ n: 2, at: "/a", seq: 2 });
  await turns();
  for (let tries = 0; tries < MOST_TRIES + 2; tries += 1) {
    asks[tries + 1].give(answered(null, { status: 500, error: `code ${tries}` }));
    await turns();
    found.waits[tries].resume();
    await turns();
  }
  asks.at(-1).give(answered(view("/a", 2)));
  await turns();
  assert.deepEqual([found.told, shown.at(-1)], [[["", "code 0"]], { at: "/a", seq: 2 }]);
});

test("another view than the one that stands there is not waited for in its place", async () => {
  const { one, asks, found } = reading();
  one.want({ n: 1, at: "/a", seq: 1 });
  await turns();
  asks[0].give(answered(view("/a", 1)));
  await turns();
  one.want({ n: 2, at: "/b", seq: 1 });
  await turns();
  asks[1].give(answered(null, { status: 500, error: "abc" }));
  await turns();
  assert.deepEqual(found.told, [["failed", "abc"]]);
});

test("a page that shows nothing yet says so after its tries, whatever they were answered", async () => {
  for (const answer of [{ status: 429 }, { status: 502 }, {}]) {
    const { one, asks, found } = reading();
    one.want({ n: 1, at: "/a", seq: 1 });
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      await turns();
      asks[tries].give(answered(null, answer));
      await turns();
      found.waits[tries]?.resume();
    }
    await turns();
    assert.deepEqual([found.told, asks.length], [[["failed", undefined]], MOST_TRIES]);
  }
});

test("a right that was taken away meanwhile is told", async () => {
  const { one, asks, found } = reading();
  one.want({ n: 1, at: "/a", seq: 1 });
  await turns();
  asks[0].give(answered(null, { status: 404 }));
  await turns();
  assert.deepEqual(found.told, [["gone", undefined]]);
});

test("«not changed» to a browser that holds nothing is asked anew, past what it holds", async () => {
  const { one, asks, shown, found } = reading();
  one.want({ n: 1, at: "/a", seq: 1 });
  await turns();
  asks[0].give(answered(null, { status: 304 }));
  await turns();
  found.waits[0].resume();
  await turns();
  asks[1].give(answered(view("/a", 1)));
  await turns();
  assert.deepEqual([asks.map(({ anew }) => anew), shown.length], [[false, true], 1]);
});

test("an answer for a page that was left is not shown, nor is a wish for it followed", async () => {
  const { one, asks, shown, found } = reading();
  one.want({ n: 1, at: "/a/sheet", seq: 1 });
  await turns();
  found.page = "/b/";
  asks[0].give(answered(view("/a/sheet", 1)));
  one.want({ n: 2, at: "/a/sheet", seq: 1 });
  await turns();
  one.begin(Promise.resolve(answered(view("/a/sheet", 1))));
  await turns();
  assert.deepEqual([shown, asks.length, found.told], [[], 1, []]);
});

test("when nothing is wanted any more, neither a request on its way nor the early one is shown", async () => {
  const { one, asks, shown } = reading();
  let give;
  one.begin(new Promise((resolve) => { give = resolve; }));
  one.want({ n: 1 });
  give(answered(view("/a", 1)));
  await turns();
  one.want({ n: 2, at: "/a", seq: 1 });
  await turns();
  one.want({ n: 3 });
  asks[0].give(answered(view("/a", 1)));
  await turns();
  assert.deepEqual(shown, []);
});

test("numbers that begin anew, as after a restore, are believed after the tries", async () => {
  const { one, asks, shown, found } = reading();
  one.hear({ at: "/a", seq: 900 });
  one.want({ n: 1, at: "/a", seq: 3 });
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    await turns();
    asks[tries].give(answered(view("/a", 3)));
    await turns();
    found.waits.at(-1)?.resume();
  }
  await turns();
  assert.deepEqual([shown, asks.length], [[{ at: "/a", seq: 3 }], MOST_TRIES]);
});

test("the address of a view lies beneath that of its page", () => {
  assert.equal(belongs("/diary/week?child=", "/diary/"), true);
  assert.equal(belongs("/journal/a/sheet", "/journal/a"), true);
  assert.equal(belongs("/journal/a/sheet", "/journal/ab"), false);
  assert.equal(belongs("/journal/a/sheet", "/journal/b"), false);
});
