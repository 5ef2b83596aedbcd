"""Two roles of PostgreSQL: the owner migrates, the product's role appends; the database itself refuses the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date

import psycopg
import pytest
from click.testing import CliRunner, Result
from pydantic import ValidationError
from sqlalchemy import text

from ais_app import settings as settings_module
from ais_app.cli import main
from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.db.columns import new_uid
from ais_app.ledger import erasing, roles, triggers, verifying
from ais_app.rights.rules import operator
from ais_app.settings import Settings
from tests import databases
from tests.builders import small_school
from tests.conftest import MONDAY
from tests.unit.signing_in import signed_in

TODAY = date(2026, 11, 23)


@dataclass
class Installation:
    """A database of an owner of its own, and the role of the product; both addresses and that of a superuser."""

    superuser: str
    owner_url: str
    url: str
    owner: str
    product: str

    def as_superuser(self, *statements: str) -> None:
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def says(self, statement: str, url: str = "") -> None:
        """Run statements as the product's role."""
        with psycopg.connect(url or self.url) as connection:
            connection.execute(statement.encode())


@pytest.fixture
def installation(postgresql_url) -> Iterator[Installation]:
    name = new_uid()
    server, _slash, _database = postgresql_url.rpartition("/")
    at = server.rpartition("@")[2]
    owner, product, database = f"owner_{name}", f"product_{name}", f"roles_{name}"
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        for statement in (
            f"CREATE ROLE {owner} LOGIN",
            f"CREATE ROLE {product} LOGIN",
            f"CREATE DATABASE {database} OWNER {owner}",
        ):
            connection.execute(statement.encode())
    yield Installation(
        f"{server}/{database}",
        f"postgresql://{owner}@{at}/{database}",
        f"postgresql://{product}@{at}/{database}",
        owner,
        product,
    )
    databases.drop(f"{server}/{database}")
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        for role in (product, owner):
            connection.execute(f"DROP ROLE {role}".encode())


class Ais:
    """`ais …` with the settings of the installation."""

    def __init__(self, installation: Installation, folder, monkeypatch) -> None:
        self._monkeypatch = monkeypatch
        monkeypatch.setenv("AIS_DATA_DIR", str(folder))
        monkeypatch.setenv("AIS_DATABASE_URL", installation.url)
        monkeypatch.setenv("AIS_DATABASE_OWNER_URL", installation.owner_url)
        monkeypatch.setenv("AIS_ENV", "test")

    def __call__(self, *arguments: str, owner: bool = True) -> Result:
        settings_module.settings.cache_clear()
        with self._monkeypatch.context() as patched:
            if not owner:
                patched.delenv("AIS_DATABASE_OWNER_URL")
            try:
                return CliRunner().invoke(main, [*arguments])
            finally:
                settings_module.settings.cache_clear()


@pytest.fixture
def ais(installation, tmp_path, monkeypatch) -> Ais:
    return Ais(installation, tmp_path, monkeypatch)


@pytest.fixture
def migrated(installation, ais) -> Installation:
    done = ais("migrate")
    assert done.exit_code == 0, done.output
    return installation


@pytest.fixture
def built(migrated):
    with closing(Database(migrated.url, SetClock(MONDAY))) as database:
        yield small_school(database)


FORBIDDEN = (
    "UPDATE operation SET kind = 'other'",
    "UPDATE operation_item SET data = '{}'",
    "UPDATE operation_text SET digest = ''",
    "UPDATE operation_text SET item_id = 1",
    "UPDATE operation_reason SET digest = ''",
    "UPDATE ledger_chain SET chain_id = 'other'",
    "DELETE FROM operation",
    "DELETE FROM operation_item",
    "DELETE FROM operation_text",
    "DELETE FROM operation_reason",
    "DELETE FROM ledger_chain",
    "TRUNCATE operation_item CASCADE",
    "TRUNCATE ledger_chain CASCADE",
    "ALTER TABLE operation DISABLE TRIGGER ALL",
    "ALTER TABLE operation DISABLE TRIGGER ledger_operation_update",
    "ALTER TABLE operation OWNER TO CURRENT_USER",
    "ALTER TABLE operation ADD COLUMN more integer",
    "DROP TRIGGER ledger_operation_update ON operation",
    "DROP TABLE operation_reason",
    "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "CREATE TABLE anything (id integer)",
    "CREATE TEMPORARY TABLE operation (id integer)",
    "CREATE SCHEMA anything",
    "CREATE TRIGGER more BEFORE INSERT ON operation FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
    "CREATE RULE more AS ON INSERT TO operation DO INSTEAD NOTHING",
    "UPDATE alembic_version SET version_num = '0001'",
    "SELECT setval('operation_id_seq', 1)",
    "SET session_replication_role = replica; INSERT INTO ledger_chain VALUES ('other', 0, '')",
    "LOCK TABLE operation IN ACCESS EXCLUSIVE MODE",
)


