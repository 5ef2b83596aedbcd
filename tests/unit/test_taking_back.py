"""Taking back what was made by mistake: who may, what is asked before, what is seen afterwards, and the way back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ais_app.journal.courses.queries import courses
from ais_app.journal.errors import BadLesson, CellsRefused, Question, StaleLesson, TakenBack
from ais_app.journal.events import CourseChanged, DiaryChanged
from ais_app.journal.lessons.queries import panel
from ais_app.journal.lessons.queries.taken_back import taken_back
from ais_app.journal.lessons.service import lessons, taking_back
from ais_app.journal.remarks import service as remarks
from ais_app.journal.windows.service.periods import close_period
from ais_app.ledger import queries as ledger
from ais_app.ledger import verifying
from ais_app.ledger.operation import ReasonMissing
from ais_app.ledger.service import school_chain
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Role
from tests.builders import reading_at
from tests.conftest import MONDAY
from tests.unit.mistakes import FRIDAY, TODAY, added, enter, shown_lessons, steps, to_put_back, work_of
from tests.unit.test_marks import grid

# Lessons.


def test_an_empty_lesson_goes_and_comes_back(school, teacher, write):
    lesson, before = added(school), shown_lessons(school)
    write(lambda uow: taking_back.take_back_lesson(uow, teacher, lesson))
    assert (TODAY.isoformat(), 7) not in shown_lessons(school)
    assert to_put_back(school) == ["lesson"]
    write(lambda uow: taking_back.put_back_lesson(uow, teacher, lesson))
    assert shown_lessons(school) == before
    assert to_put_back(school) == []
    assert steps(school, "lesson", lesson) == ["lesson_put_back", "lesson_taken_back", "lesson_added"]
    assert not school.database.read(lambda one: list(verifying.verify(one)))


def test_what_has_marks_asks_says_how_many_and_wants_a_reason(school, teacher, write):
    lesson = added(school)
    work = work_of(school, lesson)
    enter(school, work, "anna", "5/4", comment="Well done")
    enter(school, work, "boris", "н")
    write(lambda uow: remarks.add_remark(uow, teacher, lesson, school.people["vera"].uid, "No book"))
    with pytest.raises(Question) as asked:
        write(lambda uow: taking_back.take_back_lesson(uow, teacher, lesson, "By mistake"))
    question = str(asked.value)
    assert "2 marks, 1 absence or lateness, 1 comment, 1 remark" in question
    with pytest.raises(ReasonMissing):
        write(lambda uow: taking_back.take_back_lesson(uow, teacher, lesson, "  ", question))
    enter(school, work, "vera", "3")
    with pytest.raises(Question):  # another one: there is more in it now than was read
        write(lambda uow: taking_back.take_back_lesson(uow, teacher, lesson, "By mistake", question))
    question = question.replace("2 marks", "3 marks")
    write(lambda uow: taking_back.take_back_lesson(uow, teacher, lesson, "By mistake", question))
    chain = school_chain(school.ref.uid)
    (step, *_) = school.database.read(ledger.history, chain, "lesson", lesson)
    assert school.database.read(ledger.reasons, [step.operation]) == {step.operation: "By mistake"}
    write(lambda uow: taking_back.put_back_lesson(uow, teacher, lesson))
    assert grid(school)[0]["anna", TODAY.isoformat()] is not None
    assert enter(school, work, "anna", "5", version=1).written is not None


def test_the_place_is_free_and_what_took_it_stays(school, teacher, write):
    first = added(school)
    write(lambda uow: taking_back.take_back_lesson(uow, teacher, first))
    second = added(school)
    with pytest.raises(BadLesson, match="at its place"):
        write(lambda uow: taking_back.put_back_lesson(uow, teacher, first))
    write(lambda uow: taking_back.take_back_lesson(uow, teacher, second))
    write(lambda uow: taking_back.put_back_lesson(uow, teacher, first))


def test_only_who_added_it_takes_it_back(school, write):
    lesson = added(school)
    with school.database.connect() as connection, connection.begin():  # a second teacher of the same course
        connection.exec_driver_sql(
            "INSERT INTO course_teacher (uid, course_id, person_id, valid_from) "
            f"SELECT 'second', id, {school.people['historian'].id}, '2026-09-01' FROM course WHERE uid = '{school.courses['algebra']}'"
        )
    historian = school.actor("historian", Role.TEACHER)
    for login in ("historian", "deputy", "director", "inspector", "school_admin"):
        actor = historian if login == "historian" else school.actor(login, Role(login))
        for work in (taking_back.take_back_lesson, taking_back.put_back_lesson):
            with pytest.raises(NotYours):
                write(lambda uow, work=work, actor=actor: work(uow, actor, lesson))
    assert (TODAY.isoformat(), 7) in shown_lessons(school)


def test_a_lesson_of_the_timetable_is_nobodys_to_take_back(school, teacher, write):
    with pytest.raises(NotYours):
        write(lambda uow: taking_back.take_back_lesson(uow, teacher, school.lesson("algebra", TODAY)))


def test_after_the_window_and_in_a_closed_period_nothing_is_taken_back(school, teacher, write, clock):
    lesson, other = added(school), added(school, number=8)
    write(lambda uow: taking_back.take_back_lesson(uow, teacher, other))
    clock.moment += timedelta(days=8)
    for work, uid in ((taking_back.take_back_lesson, lesson), (taking_back.put_back_lesson, other)):
        with pytest.raises(BadLesson):
            write(lambda uow, work=work, uid=uid: work(uow, teacher, uid))
    assert to_put_back_on(school, clock.moment.date()) == []
    clock.moment -= timedelta(days=8)
    write(lambda uow: close_period(uow, school.actor("deputy", Role.DEPUTY), school.periods[1]))
    for work, uid in ((taking_back.take_back_lesson, lesson), (taking_back.put_back_lesson, other)):
        with pytest.raises(BadLesson):
            write(lambda uow, work=work, uid=uid: work(uow, teacher, uid))


def to_put_back_on(school, day: date) -> list[str]:
    actor = school.teacher()

    def read(connection):
        reading = reading_at(connection, actor, day)
        page = courses.course_to_write(reading, school.courses["algebra"])
        return [one.what for one in taken_back(reading, page)]

    return school.database.read(read)


def test_whoever_still_has_it_open_is_told_so(school, teacher, write):
    lesson = added(school)
    work = work_of(school, lesson)
    write(lambda uow: taking_back.take_back_lesson(uow, teacher, lesson))
    text = lessons.LessonText(lesson, 1, "Topic", "", None, nothing_set=True)
    for late in (
        lambda uow: lessons.describe_lesson(uow, teacher, text),
        lambda uow: lessons.add_work(uow, teacher, lesson, school.types["CW"]),
        lambda uow: lessons.change_work(uow, teacher, work, school.types["CW"]),
        lambda uow: remarks.add_remark(uow, teacher, lesson, school.people["anna"].uid, "Late"),
        lambda uow: taking_back.take_back_lesson(uow, teacher, lesson),
    ):
        with pytest.raises(TakenBack):
            write(late)
    with pytest.raises(CellsRefused) as refused:
        enter(school, work, "anna", "5")
    (cell,) = refused.value.cells
    assert (cell.code, "«5» is not written" in cell.text) == ("gone", True)

    def look(connection):
        reading = reading_at(connection, teacher, MONDAY)
        page = courses.course_to_write(reading, school.courses["algebra"])
        return panel.lesson_panel(reading, page, (work, ""))

    with pytest.raises(TakenBack):
        school.database.read(look)


def test_a_stranger_does_not_learn_that_something_was_taken_back(school, teacher, write):
    lesson = added(school)
    work = work_of(school, lesson)
    write(lambda uow: taking_back.take_back_lesson(uow, teacher, lesson))
    historian = school.actor("historian", Role.TEACHER)
    with pytest.raises(NotYours):
        write(lambda uow: lessons.change_work(uow, historian, work, school.types["CW"]))
    with pytest.raises(NotYours):
        write(lambda uow: taking_back.take_back_lesson(uow, historian, lesson))


def test_open_journals_and_diaries_hear_of_it(school, teacher):
    lesson, heard = added(school), []
    school.database.on_commit(heard.extend)
    school.database.write(lambda uow: taking_back.take_back_lesson(uow, teacher, lesson))
    assert [one.course for one in heard if isinstance(one, CourseChanged) and one.reload] == [school.courses["algebra"]]
    told = {one.student for one in heard if isinstance(one, DiaryChanged)}
    assert told == {school.people[login].uid for login in ("anna", "boris", "vera")}


# Columns.


def test_a_column_goes_those_after_it_move_up_and_it_comes_back_as_the_last(school, teacher, write):
    lesson = school.lesson("algebra", TODAY)
    two, three = (write(lambda uow: lessons.add_work(uow, teacher, lesson, school.types["CW"])) for _ in range(2))
    enter(school, three, "anna", "4")
    write(lambda uow: taking_back.take_back_work(uow, teacher, two))
    assert work_of(school, lesson, 2) == three
    assert to_put_back(school) == ["column"]
    write(lambda uow: taking_back.put_back_work(uow, teacher, two))
    assert (work_of(school, lesson, 2), work_of(school, lesson, 3)) == (three, two)
    assert not school.database.read(lambda one: list(verifying.verify(one)))


def test_a_column_with_marks_asks_and_its_marks_leave_the_mean(school, teacher, write):
    lesson = school.lesson("algebra", TODAY)
    column = write(lambda uow: lessons.add_work(uow, teacher, lesson, school.types["CW"]))
    enter(school, school.work("algebra", TODAY), "anna", "5")
    enter(school, column, "anna", "2")
    assert grid(school)[1]["means"][0] == ["3,13", 2]
    with pytest.raises(Question, match="1 mark") as asked:
        write(lambda uow: taking_back.take_back_work(uow, teacher, column, "Wrong lesson"))
    write(lambda uow: taking_back.take_back_work(uow, teacher, column, "Wrong lesson", str(asked.value)))
    assert grid(school)[1]["means"][0] == ["5,00", 1]
    assert (
        enter(school, school.work("algebra", FRIDAY), "anna", "4").written.means[school.people["anna"].uid].count == 2
    )


def test_the_first_column_goes_only_with_its_lesson(school, teacher, write):
    with pytest.raises(NotYours):
        write(lambda uow: taking_back.take_back_work(uow, teacher, school.work("algebra", TODAY)))
    lesson = added(school)
    with pytest.raises(NotYours):
        write(lambda uow: taking_back.take_back_work(uow, teacher, work_of(school, lesson)))


def test_no_more_columns_come_back_than_a_lesson_has(school, teacher, write):
    lesson = school.lesson("algebra", TODAY)
    columns = [write(lambda uow: lessons.add_work(uow, teacher, lesson, school.types["CW"])) for _ in range(3)]
    write(lambda uow: taking_back.take_back_work(uow, teacher, columns[0]))
    write(lambda uow: lessons.add_work(uow, teacher, lesson, school.types["LW"]))
    with pytest.raises(BadLesson, match="at most 4"):
        write(lambda uow: taking_back.put_back_work(uow, teacher, columns[0]))


# The kind of work is saved with the form.


def test_topic_and_kind_are_one_operation_under_one_version(school, teacher, write):
    lesson, work = school.lesson("algebra", TODAY), school.work("algebra", TODAY)
    said = lessons.LessonText(lesson, 1, "Roots", "", None, True, work, school.types["CW"])
    assert write(lambda uow: lessons.describe_lesson(uow, teacher, said)) == 2
    (step, *_) = school.database.read(ledger.history, school_chain(school.ref.uid), "work", work)
    assert (step.kind, step.after["control_type"]) == ("lesson_described", school.types["CW"])
    with pytest.raises(StaleLesson):  # another form, opened before: its kind is not written over this one
        write(lambda uow: lessons.describe_lesson(uow, teacher, said))
    back = lessons.LessonText(lesson, 2, "Roots", "", None, True, work, school.types["LW"])
    assert write(lambda uow: lessons.describe_lesson(uow, teacher, back)) == 3
    assert grid(school)[1]["columns"][-1]["weight"] == 3


def test_a_column_of_another_lesson_is_not_written_by_the_form(school, teacher, write):
    said = lessons.LessonText(
        school.lesson("algebra", TODAY), 1, "", "", None, True, school.work("algebra", FRIDAY), school.types["CW"]
    )
    with pytest.raises(NotYours):
        write(lambda uow: lessons.describe_lesson(uow, teacher, said))


# Remarks.


def test_a_remark_that_was_taken_back_is_put_back_by_its_author_only(school, teacher, write):
    uid = write(
        lambda uow: remarks.add_remark(
            uow, teacher, school.lesson("algebra", TODAY), school.people["anna"].uid, "No book"
        )
    )
    with pytest.raises(NotYours):  # it stands
        write(lambda uow: remarks.put_back_remark(uow, teacher, uid))
    write(lambda uow: remarks.withdraw_remark(uow, teacher, uid))
    with pytest.raises(NotYours):
        write(lambda uow: remarks.put_back_remark(uow, school.actor("historian", Role.TEACHER), uid))
    assert to_put_back(school) == ["remark"]
    write(lambda uow: remarks.put_back_remark(uow, teacher, uid))
    assert steps(school, "remark", uid) == ["remark_put_back", "remark_withdrawn", "remark_added"]
