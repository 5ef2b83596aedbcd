// The queue of operations, pure: time, uids and the store are given. An operation stays until its answer came, and is
// sent again unchanged; the server knows its uid and never writes it twice. One event is on the way at a time: what is
// typed meanwhile goes with the next one, so neither a fast typist nor a flush after a pause needs more than one frame.

/** @typedef {[student: string, work: string, text: string, version: number, comment?: string]} CellEdit */
/** @typedef {{uid: string, course: string, cells: CellEdit[], at: number, reason?: string}} Kept */
/** @typedef {Kept & {sent: boolean, due: number, wait: number}} Operation */
/** @typedef {{course: string, student: string, work: string, text: string, comment?: string, reason?: string}} Waiting */

const FIRST_WAIT = 2000, LONGEST_WAIT = 10000, MOST_CELLS = 500, MOST_OPERATIONS = 50; // of one event; the server refuses more (D-56)

/** @type {(student: string, work: string) => string} */
export const cellKey = (student, work) => `${student}:${work}`;

export class Queue {
  /**
   * @param {() => string} newUid
   * @param {import("./store.js").Store} store
   */
  constructor(newUid, store) {
    this.newUid = newUid;
    this.store = store;
    this.account = "";
    /** @type {Map<string, Operation>} by uid */
    this.operations = new Map();
    /** @type {Map<string, Waiting>} by "student:work": typed while its cell is on the way */
    this.waiting = new Map();
  }

  get size() { return this.operations.size + this.waiting.size; }

  /** When the oldest operation without an answer was made, or null. */
  get oldest() {
    let found = null;
    for (const operation of this.operations.values()) if (found === null || operation.at < found) found = operation.at;
    return found;
  }

  /**
   * What is not confirmed: Map("student:work" -> text).
   * @returns {Map<string, string>}
   */
  pending() {
    const found = new Map();
    for (const operation of this.operations.values()) for (const [student, work, text] of operation.cells) found.set(cellKey(student, work), text);
    for (const [key, one] of this.waiting) found.set(key, one.text);
    return found;
  }

  onTheWay(student, work) {
    for (const operation of this.operations.values())
      if (operation.cells.some(([s, w]) => s === student && w === work)) return true;
    return false;
  }

  busy(student, work) { return this.waiting.has(cellKey(student, work)) || this.onTheWay(student, work); }

  /**
   * Put cells [[student, work, text, version, comment?]] in: free ones become operations of at most 500, the others wait. `reason`: why older marks are changed by them.
   * @param {string} course
   * @param {CellEdit[]} cells
   * @param {number} now
   */
  put(course, cells, now, reason = "") {
    const free = [];
    for (const cell of cells) {
      const [student, work, text, , comment] = cell;
      if (this.onTheWay(student, work)) this.wait({ course, student, work, text, comment, ...(reason ? { reason } : {}) });
      else free.push(cell);
    }
    let made = null;
    for (let from = 0; from < free.length; from += MOST_CELLS) {
      const operation = this.add({ uid: this.newUid(), course, cells: free.slice(from, from + MOST_CELLS), at: now, reason });
      made ??= operation;
    }
    return made;
  }

  /** @param {Waiting} one */
  wait(one) {
    this.waiting.set(cellKey(one.student, one.work), one);
    this.store.keepWaiting(one);
  }

  /** @param {Kept} operation */
  add({ uid, course, cells, at, reason = "" }) {
    const kept = { uid, course, cells, at, ...(reason ? { reason } : {}) }, operation = { ...kept, sent: false, due: 0, wait: FIRST_WAIT };
    this.operations.set(uid, operation);
    this.store.keep(kept);
    return operation;
  }

  /**
   * The operations of one event, the oldest first: as many as it carries.
   * @returns {Operation[]}
   */
  first() {
    const chosen = [];
    let cells = 0;
    for (const operation of this.operations.values()) {
      cells += operation.cells.length;
      if (chosen.length && (cells > MOST_CELLS || chosen.length === MOST_OPERATIONS)) break;
      chosen.push(operation);
    }
    return chosen;
  }

