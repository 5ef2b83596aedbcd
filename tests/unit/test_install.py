"""The locks are installed as they are, by the oldest pip too, whatever has been published since; everybody is told so."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools import tasks

OLDEST = "23.0"  # requirements/oldest.txt; it cannot start with Python 3.12, which brings a newer one
PIPS = ("brought", *([OLDEST] if sys.version_info < (3, 12) else []))
LOCKS = ("run", "build", "dev")


def published(index: Path, name: str, version: str, *needs: str, extra: str = "") -> str:
    """A wheel in the index, as small as can be; returns its hash."""
    folder = index / name
    folder.mkdir(parents=True, exist_ok=True)
    wheel, about = folder / f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info"
    said = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        *(f"Requires-Dist: {one}" for one in needs),
    ]
    said += [f"Provides-Extra: {extra}"] if extra else []
    with zipfile.ZipFile(wheel, "w") as made:
        made.writestr(f"{name}.py", f"VERSION = {version!r}\n")
        made.writestr(f"{about}/METADATA", "\n".join([*said, ""]))
        made.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        made.writestr(f"{about}/RECORD", f"{name}.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n{about}/RECORD,,\n")
    links = "".join(f'<a href="{one.name}">{one.name}</a>' for one in sorted(folder.glob("*.whl")))
    (folder / "index.html").write_text(f"<!doctype html><html><body>{links}</body></html>", encoding="utf-8")
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


@pytest.fixture
def lock(tmp_path, monkeypatch) -> Path:
    """A complete lock of the shape that failed: a package asks for another one's extra, and that one has gone on."""
    index = tmp_path / "index"
    pinned = {
        "framework": published(index, "framework", "1.0", "server[reload]>=1.0"),
        "server": published(index, "server", "1.0", "watcher>=1.0; extra == 'reload'", extra="reload"),
        "watcher": published(index, "watcher", "1.0"),
    }
    published(index, "server", "1.1", "watcher>=1.0; extra == 'reload'", extra="reload")
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_CONSTRAINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", index.as_uri())
    path = tmp_path / "lock.txt"
    path.write_text("".join(f"{name}==1.0 --hash=sha256:{one}\n" for name, one in pinned.items()), encoding="utf-8")
    return path


@pytest.fixture(params=PIPS[-1:])
def python(request, tmp_path) -> Path:
    """The Python of a new environment: with the pip that Python brings, or with the oldest one supported."""
    folder = tmp_path / "venv"
    bare = [] if request.param == "brought" else ["--without-pip"]
    subprocess.run([sys.executable, "-m", "venv", *bare, folder], check=True)
    if bare:
        packages = next(folder.glob("lib/python3*/site-packages"))
        (packages / "oldest.pth").write_text(f"{tasks.ASIDE['oldest']}\n", encoding="utf-8")
        said = subprocess.run([folder / "bin" / "python", "-m", "pip", "--version"], capture_output=True, text=True)
        assert said.stdout.startswith(f"pip {OLDEST} "), said
    return folder / "bin" / "python"


def version(python: Path, name: str) -> str:
    command = [python, "-c", f"import {name}; print({name}.VERSION)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("python", PIPS, indirect=True)
def test_a_lock_is_installed_whatever_has_been_published_since(python, lock):
    tasks.install(python, lock)
    assert {name: version(python, name) for name in ("framework", "server", "watcher")} == dict.fromkeys(
        ("framework", "server", "watcher"), "1.0"
    )


@pytest.mark.skipif(OLDEST not in PIPS, reason="newer versions of pip keep to the pin")
@pytest.mark.parametrize("python", [OLDEST], indirect=True)
def test_the_same_lock_fails_when_it_is_resolved(python, lock):
    """The trap is one: without `--no-deps` the very same command goes past the pin."""
    resolving = [part for part in tasks.install_command(python, lock) if part != "--no-deps"]
    done = subprocess.run(resolving, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "server" in done.stderr


def test_a_lock_that_is_not_complete_is_noticed(python, lock):
    lines = lock.read_text(encoding="utf-8").splitlines(keepends=True)
    lock.write_text("".join(line for line in lines if not line.startswith("server")), encoding="utf-8")
    with pytest.raises(SystemExit):
        tasks.install(python, lock)


def test_a_lock_with_a_wrong_hash_is_refused(python, lock):
    lock.write_text(re.sub(r"sha256:.", "sha256:x", lock.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(SystemExit):
        tasks.install(python, lock)


def pins(name: str) -> dict[str, str]:
    """Every requirement of a lock by its name, with what stands behind it; continued lines are one."""
    text = (tasks.ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    return dict(line.split("==", 1) for line in text.splitlines())


@pytest.mark.parametrize("name", tasks.LOCKS)
def test_a_lock_is_pins_with_hashes_and_no_address(name):
    for package, pin in pins(name).items():
        assert re.fullmatch(r"[a-z0-9-]+", package), package
        assert re.fullmatch(r"[^\s;]+( ; [^-]+)?( +--hash=sha256:[0-9a-f]{64})+ *", pin), (package, pin)


def test_what_runs_is_what_is_tested():
    run, build, dev = (pins(name) for name in LOCKS)
    assert run.items() <= build.items() <= dev.items()


def test_the_oldest_pip_is_the_one_that_is_promised():
    assert pins("oldest")["pip"].startswith(f"{OLDEST} ")
    assert f"pip {OLDEST} or newer" in (tasks.ROOT / "deploy" / "README.md").read_text(encoding="utf-8")


def test_nobody_is_told_to_resolve_a_lock():
    """Wherever a lock is installed: nothing is resolved, and what was installed is checked."""
    found = []
    for path in (*(tasks.ROOT / "deploy").iterdir(), *(tasks.ROOT / "docs").rglob("*.md"), tasks.ROOT / "README.md"):
        text = path.read_text(encoding="utf-8")
        for told in re.finditer(r"pip install [^\n]*-r [^\n]*", text):
            found.append(path.name)
            assert "--require-hashes --no-deps -r" in told[0], (path, told[0])
            assert "pip check" in text[told.end() :], path
    assert {"README.md", "Dockerfile"} <= set(found)
