// Drafts of forms and the query of the address, without a browser.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LONGEST, forgetOthers, openDrafts, resumed, same } from "../../ais_app/web/drafts/drafts.js";
import { withQuery } from "../../ais_app/web/address/query.js";

function makeStorage() {
  const map = new Map();
  return {
    map,
    get length() { return map.size; },
    key: (i) => [...map.keys()][i],
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => map.set(key, value),
    removeItem: (key) => map.delete(key),
  };
}

const NOW = 1_000_000, account = "aaaaaaaaaaaaaaaa", other = "bbbbbbbbbbbbbbbb", thing = "lesson:cccccccccccccccc";
const draft = (uid = "u", values = { topic: "mine" }, base = { topic: "" }) => ({ uid, values, base });

function open(now = NOW) {
  const device = makeStorage(), tab = makeStorage();
  return { device, tab, own: openDrafts([device, tab], account, () => now), shared: openDrafts([tab, device], account, () => now) };
}

test("an own device keeps a draft for good, a shared one in the tab", () => {
  const { device, tab, own, shared } = open();
  own.put(thing, draft());
  assert.deepEqual([device.map.size, tab.map.size], [1, 0]);
  shared.put(thing, draft());
  assert.deepEqual([device.map.size, tab.map.size], [0, 1]);
  assert.equal(own.get(thing)?.values.topic, "mine"); // signed in again, now with «own device»
});

test("a key holds ids only and belongs to one account", () => {
  const { device, own } = open();
  own.put(thing, draft());
  assert.deepEqual([...device.map.keys()], [`ais:${account}:draft:${thing}`]);
  assert.equal(openDrafts([device], other, () => NOW).get(thing), null);
});

test("what was saved goes, by the uid of the draft and not by its place", () => {
  const { own } = open();
  own.put(thing, draft("old"));
  own.put("remark:x", draft("kept"));
  own.spend(["old", "never"]);
  assert.equal(own.get(thing), null);
  own.put(thing, draft("new"));
  own.spend(["old"]); // said once more after a reconnect
  assert.equal(own.get(thing)?.uid, "new");
  assert.equal(own.get("remark:x")?.uid, "kept");
});

test("whoever shows that a draft waits is told when it comes and when it goes", () => {
  const { own } = open(), seen = [];
  const leave = own.whenChanged(() => seen.push(Boolean(own.get(thing))));
  own.put(thing, draft("u"));
  own.spend(["u"]);
  own.put(thing, draft("v"));
  own.drop(thing);
  own.put(thing, draft("w"));
  own.clear();
  assert.deepEqual(seen, [true, false, true, false, true, false]);
  leave();
  own.put(thing, draft());
  assert.equal(seen.length, 6);
});

test("at sign-out every draft of the account goes, and nothing else", () => {
  const { device, tab, own, shared } = open();
  own.put(thing, draft());
  tab.setItem(`ais:${account}:draft:remark:x`, JSON.stringify({ ...draft(), at: NOW }));
  device.setItem(`ais:${account}:op:1`, "{}");
  device.setItem(`ais:${other}:draft:${thing}`, JSON.stringify({ ...draft(), at: NOW }));
  shared.clear();
  assert.deepEqual([...device.map.keys()], [`ais:${account}:op:1`, `ais:${other}:draft:${thing}`]);
  assert.equal(tab.map.size, 0);
});

test("another account on a shared device forgets the drafts of the first", () => {
  const { tab, shared } = open();
  shared.put(thing, draft());
  tab.setItem("token", "t");
  forgetOthers(tab, account);
  assert.equal(tab.map.size, 2);
  forgetOthers(tab, other);
  assert.deepEqual([...tab.map.keys()], ["token"]);
});

test("an old or a broken draft is none, and is swept", () => {
  const { device, own } = open(), later = openDrafts([device], account, () => NOW + LONGEST + 1);
  own.put(thing, draft());
  assert.equal(later.get(thing), null);
  later.sweep();
  assert.equal(device.map.size, 0);
  for (const broken of ["{", "null", "1", '"text"', "{}", '{"uid":"u","at":1}']) {
    device.setItem(`ais:${account}:draft:${thing}`, broken);
    assert.equal(own.get(thing), null, broken);
    own.sweep();
    assert.equal(device.map.size, 0, broken);
  }
});

test("a full storage keeps the draft as long as the page", () => {
  const tab = makeStorage(), full = { ...makeStorage(), setItem() { throw new Error("full"); } };
  const drafts = openDrafts([full, tab], account, () => NOW);
  drafts.put(thing, draft());
  assert.equal(drafts.get(thing)?.values.topic, "mine");
  drafts.spend(["u"]);
  assert.equal(drafts.get(thing), null);
});

test("a draft over an unchanged text is restored without a word about others", () => {
  const found = resumed(draft("u", { topic: "mine", homework: "" }, { topic: "", homework: "" }), { topic: "", homework: "" });
  assert.deepEqual(found, { values: { topic: "mine", homework: "" }, base: { topic: "", homework: "" }, theirs: [] });
});

test("where both have changed a field both are seen; where only the server has, it is the server's", () => {
  const kept = draft("u", { topic: "mine", homework: "old" }, { topic: "was", homework: "old" });
  const found = resumed(kept, { topic: "theirs", homework: "new" });
  assert.deepEqual(found, { values: { topic: "mine", homework: "new" }, base: { topic: "was", homework: "new" }, theirs: ["topic"] });
});

test("a draft that says what is there already is none, nor is one that was never typed in", () => {
  assert.equal(resumed(draft("u", { topic: "mine" }, { topic: "" }), { topic: "mine" }), null);
  assert.equal(resumed(draft("u", { topic: "was" }, { topic: "was" }), { topic: "theirs" }), null);
  assert.equal(resumed(null, { topic: "" }), null);
});

test("a field that a form has no more, or has newly, breaks nothing", () => {
  const found = resumed(draft("u", { topic: "mine", gone: "x" }, { topic: "", gone: "" }), { topic: "", added: "1" });
  assert.deepEqual(found?.values, { topic: "mine", added: "1" });
});

test("two forms say the same only with the same fields", () => {
  assert.ok(same({ a: "1" }, { a: "1" }));
  assert.ok(!same({ a: "1" }, { a: "1", b: "" }));
});

test("what a page shows goes into its own address only", () => {
  assert.equal(withQuery("/diary/", "", { at: "/diary", week: "2026-11-16", view: "" }), "?week=2026-11-16");
  assert.equal(withQuery("/diary", "?week=2026-11-16&x=1", { at: "/diary", week: "", view: "day" }), "?x=1&view=day");
  assert.equal(withQuery("/journal/b", "?lesson=l", { at: "/journal/a", period: "p", lesson: "" }), "?lesson=l");
  assert.equal(withQuery("/", "", { at: "/", excuse: "a.2026-11-23" }), "?excuse=a.2026-11-23");
  assert.equal(withQuery("/diary", "?a=1", {}), "?a=1");
  assert.equal(withQuery("/diary", "?a=1", null), "?a=1");
});
