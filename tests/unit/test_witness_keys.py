"""The key of the witness changes: by an operation that both keys sign, or, when it is lost, with a new epoch."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ais_app.db import Database
from ais_app.ledger import epochs, key_file, keys, queries, renewing, service, witness, witnessing
from ais_app.ledger.rules import Item
from ais_app.ledger.service import INSTALLATION
from ais_app.ledger.witness import Line, NoKey, Seen
from ais_app.rights.errors import Refused
from ais_app.rights.rules import operator
from tests.conftest import MONDAY
from tests.unit.tampering import cut_off, tamper
from tests.unit.watched import Command, Watched


class Keyed(Watched):
    """A watched school whose witness follows the key's file."""

    def __init__(self, school, folder: Path, monkeypatch) -> None:
        super().__init__(school, folder, monkeypatch)
        self.key_path = folder / "witness.key"
        self.witness.key_file = self.key_path
        self.first = witness.public_key(self.key)

    def renew(self, reason: str = "Order 7") -> str:
        return self.database.write(lambda uow: renewing.renew(uow, operator(), reason, self.key_path))

    def lose(self) -> str:
        work = renewing.replace_lost
        return self.database.write(lambda uow: work(uow, operator(), "Disk", self.key_path, self.path))

    def restarted(self) -> witnessing.Witness:
        """The witness of a server that starts now."""
        told = self.database.read(keys.changes)
        key = key_file.ready(self.key_path, told, [self.path])
        self.witness = witnessing.Witness(self.database, key, (self.path,), self.key_path)
        self.witness.begin()
        return self.witness

    def changes(self) -> list[keys.Change]:
        return self.database.read(keys.changes)

    def key_faults(self) -> list[str]:
        return [str(one) for one in keys.faults(self.changes())]

    def signers(self) -> list[str]:
        lines = [line for _number, line in witness.lines_of(self.path) if line is not None]
        return list(dict.fromkeys(line.key for line in lines))


@pytest.fixture
def keyed(school, tmp_path, monkeypatch) -> Keyed:
    return Keyed(school, tmp_path, monkeypatch)


@pytest.fixture
def ais(keyed, tmp_path, monkeypatch) -> Command:
    return Command(keyed.database, tmp_path, monkeypatch)


def stranger(path: Path, key: str) -> tuple[int, str]:
    """What the script says that needs no code of ours."""
    script = Path(__file__).parents[2] / "tools" / "check_witness.py"
    command = [sys.executable, "-I", script, path, key]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_a_key_that_was_renewed_twice_is_followed_from_each_of_the_three(keyed):
    keyed.enter("anna", "5")
    keyed.a_minute_later()
    second = keyed.renew()
    keyed.witness.look()
    keyed.enter("boris", "5")
    keyed.a_minute_later()
    third = keyed.renew()
    keyed.witness.look()
    keyed.enter("vera", "5")
    keyed.a_minute_later()
    assert keyed.signers() == [keyed.first, second, third]
    assert keyed.key_faults() == []
    for one in (keyed.first, second, third):
        assert keyed.faults(one) == []
        assert stranger(keyed.path, one) == (0, "every line is signed by this key or one that it leads to\n")
    assert witness.public_key(witness.loaded(keyed.key_path)) == third
    assert not key_file.aside(keyed.key_path).exists()
    assert keyed.is_whole_by_itself()


def test_two_renewals_without_a_server_are_told_when_it_starts(keyed):
    keyed.witness.look(stopping=True)
    for _turn in range(2):
        keyed.renew()
        key_file.adopt(keyed.key_path, keyed.changes())
    third = keyed.restarted()
    third.look()
    assert len(keyed.signers()) == 3
    assert keyed.faults(keyed.first) == []
    assert keyed.faults(witness.public_key(third.key)) == []
    assert stranger(keyed.path, keyed.first)[0] == 0


def test_a_server_that_dies_between_the_operation_and_the_file_finishes_it_when_it_starts(keyed):
    renewed = keyed.renew()
    assert witness.public_key(witness.loaded(keyed.key_path)) == keyed.first
    with pytest.raises(Refused):
        keyed.renew()
    assert witness.public_key(keyed.restarted().key) == renewed
    keyed.renew()


def test_a_change_that_came_to_nothing_leaves_the_key_as_it_was(keyed):
    def fails(uow) -> None:
        renewing.renew(uow, operator(), "Order", keyed.key_path)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keyed.database.write(fails)
    assert witness.public_key(keyed.restarted().key) == keyed.first
    renewed = keyed.renew()
    assert witness.public_key(keyed.restarted().key) == renewed


