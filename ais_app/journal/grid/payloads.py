"""What the grid and the page around it may send."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ais_app.access.payload import Payload
from ais_app.journal.fields import Uid
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation
from ais_app.ledger.operation import LONGEST_REASON

MOST_OPERATIONS, MOST_CELLS = 50, 500  # of one event (D-20, D-56); `access/gate/budget.py` counts with them
CellText = Annotated[str, Field(max_length=16)]
Version = Annotated[int, Field(ge=0, le=1_000_000)]
Comment = Annotated[str, Field(max_length=500)]
GridCell = tuple[Uid, Uid, CellText, Version] | tuple[Uid, Uid, CellText, Version, Comment]
GridCells = Annotated[list[GridCell], Field(min_length=1, max_length=MOST_CELLS)]
Reason = Annotated[str, Field(max_length=LONGEST_REASON)]
GridOperation = tuple[Uid, Uid, GridCells] | tuple[Uid, Uid, GridCells, Reason]


def _few_cells(operations: list[GridOperation]) -> list[GridOperation]:
    if sum(len(operation[2]) for operation in operations) > MOST_CELLS:
        raise ValueError
    return operations


class GridEdit(Payload):
    """Operations [uid, course, cells, reason?] of one event; a cell is [student, work, text, version, comment?]."""

    ops: Annotated[list[GridOperation], Field(min_length=1, max_length=MOST_OPERATIONS), AfterValidator(_few_cells)]

    @property
    def operations(self) -> list[MarksOperation]:
        """The operations as the service takes them."""
        return [
            MarksOperation(uid, course, [entry(cell) for cell in cells], *reason)
            for uid, course, cells, *reason in self.ops
        ]


def entry(cell: GridCell) -> MarkEntry:
    """A cell of the wire as the service takes it."""
    return MarkEntry(cell[0], cell[1], cell[2], cell[3], cell[4].strip() if len(cell) == 5 else None)


class CourseAddress(Payload):
    """The query of a journal's address. `lesson`: only in a link to one; once open, it is replaced by `period`."""

    period: Annotated[str, Field(pattern=r"^([a-z2-7]{16})?$")] = ""
    view: Literal["", "topics"] = ""
    lesson: Annotated[str, Field(pattern=r"^([a-z2-7]{16})?$")] = ""


class ChooseView(Payload):
    view: Literal["marks", "topics"]


class Prefer(Payload):
    """A setting of the grid, kept for the account."""

    name: Literal["cursor", "means"]
    value: Literal["down", "right", "stay", "shown", "hidden"]


class Resync(Payload):
    course: Uid
    seq: Annotated[int, Field(ge=0)]


class ChoosePeriod(Payload):
    period: Uid
