"""Scripts in the folder of a Python package, as components import them."""

from __future__ import annotations

import reflex as rx
from reflex_base.environment import EnvironmentVariables


def scripts(package: str, *names: str) -> dict[str, str]:
    """{file name: the `library` of a component} for scripts in the folder of the calling `package`.

    For the build `rx.asset` makes links to them; it reads the sources of the whole call stack each time. A server
    builds nothing: without the links it starts in half the time.
    """
    libraries: dict[str, str] = {}
    for name in names:
        if EnvironmentVariables.REFLEX_BACKEND_ONLY.get():
            libraries[name] = f"$/public/external/{package.replace('.', '/')}/{name}"
        else:
            libraries[name] = f"$/public{rx.asset(name, shared=True, _stack_level=2)}"
    return libraries
