"""Reads of control: aggregated by the database, each for the actor's own school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, Integer, and_, case, cast, func, or_, select

from ais_app.access.models import Account, LoginSession, RoleAssignment
from ais_app.access.queries import is_within_limits
from ais_app.access.rules import Actor, Right, Scope
from ais_app.db.columns import holds_on, table
from ais_app.journal.models import Course, CourseTeacher, Homework, Lesson
from ais_app.journal.queries.standing import LESSON_STANDS
from ais_app.ledger import queries as ledger
from ais_app.ledger import verifying
from ais_app.ledger.service import school_chain
from ais_app.school.models import Bell, Person, SchoolClass
from ais_app.school.rules import initials

LAST_DAYS = 7
MOST_GAPS = 200

_lesson = table(Lesson)
_course = table(Course)
_teacher = table(CourseTeacher)
_homework = table(Homework)
_person = table(Person)
_class = table(SchoolClass)
_bell = table(Bell)
_account = table(Account)
_session = table(LoginSession)
_assignment = table(RoleAssignment)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of the held lessons have topic and homework."""

    kept: int
    held: int


@dataclass(frozen=True, slots=True)
class TeacherLine:
    """A teacher with what is written down, today and in the last days."""

    name: str
    today: Kept
    week: Kept


@dataclass(frozen=True, slots=True)
class GapLine:
    """A held lesson that is not written down."""

    course: str
    lesson: str
    title: str
    teacher: str
    day: date
    topic: bool


# A lesson is held when its day is over, or its bell has rung for the end; without bells, when its day is over.
def _held(today: date, now: time):
    over = and_(_bell.c.ends_at.is_not(None), _bell.c.ends_at <= now)
    return or_(_lesson.c.day < today, and_(_lesson.c.day == today, over))


_WRITTEN = and_(
    _lesson.c.topic != "",
    or_(func.coalesce(_homework.c.text, "") != "", _homework.c.nothing_set.is_(True)),
)


def _of_the_days(actor: Actor, today: date, now: time):
    """Lessons of the last days with their teachers, classes and bells; the FROM and WHERE of both reads."""
    joined = (
        _lesson.join(_course, _course.c.id == _lesson.c.course_id)
        .join(
            _teacher,
            and_(_teacher.c.course_id == _course.c.id, holds_on(_teacher, _lesson.c.day)),
        )
        .join(_person, _person.c.id == _teacher.c.person_id)
        .outerjoin(_class, _class.c.id == _course.c.class_id)
        .outerjoin(_bell, and_(_bell.c.schedule_id == _class.c.bell_schedule_id, _bell.c.number == _lesson.c.number))
        .outerjoin(_homework, _homework.c.lesson_id == _lesson.c.id)
    )
    where = (
        _lesson.c.school_id == actor.hat.school_id,
        _lesson.c.day.between(today - timedelta(days=LAST_DAYS - 1), today),
        _held(today, now),
        LESSON_STANDS,
    )
    return joined, where


def keeping(connection: Connection, actor: Actor, today: date, now: time) -> list[TeacherLine]:
    """By teacher, in the order of names: lessons held and written down, today and in the last seven days."""
    if Scope.SCHOOL not in actor.scopes(Right.SEE_KEEPING):
        return []
    joined, where = _of_the_days(actor, today, now)

    def count(condition):
        return func.sum(cast(case((condition, 1), else_=0), Integer))

    is_today = _lesson.c.day == today
    rows = connection.execute(
        select(
            _person.c.family_name,
            _person.c.given_name,
            _person.c.patronymic,
            func.count().label("held"),
            count(_WRITTEN).label("kept"),
            count(is_today).label("held_today"),
            count(and_(is_today, _WRITTEN)).label("kept_today"),
        )
        .select_from(joined)
        .where(*where)
        .group_by(_person.c.id, _person.c.family_name, _person.c.given_name, _person.c.patronymic)
        .order_by(_person.c.family_name, _person.c.given_name)
    )
    return [
        TeacherLine(
            initials(row.family_name, row.given_name, row.patronymic),
            Kept(row.kept_today, row.held_today),
            Kept(row.kept, row.held),
        )
        for row in rows
    ]


def gaps(connection: Connection, actor: Actor, today: date, now: time) -> list[GapLine]:
    """The held lessons of the last seven days that are not written down, the newest first."""
    if Scope.SCHOOL not in actor.scopes(Right.SEE_KEEPING):
        return []
    joined, where = _of_the_days(actor, today, now)
    rows = connection.execute(
        select(
            _course.c.uid.label("course"),
            _lesson.c.uid.label("lesson"),
            _course.c.name,
            _class.c.name.label("class_name"),
            _person.c.family_name,
            _person.c.given_name,
            _person.c.patronymic,
            _lesson.c.day,
            _lesson.c.topic,
        )
        .select_from(joined)
        .where(*where, ~func.coalesce(_WRITTEN, False))
        .order_by(_lesson.c.day.desc(), _lesson.c.number, _lesson.c.id)
        .limit(MOST_GAPS)
    )
    return [
        GapLine(
            row.course,
            row.lesson,
            f"{row.class_name}, {row.name}" if row.class_name else row.name,
            initials(row.family_name, row.given_name, row.patronymic),
            row.day,
            row.topic != "",
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class AccountSums:
    """Accounts with a role in the school (or in the installation): how many, and what to look at."""

    accounts: int
    never: int
    blocked: int
    sessions: int


def accounts(connection: Connection, actor: Actor, now: datetime) -> AccountSums | None:
    """Sums over the accounts that this administrator keeps; None for everybody else."""
    scopes = actor.scopes(Right.KEEP_ACCOUNTS)
    if not scopes:
        return None
    reach = select(_assignment.c.account_id)
    if Scope.INSTALLATION not in scopes:
        reach = reach.where(_assignment.c.school_id == actor.hat.school_id)
    of_mine = _account.c.id.in_(reach)

    def count(condition):
        return func.coalesce(func.sum(cast(case((condition, 1), else_=0), Integer)), 0)

    row = connection.execute(
        select(
            func.count().label("accounts"),
            count(_account.c.last_login_at.is_(None)).label("never"),
            count(_account.c.blocked_at.is_not(None)).label("blocked"),
        ).where(of_mine)
    ).one()
    seen = connection.execute(
        select(_session.c.last_seen_at, _session.c.created_at, _session.c.idle_seconds, _session.c.absolute_seconds)
        .join(_account, _account.c.id == _session.c.account_id)
        .where(of_mine, _session.c.ended_at.is_(None))
    )
    open_now = sum(is_within_limits(one, now) for one in seen)
    return AccountSums(row.accounts, row.never, row.blocked, open_now)


def own_chains(connection: Connection, actor: Actor) -> list[tuple[str, int]]:
    """(chain, number of operations) that the actor may check: the own school's, or all of the installation."""
    scopes = actor.scopes(Right.CHECK_INTEGRITY)
    if Scope.INSTALLATION in scopes:
        return ledger.chains(connection)
    return ledger.chains(connection, school_chain(actor.hat.school_uid)) if Scope.SCHOOL in scopes else []


def check(connection: Connection, actor: Actor, most: int = 20) -> list[str]:
    """Walk the actor's chains; the first faults in words of the ledger, nothing = whole."""
    faults: list[str] = []
    for chain, _count in own_chains(connection, actor):
        for fault in verifying.verify_one(connection, chain):
            faults.append(str(fault))
            if len(faults) >= most:
                return faults
    return faults
