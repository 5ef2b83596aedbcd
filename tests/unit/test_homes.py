"""What the homes say: terms, who lacks most, who comes and goes, what was looked at, which accounts wait."""

from __future__ import annotations

import re
from collections import OrderedDict
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from ais_app.access import service as access
from ais_app.control.queries import accounts, inspection, keeping, movement
from ais_app.control.state.keeping import gap_items
from ais_app.diary.queries import class_list
from ais_app.i18n import short_date
from ais_app.journal import settings
from ais_app.journal.courses import views as courses
from ais_app.journal.courses.service import viewing
from ais_app.journal.lessons.rules import RecordTerms
from ais_app.journal.lessons.service import lessons
from ais_app.journal.lessons.service.lessons import LessonText, describe_lesson
from ais_app.journal.lessons.views import due_in_words
from ais_app.journal.today import queries as reads
from ais_app.journal.today import state as today
from ais_app.rights.rules import Role
from ais_app.school_settings.rules import Dated
from tests.builders import MOSCOW
from tests.settings import begin_with
from tests.unit.tampering import TAMPERED

FRIDAY, MONDAY, TUESDAY = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 24)
AFTER_SCHOOL = time(18)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of November by the school's clock."""
    return datetime.combine(date(2026, 11, day), time(hour, minute))


def write(school, statement: str, **values) -> None:
    school.database.write(lambda uow: uow.execute(text(statement), values))


@pytest.mark.parametrize(
    ("by", "now", "words"),
    [
        (at(23, 11, 10), at(23, 10), ("until 11:10", False)),
        (at(23, 11, 10), at(23, 11, 10), ("was due by 11:10", True)),
        (at(23, 11, 10), at(24, 0, 1), ("1 day overdue", True)),
        (at(24), at(23, 23, 59), ("today", False)),
        (at(24), at(24), ("1 day overdue", True)),
        (at(26), at(23, 9), ("until 25 November", False)),
        (at(24), at(26, 9), ("3 days overdue", True)),
    ],
)
def test_a_term_in_words(monkeypatch, by, now, words):
    monkeypatch.setattr("ais_app.i18n.language", lambda: "en")
    monkeypatch.setattr("ais_app.i18n.locale", lambda: __import__("babel").Locale("en"))
    assert due_in_words(by, now) == words


def test_a_day_is_written_in_one_way():
    assert short_date(date(2026, 11, 4)) == "04.11"
    narrow = re.compile(r":%d[./]%m[}'\"]|%-d\.")
    package = Path(__file__).parents[2] / "ais_app"
    found = [path.name for path in package.rglob("*.py") if narrow.search(path.read_text(encoding="utf-8"))]
    assert found == ["i18n.py"], "narrow columns write a day by short_date"


def test_terms_are_settings_of_the_school():
    terms = RecordTerms(topic_days=Dated(1), homework_minutes=Dated(30))
    assert terms.topic_by(MONDAY) == at(25)
    assert terms.homework_by(MONDAY, time(14, 5)) == at(23, 14, 35)
    assert terms.homework_by(MONDAY, None) == at(24)
    assert RecordTerms(Dated(0), Dated(60)).homework_by(MONDAY, time(23, 30)) == at(24, 0, 30)


def test_homework_is_due_after_the_last_bell_of_the_class(school):
    """Algebra is the first lesson of the day; the class goes home after history, the second."""
    lesson = next(one for one in school.read(reads.own_lessons, school.teacher(), MONDAY) if one.day == MONDAY)
    assert lesson.due == at(24), "the topic is missing: it is due on the day"
    uid = school.lesson("algebra", MONDAY)
    described = LessonText(uid, 1, "Степени", "", None, nothing_set=False)
    school.database.write(lambda uow: describe_lesson(uow, school.teacher(), described))
    lesson = next(one for one in school.read(reads.own_lessons, school.teacher(), MONDAY) if one.uid == uid)
    assert lesson.due == at(23, 11, 10)
    begin_with(school.database, school.ref, settings.HOMEWORK_MINUTES, 15)
    lesson = next(one for one in school.read(reads.own_lessons, school.teacher(), MONDAY) if one.uid == uid)
    assert lesson.due == at(23, 10, 25)


def test_missed_lessons_are_named_by_their_numbers(school):
    school.enter(school.teacher(), "algebra", ("anna", MONDAY, "н", 0))
    school.enter(school.actor("historian", Role.TEACHER), "history", ("anna", MONDAY, "н", 0))
    actor = school.actor("historian", Role.CLASS_TEACHER)
    (line,) = school.read(reads.missing, actor, MONDAY)
    assert line.lessons == (1, 2)


