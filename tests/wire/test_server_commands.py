"""`ais user …` beside running servers: by the socket in the data folder, for its owner alone, whatever comes on it."""

from __future__ import annotations

import json
import os
import re
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from ais_app import __version__
from ais_app.access import passwords
from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.ledger import triggers, witness
from ais_app.ledger.verifying import verify_one
from ais_app.server_commands import client, listener, messages
from ais_app.server_commands.socket_path import NAME
from tests import servers
from tests.builders import PASSWORD, small_school
from tests.conftest import MONDAY
from tests.wire.client import DIARY, ROOT, sign_in
from tests.wire.conftest import ONE, only

HOME = f"{ROOT}.ais_app___school___state____home_state"
CODE_IN_OUTPUT = re.compile(r"^(\S+)\t([2-9a-z-]{20})\t", re.MULTILINE)


@pytest.fixture(autouse=True)
def _accounts_as_before(request) -> Iterator[None]:
    """The installation is shared with other modules: who lost a password here has it again afterwards."""
    if "world" not in request.fixturenames:
        yield
        return
    world = request.getfixturevalue("world")
    kept = "SELECT id, password_hash, code_hash FROM account"
    before = world.database.read(lambda one: [dict(row) for row in one.execute(text(kept)).mappings()])
    yield
    back = text("UPDATE account SET password_hash = :password_hash, code_hash = :code_hash WHERE id = :id")
    world.database.write(lambda uow: [uow.execute(back, row) for row in before])
    world.forget()


def folder_of(server: servers.Server) -> Path:
    return server.log.parent


def ais(data: Path, database_url: str, *arguments: str | Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """A command beside whatever runs there."""
    settings = servers.environment(data, 0, {"AIS_DATABASE_URL": database_url, **extra})
    command = [sys.executable, "-m", "ais_app.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=data, env=settings, capture_output=True, text=True, check=False, timeout=120)


def asked(folder: Path, command: str, **payload: object) -> dict:
    answer = client.ask(folder, command, payload)
    assert answer is not None
    return answer


def issue(folder: Path, login: str) -> str:
    """A new code by the socket alone; returns it."""
    uid, code = asked(folder, "user.show", login=login)["result"]["account"]["uid"], passwords.new_code()
    assert asked(folder, "user.issue_codes", codes=[[uid, passwords.hash_code(code)]]) == {"result": {"issued": 1}}
    return code


def status(url: str, login: str, secret: str) -> int:
    form = {"login": login, "password": secret}
    return httpx.post(f"{url}/login", data=form, headers={"origin": url}, timeout=20).status_code


def test_the_socket_is_its_owners_alone(world):
    path = folder_of(world.server) / NAME
    assert stat.S_ISSOCK(path.stat().st_mode)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.glob(f"{NAME}.*")] == []


def test_a_command_beside_a_running_server_issues_a_code_that_holds(world):
    world.forgive()
    client_before = world.fresh("former")
    tab = world.tab_of(client_before, "/diary")
    tab.open(f"{DIARY}.open_page")
    done = ais(folder_of(world.server), world.server.database_url, "user", "code", "Former", **world.environment)
    assert (done.returncode, done.stderr) == (0, "")
    ((login, code),) = CODE_IN_OUTPUT.findall(done.stdout)
    assert login == "former"
    tab.wait_for_end()  # who is signed in is signed out at once, in every process
    assert client_before.get("/diary").headers["location"].startswith("/login")
    assert status(world.url, "former", PASSWORD) == 401, "the password of before opens nothing"
    later = sign_in(world.url, "former", code)
    assert later.get("/diary").headers["location"].startswith("/password")


def test_a_lost_slip_is_made_good_by_another(world):
    world.forgive()
    lost, found = issue(folder_of(world.server), "boris"), issue(folder_of(world.server), "boris")
    assert status(world.url, "boris", lost) == 401
    assert status(world.url, "boris", found) == 303
    assert status(world.url, "boris", found) == 303, "it holds until a password is chosen"


def test_a_login_that_was_guessed_at_is_free_with_its_new_code(world):
    world.forgive()
    for number in range(6):
        assert status(world.url, "gleb", f"wrong-{number}") == 401
    assert status(world.url, "gleb", issue(folder_of(world.server), "gleb")) == 303
    world.forgive()


def test_blocking_ends_what_is_open_and_unblocking_lets_in_again(world):
    world.forgive()
    folder = folder_of(world.server)
    signed_in = world.fresh("vera")
    assert asked(folder, "user.block", login="vera") == {"result": {"changed": True}}
    assert asked(folder, "user.block", login="vera") == {"result": {"changed": False}}
    assert signed_in.get("/diary").status_code == 303
    assert status(world.url, "vera", PASSWORD) == 401
    assert asked(folder, "user.unblock", login="vera") == {"result": {"changed": True}}
    assert status(world.url, "vera", PASSWORD) == 303


def test_an_ended_role_closes_the_pages_that_wear_it(world):
    world.forgive()
    folder = folder_of(world.server)
    deputy = world.fresh("deputy")
    tab = world.tab_of(deputy, "/")
    tab.open(f"{HOME}.open_page")
    assert "result" in asked(folder, "user.end_role", login="deputy", role="deputy", school=world.here.ref.uid)
    tab.wait_for_end()
    assert deputy.get("/").headers["location"].startswith("/login")
    assert "result" in asked(folder, "user.give_role", login="deputy", role="deputy", school=world.here.ref.uid)


def test_two_at_once_are_both_carried_out(world):
    folder, start = folder_of(world.server), threading.Barrier(12)

    def one(number: int) -> dict:
        start.wait()
        return asked(folder, "user.issue_codes", codes=[[uids[number % 2], f"{number:064x}"]])

    uids = [asked(folder, "user.show", login=login)["result"]["account"]["uid"] for login in ("anna", "boris")]
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(one, range(12)))
    assert answers == [{"result": {"issued": 1}}] * 12
    issued = world.database.read(
        lambda one: one.execute(
            text("SELECT count(*) FROM operation WHERE kind = 'codes_issued' AND account = 'operator'")
        ).scalar_one()
    )
    assert issued >= 12
    assert list(world.database.read(lambda one: list(verify_one(one, "installation")))) == []