  /**
   * The operations of the next event, [] while one is on the way. Those whose answer is overdue go again.
   * @param {number} now
   */
  take(now) {
    if ([...this.operations.values()].some((operation) => operation.sent && operation.due > now)) return [];
    const chosen = this.first();
    for (const operation of chosen) {
      operation.wait = operation.sent ? Math.min(operation.wait * 2, LONGEST_WAIT) : FIRST_WAIT;
      operation.sent = true;
      operation.due = now + operation.wait;
    }
    return chosen;
  }

  /** The connection is new: everything may go at once. */
  hurry() {
    for (const operation of this.operations.values()) { operation.due = 0; operation.wait = FIRST_WAIT; }
  }

  /**
   * An answer came: forget its operation and make one of what was typed over it meanwhile. Returns the operation.
   * @param {any} patch
   * @param {number} now
   */
  answered(patch, now) {
    const operation = this.operations.get(patch.op);
    if (!operation) return null;
    this.operations.delete(patch.op);
    this.store.drop(patch.op);
    const stands = new Map();
    for (const [student, work, value, version] of completed(patch, operation).cells ?? []) stands.set(cellKey(student, work), [value, version]);
    for (const [student, work, , , value, version] of patch.refused ?? []) stands.set(cellKey(student, work), [value, version]);
    /** @type {Map<string, any[]>} */
    const follow = new Map(); // by their reasons: an operation has one
    for (const [student, work, text, version] of operation.cells) {
      const key = cellKey(student, work), later = this.waiting.get(key);
      if (!later) continue;
      this.waiting.delete(key);
      this.store.dropWaiting(key);
      // Another value than ours stands there: somebody was faster. With the version we know, the server will say so.
      const [value, seen] = stands.get(key) ?? ["", version];
      const reason = later.reason ?? "", next = [student, work, later.text, value === text || patch.refused || patch.error ? seen : version + 1, ...(later.comment === undefined ? [] : [later.comment])];
      follow.set(reason, [...(follow.get(reason) ?? []), next]);
    }
    for (const [reason, cells] of follow) this.add({ uid: this.newUid(), course: operation.course, cells, at: now, reason });
    return operation;
  }

  /**
   * The page is being left: what waits for an answer to an earlier value of its cell cannot wait any longer.
   * @param {number} now
   */
  hasten(now) {
    for (const [key, { course, student, work, text, comment, reason }] of this.waiting) {
      let seen = 0;
      /** @type {[comment?: string]} */
      const said = comment === undefined ? [] : [comment];
      for (const { cells } of this.operations.values()) for (const [s, w, , version] of cells) if (s === student && w === work) seen = version + 1;
      this.waiting.delete(key);
      this.store.dropWaiting(key);
      this.add({ uid: this.newUid(), course, cells: [[student, work, text, seen, ...said]], at: now, reason });
    }
  }

  /**
   * Take up what an earlier page of the same account left behind. Returns how many cells that are.
   * @param {number} now
   */
  revive(now) {
    const left = this.store.all();
    for (const operation of left.operations) if (!this.operations.has(operation.uid)) this.operations.set(operation.uid, { ...operation, sent: false, due: 0, wait: FIRST_WAIT });
    for (const one of left.waiting) {
      if (this.onTheWay(one.student, one.work)) this.waiting.set(cellKey(one.student, one.work), one);
      else {
        this.store.dropWaiting(cellKey(one.student, one.work));
        this.add({ uid: this.newUid(), course: one.course, cells: [[one.student, one.work, one.text, 0]], at: now, reason: one.reason });
      }
    }
    return this.size;
  }
}

/**
 * An operation as it travels.
 * @type {(operation: Kept) => any[]}
 */
export const spelled = ({ uid, course, cells, reason }) => [uid, course, cells, ...(reason ? [reason] : [])];

/**
 * A patch as the others get it. An answer leaves out what its operation knows: the course, and the places of its cells.
 * @type {(patch: any, operation: Kept) => any}
 */
export function completed(patch, operation) {
  const cells = patch.own ? operation.cells.map(([student, work], index) => [student, work, ...patch.own[index]]) : patch.cells;
  return { ...patch, course: operation.course, cells };
}
