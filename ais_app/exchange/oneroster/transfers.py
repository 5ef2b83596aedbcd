"""Transfers that a set dates back: entries in journals of days on which the student is no member any more."""

from __future__ import annotations

from ais_app.exchange.oneroster import codes
from ais_app.exchange.oneroster.context import Importing, TargetSchool
from ais_app.exchange.oneroster.files import ENROLLMENTS
from ais_app.journal.courses.queries import outside
from ais_app.people.names import Spelling, told_apart


def tell(importing: Importing, target: TargetSchool) -> None:
    """Note the entries of students whose days changed that are outside their memberships now: they count nowhere."""
    if not importing.moved:
        return
    entries = outside.entries(importing.uow.connection, target.school.id, importing.today, importing.moved)
    names = told_apart({one.student: one.name for one in entries}, Spelling.LISTED)
    for row in outside.by_student(entries, names):
        importing.report.notes.append(
            importing.note(
                ENROLLMENTS.name,
                codes.OUTSIDE_MEMBERSHIP,
                name=row.name,
                place=row.class_or_course_name,
                count=row.count,
                first=row.first,
                last=row.last,
                marks=row.marks,
                absences=row.absences,
                remarks=row.remarks,
            )
        )
