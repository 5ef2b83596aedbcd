"""A set that is written in pieces: interrupted anywhere and finished, taken back as one, never mixed with another."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ais_app.clock import SetClock
from ais_app.db.bulk import BulkFailed
from ais_app.exchange.oneroster import compute, export_oneroster, import_oneroster
from ais_app.exchange.writing import plan, runs
from ais_app.exchange.writing.applying import InUse
from ais_app.ledger import verifying
from ais_app.people.records import PERSON
from ais_app.people.rules import SchoolRef
from ais_app.rights.errors import Refused
from ais_app.rights.rules import operator
from ais_app.school.kinds import PEOPLE_CHANGED
from ais_app.school.service.operation import setting_up
from ais_app.settings import settings as chosen_settings
from ais_app.undoing import UNDOING
from tests.conftest import MONDAY
from tests.databases import rows
from tests.depth import EVERY_CHECK, examples
from tests.unit.equal_sets import differences
from tests.unit.installations import installations
from tests.unit.sets import SET12, change, count, teach
from tests.unit.whole_record import record_faults


@pytest.fixture(autouse=True)
def _no_plans_of_others() -> None:
    """Databases on PostgreSQL share a folder of plans: what a test of before left is not this one's."""
    shutil.rmtree(chosen_settings().data / plan.FOLDER, ignore_errors=True)


def pieces(database, made, most: int, size: int = 16):
    """Write at most this many pieces of a plan that was begun."""
    folder = plan.folder_of(database.url)
    for _number in range(most):
        written = database.write(lambda uow: runs.write_piece(uow, operator(), made.uid, size, folder))
        if written.ended:
            break


def begun(database, path, most: int, size: int = 16):
    """An import that was interrupted after this many pieces."""
    made = compute(database, path).plan
    database.write(lambda uow: runs.begin(uow, operator(), made))
    pieces(database, made, most, size)
    return made


def exported(database, path):
    (uid,) = [uid for (uid,) in rows(database, "SELECT uid FROM school")]
    export_oneroster(database, path, uid)
    return path


def everything(database) -> dict[str, list[tuple]]:
    """What stands in the tables of a set, without ids and secrets."""
    return {
        "person": rows(database, "SELECT uid, family_name, given_name, birth_date FROM person ORDER BY uid"),
        "account": rows(database, "SELECT uid, login, blocked_at FROM account ORDER BY uid"),
        "ids": rows(database, "SELECT source, entity, source_id, uid FROM imported_id ORDER BY 1, 2, 3"),
        **{name: [(count(database, name),)] for name in ("school", "enrollment", "course", "role_assignment", "cell")},
        "guardianship": rows(database, "SELECT uid, valid_to FROM guardianship ORDER BY uid"),
    }


@settings(max_examples=examples(4), deadline=None, suppress_health_check=EVERY_CHECK)
@given(stops=st.lists(st.integers(0, 6), min_size=1, max_size=4), size=st.sampled_from([1, 5, 16, 60]))
def test_an_import_that_was_interrupted_anywhere_and_finished_is_the_same(
    templates, database_kind, tmp_path_factory, stops, size
):
    with installations(templates, database_kind, tmp_path_factory) as at:
        whole, cut = at.open(SetClock(MONDAY)), at.open(SetClock(MONDAY))
        import_oneroster(whole, SET12)
        made = begun(cut, SET12, stops[0], size)
        for stop in stops[1:]:
            pieces(cut, made, stop, size)
        runs.finish(cut, operator(), made.uid)
        folder = tmp_path_factory.mktemp("out")
        assert differences(exported(whole, folder / "whole"), exported(cut, folder / "cut")) == []
        assert record_faults(cut) == []
        assert cut.read(lambda one: list(verifying.verify(one))) == []
        assert cut.read(runs.open_runs) == []
        again = import_oneroster(cut, SET12)
        assert (again.added, again.changed) == ({}, {})
        assert not list(plan.folder_of(cut.url).iterdir())


