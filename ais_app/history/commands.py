"""`ais history`: everything that ever happened to a row of the record."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click
from sqlalchemy import Connection, select

from ais_app import commands
from ais_app.access.models import Account
from ais_app.clock import SystemClock
from ais_app.db import migrations
from ais_app.db.columns import pairs, table
from ais_app.history import words
from ais_app.history.authors import OPERATOR
from ais_app.history.queries import items
from ais_app.history.queries.listing import OperationRow, of_row
from ais_app.history.queries.names import named, refs_of
from ais_app.history.words import Teller
from ais_app.i18n import _
from ais_app.records import RECORDS
from ais_app.rights.reading import Reading
from ais_app.rights.rules import operator
from ais_app.server_commands.runner import open_database

_account = table(Account)


@click.command(cls=commands.Command)
@click.argument("of_table", metavar="TABLE")
@click.argument("uid")
def history(of_table: str, uid: str) -> None:
    """Print all that ever happened to the row UID of TABLE: when, who, what, old and new values.

    TABLE is the name of a table of the record, such as lesson or person, or its word on the page «Операции». A row
    without a uid of its own is named by those of which it is made: a cell is «student:column». Only reads, also while
    the server runs.
    """
    entity = entity_of(of_table)
    if entity is None:
        click.echo(_("There is no table {name}. There are: {names}").format(name=of_table, names=_known()), err=True)
        sys.exit(2)
    chosen = commands.chosen_settings()
    database = open_database(chosen)
    try:
        with database.connect() as connection:
            if migrations.pending(connection):
                click.echo("The database is of another version: run `ais migrate` first.", err=True)
                sys.exit(2)
            found = False
            for line in steps(connection, entity, uid, chosen.timezone):
                found = True
                click.echo(line)
    finally:
        database.close()
    if not found:
        click.echo(_("Nothing is known of {table} {uid}.").format(table=of_table, uid=uid), err=True)
        sys.exit(1)


def entity_of(name: str) -> str | None:
    """The table of the record with this name or this word; None where there is none."""
    wanted = name.casefold()
    return next((one for one, record in RECORDS.items() if wanted in (one, record.words().casefold())), None)


def _known() -> str:
    return ", ".join(sorted(RECORDS))


def steps(connection: Connection, entity: str, uid: str, zone: str) -> Iterator[str]:
    """The lines of what was done to a row, the oldest first, in whatever chain it stands."""
    reading = Reading.at(connection, operator(), SystemClock().now())
    rows = of_row(reading, entity, uid)
    touched = items.of_row(connection, [row.id for row in rows], entity, uid)
    refs = refs_of(entity, uid)
    wanted = [ref for some in touched.values() for one in some for ref in words.refs_in(one)]
    teller = Teller(zone, watched=False, names=named(reading, [*refs, *wanted]))
    logins = _logins(connection, rows)
    if rows:
        yield teller.row(entity, refs)
    for row in rows:
        yield ""
        yield f"{teller.moment(row.moment, seconds=True)}  {_who(row, logins)}  {words.kind_in_words(row.kind)}"
        if row.reason is not None:
            yield f"    {_('Reason')}: {row.reason or _('erased')}"
        for one in touched.get(row.id, []):
            for change in teller.changes(one):
                yield f"    {change.label}: {change.before or words.EMPTY} → {change.after or words.EMPTY}"


def _logins(connection: Connection, rows: list[OperationRow]) -> dict[str, str]:
    accounts = {row.account for row in rows}
    return pairs(connection.execute(select(_account.c.uid, _account.c.login).where(_account.c.uid.in_(accounts))))


def _who(row: OperationRow, logins: dict[str, str]) -> str:
    """«orlova (Учитель)»."""
    if row.account == OPERATOR:
        return _("Server console")
    login, role = logins.get(row.account, row.account), words.hat_in_words(row.hat)
    return f"{login} ({role})" if role else login
