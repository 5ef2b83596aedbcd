"""The journals of a school: what is missing in each, search, filters, parts with counts, order, the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import text

from ais_app.access.list_address import fitting
from ais_app.db.columns import new_uid
from ais_app.formulas import csv_of
from ais_app.journal.overview import queries, views
from ais_app.journal.overview.payloads import JournalsAddress
from ais_app.journal.overview.rules import Kept, Part
from ais_app.journal.settings import LEAST_MARKS, LEAST_MARKS_HALF_YEAR
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Role
from tests.builders import MOSCOW
from tests.settings import begin_with
from tests.unit.tampering import TAMPERED

MONDAY = date(2026, 11, 23)
EVENING = datetime.combine(MONDAY, time(18), MOSCOW)


def write(school, statement: str, **values) -> None:
    TAMPERED.add(school.database)
    school.database.write(lambda uow: uow.execute(text(statement), values))


def shown(school, when=EVENING, **asked: str) -> views.Overview:
    return school.read(views.overview, school.actor("deputy", Role.DEPUTY), when, fitting(asked, JournalsAddress))


def counts(found: views.Overview) -> dict[str, int]:
    return {chip.value: chip.count for chip in found.parts}


def of(found: views.Overview, school, course: str) -> views.JournalItem:
    return next(one for one in found.rows if one.uid == school.courses[course])


def write_all_down(school, course: str, *, homework: bool = True) -> None:
    of_course = "(SELECT id FROM course WHERE uid = :uid)"
    uid = school.courses[course]
    write(school, f"UPDATE lesson SET topic = 'x' WHERE course_id = {of_course}", uid=uid)
    if homework:
        write(
            school,
            "INSERT INTO homework (lesson_id, text, nothing_set) SELECT id, '', :yes FROM lesson"
            f" WHERE course_id = {of_course} AND id NOT IN (SELECT lesson_id FROM homework)",
            uid=uid,
            yes=True,
        )


def test_what_is_missing_is_counted_of_held_lessons_of_the_present_period(school):
    before = of(shown(school), school, "algebra")
    morning = of(shown(school, datetime.combine(MONDAY, time(7), MOSCOW)), school, "algebra")
    assert int(before.written.split()[2]) == int(morning.written.split()[2]) + 1, "the lesson of today is over"
    write_all_down(school, "algebra", homework=False)
    after = of(shown(school), school, "algebra")
    assert (after.topic, after.percent, after.whole) == ("", 100, True)
    held = after.written.split()[2]
    assert after.homework.endswith(f": {held}")
    write_all_down(school, "algebra")
    assert of(shown(school), school, "algebra").homework == "", "«nothing is set» is written, too"


def test_lessons_that_were_taken_back_and_of_other_periods_do_not_count(school):
    held = int(of(shown(school), school, "algebra").written.split()[2])
    write(school, "UPDATE lesson SET taken_back_at = '2026-11-23 10:00:00' WHERE day = :day", day=MONDAY.isoformat())
    assert of(shown(school), school, "algebra").written.split()[2] == str(held - 1)
    write(
        school,
        "UPDATE grading_period SET starts_on = :day WHERE starts_on <= :day AND ends_on >= :day",
        day=MONDAY.isoformat(),
    )
    assert of(shown(school), school, "algebra").percent == -1
    assert counts(shown(school))["silent"] == 0, "where nothing was held nothing is late"


@pytest.mark.parametrize(("quarters", "setting"), [(True, LEAST_MARKS), (False, LEAST_MARKS_HALF_YEAR)])
def test_how_many_marks_are_enough_is_set_for_quarters_and_for_half_years(school, quarters, setting):
    if quarters:
        third = "SELECT scheme_id, 3, :uid, 'III', '2027-03-01', '2027-05-31' FROM grading_period WHERE ordinal = 2"
        write(
            school, f"INSERT INTO grading_period (scheme_id, ordinal, uid, name, starts_on, ends_on) {third}", uid="q3"
        )
    school.enter(school.teacher(), "algebra", ("anna", MONDAY, "5", 0))
    other = LEAST_MARKS_HALF_YEAR if quarters else LEAST_MARKS
    for enough, of_others, few in ((1, 2, ": 2"), (2, 1, ": 3"), (20, 1, "")):
        begin_with(school.database, school.ref, setting, enough)
        begin_with(school.database, school.ref, other, of_others)
        assert of(shown(school), school, "algebra").few[-3:] == few, "twenty nobody can have after so few lessons"


def test_few_marks_are_those_of_present_students(school):
    begin_with(school.database, school.ref, LEAST_MARKS_HALF_YEAR, 3)
    write_all_down(school, "algebra")
    write_all_down(school, "history")
    days = [MONDAY - timedelta(days=ago) for ago in (0, 3, 4)]
    lines = {one.uid: one for one in shown(school).rows}
    few = int(lines[school.courses["algebra"]].few.split(": ")[1])
    for day in days:
        school.enter(school.teacher(), "algebra", ("anna", day, "5", 0))
    assert of(shown(school), school, "algebra").few.endswith(f": {few - 1}")
    write(
        school,
        "UPDATE enrollment SET valid_to = :day WHERE person_id = :who",
        day=MONDAY.isoformat(),
        who=school.people["anna"].id,
    )
    assert of(shown(school), school, "algebra").few.endswith(f": {few - 1}"), "whoever left counts on neither side"
    write(school, "UPDATE course SET graded = :no", no=False)
    assert of(shown(school), school, "algebra").few == ""


def test_the_last_entry_is_a_mark_or_the_last_lesson_that_was_written_down(school):
    school.enter(school.teacher(), "algebra", ("anna", MONDAY, "5", 0))
    line = of(shown(school), school, "algebra")
    assert line.last.startswith("today")
    assert not line.late
    history = of(shown(school), school, "history")
    assert history.late == (counts(shown(school))["silent"] > 0)
    later = shown(school, EVENING + timedelta(days=8))
    assert of(later, school, "algebra").late


def test_requests_wait_until_they_are_answered(school):
    write(
        school,
        "INSERT INTO opening_request (uid, school_id, course_id, day, reason, asked_by, asked_at, verdict, answer)"
        " SELECT :uid, school_id, id, :day, 'x', :who, '2026-11-23 10:00:00', '', '' FROM course WHERE uid = :course",
        uid=new_uid(),
        day=MONDAY.isoformat(),
        who=school.people["teacher"].id,
        course=school.courses["algebra"],
    )
    found = shown(school, part="requests")
    assert [one.uid for one in found.rows] == [school.courses["algebra"]]
    assert found.rows[0].asks
    director = school.actor("director", Role.DIRECTOR)
    assert not of(school.read(views.overview, director, EVENING, JournalsAddress()), school, "algebra").asks
    write(school, "UPDATE opening_request SET decided_at = '2026-11-23 11:00:00'")
    assert counts(shown(school))["requests"] == 0


@pytest.mark.parametrize(
    ("words", "courses"),
    [
        ("7а", {"algebra", "history"}),
        ("7А HIST", {"history"}),
        ("algebra 7а", {"algebra"}),
        ("астрономия", set()),
        ("'; DROP TABLE course", set()),
        ("% _", set()),
    ],
)
def test_any_words_of_class_subject_and_teacher_find_a_journal(school, words, courses):
    found = shown(school, q=words)
    assert {one.uid for one in found.rows} == {school.courses[name] for name in courses}
    assert counts(found)[""] == len(courses)


def test_filters_meet_and_counts_of_parts_follow_them(school):
    whole = shown(school)
    (teacher,) = [one.value for one in whole.teachers if one.label == of(whole, school, "algebra").teacher]
    found = shown(school, teacher=teacher, part="order")
    assert counts(found)[""] == sum(one.teacher == of(whole, school, "algebra").teacher for one in whole.rows)
    assert found.rows == []
    assert [(one.name, one.value) for one in found.standing] == [("teacher", of(whole, school, "algebra").teacher)]
    assert shown(school, subject="a" * 16).standing[0].value in ("unknown", "неизвестно")
    (one_class,) = whole.classes
    assert counts(shown(school, school_class=one_class.value)) == counts(whole)


def test_debts_stand_first_and_every_order_holds_all(school):
    write_all_down(school, "algebra")
    first, *_others = shown(school).rows
    assert first.uid != school.courses["algebra"]
    every = {one.uid for one in shown(school).rows}
    for column in ("title", "teacher", "written", "debts", "last"):
        rising, falling = shown(school, sort=column).rows, shown(school, sort=f"-{column}").rows
        assert {one.uid for one in rising} == {one.uid for one in falling} == every


def test_only_who_looks_after_the_school_reads_it(school):
    for login, role in (
        ("teacher", Role.TEACHER),
        ("mother", Role.GUARDIAN),
        ("inspector", Role.INSPECTOR),
        ("secretary", Role.SECRETARY),
        ("historian", Role.CLASS_TEACHER),
    ):
        for read in (views.overview, views.lines_of_file):
            with pytest.raises(NotYours):
                school.read(read, school.actor(login, role), EVENING, JournalsAddress())


def test_the_file_has_what_fits_and_no_formulas(school):
    write(school, "UPDATE course SET name = '=1+1' WHERE uid = :uid", uid=school.courses["algebra"])
    deputy = school.actor("deputy", Role.DEPUTY)
    head, *lines = school.read(views.lines_of_file, deputy, EVENING, JournalsAddress(q="1+1"))
    assert len(lines) == 1
    assert all(len(line) == len(head) for line in lines)
    assert ";'=1+1;" in csv_of(lines)


def test_a_narrow_and_a_wide_read_count_the_same(school, monkeypatch):
    school.enter(school.teacher(), "algebra", ("anna", MONDAY, "5", 0))
    narrow = shown(school)
    monkeypatch.setattr(queries, "NARROW", 0)
    assert shown(school) == narrow


def test_a_school_without_a_year_has_no_journals(school):
    found = shown(school, EVENING + timedelta(days=800))
    assert (found.rows, counts(found)[""]) == ([], 0)


def test_each_journal_is_in_order_or_not():
    today = MONDAY
    good = Kept(held=5, topics=5, homework=5, recorded=today)
    assert good.belongs_to(Part.ORDER, today)
    for worse in (
        replace(good, topics=4),
        replace(good, homework=4),
        replace(good, few=1),
        replace(good, requests=1),
        replace(good, recorded=today - timedelta(days=7)),
    ):
        assert not worse.belongs_to(Part.ORDER, today)
    assert replace(good, topics=4).weight > replace(good, homework=0).weight, "a topic outweighs a homework"
    assert Kept().belongs_to(Part.ORDER, today)
