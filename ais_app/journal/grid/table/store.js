// What must survive a reload, a lost connection and the end of a session: operations without an answer and what was never written, by account.
// Ids, values and operation uids only, no names (D-20). One entry each, so that two tabs never overwrite one another.

const PREFIX = "ais:";

/** The store of an account over `storage` (localStorage or anything like it). A full or forbidden storage loses nothing else. */
export function openStore(storage, account) {
  const under = (kind) => `${PREFIX}${account}:${kind}:`;
  const write = (key, value) => {
    try { storage.setItem(key, JSON.stringify(value)); return true; } catch { return false; }
  };
  const read = (kind) => {
    const found = [];
    for (let i = 0; i < storage.length; i += 1) {
      const key = storage.key(i);
      if (!key.startsWith(under(kind))) continue;
      try { found.push(JSON.parse(storage.getItem(key))); } catch { storage.removeItem(key); i -= 1; }
    }
    return found;
  };
  return {
    keep: (operation) => write(under("op") + operation.uid, operation),
    drop: (uid) => storage.removeItem(under("op") + uid),
    keepWaiting: (one) => write(`${under("wait")}${one.student}:${one.work}`, one),
    dropWaiting: (key) => storage.removeItem(under("wait") + key),
    /** A value that met another one and waits for a decision: it is asked again after a reload. */
    park: (uid, operation) => write(under("park") + `${operation.cells[0][0]}:${operation.cells[0][1]}`, { ...operation, uid }),
    unpark: (key) => storage.removeItem(under("park") + key),
    /** A text that is written nowhere, a question or no value at all: it is shown again until it is decided or dropped. */
    keepUnwritten: (one) => write(`${under("unwritten")}${one.student}:${one.work}`, one),
    dropUnwritten: (key) => storage.removeItem(under("unwritten") + key),
    unwritten: () => read("unwritten"),
    /** Where somebody was in a course today. */
    place: (course, value) => (value === undefined ? read(`at:${course}`)[0] : write(under(`at:${course}`), value)),
    all: () => ({ operations: [...read("op"), ...read("park")].sort((a, b) => a.at - b.at), waiting: read("wait") }),
  };
}

/** How many cells of an account wait in a storage: for the line in the top bar. */
export function waitingCells(storage, account) {
  const { operations, waiting } = openStore(storage, account).all();
  return operations.reduce((sum, operation) => sum + operation.cells.length, waiting.length);
}
