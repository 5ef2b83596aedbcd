"""Histories: what happens to schools over the weeks, step by step, through the services like anything else.

A step that has nothing to act on does nothing. Whoever runs a history says by a `Random` what is chosen.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import text

from ais_app.access import passwords
from ais_app.access import queries as access_queries
from ais_app.access import service as access
from ais_app.access.rules import Actor, Role, operator
from ais_app.clock import SetClock
from ais_app.db import Database
from ais_app.db.columns import new_uid
from ais_app.diary import service as diary
from ais_app.exchange.oneroster import import_oneroster
from ais_app.journal.errors import AlreadyClosed, BadLesson, CellsRefused
from ais_app.journal.rules import DaySpan
from ais_app.journal.service import absences, courses, lessons, periods, remarks, teaching
from ais_app.journal.service.cells import MarkEntry
from ais_app.journal.service.marks import MarksOperation, enter_marks
from ais_app.school import rules, service
from ais_app.school.rules import DatedFrom, PersonRef, SchoolRef, TermChange

FIRST, LAST = date(2026, 9, 1), date(2027, 5, 31)
BEGIN = datetime(2026, 9, 10, 8, 0, tzinfo=UTC)
NAMES = ("Анна", "Борис", "=СУММ(1)", "Ёлка", "О'Нил", 'Ира "Ирка"', "Лев", "Мила; Ая")
FAMILIES = ("Иванов", "Ёлкин", "фон Берг", "Иванов", "-Дефис", "Сидоров, мл.")
VALUES = ("5", "4", "3", "2", "н", "о7", "о", "зач", "незач", "осв", "5/2", "н/4", "о/3/3")
WORDS = ("", "Дроби", "=1+1", "«Степени»\n№ 12; 13", "@все", "тире — и «кавычки»")
_DAY = timedelta(days=1)


@dataclass
class History:
    """Schools of one installation, the day that it is there, and who decides what happens."""

    database: Database
    random: Random
    schools: list[SchoolRef] = field(default_factory=list)
    school: SchoolRef = field(init=False)

    @property
    def today(self) -> date:
        return self.database.clock.now().date()

    def live(self, steps: list[Step]) -> None:
        """Each step in one of the schools."""
        for step in steps:
            self.school = self.random.choice(self.schools)
            step(self)

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """Rows of a statement; `:school` and `:today` are known to it."""
        given = {"school": self.school.id, "today": self.today.isoformat(), **values}
        used = {name: value for name, value in given.items() if f":{name}" in sql}
        return self.database.read(lambda one: list(one.execute(text(sql), used).all()))

    def one(self, sql: str, **values: Any) -> Any:
        """One of the rows, or None."""
        found = self.rows(sql + " ORDER BY 1", **values)
        return self.random.choice(found) if found else None

    def write(self, work: Callable[..., Any], *arguments: Any) -> Any:
        return self.database.write(lambda uow: work(uow, *arguments))

    def person(self) -> PersonRef:
        """Somebody new, who may have the name of somebody else."""
        born = self.random.choice((None, date(2013, 3, 12)))
        draft = rules.PersonDraft(
            self.random.choice(FAMILIES), self.random.choice(NAMES), self.random.choice(("", "Ильич")), born
        )
        return self.write(service.add_people, operator(), self.school, [draft])[0]

    def day(self, least: int, most: int) -> date:
        """A day around today, within the school year."""
        return min(max(self.today + timedelta(days=self.random.randint(least, most)), FIRST), LAST)

    def changed(self, change: Any, owner: Any, person: Any, row: int | None, days: DatedFrom, note: str = "") -> None:
        """Add or move one dated row of a group, class or course."""
        before = None if row is None else DatedFrom(FIRST)
        one = TermChange(owner.id, owner.uid, PersonRef(person.id, person.uid), row, before, days, note)
        self.write(change, operator(), self.school, [one])

    def account(self, person: PersonRef, *roles: Role, since: date = FIRST) -> access.AccountRef:
        new = access.NewAccount(f"user{new_uid()}", code_hash=passwords.hash_code(passwords.new_code()))
        given = [access.NewRole(role, self.school.id, person.id, since) for role in roles]
        return self.write(access.open_accounts, operator(), [(new, given)])[0]

    def actor(self, account_id: int, role: Role, person_id: int) -> Actor:
        """An account in the hat that has a role as a person of this school."""

        def find(connection: Any) -> Actor:
            hats = access_queries.hats(connection, account_id, self.database.clock.now())
            hat = next(one for one in hats if role in one.roles and one.person_id == person_id)
            uid = connection.execute(text("SELECT uid FROM account WHERE id = :id"), {"id": account_id}).scalar_one()
            return Actor(account_id, uid, "session", hat, "127.0.0.1", "web")

        return self.database.read(find)

    def somebody(self, role: Role) -> Actor | None:
        """Somebody who has a role in the school today."""
        row = self.one(
            f"SELECT account_id, person_id FROM role_assignment WHERE school_id = :school AND role = '{role.value}'"
            " AND valid_from <= :today AND (valid_to IS NULL OR valid_to > :today)"
        )
        return None if row is None else self.actor(row.account_id, role, row.person_id)


Step = Callable[[History], None]


def found(history: History) -> SchoolRef:
    """A school by the services: two divisions of its year, bells, subjects, two classes, teachers, a deputy, a timetable."""
    draft = rules.SchoolDraft(
        f"Школа № {len(history.schools) + 1}, «Центр»",
        "Школа",
        "Europe/Moscow",
        edit_window_days=history.random.choice((30, 365)),
        mark_one_allowed=history.random.choice((True, False)),
    )
    history.school = ref = history.write(service.open_school, operator(), draft)
    year = history.write(service.add_year, operator(), ref, _year(FIRST.year))
    bells = rules.BellScheduleDraft("Звонки", [rules.BellDraft(1, time(8, 30), time(9, 15))])
    bells_id = history.write(service.add_bells, operator(), ref, bells)
    names = ("Алгебра", "Литература, чтение", "Хор")
    subjects = history.write(
        service.add_subjects, operator(), ref, [rules.SubjectDraft(name, name[:3]) for name in names]
    )
    types = [courses.TypeDraft("Урок", "УР", 3, is_default=True), courses.TypeDraft("Контрольная", "КР", 5, True)]
    history.write(courses.add_control_types, operator(), ref, types)
    teachers = [history.person() for _number in range(3)]
    for teacher in teachers:
        history.account(teacher, Role.TEACHER)
    history.account(history.person(), Role.DEPUTY, Role.CLASS_TEACHER)
    for number, letter in enumerate("АБ"):
        pupils = [history.person() for _number in range(3)]
        for pupil in pupils[:2]:
            history.account(pupil, Role.STUDENT)
        members = [rules.MemberDraft(pupil.id, FIRST) for pupil in pupils]
        scheme = year.schemes["Четверти"]
        draft = rules.ClassDraft(7, letter, scheme, bell_schedule_id=bells_id if number else None, members=members)
        ref7 = history.write(service.add_class, operator(), ref, year.id, draft)
        history.write(service.appoint_class_teacher, operator(), ref, ref7, teachers[number], DatedFrom(FIRST))
        course = courses.CourseDraft(
            "Алгебра",
            subjects["Алгебра"],
            ref7.group_id,
            scheme,
            [courses.TeacherDraft(teachers[number].id, FIRST)],
            class_id=ref7.id,
            hours_planned=history.random.choice((None, 0, 102)),
        )
        added = history.write(courses.add_courses, operator(), ref, year.id, [course])[0]
        slots = [rules.SlotDraft(added.id, weekday, number + 1, "каб. 5") for weekday in (1, 4)]
        days = DatedFrom(FIRST + timedelta(days=7 * number), FIRST + timedelta(days=21))
        version = history.write(service.add_timetable, operator(), ref, year.id, days, slots)
        history.write(courses.lay_out_lessons, operator(), ref, version)
    history.schools.append(ref)
    return ref


def _year(first: int) -> rules.YearDraft:
    quarters = [
        rules.PeriodDraft("I", date(first, 9, 1), date(first, 10, 25)),
        rules.PeriodDraft("II", date(first, 11, 2), date(first, 12, 30)),
    ]
    halves = [rules.PeriodDraft("Год", date(first, 9, 1), date(first + 1, 5, 31))]
    rest = [
        rules.HolidayDraft("Осенние", date(first, 10, 26), date(first, 11, 1)),
        rules.HolidayDraft("Первоклассникам", date(first + 1, 2, 8), date(first + 1, 2, 14), grade=1),
    ]
    schemes = [rules.SchemeDraft("Четверти", quarters), rules.SchemeDraft("Год", halves)]
    return rules.YearDraft(f"{first}/{first + 1 - 2000}", date(first, 9, 1), date(first + 1, 5, 31), schemes, rest)


def imported(history: History, path: Path) -> list[SchoolRef]:
    """The schools that came from a set of another system."""
    import_oneroster(history.database, path)
    rows = history.database.read(lambda one: one.execute(text("SELECT id, uid, zone FROM school ORDER BY id")).all())
    refs = [SchoolRef(row.id, row.uid, row.zone) for row in rows]
    history.schools += refs
    return refs


# --- people who come and go


_CLASS_GROUP = (
    "SELECT g.id, g.uid FROM study_group g JOIN school_class c ON c.group_id = g.id WHERE g.school_id = :school"
)
_MEMBERS = (
    "SELECT e.id AS row, e.valid_from, p.id AS id, p.uid AS uid, g.id AS owner_id, g.uid AS owner_uid FROM enrollment e"
    " JOIN person p ON p.id = e.person_id JOIN study_group g ON g.id = e.group_id WHERE g.school_id = :school"
)
_PRESENT = " AND e.valid_from <= :today AND (e.valid_to IS NULL OR e.valid_to > :today)"


@dataclass(frozen=True, slots=True)
class _Owner:
    id: int
    uid: str


def _owner(row: Any) -> _Owner:
    return _Owner(row.owner_id, row.owner_uid)


def admitted(history: History) -> None:
    group = history.one(_CLASS_GROUP)
    if group is None:
        return
    pupil = history.person()
    days, note = DatedFrom(history.day(-5, 2)), history.random.choice(("", "дом"))
    history.changed(service.change_memberships, group, pupil, None, days, note)
    if history.random.random() < 0.7:
        history.account(pupil, Role.STUDENT, since=days.valid_from)


def left(history: History) -> None:
    """Dated back, today or ahead: what was entered since then lies outside. The role may end or the account be blocked."""
    row = history.one(_MEMBERS + _PRESENT)
    if row is None:
        return
    day = max(history.day(-4, 2), _as_day(row.valid_from))
    history.changed(service.change_memberships, _owner(row), row, row.row, DatedFrom(_as_day(row.valid_from), day))
    role = history.one(_ROLES + " AND r.person_id = :pupil AND r.valid_to IS NULL", pupil=row.id)
    if role is not None:
        ref = access.AccountRef(role.account_id, role.account)
        if history.random.choice((True, False)):
            end = access.RoleEnd(role.uid, ref, Role(role.role), history.school.id, day)
            history.write(access.end_roles, operator(), [end])
        else:
            history.write(access.block_accounts, operator(), [ref])


def transferred(history: History) -> None:
    row, group = history.one(_MEMBERS + _PRESENT), history.one(_CLASS_GROUP)
    if row is None or group is None or group.id == row.owner_id:
        return
    day = max(history.day(-3, 3), _as_day(row.valid_from))
    history.changed(service.change_memberships, _owner(row), row, row.row, DatedFrom(_as_day(row.valid_from), day))
    history.changed(service.change_memberships, group, row, None, DatedFrom(day))


def returned(history: History) -> None:
    row = history.one(_MEMBERS + " AND e.valid_to <= :today")
    if row is not None:
        history.changed(service.change_memberships, _owner(row), row, None, DatedFrom(history.day(0, 2)))


def taken_back(history: History) -> None:
    """Somebody was to come, and does not."""
    group = history.one(_CLASS_GROUP)
    if group is not None:
        day = history.day(3, 9)
        pupil = history.person()
        history.changed(service.change_memberships, group, pupil, None, DatedFrom(day, day))
        if history.random.random() < 0.5:
            history.changed(service.change_memberships, group, pupil, None, DatedFrom(day))


def renamed(history: History) -> None:
    row = history.one("SELECT id, uid, family_name, given_name, patronymic FROM person WHERE school_id = :school")
    before = rules.PersonDraft(row.family_name, row.given_name, row.patronymic)
    after = rules.PersonDraft(history.random.choice(FAMILIES), row.given_name, row.patronymic, date(2012, 2, 29))
    change = rules.PersonChange(PersonRef(row.id, row.uid), before, after)
    history.write(service.change_people, operator(), history.school, [change])
    course = history.one("SELECT id, uid, name FROM course WHERE school_id = :school")
    if course is not None:
        renaming = teaching.CourseRenaming(course.id, course.uid, course.name, f"{course.name[:50]}, «новая»")
        history.write(teaching.rename_courses, operator(), history.school, [renaming])


# --- families


def linked(history: History) -> None:
    """A guardian with or without an account, of a child with or without one."""
    child = history.one(_MEMBERS)
    if child is None:
        return
    guardian = history.person()
    end = history.random.choice((None, history.day(-3, 5)))
    draft = rules.GuardianDraft(guardian.id, child.id, history.random.choice(("мать", "=отец")), FIRST, end)
    history.write(service.add_guardians, operator(), history.school, [draft])
    if history.random.random() < 0.7:
        history.account(guardian, Role.GUARDIAN)


_LINKS = (
    "SELECT l.id AS row, l.valid_from, g.id AS guardian, g.uid AS guardian_uid, s.id AS student, s.uid AS student_uid"
    " FROM guardianship l JOIN person g ON g.id = l.guardian_id JOIN person s ON s.id = l.student_id"
    " WHERE s.school_id = :school"
)


def unlinked(history: History) -> None:
    row = history.one(_LINKS + " AND l.valid_to IS NULL")
    if row is not None:
        guardian, student = PersonRef(row.guardian, row.guardian_uid), PersonRef(row.student, row.student_uid)
        before = DatedFrom(_as_day(row.valid_from))
        end = rules.GuardianshipEnd(row.row, guardian, student, before, history.day(-3, 0))
        history.write(service.end_guardianships, operator(), history.school, [end])


def linked_again(history: History) -> None:
    row = history.one(_LINKS + " AND l.valid_to <= :today")
    if row is not None:
        draft = rules.GuardianDraft(row.guardian, row.student, "мать", history.day(0, 3))
        history.write(service.add_guardians, operator(), history.school, [draft])


# --- accounts and roles


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


# --- teaching


def led_by_another(history: History) -> None:
    row = history.one(
        "SELECT l.id AS row, l.valid_from, c.id AS owner_id, c.uid AS owner_uid, p.id AS id, p.uid AS uid"
        " FROM class_leading l JOIN school_class c ON c.id = l.class_id JOIN person p ON p.id = l.person_id"
        " WHERE c.school_id = :school AND l.valid_to IS NULL"
    )
    if row is not None:
        day, change = max(history.day(-2, 2), _as_day(row.valid_from)), service.change_class_teachers
        history.changed(change, _owner(row), row, row.row, DatedFrom(_as_day(row.valid_from), day))
        history.changed(change, _owner(row), _teacher(history), None, DatedFrom(day, day))  # who declined
        history.changed(change, _owner(row), _teacher(history), None, DatedFrom(day))


def substituted(history: History) -> None:
    course = history.one("SELECT id, uid FROM course WHERE school_id = :school")
    if course is not None:
        begin = history.day(-3, 0)
        days = DatedFrom(begin, history.random.choice((begin, history.day(1, 9))))
        anybody = history.one("SELECT id, uid FROM person WHERE school_id = :school")
        who = history.random.choice((_teacher(history), anybody))
        history.changed(teaching.change_teachers, course, who, None, days)


def _teacher(history: History) -> Any:
    row = history.one("SELECT p.id, p.uid FROM person p JOIN role_assignment r ON r.person_id = p.id"
                      " WHERE r.school_id = :school AND r.role = 'teacher'")  # fmt: skip
    return row if row is not None else history.person()


def grouped(history: History) -> None:
    """A group of students of any classes, most often with a course; marked or not, of a class or of none."""
    year = history.one("SELECT y.id, s.id AS scheme FROM academic_year y JOIN period_scheme s ON s.year_id = y.id"
                       " WHERE y.school_id = :school AND y.starts_on <= :today AND y.ends_on >= :today")  # fmt: skip
    subject = history.one("SELECT id FROM subject WHERE school_id = :school")
    pupils = history.rows(_MEMBERS + _PRESENT + " ORDER BY e.id")
    if year is None or subject is None:
        return
    chosen = {row.id for row in history.random.sample(pupils, min(len(pupils), 3))}
    members = [rules.MemberDraft(pupil, history.day(-6, 0)) for pupil in sorted(chosen)]
    name = history.random.choice(("Хор", "Английский, 1"))
    group = history.write(service.add_groups, operator(), history.school, year.id, [rules.GroupDraft(name, members)])[0]
    if history.random.random() < 0.3:
        return
    home = history.one("SELECT id FROM school_class WHERE school_id = :school")
    draft = courses.CourseDraft(
        name,
        subject.id,
        group.id,
        year.scheme,
        [courses.TeacherDraft(_teacher(history).id, FIRST)],
        class_id=home.id if home is not None and history.random.random() < 0.5 else None,
        graded=history.random.random() < 0.6,
    )
    history.write(courses.add_courses, operator(), history.school, year.id, [draft])


def another_year(history: History) -> None:
    taken = history.rows("SELECT id FROM academic_year WHERE school_id = :school AND starts_on > :today")
    if not taken:
        history.write(service.add_year, operator(), history.school, _year(FIRST.year + 1))


def untaught_subject(history: History) -> None:
    draft = rules.SubjectDraft(f"Астрономия {new_uid()[:4]}", "")
    history.write(service.add_subjects, operator(), history.school, [draft])


# --- the journal


def next_day(history: History) -> None:
    clock = history.database.clock
    assert isinstance(clock, SetClock)
    clock.moment += timedelta(days=history.random.randint(1, 4))


def taught(history: History, group: int | None = None) -> None:
    """A lesson today with its topic, homework, columns, and marks for whoever is there; to a group, if one is said."""
    row = history.one(
        "SELECT c.uid, r.account_id, r.person_id, c.group_id FROM course c JOIN course_teacher t ON t.course_id = c.id"
        " JOIN role_assignment r ON r.person_id = t.person_id AND r.role = 'teacher' AND r.school_id = c.school_id"
        " JOIN academic_year y ON y.id = c.year_id"
        " WHERE c.school_id = :school AND t.valid_from <= :today AND (t.valid_to IS NULL OR t.valid_to > :today)"
        " AND r.valid_from <= :today AND (r.valid_to IS NULL OR r.valid_to > :today)"
        " AND y.starts_on <= :today AND y.ends_on >= :today"
        + (" AND c.group_id = :group" if group is not None else ""),
        group=group,
    )
    if row is None:
        return
    actor = history.actor(row.account_id, Role.TEACHER, row.person_id)
    try:
        lesson = history.write(lessons.add_lesson, actor, row.uid, history.today, history.random.randint(0, 7))
    except BadLesson:
        return
    choose = history.random.choice
    if choose((True, False)):
        nothing = choose((True, False))
        homework = "" if nothing else choose(WORDS)
        said = lessons.LessonText(lesson, 1, choose(WORDS), homework, choose((None, 20)), nothing_set=nothing)
        history.write(lessons.describe_lesson, actor, said)
    kind = history.one("SELECT uid FROM control_type WHERE school_id = :school").uid
    if choose((True, False)):
        history.write(lessons.add_work, actor, lesson, kind)
    work, *more = history.rows(
        "SELECT w.uid FROM work w JOIN lesson l ON l.id = w.lesson_id WHERE l.uid = :lesson ORDER BY w.ordinal",
        lesson=lesson,
    )
    if choose((True, False)):
        history.write(lessons.change_work, actor, work.uid, kind)
    for pupil in history.rows(_MEMBERS + _PRESENT + " AND g.id = :group ORDER BY e.id", group=row.group_id):
        value = choose(VALUES)
        _enter(history, actor, row.uid, MarkEntry(pupil.uid, work.uid, value, 0))
        if choose((True, False)):
            comment = choose(WORDS) if value[0] in "2345" else None
            _enter(history, actor, row.uid, MarkEntry(pupil.uid, work.uid, choose(VALUES), 1, comment))
        for second in more:
            _enter(history, actor, row.uid, MarkEntry(pupil.uid, second.uid, choose("5432"), 0, "к работе"))
        if choose((True, False, False)):
            remark = history.write(remarks.add_remark, actor, lesson, pupil.uid, choose(WORDS) or "Молодец")
            if choose((True, False)):
                history.write(remarks.withdraw_remark, actor, remark)


def _enter(history: History, actor: Actor, course: str, entry: MarkEntry) -> None:
    with suppress(CellsRefused):  # a value that this course does not take, a closed period
        history.write(enter_marks, actor, MarksOperation(new_uid(), course, [entry]))


def came_and_was_marked(history: History) -> None:
    """Somebody comes today or some days ago, is marked, and leaves: today, tomorrow or not at all."""
    group = history.one(_CLASS_GROUP)
    if group is None:
        return
    pupil = history.person()
    since = history.random.choice((history.today, history.day(-5, -1)))
    history.changed(service.change_memberships, group, pupil, None, DatedFrom(since))
    taught(history, group.id)
    row = next(iter(history.rows(_MEMBERS + " AND p.id = :pupil", pupil=pupil.id)))
    days = DatedFrom(since, history.random.choice((history.today, history.today + _DAY, None)))
    history.changed(service.change_memberships, _owner(row), row, row.row, days)


def excused(history: History) -> None:
    actor = history.somebody(Role.DEPUTY)
    row = history.one("SELECT p.uid FROM attendance a JOIN person p ON p.id = a.student_id"
                      " WHERE p.school_id = :school AND a.reason = ''")  # fmt: skip
    if actor is not None and row is not None:
        document = absences.Excuse(row.uid, DaySpan(FIRST, history.today), history.random.choice("бу"), "справка")
        history.write(absences.excuse, actor, document)


def closed(history: History) -> None:
    actor = history.somebody(Role.DEPUTY)
    row = history.one("SELECT p.uid FROM grading_period p JOIN period_scheme s ON s.id = p.scheme_id"
                      " WHERE s.school_id = :school AND p.starts_on > :today")  # fmt: skip
    if actor is not None and row is not None:
        with suppress(AlreadyClosed):
            history.write(periods.close_period, actor, row.uid)


def acknowledged(history: History) -> None:
    row = history.one(
        "SELECT r.account_id, r.person_id, s.uid AS student FROM role_assignment r"
        " JOIN guardianship l ON l.guardian_id = r.person_id JOIN person s ON s.id = l.student_id"
        " WHERE r.school_id = :school AND r.role = 'guardian' AND l.valid_from <= :today AND s.school_id = :school"
        " AND (l.valid_to IS NULL OR l.valid_to > :today) AND r.valid_from <= :today"
        " AND (r.valid_to IS NULL OR r.valid_to > :today)"
    )
    if row is not None:
        actor = history.actor(row.account_id, Role.GUARDIAN, row.person_id)
        monday = history.today - timedelta(days=history.today.weekday())
        history.write(diary.acknowledge, actor, row.student, monday)


def _as_day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


STEPS: tuple[Step, ...] = (
    *(admitted, left, transferred, returned, taken_back, renamed),
    *(linked, unlinked, linked_again),
    *(blocked, unblocked, second_account, shared, role_ended, role_again, inspected),
    *(led_by_another, substituted, grouped, another_year, untaught_subject),
    *(next_day, taught, came_and_was_marked, excused, closed, acknowledged),
)
# Twice in an order in which each step finds something to act on.
EVERYTHING: tuple[Step, ...] = (
    *(admitted, grouped, grouped, linked, linked, linked, blocked, second_account, shared, shared, taken_back),
    *(taught, taught, taught, came_and_was_marked, came_and_was_marked, acknowledged, acknowledged, next_day),
    *(transferred, left, left, substituted, led_by_another, unlinked, unlinked, role_ended, role_ended),
    *(taught, taught, excused, next_day, returned, linked_again, role_again, unblocked, blocked, inspected),
    *(came_and_was_marked, taught, left, renamed, another_year, untaught_subject, closed, acknowledged),
) * 2
