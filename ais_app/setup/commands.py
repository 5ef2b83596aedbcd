"""`ais demo`."""

from __future__ import annotations

import sys

import click

from ais_app import commands
from ais_app.server_commands.runner import alone_or_end


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

    Everybody knows its passwords: it is served on this machine only, unless AIS_DEMO_PUBLIC says otherwise.
    """
    from ais_app.setup.demo.large import write_large_demonstration
    from ais_app.setup.demo.school import DatabaseNotEmpty, write_demonstration

    database, _lock = alone_or_end(commands.chosen_settings())
    try:
        summary = write_demonstration(database) if size == "small" else write_large_demonstration(database, click.echo)
    except DatabaseNotEmpty:
        if not if_empty:
            click.echo("There is a school in this database already.", err=True)
            sys.exit(1)
    else:
        click.echo(summary)
    finally:
        database.close()