def test_s70_postgresql_itself_refuses_the_product_s_role_what_would_rewrite_the_ledger(built, migrated):
    built.comment(built.teacher(), "algebra", "vera", TODAY, "5", "Well done")
    answers = {}
    for statement in FORBIDDEN:
        try:
            migrated.says(statement)
        except psycopg.Error as error:
            answers[statement] = type(error)
    assert answers == dict.fromkeys(FORBIDDEN, psycopg.errors.InsufficientPrivilege)


def test_what_may_be_written_is_still_held_by_the_triggers(built, migrated):
    built.comment(built.teacher(), "algebra", "vera", TODAY, "5", "Well done")
    for statement in (
        "UPDATE operation_text SET text = 'other', salt = 'other'",
        "UPDATE ledger_chain SET sequence = sequence - 1",
    ):
        with pytest.raises(psycopg.errors.RaiseException):
            migrated.says(statement)


def test_everything_the_product_does_works_with_its_role(built, ais):
    """The school itself was built by this role."""
    database = built.database
    signed_in(built, "anna")
    built.enter(built.teacher(), "algebra", ("anna", TODAY, "5", 0))
    commented = built.comment(built.teacher(), "algebra", "vera", TODAY, "5", "Well done").operation
    assert database.write(lambda uow: erasing.erase_texts(uow, operator(), commented, "Order 12")) > 0
    assert database.read(lambda one: list(verifying.verify(one))) == []
    for owner in (True, False):
        checked = ais("verify", "--processes", "1", owner=owner)
        assert checked.exit_code == 0, checked.output
    assert ais("user", "code", "anna", owner=False).exit_code == 0


def test_a_role_that_may_not_migrate_names_the_command_and_migrates_nothing(installation, ais):
    for owner in (True, False):
        refused = ais("user", "show", "anna", owner=owner)
        assert refused.exit_code == 2
        assert "`ais migrate`" in refused.output
    assert ais("migrate", owner=False).exit_code == 2
    with closing(Database(installation.owner_url)) as database, database.connect() as connection:
        assert connection.execute(text("SELECT to_regclass('operation')")).scalar() is None


def test_an_older_schema_is_left_to_the_owner(migrated, ais, monkeypatch):
    monkeypatch.setattr("ais_app.web.bundle.is_built", lambda: True)
    migrated.says("UPDATE alembic_version SET version_num = '0016'", migrated.owner_url)
    for arguments in (("run",), ("user", "show", "anna"), ("verify",)):
        for owner in (True, False):
            refused = ais(*arguments, owner=owner)
            assert refused.exit_code == 2, refused.output
            assert "`ais migrate`" in refused.output


def test_tables_of_later_migrations_are_the_product_s_to_write(migrated):
    migrated.says("CREATE TABLE later (id serial PRIMARY KEY, name text)", migrated.owner_url)
    migrated.says("INSERT INTO later (name) VALUES ('a'); UPDATE later SET name = 'b'; DELETE FROM later")


def test_to_migrate_again_mends_the_grants(built, migrated, ais):
    migrated.says(f"GRANT UPDATE, DELETE ON operation TO {migrated.product}", migrated.owner_url)
    broken = ais("verify", "--processes", "1", owner=False)
    assert broken.exit_code == 1
    assert f"role {migrated.product}: may DELETE operation" in broken.output
    assert f"role {migrated.product}: may UPDATE operation.kind" in broken.output
    assert ais("migrate").exit_code == 0
    assert ais("verify", "--processes", "1", owner=False).exit_code == 0


