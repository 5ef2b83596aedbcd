"""What the jobs of exchange do: computed in a child process, written by the server in pieces."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from ais_app import private_files
from ais_app.access.queries import actor_of_author
from ais_app.db import UnitOfWork
from ais_app.exchange.engine import Findings, ImportRefused
from ais_app.exchange.engine.findings import Problem
from ais_app.exchange.files import content_of_set
from ais_app.exchange.oneroster import Report, compute, export_oneroster
from ais_app.exchange.oneroster.codes import HOMEROOM_UNKNOWN
from ais_app.exchange.oneroster.endings import ENDING
from ais_app.exchange.oneroster.report import spelled
from ais_app.exchange.recording import record_export
from ais_app.exchange.slips import pdf_of
from ais_app.exchange.writing import plan, runs
from ais_app.exchange.writing.plan import Plan
from ais_app.formulas import escape
from ais_app.i18n import _
from ais_app.jobs.declared import JobRun
from ais_app.jobs.working import Run
from ais_app.rights.errors import NotYours, Refused
from ais_app.rights.rules import Actor
from ais_app.settings import settings

SHOWN, LISTED = 200, 2_000  # rows of a report on the page, and in its file


def check(run: Run) -> dict[str, Any]:
    """Work out what importing a set would change; the result counts it, the whole report is kept as a file."""
    run.progress("compute")
    path = _set(run)
    try:
        report = compute(run.database, path, dry_run=True, **_options(run)).report
        problems: Findings[Problem] = Findings()
    except ImportRefused as refusal:
        report, problems = Report(dry_run=True, notes=refusal.notes), refusal.problems
    except NotYours as error:
        raise Refused(_("This set changes what is not yours to change.")) from error
    rows = [[*_row(one), "problem"] for one in problems] + [[*_row(one), "note"] for one in report.notes]
    rows = [[run.job.payload.name if row[0] == path.name else row[0], *row[1:]] for row in rows]
    _keep(run, "report.csv", _csv(rows[:LISTED]))
    return {
        **_counts(report),
        "problems": len(problems),
        "notes": len(report.notes),
        "ends": len(problems) > 0 and all(one.code in ENDING for one in problems),
        "homerooms": sum(one.code == HOMEROOM_UNKNOWN for one in problems),
        "rows": rows[:SHOWN],
        "steps": 0,
    }


def import_set(run: Run) -> dict[str, Any]:
    """Import a set: the plan and the slips of the first attempt hold until the end; the server writes the steps."""
    folder = plan.folder_of(run.database.url)
    path = plan.path_of(folder, run.job.uid)
    counted: dict[str, Any] = {}
    head: dict[str, Any] = {}
    if not run.written:
        made, report = _computed(run)
        counted = _counts(report)
        head = {"subjects": list(made.subjects), "steps": made.steps, "digest": made.digest}
        if not made.steps:
            return {**counted, "steps": 0, "codes": 0}
        _counts_path(path).unlink(missing_ok=True)
        private_files.write_new(_counts_path(path), json.dumps(counted, ensure_ascii=False).encode())
    else:
        kept = _counts_path(path)
        counted = json.loads(kept.read_bytes()) if kept.exists() else {}
        if run.database.read(runs.is_written, run.job.uid):
            return {**counted, "steps": run.written - 1}
        run.database.read(runs.must_be_whole, run.job.uid, folder)
    units = plan.units(path)

    def parts() -> Iterator[Any]:
        yield head
        yield from range(units)

    run.write(parts(), units + 1, "write")
    for one in (path, _counts_path(path)):
        one.unlink(missing_ok=True)
    return {**counted, "steps": units}


def write_steps(uow: UnitOfWork, job: JobRun, parts: Sequence[Any]) -> None:
    """Write the next steps of a run; the first part begins it. Raises as `runs.begin` and `runs.write_units`."""
    actor = actor_of_author(uow.connection, job.author, uow.now)
    folder = plan.folder_of(uow.connection.engine.url)
    left = len(parts)
    if isinstance(parts[0], dict):
        head, path = parts[0], plan.path_of(folder, job.uid)
        runs.begin(uow, actor, Plan(job.uid, path, tuple(head["subjects"]), head["steps"], head["digest"]))
        left -= 1
    if left:
        runs.write_units(uow, actor, job.uid, left, folder)


def export(run: Run) -> dict[str, Any]:
    """Write a school as a zip, once its export is recorded."""
    path = run.folder / "export.zip"
    exported = export_oneroster(run.database, path, run.job.payload.school, lambda rows: run.write([dict(rows)]))
    run.keep(path, path.name)
    return {"rows": dict(exported.rows)}


def write_record(uow: UnitOfWork, job: JobRun, parts: Sequence[Mapping[str, int]]) -> None:
    """Record that a school was exported. Raises NotYours."""
    actor = actor_of_author(uow.connection, job.author, uow.now)
    for rows in parts:
        record_export(uow, actor, job.payload.school, rows)


def _computed(run: Run) -> tuple[Plan, Report]:
    """(the plan of a set, its report); the slips of its new accounts are kept. Raises Refused for one with defects."""
    run.progress("compute")
    path = _set(run)
    try:
        computed = compute(run.database, path, run=run.job.uid, **_options(run))
    except ImportRefused as refusal:
        raise Refused(_("The set has problems by now: check it again.")) from refusal
    except NotYours as error:
        raise Refused(_("This set changes what is not yours to change.")) from error
    if computed.report.codes:
        run.progress("slips")
        _keep(run, "slips.pdf", pdf_of(computed.report.codes, settings().base_url))
    return computed.plan, computed.report


def _options(run: Run) -> dict[str, Any]:
    asked = run.job.payload
    named = {"actor": _actor(run), "zone": settings().timezone}
    return named | {"year": asked.year or None, "allow_ending": asked.ending}


def _actor(run: Run) -> Actor:
    def read(connection: Connection) -> Actor:
        return actor_of_author(connection, run.job.author, run.database.clock.now())

    return run.database.read(read)


def _set(run: Run) -> Path:
    """Where the set lies that the job is about. Raises Refused."""
    path = content_of_set(run.database, run.job.payload.file)
    if path is None:
        raise Refused(_("The file is not here any more: send it again."))
    return path


def _keep(run: Run, name: str, content: bytes) -> None:
    path = run.folder / name
    path.unlink(missing_ok=True)
    private_files.write_new(path, content)
    run.keep(path, name)


def _counts_path(plan_path: Path) -> Path:
    """Beside the plan: what the report counted, for an attempt that only writes the rest."""
    return plan_path.with_suffix(".counts")


def _counts(report: Report) -> dict[str, Any]:
    """What is counted, in words, and the number of new codes."""
    counts = {"added": report.added, "changed": report.changed, "left": report.left, "left_out": report.left_out}
    return {name: spelled(of) for name, of in counts.items()} | {"codes": len(report.codes)}


def _row(found: Problem) -> list[Any]:
    return [found.file, found.row or "", found.column, found.code.text(found.params)]


def _csv(rows: Sequence[Sequence[Any]]) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow((_("File"), _("Row"), _("Column"), _("What was found"), _("Sort")))
    sorts = {"problem": _("problem"), "note": _("note")}
    for file, row, column, text, sort in rows:
        writer.writerow((file, row, column, escape(text), sorts[sort]))
    return b"\xef\xbb\xbf" + target.getvalue().encode()
