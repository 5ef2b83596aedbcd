"""What `ais verify` alone cannot see: a history rewritten with all its hashes, cut off, or replaced by an older one."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ais_app.clock import SetClock
from ais_app.db import Database
from ais_app.ledger import epochs, queries, witness, witness_check, witnessing
from ais_app.ledger.service import INSTALLATION
from ais_app.ledger.witnessing import LINE_SECONDS, MOST_BETWEEN, Witness
from ais_app.rights.rules import operator
from tests.conftest import MONDAY
from tests.unit.tampering import cut_off, rewrite_history, tamper
from tests.unit.watched import TODAY, Command, Watched


@pytest.fixture
def watched(school, tmp_path, monkeypatch) -> Watched:
    return Watched(school, tmp_path, monkeypatch)


def test_a_line_is_written_a_minute_after_the_last_one_and_only_for_what_went_on(watched):
    before = len(watched.lines())
    watched.enter("anna", "5")
    watched.now += LINE_SECONDS - 1
    watched.witness.look()
    assert len(watched.lines()) == before
    watched.now += 1
    watched.witness.look()
    (line,) = watched.lines()[before:]
    assert (line.chain, line.sequence, line.head) == (
        watched.chain,
        *watched.database.read(queries.heads)[watched.chain],
    )
    assert line.moment == "2026-11-23T09:00:00.000000+00:00"
    watched.a_minute_later()
    assert len(watched.lines()) == before + 1, "nothing has happened since"
    assert watched.faults() == []


def test_many_operations_and_a_stop_do_not_wait_for_the_minute(watched, monkeypatch):
    before = len(watched.lines())
    watched.enter("anna", "5")
    watched.witness.look()
    assert len(watched.lines()) == before
    watched.witness.look(stopping=True)
    watched.witness.look(stopping=True)
    assert len(watched.lines()) == before + 1, "once is enough"
    monkeypatch.setattr(witnessing, "MOST_BETWEEN", 2)
    watched.enter("boris", "4")
    watched.witness.look()
    assert len(watched.lines()) == before + 1
    watched.enter("vera", "3")
    watched.witness.look()
    assert len(watched.lines()) == before + 2
    assert MOST_BETWEEN == 500


async def test_a_running_server_looks_again_and_again_and_once_more_when_it_stops(watched, monkeypatch):
    monkeypatch.setattr(witnessing, "LOOK_SECONDS", 0.001)
    before, other = len(watched.lines()), Witness(watched.database, watched.key, (watched.path,))
    async with witnessing.witnessing(other):
        watched.enter("anna", "5")
        watched.now += LINE_SECONDS
        while len(watched.lines()) == before:
            await asyncio.sleep(0.001)
        watched.enter("boris", "5")
    assert len(watched.lines()) == before + 2


def test_what_cannot_be_written_is_written_later(watched, tmp_path, monkeypatch):
    def full(_path, _lines) -> None:
        raise OSError(28, "No space left on device")

    watched.enter("anna", "5")
    with monkeypatch.context() as patched:
        patched.setattr(witness, "append", full)
        witnessing._look(watched.witness, stopping=True)
    before = len(watched.lines())
    witnessing._look(watched.witness, stopping=True)
    assert len(watched.lines()) == before + 1


def test_s70_a_history_that_was_rewritten_with_all_its_hashes_is_named(watched):
    watched.enter("anna", "5")
    watched.a_minute_later()
    watched.enter("boris", "4")
    watched.a_minute_later()
    rewrite_history(watched.database, watched.chain, '"value":"5"', '"value":"2"')
    assert watched.is_whole_by_itself(), "this is what the witness is for"
    faults = watched.faults()
    assert len(faults) == 2
    assert all("is not the one that the witness saw" in fault for fault in faults)
    assert faults[0].startswith(f"operation {watched.chain} #{watched.length() - 1}: ")


@pytest.mark.parametrize("left", [0, 1, 3])
def test_s71_a_history_that_was_cut_off_is_named(watched, left):
    for student in ("anna", "boris", "vera"):
        watched.enter(student, "5")
        watched.a_minute_later()
    length = watched.length()
    assert length > 4
    cut_off(watched.database, watched.chain, left)
    assert watched.is_whole_by_itself()
    named = {int(number) for fault in watched.faults() for number in re.findall(r"#(\d+):", fault)}
    assert {length, length - 1, length - 2} <= named
    assert all("is gone, and the witness saw it" in fault for fault in watched.faults())


def test_s71_all_chains_deleted_with_their_heads_are_named(watched):
    watched.enter("anna", "5")
    watched.a_minute_later()
    for chain in (watched.chain, INSTALLATION):
        cut_off(watched.database, chain, 0)
    tamper(watched.database, "DELETE FROM ledger_chain")
    assert watched.is_whole_by_itself()
    assert {fault.split()[1] for fault in watched.faults()} == {watched.chain, INSTALLATION}


@pytest.mark.parametrize("database_kind", ["sqlite"])  # the copy of a file; the checks are the same on both
def test_s71_an_old_copy_put_back_is_named_until_an_epoch_explains_it(tmp_path, school, monkeypatch):
    watched = Watched(school, tmp_path, monkeypatch)
    old = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(str(school.database.url.database))) as connection:
        connection.execute("VACUUM INTO ?", (str(old),))
    watched.enter("anna", "5")
    watched.a_minute_later()
    clock = SetClock(MONDAY)
    replayed = Database(f"sqlite:///{old}", clock)
    signed_by = witness.public_key(watched.key)

    def found() -> list[str]:
        return [str(one) for one in replayed.read(lambda c: list(witness_check.faults(c, watched.path, signed_by)))]

    again = Witness(replayed, watched.key, (watched.path,))
    again.begin()
    (named,) = found()
    assert "is gone, and the witness saw it" in named
    clock.advance(minutes=5)
    uid = replayed.write(lambda uow: epochs.open_epoch(uow, operator(), "Backup of Monday, disk broken"))
    assert found() == []
    (epoch,) = replayed.read(epochs.epochs)
    assert epoch.uid == uid
    assert epoch.goes_on[watched.chain] == watched.length() - 1
    clock.advance(minutes=5)
    again.look(stopping=True)
    assert found() == []
    cut_off(replayed, INSTALLATION, replayed.read(queries.heads)[INSTALLATION][0] - 1)
    assert len(found()) == 2, "with the epoch goes what it explained"
    replayed.close()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda line: line.replace('"sequence":', '"sequence":1'), "its signature does not fit"),
        (lambda line: line.replace('"head":"', '"head":"0'), "its signature does not fit"),
        (lambda line: line.replace("2026", "2025"), "its signature does not fit"),
        (lambda line: line[:40] + "\n", "cannot be read"),
        (lambda _line: "[]\n", "cannot be read"),
        (lambda _line: "[" * 5_000 + "\n", "cannot be read"),
        (lambda _line: '{"chain":1,"head":2,"key":3,"moment":4,"sequence":"5","signature":6}\n', "cannot be read"),
        (lambda line: line.replace('"signature":"', '"signature":"zz'), "its signature does not fit"),
    ],
)
def test_a_line_that_was_changed_is_named(watched, change, named):
    watched.enter("anna", "5")
    watched.a_minute_later()
    *kept, last = watched.path.read_text(encoding="utf-8").splitlines(keepends=True)
    watched.path.write_text("".join(kept) + change(last), encoding="utf-8")
    faults = watched.faults()
    assert f"witness witness.jsonl:{len(kept) + 1}: {named}" in faults


def test_a_line_signed_by_somebody_else_counts_for_nothing(watched):
    other = Ed25519PrivateKey.generate()
    watched.enter("anna", "5")
    line = witness.signed(other, watched.chain, watched.database.read(queries.heads)[watched.chain], MONDAY)
    witness.append(watched.path, [line])
    (fault,) = watched.faults()
    assert fault.endswith("is signed by another key")
    assert len(watched.faults(witness.public_key(other))) == len(watched.lines()) - 1


def test_many_lines_that_are_wrong_alike_are_counted(watched):
    witness.append(watched.path, ["nonsense"] * (witness_check.SHOWN + 7))
    faults = watched.faults()
    assert len(faults) == witness_check.SHOWN + 1
    assert faults[-1] == "witness witness.jsonl: 7 more lines: cannot be read"


def test_the_key_is_its_owner_s_alone_and_made_once(tmp_path):
    path = tmp_path / "folder" / "witness.key"
    one = witness.signing_key(path)
    assert witness.public_key(witness.signing_key(path)) == witness.public_key(one)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["witness.key"]
    path.write_text("no key")
    with pytest.raises(witness.NoKey):
        witness.signing_key(path)


@given(st.text(), st.integers(min_value=0), st.text())
def test_what_is_signed_is_the_line_without_key_and_signature(chain, sequence, head):
    """A stranger needs no code of ours: he removes two names from the line, spells it canonically and asks openssl."""
    key = Ed25519PrivateKey.generate()
    line = json.loads(witness.signed(key, chain, (sequence, head), MONDAY))
    signature, public = line.pop("signature"), line.pop("key")
    spelled = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert public == witness.public_key(key)
    key.public_key().verify(bytes.fromhex(signature), spelled.encode())


@pytest.fixture
def ais(watched, tmp_path, monkeypatch) -> Command:
    return Command(watched.database, tmp_path, monkeypatch)


def test_s70_s71_verify_compares_with_the_witness_of_the_data_folder_and_with_others(ais, watched, tmp_path):
    watched.enter("anna", "5")
    watched.a_minute_later()
    whole = ais("verify", "--processes", 1)
    assert whole.exit_code == 0, whole.output
    elsewhere = shutil.copy(watched.path, tmp_path / "copy.jsonl")
    cut_off(watched.database, watched.chain, watched.length() - 1)
    assert "is gone, and the witness saw it; witness.jsonl:" in ais("verify", "--processes", 1).output
    watched.path.unlink()
    assert "is gone" not in ais("verify", "--processes", 1).output
    compared = ais("verify", "--processes", 1, "--witness", elsewhere)
    assert compared.exit_code == 1
    assert "is gone, and the witness saw it; copy.jsonl:" in compared.output
    foreign = ais("verify", "--processes", 1, "--witness", elsewhere, "--key", "ab" * 32)
    assert "is signed by another key" in foreign.output


def test_what_an_operator_does_with_the_ledger(ais, watched, tmp_path):
    assert ais("ledger", "key").output == f"{witness.public_key(watched.key)}\n"
    school = watched.school
    commented = school.comment(school.teacher(), "algebra", "vera", TODAY, "5", "Well done").operation
    for refused in (
        ais("ledger", "erase", commented),
        ais("ledger", "erase", commented, "--reason", " "),
        ais("ledger", "epoch", "--reason", "x" * 501),
    ):
        assert refused.exit_code == 2
    assert ais("ledger", "erase", "nosuchoperation", "--reason", "Order 12").exit_code == 1
    assert ais("ledger", "erase", commented, "--reason", "Order 12").output == "1 text erased.\n"
    assert ais("ledger", "erase", commented, "--reason", "Order 12").exit_code == 1
    opened = ais("ledger", "epoch", "--reason", "Backup of Monday")
    assert opened.output.startswith("A new epoch begins: operation ")
    checked = ais("verify", "--processes", 1)
    assert checked.exit_code == 0, checked.output
    assert "The history goes on from another state since 2026-11-23T" in checked.output
    watched.path.unlink()
    assert "There is no witness yet" in ais("verify", "--processes", 1).output
    witness.append(watched.path, ["nonsense"])
    (tmp_path / "witness.key").write_text("no key")
    assert ais("verify", "--processes", 1).exit_code == 2
    (tmp_path / "witness.key").unlink()
    assert ais("ledger", "key").exit_code == 2


@pytest.mark.skipif(shutil.which("openssl") is None, reason="a stranger has openssl")
def test_a_stranger_checks_the_signatures_with_openssl_alone(watched):
    def checked() -> subprocess.CompletedProcess[str]:
        script = Path(__file__).parents[2] / "tools" / "check_witness.py"
        command = [sys.executable, "-I", script, watched.path, witness.public_key(watched.key)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert (checked().returncode, checked().stdout) == (0, "every line is signed by this key or one that it leads to\n")
    text = watched.path.read_text(encoding="utf-8")
    watched.path.write_text(text.replace('"sequence":', '"sequence":1'), encoding="utf-8")
    assert checked().returncode == 1