REFUSED = [
    ("user.show", {"login": "nobody-at-all"}),
    ("user.issue_codes", {"codes": [["a" * 16, "0" * 64]]}),
    ("user.issue_codes", {"codes": [["../..", "0" * 64]]}),
    ("user.issue_codes", {"codes": [["a" * 16, "plain code"]]}),
    ("user.issue_codes", {"codes": []}),
    ("user.block", {"login": ""}),
    ("user.block", {"login": "anna", "more": True}),
    ("user.block", {"login": "a\0b"}),
    ("user.block", ["anna"]),
    ("user.give_role", {"login": "anna", "role": "king"}),
    ("user.give_role", {"login": "anna", "role": "teacher", "on": "2026-13-01"}),
    ("user.of_class", {"name": "99Щ"}),
    ("user.create", {"login": "petrоv", "role": "system_admin", "code_hash": "0" * 64}),
    ("user.create", {"login": "anna", "role": "system_admin", "code_hash": "0" * 64}),
    ("export.record", {"school": "a" * 16, "rows": {}}),
    ("user.delete", {"login": "anna"}),
    ("", {}),
]


@pytest.mark.parametrize(("command", "payload"), REFUSED, ids=lambda one: str(one)[:40])
def test_a_refusal_is_a_sentence_and_changes_nothing(world, command, payload):
    before = world.count("operation")
    answer = client.ask(folder_of(world.server), command, payload)
    assert answer is not None
    assert set(answer) == {"refused"}
    assert len(answer["refused"]) > 10
    assert "Traceback" not in answer["refused"]
    assert world.count("operation") == before


def test_a_program_of_another_version_is_told_so(world):
    request = {"version": "0.0.1", "command": "user.block", "payload": {"login": "anna"}}
    assert __version__ in said_to(folder_of(world.server), messages.packed(request))["refused"]


def said_to(folder: Path, sent: bytes, *, close: bool = False) -> dict:
    """The answer to these bytes; {} when the connection ends without one."""
    with closing(socket.socket(socket.AF_UNIX)) as connection:
        connection.settimeout(listener.READ_SECONDS * 3)
        connection.connect(str(folder / NAME))
        connection.sendall(sent)
        if close:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while part := connection.recv(65536):
            received += part
    return json.loads(received[messages.LENGTH_BYTES :]) if received else {}


