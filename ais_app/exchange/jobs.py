"""The jobs of this room: checking a set, importing it, exporting a school."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from ais_app.access.payload import Payload
from ais_app.exchange.files import EXPORT as EXPORT_FILE
from ais_app.exchange.files import REPORT, SLIPS
from ais_app.i18n import _, ngettext
from ais_app.jobs.declared import JobKind
from ais_app.rights.rules import Right

PAGE = "/exchange"
_Uid = Annotated[str, Field(pattern=r"^[a-z2-7]{16}$")]


class SetAsked(Payload):
    """`file`: the uid under which a set is stored; `name`: how it was called.

    `year`: the school year to import into, "" = the set's own or the present one. `ending`: it may end most of a
    school. What was checked with these is written with these.
    """

    file: _Uid
    name: Annotated[str, Field(max_length=120)]
    year: Annotated[str, Field(pattern=r"^(\d{4}/\d{2})?$")] = ""
    ending: bool = False


class TakingBackAsked(Payload):
    """`run`: the import that is taken back; `name`: of its set."""

    run: _Uid
    name: Annotated[str, Field(max_length=120)]


class ExportAsked(Payload):
    school: _Uid


def _checked(result: Mapping[str, Any]) -> str:
    problems, notes = int(result.get("problems", 0)), int(result.get("notes", 0))
    found = ngettext("{count} problem", "{count} problems", problems)
    return ", ".join((found, ngettext("{count} note", "{count} notes", notes)))


def _imported(result: Mapping[str, Any]) -> str:
    return ngettext("{count} step was written", "{count} steps were written", int(result.get("steps", 0)))


def _taken_back(result: Mapping[str, Any]) -> str:
    count = int(result.get("rows", 0))
    return ngettext("{count} row was taken back.", "{count} rows were taken back.", count)


def _exported(result: Mapping[str, Any]) -> str:
    return ngettext("{count} row", "{count} rows", sum(dict(result.get("rows", {})).values()))


def _step(step: str) -> str:
    words = {
        "compute": _("It is worked out what changes"),
        "slips": _("First passwords are drawn"),
        "write": _("It is written"),
        "take_back": _("It is taken back"),
    }
    return words.get(step, "")


CHECK = JobKind(
    "set_check",
    words=lambda asked: _("Check of the set {name}").format(name=asked.name),
    payload=SetAsked,
    right=Right.SET_UP_SCHOOL,
    work="ais_app.exchange.working:check",
    keeps=REPORT.name,
    found=lambda result: bool(result.get("problems")),
    said=_checked,
    steps=_step,
    shown_at=PAGE,
    lease_seconds=120,
)
IMPORT = JobKind(
    "set_import",
    words=lambda asked: _("Import of the set {name}").format(name=asked.name),
    payload=SetAsked,
    right=Right.SET_UP_SCHOOL,
    work="ais_app.exchange.working:import_set",
    write="ais_app.exchange.working:write_steps",
    keeps=SLIPS.name,
    said=_imported,
    steps=_step,
    shown_at=PAGE,
    lease_seconds=120,
)
TAKING_BACK = JobKind(
    "set_taking_back",
    words=lambda asked: _("Taking back the set {name}").format(name=asked.name),
    payload=TakingBackAsked,
    right=Right.SET_UP_SCHOOL,
    work="ais_app.exchange.taking_back:take_back",
    write="ais_app.exchange.taking_back:write_back",
    said=_taken_back,
    steps=_step,
    shown_at=PAGE,
    lease_seconds=120,
)
EXPORT = JobKind(
    "set_export",
    words=lambda _asked: _("Export of a school"),
    payload=ExportAsked,
    right=Right.SET_UP_SCHOOL,
    work="ais_app.exchange.working:export",
    write="ais_app.exchange.working:write_record",
    keeps=EXPORT_FILE.name,
    said=_exported,
    steps=_step,
    shown_at=PAGE,
)

JOBS = (CHECK, IMPORT, TAKING_BACK, EXPORT)
