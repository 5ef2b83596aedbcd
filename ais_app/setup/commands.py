"""`ais demo`."""

from __future__ import annotations

import sys

import click

from ais_app import commands
from ais_app.rights.errors import Refused
from ais_app.server_commands import client
from ais_app.server_commands.following import follow
from ais_app.server_commands.runner import Runner, alone_or_end
from ais_app.settings import Settings
from ais_app.setup.emptiness import DatabaseNotEmpty, has_school


@click.command(cls=commands.Command)
@click.option("--if-empty", is_flag=True, help="Do nothing when there is a school already.")
@click.option(
    "--size",
    type=click.Choice(["small", "large"]),
    default="small",
    show_default=True,
    help="small: 6 classes, 150 students; large: 36 classes, 1,000 students, a year of marks (some minutes).",
)
def demo(*, if_empty: bool, size: str) -> None:
    """Write the demonstration school into an empty database.

    Everybody knows its passwords: it is served on this machine only, unless AIS_DEMO_PUBLIC says otherwise. Beside a
    running server the large one becomes a job of it, which goes on when this command is ended.
    """
    chosen = commands.chosen_settings()
    try:
        beside = size == "large" and client.is_listening(chosen.data)
        click.echo(_beside_server(chosen) if beside else _alone(chosen, size))
    except (DatabaseNotEmpty, Refused) as error:
        if not (if_empty and isinstance(error, DatabaseNotEmpty)):
            click.echo(str(error) or "There is a school in this database already.", err=True)
            sys.exit(1)


def _alone(chosen: Settings, size: str) -> str:
    from ais_app.setup.demo.large import write_large_demonstration
    from ais_app.setup.demo.school import write_demonstration

    database, _lock = alone_or_end(chosen)
    try:
        return write_demonstration(database) if size == "small" else write_large_demonstration(database, click.echo)
    finally:
        database.close()


def _beside_server(chosen: Settings) -> str:
    """Ask the server for the job and follow it. Raises DatabaseNotEmpty, Refused."""
    from ais_app.setup.requests import LARGE

    runner = Runner(chosen)
    database = runner.reader()
    if database.read(has_school):
        raise DatabaseNotEmpty
    uid = runner(LARGE)["job"]

    def tell(_step: str, done: int, total: int) -> None:
        if total:
            click.echo(f"{done} of about {total} parts")

    return str(follow(database, uid, tell)["said"])
