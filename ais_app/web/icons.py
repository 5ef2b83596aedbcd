"""Icons: one stroke, drawn for this product; always beside a word, hidden from assistive technology."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.web.build import versioned

_PATHS = {
    "today": "M4 13.5 6.5 5h11L20 13.5V19H4zM4 13.5h4.5l1.5 2.5h4l1.5-2.5H20",
    "journal": "M4 5h16v14H4zM4 10h16M9 5v14M4 14.5h16M14.5 10v9",
    "diary": "M12 6.5C10 5 7 4.6 4 5v13.5c3-.4 6 0 8 1.5 2-1.5 5-1.9 8-1.5V5c-3-.4-6 0-8 1.5zM12 6.5V20",
    "progress": "M4 4.5V20h16M7.5 15l3.5-4.5 3 2.5 5-7",
    "filter": "M4.5 6h15M7.5 12h9M10.5 18h3",
    "calculator": "M6 3.5h12v17H6zM9 7.5h6M9 12h.2M12 12h.2M15 12h.2M9 16h.2M12 16h.2M15 16h.2",
    "check": "M5 12.8l4.5 4.5L19 7.5",
    "close": "M6.5 6.5l11 11M17.5 6.5l-11 11",
    "left": "M14.5 5.5 8 12l6.5 6.5",
    "right": "M9.5 5.5 16 12l-6.5 6.5",
    "comment": "M5 5.5h14v10h-8L7 19v-3.5H5z",
    "plus": "M12 5v14M5 12h14",
    "leave": "M14 5H5v14h9M10 12h10M16.5 8.5 20 12l-3.5 3.5",
    "eye": "M2.8 12c2-4 5.2-6.2 9.2-6.2s7.2 2.2 9.2 6.2c-2 4-5.2 6.2-9.2 6.2S4.8 16 2.8 12z"
    "M12 14.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6z",
    "people": "M9 11.5a3.3 3.3 0 1 0 0-6.6 3.3 3.3 0 0 0 0 6.6zM3 19.5c.5-3.5 3-5 6-5s5.5 1.5 6 5"
    "M16 5.2a3 3 0 0 1 0 6M17.5 14.7c2 .6 3.2 2.2 3.5 4.8",
    "shield": "M12 3.5 19.5 6v6c0 4.5-3.2 7.3-7.5 8.5C7.7 19.3 4.5 16.5 4.5 12V6zM8.5 12l2.5 2.5 4.5-5",
    "alert": "M12 4 21 19.5H3zM12 10v4.5M12 17v.2",
    "arrow": "M5 12h13.5M13.5 6.8 18.7 12l-5.2 5.2",
    "pen": "M5 19l.8-3.8L15.5 5.5l3 3L8.8 18.200z",
    "gear": "M5 7h9M18 7h1M5 17h1M10 17h9M16 9.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z"
    "M8 19.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
    "swap": "M5 8.5h13M14.5 5 18 8.5 14.5 12M19 15.5H6M9.5 12 6 15.5 9.5 19",
    "clock": "M12 20.5a8.5 8.5 0 1 0 0-17 8.500 8.500 0 0 0 0 17zM12 7.500V12l3 2.200",
    "print": "M7 9V4h10v5M7 17H4.5V9h15v8H17M7 14h10v6H7z",
    "open": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 6.7-1.4",
    "undo": "M9 6 4.5 10.5 9 15M4.500 10.500h9a5.500 5.500 0 0 1 0 11H10",
    "key": "M14.5 13.5a4 4 0 1 0-3-3L5 17v2.5h2.5V17H10v-2.5h1.5z",
}


def icon(name: str) -> rx.Component:
    """A decorative icon from the set above."""
    return rx.el.svg(
        rx.el.path(d=_PATHS[name]), class_name="i", view_box="0 0 24 24", custom_attrs={"aria-hidden": "true"}
    )


def icon_of(name: Any) -> rx.Component:
    """An icon whose name comes from a variable."""
    return rx.match(name, *[(known, icon(known)) for known in _PATHS], rx.fragment())


def logo() -> rx.Component:
    return rx.el.img(src=versioned("/favicon.svg"), alt="", width="34", height="34")