POWERS = (
    ("ALTER ROLE {product} SUPERUSER", "ALTER ROLE {product} NOSUPERUSER", "is a superuser"),
    ("ALTER ROLE {product} CREATEROLE", "ALTER ROLE {product} NOCREATEROLE", "may make and grant roles"),
    ("GRANT {owner} TO {product}", "REVOKE {owner} FROM {product}", "owns operation and can disable its triggers"),
    (
        "GRANT SET ON PARAMETER session_replication_role TO {product}",
        "REVOKE SET ON PARAMETER session_replication_role FROM {product}",
        "may set session_replication_role",
    ),
    (
        "GRANT pg_execute_server_program TO {product}",
        "REVOKE pg_execute_server_program FROM {product}",
        "is a member of pg_execute_server_program",
    ),
    ("GRANT pg_write_all_data TO {product}", "REVOKE pg_write_all_data FROM {product}", "may DELETE operation_item"),
)


@pytest.mark.parametrize(("given", "taken", "named"), POWERS, ids=[named for _given, _taken, named in POWERS])
def test_s70_verify_and_migrate_name_what_the_product_s_role_could_do(migrated, ais, given, taken, named):
    """Also where the operator gave it after the grants, past the owner."""
    names = {"owner": migrated.owner, "product": migrated.product}
    migrated.as_superuser(given.format(**names))
    try:
        for arguments in (("verify", "--processes", "1"), ("migrate",)):
            told = ais(*arguments)
            assert told.exit_code == 1, told.output
            assert f"role {migrated.product}: {named}" in told.output
    finally:
        migrated.as_superuser(taken.format(**names))
    assert ais("verify", "--processes", "1").exit_code == 0


def test_an_installation_of_one_role_goes_on_and_says_how_it_gets_two(installation, ais, tmp_path, monkeypatch):
    """The product's role made everything; then an owner is named, and gets what it owns."""
    installation.as_superuser(f"GRANT CREATE ON SCHEMA public TO {installation.product}")
    assert ais("migrate", owner=False).exit_code == 0
    assert ais("verify", "--processes", "1", owner=False).exit_code == 0
    named = ais("verify", "--processes", "1")
    assert named.exit_code == 1
    assert f"role {installation.product}: owns operation and can disable its triggers" in named.output
    refused = ais("migrate")
    assert refused.exit_code == 2
    assert "REASSIGN OWNED BY" in refused.output
    installation.as_superuser(f"REASSIGN OWNED BY {installation.product} TO {installation.owner}")
    done = ais("migrate")
    assert done.exit_code == 0, done.output
    assert ais("verify", "--processes", "1").exit_code == 0


def test_tables_of_others_in_the_schema_are_left_alone(migrated, ais):
    """Such as those of an extension, which a superuser made."""
    migrated.as_superuser("CREATE TABLE foreign_one (id integer)")
    assert ais("migrate").exit_code == 0
    assert ais("verify", "--processes", "1").exit_code == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        migrated.says("SELECT * FROM foreign_one")


def test_a_role_that_is_not_there_is_named(installation, ais, monkeypatch):
    monkeypatch.setenv("AIS_DATABASE_URL", installation.url.replace(installation.product, "nobody"))
    refused = ais("migrate")
    assert refused.exit_code == 2
    assert "nobody" in refused.output


@pytest.mark.parametrize(
    ("url", "owner_url"),
    [
        ("", "postgresql://owner@host/ais"),
        ("sqlite:////tmp/a", "postgresql://owner@host/ais"),
        ("postgresql://ais@host/ais", "postgresql://ais@host/ais"),
        ("postgresql://ais@host/ais", "postgresql://owner@host/other"),
        ("postgresql://host/ais", "postgresql://owner@host/ais"),
        ("postgresql://ais@host/ais", "sqlite:////tmp/a"),
    ],
)
def test_addresses_that_are_no_two_roles_of_one_database_are_refused(url, owner_url):
    with pytest.raises(ValidationError, match="AIS_DATABASE_OWNER_URL"):
        Settings(database_url=url, database_owner_url=owner_url)


def test_every_table_of_the_ledger_is_only_appended_to():
    assert set(roles.CHANGEABLE) == set(triggers._TABLES)


def test_one_role_and_sqlite_are_not_apart(database):
    with database.connect() as connection:
        assert roles.may_migrate(connection)
        assert not roles.are_apart(connection)
        assert not migrations.pending(connection)
