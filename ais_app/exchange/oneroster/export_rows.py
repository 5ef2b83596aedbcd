"""The rows of an export: each file of OneRoster 1.2 CSV from the rows of a school.

Standard columns hold what the standard has columns for; `metadata.ais.*` and the files `ais*.csv` the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from ais_app.exchange.oneroster import settings
from ais_app.exchange.oneroster.export_records import Records
from ais_app.exchange.oneroster.export_tables import Archive, Index, grouped
from ais_app.exchange.oneroster.manifest import OWN_SOURCE
from ais_app.rights.rules import Role

Cells = Mapping[str, Any]

# OneRoster's words for our roles; our own word is in `metadata.ais.role`.
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
_DAY = timedelta(days=1)


def rows_of(held: Archive) -> dict[str, list[Cells]]:
    """{file: its rows} of a school."""
    at = Index(held)
    writer, records = _Writer(at), Records(at)
    return {
        "orgs": list(writer.orgs()),
        "academicSessions": list(writer.sessions()),
        "courses": list(writer.courses()),
        "classes": list(writer.classes()),
        "users": list(writer.users()),
        "roles": list(writer.roles()),
        "enrollments": list(writer.enrollments()),
        "demographics": list(writer.demographics()),
        "categories": list(records.categories()),
        "lineItems": list(records.line_items()),
        "results": list(records.results()),
        "aisRemarks": list(records.remarks()),
        "aisAcknowledgements": list(records.acknowledgements()),
        "aisSources": list(writer.sources()),
    }


class _Writer:
    """Makes the rows of the files about the school itself and its people."""

    def __init__(self, at: Index) -> None:
        self._at, self._held = at, at.held
        self._school = self._held.school.uid

    def orgs(self) -> Iterator[Cells]:
        row = self._held.school
        yield {
            "sourcedId": row.uid,
            "name": row.name,
            "type": "school",
            "metadata.ais.shortName": row.short_name,
            "metadata.ais.zone": row.zone,
            **self._settings(),
            "metadata.ais.bells": self._bells(),
        }

    def _settings(self) -> Cells:
        cells = settings.cells(self._held.settings)
        return cells | {settings.CELL: _json(cells[settings.CELL])}

    def _bells(self) -> str:
        bells = grouped(self._held.bells, "schedule_id")
        schedules = [
            [
                row.uid,
                row.name,
                [[bell.number, bell.starts_at.isoformat(), bell.ends_at.isoformat()] for bell in bells.get(row.id, ())],
            ]
            for row in self._held.schedules
        ]
        return _json(schedules)

    def sessions(self) -> Iterator[Cells]:
        """Years, the periods of every scheme, holidays; endDate is the day after the last one, as in the standard."""
        versions = grouped(self._held.versions, "year_id")
        for row in self._held.years:
            timetables = [[one.uid, one.valid_from.isoformat(), _iso(one.valid_to)] for one in versions.get(row.id, ())]
            yield self._session(row, row, row.uid, "schoolYear") | {
                "parentSourcedId": "",
                "metadata.ais.timetables": _json(timetables),
            }
        for row in self._held.periods:
            scheme = self._at.schemes[row.scheme_id]
            yield self._session(row, self._at.years[scheme.year_id], row.uid, "gradingPeriod") | {
                "metadata.ais.scheme": scheme.name,
                "metadata.ais.closed": row.closed_at is not None,
                "metadata.ais.closedAt": row.closed_at,
            }
        for year_id, holidays in grouped(self._held.holidays, "year_id").items():
            year = self._at.years[year_id]
            for number, row in enumerate(holidays, 1):
                yield self._session(row, year, f"{year.uid}-holiday-{number}", "ext:holiday") | {
                    "metadata.ais.grade": row.grade,
                }

    def _session(self, row: Any, year: Any, key: str, kind: str) -> dict[str, Any]:
        return {
            "sourcedId": key,
            "title": row.name,
            "type": kind,
            "startDate": row.starts_on,
            "endDate": row.ends_on + _DAY,
            "parentSourcedId": year.uid,
            "schoolYear": year.ends_on.year,
        }

    @property
    def _homeroom(self) -> str:
        return f"{self._school}-homeroom"

    @property
    def _grouping(self) -> str:
        return f"{self._school}-group"

    def courses(self) -> Iterator[Cells]:
        """Subjects; and a course each for homerooms and for bare groups, because the standard requires a course."""
        for row in self._held.subjects:
            yield {
                "sourcedId": row.uid,
                "title": row.name,
                "orgSourcedId": self._school,
                "subjects": row.name if "," not in row.name else "",
                "metadata.ais.shortName": row.short_name,
            }
        for key, title in ((self._homeroom, "Классное руководство"), (self._grouping, "Группы")):
            kind = key.rpartition("-")[2]
            yield {"sourcedId": key, "title": title, "orgSourcedId": self._school, "metadata.ais.kind": kind}

    def classes(self) -> Iterator[Cells]:
        slots = grouped(self._held.slots, "course_id")
        versions = {row.id: row.uid for row in self._held.versions}
        for row in self._held.classes:
            yield self._section(row, row.grade, row.group_id) | {
                "courseSourcedId": self._homeroom,
                "classCode": row.name,
                "classType": "homeroom",
                "termSourcedIds": self._terms(row.scheme_id),
                "metadata.ais.grade": row.grade,
                "metadata.ais.letter": row.letter,
                "metadata.ais.bells": self._at.schedules.get(row.bell_schedule_id, ""),
            }
        for row in self._held.courses:
            home, subject = self._at.classes.get(row.class_id), self._at.subjects[row.subject_id]
            ordered = sorted(slots.get(row.id, ()), key=lambda one: (one.version_id, one.weekday, one.number))
            meetings = [[versions[one.version_id], one.weekday, one.number, one.room] for one in ordered]
            yield self._section(row, home.grade if home is not None else None, row.group_id) | {
                "courseSourcedId": subject.uid,
                "classCode": home.name if home is not None else "",
                "classType": "scheduled",
                "termSourcedIds": self._terms(row.scheme_id),
                "subjects": subject.name if "," not in subject.name else "",
                "metadata.ais.class": home.uid if home is not None else "",
                "metadata.ais.graded": row.graded,
                "metadata.ais.hoursPlanned": row.hours_planned,
                "metadata.ais.slots": _json(meetings),
            }
        for row in self._bare_groups():
            yield self._section(row, None, row.id) | {
                "courseSourcedId": self._grouping,
                "classType": "scheduled",
                "termSourcedIds": self._at.years[row.year_id].uid,
                "metadata.ais.kind": "group",
            }

    def _section(self, row: Any, grade: int | None, group_id: int) -> dict[str, Any]:
        group = self._at.groups[group_id]
        return {
            "sourcedId": row.uid,
            "title": row.name,
            "grades": f"{grade:02d}" if grade is not None else "",
            "schoolSourcedId": self._school,
            "metadata.ais.group": group.uid,
            "metadata.ais.groupName": group.name,
        }

    def _bare_groups(self) -> list[Any]:
        """Groups that are neither a class nor the audience of a course."""
        used = {row.group_id for row in (*self._held.classes, *self._held.courses)}
        return [row for row in self._held.groups if row.id not in used]

    def _terms(self, scheme_id: int) -> str:
        return ",".join(row.uid for row in self._at.periods.get(scheme_id, ()))

    def users(self) -> Iterator[Cells]:
        """A row for each person. The login of an account of several persons is the username of the first of them."""
        agents = grouped(self._held.guardianships, "student_id")
        accounts = self._accounts()
        names = self._source_ids()
        taken: set[int] = set()
        for row in self._held.people:
            held = accounts.get(row.id, [])
            main = next((one for one in held if one.id not in taken), None)
            taken |= {one.id for one in held}
            source_id = names.get(row.uid, "")
            named = source_id and not set(source_id) & set("{}:,")
            guardians = [
                [self._at.people[one.guardian_id], one.relation, one.valid_from.isoformat(), _iso(one.valid_to)]
                for one in agents.get(row.id, ())
            ]
            yield {
                "sourcedId": row.uid,
                "enabledUser": main is not None and main.blocked_at is None,
                "username": main.login if main is not None else row.uid,
                "userIds": f"{{sourcedId:{source_id}}}" if named else "",
                "givenName": row.given_name,
                "familyName": row.family_name,
                "middleName": row.patronymic,
                "agentSourcedIds": ",".join(dict.fromkeys(one[0] for one in guardians if not one[3])),
                "primaryOrgSourcedId": self._school,
                "metadata.ais.accounts": _json([[one.uid, one.login, one.blocked_at is not None] for one in held]),
                "metadata.ais.guardians": _json(guardians),
            }

    def _source_ids(self) -> dict[str, str]:
        """{person uid: his id in the first other system from which he was imported}."""
        ids: dict[str, str] = {}
        for row in self._held.imported:
            if row.entity == f"user@{self._school}" and row.source != OWN_SOURCE:
                ids.setdefault(row.uid, row.source_id)
        return ids

    def _accounts(self) -> dict[int, list[Any]]:
        """{person id: the accounts that have a role for him, blocked ones last, else by login}."""
        by_person: dict[int, dict[int, Any]] = {}
        for row in self._held.roles:
            by_person.setdefault(row.person_id, {})[row.account_id] = self._held.accounts[row.account_id]
        return {
            person: sorted(held.values(), key=lambda one: (one.blocked_at is not None, one.login))
            for person, held in by_person.items()
        }

    def roles(self) -> Iterator[Cells]:
        """Roles in the school, without inspectors and system administrators."""
        first = {
            person: min(held, key=self._role_order).id
            for person, held in grouped(self._held.roles, "person_id").items()
        }
        for row in self._held.roles:
            role = Role(row.role)
            yield {
                "sourcedId": row.uid,
                "userSourcedId": self._at.people[row.person_id],
                "roleType": "primary" if first[row.person_id] == row.id else "secondary",
                "role": WORDS[role],
                "beginDate": row.valid_from,
                "endDate": row.valid_to,
                "orgSourcedId": self._school,
                "metadata.ais.role": role.value,
                "metadata.ais.account": self._held.accounts[row.account_id].uid,
            }

    def _role_order(self, row: Any) -> tuple[Any, ...]:
        """The order of a person's roles, the first of which is primary; the same after an import elsewhere."""
        login = self._held.accounts[row.account_id].login
        return row.valid_from, row.role, login, row.valid_to or date.max, row.id

    def enrollments(self) -> Iterator[Cells]:
        """Members, class teachers and teachers of each class; members of a shared group under each of its classes."""
        members = grouped(self._held.enrollments, "group_id")
        sections = [(row.uid, row.group_id) for row in (*self._held.classes, *self._held.courses)]
        sections += [(row.uid, row.id) for row in self._bare_groups()]
        seen: dict[str, int] = {}
        for section, group_id in sections:
            for row in members.get(group_id, ()):
                yield self._enrolled(section, row, "student", seen) | {"metadata.ais.note": row.note}
        for row in self._held.leadings:
            yield self._enrolled(self._at.classes[row.class_id].uid, row, "teacher", seen)
        for row in self._held.teachers:
            yield self._enrolled(self._at.courses[row.course_id].uid, row, "teacher", seen)

    def _enrolled(self, section: str, row: Any, role: str, seen: dict[str, int]) -> dict[str, Any]:
        """The row of a term; its id is numbered where two of a person begin on one day: one may hold no day."""
        person = self._at.people[row.person_id]
        key = f"{section}-{person}-{role[0]}-{row.valid_from:%Y%m%d}"
        seen[key] = seen.get(key, 0) + 1
        return {
            "sourcedId": key if seen[key] == 1 else f"{key}-{seen[key]}",
            "classSourcedId": section,
            "schoolSourcedId": self._school,
            "userSourcedId": person,
            "role": role,
            "primary": role == "teacher",
            "beginDate": row.valid_from,
            "endDate": row.valid_to,
        }

    def demographics(self) -> Iterator[Cells]:
        """Birth dates where known. The other columns of the standard stay empty: АИС keeps none of them."""
        for row in self._held.people:
            if row.birth_date is not None:
                yield {"sourcedId": row.uid, "birthDate": row.birth_date}

    def sources(self) -> Iterator[Cells]:
        """The ids that other systems have for the rows of this set."""
        tables = (self._held.people, self._held.classes, self._held.courses, self._held.groups, self._held.roles)
        ours = {row.uid for rows in tables for row in rows} | {row.uid for row in self._held.accounts.values()}
        ours |= {self._school} | {row.uid for row in self._held.years}
        for row in self._held.imported:
            entity, _at, scope = row.entity.partition("@")
            yield {
                "source": row.source,
                "entity": entity,
                "scope": scope,
                "sourceId": row.source_id,
                "sourcedId": row.uid if row.uid in ours else "",
                "state": row.uid if row.uid not in ours else "",
            }


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _json(rows: list[Any]) -> str:
    return json.dumps(rows, ensure_ascii=False) if rows else ""
