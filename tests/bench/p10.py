"""P-10 the ledger: what appending costs of an edit's time in the writer, and how fast a chain is verified."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

from ais_app.access.queries import actor_of_login
from ais_app.access.rules import Role
from ais_app.db.columns import new_uid
from ais_app.journal.service import marks
from ais_app.journal.service.cells import MarkEntry
from ais_app.ledger import queries, service, verifying
from tests.bench import reference, schools, teachers
from tests.bench.figures import Figure, median, timed

EDITS = 600


class Watch:
    """Adds up the time in the ledger's functions while edits run."""

    def __init__(self) -> None:
        self.spent = 0.0

    def around(self, function):
        def watched(*arguments, **named):
            begun = perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                self.spent += perf_counter() - begun

        return watched


def edits(copy: schools.Copy) -> tuple[list[float], list[float], list[float]]:
    """Seconds of each edit until it is committed, of its unit of work alone, and of the ledger's part in that."""
    (course,) = teachers.chosen(copy, 1)
    actor = copy.database.read(actor_of_login, course.login, Role.TEACHER, copy.database.clock.now())
    versions = {(student, work): (version, value) for student, work, version, value in course.cells}
    random, committed, whole, parts, watch = Random(6), [], [], [], Watch()
    original = service.lock, service.append
    service.lock, service.append = watch.around(service.lock), watch.around(service.append)
    try:
        for _edit in range(EDITS):
            place = random.choice(list(versions))
            version, value = versions[place]
            entry = MarkEntry(*place, random.choice([one for one in "5432" if one != value]), version)
            operation = marks.MarksOperation(new_uid(), course.uid, [entry])

            def work(uow, operation=operation):
                begun, before = perf_counter(), watch.spent
                marks.enter_marks(uow, actor, operation)
                whole.append(perf_counter() - begun)
                parts.append(watch.spent - before)

            begun = perf_counter()
            copy.database.write(work, shard=actor.hat.school_uid)
            committed.append(perf_counter() - begun)
            versions[place] = version + 1, entry.text
    finally:
        service.lock, service.append = original
    return committed[50:], whole[50:], parts[50:]


def bare_inserts(folder: Path) -> list[float]:
    connection = reference.bare_connection(folder / "inserts.sqlite3")
    connection.execute("BEGIN")
    found = []
    for place in range(EDITS):
        begun = perf_counter()
        connection.execute(reference.UPSERT, (place, "5"))
        found.append(perf_counter() - begun)
    connection.execute("COMMIT")
    connection.close()
    return found


def bare_hashes(count: int) -> float:
    """SHA-256 operations a second over texts as long as an operation of one mark."""
    text = "x" * 700
    begun = perf_counter()
    for _one in range(count):
        sha256(text.encode()).hexdigest()
    return count / (perf_counter() - begun)


def run() -> list[Figure]:
    with TemporaryDirectory(prefix="ais-bench-") as name, schools.copied(schools.large()) as copy:
        committed, whole, parts = edits(copy)
        inserts = bare_inserts(Path(name))
        begun = perf_counter()
        faults = copy.database.read(lambda connection: list(verifying.verify(connection)))
        seconds = perf_counter() - begun
        operations = copy.database.read(queries.count)
    assert not faults, faults[0]
    share, of_unit = (100 * median(parts) / median(all_) for all_ in (committed, whole))
    rate, hashes = operations / seconds, bare_hashes(100_000)
    return [
        timed("P-10", "an edit, submitted to the writer → committed", committed),
        timed("P-10", "its unit of work, without the commit", whole),
        timed("P-10", "its part in the ledger", parts, reference=("bare insert", inserts)),
        Figure(
            "P-10",
            f"the ledger's share of the edit ({of_unit:.0f} % of its unit of work)",
            share,
            unit="%",
            limit="≤ 20 %",
            met=share <= 20,
        ),
        Figure(
            "P-10",
            f"verification ({operations:,} operations of six items each, free texts too)",
            rate,
            unit="operations/s",
            limit="≥ 50,000/s",
            met=rate >= 50_000,
            reference=f"bare SHA-256: {hashes:,.0f}/s",
            ratio=rate / hashes,
        ),
    ]
