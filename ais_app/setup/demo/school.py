"""Writes the demonstration school: set up, taught and kept up to yesterday, through the services of a real one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from ais_app.access import passwords
from ais_app.access import service as access
from ais_app.access.queries import actor_of_login
from ais_app.access.rules import Actor, Role, operator
from ais_app.clock import SetClock, local_date
from ais_app.db import Database, UnitOfWork
from ais_app.db.columns import pairs, table, uid_of
from ais_app.diary import queries as diary
from ais_app.diary.service import acknowledge
from ais_app.journal.models import ControlType, Course, Lesson, Work
from ais_app.journal.rules import DaySpan
from ais_app.journal.service import courses, lessons
from ais_app.journal.service.absences import Excuse, excuse
from ais_app.journal.service.marks import MarkEntry, MarksOperation, enter_marks
from ais_app.journal.service.periods import close_period
from ais_app.journal.service.remarks import add_remark
from ais_app.school import rules, service
from ais_app.school.models import GradingPeriod, PeriodScheme, School
from ais_app.school.rules import PersonRef, SchoolRef
from ais_app.setup.demo import behaviour, curriculum, people
from ais_app.setup.demo.logins import DEMONSTRATION

SEED, ZONE = 2026, "Europe/Moscow"
QUARTERS, HALVES = "Четверти", "Полугодия"
ROMAN = ("I", "II", "III", "IV")

_lesson, _work, _type, _course = table(Lesson), table(Work), table(ControlType), table(Course)
_period, _scheme, _school = table(GradingPeriod), table(PeriodScheme), table(School)


class DatabaseNotEmpty(Exception):  # noqa: N818 - reads as the answer it is
    """There is a school already."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A year laid around today, so that today always stands in the third week of the second quarter (D-6)."""

    first: date
    last: date
    quarters: tuple[tuple[date, date], ...]
    holidays: tuple[tuple[str, date, date], ...]

    @property
    def name(self) -> str:
        return f"{self.first.year}/{(self.first.year + 1) % 100:02d}"


def calendar(today: date) -> Calendar:
    """Quarters of 8, 8, 10 and 8 weeks with holidays of 1, 2 and 1 weeks between them."""
    monday = today - timedelta(days=today.weekday(), weeks=11)
    quarters, holidays = [], []
    rests = (("Осенние каникулы", 1), ("Зимние каникулы", 2), ("Весенние каникулы", 1), ("", 0))
    for weeks, (rest, length) in zip((8, 8, 10, 8), rests, strict=True):
        end = monday + timedelta(weeks=weeks) - timedelta(days=3)
        quarters.append((monday, end))
        if length:
            holidays.append((rest, end + timedelta(days=1), end + timedelta(weeks=length, days=2)))
        monday += timedelta(weeks=weeks + length)
    return Calendar(quarters[0][0], quarters[-1][1], tuple(quarters), tuple(holidays))


@dataclass
class _Written:
    """What was written so far, for the steps that follow."""

    school: SchoolRef
    calendar: Calendar
    staff: dict[str, PersonRef] = field(default_factory=dict)
    pupils: list[tuple[people.Pupil, PersonRef]] = field(default_factory=list)
    groups: dict[int, rules.ClassRef] = field(default_factory=dict)
    taught: list[_Taught] = field(default_factory=list)


@dataclass
class _Taught:
    """A course with its class list, its teacher's login and the plan that goes on lesson by lesson."""

    ref: courses.CourseRef
    grade: int
    subject: str
    login: str
    members: list[int]
    plan: Iterator[curriculum.PlannedLesson]


def write_demonstration(database: Database) -> str:
    """Write the school; returns one line about it. Raises DatabaseNotEmpty."""
    if database.read(lambda connection: connection.execute(select(func.count()).select_from(_school)).scalar_one()):
        raise DatabaseNotEmpty
    today = local_date(database.clock.now(), ZONE)
    random = Random(SEED)
    days = calendar(today)

    def make_uid() -> str:
        return uid_of(random.randbytes(10))

    clock = SetClock(_moment(days.first - timedelta(days=10), time(12)))
    written = database.write(lambda uow: _set_up(uow, days, random), make_uid=make_uid, clock=clock)
    database.write(lambda uow: _open_accounts(uow, written), make_uid=make_uid, clock=clock)
    keeper = _Keeper(database, written, random)
    for day in _school_days(days, today):
        clock.moment = _moment(day, time(15))
        database.write(lambda uow, day=day: keeper.keep(uow, day), make_uid=make_uid, clock=clock)
        if day == days.quarters[0][1]:
            clock.moment = _moment(day + timedelta(days=5), time(16))
            database.write(keeper.close_first_quarter, make_uid=make_uid, clock=clock)
    clock.moment = _moment(today - timedelta(days=1), time(19))
    database.write(lambda uow: keeper.acknowledge_weeks(uow, today), make_uid=make_uid, clock=clock)
    return f"{len(written.pupils)} students, {len(written.staff)} staff, {len(written.taught)} journals, {keeper.count} lessons kept."


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, ZoneInfo(ZONE)).astimezone(UTC)


