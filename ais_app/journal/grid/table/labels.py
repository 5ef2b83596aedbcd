"""Every text that the grid says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ais_app.i18n import _, forms, language, p_
from ais_app.journal.grid.codes import KEYS
from ais_app.journal.grid.rules import ABSENT, EXEMPT, LATE, MARKS, PASSING


def labels() -> dict[str, Any]:
    """{key: text} of the grid, plural ones with all their forms."""
    return merged(_of_the_table(), _of_saving(), _of_the_phone())


def merged(*parts: Mapping[str, Any]) -> dict[str, Any]:
    """The parts as one. Raises ValueError for a key that stands in two of them: one text would be shown as another."""
    whole: dict[str, Any] = {}
    for part in parts:
        twice = whole.keys() & part.keys()
        if twice:
            raise ValueError(f"two texts under one key: {', '.join(sorted(twice))}")
        whole |= part
    return whole


def _of_the_table() -> dict[str, Any]:
    return {
        "lang": language(),
        "loading": _("The journal is being opened"),
        "student": _("Student"),
        "count": _("Marks"),
        "countTitle": _("How many marks of the period count"),
        "mean": _("Mean"),
        "meanTitle": _("Exact weighted mean of the period, rounded for show only"),
        "present": _("At the lesson"),
        "empty": _("empty"),
        "comment": _("comment"),
        "changed": _("was changed"),
        "outside": _("Not in this group on that day."),
        "readOnly": _("View only: marks are entered by the teacher of this course."),
        "isHere": _("{who} is at this cell"),
        "noLessons": _("There are no lessons in this period yet"),
        "noLessonsRead": _("Choose another period above."),
        "noLessonsWrite": _("Choose another period above, or add a lesson."),
        "bad": _("«{text}» is neither a mark nor a code."),
        "badOf": _("{name}: «{text}» is neither a mark nor a code. It is not written."),
        "reason": _("The class teacher gives the reason of an absence. Type «н»."),
        "reasonOf": _("{name}: «{text}» is not written. The class teacher gives the reason of an absence, type «н»."),
        "lost": _("Not written: «{text}». Its lesson or student is not here any more."),
        "nothingToAdd": _("There is no mark here to which another one could be added."),
        "notTogether": _("A mark does not stand beside «н» in this school."),
        "beyond": _("outside the table"),
        "noRow": _("below the last student"),
        "noColumn": _("after the last lesson"),
        "written": forms("{count} cell written", "{count} cells written"),
        "cleared": forms("{count} cell cleared by a blank", "{count} cells cleared by blanks"),
        "decimals": forms("{count} number read as a whole mark", "{count} numbers read as whole marks"),
        "asked": forms("{count} question", "{count} questions"),
        "nothingToChange": _("There is nothing to change."),
        "showLeft": _("Show which"),
        "hideLeft": _("Take the signs away"),
        "leftOut": forms("{count} cell was left out", "{count} cells were left out"),
        "copied": forms("{count} cell is copied", "{count} cells are copied"),
        "chooseFirst": _("Choose several cells with Shift and the arrows first."),
        "noMarkToComment": _("A comment belongs to a mark: enter the mark first."),
        "commentTo": _("Comment to {value}, {name}"),
        "draftRestored": _("The draft is restored"),
        "write": _("Write"),
        "cancel": _("Cancel"),
        "close": _("Close"),
        "find": _("Find a student"),
        "goThere": _("Go there"),
        "nobody": _("Nobody is called «{text}» here."),
        "nobodyAbsent": _("Nobody is marked absent here."),
        "asksPresent": forms("Take «н» from {count} student?", "Take «н» from {count} students?"),
        "presentYes": _("Take it away"),
        "presentNo": _("Leave it"),
        "put": _("{name}: {from} → {to}"),
        "commented": _("The comment is written."),
        "panelBehind": _("The panel still shows another cell. Try again."),
        "noLessonThere": _("There is no other lesson in this period."),
        "calledAbsent": forms("«н» for {count} student", "«н» for {count} students"),
        "calledPresent": forms("«н» taken from {count} student", "«н» taken from {count} students"),
        "nobodyCalled": _("There is nothing to change in this column."),
        "help": _(
            "Arrows move, digits and letters write and move on, slash adds a second mark, Delete clears, "
            "F2 writes a comment, F4 shows the lesson, question mark shows all keys, Escape leaves the table."
        ),
        "keysTitle": _("Keys of the journal"),
        "keys": key_list(),
    }


def _of_saving() -> dict[str, Any]:
    return {
        "saved": _("Saved at {time}"),
        "slow": _("The answer takes long, {what}"),
        "offline": _("No connection, {what}"),
        "offlineNothing": _("No connection"),
        "waiting": forms("{count} entry is waiting", "{count} entries are waiting"),
        "changedBy": _("{who} has changed the journal"),
        "dropEntry": _("Drop this entry"),
        "closedAgain": _("The time for which a lesson was opened is over: it is closed again."),
        "elsewhere": _("An entry in another journal was not accepted. {why}"),
        "notSent": _("Not saved: the whole entry was refused."),
        "somebody": _("Somebody"),
        "question": _("A question to be answered"),
        "questions": forms("{count} question", "{count} questions"),
        "asks": _("A mark and an absence meet here. Nothing is written until you decide."),
        "asksOf": _("{name}: «{there}» stands here, «{value}» is not written."),
        "askBoth": _("Both: {both}"),
        "askReplace": _("Replace by {value}"),
        "askLeave": _("Leave {there}"),
        "needsReason": _("An older mark is changed with a reason only. Until it is given, the old mark stands."),
        "correctionOf": _("{name}: {there} → {value}. Families have seen {there}: why is it changed?"),
        "reasonsAsked": forms(
            "{count} older mark stands until you say why it is changed",
            "{count} older marks stand until you say why they are changed",
        ),
        "reasonWrite": _("Write {value}"),
        "conflict": _("Two values for one cell"),
        "conflicts": forms("{count} conflict", "{count} conflicts"),
        "wrong": forms("{count} wrong entry", "{count} wrong entries"),
        "conflictText": _("{who} has entered {theirs} here meanwhile, you entered {mine}."),
        "takeTheirs": _("Keep {theirs}"),
        "takeMine": _("Write {mine}"),
        "takeBoth": _("Both: {both}"),
        "restText": _("Nothing of this entry is saved: some of its cells cannot be changed."),
        "sendRest": forms("Write the other {count}", "Write the other {count}"),
        "undone": _("Taken back: {what}"),
        "redone": _("Written again: {what}"),
        "entryOf": _("{name}, {day}: {from} → {to}"),
        "entries": forms("{count} cell", "{count} cells"),
        "undoElsewhere": _("The last entry was made in another period. Open it to take the entry back."),
        "takeBack": _("Undo"),
        "nothingToUndo": _("There is nothing to take back."),
        "nothingToRedo": _("There is nothing to write again."),
        "cannotUndo": _("This cannot be taken back: the cell was changed meanwhile."),
    }


def _of_the_phone() -> dict[str, Any]:
    return {
        "lessons": _("Lessons"),
        "lessonOf": _("lesson {number}"),
        "columnOf": _("column {number}"),
        "today": _("today"),
        "marks": p_("view", "Marks"),
        "chooseMark": _("Choose a mark"),
        "secondMark": _("Second mark"),
        "clearMark": _("Clear"),
        "markOf": _("Mark, {name}"),
        "rowSums": _("mean {mean} · {count}"),
        "marksCount": forms("{count} mark", "{count} marks"),
        "noMarks": _("no marks yet"),
    }


def key_list() -> list[tuple[list[str], str]]:
    """All keys of the grid (D-21), in the order of the sheet behind `?`."""
    return [
        ([*MARKS], _("mark")),
        ([ABSENT.upper()], _("absent; writes and moves on")),
        ([LATE.upper()], _("late; minutes may follow, Enter ends it: О15")),
        ([*KEYS[EXEMPT].upper()], _("exempt")),
        ([KEYS[code].upper() for code in PASSING], _("pass, fail: where the course has them")),
        (["/"], _("second mark in the cell just written; keeps both where a question stands")),
        (["Enter"], _("down; with Shift up")),
        (["Tab"], _("right; with Shift left")),
        (["←", "↑", "→", "↓"], _("move; with Shift choose several cells")),
        (["Home", "End"], _("first, last lesson; with Ctrl first, last student")),
        (["PageUp", "PageDown"], _("a screen up or down; with Alt a month back or on")),
        (["Delete"], _("clear")),
        (["Ctrl", "Z"], _("take back")),
        (["Ctrl", "Y"], _("write again")),
        (["Ctrl", "C"], _("copy, also to a spreadsheet")),
        (["Ctrl", "X"], _("cut")),
        (["Ctrl", "V"], _("paste, also from a spreadsheet")),
        (["Ctrl", "Enter"], _("the same value in all chosen cells")),
        (["Shift", ABSENT.upper()], _("«н» for everybody without an entry")),
        (["Shift", "П"], _("nobody is absent: take «н» from the column")),
        (["F2"], _("comment to the mark; where a reason is asked, to its field")),
        (["F3"], _("find a student")),
        (["F4"], _("lesson panel")),
        (["Ctrl", "."], _("today")),
        (["Esc"], _("back, then out of the table")),
        (["?"], _("this list")),
    ]
