"""What all commands of `ais` share: help with exit codes and settings, paths, the answer to database errors."""

from __future__ import annotations

import sys
from collections import UserDict
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import click
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from ais_app.i18n import _
from ais_app.settings import Settings, described, settings

EXIT_CODES = "Exit codes: 0 well, 1 a finding or a failure, 2 wrong use or a wrong setting."
WIDTH = 100


class Command(click.Command):
    """Ends its help with `epilog`, or with the usual exit codes; shows defaults."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options["context_settings"] = {"show_default": True, **(options.get("context_settings") or {})}
        super().__init__(*arguments, **{**options, "epilog": options.get("epilog") or EXIT_CODES})


class Group(click.Group):
    """A group whose commands are `Command`s and whose groups are of its own class."""

    command_class = Command
    group_class = type

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{**options, "epilog": options.get("epilog") or EXIT_CODES})


class Declared(UserDict[str, Any]):
    """{name: command}. One that is given as `module:attribute` is imported when it is looked up."""

    def __getitem__(self, name: str) -> click.Command:
        command = self.data[name]
        return resolve_name(command) if isinstance(command, str) else command


class Main(Group):
    """The command `ais`: its help lists the environment; a database error is a sentence and exit code 1."""

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


class _NewFile(click.Path):
    """A path at which nothing exists yet: files with codes or personal data never overwrite anything."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if path.exists():
            self.fail(_("{path} is there already and is not overwritten").format(path=path), param, ctx)
        if not path.absolute().parent.is_dir():
            self.fail(_("{path} is no folder").format(path=path.parent), param, ctx)
        return path


class _NewOrOldFile(click.Path):
    """A file that exists, or a new one in a folder that exists."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        super().convert(value, param, ctx)
        path = Path(value)
        if not path.absolute().parent.is_dir():
            self.fail(_("{path} is no folder").format(path=path.parent), param, ctx)
        return path


NEW_FILE = _NewFile()
NEW_OR_OLD_FILE = _NewOrOldFile(dir_okay=False, path_type=Path)


def chosen_settings() -> Settings:
    """The settings of the environment. A wrong one ends the command with a sentence and exit code 2."""
    try:
        return settings()
    except ValidationError as error:
        for one in error.errors():
            name = "AIS_" + "_".join(str(part) for part in one["loc"]).upper() if one["loc"] else ""
            click.echo(f"{name} {one['msg']}".strip(), err=True)
        sys.exit(2)
