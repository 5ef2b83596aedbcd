"""Founding the demonstration school: calendar, people, classes, courses, timetable, accounts, through the services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from ais_app.access import passwords
from ais_app.access import service as access
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.journal.lessons.service import laying_out
from ais_app.people.models import Person, School
from ais_app.people.rules import SchoolRef
from ais_app.rights.rules import Actor, Role, operator
from ais_app.school import rules, service
from ais_app.school.models import Course
from ais_app.school.rules import PersonRef
from ais_app.school.service import courses as school_courses
from ais_app.setup.demo import curriculum, people
from ais_app.setup.demo.logins import DEMONSTRATION

_school, _person, _course_row = table(School), table(Person), table(Course)

ZONE = "Europe/Moscow"
QUARTERS, HALVES = "Четверти", "Полугодия"
ROMAN = ("I", "II", "III", "IV")
THIS_WEEK = 12  # the third week of the second quarter
# Labour Code, article 112, and the day before New Year's, on which no school teaches: name, first day, number of days.
PUBLIC_HOLIDAYS = (
    ("Новогодние праздники", (12, 31), 9),
    ("День защитника Отечества", (2, 23), 1),
    ("Международный женский день", (3, 8), 1),
    ("Праздник Весны и Труда", (5, 1), 1),
    ("День Победы", (5, 9), 1),
    ("День России", (6, 12), 1),
    ("День народного единства", (11, 4), 1),
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a school year, all included; holidays as (name, first day, last day)."""

    first: date
    last: date
    quarters: tuple[tuple[date, date], ...]
    holidays: tuple[tuple[str, date, date], ...]

    @property
    def name(self) -> str:
        return f"{self.first.year}/{(self.first.year + 1) % 100:02d}"


def calendar(today: date, week: int = THIS_WEEK) -> Calendar:
    """Quarters of 8, 8, 10 and 8 weeks with holidays of 1, 2 and 1 weeks between them; today is in `week` of 38."""
    monday = today - timedelta(days=today.weekday(), weeks=week - 1)
    quarters, holidays = [], []
    rests = (("Осенние каникулы", 1), ("Зимние каникулы", 2), ("Весенние каникулы", 1), ("", 0))
    for weeks, (rest, length) in zip((8, 8, 10, 8), rests, strict=True):
        end = monday + timedelta(weeks=weeks) - timedelta(days=3)
        quarters.append((monday, end))
        if length:
            holidays.append((rest, end + timedelta(days=1), end + timedelta(weeks=length, days=2)))
        monday += timedelta(weeks=weeks + length)
    first, last = quarters[0][0], quarters[-1][1]
    holidays += public_holidays(first, last, holidays)
    return Calendar(first, last, tuple(quarters), tuple(sorted(holidays, key=itemgetter(1))))


def public_holidays(
    first: date, last: date, others: Sequence[tuple[str, date, date]]
) -> Iterator[tuple[str, date, date]]:
    """(name, first day, last day) of the public holidays in a year, without days that are in `others`."""
    taken = [rules.HolidayDraft(*one) for one in others]
    for year in range(first.year - 1, last.year + 1):
        for name, (month, day), length in PUBLIC_HOLIDAYS:
            days = [date(year, month, day) + timedelta(days=step) for step in range(length)]
            free = [
                one
                for one in days
                if first <= one <= last and not any(holiday.starts_on <= one <= holiday.ends_on for holiday in taken)
            ]
            for _offset, run in groupby(enumerate(free), lambda one: one[1].toordinal() - one[0]):
                left = [day for _index, day in run]
                yield name, left[0], left[-1]


@dataclass
class Written:
    """What was written so far, for the steps that follow."""

    school: SchoolRef
    calendar: Calendar
    roster: people.Roster
    staff: dict[str, PersonRef] = field(default_factory=dict)
    pupils: list[tuple[people.Pupil, PersonRef]] = field(default_factory=list)
    groups: dict[tuple[int, str], rules.ClassRef] = field(default_factory=dict)
    taught: list[Taught] = field(default_factory=list)


@dataclass
class Taught:
    """A course with its class list, its teacher's login and the plan that goes on lesson by lesson."""

    ref: school_courses.CourseRef
    grade: int
    letter: str
    subject: str
    login: str
    members: list[int]
    plan: Iterator[curriculum.PlannedLesson]
    room: str
    half: int


def moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZoneInfo(ZONE)).astimezone(UTC)


def school_days(days: Calendar, today: date) -> Iterator[date]:
    day = days.first
    while day < today:
        if day.isoweekday() <= curriculum.DAYS and not any(
            first <= day <= last for _name, first, last in days.holidays
        ):
            yield day
        day += timedelta(days=1)


def found_school(uow: UnitOfWork, days: Calendar, roster: people.Roster) -> Written:
    """Add the school with its year, people, classes, courses and lessons; no journal is kept yet."""
    actor = operator()
    draft = rules.SchoolDraft(
        "Муниципальное общеобразовательное учреждение «Средняя школа № 12» города Заречинска",
        "Школа № 12",
        ZONE,
        demonstration=True,
    )
    written = Written(service.open_school(uow, actor, draft), days, roster)
    year = service.add_year(uow, actor, written.school, year_draft(days))
    bells = {
        name: service.add_bells(uow, actor, written.school, rules.BellScheduleDraft(name, _bells(times)))
        for name, times in (("Звонки", curriculum.BELLS), ("Звонки 1 класса", curriculum.FIRST_GRADE_BELLS))
    }
    _add_people(uow, actor, written)
    add_classes(uow, actor, written, year, bells)
    subjects = sorted({subject for hours in curriculum.HOURS.values() for subject in hours})
    drafts = [rules.SubjectDraft(name, curriculum.SHORT.get(name, name)) for name in subjects]
    subject_ids = service.add_subjects(uow, actor, written.school, drafts)
    school_courses.add_control_types(
        uow, actor, written.school, [school_courses.TypeDraft(*kind) for kind in curriculum.CONTROL_TYPES]
    )
    slots = add_courses(uow, actor, written, year, subject_ids)
    version = service.add_timetable(uow, actor, written.school, year.id, rules.DatedFrom(days.first), slots)
    laying_out.lay_out_lessons(uow, actor, written.school, version)
    return written


def year_draft(days: Calendar) -> rules.YearDraft:
    """The year with quarters, half-years and holidays."""
    quarters = [rules.PeriodDraft(f"{ROMAN[number]} четверть", *dates) for number, dates in enumerate(days.quarters)]
    halves = [
        rules.PeriodDraft(f"{ROMAN[number]} полугодие", days.quarters[2 * number][0], days.quarters[2 * number + 1][1])
        for number in (0, 1)
    ]
    holidays = [rules.HolidayDraft(*holiday) for holiday in days.holidays]
    return rules.YearDraft(
        days.name,
        days.first,
        days.last,
        [rules.SchemeDraft(QUARTERS, quarters), rules.SchemeDraft(HALVES, halves)],
        holidays,
    )


def _bells(times: tuple[tuple[str, str], ...]) -> list[rules.BellDraft]:
    return [
        rules.BellDraft(number, time.fromisoformat(start), time.fromisoformat(end))
        for number, (start, end) in enumerate(times, 1)
    ]


def _draft(name: people.Name, born: date | None = None) -> rules.PersonDraft:
    return rules.PersonDraft(name.family, name.given, name.patronymic, born)


def _add_people(uow: UnitOfWork, actor: Actor, written: Written) -> None:
    roster = written.roster
    refs = service.add_people(uow, actor, written.school, [_draft(name) for name in roster.staff.values()])
    written.staff = dict(zip(roster.staff, refs, strict=True))
    pupils = roster.pupils
    first = written.calendar.first
    drafts = [_draft(pupil.name, people.birth_date(pupil, first)) for pupil in pupils]
    refs = service.add_people(uow, actor, written.school, drafts)
    written.pupils = list(zip(pupils, refs, strict=True))
    guardians: dict[people.Name, list[tuple[people.Guardian, PersonRef]]] = {}
    for pupil, ref in written.pupils:
        for guardian in pupil.guardians:
            guardians.setdefault(guardian.name, []).append((guardian, ref))
    refs = service.add_people(uow, actor, written.school, [_draft(name) for name in guardians])
    links = [
        rules.GuardianDraft(
            ref.id, child.id, guardian.relation, first, first + timedelta(weeks=6) if guardian.former else None
        )
        for ref, linked in zip(refs, guardians.values(), strict=True)
        for guardian, child in linked
    ]
    service.add_guardians(uow, actor, written.school, links)
    written.staff |= {"guardian": refs[list(guardians).index(people.MOTHER.name)]}


