"""What the build of the frontend does beside Reflex's own steps.

The bundler also lists the packages of the bundle. Afterwards the bundle uses its own origin instead of a fixed address,
and the hashes of its inline scripts are written for the content security policy.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reflex_base.plugins import Plugin

from ais_app.paths import ROOT

HASHES = "csp.json"
PACKAGES = "packages.json"
BUNDLER_CONFIG = "vite.config.js"
_BAKED = "localhost:8000"
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def versioned(address: str) -> str:
    """The address of a file of `assets/` with a hash of its content, so that a browser may keep it for good.

    The address as it is where there is no such file: only the build, which writes the pages, needs the hash.
    """
    path = ROOT / "assets" / address.lstrip("/")
    if not path.is_file():
        return address
    return f"{address}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"


# {text of the bundler's configuration: what is added after it}: a list of the packages with their licences; one file
# instead of ten for what several pages need (fewer headers, better compression; charts and the kit, which a first visit
# does not need, stay apart).
_ADDED = {
    "  build: {\n": f'    license: {{ fileName: "{PACKAGES}" }},\n',
    'name: "reflex-env",\n            },\n': (
        '            { name: "shared", minShareCount: 2, test: (id) => !/plotly|web\\/kit\\//.test(id) },\n'
    ),
}


class ShipPlugin(Plugin):
    """Changes the bundler's configuration, and the exported files before they are compressed."""

    def pre_compile(self, **context: Any) -> None:
        context["add_modify_task"](BUNDLER_CONFIG, bundled_so)

    def post_build(self, **context: Any) -> None:
        static_dir = Path(context["static_dir"])
        use_own_origin(static_dir)
        (static_dir.parent / HASHES).write_text(json.dumps(script_hashes(static_dir)), encoding="utf-8")


def bundled_so(bundler_config: str, added: Mapping[str, str] = _ADDED) -> str:
    """The bundler's configuration with our options, {text: what is added after it}.

    Raises RuntimeError when it is not as expected.
    """
    for anchor, option in added.items():
        if option in bundler_config:
            continue
        if bundler_config.count(anchor) != 1:
            msg = f"{BUNDLER_CONFIG} has another shape than expected"
            raise RuntimeError(msg)
        bundler_config = bundler_config.replace(anchor, anchor + option)
    return bundler_config


def use_own_origin(static_dir: Path) -> None:
    """Let the bundle talk to the host and port that it came from. Raises RuntimeError when it is not as expected."""
    chunks = list((static_dir / "assets").glob("reflex-env-*.js"))
    if len(chunks) != 1:
        msg = f"expected one environment chunk, found {len(chunks)}"
        raise RuntimeError(msg)
    text = chunks[0].read_text(encoding="utf-8")
    socket = "`${location.protocol===`https:`?`wss:`:`ws:`}//${location.host}"
    changed = text.replace(f"`ws://{_BAKED}", socket).replace(f"`http://{_BAKED}", "`${location.origin}")
    if changed == text or _BAKED in changed:
        msg = "the environment chunk has another shape than expected"
        raise RuntimeError(msg)
    chunks[0].write_text(changed, encoding="utf-8")


def script_hashes(static_dir: Path) -> list[str]:
    """`sha256-…` of every inline script of every page."""
    hashes: set[str] = set()
    for path in static_dir.rglob("*.html"):
        for script in _INLINE_SCRIPT.findall(path.read_text(encoding="utf-8")):
            digest = hashlib.sha256(script.encode()).digest()
            hashes.add("sha256-" + base64.b64encode(digest).decode())
    return sorted(hashes)
