"""The law may demand that a person's name goes: it does, from every table, and the ledger holds and says so."""

from __future__ import annotations

from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlmodel import SQLModel

from ais_app import settings as settings_module
from ais_app.access import passwords, queries, service
from ais_app.access.records import ACCOUNT, ROLE
from ais_app.accounts.erasing import erase_person
from ais_app.cli import main
from ais_app.exchange.imported_ids import ImportedIds
from ais_app.ledger import folding
from ais_app.ledger.kinds import Kind
from ais_app.ledger.operation import operation
from ais_app.ledger.queries import history
from ais_app.ledger.service import school_chain
from ais_app.ledger.verifying import verify
from ais_app.people.names import Name, Spelling, initials, told_apart
from ais_app.people.queries import names_of
from ais_app.people.records import PERSON
from ais_app.rights.errors import NotYours, Refused
from ais_app.rights.rules import Right, Role, operator
from ais_app.school.rules import PersonRef
from tests.builders import CODE
from tests.unit.signing_in import signed_in
from tests.unit.tampering import tamper

FAMILY, GIVEN, PATRONYMIC, LOGIN = "Красносельцева", "Евдокия", "Варфоломеевна", "krasnoseltseva.e"
BIRTH = date(2009, 2, 27)
TEXTS = (FAMILY, GIVEN, PATRONYMIC, LOGIN, "krasno", "Прежняя", BIRTH.isoformat())
FROM, UNTIL, TODAY = date(2026, 9, 1), date(2026, 11, 1), date(2026, 11, 23)
REASON = "By order 12"
ADDED = Kind("tried", lambda: "Something was tried", without=lambda: "It only happens in tests.")


def add_person(school, family: str = FAMILY) -> PersonRef:
    def run(uow):
        names = {"family_name": family, "given_name": GIVEN, "patronymic": PATRONYMIC, "birth_date": BIRTH}
        chain = school_chain(school.ref.uid)
        with operation(uow, operator(), ADDED, Right.SET_UP_SCHOOL, chain=chain) as op:
            added = op.insert(PERSON, {"school_id": school.ref.id, **names})
        return PersonRef(added.id, added.uid)

    return school.database.write(run)


def rename(school, person: PersonRef, family: str) -> None:
    def run(uow):
        with operation(uow, operator(), ADDED, Right.SET_UP_SCHOOL, chain=school_chain(school.ref.uid)) as op:
            op.update(PERSON, person.id, family_name=family, given_name=GIVEN, patronymic=PATRONYMIC)

    school.database.write(run)


def open_account(school, login: str, *roles: service.NewRole) -> service.AccountRef:
    new = service.NewAccount(login, code_hash=passwords.hash_code(CODE))
    uid = school.database.write(lambda uow: service.open_account(uow, operator(), new, roles))
    return service.AccountRef(school.database.read(queries.credentials, login).account_id, uid)


def role(school, person: PersonRef, until: date | None = UNTIL, kind: Role = Role.TEACHER) -> service.NewRole:
    return service.NewRole(kind, school.ref.id, person.id, FROM, until)


@pytest.fixture
def person(school) -> PersonRef:
    """A person who was called otherwise before and who has left, with an account that had another login."""
    added = add_person(school, "Прежняя")
    rename(school, added, FAMILY)
    ref = open_account(school, "krasno", role(school, added))
    change = [(ref, "krasno", LOGIN)]
    school.database.write(lambda uow: service.change_logins(uow, operator(), change))
    return added


def erase(school, person: PersonRef, actor=None):
    acting = actor or operator()
    return school.database.write(lambda uow: erase_person(uow, acting, school.ref, person.uid, REASON))


def holding(database, wanted: str) -> set[str]:
    """«table.column» of every value of any table in which a text stands, whatever its letters' case."""

    def look(connection):
        found = set()
        for table in SQLModel.metadata.sorted_tables:
            for row in connection.execute(table.select()).mappings():
                found |= {
                    f"{table}.{name}" for name, value in row.items() if wanted.casefold() in str(value).casefold()
                }
        return found

    return database.read(look)


def record_faults(database, *records) -> list[str]:
    return [str(one) for record in records for one in database.read(lambda c, r=record: list(folding.faults(c, r)))]


def whole(database) -> list[str]:
    return [str(one) for one in database.read(lambda connection: list(verify(connection)))]


def test_nobody_finds_the_name_in_any_table_afterwards(school, person):
    assert all(holding(school.database, wanted) for wanted in TEXTS), "the test looks where they are"
    done = erase(school, person)
    assert (done.closed, done.kept) == (1, [])
    assert [holding(school.database, wanted) for wanted in TEXTS] == [set()] * len(TEXTS)


