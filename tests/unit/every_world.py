"""A school in which every step of `every_step.py` is done."""

from __future__ import annotations

import csv
import hashlib
import tempfile
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlmodel import SQLModel

from ais_app.access import service as access
from ais_app.clock import SetClock
from ais_app.db.columns import uid_of
from ais_app.declared_settings import SETTINGS
from ais_app.exchange.oneroster import compute, export_oneroster
from ais_app.exchange.writing import runs
from ais_app.journal.attendance.service import ReasonChange, change_reason
from ais_app.journal.errors import Question
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.lessons.service import laying_out, lessons, taking_back
from ais_app.journal.remarks import service as remarks
from ais_app.journal.windows.service import openings
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Role, operator
from ais_app.school import rules, service
from ais_app.school.service import courses as school_courses
from ais_app.school_settings import service as school_settings
from tests.conftest import MONDAY
from tests.unit.steps import Step
from tests.unit.test_taking_back_history import World

FROM, UNTIL = date(2026, 11, 2), date(2026, 12, 1)


@dataclass
class EveryWorld(World):
    """A school in which a step makes the same uids whatever came before it."""

    clock: SetClock = field(default_factory=lambda: SetClock(MONDAY))
    step: int | None = None
    rows: dict[int, str] = field(default_factory=dict)

    def write(self, work: Any) -> Any:
        if self.step is None:
            return self.school.database.write(work)
        numbers, step = count(), self.step
        make = lambda: uid_of(hashlib.sha256(f"{step} {next(numbers)}".encode()).digest()[:10])  # noqa: E731
        return self.school.database.write(work, make_uid=make)

    def do(self, step: Step) -> None:
        self.clock.moment = MONDAY + timedelta(minutes=step[1])
        self.step = step[1]
        try:
            super().do(step)
        finally:
            self.step = None

    # Who acts

    @property
    def admin(self) -> Actor:
        return self.school.actor("school_admin", Role.SCHOOL_ADMIN)

    @property
    def deputy(self) -> Actor:
        return self.school.actor("deputy", Role.DEPUTY)

    def author(self, step: Step, steps: dict[int, Step]) -> Actor:
        """Who has done a step."""
        what, _number, asked = step
        if what in ("reason", "reason_changed"):
            return self._class_teacher
        if what in ("granted", "closed"):
            return self.deputy
        if what == "asked":
            return self.teacher(asked["place"][0])
        if what == "lesson":
            return self.teacher(asked["course"])
        if what == "withdrawn" or what in ("lesson_gone", "column_kind", "column_gone", "remark_gone"):
            return self.author(steps[asked["of"]], steps)
        if what in ("column", "mark", "remark", "words"):
            return self.teacher(self.lesson(asked["at"])[0])
        return operator() if what == "set" else self.admin

    # What is there

    def newest(self, name: str) -> str:
        return self.scalar(f"SELECT uid FROM {name} ORDER BY id DESC LIMIT 1")

    def id_of(self, name: str, uid: str) -> int:
        found = self.scalar(f"SELECT id FROM {name} WHERE uid = :uid", uid=uid)
        if found is None:
            raise NotYours
        return found

    def person(self, asked: Any) -> rules.PersonRef:
        uid = self.school.people[asked].uid if isinstance(asked, str) else self.made[asked]
        return rules.PersonRef(self.id_of("person", uid), uid)

    def course_id(self, asked: Any) -> int:
        return self.id_of("course", self.school.courses[asked] if isinstance(asked, str) else self.made[asked])

    def class_of(self, asked: Any) -> rules.ClassRef:
        uid = (
            self.made[asked]
            if isinstance(asked, int)
            else self.scalar("SELECT uid FROM school_class ORDER BY id LIMIT 1")
        )
        key = self.id_of("school_class", uid)
        return rules.ClassRef(key, uid, self.scalar("SELECT group_id FROM school_class WHERE id = :key", key=key))

    def group_id(self, asked: Any) -> int:
        if isinstance(asked, int) and self.scalar("SELECT 1 FROM study_group WHERE uid = :uid", uid=self.made[asked]):
            return self.id_of("study_group", self.made[asked])
        return self.class_of(asked).group_id

    def account(self, asked: Any) -> access.AccountRef:
        person = self.school.people[asked].id
        query = (
            "SELECT account.uid FROM account JOIN role_assignment ON account_id = account.id"
            " WHERE person_id = :person ORDER BY account.id LIMIT 1"
        )
        uid = self.scalar(query, person=person)
        return access.AccountRef(self.id_of("account", uid), uid)

    def login(self, asked: Any) -> str:
        return self.scalar("SELECT login FROM account WHERE id = :key", key=self.account(asked).id)

    def set_up(self, work: Any, *arguments: Any) -> Any:
        actor, ref = self.admin, self.school.ref
        return self.write(lambda uow: work(uow, actor, ref, *arguments))

    # The journal

    def _column(self, number: int, at: Any, kind: Any) -> None:
        name, lesson = self.lesson(at)
        actor, chosen = self.teacher(name), self.type_uid(kind)
        self.made[number] = self.write(lambda uow: lessons.add_work(uow, actor, lesson, chosen))

    def type_uid(self, kind: Any) -> str:
        return self.made[kind] if isinstance(kind, int) else self.school.types[kind]

    def course_of(self, name: str, uid: str) -> str:
        joined = {
            "lesson": "lesson",
            "work": "work JOIN lesson ON lesson.id = work.lesson_id",
            "remark": "remark JOIN lesson ON lesson.id = remark.lesson_id",
            "opening_request": "opening_request JOIN lesson ON lesson.id = opening_request.lesson_id",
        }[name]
        query = f"SELECT course.uid FROM {joined} JOIN course ON course.id = lesson.course_id WHERE {name}.uid = :uid"
        course = self.scalar(query, uid=uid)
        return next(login for login, one in self.school.courses.items() if one == course)

    def _lesson_gone(self, _number: int, of: int) -> None:
        self._take("lesson", self.made[of], taking_back.take_back_lesson)

    def _column_gone(self, _number: int, of: int) -> None:
        self._take("work", self.made[of], taking_back.take_back_work)

    def _take(self, name: str, uid: str, work: Any) -> None:
        actor, question = self.teacher(self.course_of(name, uid)), ""
        try:
            self.write(lambda uow: work(uow, actor, uid, "By mistake", ""))
        except Question as asking:
            question = str(asking)
        if question:
            self.write(lambda uow: work(uow, actor, uid, "By mistake", question))

    def _column_kind(self, _number: int, of: int, kind: Any) -> None:
        actor, chosen = self.teacher(self.course_of("work", self.made[of])), self.type_uid(kind)
        self.write(lambda uow: lessons.change_work(uow, actor, self.made[of], chosen))

    def _remark_gone(self, _number: int, of: int) -> None:
        actor = self.teacher(self.course_of("remark", self.made[of]))
        self.write(lambda uow: remarks.withdraw_remark(uow, actor, self.made[of]))

    def _reason(self, number: int, student: str, day: date, reason: str) -> None:
        super()._reason(number, student, day, reason)
        self.rows[number] = f"{student} {day.isoformat()} {reason}"

    def _reason_changed(self, _number: int, of: int) -> None:
        student, day, reason = self.rows[of].split()
        days, person = DaySpan(date.fromisoformat(day), date.fromisoformat(day)), self.school.people[student].uid
        change = ReasonChange(person, days, reason, "у" if reason == "б" else "б", "Wrong")
        self.write(lambda uow: change_reason(uow, self._class_teacher, change))

    def _asked(self, number: int, place: tuple[str, date]) -> None:
        lesson, actor = self.timetable[place], self.teacher(place[0])
        asked = openings.NewRequest(lesson, f"Reason {number}")
        self.made[number] = self.write(lambda uow: openings.ask(uow, actor, asked))

    def _withdrawn(self, _number: int, of: int) -> None:
        actor = self.teacher(self.course_of("opening_request", self.made[of]))
        self.write(lambda uow: openings.withdraw(uow, actor, self.made[of]))

    def _granted(self, number: int, of: int) -> None:
        self.write(lambda uow: openings.grant(uow, self.deputy, self.made[of]))
        self.made[number] = self.newest("opening")

    def _closed(self, _number: int, of: int) -> None:
        self.write(lambda uow: openings.close(uow, self.deputy, self.made[of]))

    def _laid_out(self, _number: int, of: int, course: Any) -> None:
        self.set_up(laying_out.lay_out_lessons, self.id_of("timetable_version", self.made[of]))
        assert course is not None

    # The set-up

    def _school_name(self, number: int) -> None:
        self.set_up(service.rename_school, f"School {number}")

    def _year(self, number: int) -> None:
        first = date(2027, 9, 1) + timedelta(days=number)
        halves = rules.SchemeDraft(f"halves {number}", [rules.PeriodDraft("I", first, first + timedelta(days=60))])
        holiday = rules.HolidayDraft("holiday", first, first)
        draft = rules.YearDraft(f"Year {number}", first, first + timedelta(days=250), [halves], [holiday])
        self.set_up(service.add_year, draft)
        self.made[number] = self.newest("academic_year")

    def _bells(self, number: int) -> None:
        bells = [rules.BellDraft(one, time(8 + one), time(8 + one, 45)) for one in (1, 2)]
        self.set_up(service.add_bells, rules.BellScheduleDraft(f"Bells {number}", bells))
        self.made[number] = self.newest("bell_schedule")

    def _subject(self, number: int) -> None:
        self.set_up(service.add_subjects, [rules.SubjectDraft(f"Subject {number}", f"S{number}")])
        self.made[number] = self.newest("subject")

    def _type(self, number: int) -> None:
        drafts = [school_courses.TypeDraft(f"Type {number}", f"T{number}", 2)]
        self.made[number] = self.set_up(school_courses.add_control_types, drafts)[f"T{number}"]

    def _person(self, number: int) -> None:
        drafts = [rules.PersonDraft(f"Person {number}", "New", "", date(2013, 1, 1) + timedelta(days=number))]
        self.made[number] = self.set_up(service.add_people, drafts)[0].uid

    def _person_name(self, number: int, person: Any) -> None:
        draft = rules.PersonDraft(f"Renamed {number}", "Alex", "Ivanovich", date(2013, 3, 1) + timedelta(days=number))
        self.set_up(service.change_people, [rules.PersonChange(self.person(person), draft)])

    def _class(self, number: int, year: int | None, bells: int | None, person: int | None) -> None:
        year_id, scheme = self.school.year.id, self.school.year.schemes["quarters"]
        if year is not None:
            year_id = self.id_of("academic_year", self.made[year])
            scheme = self.scalar("SELECT id FROM period_scheme WHERE year_id = :year LIMIT 1", year=year_id)
        members = [] if person is None else [rules.MemberDraft(self.person(person).id, FROM)]
        rings = None if bells is None else self.id_of("bell_schedule", self.made[bells])
        draft = rules.ClassDraft(8, f"К{number}", scheme, "", rings, members)
        self.made[number] = self.set_up(service.add_class, year_id, draft).uid

    def _group(self, number: int, person: Any) -> None:
        draft = rules.GroupDraft(f"Group {number}", [rules.MemberDraft(self.person(person).id, FROM, None, "дом")])
        self.made[number] = self.set_up(service.add_groups, self.school.year.id, [draft])[0].uid

    def _member(self, number: int, person: Any, group: Any) -> None:
        new = rules.TermChange(self.group_id(group), self.person(person), None, rules.DatedFrom(FROM), f"note {number}")
        self.set_up(service.change_memberships, [new])
        self.made[number] = self.newest("enrollment")

    def _member_until(self, number: int, of: Any) -> None:
        self._term(number, of, ("enrollment", "group_id", service.change_memberships))

    def _leader(self, number: int, person: Any, **of: Any) -> None:
        led = self.class_of(of["class"])
        self.set_up(service.appoint_class_teacher, led, self.person(person), rules.DatedFrom(FROM))
        self.made[number] = self.newest("class_leading")

    def _leader_until(self, number: int, of: Any) -> None:
        self._term(number, of, ("class_leading", "class_id", service.change_class_teachers))

    def _term(self, number: int, of: Any, target: tuple[str, str, Any]) -> None:
        """Give a dated row, of a step or of a person of the small school, another last day."""
        name, owner, work = target
        where = "uid = :of" if isinstance(of, int) else "person_id = :of"
        key = self.made[of] if isinstance(of, int) else self.school.people[of].id
        row = self.school.database.read(
            lambda one: one.execute(
                text(f"SELECT id, {owner} AS owner, person_id FROM {name} WHERE {where} ORDER BY id"), {"of": key}
            ).first()
        )
        if row is None:
            raise NotYours
        uid = self.scalar("SELECT uid FROM person WHERE id = :key", key=row.person_id)
        days = rules.DatedFrom(FROM, UNTIL + timedelta(days=number))
        self.set_up(work, [rules.TermChange(row.owner, rules.PersonRef(row.person_id, uid), row.id, days)])

    def _guardian(self, number: int, person: Any, student: Any) -> None:
        draft = rules.GuardianDraft(self.person(person).id, self.person(student).id, "aunt", FROM)
        self.set_up(service.add_guardians, [draft])
        self.made[number] = self.newest("guardianship")

    def _guardian_until(self, number: int, of: Any) -> None:
        query = "SELECT uid FROM guardianship WHERE guardian_id = :key ORDER BY id LIMIT 1"
        uid = self.made[of] if isinstance(of, int) else self.scalar(query, key=self.school.people[of].id)
        row = self.id_of("guardianship", uid)
        student = self.scalar("SELECT student_id FROM guardianship WHERE id = :row", row=row)
        pupil = rules.PersonRef(student, self.scalar("SELECT uid FROM person WHERE id = :key", key=student))
        end = rules.GuardianshipEnd(row, pupil, rules.DatedFrom(FROM), UNTIL + timedelta(days=number))
        self.set_up(service.end_guardianships, [end])

    def _timetable(self, number: int, course: Any) -> None:
        slots = [rules.SlotDraft(self.course_id(course), weekday, 10 + number, "101") for weekday in (1, 3)]
        days = rules.DatedFrom(date(2026, 11, 16), date(2026, 11, 27))
        self.set_up(service.add_timetable, self.school.year.id, days, slots)
        self.made[number] = self.newest("timetable_version")

    def _course(self, number: int, subject: Any, group: Any, person: Any) -> None:
        where = "uid = :key" if isinstance(subject, int) else "name = :key"
        key = self.made[subject] if isinstance(subject, int) else subject
        subject_id = self.scalar(f"SELECT id FROM subject WHERE {where}", key=key)
        if subject_id is None:
            raise NotYours
        teacher = school_courses.TeacherDraft(self.person(person).id, FROM)
        scheme = self.school.year.schemes["quarters"]
        draft = school_courses.CourseDraft(f"Course {number}", subject_id, self.group_id(group), scheme, [teacher])
        self.made[number] = self.set_up(school_courses.add_courses, self.school.year.id, [draft])[0].uid

    def _course_name(self, number: int, course: Any) -> None:
        renaming = school_courses.CourseRenaming(self.course_id(course), f"Name {number}")
        self.set_up(school_courses.rename_courses, [renaming])

    def _course_teacher(self, number: int, course: Any, person: Any) -> None:
        new = rules.TermChange(self.course_id(course), self.person(person), None, rules.DatedFrom(FROM))
        self.set_up(school_courses.change_teachers, [new])
        self.made[number] = self.newest("course_teacher")

    # Accounts

    def _role(self, number: int, account: str, person: Any) -> None:
        new = access.NewRole(Role.DIRECTOR, self.school.ref.id, self.person(person).id, FROM)
        actor, ref = self.admin, self.account(account)
        self.made[number] = self.write(lambda uow: access.give_roles(uow, actor, [(ref, new)]))[0]

    def _role_until(self, number: int, of: Any) -> None:
        query = "SELECT role_assignment.uid FROM role_assignment WHERE account_id = :key ORDER BY id LIMIT 1"
        uid = self.made[of] if isinstance(of, int) else self.scalar(query, key=self.account(of).id)
        assignment = SQLModel.metadata.tables["role_assignment"]
        row = self.school.database.read(
            lambda one: one.execute(select(assignment).where(assignment.c.uid == uid)).one_or_none()
        )
        if row is None:
            raise NotYours
        ref = access.AccountRef(row.account_id, "")
        end = access.RoleEnd(uid, ref, Role(row.role), row.school_id, date(2026, 10, 1) + timedelta(days=2 * number))
        actor = self.admin
        self.write(lambda uow: access.end_roles(uow, actor, [end]))

    def _block(self, _number: int, account: str) -> None:
        actor, ref = self.admin, self.account(account)
        self.write(lambda uow: access.block_accounts(uow, actor, [ref]))

    def _unblock(self, _number: int, account: str) -> None:
        actor, ref = self.admin, self.account(account)
        self.write(lambda uow: access.unblock_accounts(uow, actor, [ref]))

    def _login(self, number: int, account: str) -> None:
        actor, change = self.admin, (self.account(account), self.login(account), f"login{number}")
        self.write(lambda uow: access.change_logins(uow, actor, [change]))

    def _logins_swapped(self, _number: int, account: str, other: str) -> None:
        actor, (one, another) = self.admin, (self.login(account), self.login(other))
        changes = [(self.account(account), one, another), (self.account(other), another, one)]
        self.write(lambda uow: access.change_logins(uow, actor, changes))

    # Settings and sets

    def _setting(self, number: int, key: str) -> None:
        since = MONDAY.date() + timedelta(days=1 + number)
        usual = SETTINGS[key].usual
        new = school_settings.NewValue(str(usual + 1), since, "The council has decided so")
        self.write(lambda uow: school_settings.change(uow, self.admin, SETTINGS[key], new))
        self.made[number] = self.newest("setting_value")
        self.rows[number] = f"{key} {since.isoformat()}"

    def _setting_cancelled(self, _number: int, of: int) -> None:
        key, since = self.rows[of].split()
        self.write(lambda uow: school_settings.cancel(uow, self.admin, SETTINGS[key], date.fromisoformat(since)))

    def _set(self, number: int, person: Any) -> None:
        """Import the school's own set, in which one person is called otherwise."""
        uid, database = self.person(person).uid, self.school.database
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "set"
            export_oneroster(database, path, self.school.ref.uid, record=lambda _counts: None)
            _call(path / "users.csv", uid, f"Given {number}")
            runs.write_all(database, operator(), compute(database, path).plan)


def _call(users: Path, uid: str, name: str) -> None:
    """Give the person of this uid another given name in a file of users."""
    with users.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    found = [row for row in rows if row[header.index("sourcedId")] == uid]
    if not found:
        raise NotYours
    found[0][header.index("givenName")] = name
    with users.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
