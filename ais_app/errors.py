"""Crashes in handlers and pages: logged under an id; the person is shown a neutral sentence with it."""

from __future__ import annotations

import asyncio
import re

import structlog
from reflex.event import EventSpec
from reflex_base.event.context import EventContext

from ais_app.access.guard import NoticeState, notice_values
from ais_app.db.columns import new_uid
from ais_app.i18n import _
from ais_app.services import services

log = structlog.get_logger("errors")
_answers: set[asyncio.Task[None]] = set()  # the loop itself keeps only weak references


def note_crash_of_a_page(exception: Exception) -> None:
    """Log that a browser reported an error of its page, without its text, which a client can choose."""
    known = re.match(r"\[SID: [\w-]+\] Skipped state update", str(exception))
    log.warning("page_crashed", kind="unknown_state" if known else "other")


def answer_to_crash(exception: Exception) -> EventSpec | None:
    """Log the crash under an id, without the values that caused it; nothing of it reaches the browser."""
    error_id = new_uid()
    log.error("handler_crashed", error_id=error_id, error=type(exception).__name__, exc_info=exception)
    text = _("This did not work. Please look whether it was saved. Error code: {code}").format(code=error_id)
    context = EventContext.get()
    answer = services().push.send(context.token, NoticeState, notice_values(text))
    task = asyncio.get_running_loop().create_task(answer)
    _answers.add(task)
    task.add_done_callback(_answers.discard)
    return None
