"""Corrections: an older mark is changed with a reason, families see what stood there, and sign what came afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from ais_app.access.payload import parse
from ais_app.db.columns import new_uid
from ais_app.diary import corrected, service, views
from ais_app.diary.progress import queries as progress
from ais_app.diary.progress import views as progress_views
from ais_app.diary.progress.views import Choice
from ais_app.journal import settings
from ais_app.journal.attendance.service import Excuse, excuse
from ais_app.journal.errors import CellsRefused
from ais_app.journal.grid import payloads
from ais_app.journal.grid.rules import is_correction
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.remarks.service import add_remark, withdraw_remark
from ais_app.ledger import queries as ledger
from ais_app.ledger import verifying
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Role
from tests.databases import rows
from tests.settings import begin_with

TODAY, FRIDAY, MONDAY = date(2026, 11, 23), date(2026, 11, 20), date(2026, 11, 16)
WHY = "Two pupils were mixed up"


def enter(school, student: str, value: str, version: int, reason: str = "", day: date = TODAY, **more):
    """One cell of algebra, by its teacher."""
    entry = MarkEntry(school.people[student].uid, school.work("algebra", day), value, version, more.get("comment"))
    operation = MarksOperation(new_uid(), school.courses["algebra"], [entry], reason)
    return school.database.write(lambda uow: enter_marks(uow, school.teacher(), operation))


def week(school, monday: date, login: str = "mother", role: Role = Role.GUARDIAN, student: str = "anna"):
    actor = school.actor(login, role)
    today = school.database.clock.now().date()
    return school.read(views.week, actor, today, school.people[student].uid, monday, monday, with_news=False)


def lesson(school, day: date, login: str = "mother", role: Role = Role.GUARDIAN) -> views.LessonItem:
    """The algebra of a day as the family reads it."""
    monday = day - timedelta(days=day.weekday())
    found = next(one for one in week(school, monday, login, role).days if one.iso == day.isoformat())
    return next(one for one in found.lessons if one.subject == "Algebra")


def opened(school, day: date = TODAY, login: str = "mother", role: Role = Role.GUARDIAN, student: str = "anna"):
    work, actor = school.work("algebra", day), school.actor(login, role)
    return school.read(corrected.opened, actor, TODAY, school.people[student].uid, work)


def stands(school, student: str = "anna", day: date = TODAY) -> list[str]:
    query = text(
        "SELECT code FROM mark JOIN work ON work.id = mark.work_id JOIN person ON person.id = mark.student_id "
        "WHERE work.uid = :work AND person.uid = :student ORDER BY mark.ordinal"
    )
    place = {"work": school.work("algebra", day), "student": school.people[student].uid}
    return list(school.database.read(lambda one: one.execute(query, place).scalars().all()))


def is_refused(school, *asked, **more) -> None:
    before = stands(school, asked[0], more.get("day", TODAY))
    with pytest.raises(CellsRefused) as error:
        enter(school, *asked, **more)
    assert [cell.code for cell in error.value.cells] == ["reason"]
    assert stands(school, asked[0], more.get("day", TODAY)) == before


# --- a reason ---------------------------------------------------------------------------------------------------------


def test_an_older_mark_is_changed_with_a_reason_only(school, clock):
    enter(school, "anna", "5", 0)
    clock.advance(hours=24)
    is_refused(school, "anna", "3", 1)
    is_refused(school, "anna", "", 1)
    is_refused(school, "anna", "3", 1, "   ")
    enter(school, "anna", "3", 1, WHY)
    assert stands(school) == ["3"]
    assert school.database.read(lambda one: list(verifying.verify(one))) == []


def test_a_slip_of_the_same_day_needs_none(school, clock):
    enter(school, "anna", "5", 0)
    clock.advance(hours=23, minutes=59)
    enter(school, "anna", "3", 1)
    clock.advance(hours=23)
    enter(school, "anna", "4", 2)  # the term of the 3 began when it was written
    assert stands(school) == ["4"]


@pytest.mark.parametrize("hours", [0, 1, 100])
def test_the_term_is_the_schools(school, clock, hours):
    begin_with(school.database, school.ref, settings.CORRECTION_HOURS, hours)
    enter(school, "anna", "5", 0)
    clock.advance(hours=hours)
    is_refused(school, "anna", "4", 1)


def test_what_takes_no_mark_away_needs_no_reason(school, clock):
    enter(school, "anna", "5", 0, day=FRIDAY)
    clock.advance(hours=30)
    enter(school, "anna", "5", 1, day=FRIDAY, comment="well done")
    enter(school, "anna", "5/4", 2, day=FRIDAY)
    enter(school, "anna", "о/5/4", 3, day=FRIDAY)
    assert stands(school, day=FRIDAY) == ["5", "4"]


def test_nothing_makes_an_old_mark_young(school, clock):
    """Another mark beside it, a comment, a lateness, another order: each mark keeps the moment at which it was written."""
    enter(school, "anna", "5", 0)
    clock.advance(hours=25)
    enter(school, "anna", "5/4", 1)
    enter(school, "anna", "4/5", 2)
    enter(school, "anna", "о/4/5", 3)
    enter(school, "anna", "о/4/5", 4, comment="both")
    is_refused(school, "anna", "о/4", 5)
    enter(school, "anna", "о/5", 5)  # the 4 is of today
    is_refused(school, "anna", "о", 6)


def test_only_the_older_marks_of_a_block_are_asked_about(school, clock):
    enter(school, "anna", "5", 0)
    clock.advance(hours=25)
    enter(school, "boris", "5", 0)
    entries = [
        MarkEntry(school.people[login].uid, school.work("algebra", TODAY), "4", version)
        for login, version in (("anna", 1), ("boris", 1), ("vera", 0))
    ]
    operation = MarksOperation(new_uid(), school.courses["algebra"], entries)
    with pytest.raises(CellsRefused) as error:
        school.database.write(lambda uow: enter_marks(uow, school.teacher(), operation))
    assert [(cell.student, cell.code, cell.value) for cell in error.value.cells] == [
        (school.people["anna"].uid, "reason", "5")
    ]
    assert [stands(school, login) for login in ("anna", "boris", "vera")] == [["5"], ["5"], []]


def test_a_stale_cell_is_a_conflict_first(school, clock):
    enter(school, "anna", "5", 0)
    clock.advance(hours=25)
    with pytest.raises(CellsRefused) as error:
        enter(school, "anna", "4", 0)
    assert [cell.code for cell in error.value.cells] == ["stale"]


def test_the_reason_travels_with_the_operation():
    uid = "a" * 16
    cells = [[uid, uid, "5", 1]]
    edit = parse(payloads.GridEdit, {"ops": [[uid, uid, cells], [uid, uid, cells, WHY]]})
    assert [one.reason for one in edit.operations] == ["", WHY]
    for more in (["x" * 501], [WHY, "more"], [5], [None]):
        with pytest.raises(ValidationError):
            parse(payloads.GridEdit, {"ops": [[uid, uid, cells, *more]]})


# --- what a family sees -----------------------------------------------------------------------------------------------


def test_a_family_sees_what_stood_there_who_changed_it_when_and_why(school, clock):
    enter(school, "anna", "5", 0)
    assert lesson(school, TODAY).corrections == []
    clock.advance(hours=26)
    enter(school, "anna", "3", 1, WHY)
    (line,) = lesson(school, TODAY).corrections
    assert (line.before, line.after, line.reason) == ("5", "3", f"Reason: {WHY}")
    assert line.about == "Teacher A. I., 24 November, 14:00"
    assert lesson(school, TODAY, "anna", Role.STUDENT).corrections == [line]
    assert opened(school).corrections == [line]


def test_a_mark_that_was_taken_away_is_still_told(school, clock):
    enter(school, "anna", "2", 0)
    enter(school, "anna", "", 1)
    (line,) = lesson(school, TODAY).corrections
    assert (line.before, line.after) == ("2", "")
    assert lesson(school, TODAY).marks == []
    year = school.read(progress.student_year, school.actor("mother", Role.GUARDIAN), TODAY, school.people["anna"].uid)
    chips = progress_views.subjects(progress_views.shown(year, Choice(), TODAY), "", 3)[0].chips
    assert [(chip.code, chip.was, chip.work) for chip in chips] == [("", "2", school.work("algebra", TODAY))]


def test_both_values_stand_in_progress_too(school):
    enter(school, "anna", "5", 0)
    enter(school, "anna", "3/4", 1)
    year = school.read(progress.student_year, school.actor("anna", Role.STUDENT), TODAY, school.people["anna"].uid)
    chips = progress_views.subjects(progress_views.shown(year, Choice(), TODAY), "", 3)[0].chips
    assert [(chip.code, chip.was) for chip in chips] == [("3", "5"), ("4", "")]


@pytest.mark.parametrize(
    ("before", "after", "wrong"),
    [
        ("", "5", False),
        ("5", "5/4", False),
        ("5/4", "4/5", False),
        ("5", "о/5", False),
        ("н", "б", False),
        ("н/4", "у/4", False),
        ("5", "3", True),
        ("5", "", True),
        ("5/5", "5", True),
        ("б", "н", True),
        ("н", "", True),
        ("о15", "о", True),
        ("н", "5", True),
    ],
)
def test_what_is_a_correction(before, after, wrong):
    assert is_correction(before, after) is wrong


def test_an_erased_reason_is_not_shown(school, clock):
    enter(school, "anna", "5", 0)
    clock.advance(hours=26)
    enter(school, "anna", "3", 1, WHY)
    erase = text("UPDATE operation_reason SET text = NULL, salt = NULL")
    assert school.database.write(lambda uow: uow.execute(erase).rowcount) == 1
    (line,) = lesson(school, TODAY).corrections
    assert (line.before, line.after, line.reason) == ("5", "3", "")


def test_a_mark_that_is_opened_says_what_for_when_and_by_whom(school):
    enter(school, "anna", "о15/5", 0, comment="neat", day=FRIDAY)
    found = opened(school, FRIDAY)
    assert [(one.code, one.words) for one in found.codes] == [("о", "late, 15 minutes"), ("5", "")]
    assert (found.subject, found.kind, found.comment) == ("Algebra", "Lesson work, weight 3", "neat")
    assert found.when == "Friday, 20 November, lesson 1"
    assert found.teacher == "Teacher A. I."
    assert found.written == "Teacher A. I., 23 November, 12:00"


@pytest.mark.parametrize(
    ("login", "role"),
    [
        ("stranger", Role.GUARDIAN),
        ("former", Role.GUARDIAN),
        ("boris", Role.STUDENT),
        ("teacher", Role.TEACHER),
        ("deputy", Role.DEPUTY),
    ],
)
def test_nobody_opens_a_mark_of_a_foreign_child(school, login, role):
    enter(school, "anna", "5", 0)
    with pytest.raises(NotYours):
        opened(school, login=login, role=role)


def test_a_cell_that_was_never_written_is_like_a_foreign_one(school):
    with pytest.raises(NotYours):
        opened(school)


# --- «ознакомлен» -----------------------------------------------------------------------------------------------------


def sign(school, monday: date = MONDAY, login: str = "mother") -> None:
    actor = school.actor(login, Role.GUARDIAN)
    school.database.write(lambda uow: service.acknowledge(uow, actor, school.people["anna"].uid, monday))


def signatures(school) -> int:
    return school.database.read(lambda one: one.execute(text("SELECT count(*) FROM acknowledgement")).scalar_one())


def test_a_correction_after_the_signature_asks_again_and_is_named(school):
    """The clock stands still: what came afterwards is told by the ledger's order."""
    enter(school, "anna", "5", 0, day=FRIDAY)
    sign(school)
    before = week(school, MONDAY).summary
    assert (before.may, before.news, before.again) == (False, [], False)
    enter(school, "anna", "3", 1, day=FRIDAY)
    after = week(school, MONDAY).summary
    assert (after.may, after.again, after.news) == (True, True, ["Algebra, 20 November: 5 → 3"])
    sign(school)
    signed = week(school, MONDAY).summary
    assert (signed.may, signed.news, len(signed.seen or [])) == (False, [], 2), "the old signature stays"
    sign(school)
    assert signatures(school) == 2
    chain = f"school:{school.ref.uid}"
    for (uid,) in rows(school.database, "SELECT uid FROM acknowledgement"):
        (step,) = school.database.read(ledger.history, chain, "acknowledgement", uid)
        assert (step.after["student"], step.after["monday"]) == (school.people["anna"].uid, MONDAY.isoformat())


