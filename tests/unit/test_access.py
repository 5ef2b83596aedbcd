"""Who may what: the policy table against one written by hand, hats, passwords, sessions, rules of our own for handlers."""

from __future__ import annotations

import pytest

from ais_app.access import passwords, service
from ais_app.access.errors import PasswordRefused
from ais_app.diary import queries as diary
from ais_app.journal.courses.queries import courses
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Assignment, Right, Role, Scope, hats_of, operator
from tests.unit.test_marks import TODAY

pytestmark = pytest.mark.usefixtures("accounts_as_recorded")
R, S = Role, Scope
# Written by hand from the duties of each role; a change of the policy must be made here too.
EXPECTED = {
    (R.SYSTEM_ADMIN, Right.SEE_HOME): S.INSTALLATION,
    (R.SYSTEM_ADMIN, Right.SET_UP_SCHOOL): S.INSTALLATION,
    (R.SYSTEM_ADMIN, Right.KEEP_ACCOUNTS): S.INSTALLATION,
    (R.SYSTEM_ADMIN, Right.ERASE_TEXTS): S.INSTALLATION,
    (R.SYSTEM_ADMIN, Right.KEEP_LEDGER): S.INSTALLATION,
    (R.SCHOOL_ADMIN, Right.SEE_HOME): S.SCHOOL,
    (R.SCHOOL_ADMIN, Right.SEE_JOURNAL): S.SCHOOL,
    (R.SCHOOL_ADMIN, Right.SET_UP_SCHOOL): S.SCHOOL,
    (R.SCHOOL_ADMIN, Right.KEEP_ACCOUNTS): S.SCHOOL,
    (R.DIRECTOR, Right.SEE_HOME): S.SCHOOL,
    (R.DIRECTOR, Right.SEE_JOURNAL): S.SCHOOL,
    (R.DEPUTY, Right.SEE_HOME): S.SCHOOL,
    (R.DEPUTY, Right.SEE_JOURNAL): S.SCHOOL,
    (R.DEPUTY, Right.CLOSE_PERIOD): S.SCHOOL,
    (R.DEPUTY, Right.OPEN_EDITING): S.SCHOOL,
    (R.DEPUTY, Right.SET_ABSENCE_REASON): S.SCHOOL,
    (R.SECRETARY, Right.SEE_HOME): S.SCHOOL,
    (R.SECRETARY, Right.SEE_MOVEMENT): S.SCHOOL,
    (R.DEPUTY, Right.CLEAR_ENTRIES): S.SCHOOL,
    (R.SCHOOL_ADMIN, Right.CLEAR_ENTRIES): S.SCHOOL,
    (R.SCHOOL_ADMIN, Right.SEE_MOVEMENT): S.SCHOOL,
    (R.TEACHER, Right.SEE_HOME): S.SELF,
    (R.TEACHER, Right.SEE_JOURNAL): S.OWN_COURSES,
    (R.TEACHER, Right.ENTER_MARKS): S.OWN_COURSES,
    (R.TEACHER, Right.KEEP_LESSONS): S.OWN_COURSES,
    (R.TEACHER, Right.ASK_OPENING): S.OWN_COURSES,
    (R.CLASS_TEACHER, Right.SEE_HOME): S.SELF,
    (R.CLASS_TEACHER, Right.SEE_JOURNAL): S.OWN_CLASS,
    (R.CLASS_TEACHER, Right.SET_ABSENCE_REASON): S.OWN_CLASS,
    (R.STUDENT, Right.SEE_DIARY): S.SELF,
    (R.GUARDIAN, Right.SEE_DIARY): S.CHILDREN,
    (R.CLASS_TEACHER, Right.SEE_DIARY): S.OWN_CLASS,
    (R.STUDENT, Right.SEE_PROGRESS): S.SELF,
    (R.GUARDIAN, Right.SEE_PROGRESS): S.CHILDREN,
    (R.GUARDIAN, Right.ACKNOWLEDGE): S.CHILDREN,
    (R.DIRECTOR, Right.SEE_KEEPING): S.SCHOOL,
    (R.DEPUTY, Right.SEE_KEEPING): S.SCHOOL,
    (R.SYSTEM_ADMIN, Right.CHECK_INTEGRITY): S.INSTALLATION,
    (R.SCHOOL_ADMIN, Right.CHECK_INTEGRITY): S.SCHOOL,
    (R.DIRECTOR, Right.CHECK_INTEGRITY): S.SCHOOL,
    (R.DEPUTY, Right.CHECK_INTEGRITY): S.SCHOOL,
    (R.INSPECTOR, Right.CHECK_INTEGRITY): S.SCHOOL,
    (R.INSPECTOR, Right.SEE_HOME): S.SCHOOL,
    (R.SYSTEM_ADMIN, Right.SEE_ALARMS): S.INSTALLATION,
    (R.SYSTEM_ADMIN, Right.SEE_JOBS): S.INSTALLATION,
    (R.SCHOOL_ADMIN, Right.SEE_JOBS): S.SCHOOL,
    (R.DIRECTOR, Right.SEE_JOBS): S.SCHOOL,
    (R.DEPUTY, Right.SEE_JOBS): S.SCHOOL,
    (R.SYSTEM_ADMIN, Right.SEE_SETTINGS): S.INSTALLATION,
    (R.SCHOOL_ADMIN, Right.SEE_SETTINGS): S.SCHOOL,
    (R.DIRECTOR, Right.SEE_SETTINGS): S.SCHOOL,
    (R.DEPUTY, Right.SEE_SETTINGS): S.SCHOOL,
    (R.SYSTEM_ADMIN, Right.CHANGE_SETTINGS): S.INSTALLATION,
    (R.SCHOOL_ADMIN, Right.CHANGE_SETTINGS): S.SCHOOL,
    (R.SYSTEM_ADMIN, Right.SEE_OPERATIONS): S.INSTALLATION,
    (R.SCHOOL_ADMIN, Right.SEE_OPERATIONS): S.SCHOOL,
    (R.DIRECTOR, Right.SEE_OPERATIONS): S.SCHOOL,
    (R.DEPUTY, Right.SEE_OPERATIONS): S.SCHOOL,
    (R.INSPECTOR, Right.SEE_OPERATIONS): S.SCHOOL,
    (R.TEACHER, Right.SEE_OPERATIONS): S.SELF,
    (R.CLASS_TEACHER, Right.SEE_OPERATIONS): S.SELF,
    (R.INSPECTOR, Right.SEE_JOURNAL): S.SCHOOL,
} | {(role, Right.USE_ACCOUNT): S.SELF for role in Role}
LOGINS = ["teacher", "historian", "deputy", "director", "school_admin", "secretary", "inspector", "anna", "mother"]
ROLE_OF = {"historian": Role.CLASS_TEACHER, "anna": Role.STUDENT, "mother": Role.GUARDIAN}