def test_another_process_signs_with_the_older_key_until_it_sees_the_change(keyed):
    """What it wrote meanwhile is of a state before the change, wherever it stands in the file."""
    other = witnessing.Witness(keyed.database, keyed.key, (keyed.path,), keyed.key_path)
    other.begin()
    keyed.enter("anna", "5")
    heads = keyed.database.read(queries.heads)
    renewed = keyed.renew()
    keyed.witness.look()
    witness.append(keyed.path, [witness.signed(keyed.key, keyed.chain, heads[keyed.chain], MONDAY)])
    keyed.enter("boris", "5")
    keyed.now += 60
    other.look()
    assert witness.public_key(other.key) == renewed
    for one in (keyed.first, renewed):
        assert keyed.faults(one) == []
        assert stranger(keyed.path, one)[0] == 0


def test_lines_of_the_older_key_after_the_change_are_named(keyed):
    renewed = keyed.renew()
    keyed.witness.look()
    keyed.enter("anna", "5")
    heads = keyed.database.read(queries.heads)
    for chain in (keyed.chain, INSTALLATION):
        witness.append(keyed.path, [witness.signed(keyed.key, chain, heads[chain], MONDAY)])
    count = len(keyed.lines())
    named = [
        f"witness witness.jsonl:{number}: is signed by a key that was not in use then" for number in (count - 1, count)
    ]
    for one in (keyed.first, renewed):
        assert keyed.faults(one) == named
        code, said = stranger(keyed.path, one)
        assert (code, f"line {count} is signed by a key that was not in use then" in said) == (1, True)


def test_lines_of_the_new_key_from_before_it_are_named(keyed):
    keyed.enter("anna", "5")
    before = keyed.database.read(queries.heads)[keyed.chain]
    keyed.enter("boris", "5")
    keyed.renew()
    keyed.witness.look()
    witness.append(keyed.path, [witness.signed(keyed.witness.key, keyed.chain, (before[0], before[1]), MONDAY)])
    (named,) = keyed.faults()
    assert named.endswith("is signed by a key that was not in use then")


def forged(keyed: Keyed, former: str, by: Ed25519PrivateKey, *, lost: bool = False) -> Ed25519PrivateKey:
    """An operation that puts another key in the place of `former`, signed by `by` instead of it."""
    new = Ed25519PrivateKey.generate()

    def write(uow) -> None:
        chain = service.lock(uow, INSTALLATION)
        change = {"lost": former} if lost else {"next": witness.public_key(new)}
        seen = Seen(INSTALLATION, chain.sequence, chain.head, uow.now.isoformat(timespec="microseconds"), **change)
        signed = {"signature": by.sign(seen.spelled()).hex()}
        signed |= {"lost": True} if lost else {"countersignature": new.sign(seen.spelled()).hex()}
        item = Item(keys.ENTITY, witness.public_key(new), {"key": former}, signed)
        entry = service.Entry(operator().author, renewing.KEY_RENEWED.name, [item])
        service.append_entry(uow, chain, entry)

    keyed.database.write(write)
    return new


def test_a_change_signed_by_somebody_else_is_named_and_not_followed(keyed):
    new = forged(keyed, keyed.first, Ed25519PrivateKey.generate())
    (named,) = keyed.key_faults()
    assert "changes the key of the witness and is not signed as it must be" in named
    keyed.enter("anna", "5")
    keyed.a_minute_later()
    assert keyed.signers() == [keyed.first], "the witness does not follow it either"
    head = keyed.database.read(queries.heads)[keyed.chain]
    witness.append(keyed.path, [witness.signed(new, keyed.chain, head, MONDAY)])
    (line,) = keyed.faults()
    assert line.endswith("is signed by another key")


def test_a_stranger_to_the_key_cannot_stand_before_it_either(keyed):
    """Who has the database and the file would sign all lines anew, and say that his key was the one before ours."""
    own = Ed25519PrivateKey.generate()
    forged(keyed, witness.public_key(own), own)
    assert keyed.faults() == []

    def write(uow) -> None:
        chain = service.lock(uow, INSTALLATION)
        seen = Seen(INSTALLATION, chain.sequence, chain.head, uow.now.isoformat(timespec="microseconds"), keyed.first)
        signature = own.sign(seen.spelled()).hex()
        signed = {"signature": signature, "countersignature": signature}
        item = Item(keys.ENTITY, keyed.first, {"key": witness.public_key(own)}, signed)
        service.append_entry(uow, chain, service.Entry(operator().author, renewing.KEY_RENEWED.name, [item]))

    keyed.database.write(write)
    assert len(keyed.key_faults()) == 1
    head = keyed.database.read(queries.heads)[keyed.chain]
    witness.append(keyed.path, [witness.signed(own, keyed.chain, head, MONDAY)])
    (line,) = keyed.faults()
    assert line.endswith("is signed by another key")


