"""Files that the program itself makes: what jobs keep goes into the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ais_app.db import UnitOfWork
from ais_app.files import service
from ais_app.files.purposes import Purpose
from ais_app.files.store import FileStore, copy_in
from ais_app.jobs.declared import JobKind, JobRun


class JobFiles:
    """Keeps what a job made, for the purpose that its kind declares (`jobs.run_of_child.KeepFile`)."""

    def __init__(self, store: FileStore, kinds: Mapping[str, JobKind], purposes: Mapping[str, Purpose]) -> None:
        self._store, self._kinds, self._purposes = store, kinds, purposes

    @contextmanager
    def __call__(self, job: JobRun, path: Path, name: str) -> Iterator[Callable[[UnitOfWork, str], str]]:
        """Within the context the content lies in its place; what it gives writes its row, in the place of the row of
        the job's former file, and returns the uid. Stored by who asked for the job. Raises FileRefused, OSError.
        """
        purpose = self._purposes[self._kinds[job.kind].keeps]
        with self._store.taken_in(copy_in(self._store, path), purpose) as content, self._store.placed(content):

            def record(uow: UnitOfWork, former: str) -> str:
                if former:
                    service.remove(uow, former)
                return service.add(uow, job.author.account, job.school, purpose, content, name)

            yield record