def test_an_import_into_an_empty_installation_is_taken_back_as_one(database):
    before = everything(database)
    made = compute(database, SET12).plan
    runs.write_all(database, operator(), made)
    written = everything(database)
    by = UNDOING.undo_in_pieces(database, operator(), made.uid)
    assert everything(database) == before
    assert record_faults(database) == []
    assert database.read(runs.open_runs) == []
    UNDOING.undo_in_pieces(database, operator(), by)
    assert everything(database) == written
    assert record_faults(database) == []
    again = import_oneroster(database, SET12)
    assert (again.added, again.changed) == ({}, {})


@pytest.mark.parametrize("most", [0, 1, 4, 9])
def test_an_interrupted_import_is_taken_back_and_the_set_comes_again(database, most):
    before = everything(database)
    made = begun(database, SET12, most)
    if most:
        UNDOING.undo_in_pieces(database, operator(), made.uid)
    else:
        database.write(lambda uow: runs.forget(uow, made.uid))
    assert everything(database) == before
    assert import_oneroster(database, SET12).added["people"] == 10


def test_a_changed_set_is_taken_back_to_what_was_there(database, copied, clock):
    import_oneroster(database, copied)
    before = everything(database)
    clock.moment = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    change(copied, "users.csv", "Мила,Озерова", "Мила,Речная")
    change(copied, "users.csv", "true,o.ozerova", "false,o.ozerova")
    change(copied, "users.csv", '"g-1,g-2"', "g-1")
    change(copied, "enrollments.csv", "e-10,,,k-his,s-3,u-1,student,false,,\n", "")
    made = compute(database, copied).plan
    runs.write_all(database, operator(), made)
    assert everything(database) != before
    UNDOING.undo_in_pieces(database, operator(), made.uid)
    assert everything(database) == before
    assert record_faults(database) == []


def test_a_whole_school_with_its_journal_is_taken_back(templates, database_kind, tmp_path_factory, tmp_path):
    with installations(templates, database_kind, tmp_path_factory) as at:
        first, second = at.open(SetClock(MONDAY)), at.open(SetClock(MONDAY))
        import_oneroster(first, SET12)
        teach(first, "n.zimina", "mila.ozerova")
        path = exported(first, tmp_path / "set")
        before = everything(second)
        made = compute(second, path).plan
        runs.write_all(second, operator(), made)
        assert count(second, "cell") == 1
        assert differences(path, exported(second, tmp_path / "again")) == []
        by = UNDOING.undo_in_pieces(second, operator(), made.uid)
        assert everything(second) == before
        assert record_faults(second) == []
        UNDOING.undo_in_pieces(second, operator(), by)
        assert differences(path, exported(second, tmp_path / "third")) == []
        assert record_faults(second) == []


def test_another_import_of_the_school_waits_until_the_first_is_finished_or_taken_back(database):
    made = begun(database, SET12, 2)
    for dry_run in (True, False):
        with pytest.raises(runs.Unfinished) as refusal:
            import_oneroster(database, SET12, dry_run=dry_run)
        assert refusal.value.run == made.uid
    assert [one.uid for one in database.read(runs.open_runs)] == [made.uid]
    runs.finish(database, operator(), made.uid)
    assert import_oneroster(database, SET12).added == {}


def test_two_imports_that_were_worked_out_at_once_are_not_both_written(database):
    one, another = compute(database, SET12).plan, compute(database, SET12).plan
    database.write(lambda uow: runs.begin(uow, operator(), one))
    with pytest.raises(runs.Unfinished):
        runs.write_all(database, operator(), another)


