"""The keys of the page of settings."""

from __future__ import annotations

from typing import Any

import reflex as rx

from ais_app.web.scripts import scripts

_scripts = scripts(__name__.rpartition(".")[0], "keys.jsx")


class SettingKeys(rx.Component):
    """Shows nothing; `opened`: the key of the opened setting."""

    library = _scripts["keys.jsx"]
    tag = "SettingKeys"

    opened: rx.Var[str]


def setting_keys(opened: Any) -> rx.Component:
    return SettingKeys.create(opened=opened)