@pytest.mark.parametrize("right", list(Right))
@pytest.mark.parametrize("role", list(Role))
def test_the_policy_is_the_one_written_by_hand(role, right):
    from ais_app.rights.rules import POLICY

    assert POLICY[right].get(role) == EXPECTED.get((role, right))


@pytest.mark.parametrize(("login", "algebra", "history"), [
    ("teacher", True, False), ("historian", True, True), ("deputy", True, True), ("director", True, True),
    ("school_admin", True, True), ("inspector", True, True), ("secretary", False, False), ("anna", False, False),
    ("mother", False, False),
])  # fmt: skip
def test_s19_courses_by_role_and_relation(school, login, algebra, history):
    actor = school.actor(login, ROLE_OF.get(login, Role(login) if login in list(Role) else Role.TEACHER))
    for name, readable in (("algebra", algebra), ("history", history)):
        assert school.read(courses.is_readable, actor, TODAY, school.courses[name]) is readable


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("student", ["anna", "boris", "teacher"])
def test_s05_diaries_by_role_and_relation(school, login, student):
    actor = school.actor(login, ROLE_OF.get(login, Role(login) if login in list(Role) else Role.TEACHER))
    led = {("historian", "anna"), ("historian", "boris")}  # the class teacher, as the family sees it
    expected = (login, student) in {("anna", "anna"), ("mother", "anna")} | led
    assert school.read(diary.may_read, actor, TODAY, school.people[student].uid) is expected


def test_teaching_roles_are_one_hat_and_every_other_its_own():
    def given(role, person="p"):
        return Assignment(role, 1, "s", 1, person, "UTC")

    hats = hats_of(
        [
            given(Role.TEACHER),
            given(Role.CLASS_TEACHER),
            given(Role.DEPUTY),
            given(Role.GUARDIAN),
            given(Role.TEACHER, "q"),
        ]
    )
    assert [hat.roles for hat in hats] == [
        {Role.DEPUTY}, {Role.TEACHER, Role.CLASS_TEACHER}, {Role.TEACHER}, {Role.GUARDIAN},
    ]  # fmt: skip


def test_s17_a_school_administrator_makes_no_administrator_of_the_installation(school):
    admin = school.actor("school_admin", Role.SCHOOL_ADMIN)
    role = service.NewRole(Role.SYSTEM_ADMIN, None, None, TODAY)
    with pytest.raises(NotYours):
        school.database.write(lambda uow: service.open_account(uow, admin, service.NewAccount("evil"), [role]))
    teacher = school.teacher()
    with pytest.raises(NotYours):
        school.database.write(lambda uow: service.open_account(uow, teacher, service.NewAccount("evil"), []))
    assert school.database.write(lambda uow: service.open_account(uow, operator(), service.NewAccount("good"), [role]))


def test_a_password_may_be_long_and_every_letter_counts():
    long = "x" * 72
    hashed = passwords.hash_password(long + "a", cost=4)
    assert passwords.fits(long + "a", hashed)
    assert not passwords.fits(long + "b", hashed)
    assert passwords.needs_rehash(hashed, cost=5)


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaaaa", "123456789012", "my-login-2026-x", "y" * 300])
def test_weak_passwords_are_refused(weak):
    with pytest.raises(PasswordRefused):
        passwords.check_chosen(weak, "my-login", staff=True)


def test_codes_have_80_bits_and_forgive_hyphens():
    code = passwords.new_code()
    assert len(code.replace("-", "")) == 17
    assert passwords.code_fits(code.upper().replace("-", " "), passwords.hash_code(code))
    assert len({passwords.new_code() for _round in range(200)}) == 200