def _school_days(days: Calendar, today: date) -> Iterator[date]:
    day = days.first
    while day < today:
        if day.isoweekday() <= curriculum.DAYS and not any(
            first <= day <= last for _name, first, last in days.holidays
        ):
            yield day
        day += timedelta(days=1)


def _set_up(uow: UnitOfWork, days: Calendar, random: Random) -> _Written:
    actor = operator()
    draft = rules.SchoolDraft(
        "Муниципальное общеобразовательное учреждение «Средняя школа № 12» города Заречинска",
        "Школа № 12",
        ZONE,
        demonstration=True,
    )
    written = _Written(service.open_school(uow, actor, draft), days)
    year = service.add_year(uow, actor, written.school, _year(days))
    bells = {
        name: service.add_bells(uow, actor, written.school, name, _bells(times))
        for name, times in (("Звонки", curriculum.BELLS), ("Звонки 1 класса", curriculum.FIRST_GRADE_BELLS))
    }
    _add_people(uow, actor, written)
    _add_classes(uow, actor, written, year, bells)
    subjects = sorted({subject for hours in curriculum.HOURS.values() for subject in hours})
    subject_ids = service.add_subjects(
        uow, actor, written.school, {name: curriculum.SHORT.get(name, name) for name in subjects}
    )
    courses.add_control_types(
        uow, actor, written.school, [courses.TypeDraft(*kind) for kind in curriculum.CONTROL_TYPES]
    )
    slots = _add_courses(uow, actor, written, year, subject_ids)
    version = service.add_timetable(uow, actor, written.school, year.id, rules.DatedFrom(days.first), slots)
    courses.lay_out_lessons(uow, actor, written.school, version)
    return written


def _year(days: Calendar) -> rules.YearDraft:
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


def _draft(name: people.Name) -> rules.PersonDraft:
    return rules.PersonDraft(name.family, name.given, name.patronymic)


def _add_people(uow: UnitOfWork, actor: Actor, written: _Written) -> None:
    refs = service.add_people(uow, actor, written.school, [_draft(name) for name in people.STAFF.values()])
    written.staff = dict(zip(people.STAFF, refs, strict=True))
    pupils = people.pupils()
    refs = service.add_people(uow, actor, written.school, [_draft(pupil.name) for pupil in pupils])
    written.pupils = list(zip(pupils, refs, strict=True))
    guardians: dict[people.Name, list[tuple[people.Guardian, PersonRef]]] = {}
    for pupil, ref in written.pupils:
        for guardian in pupil.guardians:
            guardians.setdefault(guardian.name, []).append((guardian, ref))
    refs = service.add_people(uow, actor, written.school, [_draft(name) for name in guardians])
    first = written.calendar.first
    links = [
        rules.GuardianDraft(
            ref.id, child.id, guardian.relation, first, first + timedelta(weeks=6) if guardian.former else None
        )
        for ref, linked in zip(refs, guardians.values(), strict=True)
        for guardian, child in linked
    ]
    service.add_guardians(uow, actor, written.school, links)
    written.staff |= {"guardian": refs[list(guardians).index(people.MOTHER.name)]}


