"""What can be typed into the cells of a course."""

from __future__ import annotations

from ais_app.journal.courses.queries.courses import CourseRow
from ais_app.journal.grid import rules
from ais_app.rights.rules import Actor, Right


def values(course: CourseRow) -> list[str]:
    """The marks that can be entered in a course, the best first; none where it is taught without marks."""
    return [*rules.MARKS, *(rules.MARK_ONE if course.mark_one else ())] if course.graded else []


def codes(course: CourseRow, *, reasons: bool) -> list[str]:
    """What else can be typed: attendance, «осв», and «зач», «незач» where no marks are given (D-49)."""
    passing = () if course.graded else rules.PASSING
    return [rules.ABSENT, rules.LATE, *(rules.REASONS if reasons else ()), rules.EXEMPT, *passing]


def may_set_reasons(actor: Actor, course: CourseRow) -> bool:
    """Whether this actor is offered «б» and «у» in a course. That he leads the class is checked when he writes one."""
    return bool(actor.scopes(Right.SET_ABSENCE_REASON)) and course.class_id is not None and course.own
