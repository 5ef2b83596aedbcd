"""Random steps in the small school, of which one is taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

TODAY = date(2026, 11, 23)
DAYS = (date(2026, 11, 17), date(2026, 11, 20), date(2026, 11, 22), TODAY)  # 22: a Sunday, without lessons of its own
SCHOOL_DAYS = (DAYS[0], DAYS[1], TODAY)
COURSES = {"algebra": "teacher", "history": "historian"}
STUDENTS = ("anna", "boris", "vera")
FIRST_COLUMN, OTHER_COLUMN = ("5", "4/2", "н", "о10", "о/3", "осв", ""), ("5", "2", "3/4", "")
TAKEN = ("lesson", "column", "remark", "reason")
# A step: (what, its number, and what it needs). A lesson is named by its step, or by (course, day) of the timetable.
Step = tuple[str, int, dict[str, Any]]


@st.composite
def histories(draw) -> tuple[list[Step], int, int, bool]:
    """Steps, which of them is taken back, after how many of the steps, and whether its place is used once more."""
    steps: list[Step] = []
    lessons_: list[Any] = [(name, day) for name in COURSES for day in SCHOOL_DAYS]
    columns: dict[int, Any] = {}  # step of a column: its lesson
    excused: set[tuple[str, date]] = set()
    for number in range(draw(st.integers(3, 10))):
        what = draw(
            st.sampled_from(("lesson", "column", "column", "mark", "mark", "mark", "remark", "reason", "words"))
        )
        if what == "lesson":
            asked = {"course": draw(st.sampled_from(sorted(COURSES))), "day": draw(st.sampled_from(DAYS))}
            lessons_.append(number)
        elif what == "column":
            at = draw(st.sampled_from(lessons_))
            if list(columns.values()).count(at) == 3:  # a lesson has no more
                continue
            asked = {"at": at, "kind": draw(st.sampled_from(("LW", "CW")))}
            columns[number] = at
        elif what == "mark":
            column = draw(st.none() | st.sampled_from(sorted(columns))) if columns else None
            values = FIRST_COLUMN if column is None else OTHER_COLUMN
            asked = {
                "at": draw(st.sampled_from(lessons_)) if column is None else columns[column],
                "column": column,
                "student": draw(st.sampled_from(STUDENTS)),
                "text": draw(st.sampled_from(values)),
                "comment": draw(st.sampled_from((None, "Well", ""))),
            }
        elif what == "remark":
            asked = {"at": draw(st.sampled_from(lessons_)), "student": draw(st.sampled_from(STUDENTS))}
        elif what == "reason":
            place = (draw(st.sampled_from(STUDENTS)), draw(st.sampled_from(SCHOOL_DAYS)))
            if place in excused:  # two documents for one day: which of them gave the reason is not known any more
                continue
            excused.add(place)
            asked = {"student": place[0], "day": place[1], "reason": draw(st.sampled_from("бу"))}
        else:
            asked = {"at": draw(st.sampled_from(lessons_)), "kind": draw(st.sampled_from(("", "CW")))}
        steps.append((what, number, asked))
    able = [place for place, (what, _number, _asked) in enumerate(steps) if what in TAKEN]
    if not able:
        steps.append(("lesson", 99, {"course": "algebra", "day": TODAY}))
        able = [len(steps) - 1]
    chosen = draw(st.sampled_from(able))
    return steps, chosen, draw(st.integers(chosen + 1, len(steps))), draw(st.booleans())


def depends(step: Step, gone: set[int]) -> bool:
    """Whether a step is done at something that is not there."""
    _what, _number, asked = step
    return asked.get("at") in gone or asked.get("column") in gone


def without(steps: list[Step], chosen: int) -> list[Step]:
    """The history in which the chosen step, and what was done at what it made, never happened."""
    gone, kept = {steps[chosen][1]}, []
    for place, step in enumerate(steps):
        if place == chosen or depends(step, gone):
            gone.add(step[1])
        else:
            kept.append(step)
    return kept
