"""«Topics and homework»: of each it is said when it was first written, and nothing where that is not known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ais_app.journal.courses.grants import SEAL, ViewGrant
from ais_app.journal.lessons import views
from ais_app.journal.lessons.records import HOMEWORK, LESSON
from ais_app.journal.lessons.service.lessons import LessonText, describe_lesson
from ais_app.ledger.kinds import Kind
from ais_app.ledger.operation import operation
from ais_app.rights.rules import Right

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
RESTORED = Kind("records_restored", lambda: "Records were restored", without=lambda: "It only happens in tests.")


def record(school, day: date = MONDAY) -> tuple[str, str]:
    """(state, words) of the lesson of algebra on a day, as the teacher sees it on Tuesday."""
    grant = ViewGrant(school.teacher(), school.courses["algebra"], SEAL)
    lines, _ahead = school.read(views.topics, grant.actor, MONDAY + timedelta(days=1), grant, "")
    work = school.work("algebra", day)
    return next((line.state, line.record) for line in lines if line.work == work)


def describe(school, version: int, topic: str = "", homework: str = "", *, nothing: bool = False, day=MONDAY) -> None:
    said = LessonText(school.lesson("algebra", day), version, topic, homework, None, nothing)
    school.database.write(lambda uow: describe_lesson(uow, school.teacher(), said))


def later(school, **time: int) -> None:
    school.database.clock.moment += timedelta(**time)


def restore(school, topic: str, homework: str) -> None:
    """What an import brings of a lesson that it also makes."""

    def write(uow):
        with operation(uow, school.teacher(), RESTORED, Right.KEEP_LESSONS) as op:
            lesson = op.reading.execute(LESSON.table.select().where(LESSON.table.c.uid == uid)).one()
            op.update(LESSON, lesson.id, topic=topic)
            if homework:
                op.insert(HOMEWORK, {"lesson_id": lesson.id, "text": homework})

    uid = school.lesson("algebra", MONDAY)
    school.database.write(write)


def test_what_was_written_at_once_on_the_day_is_said_so(school):
    describe(school, 1, "Roots", "No. 5")
    assert record(school) == ("ok", "on the day of the lesson")
    later(school, days=1)
    describe(school, 2, "Square roots", "No. 6")
    assert record(school) == ("ok", "on the day of the lesson"), "when it was first written"


@pytest.mark.parametrize("nothing", [True, False])
def test_homework_that_came_later_than_the_topic_is_said_so(school, nothing):
    describe(school, 1, "Roots")
    assert record(school) == ("missing", "no homework yet")
    later(school, days=1, hours=2)
    describe(school, 2, "Roots", "" if nothing else "No. 5", nothing=nothing)
    assert record(school) == ("late", "homework later: 24 November, 14:00")


def test_a_topic_that_came_later_than_the_homework_is_said_so(school):
    describe(school, 1, "", "No. 5")
    later(school, days=1)
    describe(school, 2, "Roots", "No. 5")
    assert record(school) == ("late", "topic later: 24 November, 12:00")


def test_both_later_are_one_moment_or_two(school):
    describe(school, 1, "Roots", "No. 5", day=FRIDAY)
    assert record(school, FRIDAY) == ("late", "later: 23 November, 12:00")
    describe(school, 1, "Roots", day=date(2026, 11, 19))
    later(school, hours=1)
    describe(school, 2, "Roots", "No. 5", day=date(2026, 11, 19))
    said = "topic later: 23 November, 12:00; homework later: 23 November, 13:00"
    assert record(school, date(2026, 11, 19)) == ("late", said)


def test_nothing_is_said_of_what_an_import_brought(school):
    restore(school, "Roots", "No. 5")
    assert record(school) == ("plan", "")
    later(school, days=1)
    describe(school, 1, "Square roots", "No. 6")
    assert record(school) == ("plan", ""), "changed later, written nobody knows when"


def test_of_a_lesson_with_an_imported_topic_the_homework_has_its_own_moment(school):
    restore(school, "Roots", "")
    later(school, days=1)
    describe(school, 1, "Roots", "No. 5")
    assert record(school) == ("late", "homework later: 24 November, 12:00")