def add_classes(uow: UnitOfWork, actor: Actor, written: Written, year: rules.YearRef, bells: dict[str, int]) -> None:
    """Add the classes of the year with their students and class teachers."""
    first = written.calendar.first
    for grade, letter, _size in written.roster.classes:
        members = [
            rules.MemberDraft(ref.id, first, note=pupil.note)
            for pupil, ref in written.pupils
            if (pupil.grade, pupil.letter) == (grade, letter)
        ]
        scheme = year.schemes[HALVES if grade >= 10 else QUARTERS]
        bell = bells["Звонки 1 класса" if grade == 1 else "Звонки"]
        ref = service.add_class(
            uow,
            actor,
            written.school,
            year.id,
            rules.ClassDraft(grade, letter, scheme, bell_schedule_id=bell, members=members),
        )
        leader = written.staff[written.roster.leaders[grade, letter]]
        service.appoint_class_teacher(uow, actor, written.school, ref, leader, rules.DatedFrom(first))
        written.groups[grade, letter] = ref


def add_courses(
    uow: UnitOfWork, actor: Actor, written: Written, year: rules.YearRef, subject_ids: dict[str, int]
) -> list[rules.SlotDraft]:
    """Add the courses of the year; returns the slots of their timetable."""
    drafts = [
        _course(uow, actor, written, year, subject_ids[taught.subject], taught)
        for letter in written.roster.letters
        for grade, subjects in curriculum.HOURS.items()
        for subject in subjects
        for taught in _taught(written, grade, letter, subject)
    ]
    refs = school_courses.add_courses(uow, actor, written.school, year.id, drafts)
    for taught, ref in zip(written.taught, refs, strict=True):
        taught.ref = ref
    return [
        rules.SlotDraft(taught.ref.id, slot.weekday, slot.number, taught.room)
        for slot in curriculum.timetable()
        for taught in written.taught
        if (taught.grade, taught.subject) == (slot.grade, slot.subject)
    ]


def _taught(written: Written, grade: int, letter: str, subject: str) -> Iterator[Taught]:
    """The courses of a subject in a class: one, or two where its halves have different teachers."""
    everybody = [
        index for index, (pupil, _ref) in enumerate(written.pupils) if (pupil.grade, pupil.letter) == (grade, letter)
    ]
    logins = curriculum.HOURS[grade][subject][1].split(",")
    for half, login in enumerate(logins):
        members = everybody if len(logins) == 1 else everybody[half :: len(logins)]
        taught = Taught(
            school_courses.CourseRef(0, ""),
            grade,
            letter,
            subject,
            people.login_in(login, letter),
            members,
            curriculum.plan(grade, subject),
            room=curriculum.ROOMS[login],
            half=half + 1 if len(logins) > 1 else 0,
        )
        written.taught.append(taught)
        yield taught


def _course(
    uow: UnitOfWork, actor: Actor, written: Written, year: rules.YearRef, subject_id: int, taught: Taught
) -> school_courses.CourseDraft:
    """The course of `taught`; a half of a class gets its own group."""
    first, ref = written.calendar.first, written.groups[taught.grade, taught.letter]
    group_id, name = ref.group_id, curriculum.SHORT.get(taught.subject, taught.subject)
    if taught.half:
        name = f"{name}, группа {taught.half}"
        members = [rules.MemberDraft(written.pupils[index][1].id, first) for index in taught.members]
        half = rules.GroupDraft(f"{taught.grade}{taught.letter}, {name}", members)
        group_id = service.add_groups(uow, actor, written.school, year.id, [half])[0].id
    return school_courses.CourseDraft(
        name,
        subject_id,
        group_id,
        year.schemes[HALVES if taught.grade >= 10 else QUARTERS],
        [school_courses.TeacherDraft(written.staff[taught.login].id, first)],
        class_id=ref.id,
        graded=taught.grade > 1,
        hours_planned=curriculum.HOURS[taught.grade][taught.subject][0] * 34,
    )