def with_length(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body


WRONG = [
    b"",
    b"\0",
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    (messages.LARGEST + 1).to_bytes(4, "big"),
    with_length(b"{"),
    with_length(b"[]"),
    with_length(b'"user.block"'),
    with_length(b"\xff\xfe{}"),
    with_length(b"[" * 100_000),
    with_length(b'{"version": 1}')[:-3],
    b"GET / HTTP/1.1\r\n\r\n",
]


@pytest.mark.parametrize("sent", WRONG, ids=range(len(WRONG)))
def test_wrong_frames_end_their_connection_and_nothing_else(world, sent):
    folder = folder_of(world.server)
    said = said_to(folder, sent, close=True)
    assert said == {} or set(said) == {"refused"}
    assert "result" in asked(folder, "user.show", login="anna")
    world.pages_are_served()


def test_an_object_that_is_no_request_is_refused(world):
    assert set(said_to(folder_of(world.server), with_length(b"{}"))) == {"refused"}
    hostile = {"version": __version__, "command": {"a": []}, "payload": 7}
    assert set(said_to(folder_of(world.server), messages.packed(hostile))) == {"refused"}


def test_who_says_nothing_is_let_go_and_keeps_nobody_waiting(world):
    folder = folder_of(world.server)
    silent = [socket.socket(socket.AF_UNIX) for _one in range(8)]
    for one in silent:
        one.connect(str(folder / NAME))
    assert "result" in asked(folder, "user.show", login="anna")
    silent[0].settimeout(listener.READ_SECONDS * 3)
    assert silent[0].recv(1) == b"", "ended after a while"
    for one in silent:
        one.close()


def test_nothing_of_a_code_crosses_the_socket_or_is_logged(world):
    listen, code = world.log(), issue(folder_of(world.server), "boris")
    said = listen()
    assert code not in said
    assert passwords.hash_code(code) not in said


@pytest.fixture
def schooled(tmp_path) -> str:
    """A small school in a database of its own; its address."""
    url = f"sqlite:///{tmp_path / 'ais.sqlite3'}"
    with closing(Database(url, SetClock(MONDAY))) as database:
        migrations.upgrade(database, triggers.install)
        small_school(database)
    return url


pytestmark_one = only(ONE, because="these have a server of their own over SQLite, where one process writes")


@pytestmark_one
def test_a_killed_server_leaves_a_socket_that_hinders_nobody(world, tmp_path, schooled):
    with servers.running(tmp_path, schooled) as server:
        server.kill()
        assert (tmp_path / NAME).exists()
        assert client.ask(tmp_path, "user.show", {"login": "anna"}) is None
        alone = ais(tmp_path, schooled, "user", "code", "anna")
        assert (alone.returncode, alone.stderr) == (0, "")
    with servers.running(tmp_path, schooled) as server:
        ((_login, code),) = CODE_IN_OUTPUT.findall(alone.stdout)
        assert status(server.url, "anna", code) == 303
        assert "result" in asked(tmp_path, "user.show", login="anna")
    assert not (tmp_path / NAME).exists(), "a server that ends takes it away"


@pytestmark_one
def test_a_name_is_erased_beside_a_running_server(world, tmp_path, schooled):
    named = ("--name", "Красносельцева Евдокия")
    with servers.running(tmp_path, schooled) as server:
        created = ais(tmp_path, schooled, "user", "create", "krasno", "--role", "teacher", *named)
        ((_login, code),) = CODE_IN_OUTPUT.findall(created.stdout)
        refused = ais(tmp_path, schooled, "user", "erase", *named, "--reason", "Приказ 12")
        assert (refused.returncode, "krasno" in refused.stderr) == (1, True), refused.stderr
        assert status(server.url, "krasno", code) == 303
        assert ais(tmp_path, schooled, "user", "role", "krasno", "--end", "teacher").returncode == 0
        erased = ais(tmp_path, schooled, "user", "erase", *named, "--reason", "Приказ 12")
        assert erased.returncode == 0, erased.stderr
        assert "Закрыта 1 учётная запись." in erased.stdout
        assert status(server.url, "krasno", code) == 401
    assert "Красносельцева" not in server.log.read_text(encoding="utf-8")
    assert ais(tmp_path, schooled, "verify").returncode == 0


@pytestmark_one
def test_commands_that_write_much_are_refused_beside_a_server_and_an_export_is_recorded_by_it(
    world, tmp_path, schooled
):
    with servers.running(tmp_path, schooled) as server:
        for command in (("demo",), ("migrate",), ("run",)):  # an import is written by the server (test_exchange.py)
            done = ais(tmp_path, schooled, *command)
            assert done.returncode == 1, command
            assert "пишет только он" in done.stderr
        done = ais(tmp_path, schooled, "export", "oneroster", tmp_path / "out")
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "out" / "users.csv").exists()
        kinds = text("SELECT count(*) FROM operation WHERE kind = 'school_exported'")
        with closing(Database(schooled)) as database:
            assert database.read(lambda one: one.execute(kinds).scalar_one()) == 1
        assert ais(tmp_path, schooled, "verify").returncode == 0
        assert httpx.get(f"{server.url}/readyz").status_code == 200