def test_a_key_is_replaced_once(keyed):
    """Who steals the older key later cannot lead on from it."""
    renewed = keyed.renew()
    keyed.witness.look()
    thief = forged(keyed, keyed.first, keyed.key)
    (named,) = keyed.key_faults()
    assert "changes a key of the witness that was replaced before" in named
    assert list(keys.terms(keyed.changes(), keyed.first)) == [keyed.first, renewed]
    assert witness.public_key(thief) not in keys.terms(keyed.changes(), keyed.first)


@pytest.mark.parametrize("data", ["", "[]", "{}", '{"before":1,"after":"x"}', '{"before":null,"after":null}'])
def test_a_change_of_which_somebody_made_nonsense_is_named(keyed, data):
    keyed.renew()
    tamper(keyed.database, f"UPDATE operation_item SET data = '{data}' WHERE entity = '{keys.ENTITY}'")
    assert len(keyed.key_faults()) == 1
    assert not keyed.is_whole_by_itself()


def test_without_its_key_nothing_is_renewed(keyed):
    keyed.key_path.unlink()
    with pytest.raises(Refused, match="--lost"):
        keyed.renew()
    keyed.key_path.write_text("no key")
    with pytest.raises(Refused, match="--lost"):
        keyed.renew()
    assert keyed.changes() == []


def test_a_lost_key_opens_an_epoch_and_is_named(keyed, ais):
    keyed.enter("anna", "5")
    keyed.a_minute_later()
    keyed.key_path.unlink()
    with pytest.raises(NoKey):
        keyed.restarted()
    lost = ais("ledger", "key", "--lost", "--reason", "The disk broke")
    assert lost.exit_code == 0, lost.output
    new = lost.output.strip()
    assert witness.public_key(keyed.restarted().key) == new
    keyed.witness.look()
    keyed.enter("boris", "5")
    keyed.a_minute_later()
    assert keyed.signers() == [keyed.first, new]
    for key in (keyed.first, new):
        checked = ais("verify", "--processes", 1, "--key", key)
        assert checked.exit_code == 0, checked.output
        assert "The key of the witness was lost at 2026-11-23T" in checked.output
        assert f"{new} signs in place of {keyed.first}" in checked.output
        assert "The history goes on from another state" in checked.output
        code, said = stranger(keyed.path, key)
        assert code == 0
        assert f"{keyed.first} was lost" in said


def test_a_lost_key_that_the_new_one_does_not_sign_for_is_named(keyed):
    forged(keyed, keyed.first, Ed25519PrivateKey.generate(), lost=True)
    (named,) = keyed.key_faults()
    assert "is not signed as it must be" in named


def test_a_key_that_is_there_is_not_lost(keyed):
    with pytest.raises(Refused):
        keyed.lose()


def test_a_key_that_nobody_knows_any_more_is_lost_too(keyed):
    keyed.key_path.unlink()
    keyed.path.unlink()
    new = keyed.lose()
    assert witness.public_key(keyed.restarted().key) == new
    keyed.witness.look()
    assert keyed.faults(new) == []
    assert keyed.key_faults() == []
    (change,) = keyed.changes()
    assert (change.former, change.is_loss) == ("", True)


@pytest.mark.parametrize("database_kind", ["sqlite"])  # the copy of a file; the checks are the same on both
def test_a_backup_from_before_the_change_is_put_back(keyed, clock, tmp_path):
    """The file of the witness tells of the change that the database does not know any more."""
    old = shutil.copy(str(keyed.database.url.database), tmp_path / "old.sqlite3")
    keyed.database.close()
    database = Database(f"sqlite:///{old}", keyed.database.clock)
    keyed.school.database = keyed.database = Database(f"sqlite:///{tmp_path / 'ais.sqlite3'}", keyed.database.clock)
    keyed.witness.database = keyed.database
    keyed.enter("anna", "5")
    renewed = keyed.renew()
    keyed.witness.look()
    keyed.enter("boris", "5")
    keyed.a_minute_later()
    keyed.database.close()
    keyed.database = database
    assert all("the witness saw it" in one or "not the one that" in one for one in keyed.faults(renewed))
    clock.advance(minutes=5)
    database.write(lambda uow: epochs.open_epoch(uow, operator(), "Backup of Monday"))
    clock.advance(minutes=5)
    keyed.restarted().look(stopping=True)
    for key in (keyed.first, renewed):
        assert keyed.faults(key) == []
    database.close()


