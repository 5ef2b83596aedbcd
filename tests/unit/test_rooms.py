"""What the rooms declare is whole, and nothing of it brings Reflex along before there are pages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from pkgutil import resolve_name

import pytest
from sqlmodel import SQLModel

from ais_app import commands, rooms
from ais_app.cli import main
from ais_app.tables import TABLES

NAMED = tuple(zip(rooms.NAMES, rooms.ROOMS, strict=True))
ROOT = Path(__file__).parents[2]


def test_every_room_is_in_the_list():
    """The import contract takes its order from there (`tools/contracts.py`)."""
    assert set(rooms.NAMES) == {path.parent.name for path in (ROOT / "ais_app").glob("*/room.py")}


def test_every_table_is_declared_once():
    names = [table.__tablename__ for table in TABLES]
    assert len(names) == len(set(names))
    assert set(names) == set(SQLModel.metadata.tables)


def test_no_two_rooms_declare_the_same_address_event_or_section():
    for found in (
        [one.path for room in rooms.ROOMS for one in room.addresses],
        [one for room in rooms.ROOMS for one in room.changes],
        [one.href for room in rooms.ROOMS for one in room.menu],
    ):
        assert len(found) == len(set(found))


def test_every_command_is_declared_once_and_stands_in_its_room():
    """`run` and `bench` are the composition root's own: they know every room, or the checkout."""
    declared = [(name, command, where) for name, room in NAMED for command, where in room.commands.items()]
    assert [where for name, _command, where in declared if not where.startswith(f"ais_app.{name}.")] == []
    assert sorted(command for _name, command, _where in declared) == sorted(set(main.commands) - {"bench", "run"})
    for _name, command, where in declared:
        found = resolve_name(where)
        assert isinstance(found, commands.Command | commands.Group)
        assert found.name == command


def test_what_commands_ask_the_server_for_is_declared_once():
    asked = [one.name for _name, room in NAMED if room.requests for one in resolve_name(room.requests)]
    assert "export.record" in asked
    assert len(asked) == len(set(asked))


def test_a_command_loads_no_other(tmp_path):
    program = "import sys\nfrom ais_app.cli import main\nmain(['migrate'], standalone_mode=False)\nprint(*sys.modules)"
    environment = {**os.environ, "AIS_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    loaded = {name for name in done.stdout.splitlines()[-1].split() if name.endswith(".commands")}
    assert loaded == {"ais_app.commands", "ais_app.server_commands.commands"}


@pytest.mark.parametrize(
    "arguments",
    [["migrate"], ["verify", "--processes", "1"], ["import", "oneroster", "--dry-run", "tests/fixtures/oneroster12"]],
    ids=["migrate", "verify", "import"],
)
def test_commands_start_without_reflex(tmp_path, arguments):
    program = (
        "import sys\nfrom ais_app.cli import main\n"
        "try:\n    main(sys.argv[1:], standalone_mode=False)\nexcept SystemExit:\n    pass\n"
        "print('reflex' if 'reflex' in sys.modules else 'without')"
    )
    environment = {**os.environ, "AIS_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    if arguments[0] != "migrate":
        ready = [sys.executable, "-m", "ais_app.cli", "migrate"]
        subprocess.run(ready, check=True, cwd=ROOT, env=environment, capture_output=True)
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "without"
