"""The plan of an import: a file with one step a line, in the order in which they are written (JSON, UTF-8).

It holds names and hashes of one-time codes, is readable for its owner only, and goes when the import has ended.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from ais_app import private_files
from ais_app.settings import settings

FOLDER = "imports"
PORTION = 100  # ids of other systems, and feeds, of one step


@dataclass(frozen=True, slots=True)
class IdChange:
    """A row of `imported_id`: its uid before and after, None = there is no row."""

    source: str
    entity: str
    source_id: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to write, in an operation of `kind` in `chain`; `joined`: in the same as the step before.

    A row of the record (`entity`, `subject`, `before`, `after` as in an item of the ledger, texts as they are;
    `secret`: the hash of the code of a new account); or `ids`, changes of `imported_id`; or, in no chain, what open
    pages are told: uids of `courses` and `students`.
    """

    chain: str = ""
    kind: str = ""
    joined: bool = False
    entity: str = ""
    subject: str = ""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    secret: str = ""
    ids: tuple[IdChange, ...] = ()
    courses: tuple[str, ...] = ()
    students: tuple[str, ...] = ()

    @property
    def parts(self) -> int:
        """How many parts of a piece it is (`db/bulk.py`)."""
        return max(1, len(self.ids) + len(self.courses) + len(self.students))


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan on the disk; `subjects` as in `ImportRun`. Without steps there is nothing to write, and no file."""

    uid: str
    path: Path
    subjects: tuple[str, ...]
    steps: int
    digest: str

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


@dataclass(slots=True)
class Read:
    """Steps that were read from a plan, all of one chain and kind; `place`: where the next one begins."""

    steps: list[Step] = field(default_factory=list[Step])
    place: int = 0


def folder_of(url: URL) -> Path:
    """The folder of the plans: beside an embedded database, else in the data folder."""
    file = url.database if url.get_backend_name() == "sqlite" else None
    return (Path(file).parent if file else settings().data) / FOLDER


def path_of(folder: Path, uid: str) -> Path:
    return folder / f"{uid}.plan"


def write(folder: Path, uid: str, subjects: Iterable[str], steps: Iterable[Step]) -> Plan:
    """Write a plan and wait for the disk. Raises OSError."""
    private_files.make_folder(folder)
    path, count, digest = path_of(folder, uid), 0, hashlib.sha256()
    path.unlink(missing_ok=True)  # of a run that was cut off before it began to write
    with private_files.new(path) as target:
        for step in steps:
            line = _line(step)
            digest.update(line)
            target.write(line)
            count += 1
    if count:
        private_files.flush(path)
    else:
        path.unlink()
    return Plan(uid, path, tuple(subjects), count, digest.hexdigest())


def read(path: Path, place: int, parts: int) -> Read:
    """The next steps from `place` (bytes) on: of one chain and kind, about as many as make `parts` parts, at least one
    if there is one. Raises OSError.
    """
    found, size = Read(place=place), 0
    with path.open("rb") as source:
        source.seek(place)
        for line in source:
            step = _step(line)
            if found.steps and not step.joined:
                first = found.steps[0]
                if size + step.parts > parts or (step.chain, step.kind) != (first.chain, first.kind):
                    break
            found.steps.append(step)
            size += step.parts
            found.place += len(line)
    return found


def units(path: Path) -> int:
    """How many steps a plan has, those that are joined counted as one. Raises OSError."""
    with path.open("rb") as source:
        return sum(not _step(line).joined for line in source)


def read_units(path: Path, place: int, count: int) -> Read:
    """The next `count` steps from `place` on, those that are joined counted as one. Raises OSError."""
    found = Read(place=place)
    with path.open("rb") as source:
        source.seek(place)
        for line in source:
            step = _step(line)
            count -= not step.joined
            if count < 0:
                break
            found.steps.append(step)
            found.place += len(line)
    return found


def digest_of(path: Path) -> str:
    """Raises OSError."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def portions(values: Iterable[Any]) -> Iterable[tuple[Any, ...]]:
    """The values by `PORTION`."""
    rest = iter(values)
    while some := tuple(islice(rest, PORTION)):
        yield some


def _line(step: Step) -> bytes:
    said = {name: value for name, value in asdict(step).items() if value not in ("", None, (), False)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _step(line: bytes) -> Step:
    said = json.loads(line)
    said["ids"] = tuple(IdChange(**one) for one in said.get("ids", ()))
    for name in ("courses", "students"):
        said[name] = tuple(said.get(name, ()))
    return Step(**said)
