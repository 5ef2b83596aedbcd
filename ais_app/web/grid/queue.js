// The queue of operations, pure: time and sending are given. An operation stays until its answer came, and is sent
// again unchanged; the server knows its uid and never writes it twice. Cells are sent one operation after the other.
// A later issue keeps `entries` in localStorage: `snapshot` and `revive` are that seam.

const FIRST_WAIT = 5000, LONGEST_WAIT = 60000;

export class Queue {
  constructor(makeUid) {
    this.makeUid = makeUid;
    this.sent = new Map();   // uid -> {uid, course, cells: [[student, work, text, version]], due, wait}
    this.waiting = new Map(); // "student:work" -> {course, student, work, text}: typed while its cell is on the way
  }

  get size() { return this.sent.size + this.waiting.size; }

  /** Texts that are not confirmed, newest first: Map("student:work" -> text). */
  pending() {
    const found = new Map();
    for (const operation of this.sent.values()) for (const [student, work, text] of operation.cells) found.set(`${student}:${work}`, text);
    for (const [key, one] of this.waiting) found.set(key, one.text);
    return found;
  }

  onTheWay(student, work) {
    for (const operation of this.sent.values())
      if (operation.cells.some(([s, w]) => s === student && w === work)) return true;
    return false;
  }

  busy(student, work) { return this.waiting.has(`${student}:${work}`) || this.onTheWay(student, work); }

  /** Put cells [[student, work, text, version]] in; returns the operation to send now, or null when all must wait. */
  put(course, cells, now) {
    const free = [];
    for (const [student, work, text, version] of cells) {
      if (this.onTheWay(student, work)) this.waiting.set(`${student}:${work}`, { course, student, work, text });
      else free.push([student, work, text, version]);
    }
    return free.length ? this.send(course, free, now) : null;
  }

  send(course, cells, now) {
    const operation = { uid: this.makeUid(), course, cells, due: now + FIRST_WAIT, wait: FIRST_WAIT };
    this.sent.set(operation.uid, operation);
    return operation;
  }

  /** The answer came. Returns {operation, next}: what it answered, and the operation to send now for its cells. */
  answered(patch, now) {
    const operation = this.sent.get(patch.op);
    if (!operation) return { operation: null, next: null };
    this.sent.delete(patch.op);
    const versions = new Map();
    for (const [student, work, , version] of patch.cells ?? []) versions.set(`${student}:${work}`, version);
    for (const [student, work, , , , version] of patch.refused ?? []) versions.set(`${student}:${work}`, version);
    const follow = [];
    for (const [student, work, , version] of operation.cells) {
      const key = `${student}:${work}`, later = this.waiting.get(key);
      if (!later) continue;
      this.waiting.delete(key);
      follow.push([student, work, later.text, versions.get(key) ?? version]);
    }
    return { operation, next: follow.length ? this.send(operation.course, follow, now) : null };
  }

  /** Operations whose answer is overdue, to be sent again unchanged; each waits twice as long then. */
  overdue(now, all = false) {
    const found = [];
    for (const operation of this.sent.values()) {
      if (!all && operation.due > now) continue;
      operation.wait = all ? FIRST_WAIT : Math.min(operation.wait * 2, LONGEST_WAIT);
      operation.due = now + operation.wait;
      found.push(operation);
    }
    return found;
  }
}

/** 80 random bits as 16 lower-case base32 characters. */
export function makeUid(random = (bytes) => crypto.getRandomValues(bytes)) {
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  return Array.from(random(new Uint8Array(16)), (byte) => letters[byte & 31]).join("");
}
