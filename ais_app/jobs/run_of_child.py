"""One run of a job: its child process, what it says, and how the run ends."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from pkgutil import resolve_name
from time import perf_counter
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from ais_app import log_ids, private_files
from ais_app.db import Database, UnitOfWork
from ais_app.db.bulk import BulkFailed, WriterStopped, pieces
from ais_app.db.columns import new_uid
from ais_app.db.database import INSTALLATION
from ais_app.jobs import taking
from ais_app.jobs.declared import JobKind, JobRun
from ais_app.jobs.taking import LeaseLost, Progress
from ais_app.jobs.working import LONGEST_LINE
from ais_app.paths import ROOT
from ais_app.rights.errors import Refused

log = structlog.get_logger("jobs")
BEAT_SECONDS = 0.5
Record = Callable[[UnitOfWork, str], str]  # (uow, uid of the former file or "") -> uid of the file that is kept
KeepFile = Callable[[JobRun, Path, str], AbstractContextManager[Record]]  # within it the content lies in its place


@dataclass(frozen=True, slots=True)
class Place:
    """Where children work: the data folder, and what their environment says besides."""

    data: Path
    environment: Mapping[str, str] = field(default_factory=dict[str, str])


@contextmanager
def _own_log() -> Generator[int]:
    """A file descriptor of this process's log, for a child to write into."""
    copied = os.dup(2)
    try:
        yield copied
    finally:
        os.close(copied)


class Interrupted(Exception):  # noqa: N818 - reads as what it is
    """The run was cut off: another one may come to its end."""


class Failed(Exception):  # noqa: N818 - reads as what it is
    """The work has failed, and would again. `refused`: the sentence for the person."""

    def __init__(self, why: str, refused: str = "") -> None:
        super().__init__(why)
        self.refused = refused


