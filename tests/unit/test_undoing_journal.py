"""Undo in the journal: of what a teacher, a class teacher and a deputy did, under the checks of doing it themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from ais_app.db.columns import new_uid
from ais_app.journal.attendance.service import Excuse, excuse
from ais_app.journal.errors import AlreadyAnswered, CellsRefused, Question
from ais_app.journal.grid.queries.cells import StoredCell, stored_cells
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.journal.kinds import KINDS as JOURNAL
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.lessons.service import lessons, taking_back
from ais_app.journal.remarks.service import add_remark
from ais_app.journal.undoing import UNDOING as HOW
from ais_app.journal.windows.queries import openings as opening_reads
from ais_app.journal.windows.service import openings, periods
from ais_app.kinds import KINDS
from ais_app.ledger.operation import ReasonMissing
from ais_app.ledger.undoing import NothingToUndo, StandsLater
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Role
from ais_app.undoing import UNDOING

TODAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 17)


@dataclass
class Desk:
    """A school with its algebra teacher."""

    school: Any

    @property
    def teacher(self) -> Actor:
        return self.school.teacher()

    @property
    def class_teacher(self) -> Actor:
        return self.school.actor("historian", Role.CLASS_TEACHER)

    def write(self, work: Any) -> Any:
        return self.school.database.write(work)

    def value(self, query: str, **values: Any) -> Any:
        return self.school.database.read(lambda one: one.execute(text(query), values).scalar_one_or_none())

    @property
    def last(self) -> str:
        """The uid of the last operation."""
        return self.value("SELECT uid FROM operation ORDER BY id DESC LIMIT 1")

    def cell(self, student: str, work: str) -> tuple[str, int, list[str]]:
        """(value, version, comments) of a cell."""
        person = self.school.people[student].id
        key = self.value("SELECT id FROM work WHERE uid = :work", work=work)
        found = self.school.database.read(stored_cells, [key], [person])
        cell = found.get((person, key), StoredCell())
        return cell.value.text, cell.version, cell.comments

    def enter(self, values: dict[str, str], *, day: date = TODAY, comment: str | None = None, reason: str = "") -> str:
        """Enter values {student: text} of algebra on a day as one operation; returns its uid."""
        work = self.work(day)
        entries = [
            MarkEntry(self.school.people[student].uid, work, said, self.cell(student, work)[1], comment)
            for student, said in values.items()
        ]
        operation = MarksOperation(new_uid(), self.school.courses["algebra"], entries, reason)
        self.write(lambda uow: enter_marks(uow, self.teacher, operation))
        return operation.uid

    def work(self, day: date = TODAY) -> str:
        return self.school.work("algebra", day)

    def undo(self, uid: str, actor: Actor | None = None, reason: str = "", confirmed: str = "") -> str:
        return self.write(lambda uow: UNDOING.undo(uow, actor or self.teacher, uid, reason, confirmed))

    def values(self, *students: str, day: date = TODAY) -> list[str]:
        return [self.cell(student, self.work(day))[0] for student in students]


@pytest.fixture
def desk(school) -> Desk:
    return Desk(school)


def test_every_kind_of_the_journal_with_an_inverse_says_how_it_is_undone():
    assert set(HOW) == {kind.name for kind in JOURNAL if kind.inverse}
    assert set(HOW) <= set(KINDS)


def test_a_roll_call_is_undone_and_redone_as_one(desk):
    desk.enter({"anna": "5", "boris": "о7"})
    roll = desk.enter({"anna": "н", "boris": "н", "vera": "н"})
    undone = desk.undo(roll)
    assert desk.values("anna", "boris", "vera") == ["5", "о7", ""]
    desk.undo(undone)
    assert desk.values("anna", "boris", "vera") == ["н", "н", "н"]
    desk.undo(roll)
    with pytest.raises(NothingToUndo):
        desk.undo(roll)


def test_comments_come_back_to_their_marks(desk):
    desk.enter({"anna": "5/4"}, comment="Well")
    desk.enter({"anna": "4/5"})  # the comment goes with its mark
    gone = desk.enter({"anna": ""})
    desk.undo(gone)
    assert desk.cell("anna", desk.work())[::2] == ("4/5", ["", "Well"])
    desk.undo(desk.enter({"anna": "3"}, comment="Other"))
    assert desk.cell("anna", desk.work())[::2] == ("4/5", ["", "Well"])


def test_what_another_teacher_wrote_since_stands_in_the_way_of_that_cell_only(desk):
    first = desk.enter({"anna": "5", "boris": "4"})
    other = desk.enter({"vera": "3"})
    second = desk.enter({"anna": "4"})
    with pytest.raises(StandsLater) as refused:
        desk.undo(first)
    assert refused.value.operations == (second,)
    desk.undo(other)
    desk.undo(second)
    desk.undo(first)
    assert desk.values("anna", "boris", "vera") == ["", "", ""]


def test_marks_are_undone_by_their_author_while_he_could_write_them(desk, clock):
    done = desk.enter({"anna": "5"})
    for login, role in (("historian", Role.TEACHER), ("deputy", Role.DEPUTY), ("mother", Role.GUARDIAN)):
        with pytest.raises(NotYours):
            desk.undo(done, desk.school.actor(login, role))
    clock.moment += timedelta(days=2)
    with pytest.raises(CellsRefused) as refused:  # an older mark needs a reason
        desk.undo(done)
    assert [cell.code for cell in refused.value.cells] == ["reason"]
    clock.moment += timedelta(days=30)
    with pytest.raises(CellsRefused) as refused:
        desk.undo(done, reason="Another student")
    assert [cell.code for cell in refused.value.cells] == ["locked"]
    assert desk.values("anna") == ["5"]


def test_a_closed_period_keeps_what_is_in_it(desk):
    done = desk.enter({"anna": "5"})
    deputy = desk.school.actor("deputy", Role.DEPUTY)
    period = desk.value("SELECT uid FROM grading_period WHERE starts_on <= '2026-11-23' AND ends_on >= '2026-11-23'")
    desk.write(lambda uow: periods.close_period(uow, deputy, period))
    with pytest.raises(CellsRefused) as refused:
        desk.undo(done)
    assert [cell.code for cell in refused.value.cells] == ["closed"]


def test_a_reason_of_the_class_teacher_comes_back_with_what_the_teacher_undoes(desk):
    desk.enter({"anna": "н"})
    paper = Excuse(desk.school.people["anna"].uid, DaySpan(TODAY, TODAY), "б", "Paper")
    desk.write(lambda uow: excuse(uow, desk.class_teacher, paper))
    excused = desk.last
    done = desk.enter({"anna": "5"})
    desk.undo(done)
    assert desk.values("anna") == ["б"]
    desk.undo(excused, desk.class_teacher, "The paper was another one's")
    assert desk.values("anna") == ["н"]
    desk.undo(desk.undo(desk.last, desk.class_teacher), desk.school.actor("deputy", Role.DEPUTY))
    assert desk.values("anna") == ["н"]


def test_a_lesson_with_marks_goes_after_a_question_and_a_reason(desk):
    course = desk.school.courses["algebra"]
    lesson = desk.write(lambda uow: lessons.add_lesson(uow, desk.teacher, course, TODAY, 8))
    added = desk.last
    work = desk.value(
        "SELECT work.uid FROM work JOIN lesson ON lesson.id = lesson_id WHERE lesson.uid = :uid", uid=lesson
    )
    entry = MarkEntry(desk.school.people["anna"].uid, work, "5", 0)
    desk.write(lambda uow: enter_marks(uow, desk.teacher, MarksOperation(new_uid(), course, [entry])))
    with pytest.raises(Question) as asked:
        desk.undo(added)
    with pytest.raises(ReasonMissing):
        desk.undo(added, confirmed=str(asked.value))
    undone = desk.undo(added, reason="By mistake", confirmed=str(asked.value))
    taken = "SELECT count(*) FROM lesson WHERE uid = :uid AND taken_back_at IS NOT NULL"
    assert desk.value(taken, uid=lesson) == 1
    desk.undo(undone)
    assert desk.value(taken, uid=lesson) == 0
    with pytest.raises(Question) as asked:
        desk.undo(added)
    desk.write(lambda uow: taking_back.take_back_lesson(uow, desk.teacher, lesson, "Mine", str(asked.value)))
    desk.undo(desk.last)
    assert desk.value(taken, uid=lesson) == 0


def columns(desk: Desk, lesson: str) -> list[str]:
    query = (
        "SELECT work.uid FROM work JOIN lesson ON lesson.id = lesson_id WHERE lesson.uid = :uid"
        " AND work.taken_back_at IS NULL ORDER BY ordinal"
    )
    return desk.school.database.read(lambda one: one.execute(text(query), {"uid": lesson}).scalars().all())


def test_columns_go_and_come_in_any_order(desk):
    lesson = desk.school.lesson("algebra", TODAY)
    kind = desk.school.types["CW"]
    made, operations = [], []
    for _number in range(3):
        made.append(desk.write(lambda uow: lessons.add_work(uow, desk.teacher, lesson, kind)))
        operations.append(desk.last)
    first = desk.work()
    gone = [desk.undo(uid) for uid in operations]
    assert columns(desk, lesson) == [first]
    for uid in (gone[1], gone[0], gone[2]):
        desk.undo(uid)
    assert columns(desk, lesson) == [first, *made]
    for uid in (operations[1], operations[2]):
        desk.undo(uid)
    assert columns(desk, lesson) == [first, made[0]]
    new = desk.write(lambda uow: lessons.add_work(uow, desk.teacher, lesson, kind))
    desk.undo(operations[0])
    assert columns(desk, lesson) == [first, new]


def test_topic_and_homework_come_back(desk):
    course = desk.school.courses["algebra"]
    lesson = desk.write(lambda uow: lessons.add_lesson(uow, desk.teacher, course, TODAY, 8))

    def describe(topic: str, homework: str) -> str:
        version = desk.value("SELECT version FROM lesson WHERE uid = :uid", uid=lesson)
        said = lessons.LessonText(lesson, version, topic, homework, None, False)
        desk.write(lambda uow: lessons.describe_lesson(uow, desk.teacher, said))
        return desk.last

    def written() -> tuple[str, str | None]:
        query = "SELECT text FROM homework JOIN lesson ON lesson.id = lesson_id WHERE lesson.uid = :uid"
        return desk.value("SELECT topic FROM lesson WHERE uid = :uid", uid=lesson), desk.value(query, uid=lesson)

    first, second = describe("Roots", "No. 5"), describe("Powers", "No. 6")
    undone = desk.undo(second)
    assert written() == ("Roots", "No. 5")
    desk.undo(first)
    assert written() == ("", None)
    with pytest.raises(StandsLater):
        desk.undo(undone)


def test_remarks_are_taken_back_and_put_back(desk):
    lesson, anna = desk.school.lesson("algebra", TODAY), desk.school.people["anna"].uid
    remark = desk.write(lambda uow: add_remark(uow, desk.teacher, lesson, anna, "Forgot the book"))
    shown = "SELECT count(*) FROM remark WHERE uid = :uid AND withdrawn_at IS NULL"
    undone = desk.undo(desk.last)
    assert desk.value(shown, uid=remark) == 0
    desk.undo(undone)
    assert desk.value(shown, uid=remark) == 1


def test_requests_and_openings(desk, clock):
    clock.moment += timedelta(days=20)
    deputy = desk.school.actor("deputy", Role.DEPUTY)
    lesson = desk.school.lesson("algebra", TUESDAY)
    request = desk.write(lambda uow: openings.ask(uow, desk.teacher, openings.NewRequest(lesson, "I was ill")))
    undone = desk.undo(desk.last)
    verdict = "SELECT verdict FROM opening_request WHERE uid = :uid"
    assert desk.value(verdict, uid=request) == "withdrawn"
    desk.undo(undone)
    assert desk.value(verdict, uid=request) == ""
    desk.write(lambda uow: openings.grant(uow, deputy, request))
    granted = desk.last
    done = desk.enter({"anna": "5"}, day=TUESDAY)
    desk.undo(done)
    desk.undo(desk.undo(granted, deputy), deputy)
    done = desk.enter({"anna": "5"}, day=TUESDAY)
    closed = desk.undo(granted, deputy)
    with pytest.raises(CellsRefused):
        desk.undo(done)
    clock.moment += timedelta(days=2)
    with pytest.raises(AlreadyAnswered):
        desk.undo(closed, deputy)


def test_a_request_waits_again_when_its_opening_is_undone(desk, clock):
    clock.moment += timedelta(days=20)
    deputy, shown = desk.school.actor("deputy", Role.DEPUTY), "SELECT verdict FROM opening_request WHERE uid = :uid"
    lesson = desk.school.lesson("algebra", TUESDAY)
    request = desk.write(lambda uow: openings.ask(uow, desk.teacher, openings.NewRequest(lesson, "I was ill")))
    desk.write(lambda uow: openings.grant(uow, deputy, request))
    undone = desk.undo(desk.last, deputy)
    waiting = desk.school.read(opening_reads.waiting, deputy, clock.moment)
    assert [line.uid for line in waiting] == [request]
    desk.undo(undone, deputy)
    assert desk.value(shown, uid=request) == "granted"
    assert desk.school.read(opening_reads.waiting, deputy, clock.moment) == []
    desk.undo(desk.last, deputy)
    desk.write(lambda uow: openings.decline(uow, deputy, request, "Not this one"))
    with pytest.raises(StandsLater):
        desk.undo(undone, deputy)


def test_what_ended_anew_at_another_moment_is_undone_again(desk, clock):
    """Undo, redo a minute later, undo: of a lesson that was taken back, a request taken back, and an opening ended."""
    course, deputy = desk.school.courses["algebra"], desk.school.actor("deputy", Role.DEPUTY)
    shut = desk.school.lesson("algebra", date(2026, 11, 9))

    def thrice(uid: str, actor: Actor | None = None) -> None:
        undone = desk.undo(uid, actor)
        clock.moment += timedelta(minutes=1)
        desk.undo(undone, actor)
        clock.moment += timedelta(minutes=1)
        desk.undo(uid, actor)

    lesson = desk.write(lambda uow: lessons.add_lesson(uow, desk.teacher, course, TODAY, 8))
    desk.write(lambda uow: taking_back.take_back_lesson(uow, desk.teacher, lesson))
    thrice(desk.last)
    assert desk.value("SELECT taken_back_at FROM lesson WHERE uid = :uid", uid=lesson) is None
    request = desk.write(lambda uow: openings.ask(uow, desk.teacher, openings.NewRequest(shut, "I was ill")))
    desk.write(lambda uow: openings.withdraw(uow, desk.teacher, request))
    thrice(desk.last)
    until = desk.write(lambda uow: openings.grant(uow, deputy, request))
    opening = desk.value("SELECT uid FROM opening")
    desk.write(lambda uow: openings.close(uow, deputy, opening))
    thrice(desk.last, deputy)
    (held,) = desk.school.read(opening_reads.open_now, deputy, clock.moment)
    assert held.until == until


def test_a_request_that_was_taken_back_does_not_hide_the_answer_to_the_one_before(desk, clock):
    clock.moment += timedelta(days=20)
    deputy, lesson = desk.school.actor("deputy", Role.DEPUTY), desk.school.lesson("algebra", TUESDAY)
    key = desk.value("SELECT id FROM lesson WHERE uid = :uid", uid=lesson)
    asked = openings.NewRequest(lesson, "I was ill")
    first = desk.write(lambda uow: openings.ask(uow, desk.teacher, asked))
    desk.write(lambda uow: openings.decline(uow, deputy, first, "Too late"))
    desk.write(lambda uow: openings.ask(uow, desk.teacher, asked))
    desk.undo(desk.last)
    shown = desk.school.read(opening_reads.own_request, desk.teacher, clock.moment, key)
    assert (shown.uid, shown.answer) == (first, "Too late")
