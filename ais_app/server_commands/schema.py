"""The schema of the database at the beginning of a command: migrated where its role may, else required."""

from __future__ import annotations

import sys

import click
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from ais_app.db import Database, migrations
from ais_app.i18n import _
from ais_app.ledger import roles, triggers
from ais_app.settings import Settings


def bring_up(database: Database, chosen: Settings) -> None:
    """Bring the database to the schema of this version, where it has one role for everything.

    Where the owner is another role (D-55), nothing is migrated: exit code 2 with a sentence unless the schema fits.
    """
    if _has_one_role(database, chosen):
        migrations.upgrade(database, triggers.install)
    else:
        require_present(database)


def require_present(database: Database) -> None:
    """Exit code 2 with a sentence unless the schema is that of this version."""
    if _is_pending(database):
        database.close()
        text = _("The database is of another version, and this role may not change that: run `ais migrate` first.")
        _end(text, 2)


def migrate_as_owner(chosen: Settings) -> None:
    """Migrate as the role of AIS_DATABASE_OWNER_URL and give the role of AIS_DATABASE_URL its grants.

    Exit code 2 where the roles cannot be used; 1 with everything that the product's role could still do to the ledger.
    """
    product = make_url(chosen.database_url).username or ""
    database = Database(chosen.database_owner_url)
    try:
        with database.connect() as connection:
            _require_roles(connection, product)

        def install(connection: Connection) -> None:
            triggers.install(connection)
            roles.grant(connection, product)

        migrations.upgrade(database, install)
        with database.connect() as connection:
            left = roles.faults(connection, product)
    finally:
        database.close()
    if left:
        _end("\n".join([*left, _("The role of AIS_DATABASE_URL could rewrite the ledger: see deploy/README.md.")]), 1)


def _has_one_role(database: Database, chosen: Settings) -> bool:
    if database.is_sqlite:
        return True
    with database.connect() as connection:
        return not chosen.database_owner_url and roles.may_migrate(connection)


def _is_pending(database: Database) -> bool:
    """Whether the schema is another one, or cannot even be read by this role."""
    try:
        with database.connect() as connection:
            return migrations.pending(connection)
    except ProgrammingError:
        return True


def _require_roles(connection: Connection, product: str) -> None:
    if not roles.exists(connection, product):
        _end(_("There is no role {role} in the database: make it first.").format(role=product), 2)
    foreign = roles.not_owned(connection)
    if foreign:
        text = _(
            "The role of AIS_DATABASE_OWNER_URL does not own {tables}. Give it what the other role owns, as a "
            "superuser: REASSIGN OWNED BY … TO …"
        )
        _end(text.format(tables=", ".join(foreign[:3])), 2)


def _end(sentence: str, code: int) -> None:
    click.echo(sentence, err=True)
    sys.exit(code)
