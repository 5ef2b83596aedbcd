"""`ais verify`: the page of integrity for every school, whole. `ais ledger …`: what only an operator does."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ais_app import commands
from ais_app.control import requests, verification
from ais_app.db import migrations
from ais_app.i18n import ngettext
from ais_app.ledger import epochs, key_file, keys, queries, witness
from ais_app.ledger.fault import Fault
from ais_app.ledger.folding import Part
from ais_app.ledger.operation import LONGEST_REASON
from ais_app.ledger.service import school_chain
from ais_app.people.queries import school_by_uid
from ais_app.rights.errors import Refused
from ais_app.server_commands.declared import Command
from ais_app.server_commands.runner import Runner, open_database
from ais_app.settings import Settings


class Moment(click.DateTime):
    """A day or a moment; without a zone it is one of UTC."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        return super().convert(value, param, ctx).replace(tzinfo=UTC)


MOMENT = Moment(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


@click.command(
    cls=commands.Command,
    epilog="Exit codes: 0 the ledger is whole, 1 it is broken, 2 wrong use or a wrong setting.",
)
@click.option(
    "--processes",
    type=click.IntRange(min=0),
    default=0,
    help="How many processes walk the chains; 0 = one for each processor, the default.",
)
@click.option("--records", is_flag=True, help="Compare every row of the record with what the ledger says of it, too.")
@click.option("--since", type=MOMENT, help="Only what was done from this moment on: 2026-11-27 or 2026-11-27T15:00.")
@click.option("--school", metavar="UID", help="Only the chain and the rows of this school.")
@click.option(
    "--witness",
    "witnesses",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Another file of the witness to compare with, beside that of the data folder; may be given several times.",
)
@click.option(
    "--key",
    "public_key",
    metavar="HEX",
    help="The public key that lines of the witness must be signed by; by default that of the data folder.",
)
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each step and fault, for programs.")
def verify(as_json: bool, **options: Any) -> None:
    """Check the ledger: every hash, link, text and trigger, and what its witness saw; name what is broken.

    The witness is a file outside the database, to which a running server adds signed lines: with it a history that was
    rewritten, cut off or replaced by an older one is found. With --records each row of the record (marks, lessons,
    people, memberships, roles, timetable …) is compared with the operations that touched it. With --since, rows that
    no operation made are not looked for. Only reads, also while the server runs; what is written meanwhile is not
    looked at. The page «Проверка» does the same.
    """
    chosen = commands.chosen_settings()
    asked = _asked(chosen, **options)
    faults = 0
    for found in verification.check(chosen.database, asked):
        faults += isinstance(found, Fault)
        if as_json:
            click.echo(json.dumps({type(found).__name__.lower(): asdict(found)}, ensure_ascii=False))
        elif isinstance(found, Fault):
            click.echo(str(found), err=True)
    if not as_json:
        _say(chosen, faults, watched=bool(asked.witnesses))
    if faults:
        sys.exit(1)


def _asked(
    chosen: Settings,
    *,
    processes: int,
    records: bool,
    since: datetime | None,
    school: str | None,
    witnesses: tuple[Path, ...],
    public_key: str | None,
) -> verification.Asked:
    """What the options ask for. Ends the command with a sentence where it cannot be done."""
    files = [*(path for path in chosen.witness_files if path.exists()), *witnesses]
    sizes = [(path, path.stat().st_size) for path in files]
    database = open_database(chosen)
    with database.connect() as connection:
        if migrations.pending(connection):
            click.echo("The database is of another version: run `ais migrate` first.", err=True)
            sys.exit(2)
        of_school = None if school is None else school_by_uid(connection, school)
    database.close()
    if school is not None and of_school is None:
        raise click.UsageError(f"There is no school {school}.")
    return verification.Asked(
        Part(school_chain(of_school.uid) if of_school else "", of_school.id if of_school else None, since),
        records=records,
        witnesses=sizes,
        key=(public_key or witness.public_key(_key(chosen))) if sizes else "",
        roles=bool(chosen.database_owner_url),
        processes=processes,
    )


def _say(chosen: Settings, faults: int, *, watched: bool) -> None:
    """What is said after the faults: epochs, changes of the key, and whether the ledger is whole."""
    database = open_database(chosen)
    with database.connect() as connection:
        opened, changed, operations = epochs.epochs(connection), keys.changes(connection), queries.count(connection)
    database.close()
    for one in opened:
        click.echo(f"The history goes on from another state since {one.moment} (operation {one.uid}).")
    for change in changed:
        click.echo(_of_change(change))
    if faults:
        click.echo(f"The ledger is broken: {faults} faults.", err=True)
        return
    if not watched:
        click.echo("There is no witness yet: a server writes one while it runs.", err=True)
    click.echo(f"The ledger is whole: {operations} operations.")


def _of_change(change: keys.Change) -> str:
    """A change of the witness's key in words."""
    at = f"at {change.line.seen.moment} (operation {change.operation})"
    if change.is_loss:
        former = change.former or "an unknown one"
        return (
            f"The key of the witness was lost {at}: {change.key} signs in place of {former}, which vouched for nothing."
        )
    return f"The key of the witness was renewed {at}: {change.key} signs since then."


def _key(chosen: Settings) -> Ed25519PrivateKey:
    """The key of the witness. Ends the command with a sentence where there is none to be read."""
    path = chosen.witness_key_file
    if not path.exists():
        click.echo(f"There is no key of the witness: {path}. Give the public one with --key.", err=True)
        sys.exit(2)
    try:
        return witness.signing_key(path)
    except (OSError, witness.NoKey):
        click.echo(f"This is no key of a witness: {path}", err=True)
        sys.exit(2)


@click.group(cls=commands.Group)
def ledger() -> None:
    """What only the operator of an installation does with its ledger."""


REASON = click.option("--reason", required=True, help="By whose order and why; it stays in the history.")


@ledger.command("erase")
@click.argument("operation")
@REASON
def erase(operation: str, reason: str) -> None:
    """Erase the free texts of OPERATION (its uid): comments, documents, its reason.

    Who did what and when stays, and so do the hashes of the texts, by which the chain is verified. The erasure is an
    operation itself. It cannot be taken back.
    """
    erased = _run(requests.ERASE, reason, operation=operation)["erased"]
    click.echo(ngettext("{count} text erased.", "{count} texts erased.", erased))


@ledger.command("epoch")
@REASON
def epoch(reason: str) -> None:
    """Say that the history goes on from the state that the database has now: after a backup was put back.

    What the witness has seen behind that state is then explained; `ais verify` names the epoch from there on.
    """
    uid = _run(requests.OPEN_EPOCH, reason)["uid"]
    click.echo(f"A new epoch begins: operation {uid}.")


@ledger.command("key")
@click.option("--renew", is_flag=True, help="Sign with a new key from now on, which the present one vouches for.")
@click.option("--lost", is_flag=True, help="Sign with a new key, since the present one is gone: a new epoch begins.")
@click.option("--reason", help="By whose order and why, for --renew and --lost; it stays in the history.")
def key(renew: bool, lost: bool, reason: str | None) -> None:
    """Print the public key of the witness: keep it outside the house, and give it to `ais verify --key`.

    With --renew or --lost: after the change, which is an operation. `ais verify` follows it from any key that was kept.
    """
    if (renew and lost) or (reason is not None) != (renew or lost):
        raise click.UsageError("--reason goes with one of --renew and --lost.")
    chosen = commands.chosen_settings()
    if reason is None:
        click.echo(witness.public_key(_key(chosen)))
        return
    runner = Runner(chosen)
    _put_in_place(runner, chosen)  # what an earlier change left, if it was interrupted
    click.echo(_run(requests.CHANGE_KEY, reason, runner, lost=lost)["key"])
    _put_in_place(runner, chosen)


def _put_in_place(runner: Runner, chosen: Settings) -> None:
    key_file.adopt(chosen.witness_key_file, runner.reader().read(keys.changes))


def _run(command: Command, reason: str, runner: Runner | None = None, **payload: Any) -> dict[str, Any]:
    """Carry it out. Ends the command with a sentence where it is refused."""
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise click.UsageError(f"--reason has 1 to {LONGEST_REASON} characters.")
    try:
        return (runner or Runner(commands.chosen_settings()))(command, reason=reason.strip(), **payload)
    except Refused as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
