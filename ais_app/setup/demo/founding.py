"""Founding the demonstration school: calendar, people, classes, courses, timetable, accounts, through the services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from ais_app.db import UnitOfWork
from ais_app.journal.lessons.service import laying_out
from ais_app.people.rules import SchoolRef
from ais_app.rights.rules import Actor, operator
from ais_app.school import rules, service
from ais_app.school.rules import PersonRef
from ais_app.school.service import courses as school_courses
from ais_app.setup.demo import curriculum, people

ZONE = "Europe/Moscow"
QUARTERS, HALVES = "Четверти", "Полугодия"
FIRST_BELLS = "Звонки 1 класса"
SCHOOL = rules.SchoolDraft(
    "Муниципальное общеобразовательное учреждение «Средняя школа № 12» города Заречинска",
    "Школа № 12",
    ZONE,
    demonstration=True,
)
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
    written = Written(service.open_school(uow, actor, SCHOOL), days, roster)
    year = service.add_year(uow, actor, written.school, year_draft(days))
    bells = {draft.name: service.add_bells(uow, actor, written.school, draft) for draft in bell_drafts()}
    _add_people(uow, actor, written)
    add_classes(uow, actor, written, year, bells)
    subject_ids = service.add_subjects(uow, actor, written.school, subject_drafts())
    school_courses.add_control_types(uow, actor, written.school, type_drafts())
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


def bell_drafts() -> list[rules.BellScheduleDraft]:
    """The bells of the school, and of its first grades."""
    both = (("Звонки", curriculum.BELLS), (FIRST_BELLS, curriculum.FIRST_GRADE_BELLS))
    return [rules.BellScheduleDraft(name, _bells(times)) for name, times in both]


def _bells(times: tuple[tuple[str, str], ...]) -> list[rules.BellDraft]:
    return [
        rules.BellDraft(number, time.fromisoformat(start), time.fromisoformat(end))
        for number, (start, end) in enumerate(times, 1)
    ]


def subject_drafts() -> list[rules.SubjectDraft]:
    subjects = sorted({subject for hours in curriculum.HOURS.values() for subject in hours})
    return [rules.SubjectDraft(name, curriculum.SHORT.get(name, name)) for name in subjects]


def type_drafts() -> list[school_courses.TypeDraft]:
    return [school_courses.TypeDraft(*kind) for kind in curriculum.CONTROL_TYPES]


def _draft(name: people.Name, born: date | None = None) -> rules.PersonDraft:
    return rules.PersonDraft(name.family, name.given, name.patronymic, born)


def person_drafts(roster: people.Roster, first: date) -> tuple[list[rules.PersonDraft], ...]:
    """Staff, pupils and guardians, in the order in which they are added; `first`: of the days of the year."""
    return (
        [_draft(name) for name in roster.staff.values()],
        [_draft(pupil.name, people.birth_date(pupil, first)) for pupil in roster.pupils],
        [_draft(name) for name in guardians_of(roster)],
    )


def guardians_of(roster: people.Roster) -> dict[people.Name, list[tuple[people.Guardian, int]]]:
    """{name: what it is to whom, as the place of a pupil}."""
    found: dict[people.Name, list[tuple[people.Guardian, int]]] = {}
    for place, pupil in enumerate(roster.pupils):
        for guardian in pupil.guardians:
            found.setdefault(guardian.name, []).append((guardian, place))
    return found


def guardian_drafts(written: Written, refs: Sequence[PersonRef]) -> list[rules.GuardianDraft]:
    """The links of guardians, who were added as `refs`, with the pupils."""
    first = written.calendar.first
    until = first + timedelta(weeks=6)
    return [
        rules.GuardianDraft(ref.id, written.pupils[place][1].id, one.relation, first, until if one.former else None)
        for ref, linked in zip(refs, guardians_of(written.roster).values(), strict=True)
        for one, place in linked
    ]


def _add_people(uow: UnitOfWork, actor: Actor, written: Written) -> None:
    roster = written.roster
    staff, pupils, guardians = [
        service.add_people(uow, actor, written.school, drafts)
        for drafts in person_drafts(roster, written.calendar.first)
    ]
    written.pupils = list(zip(roster.pupils, pupils, strict=True))
    service.add_guardians(uow, actor, written.school, guardian_drafts(written, guardians))
    written.staff = staff_of(roster, staff, guardians)


def staff_of(roster: people.Roster, staff: Sequence[PersonRef], guardians: Sequence[PersonRef]) -> dict[str, PersonRef]:
    """{login: who} of the staff and of the guardian who signs in."""
    mother = guardians[list(guardians_of(roster)).index(people.MOTHER.name)]
    return dict(zip(roster.staff, staff, strict=True)) | {"guardian": mother}


def add_classes(uow: UnitOfWork, actor: Actor, written: Written, year: rules.YearRef, bells: dict[str, int]) -> None:
    """Add the classes of the year with their students and class teachers."""
    for grade, letter, _size in written.roster.classes:
        ref = service.add_class(uow, actor, written.school, year.id, class_draft(written, year, bells, grade, letter))
        leader = written.staff[written.roster.leaders[grade, letter]]
        since = rules.DatedFrom(written.calendar.first)
        service.appoint_class_teacher(uow, actor, written.school, ref, leader, since)
        written.groups[grade, letter] = ref


def class_draft(
    written: Written, year: rules.YearRef, bells: dict[str, int], grade: int, letter: str
) -> rules.ClassDraft:
    """A class with its students."""
    members = [
        rules.MemberDraft(ref.id, written.calendar.first, note=pupil.note)
        for pupil, ref in written.pupils
        if (pupil.grade, pupil.letter) == (grade, letter)
    ]
    bell = bells[FIRST_BELLS if grade == 1 else "Звонки"]
    return rules.ClassDraft(grade, letter, scheme_of(year, grade), bell_schedule_id=bell, members=members)


def scheme_of(year: rules.YearRef, grade: int) -> int:
    return year.schemes[HALVES if grade >= 10 else QUARTERS]


def add_courses(
    uow: UnitOfWork, actor: Actor, written: Written, year: rules.YearRef, subject_ids: dict[str, int]
) -> list[rules.SlotDraft]:
    """Add the courses of the year, with the groups of halves; returns the slots of their timetable."""
    written.taught += all_taught(written)
    drafts = []
    for taught in written.taught:
        group_id = written.groups[taught.grade, taught.letter].group_id
        if taught.half:
            half = half_draft(written, taught)
            group_id = service.add_groups(uow, actor, written.school, year.id, [half])[0].id
        drafts.append(course_draft(written, year, subject_ids, taught, group_id))
    refs = school_courses.add_courses(uow, actor, written.school, year.id, drafts)
    for taught, ref in zip(written.taught, refs, strict=True):
        taught.ref = ref
    return slot_drafts(written)


def slot_drafts(written: Written) -> list[rules.SlotDraft]:
    """The weekly meetings of all courses."""
    return [
        rules.SlotDraft(taught.ref.id, slot.weekday, slot.number, taught.room)
        for slot in curriculum.timetable()
        for taught in written.taught
        if (taught.grade, taught.subject) == (slot.grade, slot.subject)
    ]


def all_taught(written: Written) -> list[Taught]:
    """Every course of the year, without its row, in the order in which they are added."""
    return [
        taught
        for letter in written.roster.letters
        for grade, subjects in curriculum.HOURS.items()
        for subject in subjects
        for taught in _taught(written, grade, letter, subject)
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
        yield taught


def half_draft(written: Written, taught: Taught) -> rules.GroupDraft:
    """The group of a half of a class."""
    members = [rules.MemberDraft(written.pupils[index][1].id, written.calendar.first) for index in taught.members]
    return rules.GroupDraft(f"{taught.grade}{taught.letter}, {_course_name(taught)}", members)


def _course_name(taught: Taught) -> str:
    name = curriculum.SHORT.get(taught.subject, taught.subject)
    return f"{name}, группа {taught.half}" if taught.half else name


def course_draft(
    written: Written, year: rules.YearRef, subject_ids: dict[str, int], taught: Taught, group_id: int
) -> school_courses.CourseDraft:
    """The course of `taught`, for the group of the class or of its half."""
    return school_courses.CourseDraft(
        _course_name(taught),
        subject_ids[taught.subject],
        group_id,
        scheme_of(year, taught.grade),
        [school_courses.TeacherDraft(written.staff[taught.login].id, written.calendar.first)],
        class_id=written.groups[taught.grade, taught.letter].id,
        graded=taught.grade > 1,
        hours_planned=curriculum.HOURS[taught.grade][taught.subject][0] * 34,
    )
