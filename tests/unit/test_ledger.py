"""The ledger: whatever byte is changed, `verify` names the row; texts can be forgotten, nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel

from ais_app.clock import SystemClock
from ais_app.db import Database, migrations
from ais_app.ledger import erasing, parallel_verification, queries, rules, service, triggers, verifying
from ais_app.rights.errors import Refused
from ais_app.rights.rules import Author, operator
from tests.unit.tampering import tamper

TODAY = date(2026, 11, 23)
OLD_ROWS = Path(__file__).parents[1] / "fixtures" / "ledger_format_1.json"
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def faults(database) -> list[str]:
    return [str(fault) for fault in database.read(lambda one: list(verifying.verify(one)))]


def address(database) -> str:
    return database.url.render_as_string(hide_password=False)


@pytest.fixture(params=["whole", "cut into stretches of two"])
def found(request, monkeypatch):
    """Both ways to verify: a chain in one walk, and in many short ones as several processes do it."""
    if request.param == "whole":
        return faults
    monkeypatch.setattr(parallel_verification, "STRETCH", 2)
    return lambda database: [str(fault) for fault in parallel_verification.verify(address(database), processes=1)]


@pytest.fixture
def kept(school):
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0), reason="Looked at again")
    school.enter(school.teacher(), "algebra", ("boris", TODAY, "4", 0))
    return school.database


def test_an_untouched_ledger_is_whole(kept, found):
    assert found(kept) == []
    assert queries.count(kept.connect()) > 10


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE operation SET account = 'x' WHERE kind = 'marks_entered'", "operation id="),
        (
            "UPDATE operation SET canonical = replace(canonical, '5', '2') WHERE kind = 'marks_entered'",
            "operation id=",
        ),
        ("UPDATE operation SET hash = substr(hash, 2) || substr(hash, 1, 1) WHERE id = 3", "operation id=3"),
        ('UPDATE operation_item SET data = replace(data, \'"value":"5"\', \'"value":"2"\')', "operation id="),
        ("DELETE FROM operation WHERE sequence = 2", "#2"),
        ("DELETE FROM operation_item WHERE ordinal = 0", "operation id="),
        ("UPDATE operation_text SET text = text || '!' WHERE id = 1", "operation_text id=1"),
        ("DELETE FROM operation_text WHERE id = 1", "operation_text"),
        ("UPDATE ledger_chain SET sequence = sequence - 1 WHERE chain_id LIKE 'school%'", "ledger_chain school"),
        ("DELETE FROM ledger_chain", "ledger_chain"),
        ("UPDATE operation SET moment = datetime(moment, '-1 day') WHERE id = 2", "operation id=2"),
        ("UPDATE operation SET format = 1 WHERE id = 2", "its columns or items differ"),
        ("UPDATE operation SET format = 9 WHERE id = 2", "its format 9 is not known to this version"),
        ("UPDATE operation SET reason = NULL WHERE reason IS NOT NULL", "its columns or items differ"),
        ("UPDATE operation SET reason = substr(hash, 1) WHERE id = 2", "its columns or items differ"),
        ("UPDATE operation_reason SET text = text || '!' WHERE id = 1", "operation_reason id=1: its text was changed"),
        ("UPDATE operation_reason SET digest = salt WHERE id = 1", "operation_reason id=1: its digest"),
        ("UPDATE operation_reason SET text = NULL WHERE id = 1", "operation_reason id=1: is neither"),
        ("UPDATE operation_reason SET operation_id = 2 WHERE id = 1", "operation=2: belongs to no reason"),
        ("DELETE FROM operation_reason", "operation_reason operation="),
    ],
)
def test_s35_every_change_is_found_and_named(kept, found, statement, named):
    tamper(kept, statement)
    assert any(named in fault for fault in found(kept)), found(kept)


@pytest.mark.parametrize("last", [1, 2, 3])
def test_s35_the_last_operations_cannot_be_cut_off(kept, found, last):
    tamper(kept, f"DELETE FROM operation WHERE id > (SELECT max(id) - {last} FROM operation)")
    assert any("ledger_chain" in fault for fault in found(kept))


def test_s35_nothing_can_stand_behind_the_head(kept, found):
    tamper(kept, "UPDATE ledger_chain SET sequence = 3, head = (SELECT hash FROM operation WHERE sequence = 3 LIMIT 1)")
    assert any("its head says #3" in fault for fault in found(kept))


@pytest.mark.parametrize("sequence", [1, 2, 3, 4])
def test_s35_an_operation_that_is_gone_is_named_once(kept, found, sequence):
    chain, _length = kept.read(queries.chains)[-1]
    tamper(kept, f"DELETE FROM operation WHERE sequence = {sequence} AND chain_id = '{chain}'")
    missing = [fault for fault in found(kept) if fault.endswith("is missing")]
    assert missing == [f"operation {chain} #{sequence}: is missing"]


def test_several_processes_find_what_one_finds(kept):
    """In a process of its own, since they are forks of it: `ais verify` has no threads, the tests have."""
    tamper(kept, "UPDATE operation SET account = 'x' WHERE kind = 'marks_entered'")
    script = (
        "import sys; from ais_app.ledger import parallel_verification; parallel_verification.STRETCH = 2\n"
        "for fault in parallel_verification.verify(sys.argv[1], processes=2): print(fault)"
    )
    done = subprocess.run([sys.executable, "-c", script, address(kept)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == faults(kept) != []


@given(
    st.lists(st.tuples(st.text(), st.text(), st.text()), max_size=3),
    st.text(),
    st.text(),
    st.integers(min_value=1),
    st.sampled_from(rules.FORMATS),
    st.none() | st.text(),
)
def test_an_operation_is_spelled_as_its_canonical_json(items, name, hat, sequence, spelling, reason):
    """The spelling put together by hand is the general one; an auditor may use either."""
    author, moment = Author(name, hat, "s", "n", "o"), datetime(2026, 11, 23, 9, tzinfo=UTC)
    spelled = rules.canonical_operation(
        chain="school:a",
        sequence=sequence,
        uid=hat,
        kind=name,
        author=author,
        moment=moment,
        items=rules.spelled_items(items),
        spelling=spelling,
        reason=reason,
    )
    further = {} if spelling == 1 else {"format": 2} | ({} if reason is None else {"reason": {"sha256": reason}})
    assert spelled == rules.canonical_json(
        further
        | {
            "chain": "school:a",
            "sequence": sequence,
            "uid": hat,
            "kind": name,
            "account": name,
            "hat": hat,
            "session": "s",
            "network": "n",
            "origin": "o",
            "moment": "2026-11-23T09:00:00.000000+00:00",
            "items": [list(item) for item in items],
        }
    )


@pytest.mark.parametrize("table", ["operation", "operation_item"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_rewrite(kept, table, statement):
    with pytest.raises(DatabaseError, match="append-only"), kept.connect() as connection, connection.begin():
        connection.execute(text(statement.format(table)))


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize(
    ("table", "changed"),
    [
        ("operation", ""),
        ("operation", "id"),  # another key, the same uid
        ("operation_item", ""),
        ("operation_item", "id"),  # the same place in the same operation
        ("operation_text", ""),
        ("operation_text", "id"),
        ("operation_reason", ""),
        ("operation_reason", "id"),
        ("ledger_chain", ""),
    ],
)
def test_s70_nothing_is_replaced_around_the_triggers(school, kept, table, changed):
    """SQLite deletes the row in the way without asking a trigger: the insertion itself is refused. PostgreSQL has no such
    statement; its ON CONFLICT DO UPDATE meets the trigger of updates.
    """
    comment(school)
    query = text(f"SELECT name FROM pragma_table_info('{table}')")
    columns = kept.read(lambda one: one.execute(query).scalars().all())
    values = ", ".join(f"{name} + 1000" if name == changed else name for name in columns)
    replacing = f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} LIMIT 1"
    with pytest.raises(DatabaseError, match="append-only"), kept.connect() as connection, connection.begin():
        connection.execute(text(replacing))


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM ledger_chain", "UPDATE ledger_chain SET sequence = 1", "UPDATE ledger_chain SET head = 'x'"],
)
def test_s70_the_head_of_a_chain_only_goes_on(kept, statement):
    with pytest.raises(DatabaseError, match="append-only"), kept.connect() as connection, connection.begin():
        connection.execute(text(statement))


def trigger_faults(database) -> list[str]:
    return database.read(triggers.faults)


def test_s70_triggers_are_compared_with_what_the_product_made(database):
    with database.connect() as connection, connection.begin():
        triggers.install(connection)
    assert trigger_faults(database) == []
    drop = "DROP TRIGGER ledger_operation_update" + ("" if database.is_sqlite else " ON operation")
    empty = {
        True: [
            "CREATE TRIGGER ledger_operation_update BEFORE UPDATE ON operation BEGIN SELECT 1; END",
            "CREATE TRIGGER mine AFTER INSERT ON operation BEGIN DELETE FROM preference; END",
        ],
        False: [
            "CREATE FUNCTION harmless() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
            "CREATE TRIGGER ledger_operation_update BEFORE UPDATE ON operation FOR EACH ROW EXECUTE FUNCTION harmless()",
            "CREATE TRIGGER mine AFTER INSERT ON operation FOR EACH ROW EXECUTE FUNCTION harmless()",
        ],
    }[database.is_sqlite]
    with database.connect() as connection, connection.begin():
        connection.execute(text(drop))
    assert trigger_faults(database) == ["ledger_operation_update: is missing"]
    with database.connect() as connection, connection.begin():
        for statement in empty:
            connection.execute(text(statement))
    assert trigger_faults(database) == [
        "ledger_operation_update: is not as the product made it",
        "mine: is none of the product's",
    ]


@pytest.mark.parametrize("database_kind", ["postgresql"])
def test_s70_a_function_that_refuses_nothing_any_more_and_a_disabled_trigger_are_seen(database):
    with database.connect() as connection, connection.begin():
        triggers.install(connection)
        connection.execute(text("ALTER TABLE operation_item DISABLE TRIGGER ledger_operation_item_delete"))
    assert trigger_faults(database) == ["ledger_operation_item_delete: is missing"]
    with database.connect() as connection, connection.begin():
        body = "BEGIN RETURN NEW; END"
        connection.execute(
            text(f"CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
        )
    assert "ledger_operation_delete: is not as the product made it" in trigger_faults(database)
    with database.connect() as connection, connection.begin():
        triggers.install(connection)
    assert trigger_faults(database) == [], "a start of the product puts them right"


def reasons_uid(database) -> str:
    query = "SELECT uid FROM operation WHERE id = (SELECT min(operation_id) FROM operation_reason)"
    return database.read(lambda one: one.execute(text(query)).scalar_one())


OPERATOR = operator()


def comment(school) -> str:
    """A commented mark; the uid of its operation."""
    return school.comment(school.teacher(), "algebra", "vera", TODAY, "5", "Well done").operation


def test_s72_texts_are_erased_by_an_operation_and_the_chain_holds(school, kept, found):
    commented = comment(school)
    for uid, count in ((commented, 1), (reasons_uid(kept), 1)):
        assert kept.write(lambda uow, uid=uid: erasing.erase_texts(uow, OPERATOR, uid, "By order 12")) == count
        with pytest.raises(Refused):
            kept.write(lambda uow, uid=uid: erasing.erase_texts(uow, OPERATOR, uid, "By order 12"))
    with pytest.raises(Refused):
        kept.write(lambda uow: erasing.erase_texts(uow, OPERATOR, "nosuchoperation", "By order 12"))
    assert found(kept) == []
    for table in ("operation_text", "operation_reason"):
        left = f"SELECT count(*) FROM {table} WHERE text = 'Well done' OR text = 'Looked at again'"
        assert kept.read(lambda one, left=left: one.execute(text(left)).scalar_one()) == 0


@pytest.mark.parametrize("table", ["operation_text", "operation_reason"])
def test_s72_an_erasure_that_no_operation_says_is_named(school, kept, found, table):
    comment(school)
    with kept.connect() as connection, connection.begin():
        connection.execute(text(f"UPDATE {table} SET text = NULL, salt = NULL"))
    (fault,) = [one for one in found(kept) if table in one][:1]
    assert fault.endswith("was erased, and no operation says so")


def test_s72_a_text_can_be_forgotten_and_nothing_else(school, kept):
    comment(school)
    for statement in (
        "UPDATE operation_text SET text = 'other', salt = 'x'",
        "UPDATE operation_reason SET text = 'other'",
        "UPDATE operation_reason SET operation_id = operation_id + 1, text = NULL, salt = NULL",
        "DELETE FROM operation_reason",
    ):
        with pytest.raises(DatabaseError, match="append-only"), kept.connect() as connection, connection.begin():
            connection.execute(text(statement))


def test_s72_a_second_text_for_a_value_is_refused_and_one_that_nothing_declares_is_named(school, kept, found):
    comment(school)
    copied = (
        "INSERT INTO operation_text (item_id, field, salt, text, digest) SELECT item_id, {}, salt, text, digest "
        "FROM operation_text WHERE id = (SELECT max(id) FROM operation_text)"
    )
    with pytest.raises(DatabaseError), kept.connect() as connection, connection.begin():
        connection.execute(text(copied.format("field")))
    with kept.connect() as connection, connection.begin():
        connection.execute(text(copied.format("'after.value'")))
    assert any("belongs to no text «after.value» in the chain" in fault for fault in found(kept)), found(kept)
    with kept.connect() as connection, connection.begin():
        connection.execute(text("DROP INDEX ux_operation_text_field"))
    tamper(kept, copied.format("'after.comment'"))
    assert any("belongs to no text «after.comment» in the chain" in fault for fault in found(kept)), found(kept)


def test_s72_texts_and_reasons_of_nothing_are_named(kept, found):
    tamper(kept, "UPDATE operation_reason SET operation_id = 100000 WHERE id = (SELECT max(id) FROM operation_reason)")
    assert any(fault.startswith("operation_reason id=") and "no operation" in fault for fault in found(kept)), found(
        kept
    )


def test_what_was_appended_before_formats_had_a_number_is_whole_and_goes_on(database, found):
    """Real rows of a version that had neither `format` nor `reason`, laid into this one's tables."""
    rows = json.loads(OLD_ROWS.read_text())
    erased = ["operation_text id=20: was erased, and no operation says so"]  # that version had none for it
    with database.connect() as connection, connection.begin():
        for table in ("ledger_chain", "operation", "operation_item", "operation_text"):
            columns = SQLModel.metadata.tables[table].c
            for row in rows[table]:
                row |= {"moment": datetime.fromisoformat(row["moment"])} if "moment" in row else {}
                assert not row.keys() - columns.keys()
            connection.execute(SQLModel.metadata.tables[table].insert(), rows[table])
            if not database.is_sqlite and "id" in columns:
                numbers = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                connection.execute(text(numbers))
    assert found(database) == erased
    old = {row["chain_id"] for row in rows["operation"]}
    formats = text("SELECT DISTINCT chain_id, format FROM operation")
    stored = database.read(lambda one: one.execute(formats).all())
    assert {(row.chain_id, row.format) for row in stored} == {(one, 1) for one in old}

    def go_on(uow):
        for chain_id in old:
            chain = service.lock(uow, chain_id)
            entry = service.Entry(Author("a", "h", "s", "n", "o"), "tried", [], reason="New")
            service.append_entry(uow, chain, entry)

    database.write(go_on)
    assert found(database) == erased


