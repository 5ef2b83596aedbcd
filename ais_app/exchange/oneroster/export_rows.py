"""The rows of an export: each file of OneRoster 1.2 CSV from the rows of a school.

Standard columns hold what the standard has a place for; `metadata.ais.*` the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ais_app.access.rules import Role
from ais_app.exchange.oneroster.export_tables import Archive
from ais_app.journal.rules import CellValue

Head = Sequence[str]
Cells = Mapping[str, Any]

# OneRoster's words for our roles; ours stands beside in `metadata.ais.role`.
WORDS: Mapping[Role, str] = {
    Role.STUDENT: "student",
    Role.GUARDIAN: "guardian",
    Role.TEACHER: "teacher",
    Role.CLASS_TEACHER: "teacher",
    Role.DIRECTOR: "principal",
    Role.DEPUTY: "administrator",
    Role.SECRETARY: "aide",
    Role.SCHOOL_ADMIN: "siteAdministrator",
}
_COMMON = ("sourcedId", "status", "dateLastModified")
HEADS: Mapping[str, Head] = {
    "orgs": (*_COMMON, "name", "type", "identifier", "parentSourcedId"),
    "academicSessions": (*_COMMON, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"),
    "courses": (
        *_COMMON,
        *("schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes"),
    ),
    "classes": (
        *_COMMON,
        *("title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId"),
        *("termSourcedIds", "subjects", "subjectCodes", "periods"),
    ),
    "users": (
        *_COMMON,
        *("enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier", "email", "sms"),
        *("phone", "agentSourcedIds", "grades", "password", "userMasterIdentifier", "resourceSourcedIds"),
        *("preferredGivenName", "preferredMiddleName", "preferredFamilyName", "primaryOrgSourcedId", "pronouns"),
    ),
    "roles": (
        *_COMMON,
        *("userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId"),
    ),
    "enrollments": (
        *_COMMON,
        *("classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"),
    ),
    "demographics": (
        *_COMMON,
        *("birthDate", "sex", "americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican"),
        *("nativeHawaiianOrOtherPacificIslander", "white", "demographicRaceTwoOrMoreRaces"),
        *("hispanicOrLatinoEthnicity", "countryOfBirthCode", "stateOfBirthAbbreviation", "cityOfBirth"),
        "publicSchoolResidenceStatus",
    ),
    "categories": (*_COMMON, "title", "weight"),
    "lineItems": (
        *_COMMON,
        *("title", "description", "assignDate", "dueDate", "classSourcedId", "categorySourcedId"),
        *("gradingPeriodSourcedId", "resultValueMin", "resultValueMax", "academicSessionSourcedId", "schoolSourcedId"),
    ),
    "results": (
        *_COMMON,
        *("lineItemSourcedId", "studentSourcedId", "scoreStatus", "score", "scoreDate", "comment", "textScore"),
        *("classSourcedId", "inProgress", "incomplete", "late", "missing"),
    ),
}
_DAY = timedelta(days=1)


def rows_of(held: Archive) -> dict[str, list[Cells]]:
    """{file: its rows} of a school."""
    writer = _Writer(held)
    return {
        "orgs": list(writer.orgs()),
        "academicSessions": list(writer.sessions()),
        "courses": list(writer.courses()),
        "classes": list(writer.classes()),
        "users": list(writer.users()),
        "roles": list(writer.roles()),
        "enrollments": list(writer.enrollments()),
        "demographics": list(writer.demographics()),
        "categories": list(writer.categories()),
        "lineItems": list(writer.line_items()),
        "results": list(writer.results()),
    }


class _Writer:
    """Makes the rows of each file from the rows of a school."""

    def __init__(self, held: Archive) -> None:
        self._held = held
        self._school = held.school.uid
        self._years = {row.id: row for row in held.years}
        self._people = {row.id: row.uid for row in held.people}
        self._classes = {row.id: row for row in held.classes}
        self._courses = {row.id: row for row in held.courses}
        self._subjects = {row.id: row for row in held.subjects}
        self._types = {row.id: row for row in held.types}
        self._lessons = {row.id: row for row in held.lessons}
        self._schemes = {row.id: row for row in held.schemes}
        self._periods: dict[int, list[Any]] = {}
        for row in held.periods:
            self._periods.setdefault(row.scheme_id, []).append(row)

    def orgs(self) -> Iterator[Cells]:
        row = self._held.school
        yield {
            "sourcedId": row.uid,
            "name": row.name,
            "type": "school",
            "metadata.ais.shortName": row.short_name,
            "metadata.ais.zone": row.zone,
            "metadata.ais.editWindowDays": row.edit_window_days,
            "metadata.ais.topicDays": row.topic_days,
            "metadata.ais.homeworkMinutes": row.homework_minutes,
            "metadata.ais.markOneAllowed": row.mark_one_allowed,
            "metadata.ais.markBesideAbsence": row.mark_beside_absence,
            "metadata.ais.correctionHours": row.correction_hours,
            "metadata.ais.openingHours": row.opening_hours,
        }

    def sessions(self) -> Iterator[Cells]:
        """Years, and the periods of every scheme; an endDate is the day after the last one, as the standard has it."""
        for row in self._held.years:
            yield {
                "sourcedId": row.uid,
                "title": row.name,
                "type": "schoolYear",
                "startDate": row.starts_on,
                "endDate": row.ends_on + _DAY,
                "schoolYear": row.ends_on.year,
            }
        for row in self._held.periods:
            scheme = self._schemes[row.scheme_id]
            year = self._years[scheme.year_id]
            yield {
                "sourcedId": row.uid,
                "title": row.name,
                "type": "gradingPeriod",
                "startDate": row.starts_on,
                "endDate": row.ends_on + _DAY,
                "parentSourcedId": year.uid,
                "schoolYear": year.ends_on.year,
                "metadata.ais.scheme": scheme.name,
                "metadata.ais.closed": row.closed_at is not None,
            }

    @property
    def _homeroom(self) -> str:
        return f"{self._school}-homeroom"

    def courses(self) -> Iterator[Cells]:
        for row in self._held.subjects:
            yield {
                "sourcedId": row.uid,
                "title": row.name,
                "orgSourcedId": self._school,
                "subjects": row.name if "," not in row.name else "",
                "metadata.ais.shortName": row.short_name,
            }
        if self._held.classes:
            yield {"sourcedId": self._homeroom, "title": "Классное руководство", "orgSourcedId": self._school}

    def classes(self) -> Iterator[Cells]:
        for row in self._held.classes:
            group = self._held.groups[row.group_id]
            yield {
                "sourcedId": row.uid,
                "title": row.name,
                "grades": f"{row.grade:02d}",
                "courseSourcedId": self._homeroom,
                "classCode": row.name,
                "classType": "homeroom",
                "schoolSourcedId": self._school,
                "termSourcedIds": self._terms(row.scheme_id),
                "metadata.ais.grade": row.grade,
                "metadata.ais.letter": row.letter,
                "metadata.ais.group": group.uid,
                "metadata.ais.groupName": group.name,
            }
        for row in self._held.courses:
            home, group = self._classes.get(row.class_id), self._held.groups[row.group_id]
            subject = self._subjects[row.subject_id]
            yield {
                "sourcedId": row.uid,
                "title": row.name,
                "grades": f"{home.grade:02d}" if home is not None else "",
                "courseSourcedId": subject.uid,
                "classCode": home.name if home is not None else "",
                "classType": "scheduled",
                "schoolSourcedId": self._school,
                "termSourcedIds": self._terms(row.scheme_id),
                "subjects": subject.name if "," not in subject.name else "",
                "metadata.ais.class": home.uid if home is not None else "",
                "metadata.ais.group": group.uid,
                "metadata.ais.groupName": group.name,
                "metadata.ais.graded": row.graded,
                "metadata.ais.hoursPlanned": row.hours_planned,
            }

    def _terms(self, scheme_id: int) -> str:
        return ",".join(row.uid for row in self._periods.get(scheme_id, ()))

    def users(self) -> Iterator[Cells]:
        """One row a person. Who has no account, or shares it with another person, may not sign in by this set."""
        agents: dict[int, list[Any]] = {}
        for row in self._held.guardianships:
            agents.setdefault(row.student_id, []).append(row)
        taken: set[str] = set()
        for row in self._held.people:
            account = self._held.accounts.get(row.id)
            if account is not None and account.login in taken:
                account = None
            login = account.login if account is not None else ""
            taken.add(login)
            source_id = self._held.source_ids.get(row.uid, "")
            named = source_id and not set(source_id) & set("{}:,")
            told = [
                [self._people[one.guardian_id], one.relation, one.valid_from.isoformat(), _iso(one.valid_to)]
                for one in agents.get(row.id, ())
            ]
            yield {
                "sourcedId": row.uid,
                "enabledUser": account is not None and account.blocked_at is None,
                "username": login or row.uid,
                "userIds": f"{{sourcedId:{source_id}}}" if named else "",
                "givenName": row.given_name,
                "familyName": row.family_name,
                "middleName": row.patronymic,
                "agentSourcedIds": ",".join(one[0] for one in told if not one[3]),
                "primaryOrgSourcedId": self._school,
                "metadata.ais.guardians": json.dumps(told, ensure_ascii=False) if told else "",
            }

    def roles(self) -> Iterator[Cells]:
        """Roles in the school, of the account that stands for the person. Inspectors are not of the school."""
        seen: dict[int, int] = {}
        for row in self._held.roles:
            role = Role(row.role)
            account = self._held.accounts.get(row.person_id)
            if (
                role not in WORDS
                or row.person_id not in self._people
                or account is None
                or account.id != row.account_id
            ):
                continue
            seen[row.person_id] = seen.get(row.person_id, 0) + 1
            yield {
                "sourcedId": row.uid,
                "userSourcedId": self._people[row.person_id],
                "roleType": "primary" if seen[row.person_id] == 1 else "secondary",
                "role": WORDS[role],
                "beginDate": row.valid_from,
                "endDate": row.valid_to,
                "orgSourcedId": self._school,
                "metadata.ais.role": role.value,
            }

    def enrollments(self) -> Iterator[Cells]:
        groups = [(row.uid, row.group_id) for row in (*self._held.classes, *self._held.courses)]
        for section, group_id in groups:
            for row in self._held.enrollments.get(group_id, ()):
                yield from self._enrolled(section, row, "student", row.note)
        for row in self._held.leadings:
            yield from self._enrolled(self._classes[row.class_id].uid, row, "teacher", "")
        for row in self._held.teachers:
            yield from self._enrolled(self._courses[row.course_id].uid, row, "teacher", "")

    def _enrolled(self, section: str, row: Any, role: str, note: str) -> Iterator[Cells]:
        if row.valid_to is not None and row.valid_to <= row.valid_from:
            return  # taken back before it held a day
        person = self._people[row.person_id]
        yield {
            "sourcedId": f"{section}-{person}-{role[0]}-{row.valid_from:%Y%m%d}",
            "classSourcedId": section,
            "schoolSourcedId": self._school,
            "userSourcedId": person,
            "role": role,
            "primary": role == "teacher",
            "beginDate": row.valid_from,
            "endDate": row.valid_to,
            "metadata.ais.note": note,
        }

    def demographics(self) -> Iterator[Cells]:
        """Birth dates, of those whose one is known. The other columns of the standard stay empty: АИС keeps none."""
        for row in self._held.people:
            if row.birth_date is not None:
                yield {"sourcedId": row.uid, "birthDate": row.birth_date}

    def categories(self) -> Iterator[Cells]:
        for row in self._held.types:
            yield {
                "sourcedId": row.uid,
                "title": row.name,
                "weight": row.weight,
                "metadata.ais.code": row.code,
                "metadata.ais.weight": row.weight,
                "metadata.ais.isControl": row.is_control,
                "metadata.ais.isDefault": row.is_default,
            }

    def line_items(self) -> Iterator[Cells]:
        lowest = 1 if self._held.school.mark_one_allowed else 2
        for row in self._held.works:
            lesson, kind = self._lessons[row.lesson_id], self._types[row.control_type_id]
            course = self._courses[lesson.course_id]
            periods = self._periods.get(course.scheme_id, ())
            period = next((one.uid for one in periods if one.starts_on <= lesson.day <= one.ends_on), "")
            yield {
                "sourcedId": row.uid,
                "title": lesson.topic or f"{kind.name}, {lesson.day:%d.%m.%Y}",
                "assignDate": lesson.day,
                "dueDate": lesson.day,
                "classSourcedId": course.uid,
                "categorySourcedId": kind.uid,
                "gradingPeriodSourcedId": period,
                "resultValueMin": lowest,
                "resultValueMax": 5,
                "academicSessionSourcedId": self._years[course.year_id].uid,
                "schoolSourcedId": self._school,
                "metadata.ais.lesson": lesson.uid,
                "metadata.ais.number": lesson.number,
                "metadata.ais.ordinal": row.ordinal,
                "metadata.ais.weight": row.weight,
                "metadata.ais.room": lesson.room,
                "metadata.ais.topic": lesson.topic,
                "metadata.ais.homework": lesson.text or "",
                "metadata.ais.minutes": lesson.minutes,
                "metadata.ais.nothingSet": bool(lesson.nothing_set),
                "metadata.ais.homeworkDue": lesson.due,
            }

    def results(self) -> Iterator[Cells]:
        """One row a mark, and one an absence or lateness (in the lesson's first column)."""
        works = {row.id: row for row in self._held.works}
        first = {row.lesson_id: row for row in self._held.works if row.ordinal == 1}
        for row in self._held.attendance:
            value = CellValue((), row.code, row.reason, row.minutes)
            yield self._result(first[row.lesson_id], row.student_id, "", value.text) | {
                "scoreStatus": "exempt" if row.reason else "not submitted",
                "late": row.code != "н",
                "missing": row.code == "н",
            }
        for row in self._held.marks:
            score = "" if row.hundredths is None else f"{Decimal(row.hundredths) / 100:f}"
            yield self._result(works[row.work_id], row.student_id, row.ordinal, row.code) | {
                "scoreStatus": "fully graded",
                "score": score,
                "comment": row.comment,
            }

    def _result(self, work: Any, student_id: int, ordinal: int | str, code: str) -> dict[str, Any]:
        lesson, cell = self._lessons[work.lesson_id], self._held.cells[work.id, student_id]
        student = self._people[student_id]
        return {
            "sourcedId": f"{work.uid}-{student}-{ordinal if ordinal != '' else 'a'}",
            "lineItemSourcedId": work.uid,
            "studentSourcedId": student,
            "scoreDate": lesson.day,
            "textScore": code,
            "classSourcedId": self._courses[lesson.course_id].uid,
            "metadata.ais.ordinal": ordinal,
            "metadata.ais.code": code,
            "metadata.ais.changed": cell.changed,
            "metadata.ais.enteredAt": cell.entered_at.isoformat(),
        }


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