def test_with_the_operation_goes_what_the_new_key_saw(keyed):
    keyed.renew()
    keyed.witness.look()
    cut_off(keyed.database, INSTALLATION, keyed.database.read(queries.heads)[INSTALLATION][0] - 1)
    assert any("is gone, and the witness saw it" in one for one in keyed.faults(witness.public_key(keyed.witness.key)))


def test_renewing_by_the_command(ais, keyed):
    first = ais("ledger", "key").output
    assert first == f"{keyed.first}\n"
    for wrong in (
        ("--renew",),
        ("--lost",),
        ("--reason", "Order"),
        ("--renew", "--lost", "--reason", "Order"),
        ("--renew", "--reason", " "),
    ):
        assert ais("ledger", "key", *wrong).exit_code == 2
    renewed = ais("ledger", "key", "--renew", "--reason", "Order 7")
    assert renewed.exit_code == 0, renewed.output
    assert ais("ledger", "key").output == renewed.output != first
    refused = ais("ledger", "key", "--lost", "--reason", "Order 7")
    assert refused.exit_code == 1
    checked = ais("verify", "--processes", 1)
    assert checked.exit_code == 0, checked.output
    assert "The key of the witness was renewed at 2026-11-23T" in checked.output
    forged(keyed, renewed.output.strip(), Ed25519PrivateKey.generate())
    broken = ais("verify", "--processes", 1)
    assert broken.exit_code == 1
    assert "is not signed as it must be" in broken.output


@pytest.mark.parametrize("content", [b"no key", b"", None])
def test_a_server_without_its_key_does_not_start_and_says_so(ais, keyed, monkeypatch, content):
    monkeypatch.setattr("ais_app.web.bundle.is_built", lambda: True)
    monkeypatch.setattr("ais_app.serve.serve", lambda _chosen: pytest.fail("it served"))
    keyed.key_path.unlink()
    if content is not None:
        keyed.key_path.write_bytes(content)
    started = ais("run")
    assert started.exit_code == 2, started.output
    assert "The key of the witness is gone or damaged" in started.output
    assert "Traceback" not in started.output


async def test_a_witness_whose_new_key_is_not_here_writes_nothing_and_tries_again(keyed, monkeypatch):
    """On another machine the file was not replaced: lines of the older key would count for nothing."""
    monkeypatch.setattr(witnessing, "LOOK_SECONDS", 0.001)
    keyed.renew()
    aside = key_file.aside(keyed.key_path).rename(keyed.key_path.with_name("elsewhere"))
    before = len(keyed.lines())
    async with witnessing.witnessing(keyed.witness):
        keyed.now += 60
        await asyncio.sleep(0.05)
        assert len(keyed.lines()) == before
        aside.rename(keyed.key_path)
        while len(keyed.lines()) == before:
            await asyncio.sleep(0.001)
    assert len(keyed.signers()) == 2


@given(st.lists(st.booleans(), max_size=6), st.data())
def test_terms_follow_every_chain_of_changes_from_wherever_it_is_entered(losses, data):
    private = [Ed25519PrivateKey.generate() for _one in range(len(losses) + 1)]
    public = [witness.public_key(one) for one in private]
    told = []
    for number, lost in enumerate(losses):
        old, new = public[number], public[number + 1]
        seen = Seen(INSTALLATION, number, "", "", *((None, old) if lost else (new, None)))
        by = [one.sign(seen.spelled()).hex() for one in private[number : number + 2]]
        line = Line(seen, new, by[1]) if lost else Line(seen, old, by[0], by[1])
        told.append(keys.Change(old, new, line, str(number), {INSTALLATION: number}))
    terms = keys.terms(data.draw(st.permutations(told)), data.draw(st.sampled_from(public)))
    assert list(terms) == public
    assert [one.begun for one in terms.values()] == [None, *told]
    assert [one.ended for one in terms.values()] == [*told, None]
    assert keys.between(told, public[0], public[-1]) == told
    assert [json.loads(one.line.written()) for one in keys.in_file(one.line for one in told)] == [
        json.loads(one.line.written()) for one in told
    ]