@given(json_values)
def test_equal_values_have_one_spelling(value):
    assert rules.canonical_json(json.loads(rules.canonical_json(value))) == rules.canonical_json(value)


@given(st.text(), st.text(), st.text())
def test_another_text_or_predecessor_has_another_hash(previous, one, other):
    assert (rules.link(previous, one) == rules.link(previous, other)) == (one == other)


def test_what_happened_to_rows_is_found_by_the_rows_and_not_along_the_chain(tmp_path):
    """A diary asks it at every mark: a chain has hundreds of thousands of operations (P-4, P-13)."""
    path = tmp_path / "ais.sqlite3"
    database = Database(f"sqlite:///{path}", SystemClock())
    migrations.upgrade(database, triggers.install)
    told: list[str] = []

    def tell(connection) -> None:
        raw = connection.connection.dbapi_connection
        raw.set_trace_callback(told.append)
        since = datetime(2026, 9, 1, tzinfo=UTC)
        queries.history(connection, "chain", "cell", "a:b")
        queries.changes(connection, "chain", "cell", ["a:b", "a:c"], after=7)
        queries.changes_since(connection, "chain", {"cell": ["a:b"], "lesson": ["c", "d"]}, since)
        queries.histories(connection, "chain", "lesson", ["c"])
        queries.makers(connection, "chain", {"lesson": "lesson_added", "work": "work_added"}, ["c"])
        queries.touched_in_session(connection, "chain", "viewed", "course_view", "course", "session")
        queries.touched_by(connection, "chain", "account", "viewed")
        raw.set_trace_callback(None)
        for statement in [one for one in told if "operation_item" in one]:
            plan = [row[3] for row in raw.execute("EXPLAIN QUERY PLAN " + statement)]
            assert not any("ux_operation_chain" in step or "SCAN operation" in step for step in plan), plan

    database.read(tell)
    database.close()
    assert len([one for one in told if "operation_item" in one]) == 7


def test_many_operations_follow_others_of_the_same_transaction(school):
    """Each of them goes on from the one before, whoever appended that in this transaction."""
    chain, author = service.school_chain(school.ref.uid), operator().author
    item = rules.Item("probe", "x", None, {"value": 1})

    def write(uow) -> None:
        service.append(uow, service.lock(uow, chain), author, "probe", [item])
        service.append_all(uow, service.lock(uow, chain), [service.Entry(author, "probe", [item])] * 2)
        service.append(uow, service.lock(uow, chain), author, "probe", [item])

    school.database.write(write)
    assert faults(school.database) == []
