"""The marks grid as a Reflex component; docs/architecture.md describes its contract."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from ais_app.journal.grid.table.labels import labels
from ais_app.web.scripts import scripts

SCRIPTS = scripts(
    __name__,
    "codes.js",
    "grammar.js",
    "typing.js",
    "keys.js",
    "leaving.js",
    "queue.js",
    "store.js",
    "undo.js",
    "reducer.js",
    "use_journal.js",
    "focus.js",
    "panel.js",
    "bars.jsx",
    "row.jsx",
    "head.jsx",
    "table.jsx",
    "phone.jsx",
    "marks_grid.jsx",
    "waiting.jsx",
)


class MarksGrid(rx.Component):
    """`sheet` once per opening, then `answer`s to own edits and `patch`es of others (see `use_journal.js`)."""

    library = SCRIPTS["marks_grid.jsx"]
    tag = "MarksGrid"

    sheet: rx.Var[dict[str, Any]]
    course: rx.Var[str]
    answer: rx.Var[dict[str, Any]]
    patch: rx.Var[dict[str, Any]]
    presence: rx.Var[dict[str, Any]]
    connected: rx.Var[bool]
    cursor: rx.Var[str]
    means: rx.Var[bool]
    read_only: rx.Var[bool]
    labels: rx.Var[dict[str, Any]]
    on_edit: rx.EventHandler[rx.event.passthrough_event_spec(dict)]
    on_resync: rx.EventHandler[rx.event.passthrough_event_spec(dict)]
    on_show_cell: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


def marks_grid(state: Any, panel: Any) -> rx.Component:
    """The grid bound to a state with `sheet`, `answer`, `patch`, `enter`, …; `panel` is the state with `show_cell`."""
    return MarksGrid.create(
        sheet=state.sheet,
        course=state.open_course,
        answer=state.answer,
        patch=state.patch,
        presence=state.presence,
        connected=~has_connection_errors,
        cursor=state.cursor,
        means=state.means,
        read_only=state.read_only,
        labels=labels(),
        on_edit=state.enter,
        on_resync=state.resync,
        on_show_cell=panel.show_cell,
    )
