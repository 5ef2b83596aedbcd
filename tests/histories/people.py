"""What happens to people: they come, leave and return, their guardians, accounts and roles change."""

from __future__ import annotations

from datetime import date

from ais_app.access import service as access
from ais_app.rights.rules import Role, operator
from ais_app.school import rules, service
from ais_app.school.rules import DatedFrom, PersonRef
from ais_app.school.service import courses as teaching
from tests.histories.history import CLASS_GROUP, FAMILIES, FIRST, MEMBERS, PRESENT, History, as_day, owner


def admitted(history: History) -> None:
    group = history.one(CLASS_GROUP)
    if group is None:
        return
    pupil = history.person()
    days, note = DatedFrom(history.day(-5, 2)), history.random.choice(("", "дом"))
    history.changed(service.change_memberships, group, pupil, None, days, note)
    if history.random.random() < 0.7:
        history.account(pupil, Role.STUDENT, since=days.valid_from)


def left(history: History) -> None:
    """Dated back, today or ahead: what was entered since then lies outside. The role may end or the account be blocked."""
    row = history.one(MEMBERS + PRESENT)
    if row is None:
        return
    day = max(history.day(-4, 2), as_day(row.valid_from))
    history.changed(service.change_memberships, owner(row), row, row.row, DatedFrom(as_day(row.valid_from), day))
    role = history.one(_ROLES + " AND r.person_id = :pupil AND r.valid_to IS NULL", pupil=row.id)
    if role is not None:
        ref = access.AccountRef(role.account_id, role.account)
        if history.random.choice((True, False)):
            end = access.RoleEnd(role.uid, ref, Role(role.role), history.school.id, day)
            history.write(access.end_roles, operator(), [end])
        else:
            history.write(access.block_accounts, operator(), [ref])


def transferred(history: History) -> None:
    row, group = history.one(MEMBERS + PRESENT), history.one(CLASS_GROUP)
    if row is None or group is None or group.id == row.owner_id:
        return
    day = max(history.day(-3, 3), as_day(row.valid_from))
    history.changed(service.change_memberships, owner(row), row, row.row, DatedFrom(as_day(row.valid_from), day))
    history.changed(service.change_memberships, group, row, None, DatedFrom(day))


def returned(history: History) -> None:
    row = history.one(MEMBERS + " AND e.valid_to <= :today")
    if row is not None:
        history.changed(service.change_memberships, owner(row), row, None, DatedFrom(history.day(0, 2)))


def taken_back(history: History) -> None:
    """Somebody was to come, and does not."""
    group = history.one(CLASS_GROUP)
    if group is not None:
        day = history.day(3, 9)
        pupil = history.person()
        history.changed(service.change_memberships, group, pupil, None, DatedFrom(day, day))
        if history.random.random() < 0.5:
            history.changed(service.change_memberships, group, pupil, None, DatedFrom(day))


def renamed(history: History) -> None:
    row = history.one("SELECT id, uid, family_name, given_name, patronymic FROM person WHERE school_id = :school")
    after = rules.PersonDraft(history.random.choice(FAMILIES), row.given_name, row.patronymic, date(2012, 2, 29))
    change = rules.PersonChange(PersonRef(row.id, row.uid), after)
    history.write(service.change_people, operator(), history.school, [change])
    course = history.one("SELECT id, uid, name FROM course WHERE school_id = :school")
    if course is not None:
        renaming = teaching.CourseRenaming(course.id, f"{course.name[:50]}, «новая»")
        history.write(teaching.rename_courses, operator(), history.school, [renaming])


def linked(history: History) -> None:
    """A guardian with or without an account, of a child with or without one."""
    child = history.one(MEMBERS)
    if child is None:
        return
    guardian = history.person()
    end = history.random.choice((None, history.day(-3, 5)))
    draft = rules.GuardianDraft(guardian.id, child.id, history.random.choice(("мать", "=отец")), FIRST, end)
    history.write(service.add_guardians, operator(), history.school, [draft])
    if history.random.random() < 0.7:
        history.account(guardian, Role.GUARDIAN)


_LINKS = (
    "SELECT l.id AS row, l.valid_from, g.id AS guardian, s.id AS student, s.uid AS student_uid"
    " FROM guardianship l JOIN person g ON g.id = l.guardian_id JOIN person s ON s.id = l.student_id"
    " WHERE s.school_id = :school"
)


def unlinked(history: History) -> None:
    row = history.one(_LINKS + " AND l.valid_to IS NULL")
    if row is not None:
        student, before = PersonRef(row.student, row.student_uid), DatedFrom(as_day(row.valid_from))
        end = rules.GuardianshipEnd(row.row, student, before, history.day(-3, 0))
        history.write(service.end_guardianships, operator(), history.school, [end])


def linked_again(history: History) -> None:
    row = history.one(_LINKS + " AND l.valid_to <= :today")
    if row is not None:
        draft = rules.GuardianDraft(row.guardian, row.student, "мать", history.day(0, 3))
        history.write(service.add_guardians, operator(), history.school, [draft])


_ACCOUNTS = (
    "SELECT DISTINCT a.id, a.uid, r.person_id FROM account a JOIN role_assignment r ON r.account_id = a.id"
    " WHERE r.school_id = :school"
)


def blocked(history: History) -> None:
    row = history.one(_ACCOUNTS + " AND a.blocked_at IS NULL AND r.role IN ('student', 'guardian')")
    if row is not None:
        history.write(access.block_accounts, operator(), [access.AccountRef(row.id, row.uid)])


def unblocked(history: History) -> None:
    row = history.one(_ACCOUNTS + " AND a.blocked_at IS NOT NULL")
    if row is not None:
        history.write(access.unblock_accounts, operator(), [access.AccountRef(row.id, row.uid)])


def second_account(history: History) -> None:
    row = history.one(_ACCOUNTS)
    if row is not None:
        history.account(PersonRef(row.person_id, ""), Role.SECRETARY)


def shared(history: History) -> None:
    """One account stands for a second person: of the same school, or of another one."""
    row = history.one(_ACCOUNTS)
    if row is not None:
        history.school = history.random.choice(history.schools)
        role = access.NewRole(Role.GUARDIAN, history.school.id, history.person().id, history.day(-9, 0))
        history.write(access.give_roles, operator(), [(access.AccountRef(row.id, row.uid), role)])


_ROLES = (
    "SELECT r.id, r.uid, r.role, r.person_id, r.account_id, a.uid AS account FROM role_assignment r"
    " JOIN account a ON a.id = r.account_id WHERE r.school_id = :school AND r.role <> 'deputy'"
)


def role_ended(history: History) -> None:
    row = history.one(_ROLES + " AND r.valid_to IS NULL")
    if row is not None:
        ref = access.AccountRef(row.account_id, row.account)
        end = access.RoleEnd(row.uid, ref, Role(row.role), history.school.id, history.day(-5, 0))
        history.write(access.end_roles, operator(), [end])


def role_again(history: History) -> None:
    """The same role once more, from today or from a day that is still to come."""
    row = history.one(_ROLES + " AND r.valid_to IS NOT NULL")
    if row is not None:
        role = access.NewRole(Role(row.role), history.school.id, row.person_id, history.day(0, 5))
        history.write(access.give_roles, operator(), [(access.AccountRef(row.account_id, row.account), role)])


def inspected(history: History) -> None:
    """Who looks from above is not of the school."""
    history.account(history.person(), Role.INSPECTOR)
