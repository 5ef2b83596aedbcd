// Undo and redo, pure: an undone step is a new operation with the old values (D-10). Fifty steps, this tab, this course.

const MOST = 50;

export class Steps {
  constructor() { this.past = []; this.future = []; }

  /** A step: [{student, work, before: {text, comment}, after: {text, comment}}]. */
  push(step) {
    this.past.push(step);
    if (this.past.length > MOST) this.past.shift();
    this.future = [];
  }

  get canUndo() { return this.past.length > 0; }
  get canRedo() { return this.future.length > 0; }

  /** These cells [[student, work, text]] were not written after all: the steps that say so forget them. */
  forget(cells) {
    const gone = new Set(cells.map(([student, work, text]) => `${student}:${work}:${text}`));
    const less = (step) => step.filter((one) => !gone.has(`${one.student}:${one.work}:${one.after.text}`));
    this.past = this.past.map(less).filter((step) => step.length);
  }

  /** The step to take back, as changes [{student, work, expect, text, comment}]; it is ready for redo then. */
  undo() { return this.turn(this.past, this.future, "after", "before"); }
  redo() { return this.turn(this.future, this.past, "before", "after"); }

  turn(from, to, expected, wanted) {
    const step = from.pop();
    if (!step) return null;
    to.push(step);
    return step.map((cell) => ({
      student: cell.student, work: cell.work, expect: cell[expected].text, text: cell[wanted].text,
      comment: cell[expected].comment === cell[wanted].comment ? undefined : cell[wanted].comment,
    }));
  }
}