def test_a_new_mark_is_told_and_asks_nothing(school):
    sign(school)
    enter(school, "anna", "5", 0, day=FRIDAY)
    enter(school, "anna", "4", 1, day=FRIDAY)
    summary = week(school, MONDAY).summary
    assert (summary.may, summary.news, summary.appeared) == (False, [], "1 entry appeared after that")


def test_a_correction_that_was_taken_back_asks_nothing(school):
    enter(school, "anna", "5", 0, day=FRIDAY)
    sign(school)
    enter(school, "anna", "3", 1, day=FRIDAY)
    enter(school, "anna", "5", 2, day=FRIDAY)
    summary = week(school, MONDAY).summary
    assert (summary.may, summary.news, summary.appeared) == (False, [], "")


def remark(school, login: str = "anna") -> str:
    place = school.lesson("algebra", FRIDAY), school.people[login].uid, "No notebook"
    return school.database.write(lambda uow: add_remark(uow, school.teacher(), *place))


def test_a_remark_after_the_signature_asks_again_and_so_does_one_that_goes(school):
    sign(school)
    uid = remark(school)
    assert week(school, MONDAY).summary.news == ["Algebra, 20 November: a new remark"]
    sign(school)
    assert week(school, MONDAY).summary.may is False
    school.database.write(lambda uow: withdraw_remark(uow, school.teacher(), uid))
    summary = week(school, MONDAY).summary
    assert (summary.may, summary.news) == (True, ["Algebra, 20 November: a remark was taken back"])


