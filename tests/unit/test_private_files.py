"""Files of the installation are their owner's alone, whoever makes them and with what umask (S-74)."""

from __future__ import annotations

import ast
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from ais_app import private_files
from ais_app.db import Database
from ais_app.exchange.code_delivery import CodeDelivery
from ais_app.secret_key import FILE_NAME, secret_key
from ais_app.settings import Settings
from tests import servers

PACKAGE = Path(__file__).parents[2] / "ais_app"


@pytest.fixture
def generous() -> Iterator[None]:
    """The umask of a careless administrator."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture(params=["sqlite"])
def database_kind(request) -> str:
    return request.param


def modes(folder: Path) -> dict[str, str]:
    """{name: permissions} of everything in a folder and of the folder itself."""
    paths = [folder, *folder.rglob("*")]
    return {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in paths}


def open_to_others(folder: Path) -> list[str]:
    return [name for name, mode in modes(folder).items() if int(mode, 8) & private_files.OTHERS]


def command(data: Path, *arguments: str, **extra: str) -> None:
    settings = servers.environment(data, 0, extra)
    done = subprocess.run(
        [sys.executable, "-m", "ais_app.cli", *arguments],
        cwd=data.parent,
        env=settings,
        umask=0,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_s74_what_a_command_makes_is_its_owners_alone(tmp_path):
    data = tmp_path / "deep" / "var"
    data.parent.mkdir()
    command(data, "migrate")
    assert modes(data)["var"] == "0o700"
    assert modes(data)["ais.sqlite3"] == "0o600"
    assert open_to_others(data) == []


def test_s74_a_folder_that_was_open_is_closed_with_all_that_is_ours_in_it(tmp_path, generous):
    data = tmp_path / "var"
    (data / "states" / "deep").mkdir(parents=True)
    for name in ("ais.sqlite3", "ais.sqlite3-wal", "ais.sqlite3-journal", FILE_NAME, "states/deep/x"):
        (data / name).touch()
    (data / "of-somebody.txt").touch()
    (data / "states" / "away").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").touch()
    command(data, "migrate")
    assert open_to_others(data / "states") == ["away"], "a link is not followed"
    kept = modes(data)
    assert (kept["var"], kept["ais.sqlite3"], kept[FILE_NAME]) == ("0o700", "0o600", "0o600")
    assert kept["of-somebody.txt"] == "0o666", "what the program does not know is left alone, in a closed folder"


def test_s74_a_database_anywhere_is_closed_with_what_lies_beside_it(tmp_path, generous):
    path = tmp_path / "school.sqlite3"
    path.touch()
    database = Database(f"sqlite:///{path}")
    with database.connect() as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE one (id INTEGER)")
    assert {name: mode for name, mode in modes(tmp_path).items() if name.startswith("school")} == {
        "school.sqlite3": "0o600",
        "school.sqlite3-wal": "0o600",
        "school.sqlite3-shm": "0o600",
    }
    database.close()


def test_s74_the_key_is_made_once_and_for_its_owner(tmp_path, generous):
    chosen = Settings(data_dir=tmp_path / "var")
    key = secret_key(chosen)
    assert len(key) >= 32
    assert secret_key(chosen) == key
    assert modes(chosen.data) == {"var": "0o700", FILE_NAME: "0o600"}, "and nothing is left beside it"
    (chosen.data / FILE_NAME).chmod(0o644)
    assert secret_key(chosen) == key
    assert modes(chosen.data)[FILE_NAME] == "0o600"
    assert secret_key(Settings(data_dir=tmp_path, secret_key=SecretStr("k" * 32))) == b"k" * 32
    with pytest.raises(ValueError, match="32"):
        Settings(secret_key=SecretStr("short"))


def test_s74_slips_are_for_their_owner_and_never_over_another_file(tmp_path, generous):
    delivery = CodeDelivery(None, tmp_path / "codes.tsv", "")
    delivery._put(tmp_path / "codes.tsv", b"codes")
    assert modes(tmp_path)["codes.tsv"] == "0o600"
    with pytest.raises(FileExistsError):
        delivery._put(tmp_path / "codes.tsv", b"others")


def test_what_is_appended_stands_whole_or_not_at_all(tmp_path, monkeypatch):
    path, write = tmp_path / "lines", os.write
    private_files.append(path, b"first\n")
    monkeypatch.setattr(
        os, "write", lambda target, content: write(target, content[:3])
    )  # a disk that is full just then
    with pytest.raises(OSError, match="No space"):
        private_files.append(path, b"second\n")
    monkeypatch.undo()
    private_files.append(path, b"third\n")
    assert path.read_bytes() == b"first\nthird\n"
    assert modes(tmp_path)["lines"] == "0o600"


def test_s74_every_place_that_makes_a_file_is_known():
    """Whoever opens a file to write, or makes a folder, does it through `private_files`, or stands here with a reason."""
    known = {
        "private_files.py",
        "web/build.py",  # the frontend, built in a checkout: nothing of anybody
        "jobs/run_of_child.py",  # mkdtemp (0700) and what lies in it, in a folder of `private_files`
        "exchange/oneroster/exporting.py",  # after `private_files.make_file` and `make_folder`
    }
    makers = {"write_text", "write_bytes", "mkdir", "touch", "makedirs", "mkstemp", "mkdtemp", "NamedTemporaryFile"}
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            modes_said = [
                one.value
                for one in [*node.args, *(word.value for word in node.keywords)]
                if isinstance(one, ast.Constant)
            ]
            writes = name == "open" and any(
                isinstance(one, str) and set(one) & set("wax") and len(one) <= 3 for one in modes_said
            )
            if name in makers or writes or (name == "open" and "os.open" in ast.unparse(node.func)):
                found.add(path.relative_to(PACKAGE).as_posix())
    assert found <= known, found - known
