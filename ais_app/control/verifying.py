"""The work of the job that verifies the record, in its child process."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection

from ais_app.control import verification
from ais_app.jobs.working import Run
from ais_app.ledger import folding, queries, witness
from ais_app.ledger.fault import Fault
from ais_app.ledger.folding import Part
from ais_app.ledger.service import school_chain
from ais_app.people.queries import school_by_uid
from ais_app.settings import settings

MOST_KEPT = 50  # faults that are shown


def verify(run: Run) -> dict[str, Any]:
    """Check the record of the job's school, or all of it; `faults`: how many, `counts` of each step, the first ones."""
    chosen, database = settings(), run.database
    files = [(path, path.stat().st_size) for path in chosen.witness_files if path.exists()]
    has_key = chosen.witness_key_file.exists()
    key = witness.public_key(witness.signing_key(chosen.witness_key_file)) if has_key else ""
    part = replace(database.read(_part, run.job.school), since=run.job.payload.since)
    asked = verification.Asked(part, records=True, witnesses=files if key else (), key=key, processes=1)
    total, begun, step = verification.count_of_steps(asked), 0, ""
    counts, kept = Counter[str](), list[dict[str, Any]]()
    for found in verification.check(database.url.render_as_string(hide_password=False), asked):
        if isinstance(found, Fault):
            counts[step] += 1
            kept += [asdict(found)] if len(kept) < MOST_KEPT else []
        else:
            step, begun = found.step, begun + 1
            run.progress(step, begun - 1, total)
    operations = database.read(_operations, part)
    return {"faults": counts.total(), "counts": counts, "kept": kept, "operations": operations}


def _part(connection: Connection, school: str) -> Part:
    """What is checked. Raises LookupError where there is no such school."""
    if not school:
        return folding.WHOLE
    found = school_by_uid(connection, school)
    if found is None:
        raise LookupError(school)
    return Part(school_chain(found.uid), found.id)


def _operations(connection: Connection, part: Part) -> int:
    """How many operations the checked chains hold."""
    heads = queries.heads(connection)
    return sum(head[0] for chain, head in heads.items() if part.chain in ("", chain))