class ChildRun:
    """One run of one job. `carry_out` raises nothing but CancelledError."""

    def __init__(
        self, database: Database, kind: JobKind, job: JobRun, place: Place, keep: KeepFile | None = None
    ) -> None:
        self._database, self._kind, self._job, self._place, self._keep = database, kind, job, place, keep
        self._progress = Progress()
        self._unwanted = False

    async def carry_out(self) -> None:
        """Run the child to its end and write how it ended."""
        with log_ids.bound(job=self._job.uid, session=self._job.author.session):
            await self._carry_out()

    async def _carry_out(self) -> None:
        try:
            folder = await asyncio.to_thread(self._make_folder)
        except OSError as error:
            await self._interrupted(f"no folder: {error}")
            return
        try:
            result = await self._run_child(folder)
            await self._write(lambda uow: taking.end(uow, self._job, result))
        except LeaseLost:
            await self._stopped_or_lost()
        except Interrupted as error:
            await self._interrupted(str(error))
        except Failed as failure:
            await self._failed(failure)
        except SQLAlchemyError as error:
            await self._interrupted(type(error).__name__)
        except asyncio.CancelledError:
            with suppress(LeaseLost, SQLAlchemyError, RuntimeError):
                await asyncio.shield(self._write(lambda uow: taking.give_back(uow, self._job)))
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _make_folder(self) -> Path:
        """A folder for the run. Imports what writes, too: not in the writer's thread, where everybody waits for it."""
        if self._kind.write:
            resolve_name(self._kind.write)
        parent = self._place.data / "jobs"
        private_files.make_folder(parent)
        return Path(tempfile.mkdtemp(prefix=f"{self._job.uid}-", dir=parent))

    async def _keep_file(self, folder: Path, path: Path, name: str) -> str:
        """Put a file of the run into the store; its uid. Raises Failed, Interrupted, LeaseLost, SQLAlchemyError."""
        if self._keep is None:
            raise Failed("nothing here keeps the files of jobs")
        try:
            return await asyncio.to_thread(self._keep_now, self._keep, folder, path, name)
        except Refused as refusal:
            raise Failed(str(refusal), str(refusal)) from refusal
        except OSError as error:
            raise Interrupted(f"no file kept: {error.strerror}") from error

    def _keep_now(self, keep: KeepFile, folder: Path, path: Path, name: str) -> str:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise Failed("a file outside of the folder of the run")
        shard = self._job.school or INSTALLATION
        with keep(self._job, path, name) as record:
            return self._database.write(lambda uow: taking.keep_file(uow, self._job, record), shard=shard)

    async def _run_child(self, folder: Path) -> dict[str, Any]:
        """The result of the child. Raises Interrupted, Failed, LeaseLost, SQLAlchemyError."""
        errors = folder / "errors.log"
        with errors.open("wb") as stream, _own_log() as own_log:
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "ais_app.jobs.child"),
                cwd=ROOT,
                env={**os.environ, **self._place.environment, "AIS_DATA_DIR": str(self._place.data)},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=stream,
                pass_fds=(own_log,),
                limit=2 * LONGEST_LINE,
            )
            begun = {**self._begin(folder), "log": own_log}
        beat = asyncio.create_task(self._beat(child))
        try:
            await self._tell(child, begun)
            result = await self._follow(child, folder)
            if result is None and self._unwanted:
                raise LeaseLost
            if result is None:
                code = await child.wait()
                said = errors.read_text(encoding="utf-8", errors="replace")[-300:]
                raise Interrupted(f"the child ended ({code}): {said}")
            return result
        finally:
            beat.cancel()
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()

    def _begin(self, folder: Path) -> dict[str, Any]:
        job, shape, author = self._job, self._kind.payload, self._job.author
        return {
            "work": self._kind.work,
            "shape": f"{shape.__module__}:{shape.__qualname__}",
            "payload": job.payload.model_dump_json(),
            "database": self._database.url.render_as_string(hide_password=False),
            "folder": str(folder),
            "asked_at": job.asked_at.isoformat(),
            "job": {
                "uid": job.uid,
                "kind": job.kind,
                "school": job.school,
                "owner": job.owner,
                "attempts": job.attempts,
                "written": job.written,
                "author": [author.account, author.hat, author.session, author.network, author.origin],
            },
        }

    async def _tell(self, child: asyncio.subprocess.Process, said: Mapping[str, Any]) -> None:
        if child.stdin is None:
            return
        with suppress(ConnectionError):  # it has ended: its output says so
            child.stdin.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")
            await child.stdin.drain()

    async def _follow(self, child: asyncio.subprocess.Process, folder: Path) -> dict[str, Any] | None:
        """What the child says, until it ends; its result, or None where it did not come to one."""
        if child.stdout is None:
            return None
        while line := await child.stdout.readline():
            if not line.endswith(b"\n"):
                return None  # cut off
            name, said = next(iter((heard := json.loads(line)).items()))
            if name == "progress":
                self._progress = Progress(*said)
            elif name == "parts":
                await self._tell(child, {"seconds": await self._write_parts(heard["first"], said)})
            elif name == "keep":
                await self._tell(child, {"kept": await self._keep_file(folder, Path(said[0]), said[1])})
            elif name == "result":
                return said
            else:
                raise Failed(said, said if name == "refused" else "")
        return None

    async def _write_parts(self, first: int, parts: list[Any]) -> float:
        """Write parts; returns the seconds for which they held the writer, the commit included."""
        times: list[float] = []

        def write(uow: UnitOfWork) -> None:
            times.append(perf_counter())
            taking.write_parts(uow, self._kind, self._job, first, parts)

        def note(_result: None) -> None:
            times.append(perf_counter())

        try:
            shard = self._job.school or INSTALLATION
            await self._database.awrite_bulk(pieces([write]), shard=shard, progress=note)
        except BulkFailed as failure:
            cause = failure.__cause__
            if isinstance(cause, LeaseLost):
                raise cause from None
            if isinstance(cause, Refused):
                raise Failed(str(cause), str(cause)) from cause
            if isinstance(cause, OperationalError | WriterStopped):
                raise Interrupted(type(cause).__name__) from cause
            raise Failed(type(cause).__name__) from cause
        return times[-1] - times[0]

    async def _beat(self, child: asyncio.subprocess.Process) -> None:
        """Renew the lease, say how far the run is, and end the child when the run is not wanted any more."""
        loop, said, renewed = asyncio.get_running_loop(), self._progress, asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            try:
                wanted = await self._database.aread(taking.is_wanted, self._job)
                if wanted and (said != self._progress or loop.time() - renewed > self._kind.lease_seconds / 3):
                    progress = self._progress
                    await self._write(lambda uow, one=progress: taking.report(uow, self._kind, self._job, one))
                    said, renewed = progress, loop.time()
            except LeaseLost:
                wanted = False
            except SQLAlchemyError as error:
                log.warning("job_not_renewed", job=self._job.uid, error=type(error).__name__)
                continue
            if not wanted:
                self._unwanted = True
                with suppress(ProcessLookupError):
                    child.kill()
                return

    async def _stopped_or_lost(self) -> None:
        """The run is not wanted any more: because it was stopped, or because another one has the job."""
        with suppress(LeaseLost, SQLAlchemyError):
            await self._write(lambda uow: taking.mark_stopped(uow, self._job))
            return
        log.warning("job_lost", job=self._job.uid, kind=self._job.kind)

    async def _interrupted(self, why: str) -> None:
        code = new_uid()
        log.warning("job_interrupted", job=self._job.uid, kind=self._job.kind, error_id=code, why=why)
        with suppress(LeaseLost, SQLAlchemyError):
            await self._write(lambda uow: taking.interrupt(uow, self._kind, self._job, code))

    async def _failed(self, failure: Failed) -> None:
        code = new_uid()
        if not failure.refused:
            named = {"job": self._job.uid, "kind": self._job.kind, "error_id": code, "why": str(failure)}
            log.error("job_failed", **named, exc_info=failure.__cause__)
        with suppress(LeaseLost, SQLAlchemyError):
            await self._write(lambda uow: taking.fail(uow, self._job, code, failure.refused))

    async def _write(self, work: Callable[[UnitOfWork], None]) -> None:
        await self._database.awrite(work, shard=self._job.school or INSTALLATION)
