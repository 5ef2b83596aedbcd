"""The marks grid as a Reflex component; its contract stands in docs/architecture.md."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.i18n import _, forms, language

_assets = {
    name: rx.asset(name, shared=True)
    for name in ("keys.js", "queue.js", "reducer.js", "row.jsx", "head.jsx", "marks_grid.jsx")
}


class MarksGrid(rx.Component):
    """`sheet` once per opening, then `patch`es; one event per key or paste (see `marks_grid.jsx`)."""

    library = "$/public" + str(_assets["marks_grid.jsx"])
    tag = "MarksGrid"

    sheet: rx.Var[dict[str, Any]]
    patch: rx.Var[dict[str, Any]]
    labels: rx.Var[dict[str, Any]]
    on_edit: rx.EventHandler[rx.event.passthrough_event_spec(dict)]
    on_resync: rx.EventHandler[rx.event.passthrough_event_spec(dict)]
    on_look: rx.EventHandler[rx.event.passthrough_event_spec(dict)]


def labels() -> dict[str, Any]:
    """Every text that the grid says, plural ones with all their forms."""
    return {
        "lang": language(),
        "student": _("Student"),
        "count": _("Marks"),
        "countTitle": _("How many marks of the period count"),
        "mean": _("Mean"),
        "meanTitle": _("Exact weighted mean of the period, rounded for show only"),
        "present": _("At the lesson"),
        "empty": _("empty"),
        "comment": _("comment"),
        "changed": _("was changed"),
        "outside": _("Not in this group on that day."),
        "noLessons": _("There are no lessons in this period yet."),
        "notSent": _("Not saved: the whole entry was refused."),
        "saved": _("Saved at {time}"),
        "changedBy": _("{who} has changed the journal"),
        "bad": _("«{text}» is neither a mark nor a code."),
        "somebody": _("Somebody"),
        "conflict": _("Two values for one cell"),
        "conflictText": _("{who} has entered {theirs} here meanwhile, you entered {mine}."),
        "takeTheirs": _("Keep {theirs}"),
        "takeMine": _("Write {mine}"),
        "leftOut": forms("{count} cell was left out", "{count} cells were left out"),
        "sendRest": forms("Write the other {count}", "Write the other {count}"),
        "help": _(
            "Arrows move, digits and letters write and move down, slash adds a second mark, Delete clears, "
            "F4 shows the lesson, Escape leaves the table."
        ),
    }


def marks_grid(state: Any) -> rx.Component:
    """The grid bound to a state with `sheet`, `patch`, `enter`, `resync` and `look`."""
    return MarksGrid.create(
        sheet=state.sheet,
        patch=state.patch,
        labels=labels(),
        on_edit=state.enter,
        on_resync=state.resync,
        on_look=state.look,
    )