def test_a_remark_that_came_and_went_after_the_signature_asks_nothing(school):
    sign(school)
    uid = remark(school)
    school.database.write(lambda uow: withdraw_remark(uow, school.teacher(), uid))
    remark(school, "boris")
    assert week(school, MONDAY).summary.news == []


def test_each_guardian_is_asked_about_what_he_has_signed_himself(school):
    enter(school, "anna", "5", 0, day=FRIDAY)
    sign(school)
    enter(school, "anna", "3", 1, day=FRIDAY)
    for login, role in (("anna", Role.STUDENT), ("historian", Role.CLASS_TEACHER)):
        summary = week(school, MONDAY, login, role).summary
        assert (summary.may, summary.again) == (False, False)
        assert summary.news == ["Algebra, 20 November: 5 → 3"], "what the family has not signed yet"
    lines = school.read(views.pupils, school.actor("historian", Role.CLASS_TEACHER), TODAY, MONDAY)
    sign(school)
    again = school.read(views.pupils, school.actor("historian", Role.CLASS_TEACHER), TODAY, MONDAY)
    assert [one.seen.count("Mother") for one in again if one.name == "Anna Alex"] == [1]
    assert len(lines) == len(again)


def test_the_reason_of_an_absence_becomes_known_without_another_signature(school):
    enter(school, "anna", "н", 0, day=FRIDAY)
    sign(school)
    document = Excuse(school.people["anna"].uid, DaySpan(FRIDAY, FRIDAY), "б", "note of the doctor")
    school.database.write(lambda uow: excuse(uow, school.actor("historian", Role.CLASS_TEACHER), document))
    summary = week(school, MONDAY).summary
    assert (summary.may, summary.news, summary.appeared) == (False, [], "1 entry appeared after that")


