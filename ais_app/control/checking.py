"""The check of «Проверка» in a process of its own: over a large ledger it takes a processor for minutes."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from ais_app.paths import ROOT


class CheckFailed(RuntimeError):  # noqa: N818 - reads as what it says
    """The check itself could not be made."""


async def check_aside(address: str, data: Path, school: str = "") -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """What `ais verify --records --json` says of the database at `address`, as ("begun" or "fault", what).

    `data`: the folder with what the witness wrote; `school` (uid): of this school alone. Whoever stops listening ends
    the process. Raises CheckFailed.
    """
    command = [sys.executable, "-m", "ais_app.cli", "verify", "--records", "--json", "--processes", "1"]
    process = await asyncio.create_subprocess_exec(
        *command,
        *(["--school", school] if school else []),
        cwd=ROOT,
        env={**os.environ, "AIS_DATABASE_URL": address, "AIS_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        if process.stdout is not None and process.stderr is not None:
            async for line in process.stdout:
                ((name, said),) = json.loads(line).items()
                yield name, said
            why = (await process.stderr.read()).decode(errors="replace")
            if await process.wait() not in (0, 1):
                raise CheckFailed(why[-500:])
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
