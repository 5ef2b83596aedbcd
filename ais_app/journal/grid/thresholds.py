"""The thresholds that a school has set."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import Connection, select

from ais_app.clock import school_moment
from ais_app.db.columns import table
from ais_app.journal import settings
from ais_app.journal.grid.means import USUAL_THRESHOLDS, Thresholds
from ais_app.people.models import School
from ais_app.school.models import Course
from ais_app.school_settings.queries import SettingValues, values_of

_course, _school = table(Course), table(School)


def thresholds(values: SettingValues, day: date) -> Thresholds:
    """The thresholds that hold on a day: of a period its last day, or today while it goes on."""
    five, four, three = (
        Fraction(values.at(one, day), 100)
        for one in (settings.THRESHOLD_FIVE, settings.THRESHOLD_FOUR, settings.THRESHOLD_THREE)
    )
    return Thresholds(five, four, three)


def thresholds_of(connection: Connection, course_uid: str, now: datetime) -> Thresholds:
    """The thresholds that hold now in the school of a course. No actor: the caller has checked who reads."""
    row = connection.execute(
        select(_school.c.id, _school.c.zone)
        .join(_course, _course.c.school_id == _school.c.id)
        .where(_course.c.uid == course_uid)
    ).one_or_none()
    if row is None:
        return USUAL_THRESHOLDS
    return thresholds(values_of(connection, row.id), school_moment(now, row.zone).day)
