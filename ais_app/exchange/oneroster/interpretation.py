"""Interprets the rows of a set together: schools, roles, terms, guardians. Contradictions are problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache

from ais_app.access.logins import normalised_login
from ais_app.exchange.engine import Findings, Line, Note, Problem, Sheet
from ais_app.exchange.engine.codes import EMPTY, TOO_LONG
from ais_app.exchange.oneroster import codes, local_days
from ais_app.exchange.oneroster.json_cells import UNREADABLE, rows_in
from ais_app.exchange.oneroster.roster import (
    ABOVE,
    ABOVE_SCHOOLS,
    BESIDE,
    OWN_ROLES,
    ROLES,
    SESSIONS,
    WITHIN_SCHOOLS,
    GivenRole,
    GuardianLink,
    OwnAccount,
    Roster,
    Term,
    is_out,
    orgs_of,
)
from ais_app.rights.rules import Role

LONGEST_LOGIN = 64
LONGEST_KEY = 255  # of an account in our own export
FIRST_BIRTH = date(1900, 1, 1)
_STAFF = frozenset({Role.TEACHER, Role.SCHOOL_ADMIN, Role.DIRECTOR, Role.DEPUTY, Role.SECRETARY, Role.CLASS_TEACHER})


def interpret(roster: Roster, today: date, zones: local_days.Zones, problems: Findings[Problem]) -> None:
    """Fill a roster from its rows, whose references were checked; a birth date after `today` is a problem."""
    interpretation = _Interpretation(roster, problems)
    interpretation.schools()
    local_days.settle(roster, zones, problems)
    interpretation.sessions()
    interpretation.accounts()
    interpretation.roles()
    interpretation.terms()
    interpretation.guardians()
    interpretation.birth_dates(today)


class _Interpretation:
    """Fills a roster from its rows, step by step; contradictions become problems."""

    def __init__(self, roster: Roster, problems: Findings[Problem]) -> None:
        self._roster, self._problems = roster, problems
        self._beside: Counter[tuple[str, str]] = Counter()  # (file, role) of rows whose role is none here

    def schools(self) -> None:
        """Find the schools: the orgs that have classes or people; a department belongs to the school above it."""
        orgs = self._roster["orgs"]
        for key, line in orgs:
            home = self._home(key, line)
            if home:
                self._roster.school_of[key] = home
        used = {one for _key, user in self._roster["users"] if not is_out(user) for one in orgs_of(user)}
        used |= {line["orgSourcedId"] for _key, line in self._roster["roles"] if not is_out(line)}
        for _key, line in self._roster["classes"]:
            org = line["schoolSourcedId"]
            used.add(org)
            if org not in self._roster.school_of and not is_out(line) and not is_out(orgs[org]):
                kind, classes = orgs[org]["type"], self._roster["classes"]
                problem = classes.problem(line, "schoolSourcedId", codes.NOT_A_SCHOOL, org=org, type=kind)
                self._problems.append(problem)
        for org in sorted(used):
            home = self._roster.school_of.get(org)
            if home is not None and not is_out(orgs[home]):
                self._roster.schools[home] = orgs[home]
        for _key, line in self._roster["classes"]:
            home = self._roster.school_of.get(line["schoolSourcedId"])
            if home is not None and home not in self._roster.schools and not is_out(line):
                note = self._roster["classes"].note(line, "schoolSourcedId", codes.CLASS_OF_GONE, org=home)
                self._roster.notes.append(note)
        if not self._roster.schools and not self._problems:
            self._problems.append(Problem.of(codes.NO_SCHOOL, "orgs.csv"))

    def sessions(self) -> None:
        """Check sessions: one that ends before it begins is a problem; one of an unknown kind is noted."""
        sheet = self._roster["academicSessions"]
        for _key, line in sheet:
            if line["type"].casefold() not in SESSIONS and not is_out(line):
                self._roster.notes.append(sheet.note(line, "type", codes.NO_SESSION_KIND, kind=line["type"]))
            begin, end = line.day("startDate"), line.day("endDate")
            if begin is not None and end is not None and end < begin and not is_out(line):
                self._problems.append(sheet.problem(line, "endDate", codes.LIES_BEFORE, column="startDate"))

    def _home(self, key: str, line: Line) -> str:
        orgs, seen = self._roster["orgs"], {key}
        while line["type"].casefold() in WITHIN_SCHOOLS and line["parentSourcedId"]:
            parent = line["parentSourcedId"]
            if parent not in orgs:  # outside the set, and noted
                break
            if parent in seen:
                self._problems.append(orgs.problem(line, "parentSourcedId", codes.ORGS_IN_CIRCLE))
                return ""
            if orgs[parent]["type"].casefold() in ABOVE_SCHOOLS:
                break
            seen.add(parent)
            key, line = parent, orgs[parent]
        return "" if line["type"].casefold() in ABOVE_SCHOOLS else key

    def accounts(self) -> None:
        """Read the accounts of our own export: a person may have several, and one may be of several persons."""
        users, logins = self._roster["users"], dict[str, str]()
        for user, line in users if self._roster.manifest.own else ():
            try:
                for key, login, blocked in rows_in(line["metadata.ais.accounts"]):
                    if (
                        not 0 < len(normalised_login(login)) <= LONGEST_LOGIN
                        or not 0 < len(key) <= LONGEST_KEY
                        or type(blocked) is not bool
                    ):
                        raise ValueError(key)
                    known = self._roster.accounts.setdefault(key, OwnAccount(login, blocked, line))
                    if (known.login, known.blocked) != (login, blocked) or logins.setdefault(
                        normalised_login(login), key
                    ) != key:
                        raise ValueError(key)
                    known.users.append(user)
            except UNREADABLE:
                self._problems.append(users.problem(line, "metadata.ais.accounts", codes.CELL_UNREADABLE))

    def roles(self) -> None:
        """Read the roles of users in schools: from roles.csv where there is one, else from the column of users.csv."""
        users, roles = self._roster["users"], self._roster["roles"]
        logins: dict[str, int] = {}
        for user, line in users:
            login = normalised_login(line["username"])
            if len(login) > LONGEST_LOGIN:
                self._problems.append(users.problem(line, "username", TOO_LONG, most=LONGEST_LOGIN))
            if login in logins:
                self._problems.append(users.problem(line, "username", codes.LOGIN_TWICE, first=str(logins[login])))
            logins[login] = line.row
            if not roles.present and not is_out(line):
                self._role_of_user(user, line)
        for _key, line in roles:
            if is_out(line) or is_out(users[line["userSourcedId"]]):
                continue
            begin, end = self._days(roles, line)
            role = self._role(roles, line, line["role"])
            if role is not None:
                org = self._school(roles, line, "orgSourcedId", line["orgSourcedId"])
                account = self._account_of(line) if self._roster.manifest.own else ""
                self._give(line["userSourcedId"], role, org, begin, end, account, line["sourcedId"])
        for (file, word), number in self._beside.items():
            self._roster.notes.append(Note.of(codes.ROLE_BESIDE, file, count=number, role=word))

    def _role_of_user(self, user: str, line: Line) -> None:
        """Give a user the role in his row of users.csv (1.1), in each of his schools."""
        users = self._roster["users"]
        role = self._role(users, line, line["role"])
        if role is None:
            return
        if not orgs_of(line):
            self._roster.notes.append(users.note(line, "orgSourcedIds", codes.ROLE_WITHOUT_ORG, role=line["role"]))
        for org in {self._school(users, line, "orgSourcedIds", one) for one in orgs_of(line)}:
            self._give(user, role, org, None, None)

    def _school(self, sheet: Sheet, line: Line, column: str, org: str) -> str:
        """The school of an org in which a role is given; "" with a note when there is none."""
        home = self._roster.school_of.get(org, "")
        if home in self._roster.schools:
            return home
        what = codes.ORG_GONE if home else codes.ORG_ABOVE
        self._roster.notes.append(sheet.note(line, column, what))
        return ""

    def _account_of(self, line: Line) -> str:
        """The account that has a role in our own export; a problem when it is none of the user's."""
        key, user = line["metadata.ais.account"], line["userSourcedId"]
        if key not in self._roster.accounts or user not in self._roster.accounts[key].users:
            roles, column = self._roster["roles"], "metadata.ais.account"
            self._problems.append(roles.problem(line, column, codes.NO_ACCOUNT, account=key, user=user))
        return key

    def _give(
        self,
        user: str,
        role: Role | None,
        org: str,
        begin: date | None,
        end: date | None,
        account: str = "",
        key: str = "",
    ) -> None:
        if role is not None and org in self._roster.schools:
            self._roster.roles.setdefault(user, []).append(GivenRole(role, org, begin, end, account, key))

    def _role(self, sheet: Sheet, line: Line, text: str) -> Role | None:
        own = line["metadata.ais.role"] if self._roster.manifest.own else ""
        if own in OWN_ROLES:
            return OWN_ROLES[own]
        word = text.casefold()
        if word in ROLES:
            return ROLES[word]
        if word in ABOVE:
            self._roster.notes.append(sheet.note(line, "role", codes.ROLE_ABOVE, role=text))
        elif not word and sheet.table.name == "users":
            self._problems.append(sheet.problem(line, "role", EMPTY))
        elif word in BESIDE or word.startswith("ext:"):
            self._beside[sheet.table.file, word] += 1
        else:
            self._problems.append(sheet.problem(line, "role", codes.NO_ROLE, role=text))
        return None

    def terms(self) -> None:
        """Read who learns and teaches in which class, and when; two terms of a person in one class must not overlap."""
        sheet, users, classes = self._roster["enrollments"], self._roster["users"], self._roster["classes"]
        for _key, line in sheet:
            role = line["role"].casefold()
            learns, teaches = role == "student", ROLES.get(role) is Role.TEACHER
            if not learns and not teaches:
                if role not in BESIDE and role not in ROLES and not role.startswith("ext:"):
                    self._problems.append(sheet.problem(line, "role", codes.NO_ROLE, role=line["role"]))
                elif not is_out(line):
                    self._roster.notes.append(sheet.note(line, "role", codes.NEITHER_LEARNS, role=line["role"]))
                continue
            begin, end = self._days(sheet, line)
            section, user = classes[line["classSourcedId"]], users[line["userSourcedId"]]
            if is_out(line):
                continue
            if is_out(section) or is_out(user):
                gone = "classSourcedId" if is_out(section) else "userSourcedId"
                self._roster.notes.append(sheet.note(line, gone, codes.ENROLLMENT_OF_GONE))
                continue
            term = Term(line["userSourcedId"], begin, end, line["metadata.ais.note"], line)
            into = self._roster.students if learns else self._roster.teachers
            self._join(sheet, into.setdefault(line["classSourcedId"], []), term)
            org = self._roster.school_of.get(section["schoolSourcedId"], "")
            self._enrolled(sheet, term, org, Role.STUDENT if learns else Role.TEACHER)

    def _join(self, sheet: Sheet, terms: list[Term], term: Term) -> None:
        if self._roster.manifest.own:  # the rows of a school as they are, whatever days they hold
            terms.append(term)
            return
        for other in terms:
            if other.user == term.user and _overlap(other, term):
                if (other.begin, other.end) != (term.begin, term.end):
                    problem = sheet.problem(term.line, "beginDate", codes.OVERLAPS, first=str(other.line.row))
                    self._problems.append(problem)
                return
        terms.append(term)

    def _enrolled(self, sheet: Sheet, term: Term, org: str, role: Role) -> None:
        """Give the role of an enrollment; but a student or guardian who is enrolled as a teacher is a problem.

        Our own export lists every role: an enrollment there gives none.
        """
        if self._roster.manifest.own:
            return
        given = {one.role for one in self._roster.roles.get(term.user, ())}
        if role in given:
            in_school = [one for one in self._roster.roles[term.user] if one.role is role and one.org == org]
            if in_school or not org:
                return
        elif role is Role.TEACHER and given and not given & _STAFF:
            self._problems.append(sheet.problem(term.line, "role", codes.NO_TEACHER, user=term.user))
            return
        self._give(term.user, role, org, None, None)

    def _days(self, sheet: Sheet, line: Line) -> tuple[date | None, date | None]:
        begin, end = line.day("beginDate"), line.day("endDate")
        if begin is not None and end is not None and end < begin and not self._roster.manifest.own:
            self._problems.append(sheet.problem(line, "endDate", codes.LIES_BEFORE, column="beginDate"))
        return begin, end

    def guardians(self) -> None:
        """Read guardians: from agents, in either direction, or relationships (SDS); our own export lists links."""
        if self._roster.manifest.own:
            self._roster.guardians = list(self._own_guardians())
            return
        links: dict[tuple[str, str], GuardianLink] = {}
        for link in (*self._agents(), *self._relationships()):
            if not self._is_of_gone(link.student, link.guardian):
                links.setdefault((link.guardian, link.student), link)
        self._roster.guardians = list(links.values())
        for link in self._roster.guardians:
            for org in sorted(
                {one.org for one in self._roster.roles.get(link.student, ()) if one.role is Role.STUDENT}
            ):
                held = self._roster.roles.get(link.guardian, ())
                if not any(one.role is Role.GUARDIAN and one.org == org for one in held):
                    self._give(link.guardian, Role.GUARDIAN, org, None, None)

    def birth_dates(self, today: date) -> None:
        """Check birth dates: one before `FIRST_BIRTH` or after `today` is a problem."""
        sheet = self._roster["demographics"]
        for _key, line in sheet:
            born = line.day("birthDate")
            if born is not None and not is_out(line) and not FIRST_BIRTH <= born <= today:
                bounds = {"value": line["birthDate"], "first": FIRST_BIRTH, "last": today}
                self._problems.append(sheet.problem(line, "birthDate", codes.BORN_OUT_OF_RANGE, **bounds))

    def _agents(self) -> Iterator[GuardianLink]:
        for user, line in self._roster["users"]:
            for agent in line.several("agentSourcedIds"):
                if self._is_of_gone(user, agent):
                    continue
                pairs = [pair for pair in ((user, agent), (agent, user)) if self._is_link(*pair)]
                if not pairs:
                    users = self._roster["users"]
                    self._roster.notes.append(users.note(line, "agentSourcedIds", codes.NO_LINK, agent=agent))
                for student, guardian in pairs:
                    yield GuardianLink(guardian, student, self._relation(guardian))

    def _is_of_gone(self, one: str, other: str) -> bool:
        """Whether a link is of somebody who is to be deleted, which is noted."""
        users = self._roster["users"]
        gone = [user for user in (one, other) if is_out(users[user])]
        if gone:
            self._roster.notes.append(users.note(users[one], "", codes.LINK_OF_GONE, user=gone[0]))
        return bool(gone)

    def _is_link(self, student: str, guardian: str) -> bool:
        return self._learns(student) and bool(self._relation(guardian))

    def _learns(self, user: str) -> bool:
        return any(one.role is Role.STUDENT for one in self._roster.roles.get(user, ()))

    def _relation(self, user: str) -> str:
        """The relation of a guardian by the word of his role; "" when he is no guardian."""
        if not any(one.role is Role.GUARDIAN for one in self._roster.roles.get(user, ())):
            return ""
        return self._words().get(user, "guardian")

    @cache  # noqa: B019 - lives as long as the reading of one set
    def _words(self) -> dict[str, str]:
        """{user: the word of his role as guardian}."""
        rows = [(line["userSourcedId"], line["role"].casefold()) for _key, line in self._roster["roles"]]
        rows += [(user, line["role"].casefold()) for user, line in self._roster["users"]]
        return {user: word for user, word in reversed(rows) if ROLES.get(word) is Role.GUARDIAN}

    def _relationships(self) -> Iterator[GuardianLink]:
        sheet = self._roster["relationships"]
        for _key, line in sheet:
            word = line["relationshipRole"].casefold() or "guardian"
            student = line["userSourcedId"]
            if ROLES.get(word) is not Role.GUARDIAN:
                self._roster.notes.append(sheet.note(line, "relationshipRole", codes.NO_GUARDIAN, role=word))
            elif self._is_of_gone(student, line["relationshipUserSourcedId"]):
                continue
            elif not self._learns(student):
                self._problems.append(sheet.problem(line, "userSourcedId", codes.NO_STUDENT, user=student))
            else:
                yield GuardianLink(line["relationshipUserSourcedId"], student, word)

    def _own_guardians(self) -> Iterator[GuardianLink]:
        users = self._roster["users"]
        for student, line in users:
            try:
                for guardian, relation, begin, end in rows_in(line["metadata.ais.guardians"]):
                    if guardian not in users:
                        raise ValueError(guardian)
                    last = date.fromisoformat(end) if end else None
                    yield GuardianLink(guardian, student, relation[:32], date.fromisoformat(begin), last)
            except UNREADABLE:
                self._problems.append(users.problem(line, "metadata.ais.guardians", codes.CELL_UNREADABLE))


def _overlap(one: Term, other: Term) -> bool:
    first, last = date.min, date.max
    return (one.begin or first) < (other.end or last) and (other.begin or first) < (one.end or last)