def test_the_ledger_holds_and_says_who_erased_it_and_why(school, person):
    erase(school, person)
    assert whole(school.database) == []
    query = (
        "SELECT o.chain_id, o.account, r.text FROM operation o JOIN operation_reason r ON r.operation_id = o.id "
        "WHERE o.kind = 'texts_erased' ORDER BY o.chain_id"
    )
    said = school.database.read(lambda one: [tuple(row) for row in one.execute(text(query))])
    assert said == [("installation", "operator", REASON), (school_chain(school.ref.uid), "operator", REASON)]


def test_the_tables_are_what_the_ledger_says(school, person):
    erase(school, person)
    assert [one for one in record_faults(school.database, PERSON) if person.uid in one] == []
    assert record_faults(school.database, ACCOUNT, ROLE) == []
    *before, last = reversed(school.database.read(history, school_chain(school.ref.uid), "person", person.uid))
    assert (last.kind, last.before) == ("texts_erased", {})
    assert last.after == {"family_name": "—", "given_name": "—", "patronymic": "", "birth_date": None}
    assert all(side.get("family_name") is None for one in before for side in (one.before or {}, one.after or {}))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE person SET family_name = 'Ким' WHERE uid = '{uid}'", "«Family name» is another one"),
        ("UPDATE person SET birth_date = '2009-02-27' WHERE uid = '{uid}'", "«Birth date» is another one"),
    ],
)
def test_a_name_that_came_back_past_the_ledger_is_named(school, person, statement, said):
    erase(school, person)
    tamper(school.database, statement.format(uid=person.uid))
    assert [one for one in record_faults(school.database, PERSON) if person.uid in one and said in one]


def test_an_erasure_past_the_product_is_named(school, person):
    item = f"SELECT id FROM operation_item WHERE entity = 'person' AND subject = '{person.uid}'"
    tamper(school.database, f"UPDATE operation_text SET text = NULL, salt = NULL WHERE item_id IN ({item})")
    assert any("was erased, and no operation says so" in one for one in whole(school.database))


def test_the_account_is_closed(school, person):
    signed = open_account(school, "other.krasno", role(school, person, None))
    actor = signed_in(school, "other.krasno")
    uid = school.database.read(
        lambda one: one.execute(
            text("SELECT uid FROM role_assignment WHERE account_id = :id"), {"id": signed.id}
        ).scalar_one()
    )
    end = service.RoleEnd(uid, signed, Role.TEACHER, school.ref.id, TODAY)
    school.database.write(lambda uow: service.end_roles(uow, operator(), [end]))
    assert erase(school, person).closed == 2
    assert school.database.read(queries.credentials, LOGIN) is None
    closed = school.database.read(queries.credentials, f"erased-{signed.uid}")
    assert closed.blocked
    assert (closed.password_hash, closed.code_hash) == (None, None)
    open_ = "SELECT count(*) FROM login_session WHERE uid = :uid AND ended_at IS NULL"
    assert not school.database.read(lambda one: one.execute(text(open_), {"uid": actor.session_uid}).scalar_one())


def test_an_account_that_is_used_as_somebody_else_stays(school, person):
    other = add_person(school, "Ким")
    used = open_account(school, "shared", role(school, person), role(school, other, None))
    done = erase(school, person)
    assert (done.closed, done.kept) == (1, ["shared"])
    credentials = school.database.read(queries.credentials, "shared")
    assert (credentials.account_uid, credentials.blocked) == (used.uid, False)
    with pytest.raises(Refused, match="erased before"):
        erase(school, person)
    uid = school.database.read(
        lambda one: one.execute(
            text("SELECT uid FROM role_assignment WHERE account_id = :id AND person_id = :person"),
            {"id": used.id, "person": other.id},
        ).scalar_one()
    )
    end = service.RoleEnd(uid, used, Role.TEACHER, school.ref.id, TODAY)
    school.database.write(lambda uow: service.end_roles(uow, operator(), [end]))
    assert erase(school, person).closed == 1, "once nobody uses it"
    assert holding(school.database, "shared") == set()
    assert whole(school.database) == []
    assert record_faults(school.database, ACCOUNT, ROLE) == []


def test_an_account_that_was_blocked_stays_blocked_since_then(school, person, clock):
    ref = open_account(school, "blocked", role(school, person))
    school.database.write(lambda uow: service.block_accounts(uow, operator(), [ref]))
    before = blocked_at(school, ref)
    clock.advance(seconds=3600)
    erase(school, person)
    assert blocked_at(school, ref) == before


def blocked_at(school, ref: service.AccountRef):
    query = text("SELECT blocked_at FROM account WHERE id = :id")
    return school.database.read(lambda one: one.execute(query, {"id": ref.id}).scalar_one())


