"""The launcher: granian in this process, the prebuilt frontend, no Node."""

from __future__ import annotations

import gc
import os
import resource
import sys

from ais_app.paths import ROOT
from ais_app.settings import Settings
from ais_app.web.bundle import web_dir

# Every open tab holds a connection. At granian's default of 1,024 the next one waits, whoever it is: a large school,
# or one client that opens connections and says nothing (S-50).
CONNECTIONS, SPARE_FILES = 16_384, 512
# The event loop shares the interpreter with the writer: at the default of 5 ms each statement of SQLite, which lets
# go of the interpreter, may wait that long to get it back.
SWITCH_SECONDS = 0.0005
# Python looks for cycles after 700 new objects and then now and then among all: with 1,000 open tabs that stopped
# everybody for 100 to 240 ms several times a minute. Nearly everything here is freed without it.
COLLECT_AFTER = (10_000, 20, 20)


def prepare(settings: Settings) -> None:
    """Set what Reflex reads from the environment: production, own folders, no compiling, no telemetry."""
    os.environ |= {
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "REFLEX_BACKEND_ONLY": "true",  # no links into assets/: the folder of an installation is not ours to write to
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        "REFLEX_WEB_WORKDIR": str(web_dir()),
        "REFLEX_STATES_WORKDIR": str(settings.data / "states"),
        "REFLEX_UPLOADED_FILES_DIR": str(settings.data / "uploads"),
        "REFLEX_DIR": str(settings.data / "reflex"),
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": str(512 * 1024),
        "GRANIAN_WORKERS": str(settings.workers),
    }
    os.chdir(ROOT)  # rxconfig.py is looked up in the working directory only


def connections() -> int:
    """How many connections a worker may hold: each is an open file, so the limit of files is raised first."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else max(128, min(CONNECTIONS, soft - SPARE_FILES))


def settle() -> None:
    """Prepare the interpreter of a serving process, once everything is imported."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()  # modules, states' classes, compiled statements: they stay until the end
    gc.set_threshold(*COLLECT_AFTER)


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. The workers get the folders of the caller, though they work in another one."""
    os.environ |= {"AIS_DATA_DIR": str(settings.data), "AIS_DATABASE_URL": settings.database}
    os.environ.pop("AIS_DATABASE_OWNER_URL", None)  # no process that serves needs it
    prepare(settings)
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.server import Server

    Server(
        "ais_app.ais_app:app",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        loop=Loops.auto if sys.platform == "win32" else Loops.uvloop,
        workers=settings.workers,
        websockets=True,
        http=HTTPModes.http1,  # a browser speaks HTTP/2 to the proxy only; in clear it is nothing but surface
        backlog=4096,
        backpressure=connections(),
        log_access=False,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
    ).serve()
