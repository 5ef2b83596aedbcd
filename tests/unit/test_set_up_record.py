"""However a school comes to be, its rows are those that its ledger says: set up, imported, brought up to date, moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from ais_app.clock import SetClock
from ais_app.db import Database
from ais_app.diary.service import acknowledge
from ais_app.exchange.oneroster import export_oneroster, import_oneroster
from ais_app.journal.attendance.service import Excuse, excuse
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.lessons.service import lessons
from ais_app.journal.remarks.service import add_remark
from ais_app.journal.windows.service.periods import close_period
from ais_app.ledger import verifying
from ais_app.rights.rules import Role
from ais_app.setup.demo import people
from ais_app.setup.demo.founding import calendar, found_school
from tests.bench.rosters import generate_oneroster
from tests.builders import SmallSchool
from tests.databases import rows
from tests.unit.sets import SDS, SET, SET12, change, count
from tests.unit.whole_record import record_faults

TODAY, FRIDAY, NEXT_DAY = date(2026, 11, 23), date(2026, 11, 20), datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def items(database: Database, entity: str) -> int:
    return count(database, f"operation_item WHERE entity = '{entity}'")


def test_a_school_that_was_set_up_is_what_its_ledger_says(school):
    assert record_faults(school.database) == []
    for entity in (
        "enrollment",
        "course_teacher",
        "guardianship",
        "bell",
        "timetable_slot",
        "lesson",
        "work",
        "holiday",
    ):
        assert items(school.database, entity) == count(school.database, entity) > 0
    assert school.database.read(lambda one: list(verifying.verify(one))) == []


def test_lessons_are_laid_out_in_an_operation_for_each_course(school):
    laid = rows(school.database, "SELECT id FROM operation WHERE kind = 'lessons_laid_out'")
    assert len(laid) == len(school.courses)


@pytest.mark.parametrize("source", [SET, SET12, SDS], ids=["1.1", "1.2", "SDS"])
def test_an_imported_school_is_what_its_ledger_says(database, source):
    import_oneroster(database, source)
    assert record_faults(database) == []
    assert items(database, "enrollment") == count(database, "enrollment") > 0


def test_a_large_set_is_what_its_ledger_says(database, tmp_path):
    import_oneroster(database, generate_oneroster(tmp_path / "large", students=60))
    assert record_faults(database) == []


def test_a_changed_set_changes_what_its_ledger_says(database, copied):
    import_oneroster(database, copied)
    database.clock.moment = NEXT_DAY
    change(copied, "users.csv", "Мила,Озерова", "Мила,Речная")
    change(copied, "classes.csv", "История 7А", "История России 7А")
    change(copied, "orgs.csv", "Школа № 3 посёлка Луговой", "Лицей № 3 посёлка Луговой")
    change(copied, "demographics.csv", "2013-03-14", "2013-04-14")
    report = import_oneroster(database, copied)
    assert report.changed == {"schools": 1, "people": 1, "courses": 1}
    assert record_faults(database) == []


def test_the_demonstration_school_is_founded_as_its_ledger_says(database):
    database.write(lambda uow: found_school(uow, calendar(TODAY), people.roster()))
    assert record_faults(database) == []
    assert items(database, "lesson") == items(database, "work") == count(database, "lesson")


def test_the_kept_demonstration_school_was_set_up_as_its_ledger_says(database, demonstration):
    assert demonstration
    assert record_faults(database) == []


@pytest.fixture
def moved(school, templates, database_kind, tmp_path) -> Iterator[Database]:
    """The small school with something kept of each kind, moved to another installation."""
    keep(school)
    export_oneroster(school.database, tmp_path / "out", school.ref.uid)
    (tmp_path / "other").mkdir()
    with templates.copy(database_kind, tmp_path / "other", "nothing") as url:
        other = Database(url, SetClock(NEXT_DAY))
        import_oneroster(other, tmp_path / "out")
        yield other
        other.close()


def keep(school: SmallSchool) -> None:
    """Marks with comments, one changed and one in a column of two, absences, texts, a remark, a signature, a closed period."""
    teacher, leader = school.teacher(), school.actor("historian", Role.CLASS_TEACHER)
    mother, deputy = school.actor("mother", Role.GUARDIAN), school.actor("deputy", Role.DEPUTY)
    anna, boris, lesson = school.people["anna"].uid, school.people["boris"].uid, school.lesson("algebra", TODAY)
    school.comment(teacher, "algebra", "anna", TODAY, "4", "well done")
    school.enter(teacher, "algebra", ("anna", TODAY, "5/4", 1), ("boris", TODAY, "н", 0), ("vera", FRIDAY, "о5", 0))
    described = lessons.LessonText(lesson, 1, "Roots", "№ 305", 20, nothing_set=False)
    for work in (
        lambda uow: lessons.describe_lesson(uow, teacher, described),
        lambda uow: excuse(uow, leader, Excuse(boris, DaySpan(TODAY, TODAY), "б", "note")),
        lambda uow: add_remark(uow, teacher, lesson, anna, "No book"),
        lambda uow: acknowledge(uow, mother, anna, date(2026, 11, 16)),
        lambda uow: close_period(uow, deputy, school.periods[0]),
    ):
        school.database.write(work)


def test_a_school_that_was_moved_is_what_its_ledger_says(moved):
    assert record_faults(moved) == []
    for entity in ("lesson", "work", "homework", "remark", "period_lock", "acknowledgement", "cell"):
        assert items(moved, entity) == count(moved, entity) > 0