def test_who_lacks_most_stands_first_with_the_lesson_that_waits_longest(school):
    actor = school.actor("deputy", Role.DEPUTY)

    def lines():
        return school.read(keeping.keeping, actor, datetime.combine(MONDAY, AFTER_SCHOOL, MOSCOW))

    missing = [line.week.held - line.week.kept for line in lines()]
    assert missing == sorted(missing, reverse=True)
    worst = lines()[0]
    assert worst.oldest is not None
    gaps = school.read(keeping.gaps, actor, datetime.combine(MONDAY, AFTER_SCHOOL, MOSCOW))
    assert [gap.day for gap in gaps] == sorted(gap.day for gap in gaps)
    first_of_each = {gap.teacher: (gap.course, gap.lesson) for gap in reversed(gaps)}
    assert {line.name: line.oldest for line in lines()} == first_of_each
    TAMPERED.add(school.database)
    write(
        school,
        "UPDATE lesson SET topic = 'x' WHERE course_id = (SELECT id FROM course WHERE uid = :uid)",
        uid=school.courses["algebra"],
    )
    write(
        school,
        "INSERT INTO homework (lesson_id, text, nothing_set) SELECT id, 'x', :no FROM lesson WHERE topic = 'x'",
        no=False,
    )
    done = next(line for line in lines() if line.oldest is None)
    assert done.week.kept == done.week.held
    assert lines()[-1] == done
    assert school.read(keeping.keeping, school.teacher(), datetime.combine(MONDAY, AFTER_SCHOOL, MOSCOW)) == []


def test_the_secretary_sees_who_comes_and_goes(school):
    actor = school.actor("secretary", Role.SECRETARY)
    ((name, students),) = school.read(movement.sizes, actor, MONDAY)
    (gone,) = school.read(movement.moves, actor, MONDAY)
    assert (gone.day, gone.left, gone.came) == (date(2026, 11, 16), name, ""), "the first day of the year is no move"
    anna = school.people["anna"].id
    write(school, "UPDATE enrollment SET valid_to = :day WHERE person_id = :who", day=TUESDAY.isoformat(), who=anna)
    moves = school.read(movement.moves, actor, MONDAY)
    assert [(move.day, move.left, move.came) for move in moves] == [(TUESDAY, name, ""), (gone.day, name, "")]
    assert school.read(movement.sizes, actor, TUESDAY) == [(name, students - 1)]
    for login, role in (("teacher", Role.TEACHER), ("mother", Role.GUARDIAN), ("inspector", Role.INSPECTOR)):
        other = school.actor(login, role)
        assert school.read(movement.moves, other, MONDAY) == []
        assert school.read(movement.sizes, other, MONDAY) == []


async def test_an_inspector_sees_what_he_has_looked_at(school, monkeypatch):
    monkeypatch.setattr(viewing, "_recorded", OrderedDict())  # copies of a school have the same uids
    actor = school.actor("inspector", Role.INSPECTOR)
    before = school.read(inspection.inspected, actor, MONDAY)
    assert (before.journals, before.opened, before.last) == (len(school.courses), 0, [])
    await viewing.grant(school.database, actor, school.courses["history"])
    await viewing.grant(school.database, actor, school.courses["algebra"])
    after = school.read(inspection.inspected, actor, MONDAY)
    assert after.opened == 2
    assert {line.course for line in after.last} == {school.courses["algebra"], school.courses["history"]}


def test_the_administrator_sees_which_families_have_not_signed_in(school):
    actor = school.actor("school_admin", Role.SCHOOL_ADMIN)
    ((name, count),) = school.read(accounts.without_sign_in, actor, MONDAY)
    write(school, "UPDATE account SET last_login_at = created_at WHERE login = 'mother'")
    assert school.read(accounts.without_sign_in, actor, MONDAY) == [(name, count - 1)]
    assert school.read(accounts.ending_roles, actor, MONDAY) == []
    until = MONDAY + timedelta(days=10)
    write(school, "UPDATE role_assignment SET valid_to = :until WHERE role = 'inspector'", until=until.isoformat())
    (ending,) = school.read(accounts.ending_roles, actor, MONDAY)
    assert (ending.login, ending.role, ending.until) == ("inspector", "inspector", until)
    assert school.read(accounts.ending_roles, actor, MONDAY - timedelta(days=10)) == []
    for reader in (accounts.without_sign_in, accounts.ending_roles):
        assert school.read(reader, school.teacher(), MONDAY) == []
    assert school.read(accounts.refused_sign_ins, actor, MONDAY) is None, "an attempt names no school"


