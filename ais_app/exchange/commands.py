"""`ais import …` and `ais export …`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, NoReturn

import click

from ais_app import commands
from ais_app.db.bulk import LEAST, next_size
from ais_app.exchange.requests import (
    IMPORT_BEGIN,
    IMPORT_FORGET,
    IMPORT_MAY_GO,
    IMPORT_PIECE,
    IMPORT_PIECE_BACK,
    RECORD_EXPORT,
)
from ais_app.i18n import _, ngettext
from ais_app.rights.errors import Refused
from ais_app.server_commands.runner import Runner

if TYPE_CHECKING:
    from ais_app.exchange.oneroster import ImportRefused
    from ais_app.exchange.writing.plan import Plan


@click.group("import", cls=commands.Group)
def import_() -> None:
    """Bring data of other systems into this installation."""


@import_.command("oneroster")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything and report by file, row and column; write nothing.")
@click.option(
    "--year",
    metavar="YYYY/YY",
    help="The school year to import into, such as 2026/27; default: the set's own, or the present one.",
)
@click.option("--slips", type=commands.NEW_FILE, metavar="FILE.pdf", help="New PDF with a slip for each new account.")
@click.option(
    "--codes", type=commands.NEW_FILE, metavar="FILE.tsv", help="New file with login, code and name, one a line."
)
@click.option(
    "--mapping",
    type=commands.NEW_OR_OLD_FILE,
    metavar="FILE.csv",
    help="What homerooms become whose names do not say it; a file that is not there is written, to be filled.",
)
@click.option(
    "--allow-ending", is_flag=True, help="Import a set that ends most memberships, links or accounts of a school."
)
def import_oneroster_(
    path: Path,
    *,
    dry_run: bool,
    year: str | None,
    slips: Path | None,
    codes: Path | None,
    mapping: Path | None,
    allow_ending: bool,
) -> None:
    """Import the OneRoster set at PATH (a folder or a zip), or bring what came from it up to date, also beside a
    running server.

    Reads whole (bulk) sets of OneRoster 1.1 and 1.2 CSV, of SDS v2.1, and the exports of АИС. Everything is imported or
    nothing: a set with a defect is refused, and each defect is named by file, row and column. A second run of the
    same set changes nothing. New accounts get one-time codes, printed here unless --slips or --codes is given;
    passwords of the set are never used. docs/import.md has the details.
    """
    from ais_app.exchange.code_delivery import CodeDelivery
    from ais_app.exchange.engine import Findings
    from ais_app.exchange.oneroster import ImportRefused, compute, read_mapping, report_lines

    _check_year(year)
    chosen = commands.chosen_settings()
    if slips is not None and not chosen.base_url:
        click.echo(_("AIS_BASE_URL is not set: the slips will not say where to sign in."), err=True)
    delivery = CodeDelivery(slips, codes, chosen.base_url)
    writing = _Writing()
    try:
        computed = compute(
            writing.reader,
            path,
            dry_run=dry_run,
            year=year,
            zone=chosen.timezone,
            answers=read_mapping(mapping) if mapping is not None and mapping.exists() else None,
            allow_ending=allow_ending,
        )
    except ImportRefused as refusal:
        _say_refused(refusal, mapping)
        sys.exit(1)
    except Refused as refusal:
        _end(refusal)
    report = computed.report
    try:
        if not dry_run:
            delivery.write(report)
            writing.begin(computed.plan)
    except BaseException as error:
        computed.plan.remove()
        delivery.take_back()
        if isinstance(error, Refused):
            _end(error)
        raise
    if not dry_run and computed.plan.steps:
        writing.go_on(computed.plan.uid, delivery.take_back)
    for line in report_lines(Findings(), report.notes):
        click.echo(line, err=True)
    click.echo(report.summary)
    if report.codes and slips is None and codes is None:
        click.echo(delivery.table(report.codes), nl=False)
    for sentence in delivery.lacking:
        click.echo(sentence, err=True)
    for written in delivery.written:
        count = ngettext("{count} first password", "{count} first passwords", len(report.codes))
        click.echo(f"{count}: {written}")


@import_.command("finish")
@click.argument("run", required=False)
def finish(run: str | None) -> None:
    """Write what is left of an import that was interrupted. RUN is needed when there are several."""
    writing = _Writing()
    writing.go_on(_open_run(writing, run), lambda: None)
    click.echo(_("The import is written whole."))


@import_.command("undo")
@click.argument("run", required=False)
def undo(run: str | None) -> None:
    """Take an import back as one, whole or interrupted. RUN is its number; needed when none or several are open."""
    writing = _Writing()
    count = writing.take_back(_open_run(writing, run))
    click.echo(ngettext("{count} row was taken back.", "{count} rows were taken back.", count))


def _open_run(writing: _Writing, run: str | None) -> str:
    """The run that is meant; ends the command (2) with the open ones where that is not clear."""
    from ais_app.exchange.writing import runs

    if run is not None:
        return run
    found = writing.reader.read(runs.open_runs)
    if len(found) != 1:
        for one in found:
            click.echo(f"{one.uid}  {one.done}/{one.steps}", err=True)
        click.echo(_("Say which import.") if found else _("No import is unfinished."), err=True)
        sys.exit(2)
    return found[0].uid


def _end(refusal: Refused) -> NoReturn:
    click.echo(str(refusal), err=True)
    sys.exit(1)


class _Writing:
    """Writes an import piece by piece: through the running server where there is one, else alone."""

    def __init__(self) -> None:
        from ais_app.exchange.writing import plan

        self._carry_out = Runner(commands.chosen_settings())
        self.reader = self._carry_out.reader()
        self._folder = plan.folder_of(self.reader.url)

    def begin(self, made: Plan) -> None:
        """Raises Refused: then nothing is written."""
        if made.steps:
            named = {"run": made.uid, "folder": str(self._folder), "subjects": list(made.subjects)}
            self._carry_out(IMPORT_BEGIN, **named, steps=made.steps, digest=made.digest)

    def go_on(self, run: str, forgotten: Callable[[], None]) -> None:
        """Write what is left; ends the command (1) where something comes between, after `forgotten()` where nothing was
        written.
        """
        from ais_app.exchange.writing import plan, runs

        done = steps = 0
        try:
            self.reader.read(runs.must_be_whole, run, self._folder)
            size = LEAST
            while not steps or done < steps:
                begun = perf_counter()
                asked = {"run": run, "folder": str(self._folder), "parts": size}
                answer = self._carry_out(IMPORT_PIECE, **asked)
                done, steps = answer["done"], answer["steps"]
                size = next_size(size, perf_counter() - begun)
        except Refused as refusal:
            if not done and self._carry_out(IMPORT_FORGET, run=run)["forgotten"]:
                plan.path_of(self._folder, run).unlink(missing_ok=True)
                forgotten()
                _end(refusal)
            click.echo(str(refusal), err=True)
            text = _(
                "The import {run} is unfinished: `ais import finish` writes the rest, `ais import undo` takes it back."
            )
            click.echo(text.format(run=run), err=True)
            sys.exit(1)
        plan.path_of(self._folder, run).unlink(missing_ok=True)

    def take_back(self, run: str) -> int:
        """Take a run back; returns how many rows. Ends the command (1) with the sentence why that is not possible."""
        from ais_app.exchange.writing import plan

        count = 0
        try:
            if not self._carry_out(IMPORT_FORGET, run=run)["forgotten"]:
                self._carry_out(IMPORT_MAY_GO, run=run)
                size = LEAST
                while True:
                    begun = perf_counter()
                    rows = self._carry_out(IMPORT_PIECE_BACK, run=run, folder=str(self._folder), parts=size)["rows"]
                    size = next_size(size, perf_counter() - begun)
                    if not rows:
                        break
                    count += rows
        except Refused as refusal:
            _end(refusal)
        plan.path_of(self._folder, run).unlink(missing_ok=True)
        return count


def _say_refused(refusal: ImportRefused, mapping: Path | None) -> None:
    """Say every defect, write the questions about homerooms to a mapping file, and end with how many defects."""
    from ais_app.exchange.oneroster import HomeroomsUnknown, report_lines, write_questions

    for line in report_lines(refusal.problems, refusal.notes):
        click.echo(line, err=True)
    if isinstance(refusal, HomeroomsUnknown) and mapping is not None:
        if mapping.exists():
            said = _("{path} does not answer for all of them. Name a new file to have the rest written.")
        else:
            write_questions(mapping, refusal.questions)
            said = _("The questions are in {path}: fill in the column becomes, then import again with this file.")
        click.echo(said.format(path=mapping), err=True)
    refused = ngettext(
        "Refused, nothing was imported: {count} problem.",
        "Refused, nothing was imported: {count} problems.",
        len(refusal.problems),
    )
    click.echo(refused, err=True)


def _check_year(year: str | None) -> None:
    if year is None:
        return
    first, _slash, second = year.partition("/")
    if not (len(year) == 7 and first.isdigit() and second.isdigit() and (int(first) + 1) % 100 == int(second)):
        msg = _("«{year}» is no school year such as 2026/27").format(year=year)
        raise click.BadParameter(msg, param_hint="--year")


@click.group("export", cls=commands.Group)
def export() -> None:
    """Write data out for other systems."""


@export.command("oneroster")
@click.argument("path", type=commands.NEW_FILE)
@click.option("--school", metavar="UID", help="Which school; needed when there are several.")
def export_oneroster_(path: Path, *, school: str | None) -> None:
    """Write a school to PATH as OneRoster 1.2 CSV: a new folder, or a new zip when PATH ends with .zip.

    Holds people, accounts without passwords, roles, classes, courses, enrollments, timetables, lessons, marks and
    remarks; imported into an empty installation it gives the same school. The export is recorded in the school's
    ledger.
    """
    from ais_app.exchange.oneroster import export_oneroster
    from ais_app.people.queries import schools

    carry_out = Runner(commands.chosen_settings())
    database = carry_out.reader()
    found = database.read(schools)
    uids = [uid for uid, _name in found]
    if school is None and len(found) != 1:
        for uid, name in found:
            click.echo(f"{uid}  {name}", err=True)
        click.echo(_("Say which school with --school UID.") if found else _("There is no school here."), err=True)
        sys.exit(2)
    if school is not None and school not in uids:
        click.echo(_("There is no school {uid} here.").format(uid=school), err=True)
        sys.exit(2)
    uid = school or uids[0]

    def record(counts: Mapping[str, int]) -> None:
        carry_out(RECORD_EXPORT, school=uid, rows=dict(counts))

    try:
        exported = export_oneroster(database, path, uid, record)
    except Refused as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)
    rows = ", ".join(f"{name} {number}" for name, number in exported.rows.items())
    click.echo(_("Exported to {path}: {rows}.").format(path=path, rows=rows))
