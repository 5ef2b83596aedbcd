"""Figures drawn with Python's plotly in the colours of the page. It is imported with the first figure, in a thread.

Coordinates are floats, since JSON knows nothing else; texts and comparisons use exact fractions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any, Literal

from ais_app.diary.rules import STATE_CODES, DayState, spread
from ais_app.i18n import _
from ais_app.journal.grid.means import Thresholds, shown_mean

Theme = Literal["light", "dark", "contrast", "contrast-dark"]

MEANS_HEIGHT, TOP, BOTTOM, LABELS_WIDTH, LABEL_GAP = 380, 16, 36, 176, 18  # px
BAR_ROW, NAME_WIDTH = 32, 17  # px, characters
TILE, LARGEST_TILE = 15, 26  # px: a day of the calendar with its gap
TILES_WIDTH, TILES_LEFT, TILES_TOP = 270, 26, 22  # px: all of them, the names of the weekdays, those of the months


@cache
def _themes() -> dict[str, Any]:
    """The chart themes of the design, read once."""
    text = resources.files("ais_app.diary.progress").joinpath("plotly-template.json").read_text(encoding="utf-8")
    return json.loads(text)["themes"]


class _Style:
    """A theme's colours by what they are for."""

    def __init__(self, theme: Theme) -> None:
        chosen = _themes()[theme]
        self.template = chosen["template"]
        layout = self.template["layout"]
        self.lines: list[str] = layout["colorway"]
        self.paper: str = layout["hoverlabel"]["bgcolor"]
        self.text: str = layout["font"]["color"]
        self.grid: str = layout["xaxis"]["gridcolor"]
        self.axis: str = layout["xaxis"]["tickfont"]["color"]
        self.scale = [colour for _position, colour in layout["colorscale"]["sequential"]]
        self.marks: dict[str, dict[str, str]] = chosen["mark_colors"]

    def mark(self, code: str) -> dict[str, str]:
        return self.marks.get(code, self.marks["other"])


def _json(traces: Sequence[Any], style: _Style, kind: str, **layout: Any) -> dict[str, Any]:
    """A figure as plain JSON, without transitions; of the theme it has only what traces of this `kind` need.

    The theme is put in afterwards: plotly would check its thousand values at each figure, a test checks them once.
    """
    import plotly.graph_objects as go

    figure = go.Figure(data=list(traces), layout={**layout, "transition": {"duration": 0}, "showlegend": False})
    made = json.loads(figure.to_json() or "{}")
    made["layout"]["template"] = {
        "layout": style.template["layout"],
        "data": {kind: style.template["data"].get(kind, [])},
    }
    return made


def lines(
    series: Mapping[str, Sequence[Fraction | None]],
    heads: Sequence[str],
    strong: str,
    thresholds: Thresholds,
    theme: Theme,
) -> dict[str, Any]:
    """Means by week: a line for each name of `series`, its name and last mean at the end, thresholds dotted."""
    import plotly.graph_objects as go

    style = _Style(theme)
    lowest = min(3, *(int(value) for values in series.values() for value in values if value is not None))
    highest = Fraction(51, 10)
    end = max(len(heads) - 1, 1)
    px = Fraction(MEANS_HEIGHT - TOP - BOTTOM) / (highest - lowest)  # of one unit of the mean
    traces = [
        go.Scatter(
            x=list(range(len(values))),
            y=[None if value is None else float(value) for value in values],
            text=[shown_mean(value, thresholds) for value in values],
            name=name,
            line={"width": 3 if name == strong else 1.9, "color": colour},
            marker={
                "size": [0] * (len(values) - 1) + [8],
                "opacity": [0] * (len(values) - 1) + [1],
                "symbol": "circle",
                "color": style.paper,
                "line": {"width": 2, "color": colour},
            },
            cliponaxis=False,
            hovertemplate="%{fullData.name} %{text}<extra></extra>",
        )
        for (name, values), colour in zip(series.items(), style.lines, strict=False)
    ]
    steps = [Fraction(step, 2) for step in range(2 * lowest, 11)]
    marks = {thresholds.least_for(mark): mark for mark in (5, 4, 3) if thresholds.least_for(mark) > lowest}
    return _json(
        traces,
        style,
        "scatter",
        height=MEANS_HEIGHT,
        margin={"l": 36, "r": LABELS_WIDTH, "t": TOP, "b": BOTTOM, "pad": 4},
        annotations=[*_threshold_words(marks, style), *_end_labels(series, px, len(heads) - 1, style, thresholds)],
        shapes=[
            _level(level, end, style.axis if level in marks else style.grid, "dot" if level in marks else "solid")
            for level in sorted({*marks, *(step for step in steps if step.denominator == 1)})
        ],
        xaxis=_axis(
            range=[0, end], tickvals=list(range(len(heads))), ticktext=_thinned(heads), showline=False, showgrid=False
        ),
        yaxis=_axis(
            range=[float(lowest), float(highest)],
            tickvals=[float(step) for step in steps],
            ticktext=[f"{float(step):.1f}".replace(".", ",") for step in steps],
        ),
    )