@dataclass(frozen=True, slots=True)
class AccountDraft:
    """An account of the demonstration. `roles`: (role, id of its person; None = of the installation)."""

    login: str
    password_hash: str | None
    code_hash: str | None
    roles: tuple[tuple[str, int | None], ...]


def account_drafts(written: Written, password_cost: int = passwords.COST) -> Iterator[AccountDraft]:
    """Accounts with passwords for the login page, with one-time codes for the other staff and students."""
    leaders = set(written.roster.leaders.values())
    maria = next(ref for pupil, ref in written.pupils if (pupil.name.family, pupil.name.given) == ("Соколова", "Мария"))
    persons = written.staff | {"student": maria}
    for login, role in DEMONSTRATION.items():
        person = None if role is Role.SYSTEM_ADMIN else persons[login].id
        roles = [(role.value, person), *([(Role.TEACHER.value, person)] if login in leaders else [])]
        yield AccountDraft(login, passwords.hash_password(f"demo-{login}", password_cost), None, tuple(roles))
    for login, ref in written.staff.items():
        if login not in DEMONSTRATION:
            roles = [(Role.TEACHER.value, ref.id)]
            roles += [(Role.CLASS_TEACHER.value, ref.id)] if login in leaders else []
            yield AccountDraft(f"staff-{login}", None, passwords.hash_code(passwords.new_code()), tuple(roles))
    for number, (_pupil, ref) in enumerate(written.pupils, 1):
        if ref is not maria:
            code = passwords.hash_code(passwords.new_code())
            yield AccountDraft(f"student-{number}", None, code, ((Role.STUDENT.value, ref.id),))


def open_account(uow: UnitOfWork, draft: AccountDraft, school_id: int, since: date) -> None:
    """Open an account with its roles from `since` on."""
    new = access.NewAccount(draft.login, password_hash=draft.password_hash, code_hash=draft.code_hash)
    roles = [
        access.NewRole(Role(role), None if person is None else school_id, person, since) for role, person in draft.roles
    ]
    access.open_account(uow, operator(), new, roles)


def role_day(days: Calendar) -> date:
    """From which day on the roles of the demonstration hold."""
    return days.first - timedelta(days=10)


def open_accounts(uow: UnitOfWork, written: Written, password_cost: int = passwords.COST) -> None:
    """Open all accounts of the demonstration."""
    for draft in account_drafts(written, password_cost):
        open_account(uow, draft, written.school.id, role_day(written.calendar))


def found_again(connection: Connection, days: Calendar, roster: people.Roster) -> Written:
    """What `found_school` has written, read from the database: its people and courses are in the order of the roster.

    Raises NoResultFound where there is no school.
    """
    row = connection.execute(select(_school)).one()
    written = Written(SchoolRef(row.id, row.uid, row.zone), days, roster)
    persons = select(_person.c.id, _person.c.uid).where(_person.c.school_id == row.id).order_by(_person.c.id)
    refs = [PersonRef(*one) for one in connection.execute(persons)]
    written.staff = dict(zip(roster.staff, refs, strict=False))
    pupils = refs[len(roster.staff) : len(roster.staff) + len(roster.pupils)]
    written.pupils = list(zip(roster.pupils, pupils, strict=True))
    guardians = dict.fromkeys(guardian.name for pupil in roster.pupils for guardian in pupil.guardians)
    rest = refs[len(roster.staff) + len(roster.pupils) :]
    written.staff |= {"guardian": rest[list(guardians).index(people.MOTHER.name)]}
    courses = select(_course_row.c.id, _course_row.c.uid).where(_course_row.c.school_id == row.id)
    found = [school_courses.CourseRef(*one) for one in connection.execute(courses.order_by(_course_row.c.id))]
    for taught, ref in zip(_all_taught(written), found, strict=True):
        taught.ref = ref
    return written


def _all_taught(written: Written) -> list[Taught]:
    """Every course of the year, without its row, in the order in which they are added."""
    return [
        taught
        for letter in written.roster.letters
        for grade, subjects in curriculum.HOURS.items()
        for subject in subjects
        for taught in _taught(written, grade, letter, subject)
    ]
