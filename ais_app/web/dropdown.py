"""A menu under its button; `assets/js/menus.js` closes it on Escape, a press elsewhere, another menu that opens."""

from __future__ import annotations

from typing import Any

import reflex as rx


def dropdown(head: rx.Component, content: rx.Component, *, class_name: str, **properties: Any) -> rx.Component:
    """`head` is the `<summary>`, `content` what it opens."""
    return rx.el.details(head, content, class_name=class_name, custom_attrs={"data-menu": "true"}, **properties)
