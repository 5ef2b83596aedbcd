"""Importing the people of a school and their guardians."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from ais_app.db.columns import table
from ais_app.exchange.engine import Line
from ais_app.exchange.oneroster import codes
from ais_app.exchange.oneroster.context import Importing, TargetSchool
from ais_app.exchange.oneroster.roster import GuardianLink, is_out
from ais_app.people.models import Guardianship, Person
from ais_app.school import rules, service
from ais_app.school.rules import PersonRef

_person = table(Person)
_guardianship = table(Guardianship)
ENDED = ""  # the uid of a link or role that an import ended: it may come back


def bring(importing: Importing, target: TargetSchool) -> None:
    """Add new people of the school, and change those whose names or birth dates differ."""
    users = importing.roster.users_of(target.org)
    entity = f"user@{target.school.uid}"
    uids = dict(importing.ids.of(entity))
    rows = {
        row.uid: row for row in importing.uow.execute(select(_person).where(_person.c.school_id == target.school.id))
    }
    if importing.roster.manifest.own:
        uids = {key: key for key, _line in importing.roster["users"] if key in rows} | uids
    born = _birth_dates(importing)
    changes, new = [], []
    for key, line in importing.roster["users"]:
        row = rows.get(uids.get(key, ""))
        if row is not None:
            target.people[key] = ref = PersonRef(row.id, row.uid)
            before = rules.PersonDraft(row.family_name, row.given_name, row.patronymic, row.birth_date)
            after = _draft(line, born.get(key, row.birth_date))
            if key in users and not is_out(line) and before != after:
                changes.append(rules.PersonChange(ref, after))
        elif key in users and not is_out(line):
            new.append(key)
    if changes:
        service.change_people(importing.uow, importing.actor, target.school, changes)
    if new:
        drafts = [_draft(users[key], born.get(key)) for key in new]
        refs = service.add_people(importing.uow, importing.actor, target.school, drafts)
        target.people |= dict(zip(new, refs, strict=True))
        importing.ids.remember(entity, {key: target.people[key].uid for key in new})
    importing.names |= {key: ref.uid for key, ref in target.people.items()}
    importing.report.add("people", len(new))
    importing.report.change("people", len(changes))
    importing.report.leave("people", len(target.people) - len(new) - len(changes))


def _birth_dates(importing: Importing) -> dict[str, date]:
    """{user: birth date} where the set has one; the others keep what is stored."""
    rows = [(key, line.day("birthDate")) for key, line in importing.roster["demographics"] if not is_out(line)]
    return {key: day for key, day in rows if day is not None}


def _draft(line: Line, born: date | None) -> rules.PersonDraft:
    return rules.PersonDraft(line["familyName"], line["givenName"], line["middleName"], born)


def bring_guardians(importing: Importing, target: TargetSchool) -> None:
    """Add new links of guardians, and end those that came from this source and are not in the set.

    A link that was ended here by a decision is not opened again, and one that was made here is not ended.
    """
    entity = f"link@{target.school.uid}"
    known = importing.ids.of(entity)
    wanted: dict[str, list[GuardianLink]] = {}
    for link in importing.roster.guardians:
        if link.guardian in target.people and link.student in target.people:
            wanted.setdefault(_key(link.guardian, link.student), []).append(link)
    held = _held(importing, target)
    new: list[str] = []
    for key, links in wanted.items():
        guardian, student = links[0].guardian, links[0].student
        pair = target.people[guardian].id, target.people[student].id
        if pair not in held or (key in known and known[key] == ENDED and not held[pair]):
            new.append(key)
        elif not held[pair] and any(link.end is None for link in links):
            users = importing.roster["users"]
            note = users.note(users[student], "", codes.GUARDIAN_ENDED_HERE, guardian=guardian)
            importing.report.notes.append(note)
    if new:
        fresh = set(new)
        drafts = [
            _guardian(importing, target, link)
            for link in importing.roster.guardians
            if _key(link.guardian, link.student) in fresh
        ]
        service.add_guardians(importing.uow, importing.actor, target.school, drafts)
        importing.ids.remember(entity, dict.fromkeys(new, "linked"))
    importing.report.add("guardians", sum(len(wanted[key]) for key in new))
    importing.report.leave("guardians", sum(len(links) for key, links in wanted.items() if key not in new))
    if importing.roster.manifest.own:
        _end_on_their_days(importing, target, held)
    gone = {key for key, state in known.items() if state != ENDED and key not in wanted}
    _end(importing, target, entity, gone, held)


def _end_on_their_days(
    importing: Importing, target: TargetSchool, held: dict[tuple[int, int], list[rules.GuardianshipEnd]]
) -> None:
    """End the links that hold here and have an end in our own export."""
    in_set: dict[tuple[int, int], dict[date | None, set[date | None]]] = {}
    for link in importing.roster.guardians:
        pair = target.people[link.guardian].id, target.people[link.student].id
        in_set.setdefault(pair, {}).setdefault(link.begin, set()).add(link.end)
    ends = []
    for pair, links in held.items():
        for one in links:
            days = in_set.get(pair, {}).get(one.before.valid_from, set())
            if one.before.valid_to not in days and len(days) == 1:
                ends += [replace(one, on=day) for day in days if day is not None]
    if ends:
        service.end_guardianships(importing.uow, importing.actor, target.school, ends)
        importing.report.change("guardians", len(ends))


def _key(guardian: str, student: str) -> str:
    return hashlib.sha256(f"{guardian}\n{student}".encode()).hexdigest()


def _held(importing: Importing, target: TargetSchool) -> dict[tuple[int, int], list[rules.GuardianshipEnd]]:
    """{(guardian id, student id): their links that hold today or later, as ends}; [] where all are over."""
    refs = {ref.id: ref for ref in target.people.values()}
    rows = importing.uow.execute(
        select(_guardianship)
        .join(_person, _person.c.id == _guardianship.c.student_id)
        .where(_person.c.school_id == target.school.id)
    )
    held: dict[tuple[int, int], list[rules.GuardianshipEnd]] = {}
    for row in rows:
        open_links = held.setdefault((row.guardian_id, row.student_id), [])
        if (
            row.guardian_id in refs
            and row.student_id in refs
            and (row.valid_to is None or row.valid_to > max(importing.today, row.valid_from))
        ):
            days = rules.DatedFrom(row.valid_from, row.valid_to)
            on = max(importing.today, row.valid_from)
            open_links.append(rules.GuardianshipEnd(row.id, refs[row.student_id], days, on))
    return held


def _guardian(importing: Importing, target: TargetSchool, link: GuardianLink) -> rules.GuardianDraft:
    start = target.year_start(importing.today)
    default = start if target.is_new else max(start, importing.today)
    return rules.GuardianDraft(
        target.people[link.guardian].id,
        target.people[link.student].id,
        link.relation,
        link.begin or default,
        link.end,
    )


def _end(
    importing: Importing,
    target: TargetSchool,
    entity: str,
    gone: set[str],
    held: dict[tuple[int, int], list[rules.GuardianshipEnd]],
) -> None:
    names, known = {ref.id: key for key, ref in target.people.items()}, importing.ids.of(entity)
    ends = [
        one
        for (guardian, student), links in held.items()
        if guardian in names and student in names and _key(names[guardian], names[student]) in gone
        for one in links
    ]
    mine = [
        len(links)
        for (guardian, student), links in held.items()
        if known.get(_key(names.get(guardian, ""), names.get(student, "")), ENDED) != ENDED
    ]
    importing.endings.count(target.org, target.name, "guardians", held=sum(mine), ended=len(ends))
    if ends:
        service.end_guardianships(importing.uow, importing.actor, target.school, ends)
        importing.report.change("guardians", len(ends))
    importing.ids.remember(entity, dict.fromkeys(sorted(gone), ENDED))
