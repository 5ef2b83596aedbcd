"""«Операции»: whose are read by whom, the conditions, pages that nothing moves, indexes, the choices."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from ais_app.db.columns import new_uid
from ais_app.history.payloads import Conditions
from ais_app.history.queries import choices, listing
from ais_app.journal.lessons.service.lessons import LessonText, describe_lesson
from ais_app.ledger import service as ledger
from ais_app.ledger.rules import Item
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Role, operator
from ais_app.school import service as schools
from ais_app.school.rules import ClassDraft, PersonDraft
from tests.builders import MOSCOW, small_school
from tests.states.pages import FRIDAY, TODAY
from tests.unit.operations import deputy, kinds, page, rows


def describe(school, topic: str = "Степени", day=TODAY) -> str:
    uid = school.lesson("algebra", day)
    version = school.database.read(
        lambda one: one.execute(text("SELECT version FROM lesson WHERE uid = :uid"), {"uid": uid}).scalar_one()
    )
    said = LessonText(uid, version, topic, "п. 1", None, nothing_set=False)
    school.database.write(lambda uow: describe_lesson(uow, school.teacher(), said))
    return uid


def entered(school, student: str = "anna", value: str = "5", version: int = 0, day=TODAY) -> str:
    uid = new_uid()
    school.enter(school.teacher(), "algebra", (student, day, value, version), uid=uid)
    return uid


def uids(school, **asked: str) -> list[str]:
    return [row.uid for row in rows(school, None, **asked)]


def test_the_newest_is_first_and_each_is_of_the_own_school(school):
    other = small_school(school.database, "other-")
    first, second = entered(school), entered(school, "boris")
    other.enter(other.teacher(), "algebra", ("anna", TODAY, "3", 0))
    found = rows(school)
    assert [row.uid for row in found[:2]] == [second, first]
    assert [row.sequence for row in found] == sorted((row.sequence for row in found), reverse=True)
    assert not {row.uid for row in found} & {row.uid for row in rows(other)}


@pytest.mark.parametrize("login", ["director", "deputy", "school_admin", "inspector"])
def test_who_looks_after_a_school_reads_all_of_it(school, login):
    uid = entered(school)
    assert rows(school, school.actor(login, Role(login)))[0].uid == uid


@pytest.mark.parametrize(("login", "role"), [("anna", "student"), ("mother", "guardian"), ("secretary", "secretary")])
def test_others_read_nothing(school, login, role):
    uid = entered(school)
    actor = school.actor(login, Role(role))
    for work in (listing.operations, choices.classes, choices.authors, choices.kinds):
        arguments = (Conditions(),) if work is listing.operations else ()
        with pytest.raises(NotYours):
            school.read(work, actor, TODAY, *arguments)
    with pytest.raises(NotYours):
        school.read(listing.opened, actor, TODAY, uid)


def test_a_teacher_reads_what_he_wrote_himself_and_chooses_nobody_else(school):
    mine = entered(school)
    historian = school.actor("historian", Role.TEACHER)
    school.enter(historian, "history", ("anna", TODAY, "4", 0))
    of_another = rows(school)[0]
    teacher = school.teacher()
    assert [row.uid for row in rows(school, teacher)] == [mine]
    assert [row.uid for row in rows(school, teacher, author=historian.account_uid)] == [mine]
    assert [row.uid for row in rows(school, teacher, person=school.people["boris"].uid)] == [mine]
    assert school.read(listing.opened, teacher, TODAY, of_another.uid) is None
    subject = f"{school.people['anna'].uid}:{school.work('history', TODAY)}"
    assert rows(school, teacher, entity="cell", subject=subject) == []
    for work in (choices.classes, choices.authors):
        assert school.read(work, teacher, TODAY) == []
    seventh = school.read(choices.classes, deputy(school), TODAY)[0][0]
    assert school.read(choices.students, teacher, TODAY, seventh) == []


def test_the_administrator_of_the_installation_reads_the_chain_of_accounts(school):
    entered(school)
    found = rows(school, operator())
    assert "account_opened" in {row.kind for row in found}
    assert not {row.uid for row in found} & {row.uid for row in rows(school)}


def test_days_are_those_of_the_school_and_the_numbers_are_the_order(school):
    clock = school.database.clock
    clock.moment = clock.moment.replace(hour=20, minute=59)  # 23:59 in Moscow
    on_the_day = entered(school)
    clock.advance(minutes=2)
    on_the_next = entered(school, "boris")
    clock.advance(hours=-12)  # set back: a later number, an earlier moment
    set_back = entered(school, "vera")
    day, following = TODAY.isoformat(), (TODAY + timedelta(days=1)).isoformat()
    assert uids(school, first=day, last=day, kind="marks_entered") == [set_back, on_the_day]
    assert uids(school, first=following) == [on_the_next]
    assert set(uids(school, last=day, kind="marks_entered")) == {set_back, on_the_day}
    assert clock.moment.astimezone(MOSCOW).date() == TODAY


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_there_are_can_be_asked_for(school, day):
    for name in ("first", "last"):
        page(school, **{name: day})
    assert rows(school, first="0001-01-01", last="9999-12-31") == rows(school)


def test_by_author_and_kind(school):
    mark = entered(school)
    describe(school)
    school.enter(school.actor("historian", Role.TEACHER), "history", ("anna", TODAY, "4", 0))
    author = school.teacher().account_uid
    assert kinds(school, author=author) == ["lesson_described", "marks_entered"]
    assert uids(school, author=author, kind="marks_entered") == [mark]
    assert kinds(school, kind="lesson_described") == ["lesson_described"]
    assert rows(school, kind="nothing_of_the_kind") == []


def test_by_student_come_his_cells_and_the_rows_that_name_him(school):
    mine, _his = entered(school, "anna"), entered(school, "boris")
    found = rows(school, person=school.people["anna"].uid)
    assert [row.uid for row in found if row.kind == "marks_entered"] == [mine]
    assert "people_added" in {row.kind for row in found}
    assert rows(school, person=new_uid()) == []


def test_by_class_come_cells_lessons_and_the_class_itself(school):
    seventh = school.read(choices.classes, deputy(school), TODAY)[0][0]
    mark, _lesson = entered(school), describe(school)
    _other_class(school)
    found = rows(school, school_class=seventh)
    assert [row.kind for row in found[:2]] == ["lesson_described", "marks_entered"]
    assert mark in {row.uid for row in found}
    assert {"class_added", "courses_added"} <= {row.kind for row in found}
    other = next(uid for uid, name in school.read(choices.classes, deputy(school), TODAY) if uid != seventh)
    assert kinds(school, school_class=other, kind="marks_entered") == []
    assert kinds(school, school_class=other) == ["class_added"]


def _other_class(school) -> None:
    draft = ClassDraft(8, "Б", school.year.schemes["quarters"])
    school.database.write(lambda uow: schools.add_class(uow, operator(), school.ref, school.year.id, draft))


def test_a_class_and_a_person_of_another_school_are_nobody(school):
    other = small_school(school.database, "other-")
    other.enter(other.teacher(), "algebra", ("anna", TODAY, "3", 0))
    foreign = other.read(choices.classes, other.actor("deputy", Role.DEPUTY), TODAY)[0][0]
    assert rows(school, school_class=foreign) == []
    assert rows(school, person=other.people["anna"].uid) == []
    assert foreign not in dict(school.read(choices.classes, deputy(school), TODAY, foreign))
    assert school.read(choices.students, deputy(school), TODAY, foreign) == []


def test_the_history_of_a_cell_and_of_a_lesson_with_what_is_in_it(school):
    first = entered(school)
    second = entered(school, value="4", version=1)
    entered(school, "boris")
    subject = f"{school.people['anna'].uid}:{school.work('algebra', TODAY)}"
    assert uids(school, entity="cell", subject=subject) == [second, first]
    lesson = describe(school)
    assert kinds(school, entity="lesson", subject=lesson)[0] == "lesson_described"
    other = kinds(school, entity="lesson", subject=school.lesson("history", FRIDAY))
    assert "lesson_described" not in other


def test_the_history_of_a_journal_has_its_lessons_and_cells(school):
    mark = entered(school)
    describe(school)
    school.enter(school.actor("historian", Role.TEACHER), "history", ("anna", TODAY, "4", 0))
    found = rows(school, entity="course", subject=school.courses["algebra"])
    assert [row.kind for row in found[:2]] == ["lesson_described", "marks_entered"]
    assert [row.uid for row in found if row.kind == "marks_entered"] == [mark]


def test_pages_are_whole_whatever_is_appended_between_them(school):
    for number in range(7):
        append(school, f"before-{number}")
    newest = page(school, most=3, kind="tried")
    assert (subjects(school, newest), newest.older, newest.newer) == (["6", "5", "4"], True, False)
    append(school, "between")
    second = page(school, most=3, kind="tried", before=str(newest.rows[-1].sequence))
    assert (subjects(school, second), second.older, second.newer) == (["3", "2", "1"], True, True)
    append(school, "between")
    last = page(school, most=3, kind="tried", before=str(second.rows[-1].sequence))
    assert (subjects(school, last), last.older, last.newer) == (["0"], False, True)
    back = page(school, most=3, kind="tried", after=str(last.rows[0].sequence))
    assert (subjects(school, back), back.newer) == (["3", "2", "1"], True)
    again = page(school, most=3, kind="tried", after=str(back.rows[0].sequence))
    assert (subjects(school, again), again.newer) == (["6", "5", "4"], True)


def append(school, subject: str) -> None:
    def add(uow):
        chain = ledger.lock(uow, ledger.school_chain(school.ref.uid))
        ledger.append(uow, chain, school.teacher().author, "tried", [Item("thing", subject, None, {"n": 1})])

    school.database.write(add)


def subjects(school, found) -> list[str]:
    statement = text("SELECT subject FROM operation_item WHERE operation_id = :id")
    named = [
        school.database.read(lambda one, row=row: one.execute(statement, {"id": row.id}).scalar_one())
        for row in found.rows
    ]
    return [name.rpartition("-")[2] for name in named]


def test_what_can_be_chosen(school):
    entered(school)
    assert {"marks_entered", "people_added", "school_opened"} <= set(school.read(choices.kinds, deputy(school), TODAY))
    found = school.read(choices.kinds, deputy(school), TODAY)
    assert sorted(found) == sorted(set(found))
    names = [name for _account, name in school.read(choices.authors, deputy(school), TODAY)]
    assert "Teacher A. I." in names
    assert not any("Anna" in name or "Mother" in name for name in names)
    ((seventh, name),) = school.read(choices.classes, deputy(school), TODAY)
    assert name == "7А"
    assert [name for _uid, name in school.read(choices.students, deputy(school), TODAY, seventh)] == [
        "Anna Alex",
        "Boris Alex",
        "Gleb Alex",
        "Vera Alex",
    ]


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({}, "ux_operation_chain"),
        ({"author": "{account}"}, "ix_operation_account"),
        ({"kind": "school_opened"}, "ix_operation_kind"),
        ({"author": "{account}", "kind": "school_opened"}, "ix_operation_account"),
        ({"entity": "cell", "subject": "a:b"}, "ix_operation_item_subject"),
        ({"person": "{person}"}, "ix_operation_item_subject"),
        ({"school_class": "{person}"}, "ix_operation_item_subject"),
    ],
)
def test_each_condition_is_looked_up_and_no_table_of_the_ledger_is_walked(school, asked, index):
    account, person = school.teacher().account_uid, school.people["anna"].uid
    filled = {name: value.format(account=account, person=person) for name, value in asked.items()}
    if school.database.is_sqlite:
        plan = _plan(school, Conditions(**filled))
        assert index in plan
        assert "SCAN operation" not in plan


def _plan(school, asked: Conditions) -> str:
    def explain(connection):
        reading = Reading.at(connection, deputy(school), school.database.clock.now())
        matching = listing.matching(reading, asked)
        assert matching is not None
        statement = matching.order_by(text("sequence DESC")).limit(51)
        spelled = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {spelled}")
        return "\n".join(str(row[-1]) for row in rows)

    return school.database.read(explain)


def test_people_that_share_a_name_are_told_apart_among_the_authors(school):
    school.database.write(
        lambda uow: schools.add_people(uow, operator(), school.ref, [PersonDraft("Teacher", "Alex", "Ivanovich")])
    )
    names = [name for _account, name in school.read(choices.authors, deputy(school), TODAY)]
    assert len(names) == len(set(names))
