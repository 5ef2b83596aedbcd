"""Scripts that lie beside a Python module, as components import them."""

from __future__ import annotations

import reflex as rx
from reflex_base.environment import EnvironmentVariables


def scripts(package: str, *names: str) -> dict[str, str]:
    """{file name: the `library` of a component} for scripts in the folder of the calling `package`.

    Reflex builds from links to them, which `rx.asset` makes; to find its caller it reads the sources of the whole
    stack, each time. A server builds nothing: it goes without, and starts in half the time.
    """
    found = {}
    for name in names:
        if EnvironmentVariables.REFLEX_BACKEND_ONLY.get():
            found[name] = f"$/public/external/{package.replace('.', '/')}/{name}"
        else:
            found[name] = f"$/public{rx.asset(name, shared=True, _stack_level=2)}"
    return found
