"""Finds out which packages stand in the published files of others, and writes tools/inlined.json.

A bundler sees a package's published files, and some of these are bundles themselves. Plotly's is built anew here
from its sources, by the bundler of the frontend; the others are named. Needs the network, and a built frontend.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import notices
import tasks

PLOTLY, PLOTLY_SOURCES, PLOTLY_ENTRY = "plotly.js-basic-dist-min", "plotly.js", "lib/index-basic.js"
NAMED = {"react-router": "turbo-stream@2", "universal-cookie": "cookie@1"}
PACKAGES = tasks.WEB / "node_modules"
CONFIG = """
export default {{ build: {{
  license: {{ fileName: "{listed}" }}, minify: false,
  lib: {{ entry: "node_modules/{sources}/{entry}", formats: ["es"] }},
}} }};
"""


def main() -> None:
    versions = {name: version_of(PACKAGES / name) for name in (PLOTLY, *NAMED)}
    wanted = [f"{PLOTLY_SOURCES}@{versions[PLOTLY]}", *NAMED.values()]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "package.json").write_text('{"name": "inlined", "private": true}', encoding="utf-8")
        call(place, tasks.BIN / "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", *wanted)
        found = {PLOTLY: in_plotly(place)}
        for name, named in NAMED.items():
            found[name] = [of_package(place / "node_modules" / named.partition("@")[0])]
    known = {name: {"version": versions[name], "contains": found[name]} for name in sorted(found)}
    notices.INLINED.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def in_plotly(place: Path) -> list[dict[str, str]]:
    """The packages of a bundle that is made of Plotly's sources."""
    config = CONFIG.format(listed=notices.LISTED, sources=PLOTLY_SOURCES, entry=PLOTLY_ENTRY)
    (place / "vite.config.mjs").write_text(config, encoding="utf-8")
    call(place, tasks.node() / "node", PACKAGES / "vite" / "bin" / "vite.js", "build", "--logLevel", "warn")
    listed = json.loads((place / "dist" / notices.LISTED).read_text(encoding="utf-8"))
    names = [one["name"] for one in listed if one["name"] != PLOTLY_SOURCES]
    return [of_package(place / "node_modules" / name) for name in names]


def of_package(folder: Path) -> dict[str, str]:
    """The notice of a package; the few that come without a text are under the MIT licence, whose words are known."""
    one = notices.of_package(folder)
    text = one.text.strip() or mit(author_of(folder), one.licence)
    return {"name": one.name, "version": one.version, "licence": one.licence, "text": text}


def mit(author: str, licence: str) -> str:
    if licence != "MIT" or not author:
        msg = f"a package by {author or 'nobody'} under {licence or 'no licence'} comes without a text of it"
        raise notices.NoNotice(msg)
    words = (PACKAGES / "react" / "LICENSE").read_text(encoding="utf-8")
    return f"MIT License\n\nCopyright (c) {author}\n\n{words[words.index('Permission is hereby') :]}".strip()


def author_of(folder: Path) -> str:
    about: Any = json.loads((folder / "package.json").read_text(encoding="utf-8")).get("author", "")
    return about.get("name", "") if isinstance(about, dict) else about.partition(" <")[0].partition(" (")[0]


def version_of(folder: Path) -> str:
    return json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]


def call(place: Path, *command: str | Path) -> None:
    """Run in another folder, with the Node of the frontend's build."""
    tasks.run(*command, place=place, PATH=f"{tasks.BIN}:{tasks.node()}:{os.environ['PATH']}")


if __name__ == "__main__":
    main()
