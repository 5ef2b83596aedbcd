// Drafts of forms on the device, pure: storages, uids and the time are given. Keys hold ids only, no names (D-50).
// A draft: {uid, base: {field: what the server had}, values: {field: what is typed}, at}.

/** @typedef {{uid: string, base: Record<string, string>, values: Record<string, string>, at?: number}} Draft */
/** @typedef {Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">} Shelf */
/** @typedef {ReturnType<typeof openDrafts>} Drafts */

const PREFIX = "ais:";
export const LONGEST = 30 * 24 * 3600 * 1000;

const keysOf = (storage) => Array.from({ length: storage.length }, (_, i) => storage.key(i));
const isDraft = (key) => /^ais:[^:]*:draft:/.test(key);

/**
 * The drafts of an account: written to the first of the storages, found and dropped in all of them.
 * @param {Shelf[]} storages
 * @param {string} account
 * @param {() => number} now
 */
export function openDrafts(storages, account, now) {
  const prefix = `${PREFIX}${account}:draft:`;
  /** @type {Set<() => void>} */
  const told = new Set(); // who shows whether a draft waits
  const tell = () => { for (const one of told) one(); };
  /** @type {Map<string, Draft>} */
  const memory = new Map(); // a full or forbidden storage: what is typed lives as long as the page at least
  const read = (storage, key) => {
    try { return JSON.parse(storage.getItem(key)); } catch { storage.removeItem(key); return null; }
  };
  const remove = (thing) => {
    memory.delete(thing);
    for (const storage of storages) storage.removeItem(prefix + thing);
  };
  const drop = (thing) => { remove(thing); tell(); };
  const things = (storage) => keysOf(storage).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  /** @returns {Draft | null} */
  const get = (thing) => {
    const found = [memory.get(thing), ...storages.map((storage) => read(storage, prefix + thing))].find(Boolean);
    if (!found?.uid || !found.values || !found.base || now() - found.at > LONGEST) return null;
    return found;
  };
  return {
    get,
    drop,
    /** `listener` after every change, until what is returned is called. */
    whenChanged(listener) { told.add(listener); return () => { told.delete(listener); }; },
    /**
     * @param {string} thing
     * @param {Draft} draft
     */
    put(thing, draft) {
      remove(thing);
      const kept = { ...draft, at: now() };
      try { storages[0].setItem(prefix + thing, JSON.stringify(kept)); } catch { memory.set(thing, kept); }
      tell();
    },
    /** What was saved is no draft any more: those with these uids go. */
    spend(uids) {
      for (const storage of storages)
        for (const thing of things(storage)) if (uids.includes(read(storage, prefix + thing)?.uid)) drop(thing);
      for (const [thing, draft] of memory) if (uids.includes(draft.uid)) drop(thing);
    },
    /** Too old ones go; nobody would know them. */
    sweep() {
      for (const storage of storages) for (const thing of things(storage)) if (!get(thing)) drop(thing);
    },
    clear() {
      for (const storage of storages) for (const thing of things(storage)) storage.removeItem(prefix + thing);
      memory.clear();
      tell();
    },
  };
}

/**
 * On a device that several people use: the drafts of every other account go.
 * @type {(storage: Shelf, account: string) => void}
 */
export function forgetOthers(storage, account) {
  for (const key of keysOf(storage)) if (isDraft(key) && !key.startsWith(`${PREFIX}${account}:`)) storage.removeItem(key);
}

/** Whether two forms say the same. */
export const same = (one, other) => Object.keys({ ...one, ...other }).every((name) => one[name] === other[name]);

/**
 * A draft over what the server has now. What was not typed in is the server's; what was is the draft's, and where the
 * server has meanwhile changed that very field, `theirs` names it: both must be seen. `base` is what the typing goes on
 * from. Null: there is nothing to restore.
 * @type {(draft: Draft | null, now: Record<string, string>) => {values: Record<string, string>, base: Record<string, string>, theirs: string[]} | null}
 */
export function resumed(draft, now) {
  if (!draft) return null;
  const values = {}, base = {}, theirs = [];
  for (const name of Object.keys(now)) {
    const typed = draft.values[name], was = draft.base[name];
    const own = typed !== undefined && typed !== was && typed !== now[name];
    values[name] = own ? typed : now[name];
    base[name] = own ? was : now[name];
    if (own && was !== now[name]) theirs.push(name);
  }
  return same(values, now) ? null : { values, base, theirs };
}