def _axis(**given: Any) -> dict[str, Any]:
    return {"fixedrange": True, "showgrid": False, "automargin": False, **given}


def _level(level: Fraction, end: int, colour: str, dash: str) -> dict[str, Any]:
    at = float(level)
    line = {"width": 1, "color": colour, "dash": dash}
    return {"type": "line", "x0": 0, "x1": end, "y0": at, "y1": at, "layer": "below", "line": line}


def _threshold_words(marks: Mapping[Fraction, int], style: _Style) -> list[dict[str, Any]]:
    """«порог «5»» under its line, at the left."""
    return [
        {
            "x": 0,
            "y": float(level),
            "yshift": -9,
            "text": _("threshold «{mark}»").format(mark=mark),
            "showarrow": False,
            "xanchor": "left",
            "font": {"size": 12, "color": style.axis},
            "bgcolor": style.paper,
            "borderpad": 0,
        }
        for level, mark in marks.items()
    ]


def _end_labels(
    series: Mapping[str, Sequence[Fraction | None]], px: Fraction, end: int, style: _Style, thresholds: Thresholds
) -> list[dict[str, Any]]:
    """Names with their last mean, moved apart so that none covers another, each tied to its line."""
    last = [next(value for value in reversed(values) if value is not None) for values in series.values()]
    heights = spread(last, LABEL_GAP / px)
    return [
        {
            "x": end,
            "y": float(value),
            "ax": 20,
            "ay": float((value - height) * px),
            "text": f"{_short(name)} <b>{shown_mean(value, thresholds)}</b>",
            "showarrow": True,
            "arrowhead": 0,
            "arrowwidth": 1,
            "arrowcolor": colour,
            "standoff": 6,
            "xanchor": "left",
            "align": "left",
            "font": {"size": 12.5, "color": style.text},
        }
        for name, value, height, colour in zip(series, last, heights, style.lines, strict=False)
    ]


