"""Changing a school and its accounts: only one's own, each step in the ledger, nothing deleted."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from ais_app.access import service as access
from ais_app.access.queries import credentials
from ais_app.journal import restoring
from ais_app.ledger import queries as ledger
from ais_app.ledger import verifying
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Role, operator
from ais_app.school import rules, service
from ais_app.school.errors import BadYear
from ais_app.school.service import courses
from ais_app.school.service import courses as teaching
from tests.builders import BORN, YEAR_FROM, YEAR_TO, SmallSchool, small_school

TODAY = date(2026, 11, 23)


@pytest.fixture
def other(school: SmallSchool) -> SmallSchool:
    return small_school(school.database, "other-")


def owner(school: SmallSchool, table: str) -> tuple[int, str]:
    """(id, uid) of the first group, class or course of a school."""
    sql = f"SELECT id, uid FROM {table} WHERE school_id = :school ORDER BY id LIMIT 1"
    return school.database.read(lambda one: tuple(one.execute(text(sql), {"school": school.ref.id}).one()))


def account(school: SmallSchool, login: str) -> access.AccountRef:
    found = school.database.read(credentials, login)
    assert found is not None
    return access.AccountRef(found.account_id, found.account_uid)


CHANGES = [
    (service.change_memberships, "study_group"),
    (service.change_class_teachers, "school_class"),
    (teaching.change_teachers, "course"),
]


@pytest.mark.parametrize(("change", "table"), CHANGES, ids=lambda one: getattr(one, "__name__", one))
def test_s11_terms_are_changed_only_within_the_school(school, other, change, table):
    actor = school.actor("school_admin", Role.SCHOOL_ADMIN)
    mine, foreign = owner(school, table), owner(other, table)
    days = rules.DatedFrom(TODAY)
    cases = (
        (other.ref, foreign, school.people["teacher"]),
        (school.ref, foreign, school.people["teacher"]),
        (school.ref, mine, other.people["teacher"]),
    )
    for ref, (owner_id, _uid), person in cases:
        one = rules.TermChange(owner_id, person, None, days)
        with pytest.raises(NotYours):
            school.database.write(lambda uow, ref=ref, one=one: change(uow, actor, ref, [one]))
    one = rules.TermChange(mine[0], school.people["teacher"], None, days)
    school.database.write(lambda uow: change(uow, actor, school.ref, [one]))
    with pytest.raises(NotYours):
        school.database.write(lambda uow: change(uow, school.teacher(), school.ref, [one]))


def test_s16_s17_a_schools_administrator_keeps_only_accounts_of_his_school(school, other):
    actor, database = school.actor("school_admin", Role.SCHOOL_ADMIN), school.database
    foreign, mine = account(other, "other-teacher"), account(school, "teacher")
    above = access.NewRole(Role.INSPECTOR, school.ref.id, school.people["teacher"].id, TODAY)
    elsewhere = access.NewRole(Role.TEACHER, other.ref.id, other.people["teacher"].id, TODAY)
    attempts = [
        lambda uow: access.block_accounts(uow, actor, [foreign]),
        lambda uow: access.unblock_accounts(uow, actor, [foreign]),
        lambda uow: access.block_accounts(uow, actor, [account(school, "inspector")]),
        lambda uow: access.change_logins(uow, actor, [(foreign, "other-teacher", "x")]),
        lambda uow: access.give_roles(uow, actor, [(mine, above)]),
        lambda uow: access.give_roles(uow, actor, [(mine, elsewhere)]),
        lambda uow: access.block_accounts(uow, school.teacher(), [mine]),
    ]
    before = database.read(ledger.count)
    for attempt in attempts:
        with pytest.raises(NotYours):
            database.write(attempt)
    assert database.read(ledger.count) == before
    database.write(lambda uow: access.block_accounts(uow, actor, [mine]))
    assert database.read(credentials, "teacher").blocked


def test_s30_records_are_not_restored_where_a_journal_is_kept(school):
    with pytest.raises(NotYours):
        school.database.write(lambda uow: restoring.restore_records(uow, operator(), school.ref, []))


def test_s11_only_the_school_s_own_people_are_changed(school, other):
    actor = school.actor("school_admin", Role.SCHOOL_ADMIN)
    after = rules.PersonDraft("Anna", "Alex", "Ivanovich", date(2013, 1, 2))
    one = rules.PersonChange(other.people["anna"], after)
    with pytest.raises(NotYours):
        school.database.write(lambda uow: service.change_people(uow, actor, school.ref, [one]))
    with pytest.raises(NotYours):
        school.database.write(lambda uow: service.change_people(uow, actor, other.ref, [one]))


def test_a_birth_date_stands_beside_the_chain_where_it_can_be_forgotten(school):
    """Like a name: the chain has its salted hash only, so that erasing it breaks nothing (D-9)."""
    anna, born = school.people["anna"], date(2013, 4, 12)
    one = rules.PersonChange(anna, rules.PersonDraft("Anna", "Alex", "Ivanovich", born))
    school.database.write(lambda uow: service.change_people(uow, operator(), school.ref, [one]))

    def chained(connection) -> str:
        statement = text("SELECT data FROM operation_item WHERE subject = :uid")
        return "".join(map(str, connection.execute(statement, {"uid": anna.uid}).scalars()))

    said = school.database.read(chained)
    assert "birth_date" in said
    assert BORN["anna"].isoformat() not in said
    assert born.isoformat() not in said
    step = school.database.read(ledger.history, f"school:{school.ref.uid}", "person", anna.uid)[0]
    assert (step.kind, step.before, step.after) == (
        "people_changed",
        {"birth_date": "2013-03-12"},
        {"birth_date": "2013-04-12"},
    )
    assert school.database.read(lambda one: list(verifying.verify(one))) == []


def test_an_ended_guardianship_keeps_its_row(school):
    row = school.database.read(
        lambda one: one.execute(
            text("SELECT id, uid FROM guardianship WHERE guardian_id = :guardian"),
            {"guardian": school.people["mother"].id},
        ).one()
    )
    days = rules.DatedFrom(YEAR_FROM)
    end = rules.GuardianshipEnd(row.id, school.people["anna"], days, TODAY)
    school.database.write(lambda uow: service.end_guardianships(uow, operator(), school.ref, [end]))
    step = school.database.read(ledger.history, f"school:{school.ref.uid}", "guardianship", row.uid)[0]
    assert (step.before, step.after) == ({"valid_to": None}, {"valid_to": "2026-11-23"})
    assert school.database.read(lambda one: list(verifying.verify(one))) == []


def test_s11_nobody_of_another_school_comes_in(school, other):
    """A person is of one school (D-1): none of another one is made a member, guardian, teacher or leader, or gets a role."""
    mine, foreign = school.people["anna"], other.people["anna"]
    group, (class_id, class_uid) = owner(school, "study_group"), owner(school, "school_class")
    scheme, subject = school.year.schemes["quarters"], owner(school, "subject")[0]
    member, teacher = rules.MemberDraft(foreign.id, TODAY), courses.TeacherDraft(foreign.id, TODAY)
    days = rules.DatedFrom(TODAY)
    ref, year = school.ref, school.year.id
    tries = [
        (service.add_groups, ref, year, [rules.GroupDraft("half", [member])]),
        (service.add_class, ref, year, rules.ClassDraft(8, "Б", scheme, members=[member])),
        (service.add_guardians, ref, [rules.GuardianDraft(foreign.id, mine.id, "mother", TODAY)]),
        (service.add_guardians, ref, [rules.GuardianDraft(mine.id, foreign.id, "mother", TODAY)]),
        (service.appoint_class_teacher, ref, rules.ClassRef(class_id, class_uid, group[0]), foreign, days),
        (courses.add_courses, ref, year, [courses.CourseDraft("Choir", subject, group[0], scheme, [teacher])]),
        (
            courses.add_courses,
            ref,
            year,
            [courses.CourseDraft("Choir", subject, owner(other, "study_group")[0], scheme, [])],
        ),
        (access.give_roles, [(account(school, "anna"), access.NewRole(Role.TEACHER, ref.id, foreign.id, TODAY))]),
        (
            access.open_accounts,
            [(access.NewAccount("new", code_hash="x"), [access.NewRole(Role.TEACHER, ref.id, foreign.id, TODAY)])],
        ),
    ]
    before = counted(school)
    for use_case, *given in tries:
        with pytest.raises(NotYours):
            school.database.write(lambda uow, use_case=use_case, given=given: use_case(uow, operator(), *given))
    assert counted(school) == before


def counted(school: SmallSchool) -> list[int]:
    tables = ("enrollment", "guardianship", "class_leading", "course_teacher", "role_assignment", "operation")
    return school.database.read(
        lambda one: [one.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() for table in tables]
    )


@pytest.mark.parametrize(
    ("schemes", "holidays"),
    [
        ([rules.SchemeDraft("I", [])], []),
        ([rules.SchemeDraft("I", [rules.PeriodDraft("1", YEAR_FROM, TODAY)])] * 2, []),
        ([], [rules.HolidayDraft("autumn", TODAY, YEAR_FROM)]),
    ],
    ids=["no periods", "one name twice", "backwards"],
)
def test_a_year_that_cannot_be_told_is_refused(school, schemes, holidays):
    draft = rules.YearDraft("another", YEAR_FROM, YEAR_TO, schemes, holidays)
    with pytest.raises(BadYear):
        school.database.write(lambda uow: service.add_year(uow, operator(), school.ref, draft))