def test_the_class_list_says_last_marks_and_absences(school):
    teacher = school.teacher()
    for number, day in enumerate((date(2026, 11, 16), date(2026, 11, 17), FRIDAY, MONDAY)):
        school.enter(teacher, "algebra", ("anna", day, "5432"[number], 0))
    school.enter(teacher, "algebra", ("boris", MONDAY, "н", 0))
    actor, anna, boris = school.actor("historian", Role.CLASS_TEACHER), school.people["anna"], school.people["boris"]
    marks = school.read(class_list.last_marks, actor, MONDAY, MONDAY)
    assert [one.code for one in marks[anna.uid]] == ["2", "3", "4", "5"]
    assert [one.code for one in school.read(class_list.last_marks, actor, MONDAY, FRIDAY)[anna.uid]] == list("345")
    assert school.read(class_list.missed, actor, MONDAY, MONDAY) == {boris.uid: class_list.Missed(1, 1)}
    assert school.read(class_list.missed, actor, MONDAY, MONDAY - timedelta(days=7)) == {}
    assert school.read(class_list.last_marks, school.actor("mother", Role.GUARDIAN), MONDAY, MONDAY).keys() <= {
        anna.uid
    }
    write(school, "UPDATE enrollment SET valid_from = :day WHERE person_id = :who", day=MONDAY.isoformat(), who=anna.id)
    marks = school.read(class_list.last_marks, actor, MONDAY, MONDAY)
    assert [one.code for one in marks[anna.uid]] == ["2"], "only of days on which she was of the class"


def test_of_more_moves_than_are_shown_the_latest_are(school, monkeypatch):
    days = {"anna": MONDAY - timedelta(days=4), "boris": MONDAY, "vera": MONDAY - timedelta(days=2)}
    for login, day in days.items():
        leave = "UPDATE enrollment SET valid_to = :day WHERE person_id = :who"
        write(school, leave, day=day.isoformat(), who=school.people[login].id)
    monkeypatch.setattr(movement, "MOST", 2)
    moves = school.read(movement.moves, school.actor("secretary", Role.SECRETARY), MONDAY)
    assert [move.day for move in moves] == [days["boris"], days["vera"]]


def second_lesson_of(school, course: str, day: date) -> None:
    """The course has lesson 2 on that day too."""
    school.database.write(lambda uow: lessons.add_lesson(uow, school.teacher(), school.courses[course], day, 2))


def test_two_lessons_of_a_course_on_a_day_are_told_apart_by_their_numbers(school):
    second_lesson_of(school, "algebra", MONDAY)
    evening = datetime.combine(MONDAY, AFTER_SCHOOL, MOSCOW)
    due = [item.about for item in school.read(today.read, school.teacher(), evening).due]
    assert len(due) == len(set(due))
    assert [one for one in due if one.startswith("Algebra, today")] == [
        "Algebra, today, lesson 1",
        "Algebra, today, lesson 2",
    ]
    assert "Algebra, 20 November" in due, "where there is one, its number says nothing"
    deputy = school.actor("deputy", Role.DEPUTY)
    gaps = [
        gap for gap in school.read(keeping.gaps, deputy, evening) if gap.day == MONDAY and gap.title == "7А, Algebra"
    ]
    assert [gap.number for gap in gaps] == [1, 2]
    said = [one.about for one in gap_items(gaps, MONDAY)]
    assert len(said) == len(set(said)) == 2


def test_the_list_of_journals_says_lessons_where_there_are_several(school):
    second_lesson_of(school, "algebra", MONDAY)
    said = {card.subject: card.today for card in school.read(courses.cards, school.teacher(), MONDAY)}
    assert said["Algebra"] == "today: lessons 1, 2"
    said = {card.subject: card.today for card in school.read(courses.cards, school.teacher(), FRIDAY)}
    assert said["Algebra"] == "today: lesson 1"


def test_signed_in_now_are_people_and_not_their_devices(school):
    for login, devices in (("anna", 3), ("mother", 1)):
        for device in range(devices):
            wanted = access.SignIn(login, "10.0.0.1", f"{login}{device}".ljust(64, "t"), personal_device=True)
            school.database.write(lambda uow, one=wanted: access.sign_in(uow, one))
    admin = school.actor("school_admin", Role.SCHOOL_ADMIN)
    found = school.read(accounts.accounts, admin, school.database.clock.now())
    assert found.signed_in == 2
