"""The child process of a job: `python -m ais_app.jobs.child`; it computes at a low priority and ends.

It reads one line with the job from its input, then the answers to its parts; it says lines of JSON on its output. When
its input ends, whoever started it is gone, and so is it.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import traceback
from datetime import datetime
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from ais_app import log_ids, logs
from ais_app.clock import SetClock
from ais_app.db import Database
from ais_app.jobs.declared import JobRun
from ais_app.jobs.working import Run
from ais_app.rights.errors import Refused
from ais_app.rights.rules import Author
from ais_app.settings import settings

NICE = 10


def main() -> None:
    os.nice(NICE)
    say = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever prints, prints into the log
    answers: queue.SimpleQueue[str] = queue.SimpleQueue()
    begun = json.loads(sys.stdin.readline() or "null")
    if begun is None:
        return
    threading.Thread(target=_listen, args=(answers,), daemon=True).start()
    logs.configure(settings(), os.fdopen(begun["log"], "w", buffering=1, encoding="utf-8"))
    log_ids.begin(job=begun["job"]["uid"])
    database = Database(begun["database"], SetClock(datetime.fromisoformat(begun["asked_at"])))
    run = Run(_job(begun), database, Path(begun["folder"]), say, answers.get)
    try:
        run.end(resolve_name(begun["work"])(run))
    except Refused as refusal:
        _last(say, {"refused": str(refusal)})
    except BaseException:  # noqa: BLE001 - it is the answer of the run
        _last(say, {"error": _where(sys.exc_info()[1])})
    os._exit(0)  # at once: threads of the work do not hold it up


def _listen(answers: queue.SimpleQueue[str]) -> None:
    for line in sys.stdin:
        answers.put(line)
    os._exit(1)


def _where(error: BaseException | None) -> str:
    """The class of an error and its frames, without its text: that may name persons."""
    frames = traceback.extract_tb(None if error is None else error.__traceback__)[-8:]
    where = ", ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{type(error).__name__} in {where}"


def _last(say: Any, said: dict[str, str]) -> None:
    say.write(json.dumps(said, ensure_ascii=False) + "\n")
    say.flush()


def _job(begun: dict[str, Any]) -> JobRun:
    payload = resolve_name(begun["shape"]).model_validate_json(begun["payload"])
    asked = begun["job"]
    author, moment = Author(*asked["author"]), datetime.fromisoformat(begun["asked_at"])
    named = (0, asked["uid"], asked["kind"], asked["school"], payload, author, moment)
    return JobRun(*named, asked["owner"], asked["attempts"], asked["written"])


if __name__ == "__main__":
    main()
