"""What all commands of `ais` have in common: help with exit codes and settings, one answer to a missing database."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy.exc import OperationalError

from ais_app.settings import described

EXIT_CODES = "Exit codes: 0 well, 1 a finding or a failure, 2 wrong use or a wrong setting."
WIDTH = 100


class Command(click.Command):
    """Ends its help with `epilog`, or with the usual exit codes; shows defaults."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options["context_settings"] = {"show_default": True, **(options.get("context_settings") or {})}
        super().__init__(*arguments, **{**options, "epilog": options.get("epilog") or EXIT_CODES})


class Group(click.Group):
    """A group whose commands and groups are of this kind too."""

    command_class = Command
    group_class = type

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{**options, "epilog": options.get("epilog") or EXIT_CODES})


class Main(Group):
    """The command itself: its help lists the environment, and no command shows a trace for want of a database."""

    group_class = Group

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OperationalError as error:  # not there, not writable, locked: worth another try, unlike a wrong setting
            click.echo(f"The database cannot be used: {error.orig}", err=True)
            ctx.exit(1)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Environment (docs/settings.md)"):
            formatter.write_dl(described())
        super().format_epilog(ctx, formatter)


CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": WIDTH}
