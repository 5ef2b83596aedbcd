"""A plotly figure as a Reflex component: plotly's basic bundle, loaded only by pages that show a chart.

Reflex's own component imports Python's plotly when a page is made, which would cost every start of the server its
time and memory; this one takes the figure as plain JSON. The version of plotly.js is the one that Python's plotly
of `requirements/` speaks (`plotly.offline.get_plotlyjs_version`).
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.components.component import NoSSRComponent
from reflex_base.utils.imports import ImportDict, ImportVar

from ais_app.i18n import _

_BUNDLE = "plotly.js-basic-dist-min"
_WIRED = "react-plotly.js"

# No tool bar, no zooming by accident.
_CONFIG = {
    "displayModeBar": False,
    "responsive": True,
    "doubleClick": False,
    "scrollZoom": False,
    "showTips": False,
    "staticPlot": False,
}


class Chart(NoSSRComponent):
    """`data` and `layout` of a figure (`figure.to_plotly_json()`), redrawn when they change."""

    library = f"{_WIRED}@4.1.0"
    lib_dependencies: list[str] = [f"{_BUNDLE}@4.1.1"]
    tag = "BasicChart"

    data: rx.Var[list[Any]]
    layout: rx.Var[dict[str, Any]]
    config: rx.Var[dict[str, Any]]
    use_resize_handler: rx.Var[bool]

    def add_imports(self) -> ImportDict:
        return {_WIRED: [ImportVar(tag="createPlotlyComponent", is_default=True, package_path="/factory")]}

    def _get_dynamic_imports(self) -> str:
        return (
            f"const {self.tag} = ClientSide(() => import('{_BUNDLE}')"
            f".then((mod) => createPlotlyComponent(mod.default ?? mod)), '{self.tag}')"
        )


def chart(figure: Any, name: Any, *, test_id: str, style: Any = None) -> rx.Component:
    """A figure, for screen readers one image named `name`; the page shows the same numbers in a table beside it."""
    return rx.el.div(
        rx.el.p(_("The chart is not drawn yet. The same numbers stand in the table below."), class_name="undrawn"),
        Chart.create(data=figure["data"], layout=figure["layout"], config=_CONFIG, use_resize_handler=True),
        role="img",
        class_name="plot",
        style=style,
        custom_attrs={"aria-label": name, "data-testid": test_id},
    )