def test_of_many_changes_the_last_are_counted(school):
    days = [MONDAY + timedelta(days=offset) for offset in range(5)]
    for day in days:
        enter(school, "anna", "5/4/3", 0, day=day)
    sign(school)
    for day in days:
        enter(school, "anna", "2", 1, day=day)
    for _count in range(2):
        remark(school)
    assert len(week(school, MONDAY).summary.news) == 6
    assert week(school, MONDAY).summary.news[-1] == "and 2 changes more"


def comments_of(school) -> list[str]:
    query = text(
        "SELECT comment FROM mark JOIN person ON person.id = mark.student_id WHERE person.uid = :anna ORDER BY ordinal"
    )
    anna = {"anna": school.people["anna"].uid}
    return school.database.read(lambda one: one.execute(query, anna).scalars().all())


def test_a_comment_stays_with_its_mark_and_goes_with_it(school):
    """It went by the mark's place in the cell: «5» with a comment, then «5/4», then «4» left the comment on the 4."""
    teacher = school.teacher()
    school.comment(teacher, "algebra", "anna", TODAY, "5", "Well done")
    school.enter(teacher, "algebra", ("anna", TODAY, "5/4", 1))
    assert comments_of(school) == ["Well done", ""]
    gone = school.enter(teacher, "algebra", ("anna", TODAY, "4", 2))
    assert comments_of(school) == [""]
    item = text(
        "SELECT operation_text.text FROM operation_text JOIN operation_item ON operation_item.id = operation_text.item_id "
        "JOIN operation ON operation.id = operation_item.operation_id WHERE operation.uid = :uid AND field = 'after.comment'"
    )
    assert school.database.read(lambda one: one.execute(item, {"uid": gone.operation}).scalar_one()) == ""
    school.enter(teacher, "algebra", ("anna", TODAY, "", 3))
    assert comments_of(school) == []


def test_a_mark_that_takes_another_s_place_has_its_comment(school):
    teacher = school.teacher()
    school.comment(teacher, "algebra", "anna", TODAY, "5", "Well done")
    school.enter(teacher, "algebra", ("anna", TODAY, "4", 1))
    assert comments_of(school) == ["Well done"]
    school.enter(teacher, "algebra", ("anna", TODAY, "3/4", 2))
    assert comments_of(school) == ["", "Well done"]
