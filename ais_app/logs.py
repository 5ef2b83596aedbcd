"""Logs: structlog, JSON in production; cookies, tokens and payloads never reach them."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import IO, Any

import structlog

from ais_app import log_ids
from ais_app.settings import Settings

# Reflex and socket.io log whole events with headers: what follows such a word is cut off.
_CUT = re.compile(r"(Event\(|Event data|payload|headers|data=|disconnected client|\{).*", re.DOTALL | re.IGNORECASE)
LINES_A_MINUTE, SAME_WORDS = 20, 40
_SECRETS = re.compile(
    r"(?i)((?:__Host-)?ais_session|token|cookie|authorization|password)(['\"]?\s*[=:]\s*)[^\s;,&'\"]+"
)


def redact(text: str) -> str:
    """The text without anything that opens a session."""
    return _SECRETS.sub(r"\1\2…", text)


class _Quiet(logging.Filter):
    """Cuts what libraries log before the data of an event, and drops repeated lines.

    A client can cause such lines as often as it may send. Of those of a minute that begin alike (`SAME_WORDS`
    characters) the first `LINES_A_MINUTE` are written; the first one afterwards says how many were dropped.
    """

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, dict):  # our own: structured, and written without secrets
            return True
        message = record.getMessage()
        if record.name.partition(".")[0] in ("reflex", "reflex_base", "socketio", "engineio"):
            message = _CUT.sub("…", message)
        record.msg, record.args = redact(message)[:2000], None
        record.exc_text = record.stack_info = None
        return self._is_news(record)

    def _is_news(self, record: logging.LogRecord) -> bool:
        if len(self._seen) > 1000:
            self._seen.clear()
        key = record.name, str(record.msg)[:SAME_WORDS]
        since, count = self._seen.get(key, (record.created, 0))
        if record.created - since > 60:
            if count > LINES_A_MINUTE:
                record.msg = f"{record.msg} (and {count - LINES_A_MINUTE} more like it)"
            since, count = record.created, 0
        self._seen[key] = since, count + 1
        return count < LINES_A_MINUTE


def where(_logger: Any, _method: str, record: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace a traceback by the error's type and `file:line function` of its last 12 frames: no messages (S-52)."""
    error = record.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        record["error"] = type(error).__name__
        record["where"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
        for name, one in log_ids.kept(error).items():
            record.setdefault(name, one)
    return record


def configure(settings: Settings, stream: IO[str] | None = None) -> None:
    """Send all logs through one handler on `stream` (None: standard error), as JSON in production."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        log_ids.add_ids,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, where, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.addFilter(_Quiet())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, where],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False)
                if settings.env == "production"
                else structlog.dev.ConsoleRenderer(colors=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for own_printer in ("socketio.server", "engineio.server"):  # without a level they add a handler of their own
        logging.getLogger(own_printer).setLevel(logging.ERROR)
    for noisy in ("alembic", "httpx", "granian", "_granian"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
