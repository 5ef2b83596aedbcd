"""The ids that every line of the log carries: request, session, operation, job. Public ids, never a token.

    with log_ids.bound(request=new_uid()):
        log.info("…")  # has `request`

They hold for the block and for the tasks that begin in it. Threads do not inherit them: `Database` carries them to its
readers and writers. An error keeps the ids of where it was raised (`keep`), so that whoever logs it names them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any

Id = str | Callable[[], str]  # a function is asked only when a line is written
Ids = Mapping[str, Id]

_NONE: Ids = {}
_bound: ContextVar[Ids] = ContextVar("log_ids", default=_NONE)
_KEPT = "__log_ids__"


def begin(**ids: Id) -> Token[Ids]:
    """Add ids to those that are bound here; `end` puts back what was before."""
    return _bound.set({**_bound.get(), **ids})


def end(token: Token[Ids]) -> None:
    _bound.reset(token)


@contextmanager
def bound(**ids: Id) -> Generator[None]:
    """Bind ids for a block. What is bound within it by `begin` alone ends with it too."""
    token = begin(**ids)
    try:
        yield
    finally:
        end(token)


def present() -> dict[str, str]:
    """{name: id} of what is bound here; an empty id is left out."""
    spelled = {name: one if isinstance(one, str) else one() for name, one in _bound.get().items()}
    return {name: one for name, one in spelled.items() if one}


def keep(error: BaseException) -> None:
    """Let the error keep the present ids, unless it has some: those of the innermost place count."""
    if _KEPT not in error.__dict__:
        setattr(error, _KEPT, present())


def kept(error: BaseException) -> Mapping[str, str]:
    """The ids that an error, or what it came from, kept."""
    found: dict[str, str] = {}
    seen: BaseException | None = error
    while seen is not None:
        found = {**seen.__dict__.get(_KEPT, {}), **found}
        seen = seen.__cause__
    return found


def add_ids(_logger: Any, _method: str, record: Any) -> Any:
    """A processor of structlog: the present ids, where the line does not name its own."""
    if _bound.get():
        for name, one in present().items():
            record.setdefault(name, one)
    return record
