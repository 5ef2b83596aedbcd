"""The README's way from nothing: a clone, an empty home and empty caches, `make run` until a teacher is signed in.

It needs the network, so it belongs to `.ci/run` (`make fresh`). Packages are asked for where this machine's pip and
npm are told to ask by settings outside the home: in the environment or for the whole machine. Standard library only.
"""

from __future__ import annotations

import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[1]
LONGEST = 600  # seconds; a server that has not answered by then will not
OF_THE_HOME = (
    *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "PIP_CACHE_DIR", "UV_CACHE_DIR"),
    *("NPM_CONFIG_CACHE", "NPM_CONFIG_USERCONFIG", "VIRTUAL_ENV", "PYTHONPATH", "MAKE", "MFLAGS", "AIS_"),
)
LOGIN, PASSWORD = "teacher", "demo-teacher"  # as the README says


def say(text: str, since: float) -> None:
    print(f"· {text}: {time.monotonic() - since:.1f} s", flush=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(home: Path, port: int) -> dict[str, str]:
    """This environment without anything that leads to a home, a cache or settings of АИС."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(OF_THE_HOME)}
    return kept | {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "npm_config_cache": str(home / ".npm"),
        "AIS_PORT": str(port),
    }


def asked(port: int, method: str, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
    """The status of an answer and the cookie that came with it; 0 when nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, urlencode(form) if form else None, headers)
        answer = connection.getresponse()
        return answer.status, (answer.getheader("Set-Cookie") or "").partition(";")[0]
    except OSError:
        return 0, ""
    finally:
        connection.close()


@contextmanager
def served(tree: Path, home: Path) -> Iterator[int]:
    """`make run` in the tree, once it is ready; ended by its own pid."""
    port = free_port()
    process = subprocess.Popen(["make", "run"], cwd=tree, env=environment(home, port), start_new_session=True)
    try:
        until = time.monotonic() + LONGEST
        while asked(port, "GET", "/readyz")[0] != 200:
            if process.poll() is not None:
                sys.exit(f"`make run` ended with {process.returncode} before it served.")
            if time.monotonic() > until:
                sys.exit(f"`make run` does not serve after {LONGEST} s.")
            time.sleep(0.2)
        yield port
        process.terminate()
        process.wait(timeout=30)
        if asked(port, "GET", "/readyz")[0]:
            sys.exit("The server outlived `make run`.")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def sign_in(port: int) -> None:
    form = {"login": LOGIN, "password": PASSWORD}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{port}"}
    status, cookie = asked(port, "POST", "/login", form, **headers)
    if status != 303 or not cookie or asked(port, "GET", "/", Cookie=cookie)[0] != 200:
        sys.exit(f"Signing in as {LOGIN} was answered with {status}.")


def main() -> None:
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ais-fresh-") as folder:
        tree, home = Path(folder) / "ais", Path(folder) / "home"
        home.mkdir()
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, tree], check=True)
        for which in ("first", "second"):
            started = time.monotonic()
            with served(tree, home) as port:
                say(f"{which} `make run` until it serves", started)
                sign_in(port)
                say(f"{which} `make run` until {LOGIN} is signed in", started)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    say(f"from an empty home and cache, {used.ru_utime + used.ru_stime:.0f} s of processor", begun)


if __name__ == "__main__":
    main()
