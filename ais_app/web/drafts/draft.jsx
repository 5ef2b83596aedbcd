// What is typed into a form stays on the device until it is saved: `DraftKeeper` once in the top bar, `Draft` in each form.

import { useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { forgetOthers, openDrafts, resumed, same } from "./drafts.js";
import { showDrafts } from "./afar.js";
import { makeUid } from "./uid.js";

/** @typedef {import("./drafts.js").Drafts} Drafts */
/** @typedef {{thing: string, name: string, from: number | null, to: number | null}} Left */

const shared = { account: "", drafts: /** @type {Drafts | null} */ (null), told: new Set() };
const subscribe = (tell) => { shared.told.add(tell); return () => shared.told.delete(tell); };
const present = () => shared.drafts;

/** @type {Left | null} */
let left = null; // where the focus was in a form that went with its page and may come back: {thing, name, from, to}

/** Before the forms in the order of the page: its effects run before theirs. */
export function DraftKeeper({ account, personal, spent }) {
  useLayoutEffect(() => {
    if (!account) return; // a page that begins does not know yet who is here
    const storages = [window.localStorage, window.sessionStorage];
    const drafts = openDrafts(personal ? storages : storages.reverse(), account, Date.now);
    drafts.sweep();
    shared.drafts = drafts;
    showDrafts(drafts);
    forgetOthers(window.sessionStorage, account);
    for (const tell of shared.told) tell();
  }, [account, personal]);
  useLayoutEffect(() => { if (spent.length) shared.drafts?.spend(spent); }, [spent, account, personal]);
  useEffect(() => {
    const leaves = (event) => {
      if (event.target.action?.endsWith("/logout") && !event.defaultPrevented) shared.drafts?.clear();
    };
    document.addEventListener("submit", leaves);
    return () => document.removeEventListener("submit", leaves);
  }, []);
  return null;
}

/** Where a form can be opened: that something typed into it still waits there. */
export function DraftMark({ thing, label }) {
  const drafts = useSyncExternalStore(subscribe, present, () => null);
  const follow = useCallback((tell) => {
    const leave = drafts?.whenChanged(tell);
    window.addEventListener("storage", tell); // another tab has written it, or saved what was in it
    return () => { leave?.(); window.removeEventListener("storage", tell); };
  }, [drafts]);
  const waits = useSyncExternalStore(follow, () => Boolean(drafts?.get(thing)), () => false);
  return waits ? <span className="badge info" data-testid="has-draft">{label}</span> : null;
}

const KEPT_OUT = new Set(["hidden", "password", "file", "submit", "button"]);
const fieldsOf = (form) => [...form.elements].filter((one) => one.name && !KEPT_OUT.has(one.type));
const valuesOf = (form) => Object.fromEntries(fieldsOf(form).map((one) => [one.name, one.type === "checkbox" ? (one.checked ? "1" : "") : one.value]));
const shownAs = (form, name, text) => [...(form.elements[name].options ?? [])].find((one) => one.value === text)?.text ?? text;
const labelOf = (form, name) => form.elements[name].labels?.[0]?.textContent ?? "";

function fill(form, values) {
  for (const one of fieldsOf(form)) {
    if (one.type === "checkbox") one.checked = values[one.name] === "1";
    else one.value = values[one.name];
  }
}

export function Draft({ thing, labels, children }) {
  const place = useRef(/** @type {HTMLDivElement | null} */ (null)), token = useRef(/** @type {HTMLInputElement | null} */ (null)), base = useRef({ of: null, values: {}, began: {} });
  const drafts = useSyncExternalStore(subscribe, present, () => null);
  const [theirs, setTheirs] = useState(/** @type {string[][] | null} */ (null)); // null: no draft was found; else [[label, text]] of what changed meanwhile
  const form = () => place.current?.closest("form");

  const mark = (uid) => { if (token.current) token.current.value = uid; };
  const remember = () => {
    const values = valuesOf(form());
    if (same(values, base.current.values)) { forget(); return; }
    const uid = drafts?.get(thing)?.uid ?? makeUid();
    mark(uid);
    drafts?.put(thing, { uid, values, base: base.current.began });
  };
  const forget = () => {
    drafts?.drop(thing);
    base.current.began = base.current.values;
    mark("");
    setTheirs(null);
  };
  const discard = () => {
    fill(form(), base.current.values);
    forget();
    fieldsOf(form())[0]?.focus();
  };

  useLayoutEffect(() => {
    const around = form();
    if (!around || !drafts || !thing) return undefined;
    if (base.current.of !== thing) base.current = { of: thing, values: valuesOf(around), began: valuesOf(around) };
    const draft = drafts.get(thing), found = resumed(draft, base.current.values);
    if (draft && found) {
      fill(around, found.values);
      mark(draft.uid);
      base.current.began = found.base;
      setTheirs(found.theirs.map((name) => [labelOf(around, name), shownAs(around, name, base.current.values[name])]));
      around.closest("details[data-opens-with-draft]")?.setAttribute("open", "");
    } else if (draft) drafts.drop(thing);
    const leaves = (event) => { if (event.target.closest?.("[data-forgets-draft]")) forget(); };
    around.addEventListener("input", remember);
    around.addEventListener("change", remember);
    around.addEventListener("click", leaves);
    const taken = () => { base.current.values = valuesOf(around); forget(); };
    around.addEventListener("taken", taken);
    return () => {
      around.removeEventListener("input", remember);
      around.removeEventListener("change", remember);
      around.removeEventListener("click", leaves);
      around.removeEventListener("taken", taken);
      const here = /** @type {HTMLInputElement | null} */ (document.activeElement);
      if (here?.name && around.contains(here)) left = { thing, name: here.name, from: here.selectionStart, to: here.selectionEnd };
    };
  }, [drafts, thing]);

  // A form that had the focus when its page went away has it again when it comes back.
  useEffect(() => {
    if (!drafts || !left || left.thing !== thing) return;
    const field = form()?.elements[left.name], { from, to } = left;
    left = null;
    field?.focus();
    if (Number.isInteger(from)) field?.setSelectionRange(from, to);
  }, [drafts, thing]);

  return (
    <div ref={place} className="draft" role="status">
      {/* Without a value of React's: it would write that again and again. */}
      <input ref={token} type="hidden" name="draft" />
      {theirs === null ? null : (
        <div className="note info" data-testid="draft-restored">
          {children}
          <div className="grow">
            <div className="row between wrap">
              <b>{labels.restored}</b>
              <button type="button" className="linkish" data-testid="discard-draft" onClick={discard}>{labels.discard}</button>
            </div>
            {theirs.length ? (
              <div data-testid="draft-theirs">
                <p>{labels.changed}</p>
                <dl>{theirs.map(([label, text]) => <div key={label}><dt>{label}</dt><dd>{text || labels.empty}</dd></div>)}</dl>
              </div>
            ) : null}
          </div>
        </div>
      )}
    </div>
  );
}