def test_ids_of_other_systems_are_forgotten(school, person):
    source_id = f"id-of-{LOGIN}"
    school.database.write(lambda uow: ImportedIds(uow, "elsewhere").remember("user", {source_id: person.uid}))
    assert holding(school.database, source_id) == {"imported_id.source_id"}
    erase(school, person)
    assert holding(school.database, source_id) == set()


@pytest.mark.parametrize(
    ("login", "said"),
    [
        ("anna", ["the role «Student» of the account anna", "in «7А», 2026/27", "has the guardian Mother"]),
        ("mother", ["the role «Parent» of the account mother", "guardian of Anna"]),
        ("historian", ["class teacher of «7А»", "teacher of «History»"]),
    ],
)
def test_who_still_has_something_in_the_school_keeps_the_name(school, login, said):
    with pytest.raises(Refused) as refused:
        erase(school, school.people[login])
    for part in said:
        assert part in str(refused.value)
    assert holding(school.database, login.capitalize())


def test_what_begins_later_is_something_too(school, person):
    later = service.NewRole(Role.TEACHER, school.ref.id, person.id, date(2027, 9, 1))
    ref = open_account(school, "later", later)
    with pytest.raises(Refused, match="of the account later"):
        erase(school, person)
    assert ref


def test_a_year_that_is_over_holds_nobody(school, clock):
    """Memberships and teaching of past years are open-ended rows: roles and guardianships must be ended."""
    clock.advance(seconds=365 * 24 * 3600)
    with pytest.raises(Refused) as refused:
        erase(school, school.people["anna"])
    assert "7А" not in str(refused.value)
    assert "the role «Student»" in str(refused.value)


@pytest.mark.parametrize("login", ["school_admin", "director", "teacher"])
def test_only_the_operator_erases(school, person, login):
    actor = school.actor(login, Role(login))
    with pytest.raises(NotYours):
        erase(school, person, actor)


def test_a_person_is_erased_once(school, person):
    erase(school, person)
    with pytest.raises(Refused, match="erased before"):
        erase(school, person)
    rename(school, person, FAMILY)
    assert erase(school, person).texts > 0, "a name that came back goes again"
    assert holding(school.database, FAMILY) == set()
    assert whole(school.database) == []


def test_one_without_an_account_is_erased_too(school):
    added = add_person(school)
    assert erase(school, added).closed == 0
    assert holding(school.database, FAMILY) == set()


def test_lists_show_a_dash(school, person):
    erase(school, person)
    assert school.database.read(names_of, {person.uid}) == {person.uid: "—"}
    nameless = Name("—", "—")
    assert nameless.full == "—"
    assert initials("—", "—", "") == "—"
    for spelling in Spelling:
        assert list(told_apart({1: nameless, 2: nameless}, spelling).values()) == ["— (1)", "— (2)"]


class TestCommand:
    @pytest.fixture
    def ais(self, database, tmp_path, monkeypatch):
        monkeypatch.setenv("AIS_DATA_DIR", str(tmp_path / "var"))
        monkeypatch.setenv("AIS_DATABASE_URL", database.url.render_as_string(hide_password=False))
        monkeypatch.setenv("AIS_CLOCK", "2026-11-23T09:00:00+00:00")
        yield lambda *arguments: CliRunner().invoke(main, ["user", "erase", *arguments])
        settings_module.settings.cache_clear()

    @pytest.fixture(autouse=True)
    def _settings(self):
        settings_module.settings.cache_clear()

    def test_by_uid(self, school, person, ais):
        result = ais("--person", person.uid, "--reason", REASON)
        assert result.exit_code == 0, result.output
        assert "texts of the history erased." in result.stdout
        assert "1 account closed." in result.stdout
        assert holding(school.database, FAMILY) == set()

    def test_by_name(self, school, person, ais):
        result = ais("--name", f"{FAMILY} {GIVEN} {PATRONYMIC}", "--reason", REASON)
        assert result.exit_code == 0, result.output
        assert holding(school.database, FAMILY) == set()

    def test_of_namesakes_one_is_to_be_named(self, school, person, ais):
        add_person(school)
        result = ais("--name", f"{FAMILY} {GIVEN} {PATRONYMIC}", "--reason", REASON)
        assert result.exit_code == 1
        assert f"{person.uid}  2009-02-27" in result.stderr
        assert ais("--name", "Nobody Here", "--reason", REASON).exit_code == 1

    @pytest.mark.parametrize("arguments", [(), ("--person", "x", "--name", "A B"), ("--name", "A")])
    def test_wrong_use(self, school, ais, arguments):
        assert ais(*arguments, "--reason", REASON).exit_code == 2

    @pytest.mark.parametrize("reason", ["", " ", "x" * 501])
    def test_without_a_reason_nothing_is_erased(self, school, person, ais, reason):
        assert ais("--person", person.uid, "--reason", reason).exit_code == 2
        assert holding(school.database, FAMILY)
