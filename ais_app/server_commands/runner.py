"""Runs a command: in the running server where there is one, else in this process, alone (D-38)."""

from __future__ import annotations

import sys
from typing import Any

import click
from pydantic import ValidationError

from ais_app import private_files
from ais_app.clock import ShiftedClock, SystemClock
from ais_app.db import Database
from ais_app.i18n import _
from ais_app.rights.errors import Refused
from ais_app.server_commands import client, folder_lock, schema
from ais_app.server_commands.declared import Command, Writing, carry_out, unreadable
from ais_app.server_commands.folder_lock import FolderLock
from ais_app.server_commands.messages import BadMessage
from ais_app.settings import Settings

# What the program keeps in its data folder: made for its owner alone, and closed where an older version did not.
OWN_NAMES = (
    *("*.sqlite3", "*.sqlite3-*", "secret.key*", "states", "uploads", "files", "reflex", "*.log"),
    *("witness.jsonl", "witness.key*"),
    *("ais.lock", "command.sock"),
)
TURNS = 3


class NotKnown(Refused):
    """The server was asked and did not answer: whether it carried the command out is not known."""

    code = "not_known"


def open_database(chosen: Settings) -> Database:
    """The database of these settings, its folder closed to others; ends the command (2 or 1) where it cannot."""
    try:
        private_files.make_folder(chosen.data)
        private_files.close_all(chosen.data, OWN_NAMES)
        if private_files.is_open(chosen.data):
            click.echo(f"AIS_DATA_DIR {chosen.data} is open to other users and belongs to another one.", err=True)
    except OSError as error:
        click.echo(f"AIS_DATA_DIR {chosen.data}: {error.strerror}", err=True)
        sys.exit(2)
    try:
        return Database(chosen.database, ShiftedClock(chosen.clock) if chosen.clock else SystemClock())
    except OSError as error:
        click.echo(f"The database cannot be used: {error.strerror}", err=True)
        sys.exit(1)


def alone(chosen: Settings) -> tuple[Database, FolderLock | None]:
    """(the database in the schema of this version, the exclusive lock of its folder; None for PostgreSQL).

    The lock is released when the command ends. Raises ServerRuns; exit code 1 where another command keeps the lock, 2
    where the schema is older and this role may not change it.
    """
    database = open_database(chosen)
    lock = None
    if database.is_sqlite:
        try:
            lock = folder_lock.take(chosen.data, _say_waiting)
        except folder_lock.FolderBusy:
            database.close()
            click.echo(_("Another process writes in this data folder and does not let go: try again."), err=True)
            sys.exit(1)
        except folder_lock.ServerRuns:
            database.close()
            raise
        click.get_current_context().call_on_close(lock.release)
    schema.bring_up(database, chosen)
    return database, lock


def alone_or_end(chosen: Settings) -> tuple[Database, FolderLock | None]:
    """The same for a command that no running server can do: where one runs, the command ends with a sentence."""
    try:
        return alone(chosen)
    except folder_lock.ServerRuns:
        text = _(
            "A server runs on this data folder, and it alone writes into its database. Stop it, give the command "
            "again, and start it; over PostgreSQL both can run at once."
        )
        click.echo(text, err=True)
        sys.exit(1)


def _say_waiting() -> None:
    click.echo(_("Another command writes in this data folder: waiting for it."), err=True)


class Runner:
    """Carries out declared commands of one `ais …`; once one ran in this process, all do, since it has the lock."""

    def __init__(self, chosen: Settings) -> None:
        self._chosen = chosen
        self._database: Database | None = None

    def __call__(self, command: Command, **payload: Any) -> dict[str, Any]:
        """Carry out a command and return its result. Raises Refused with the sentence for the person, NotKnown."""
        for _turn in range(TURNS):
            if self._database is None:
                answer = self._ask_server(command, payload)
                if answer is not None:
                    return answer
            try:
                return self._run_in_this_process(command, payload)
            except folder_lock.ServerRuns:  # it has started just now
                continue
        raise Refused(_("The server is starting or stopping: try again."))

    def reader(self) -> Database:
        """The database to read from: beside the server that writes, else in this process alone."""
        if self._database is None and client.is_listening(self._chosen.data):
            database = open_database(self._chosen)
            click.get_current_context().call_on_close(database.close)
            return database
        return self._alone()

    def _ask_server(self, command: Command, payload: dict[str, Any]) -> dict[str, Any] | None:
        """The result of the running server, or None when there is none. Raises Refused, NotKnown."""
        try:
            answer = client.ask(self._chosen.data, command.name, payload)
        except client.NotAnswered as error:
            if error.sent and isinstance(command, Writing):
                text = _(
                    "The server did not answer: whether it carried the command out is not known. Look, and repeat it."
                )
                raise NotKnown(text) from error
            raise Refused(_("The server does not answer: try again.")) from error
        except BadMessage as error:
            raise Refused(_("That is too much for one command.")) from error
        if answer is None:
            return None
        if "result" not in answer:
            raise Refused(str(answer.get("refused", "")))
        return answer["result"]

    def _run_in_this_process(self, command: Command, payload: dict[str, Any]) -> dict[str, Any]:
        try:
            return carry_out(self._alone(), command, payload)
        except ValidationError as error:
            raise Refused(unreadable(error)) from error

    def _alone(self) -> Database:
        if self._database is None:
            self._database, _lock = alone(self._chosen)
            click.get_current_context().call_on_close(self._database.close)
        return self._database