def test_what_somebody_changed_meanwhile_stops_the_import_and_stays(database, copied):
    import_oneroster(database, copied)
    change(copied, "users.csv", "Мила,Озерова", "Мила,Речная")
    change(copied, "classes.csv", "История 7А", "История России 7А")
    made = compute(database, copied).plan
    school = SchoolRef(*rows(database, "SELECT id, uid, zone FROM school")[0])
    ((person,),) = rows(database, "SELECT id FROM person WHERE family_name = 'Озерова' AND given_name = 'Мила'")

    def rename(uow):
        with setting_up(uow, operator(), school, PEOPLE_CHANGED) as op:
            op.update(PERSON, person, family_name="Морская", given_name="Мила", patronymic="")

    database.write(rename)
    with pytest.raises(Refused) as refusal:
        runs.write_all(database, operator(), made)
    assert refusal.value.code == "not_as_left"
    assert ("Морская",) in rows(database, "SELECT family_name FROM person")
    assert database.read(runs.open_runs) == []
    assert import_oneroster(database, copied).changed == {"people": 1, "courses": 1}


def test_an_import_that_stops_in_the_middle_says_so_and_is_taken_back(database, copied):
    import_oneroster(database, copied)
    before = everything(database)
    change(copied, "orgs.csv", "Школа № 3 посёлка Луговой", "Лицей № 3 посёлка Луговой")
    change(copied, "users.csv", "Мила,Озерова", "Мила,Речная")
    made = begun(database, copied, 1, size=1)
    database.write(
        lambda uow: uow.execute(text("UPDATE person SET family_name = 'Иная' WHERE family_name = 'Озерова'"))
    )
    with pytest.raises(runs.Interrupted) as refusal:
        runs.finish(database, operator(), made.uid)
    assert refusal.value.run == made.uid
    database.write(
        lambda uow: uow.execute(text("UPDATE person SET family_name = 'Озерова' WHERE family_name = 'Иная'"))
    )
    UNDOING.undo_in_pieces(database, operator(), made.uid)
    assert everything(database) == before


def test_a_set_with_which_somebody_has_signed_in_is_not_taken_back(database):
    made = compute(database, SET12).plan
    runs.write_all(database, operator(), made)
    written = everything(database)
    ((account,),) = rows(database, "SELECT id FROM account WHERE login = 'n.zimina'")
    sql = (
        "INSERT INTO login_session (uid, token_hash, account_id, hat, network, device, browser, personal_device,"
        " idle_seconds, absolute_seconds, created_at, last_seen_at) VALUES ('s', 't', :account, 'h', 'n', '', '', false,"
        " 1, 1, '2026-11-23 09:00:00', '2026-11-23 09:00:00')"
    )
    database.write(lambda uow: uow.execute(text(sql), {"account": account}))
    with pytest.raises(BulkFailed) as failure:
        UNDOING.undo_in_pieces(database, operator(), made.uid)
    assert isinstance(failure.value.__cause__, InUse)
    assert everything(database) == written


def test_a_plan_that_was_changed_or_lost_is_not_written(database):
    made = begun(database, SET12, 2)
    made.path.write_bytes(made.path.read_bytes() + b"{}\n")
    with pytest.raises(runs.PlanGone):
        runs.finish(database, operator(), made.uid)
    made.remove()
    with pytest.raises(runs.PlanGone):
        runs.finish(database, operator(), made.uid)


def test_a_plan_that_nothing_needs_any_more_goes_with_the_next_import(database):
    folder = plan.folder_of(database.url)
    shutil.rmtree(folder, ignore_errors=True)
    gone = begun(database, SET12, 3)
    UNDOING.undo_in_pieces(database, operator(), gone.uid)
    needed = begun(database, SET12, 3)
    for path in (gone.path, needed.path):
        os.utime(path, (0, 0))
    runs.remove_old_plans(database, folder)
    assert [path.name for path in folder.iterdir()] == [needed.path.name]
    shutil.rmtree(folder)


def test_plans_are_for_their_owner_only(database):
    made = compute(database, SET12).plan
    assert (made.path.stat().st_mode & 0o777, made.path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]
    shutil.rmtree(made.path.parent)
