"""Elements without the library by which Reflex turns their styles into rules: ours have classes; it weighs 10 KB.

A `style` of plain properties, such as a width that a state knows, becomes the element's own style.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from reflex_base.plugins import Plugin

from ais_app.web.build import BUNDLER_CONFIG, bundled_so

_FILE = "utils/plain_jsx.js"
_SCRIPT = """import { createElement } from "react";
export const jsx = (type, props, ...children) => {
  if (!props?.css) return createElement(type, props, ...children);
  const { css, ...rest } = props;
  return createElement(type, { ...rest, style: css }, ...children);
};
"""
_ALIAS = {
    "    alias: [\n": (
        f'      {{ find: "@emotion/react", replacement: fileURLToPath(new URL("./{_FILE}", import.meta.url)) }},\n'
    )
}
_STYLED = re.compile(r"\bcss:\(\{(.*?)\}\)", re.DOTALL)
# A selector or a condition, or what is nested.
_RULE = re.compile(r"""\[["'][^"']*[^A-Za-z"'-][^"']*["']\]\s*:|:\s*\(?\{""")


class PlainElementsPlugin(Plugin):
    """Puts React's own function in the place of the library; a component with a rule of its own fails the build."""

    def pre_compile(self, **context: Any) -> None:
        context["add_modify_task"](BUNDLER_CONFIG, with_plain_elements)
        context["add_save_task"](lambda: (_FILE, _SCRIPT))

    def post_build(self, **context: Any) -> None:
        refuse_styles(Path(context["static_dir"]).parent.parent)


def with_plain_elements(bundler_config: str) -> str:
    """The bundler's configuration with the alias. Raises RuntimeError when it is not as expected."""
    return bundled_so(bundler_config, _ALIAS)


def refuse_styles(web: Path) -> None:
    """Raise RuntimeError when an element of a compiled page has a style that only a rule can say: it would get none."""
    sources = [path for folder in ("app", "app_components", "utils") for path in (web / folder).rglob("*.jsx")]
    styled = sorted(
        path.name
        for path in sources
        if any(_RULE.search(style) for style in _STYLED.findall(path.read_text(encoding="utf-8")))
    )
    if styled:
        msg = f"elements have classes, and no rules in Python: {', '.join(styled)}"
        raise RuntimeError(msg)
