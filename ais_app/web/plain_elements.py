"""Elements without the library by which Reflex turns their styles into rules: ours have classes; it weighs 10 KB."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from reflex_base.plugins import Plugin

from ais_app.web.build import BUNDLER_CONFIG, bundled_so

_FILE = "utils/plain_jsx.js"
_SCRIPT = 'import { createElement } from "react";\nexport const jsx = createElement;\n'
_ALIAS = {
    "    alias: [\n": (
        f'      {{ find: "@emotion/react", replacement: fileURLToPath(new URL("./{_FILE}", import.meta.url)) }},\n'
    )
}
_STYLED = re.compile(r"\bcss:\(")


class PlainElementsPlugin(Plugin):
    """Puts React's own function in the place of the library; a component with a style of its own fails the build."""

    def pre_compile(self, **context: Any) -> None:
        context["add_modify_task"](BUNDLER_CONFIG, with_plain_elements)
        context["add_save_task"](lambda: (_FILE, _SCRIPT))

    def post_build(self, **context: Any) -> None:
        refuse_styles(Path(context["static_dir"]).parent.parent)


def with_plain_elements(bundler_config: str) -> str:
    """The bundler's configuration with the alias. Raises RuntimeError when it is not as expected."""
    return bundled_so(bundler_config, _ALIAS)


def refuse_styles(web: Path) -> None:
    """Raise RuntimeError when an element of a compiled page has a style of its own: it would get none."""
    sources = [path for folder in ("app", "utils") for path in (web / folder).rglob("*.jsx")]
    styled = sorted(path.name for path in sources if _STYLED.search(path.read_text(encoding="utf-8")))
    if styled:
        msg = f"elements have classes, and no style in Python: {', '.join(styled)}"
        raise RuntimeError(msg)
