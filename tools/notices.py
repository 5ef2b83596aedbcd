"""The notices of what others have written and the product carries: packages of the bundle, fonts.

`write` is a step of the frontend's build. The bundler has listed the packages that are really in the bundle
(`packages.json`, ais_app/web/build.py); what their published files contain of further packages stands in
`tools/inlined.json` (`make inlined`). A package without a licence that fits Apache-2.0 fails the build.
Standard library only.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
INLINED = ROOT / "tools" / "inlined.json"
LISTED, NOTICES = "packages.json", "notices.txt"
FITTING = {"MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Zlib", "Unlicense", "Apache-2.0"}
FITTING_FONTS = {"OFL-1.1"}
HELPERS = ("vite", "rolldown")  # the bundler writes a few lines of its own into every bundle
OF_BUNDLED = "\n# Licenses of bundled dependencies"  # in Vite's file: of its own dependencies, none of the bundle
RULE = "=" * 78
HEAD = """Лицензии · Licences

АИС распространяется по лицензии Apache-2.0. Ниже — чужие программы и шрифты, которые в ней есть, и их лицензии.
АИС is licensed under Apache-2.0. Below: the programs and fonts of others that it contains, and their licences.
"""


@dataclass(frozen=True)
class Notice:
    """What one package or font asks to be told."""

    name: str
    version: str
    licence: str
    text: str

    @property
    def title(self) -> str:
        return f"{self.name} {self.version}".strip()


class NoNotice(SystemExit):
    """Something in the bundle has no notice, or one under which it may not be shipped: the build ends here."""


def write(client: Path, packages: Path, libraries: Path) -> None:
    """Make the notices of the exported `client`; `packages`: npm's, `libraries`: Python's."""
    listed = client / LISTED
    notices = [*of_bundle(json.loads(listed.read_text(encoding="utf-8")), packages, libraries), *of_fonts(libraries)]
    (client / NOTICES).write_text(spelled(notices), encoding="utf-8")
    listed.replace(client.parent / LISTED)  # it is no page


def of_bundle(listed: list[dict[str, Any]], packages: Path, libraries: Path) -> list[Notice]:
    """Of each package in the bundle, what its files contain, and what Reflex and the bundler add."""
    found = [Notice(one["name"], one["version"], one.get("identifier", ""), one.get("text", "")) for one in listed]
    found += [inlined for one in found for inlined in inlined_in(one)]
    found += [of_package(packages / name) for name in HELPERS]
    found.append(of_reflex(libraries))
    return checked(found, FITTING)


def inlined_in(package: Notice) -> list[Notice]:
    """The packages whose code stands in the published files of this one."""
    known = json.loads(INLINED.read_text(encoding="utf-8")).get(package.name)
    if known is None:
        return []
    if known["version"] != package.version:
        msg = f"{package.title}: what it contains is known of {known['version']} only, run `make inlined`"
        raise NoNotice(msg)
    return [Notice(**one) for one in known["contains"]]


def of_package(folder: Path) -> Notice:
    """The notice of a package of npm by its own files."""
    about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    file = next((one for one in sorted(folder.iterdir()) if re.match(r"licen[cs]e|copying", one.name, re.I)), None)
    text = file.read_text(encoding="utf-8").partition(OF_BUNDLED)[0] if file else ""
    return Notice(about["name"], about["version"], about.get("license", ""), text)


def of_reflex(libraries: Path) -> Notice:
    """Reflex's client is copied into the bundle from its Python package."""
    info = next(libraries.glob("reflex-*.dist-info"))
    version = info.name.removeprefix("reflex-").removesuffix(".dist-info")
    return Notice("reflex", version, "Apache-2.0", (info / "licenses" / "LICENSE").read_text(encoding="utf-8"))


def of_fonts(libraries: Path) -> list[Notice]:
    """Golos Text on the pages, and the fonts that come as Python packages and are embedded in PDFs."""
    found = [Notice("Golos Text", "", "OFL-1.1", (ROOT / "assets" / "fonts" / "OFL.txt").read_text(encoding="utf-8"))]
    for about in sorted(libraries.glob("fontpkg_*/metadata.json")):
        font = json.loads(about.read_text(encoding="utf-8"))
        text = (about.parent / "LICENSE").read_text(encoding="utf-8-sig")
        found.append(Notice(font["family"], font["version"], font["license"], text))
    return checked(found, FITTING_FONTS)


def checked(notices: list[Notice], fitting: set[str]) -> list[Notice]:
    """The same notices. Raises NoNotice for one without a text, or of a licence that is not among the fitting ones."""
    wrong = [f"{one.title} ({one.licence or 'no licence'})" for one in notices if one.licence not in fitting]
    silent = [f"{one.title} (no text)" for one in notices if not one.text.strip()]
    if wrong or silent:
        msg = f"No notice can be made of: {', '.join([*wrong, *silent])}."
        raise NoNotice(msg)
    return notices


def spelled(notices: Iterable[Notice]) -> str:
    """The list of all, then each text once with the names that share it."""
    sharing: defaultdict[str, list[Notice]] = defaultdict(list)
    for one in sorted(set(notices), key=lambda notice: notice.title.casefold()):
        sharing["\n".join(line.rstrip() for line in one.text.strip().splitlines())].append(one)
    contents = sorted((f"{one.title} — {one.licence}" for group in sharing.values() for one in group), key=str.casefold)
    parts = [HEAD, "\n".join(contents) + "\n"]
    for text, group in sharing.items():
        parts.append(f"{RULE}\n{', '.join(one.title for one in group)} — {group[0].licence}\n\n{text}\n")
    return "\n".join(parts)