def _thinned(heads: Sequence[str]) -> list[str]:
    """At most twelve labels under the axis; the last week always has one."""
    every = -(-len(heads) // 12)
    return [head if (len(heads) - 1 - index) % every == 0 else "" for index, head in enumerate(heads)]


def _short(name: str) -> str:
    return name if len(name) <= NAME_WIDTH else name[: NAME_WIDTH - 1].rstrip() + "…"


_HATCHING = {"4": "/", "3": ".", "2": "x", "1": "-"}


def _bar_style(code: str, style: _Style) -> dict[str, Any]:
    """Colour and hatching of a mark's part of a bar. The contrast themes fill all alike, only hatched differently."""
    colours = style.mark(code)
    pattern = {
        "shape": _HATCHING.get(code, ""),
        "bgcolor": colours["fill"],
        "fgcolor": colours["line"],
        "fgopacity": 0.35,
        "size": 6,
        "solidity": 0.2,
    }
    return {"color": colours["fill"], "line": {"width": 1, "color": colours["line"]}, "pattern": pattern}


def bars_height(count: int) -> int:
    """The height of `count` bars in px."""
    return BAR_ROW * count + 8


def bars(counts: Mapping[str, Mapping[str, int]], given: Sequence[str], theme: Theme) -> dict[str, Any]:
    """How many of which marks: a bar for each name, divided by mark."""
    import plotly.graph_objects as go

    style = _Style(theme)
    traces = [
        go.Bar(
            orientation="h",
            y=list(range(len(counts))),
            x=[one[code] or None for one in counts.values()],
            text=[str(one[code] or "") for one in counts.values()],
            customdata=list(counts),
            name=f"«{code}»",
            marker=_bar_style(code, style),
            textfont={"color": style.mark(code)["line"], "size": 12, "weight": 600},
            textangle=0,
            constraintext="none",
            textposition="inside",
            insidetextanchor="middle",
            hovertemplate="%{customdata}: %{fullData.name} — %{x}<extra></extra>",
        )
        for code in given
    ]
    return _json(
        traces,
        style,
        "bar",
        height=bars_height(len(counts)),
        barmode="stack",
        bargap=0.3,
        barcornerradius=0,
        hovermode="closest",
        margin={"l": 118, "r": 2, "t": 0, "b": 4, "pad": 6},
        xaxis={"visible": False, "fixedrange": True},
        yaxis=_axis(
            tickvals=list(range(len(counts))),
            ticktext=[_broken(name) for name in counts],
            range=[len(counts) - 0.5, -0.5],
            tickfont={"size": 12, "color": style.text},
        ),
    )


def _broken(name: str) -> str:
    """A long name on two lines."""
    if len(name) <= NAME_WIDTH or " " not in name:
        return _short(name)
    head, _space, _tail = name[: NAME_WIDTH + 1].rpartition(" ")
    return f"{head}<br>{_short(name[len(head) + 1 :])}" if head else _short(name)


@dataclass(frozen=True, slots=True)
class Tile:
    """A day of the calendar. `week`: its column, from 0; `weekday`: its row, 0 = Monday; `words`: its tooltip."""

    week: int
    weekday: int
    state: DayState
    words: str


_CLEAR = "rgba(0,0,0,0)"


def _tile_style(state: DayState, style: _Style) -> tuple[str, str, str, str]:
    """(fill, edge, ink, letter) of a day. Absences, lateness and holidays have a letter, not a colour alone."""
    plain = {
        DayState.PRESENT: (style.scale[1], style.scale[1], ""),
        DayState.AHEAD: (style.scale[0], style.grid, ""),
        DayState.HOLIDAY: (_CLEAR, style.grid, "–"),
    }
    if state in plain:
        fill, edge, letter = plain[state]
        return fill, edge, style.axis, letter
    as_mark = {DayState.ABSENT: "2", DayState.ILL: "4", DayState.EXCUSED: "other", DayState.LATE: "3"}[state]
    colours = style.mark(as_mark)
    return colours["fill"], colours["line"], colours["line"], STATE_CODES[state]


def calendar_size(weeks: int, weekdays: int) -> tuple[int, int, int]:
    """Width and height in px and the side of a day with its gap, for so many weeks."""
    pitch = max(TILE, min(LARGEST_TILE, TILES_WIDTH // weeks))
    return TILES_LEFT + pitch * weeks + 2, TILES_TOP + pitch * weekdays + 2, pitch


def calendar(
    tiles: Sequence[Tile], months: Mapping[int, str], weekdays: Sequence[str], weeks: int, theme: Theme
) -> dict[str, Any]:
    """Attendance: a square for each day, weeks from left to right; `months` name the weeks they begin in."""
    import plotly.graph_objects as go

    style = _Style(theme)
    across, down, pitch = calendar_size(weeks, len(weekdays))
    traces = []
    for state in sorted({tile.state for tile in tiles} - {DayState.FREE}):
        of_state = [tile for tile in tiles if tile.state is state]
        fill, edge, ink, letter = _tile_style(state, style)
        traces.append(
            go.Scatter(
                x=[tile.week for tile in of_state],
                y=[tile.weekday for tile in of_state],
                text=[letter] * len(of_state),
                customdata=[tile.words for tile in of_state],
                mode="markers+text",
                marker={
                    "symbol": "square",
                    "size": pitch - 3,
                    "color": fill,
                    "opacity": 1,
                    "line": {"width": 1, "color": edge},
                },
                textfont={"size": min(12, pitch - 4), "color": ink, "weight": 600},
                cliponaxis=False,
                hovertemplate="%{customdata}<extra></extra>",
            )
        )
    return _json(
        traces,
        style,
        "scatter",
        width=across,
        height=down,
        autosize=False,
        hovermode="closest",
        margin={"l": TILES_LEFT, "r": 2, "t": TILES_TOP, "b": 2, "pad": 0},
        xaxis=_axis(range=[-0.5, weeks - 0.5], side="top", showline=False, showticklabels=False),
        yaxis=_axis(range=[len(weekdays) - 0.5, -0.5], tickvals=list(range(len(weekdays))), ticktext=list(weekdays)),
        annotations=[
            {
                "x": week - 0.5,
                "y": -0.5,
                "text": name,
                "showarrow": False,
                "xanchor": "left",
                "yanchor": "bottom",
                "font": {"size": 12, "color": style.axis},
            }
            for week, name in months.items()
        ],
    )