@pytestmark_one
def test_a_server_that_dies_meanwhile_leaves_the_codes_and_says_that_nobody_knows(world, tmp_path, monkeypatch):
    """The answer never comes: the slip is kept, since its codes may hold."""
    from click.testing import CliRunner

    from ais_app import settings as settings_module
    from ais_app.cli import main

    account = {
        "uid": "a" * 16,
        "login": "anna",
        "blocked": False,
        "chosen": True,
        "name": "Anna",
        "school": "",
        "group": "",
        "about": "",
    }

    def serve(connections: socket.socket) -> None:
        for answer in ({"result": {"account": account, "roles": []}}, None):
            connection, _address = connections.accept()
            length = messages.length_of(connection.recv(4))
            while length > 0:
                length -= len(connection.recv(length))
            if answer is not None:
                connection.sendall(messages.packed(answer))
            connection.close()

    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind(str(tmp_path / NAME))
        listening.listen()
        thread = threading.Thread(target=serve, args=(listening,))
        thread.start()
        monkeypatch.setenv("AIS_DATA_DIR", str(tmp_path))
        settings_module.settings.cache_clear()
        done = CliRunner().invoke(main, ["user", "code", "anna", "--codes", str(tmp_path / "codes.tsv")])
        settings_module.settings.cache_clear()
        thread.join(10)
    assert done.exit_code == 1
    assert (tmp_path / "codes.tsv").read_text(encoding="utf-8").startswith("anna\t")
    assert "not known" in done.stderr
    assert str(tmp_path / "codes.tsv") in done.stderr


@pytestmark_one
def test_a_process_of_another_user_is_not_answered(world, tmp_path, schooled):
    """The mode keeps others out; where somebody has opened it, the user of the other end is looked at too."""
    script = (
        "import os, socket\n"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
        "one = socket.socket(socket.AF_UNIX)\none.settimeout(20)\n"
        "one.connect('command.sock')\nprint(one.recv(1))\n"
    )
    with servers.running(tmp_path, schooled) as server:
        if os.geteuid() == 0:  # nobody else can be somebody else
            tmp_path.chmod(0o711)
            (tmp_path / NAME).chmod(0o666)
            command = [sys.executable, "-c", script]
            done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
            assert (done.stdout, done.stderr) == ("b''\n", "")
            assert "command_refused" in server.log.read_text()
        assert "result" in asked(tmp_path, "user.show", login="anna")


@pytestmark_one
def test_a_running_server_changes_the_key_of_its_witness_and_goes_on_with_the_new_one(world, tmp_path, schooled):
    with servers.running(tmp_path, schooled):
        first = ais(tmp_path, schooled, "ledger", "key").stdout.strip()
        renewed = ais(tmp_path, schooled, "ledger", "key", "--renew", "--reason", "Order 7")
        assert renewed.returncode == 0, renewed.stderr
        second = renewed.stdout.strip()
        assert ais(tmp_path, schooled, "ledger", "key").stdout.strip() == second != first
    file = tmp_path / "witness.jsonl"
    keys = list(dict.fromkeys(line.key for _number, line in witness.lines_of(file) if line is not None))
    assert keys == [first, second]
    for key in keys:
        checked = ais(tmp_path, schooled, "verify", "--processes", "1", "--key", key)
        assert checked.returncode == 0, checked.stderr
    (tmp_path / "witness.key").write_text("no key")
    refused = ais(tmp_path, schooled, "run")
    assert (refused.returncode, "--lost" in refused.stderr, "Traceback" in refused.stderr) == (2, True, False)
    lost = ais(tmp_path, schooled, "ledger", "key", "--lost", "--reason", "Overwritten")
    assert lost.returncode == 0, lost.stderr
    with servers.running(tmp_path, schooled):
        pass
    checked = ais(tmp_path, schooled, "verify", "--processes", "1", "--key", first)
    assert checked.returncode == 0, checked.stderr
    assert "was lost" in checked.stdout


def test_a_large_demonstration_beside_a_school_is_refused_and_asks_for_no_job(world):
    done = ais(folder_of(world.server), world.server.database_url, "demo", "--size", "large")
    assert (done.returncode, done.stdout) == (1, "")
    asked_for = text("SELECT count(*) FROM job WHERE kind = 'large_demonstration'")
    assert world.database.read(lambda one: one.execute(asked_for).scalar_one()) == 0


def test_a_worker_beside_sqlite_says_that_there_is_none(tmp_path):
    done = ais(tmp_path, f"sqlite:///{tmp_path / 'ais.sqlite3'}", "worker")
    assert (done.returncode, done.stdout) == (2, "")
    assert "SQLite" in done.stderr
