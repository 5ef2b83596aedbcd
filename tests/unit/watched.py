"""The small school with a witness, and `ais …` over both, for the tests about them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from click.testing import CliRunner, Result

from ais_app import settings as settings_module
from ais_app.cli import main
from ais_app.db import Database
from ais_app.ledger import queries, verifying, witness, witness_check, witnessing
from ais_app.ledger.service import school_chain
from ais_app.ledger.witnessing import LINE_SECONDS, Witness

TODAY = date(2026, 11, 23)


class Watched:
    """The small school with a witness, and a clock that says when a minute is over."""

    def __init__(self, school, folder: Path, monkeypatch) -> None:
        self.school, self.database, self.path = school, school.database, folder / "witness.jsonl"
        self.key = witness.signing_key(folder / "witness.key")
        self.chain = school_chain(school.ref.uid)
        self.now = 1_000.0
        monkeypatch.setattr(witnessing, "monotonic", lambda: self.now)
        self.witness = Witness(self.database, self.key, (self.path,))
        self.witness.begin()
        self.witness.look()

    def enter(self, student: str, value: str, day: date = TODAY) -> None:
        self.school.enter(self.school.teacher(), "algebra", (student, day, value, 0))

    def a_minute_later(self) -> None:
        self.now += LINE_SECONDS
        self.witness.look()

    def lines(self) -> list[witness.Seen]:
        return [line.seen for _number, line in witness.lines_of(self.path) if line is not None]

    def faults(self, key: str = "") -> list[str]:
        signed_by = key or witness.public_key(self.key)
        return [str(one) for one in self.database.read(lambda c: list(witness_check.faults(c, self.path, signed_by)))]

    def is_whole_by_itself(self) -> bool:
        return self.database.read(lambda connection: list(verifying.verify(connection))) == []

    def length(self) -> int:
        return self.database.read(queries.heads)[self.chain][0]


class Command:
    """`ais …` over a database, with this data folder."""

    def __init__(self, database: Database, folder: Path, monkeypatch) -> None:
        monkeypatch.setenv("AIS_DATA_DIR", str(folder))
        monkeypatch.setenv("AIS_DATABASE_URL", database.url.render_as_string(hide_password=False))
        monkeypatch.setenv("AIS_ENV", "test")
        monkeypatch.setenv("AIS_CLOCK", "2026-11-23T10:00:00+00:00")

    def __call__(self, *arguments: str | int | Path) -> Result:
        settings_module.settings.cache_clear()
        try:
            return CliRunner().invoke(main, [*map(str, arguments)])
        finally:
            settings_module.settings.cache_clear()
