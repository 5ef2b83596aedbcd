"""A transfer dated back over what the journal holds: it changes no number anywhere, is named, and can be cleared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from ais_app.clock import SetClock
from ais_app.control.queries import keeping as control
from ais_app.db import Database
from ais_app.diary import service as acknowledging
from ais_app.diary import views as diary_views
from ais_app.diary.progress import queries as progress
from ais_app.diary.progress import views as progress_views
from ais_app.exchange.oneroster import import_oneroster
from ais_app.journal.attendance.service import Excuse, excuse
from ais_app.journal.courses.grants import SEAL, ViewGrant
from ais_app.journal.courses.queries import courses, outside
from ais_app.journal.courses.service.outside import Clearing, clear_entries
from ais_app.journal.errors import StaleEntries
from ais_app.journal.grid import views, wire
from ais_app.journal.grid.queries import cells, patch, sheet
from ais_app.journal.lessons import views as lessons_views
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.remarks import queries as remarks
from ais_app.journal.remarks.service import add_remark
from ais_app.journal.today import queries as reads
from ais_app.journal.windows.queries import periods
from ais_app.journal.windows.service.periods import close_period
from ais_app.ledger import queries as ledger
from ais_app.ledger import verifying
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Role, operator
from ais_app.school import rules, service
from tests.builders import MOSCOW, YEAR_FROM, SmallSchool, reading_at, small_school
from tests.unit.sets import change, count, teach

TODAY, FRIDAY, THURSDAY = date(2026, 11, 23), date(2026, 11, 20), date(2026, 11, 19)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEDNESDAY, TUESDAY = date(2026, 11, 18), date(2026, 11, 17)
LEFT = WEDNESDAY  # the first day on which Boris is no member any more
MONDAYS = (TODAY, TODAY - timedelta(days=7))


def move(school: SmallSchool, login: str, end: date | None, begin: date = YEAR_FROM) -> None:
    """Give a student of 7А other days in the class."""
    sql = (
        "SELECT e.id, g.id AS group_id FROM enrollment e "
        "JOIN study_group g ON g.id = e.group_id WHERE e.person_id = :person"
    )
    row = school.database.read(lambda one: one.execute(text(sql), {"person": school.people[login].id}).one())
    one = rules.TermChange(row.group_id, school.people[login], row.id, rules.DatedFrom(begin, end))
    school.database.write(lambda uow: service.change_memberships(uow, operator(), school.ref, [one]))


def remark(school: SmallSchool, login: str, day: date) -> None:
    lesson, uid = school.lesson("algebra", day), school.people[login].uid
    school.database.write(lambda uow: add_remark(uow, school.teacher(), lesson, uid, "Not in the class any more"))


Entered = tuple[str, date, str]  # course, day, what is typed (or a remark)
REMARK = "remark"
# Boris: marks, absences, lateness and a remark, before and after the day on which he left.
ENTERED: tuple[Entered, ...] = (
    ("algebra", TUESDAY, "4"),
    ("algebra", WEDNESDAY, "5/2"),
    ("algebra", THURSDAY, "2"),
    ("algebra", FRIDAY, "н"),
    ("algebra", TODAY, "о15/3"),
    ("algebra", FRIDAY, REMARK),
    ("history", THURSDAY, "2"),
    ("history", TODAY, "н"),
)


def enter(school: SmallSchool, entered: Sequence[Entered], login: str = "boris") -> None:
    actors = {"algebra": school.teacher(), "history": school.actor("historian", Role.TEACHER)}
    for course, day, typed in entered:
        if typed == REMARK:
            remark(school, login, day)
        elif typed[0].isdigit():
            school.comment(actors[course], course, login, day, typed, "copied")
        else:
            school.enter(actors[course], course, (login, day, typed, 0))


def course_views(school: SmallSchool, actor: Actor, name: str) -> Any:
    """Everything a journal page shows of a course, without the numbers of changes."""

    def read(connection):
        grant = ViewGrant(actor, school.courses[name], SEAL)
        reading = reading_at(connection, actor, NOW)
        opened = views.opened(reading, grant, ("", ""))
        page = courses.course(reading, grant)
        period = periods.periods(connection, page.scheme_id)[1]
        shown = wire.sheet_view(sheet.sheet(reading, page, period), TODAY)
        panels = [
            lessons_views.panels(reading, grant, school.work(name, day), school.people["boris"].uid)
            for day in (TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, TODAY)
        ]
        notes = [
            remarks.remarks(reading, grant, (school.people["boris"].uid, school.work(name, day)))
            for day in (THURSDAY, FRIDAY)
        ]
        ids = [person.id for person in school.people.values()]
        exact = cells.means(connection, page.id, period.first, period.last, ids)
        touched = [(school.people["boris"].uid, school.work(name, day)) for day in (TUESDAY, FRIDAY, TODAY)]
        delivered = patch.changed_cells(connection, page.uid, touched, page.thresholds)
        rest = {key: value for key, value in shown.items() if key != "seq"}
        rolls = [(lesson.roll, lesson.counts, cell.value, cell.comment) for lesson, cell in panels if cell is not None]
        return rest, rolls, notes, exact, delivered, opened["about"]

    return school.database.read(read)


def family_views(school: SmallSchool, login: str, role: Role) -> Any:
    actor, boris = school.actor(login, role), school.people["boris"].uid

    def read(connection):
        reading = reading_at(connection, actor, TODAY)
        weeks = [diary_views.week(reading, boris, monday, TODAY, with_news=False) for monday in MONDAYS]
        year = progress.student_year(reading, boris)
        assert year is not None
        shown = progress_views.shown(year, progress_views.Choice(), TODAY)
        what_if = [
            progress_views.what_if(shown, course, progress_views.Choice(), progress_views.Thresholds())
            for course in shown.courses
        ]
        return weeks, year.courses, year.days, shown, what_if

    weeks, found, days, _shown, what_if = school.database.read(read)
    return weeks, found, days, what_if


def everything(school: SmallSchool) -> dict[str, Any]:
    """Every number and list that anybody is shown of the journal."""
    historian, deputy = school.actor("historian", Role.CLASS_TEACHER), school.actor("deputy", Role.DEPUTY)
    found: dict[str, Any] = {
        f"{name} for {actor.hat.key.partition(':')[0]}": course_views(school, actor, name)
        for name in ("algebra", "history")
        for actor in (school.teacher(), historian, deputy)
        if (name, actor.hat.person_uid) != ("history", school.people["teacher"].uid)
    }
    found["student"] = family_views(school, "boris", Role.STUDENT)
    found["guardian"] = family_views(school, "stranger", Role.GUARDIAN)
    found["missing"] = school.read(reads.missing, historian, TODAY)
    found["keeping"] = school.read(
        control.keeping, deputy, datetime.combine(TODAY, school.database.clock.now().time(), MOSCOW)
    )
    return found


@pytest.fixture
def twin(templates, database_kind, tmp_path_factory, school) -> Iterator[SmallSchool]:
    """The same school once more, with the same uids."""
    with (
        templates.copy(database_kind, tmp_path_factory.mktemp("twin"), "small school") as url,
        closing(Database(url, SetClock(school.database.clock.now()))) as database,
    ):
        yield templates.school(database_kind, database)


def history_of(school: SmallSchool, entered: Sequence[Entered], begin: date, end: date | None) -> dict[str, Any]:
    """The family sees both weeks, then all this is entered, then the days in the class become others."""
    stranger, boris = school.actor("stranger", Role.GUARDIAN), school.people["boris"].uid
    for monday in MONDAYS:
        school.database.write(lambda uow, monday=monday: acknowledging.acknowledge(uow, stranger, boris, monday))
    clock: Any = school.database.clock
    clock.moment += timedelta(hours=1)
    enter(school, entered)
    move(school, "boris", end, begin)
    return everything(school)


def test_entries_outside_the_membership_change_no_number_anywhere(school, twin):
    inside = [one for one in ENTERED if one[1] < LEFT]
    without = history_of(twin, inside, YEAR_FROM, LEFT)
    found = history_of(school, ENTERED, YEAR_FROM, LEFT)
    assert [name for name in without if found[name] != without[name]] == []
    move(school, "boris", None)
    move(twin, "boris", None)
    assert [name for name, view in everything(twin).items() if view == everything(school)[name]] == ["keeping"], (
        "every view would show them, were he a member"
    )


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_entered_and_however_the_days_are_moved(school, twin, seed):
    random = Random(seed)
    days = [TODAY - timedelta(days=back) for back in (0, 3, 4, 5, 6, 7)]
    values = ("5", "4/2", "3", "н", "о", "о5", "н/4", "осв", REMARK)
    drawn = {(random.choice(("algebra", "history")), random.choice(days)): random.choice(values) for _n in range(14)}
    entered = [("algebra" if typed == REMARK else course, day, typed) for (course, day), typed in sorted(drawn.items())]
    begin, end = random.choice([YEAR_FROM, *days]), random.choice([None, *days])
    inside = [one for one in entered if begin <= one[1] and (end is None or one[1] < end)]
    without, found = history_of(twin, inside, begin, end), history_of(school, entered, begin, end)
    assert [name for name in without if found[name] != without[name]] == []
    deputy = school.actor("deputy", Role.DEPUTY)
    listed = school.read(outside.outside, deputy, TODAY)
    marks = sum(len(typed.split("/")) for _course, _day, typed in set(entered) - set(inside) if typed != REMARK)
    assert sum(line.count - line.remarks for line in listed) == marks


def line_of(school: SmallSchool, login: str = "deputy", role: Role = Role.DEPUTY) -> list[outside.OutsideLine]:
    return school.read(outside.outside, school.actor(login, role), TODAY)


def clearing(line: outside.OutsideLine, count: int | None = None) -> Clearing:
    return Clearing(line.student, line.class_or_course, line.open if count is None else count)


@pytest.fixture
def moved(school) -> SmallSchool:
    enter(school, ENTERED)
    move(school, "boris", LEFT)
    return school


def test_the_deputy_sees_whose_and_what_and_from_when_to_when(moved):
    (line,) = line_of(moved)
    assert (line.name, line.class_or_course_name, line.first, line.last) == ("Boris Alex", "7А", WEDNESDAY, TODAY)
    assert (line.marks, line.comments, line.absences, line.remarks, line.closed) == (5, 3, 3, 1, 0)
    assert line_of(moved, "school_admin", Role.SCHOOL_ADMIN) == [line]
    for login, role in (("teacher", Role.TEACHER), ("director", Role.DIRECTOR), ("inspector", Role.INSPECTOR)):
        assert line_of(moved, login, role) == []


def test_they_are_cleared_as_one_operation_that_the_history_keeps(moved):
    before, (line,) = everything(moved), line_of(moved)
    deputy = moved.actor("deputy", Role.DEPUTY)
    assert moved.database.write(lambda uow: clear_entries(uow, deputy, clearing(line))) == 9
    assert line_of(moved) == []
    assert everything(moved) == before, "what counted nowhere is missed nowhere"
    assert {table: count(moved.database, table) for table in ("mark", "attendance")} == {"mark": 1, "attendance": 0}
    chain, boris = f"school:{moved.ref.uid}", moved.people["boris"].uid
    step = moved.database.read(ledger.history, chain, "cell", f"{boris}:{moved.work('algebra', TODAY)}")[0]
    assert (step.kind, step.hat, step.before, step.after) == (
        "entries_cleared",
        deputy.hat.key,
        {"value": "о15/3", "version": 1},
        {"value": "", "version": 2},
    )
    assert moved.database.read(lambda one: list(verifying.verify(one))) == []
    move(moved, "boris", None)
    moved.enter(moved.teacher(), "algebra", ("boris", TODAY, "5", 2))


def test_only_who_may_clears_and_only_what_was_seen(moved):
    (line,) = line_of(moved)
    for login, role in (("teacher", Role.TEACHER), ("director", Role.DIRECTOR), ("historian", Role.CLASS_TEACHER)):
        actor = moved.actor(login, role)
        with pytest.raises(NotYours):
            moved.database.write(lambda uow, a=actor: clear_entries(uow, a, clearing(line)))
    deputy = moved.actor("deputy", Role.DEPUTY)
    with pytest.raises(StaleEntries):
        moved.database.write(lambda uow: clear_entries(uow, deputy, clearing(line, 8)))
    for foreign in (moved.people["anna"].uid, "a" * 16):
        asked = Clearing(foreign, line.class_or_course, 9)
        with pytest.raises(NotYours):
            moved.database.write(lambda uow, a=asked: clear_entries(uow, deputy, a))
    with pytest.raises(NotYours):
        moved.database.write(lambda uow: clear_entries(uow, deputy, Clearing(line.student, "a" * 16, 9)))
    assert line_of(moved) == [line]


def test_another_schools_deputy_neither_sees_nor_clears_them(moved):
    other = small_school(moved.database, "other-")
    deputy, (line,) = other.actor("deputy", Role.DEPUTY), line_of(moved)
    assert moved.read(outside.outside, deputy, TODAY) == []
    with pytest.raises(NotYours):
        moved.database.write(lambda uow: clear_entries(uow, deputy, clearing(line)))


def test_a_closed_period_stays_as_it_is(moved):
    deputy = moved.actor("deputy", Role.DEPUTY)
    moved.database.write(lambda uow: close_period(uow, deputy, moved.periods[1]))
    (line,) = line_of(moved)
    assert (line.count, line.closed, line.open) == (9, 9, 0)
    with pytest.raises(NotYours):
        moved.database.write(lambda uow: clear_entries(uow, deputy, clearing(line, 9)))


def test_a_document_gives_no_reason_to_an_absence_outside_the_membership(moved):
    document = Excuse(moved.people["boris"].uid, DaySpan(TUESDAY, TODAY), "б", "№ 3")
    deputy = moved.actor("deputy", Role.DEPUTY)
    assert moved.database.write(lambda uow: excuse(uow, deputy, document)) == 0


def test_an_import_that_dates_a_leaving_back_names_what_it_leaves_outside(database, copied):
    import_oneroster(database, copied)
    teach(database, "n.zimina", "mila.ozerova")
    assert not [note for note in import_oneroster(database, copied).notes if "outside the membership" in str(note)]
    change(
        copied,
        "enrollments.csv",
        "e-6,,,k-alg,s-3,u-1,student,false,,",
        "e-6,,,k-alg,s-3,u-1,student,false,,2026-11-09",
    )
    for _run in ("dry", "real"):
        report = import_oneroster(database, copied, dry_run=_run == "dry")
        (note,) = [note for note in report.notes if "outside the membership" in str(note)]
        said = {name: note.params[name] for name in ("name", "place", "count", "first", "last")}
        assert said == {
            "name": "Озерова Мила",
            "place": "7А",
            "count": 1,
            "first": date(2026, 11, 23),
            "last": date(2026, 11, 23),
        }
    again = import_oneroster(database, copied)
    assert not [note for note in again.notes if "outside the membership" in str(note)], "it has said so"
