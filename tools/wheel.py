"""Hatchling's hook: what the wheel carries beside the package, and that it is of these very sources.

The server reads the same names below `ais_app/_shipped/` as in a checkout (`ais_app/paths.py`).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))
import tasks

SHIPPED = "ais_app/_shipped"


class ShippedFiles(BuildHookInterface):
    """Refuses a frontend that is missing or older than its sources; without one there is no wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # reads from the checkout
            return
        stale = [language for language in tasks.LANGUAGES if not tasks.is_fresh(language)]
        if stale:
            msg = f"The frontend ({', '.join(stale)}) is missing or older than its sources: run `make build`."
            raise RuntimeError(msg)
        build_data["force_include"] |= {str(tasks.ROOT / name): f"{SHIPPED}/{name}" for name in files()}


def files() -> list[str]:
    """Files and folders of the checkout, relative to it."""
    webs = [tasks.web_dir(language).relative_to(tasks.ROOT) for language in tasks.LANGUAGES]
    bundles = [f"{web}/{part}" for web in webs for part in ("build/client", "build/csp.json", "backend", "routes.json")]
    migrations = ["alembic/env.py", "alembic/versions"]
    return ["rxconfig.py", *migrations, *bundles]
