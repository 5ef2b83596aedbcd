"""What the rows of a set mean together: its schools, roles, terms, guardians. What contradicts itself is a problem."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

from ais_app.access.queries import normalised_login
from ais_app.access.rules import Role
from ais_app.exchange.engine import Line, Problem, Sheet
from ais_app.exchange.oneroster.roster import (
    ABOVE,
    ABOVE_SCHOOLS,
    BESIDE,
    OWN_ROLES,
    ROLES,
    WITHIN_SCHOOLS,
    GivenRole,
    GuardianLink,
    OwnAccount,
    Roster,
    Term,
    is_out,
    orgs_of,
)
from ais_app.exchange.oneroster.told import UNREADABLE, told

LONGEST_LOGIN = 64
LONGEST_KEY = 255  # of an account in our own export
FIRST_BIRTH = date(1900, 1, 1)
_STAFF = frozenset({Role.TEACHER, Role.SCHOOL_ADMIN, Role.DIRECTOR, Role.DEPUTY, Role.SECRETARY, Role.CLASS_TEACHER})


def understand(roster: Roster, today: date, problems: list[Problem]) -> None:
    """Fill a roster from its rows, whose references are whole; nobody is born after `today`."""
    meaning = _Meaning(roster, problems)
    meaning.schools()
    meaning.sessions()
    meaning.accounts()
    meaning.roles()
    meaning.terms()
    meaning.guardians()
    meaning.birth_dates(today)


class _Meaning:
    """Fills a roster from its rows, step by step; what contradicts itself becomes a problem."""

    def __init__(self, roster: Roster, problems: list[Problem]) -> None:
        self._roster, self._problems = roster, problems

    def schools(self) -> None:
        """Which orgs are schools: those that have classes or people; departments belong to the school above them."""
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
                what = f"«{org}» is a {orgs[org]['type']}, not a school"
                self._problems.append(self._roster["classes"].problem(line, "schoolSourcedId", what))
        for org in sorted(used):
            home = self._roster.school_of.get(org)
            if home is not None and not is_out(orgs[home]):
                self._roster.schools[home] = orgs[home]
        if not self._roster.schools and not self._problems:
            self._problems.append(Problem("orgs.csv", 0, "", "no school with classes or people is in this set"))

    def sessions(self) -> None:
        """A session that ends before it begins is a defect."""
        sheet = self._roster["academicSessions"]
        for _key, line in sheet:
            begin, end = line.day("startDate"), line.day("endDate")
            if begin is not None and end is not None and end < begin and not is_out(line):
                self._problems.append(sheet.problem(line, "endDate", "lies before startDate"))

    def _home(self, key: str, line: Line) -> str:
        orgs, seen = self._roster["orgs"], {key}
        while line["type"].casefold() in WITHIN_SCHOOLS and line["parentSourcedId"]:
            parent = line["parentSourcedId"]
            if parent in seen:
                self._problems.append(orgs.problem(line, "parentSourcedId", "the orgs stand in a circle"))
                return ""
            if orgs[parent]["type"].casefold() in ABOVE_SCHOOLS:
                break
            seen.add(parent)
            key, line = parent, orgs[parent]
        return "" if line["type"].casefold() in ABOVE_SCHOOLS else key

    def accounts(self) -> None:
        """The accounts of our own export: a person may have several, and one may stand for several persons."""
        users, logins = self._roster["users"], dict[str, str]()
        for user, line in users if self._roster.manifest.own else ():
            try:
                for key, login, blocked in told(line["metadata.ais.accounts"]):
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
                self._problems.append(users.problem(line, "metadata.ais.accounts", "cannot be read"))

    def roles(self) -> None:
        """The roles of each user in each school: by roles.csv where it is there, else by the column of users.csv."""
        users, roles = self._roster["users"], self._roster["roles"]
        logins: dict[str, int] = {}
        for user, line in users:
            login = line["username"].casefold()
            if len(login) > LONGEST_LOGIN:
                self._problems.append(users.problem(line, "username", f"is longer than {LONGEST_LOGIN} characters"))
            if login in logins:
                self._problems.append(users.problem(line, "username", f"stands in row {logins[login]} already"))
            logins[login] = line.row
            if not roles.present and not is_out(line):
                role = self._role(users, line, line["role"])
                for org in {self._roster.school_of.get(one, "") for one in orgs_of(line)} if role else ():
                    self._give(user, role, org, None, None)
        for _key, line in roles:
            if is_out(line) or is_out(users[line["userSourcedId"]]):
                continue
            begin, end = self._days(roles, line)
            role = self._role(roles, line, line["role"])
            org = self._roster.school_of.get(line["orgSourcedId"], "")
            if role and not org:
                self._roster.notes.append(roles.note(line, "orgSourcedId", "is above the schools: no role is given"))
            account = self._account_of(line) if self._roster.manifest.own else ""
            self._give(line["userSourcedId"], role, org, begin, end, account, line["sourcedId"])

    def _account_of(self, line: Line) -> str:
        """The account by which our own export says a role is held: one of the user's."""
        key, user = line["metadata.ais.account"], line["userSourcedId"]
        if key not in self._roster.accounts or user not in self._roster.accounts[key].users:
            what = f"«{key}» is no account of «{user}»"
            self._problems.append(self._roster["roles"].problem(line, "metadata.ais.account", what))
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
            self._roster.notes.append(sheet.note(line, "role", f"«{text}» is above a school: no file gives it"))
        elif not word and sheet.table.name == "users":
            self._problems.append(sheet.problem(line, "role", "is empty"))
        elif word not in BESIDE and not word.startswith("ext:"):
            self._problems.append(sheet.problem(line, "role", f"«{text}» is no role"))
        return None

    def terms(self) -> None:
        """Who learns and teaches in which class, and when; two terms of one person in one class must not overlap."""
        sheet, users, classes = self._roster["enrollments"], self._roster["users"], self._roster["classes"]
        for _key, line in sheet:
            role = line["role"].casefold()
            learns, teaches = role == "student", ROLES.get(role) is Role.TEACHER
            if not learns and not teaches:
                if role not in BESIDE and role not in ROLES and not role.startswith("ext:"):
                    self._problems.append(sheet.problem(line, "role", f"«{line['role']}» is no role"))
                continue
            begin, end = self._days(sheet, line)
            section, user = classes[line["classSourcedId"]], users[line["userSourcedId"]]
            if is_out(line) or is_out(section) or is_out(user):
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
                    what = f"overlaps row {other.line.row}: the same person, class and role"
                    self._problems.append(sheet.problem(term.line, "beginDate", what))
                return
        terms.append(term)

    def _enrolled(self, sheet: Sheet, term: Term, org: str, role: Role) -> None:
        """Being enrolled gives the role of it; but a file does not make a teacher of a student or a guardian.

        Our own export tells every role there is: who has none there gets none.
        """
        if self._roster.manifest.own:
            return
        given = {one.role for one in self._roster.roles.get(term.user, ())}
        if role in given:
            here = [one for one in self._roster.roles[term.user] if one.role is role and one.org == org]
            if here or not org:
                return
        elif role is Role.TEACHER and given and not given & _STAFF:
            what = f"«{term.user}» is enrolled as a teacher and is none by his role"
            self._problems.append(sheet.problem(term.line, "role", what))
            return
        self._give(term.user, role, org, None, None)

    def _days(self, sheet: Sheet, line: Line) -> tuple[date | None, date | None]:
        begin, end = line.day("beginDate"), line.day("endDate")
        if begin is not None and end is not None and end < begin and not self._roster.manifest.own:
            self._problems.append(sheet.problem(line, "endDate", "lies before beginDate"))
        return begin, end

    def guardians(self) -> None:
        """Guardians by agents (either way) or relationships (SDS); our own exports say every link with its days."""
        if self._roster.manifest.own:
            self._roster.guardians = list(self._own_guardians())
            return
        links: dict[tuple[str, str], GuardianLink] = {}
        for link in (*self._agents(), *self._relationships()):
            if not is_out(self._roster["users"][link.guardian]) and not is_out(self._roster["users"][link.student]):
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
        """Nobody is born before 1900 or after today."""
        sheet = self._roster["demographics"]
        for _key, line in sheet:
            born = line.day("birthDate")
            if born is not None and not is_out(line) and not FIRST_BIRTH <= born <= today:
                what = f"«{line['birthDate']}» is not between {FIRST_BIRTH} and {today}"
                self._problems.append(sheet.problem(line, "birthDate", what))

    def _agents(self) -> Iterator[GuardianLink]:
        for user, line in self._roster["users"]:
            for agent in line.several("agentSourcedIds"):
                for student, guardian in ((user, agent), (agent, user)):
                    relation = self._relation(guardian)
                    if self._learns(student) and relation:
                        yield GuardianLink(guardian, student, relation)

    def _learns(self, user: str) -> bool:
        return any(one.role is Role.STUDENT for one in self._roster.roles.get(user, ()))

    def _relation(self, user: str) -> str:
        """The word for a guardian in his roles, or nothing when he is none."""
        if not any(one.role is Role.GUARDIAN for one in self._roster.roles.get(user, ())):
            return ""
        return self._words().get(user, "guardian")

    @cache  # noqa: B019 - lives as long as the reading of one set
    def _words(self) -> dict[str, str]:
        """{user: the word for a guardian that stands in his roles}."""
        rows = [(line["userSourcedId"], line["role"].casefold()) for _key, line in self._roster["roles"]]
        rows += [(user, line["role"].casefold()) for user, line in self._roster["users"]]
        return {user: word for user, word in reversed(rows) if ROLES.get(word) is Role.GUARDIAN}

    def _relationships(self) -> Iterator[GuardianLink]:
        sheet = self._roster["relationships"]
        for _key, line in sheet:
            word = line["relationshipRole"].casefold() or "guardian"
            student = line["userSourcedId"]
            if ROLES.get(word) is not Role.GUARDIAN:
                self._roster.notes.append(sheet.note(line, "relationshipRole", f"«{word}» is no guardian: left out"))
            elif not self._learns(student):
                self._problems.append(sheet.problem(line, "userSourcedId", f"«{student}» is no student"))
            else:
                yield GuardianLink(line["relationshipUserSourcedId"], student, word)

    def _own_guardians(self) -> Iterator[GuardianLink]:
        users = self._roster["users"]
        for student, line in users:
            try:
                for guardian, relation, begin, end in told(line["metadata.ais.guardians"]):
                    if guardian not in users:
                        raise ValueError(guardian)
                    last = date.fromisoformat(end) if end else None
                    yield GuardianLink(guardian, student, relation[:32], date.fromisoformat(begin), last)
            except UNREADABLE:
                self._problems.append(users.problem(line, "metadata.ais.guardians", "cannot be read"))


def _overlap(one: Term, other: Term) -> bool:
    first, last = date.min, date.max
    return (one.begin or first) < (other.end or last) and (other.begin or first) < (one.end or last)