def _add_classes(uow: UnitOfWork, actor: Actor, written: _Written, year: rules.YearRef, bells: dict[str, int]) -> None:
    first = written.calendar.first
    for grade, letter, _size in people.CLASSES:
        members = [
            rules.MemberDraft(ref.id, first, note=pupil.note) for pupil, ref in written.pupils if pupil.grade == grade
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
        leader = written.staff[people.LEADERS[grade]]
        service.appoint_class_teacher(uow, actor, written.school, ref, leader, rules.DatedFrom(first))
        written.groups[grade] = ref


def _add_courses(
    uow: UnitOfWork, actor: Actor, written: _Written, year: rules.YearRef, subject_ids: dict[str, int]
) -> list[rules.SlotDraft]:
    first = written.calendar.first
    drafts: list[courses.CourseDraft] = []
    for grade, subjects in curriculum.HOURS.items():
        ref = written.groups[grade]
        everybody = [index for index, (pupil, _ref) in enumerate(written.pupils) if pupil.grade == grade]
        for subject, (hours, logins) in subjects.items():
            teachers = logins.split(",")
            for half, login in enumerate(teachers):
                members = everybody if len(teachers) == 1 else everybody[half :: len(teachers)]
                group_id, name = ref.group_id, curriculum.SHORT.get(subject, subject)
                if len(teachers) > 1:
                    name = f"{name}, группа {half + 1}"
                    group_id = service.add_group(
                        uow,
                        actor,
                        written.school,
                        year.id,
                        f"{grade}А, {name}",
                        [rules.MemberDraft(written.pupils[index][1].id, first) for index in members],
                    )
                drafts.append(
                    courses.CourseDraft(
                        name,
                        subject_ids[subject],
                        group_id,
                        year.schemes[HALVES if grade >= 10 else QUARTERS],
                        [courses.TeacherDraft(written.staff[login].id, first)],
                        class_id=ref.id,
                        graded=grade > 1,
                        hours_planned=hours * 34,
                    )
                )
                written.taught.append(
                    _Taught(courses.CourseRef(0, ""), grade, subject, login, members, curriculum.plan(grade, subject))
                )
    refs = courses.add_courses(uow, actor, written.school, year.id, drafts)
    for taught, ref in zip(written.taught, refs, strict=True):
        taught.ref = ref
    return [
        rules.SlotDraft(taught.ref.id, slot.weekday, slot.number, curriculum.ROOMS[taught.login])
        for slot in curriculum.timetable()
        for taught in written.taught
        if (taught.grade, taught.subject) == (slot.grade, slot.subject)
    ]


def _open_accounts(uow: UnitOfWork, written: _Written) -> None:
    """Everybody has an account; only those of the login page know their passwords, the others wait for a slip."""
    first, school = written.calendar.first - timedelta(days=10), written.school.id
    maria = next(ref for pupil, ref in written.pupils if (pupil.name.family, pupil.name.given) == ("Соколова", "Мария"))
    persons = written.staff | {"student": maria}
    for login, role in DEMONSTRATION.items():
        new = access.NewAccount(login, password_hash=passwords.hash_password(f"demo-{login}"))
        roles = (
            [access.NewRole(role, school, persons[login].id, first)]
            if role is not Role.SYSTEM_ADMIN
            else [access.NewRole(role, None, None, first)]
        )
        if login in people.LEADERS.values():
            roles.append(access.NewRole(Role.TEACHER, school, persons[login].id, first))
        access.open_account(uow, operator(), new, roles)
    for login, ref in written.staff.items():
        if login in DEMONSTRATION:
            continue
        roles = [access.NewRole(Role.TEACHER, school, ref.id, first)]
        if login in people.LEADERS.values():
            roles.append(access.NewRole(Role.CLASS_TEACHER, school, ref.id, first))
        code = passwords.hash_code(passwords.new_code())
        access.open_account(uow, operator(), access.NewAccount(f"staff-{login}", code_hash=code), roles)
    for number, (_pupil, ref) in enumerate(written.pupils, 1):
        if ref is not maria:
            code = passwords.hash_code(passwords.new_code())
            access.open_account(
                uow,
                operator(),
                access.NewAccount(f"student-{number}", code_hash=code),
                [access.NewRole(Role.STUDENT, school, ref.id, first)],
            )


class _Keeper:
    """Keeps the journals day by day, each teacher in his own."""

    def __init__(self, database: Database, written: _Written, random: Random) -> None:
        self._written, self._random = written, random
        self._database = database
        self.count = 0
        first, last = written.calendar.first, written.calendar.last
        self._profiles = [behaviour.profile(random, first, last) for _pupil in written.pupils]
        self._asides = Random(SEED + 1)  # beside the marks, which stay as they are
        self._types: dict[str, str] = {}
        self._actors: dict[str, Actor] = {}

    def keep(self, uow: UnitOfWork, day: date) -> None:
        """Every lesson of the day: topic, homework, absences, marks; on Fridays the reasons of absence."""
        if not self._types:
            self._types = pairs(uow.execute(select(_type.c.code, _type.c.uid)))
        rows = uow.execute(
            select(_lesson.c.uid, _lesson.c.course_id, _work.c.uid.label("work"))
            .join(_work, _work.c.lesson_id == _lesson.c.id)
            .where(_lesson.c.school_id == self._written.school.id, _lesson.c.day == day)
            .order_by(_lesson.c.number, _lesson.c.course_id)
        ).all()
        taught_by_id = {taught.ref.id: taught for taught in self._written.taught}
        for row in rows:
            self._keep_lesson(uow, taught_by_id[row.course_id], day, row.uid, row.work)
            self.count += 1
        if day.isoweekday() == curriculum.DAYS:
            self._bring_documents(uow, day)

    def _keep_lesson(self, uow: UnitOfWork, taught: _Taught, day: date, lesson: str, work: str) -> None:
        actor = self._actor(uow.connection, taught.login, Role.TEACHER)
        planned = next(taught.plan)
        lessons.describe_lesson(
            uow,
            actor,
            lessons.LessonText(
                lesson, 1, planned.topic, planned.homework or "", planned.minutes or None, planned.homework is None
            ),
        )
        if planned.kind:
            lessons.change_work(uow, actor, work, self._types[planned.kind])
        profiles = [self._profiles[index] for index in taught.members]
        entries = [
            MarkEntry(self._written.pupils[taught.members[entry.position]][1].uid, work, entry.text, 0, entry.comment)
            for entry in behaviour.entries(self._random, profiles, day, planned.kind, graded=taught.grade > 1)
        ]
        if entries:
            enter_marks(uow, actor, MarksOperation(uow.make_uid(), taught.ref.uid, entries))
        self._correct(uow, actor, taught, entries)
        self._remark(uow, actor, lesson, entries)

    def _remark(self, uow: UnitOfWork, actor: Actor, lesson: str, entries: list[MarkEntry]) -> None:
        """Now and then a teacher writes a line to the family of somebody who came late or did badly."""
        about = next((one for one in entries if one.text[:1] in ("о", "2")), None)
        if about is not None and self._asides.random() < 0.12:
            add_remark(uow, actor, lesson, about.student, behaviour.remark(self._asides, late=about.text[:1] == "о"))

    def acknowledge_weeks(self, uow: UnitOfWork, today: date) -> None:
        """The demonstration family has seen six full weeks, but not the last one."""
        guardian = self._actor(uow.connection, "guardian", Role.GUARDIAN)
        monday = today - timedelta(days=today.isoweekday() - 1 + 14)
        for child in diary.children(uow.connection, guardian, today):
            for weeks in range(6):
                acknowledge(uow, guardian, child.uid, monday - timedelta(days=7 * weeks))

    def _correct(self, uow: UnitOfWork, actor: Actor, taught: _Taught, entries: list[MarkEntry]) -> None:
        """Now and then a mark is put right, and the history shows it."""
        entry = next((one for one in entries if one.text == "3" and self._random.random() < 0.01), None)
        if entry is not None:
            better = MarkEntry(entry.student, entry.work, "4", 1)
            enter_marks(
                uow, actor, MarksOperation(uow.make_uid(), taught.ref.uid, [better], "Засчитано после разбора ошибок")
            )

    def _bring_documents(self, uow: UnitOfWork, friday: date) -> None:
        for index, (pupil, ref) in enumerate(self._written.pupils):
            for illness in self._profiles[index].illnesses:
                if illness.reason and friday - timedelta(days=6) <= illness.last <= friday:
                    leader = self._actor(uow.connection, people.LEADERS[pupil.grade], Role.CLASS_TEACHER)
                    paper = "Справка из поликлиники" if illness.reason == "б" else "Заявление родителей"
                    excuse(uow, leader, Excuse(ref.uid, DaySpan(illness.first, illness.last), illness.reason, paper))

    def close_first_quarter(self, uow: UnitOfWork) -> None:
        period = uow.execute(
            select(_period.c.uid)
            .join(_scheme, _scheme.c.id == _period.c.scheme_id)
            .where(_scheme.c.school_id == self._written.school.id, _scheme.c.name == QUARTERS, _period.c.ordinal == 1)
        ).scalar_one()
        close_period(uow, self._actor(uow.connection, "deputy", Role.DEPUTY), period)

    def _actor(self, connection: Connection, login: str, role: Role) -> Actor:
        key = f"{login}:{role}"
        if key not in self._actors:
            name = login if login in DEMONSTRATION else f"staff-{login}"
            self._actors[key] = actor_of_login(connection, name, role, self._database.clock.now())
        return self._actors[key]
