"""The exported frontend: where it is, whether it is there, whether it fits the code."""

from __future__ import annotations

import os
import re
from pathlib import Path

from ais_app.i18n import language
from ais_app.paths import ROOT
from ais_app.web.build import HASHES

_SCHEMA = re.compile(r"=[`\"']([0-9a-f]{32})[`\"']")


class BundleOutdated(SystemExit):
    """The frontend was built for other states than the code has: every page would reload for ever.

    A process that does not catch it ends with its sentence and exit code 1.
    """


def web_dir(code: str = "") -> Path:
    """The folder of the frontend of a language: `.web` for Russian, `.web/<code>` for others.

    REFLEX_WEB_WORKDIR, where it is set, is the folder of any language.
    """
    code = code or language()
    usual = ROOT / ".web" if code == "ru" else ROOT / ".web" / code
    return Path(os.environ.get("REFLEX_WEB_WORKDIR", usual))


def script_hashes() -> Path:
    """The file with the hashes of inline scripts, written by the build."""
    return web_dir() / "build" / HASHES


def is_built() -> bool:
    return (web_dir() / "build" / "client" / "index.html").exists()


def schemas_in(client: Path) -> set[str]:
    """The hashes of the state classes for which the bundle in `client` was built; one, unless something is wrong."""
    chunks = (client / "assets").glob("shared-*.js")
    return {schema for chunk in chunks for schema in _SCHEMA.findall(chunk.read_text(encoding="utf-8"))}


def require_fit(web: Path) -> None:
    """Raise BundleOutdated unless the bundle in `web` was built for the states of this code."""
    import reflex as rx

    code = rx.State._to_frontend_schema()  # noqa: SLF001 - what the server itself compares when a tab connects
    built = schemas_in(web / "build" / "client")
    if built != {code}:
        msg = (
            f"The frontend in {web} was built for other states ({', '.join(sorted(built)) or 'none'}) "
            f"than the code has ({code}): run `make build`."
        )
        raise BundleOutdated(msg)
