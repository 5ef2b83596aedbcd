"""Items as the database spells them: nothing passes that was changed, nothing is found that was not."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ais_app.db.columns import table
from ais_app.ledger import rules, service, verifying, verifying_texts
from ais_app.ledger.models import Operation, OperationItem
from ais_app.ledger.rules import FreeText, Item
from ais_app.ledger.spelled_items import ItemsOfOperation
from ais_app.rights.rules import Author
from tests.unit.tampering import tamper

_operation, _item = table(Operation), table(OperationItem)
CONTROL = "".join(chr(number) for number in range(1, 32))  # PostgreSQL stores no 0
LETTERS = "«Ёлка» \u00e9e\u0301 \u2028\u2029\u007f\u0085 🎒 \\ / \" ' % {} </script>"


def append(database, *items: Item) -> None:
    author = Author("a", "teacher:b:c", "", "", "web")
    database.write(lambda uow: service.append(uow, service.lock(uow, "school:a"), author, "noted", items))


def faults(database) -> list[str]:
    return [str(fault) for fault in database.read(lambda one: list(verifying.verify(one)))]


def both_ways(database) -> list[tuple[str, str]]:
    """(as the database spells them, as this process does) of each operation."""

    def read(connection):
        for row in connection.execute(select(_operation.c.id, ItemsOfOperation())).all():
            wanted = select(_item.c.entity, _item.c.subject, _item.c.data).where(_item.c.operation_id == row.id)
            yield row[1] or "", rules.spelled_items(connection.execute(wanted.order_by(_item.c.ordinal)).all())

    return database.read(lambda connection: list(read(connection)))


def test_the_database_spells_ordinary_texts_as_the_process_does(database):
    append(database, Item("a", LETTERS, None, {LETTERS: LETTERS}), Item("b", "2", {"n": [1, None]}, None))
    append(database, *[Item("c", str(number), None, {"n": number}) for number in range(12)])
    append(database)
    assert all(one == other for one, other in both_ways(database))
    assert faults(database) == []


def test_what_a_database_spells_otherwise_is_no_fault(database):
    append(database, Item("a", CONTROL, None, {"x": CONTROL}))
    assert faults(database) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE operation_item SET subject = subject || '\t' WHERE ordinal = 1",
        "UPDATE operation_item SET data = data || ' ' WHERE ordinal = 0",
        "UPDATE operation_item SET entity = 'a\",\"b' WHERE ordinal = 0",
        "UPDATE operation_item SET ordinal = 1 - ordinal + 5",
        'UPDATE operation_item SET subject = \'2","{}"],["b\' WHERE ordinal = 1',
    ],
)
def test_every_change_of_an_item_is_found(database, statement):
    append(database, Item("a", "1", None, {"n": 1}), Item("b", "2", None, {"n": 2}))
    tamper(database, statement)
    assert any("its columns or items differ" in fault for fault in faults(database))


def test_what_stands_behind_a_zero_is_found_on_sqlite(database):
    if not database.is_sqlite:
        return  # PostgreSQL stores none
    append(database, Item("a", "1", None, {"n": 1}))
    tamper(database, "UPDATE operation_item SET data = data || char(0) || 'more'")
    assert any("its columns or items differ" in fault for fault in faults(database))


@pytest.mark.parametrize("bytes_", ["data", "'x'", "'\"sha256\"'"])
@pytest.mark.parametrize("column", ["entity", "subject", "data"])
def test_bytes_in_place_of_a_text_are_named_and_stop_nothing_on_sqlite(database, column, bytes_):
    if not database.is_sqlite:
        return  # PostgreSQL has texts only
    append(database, Item("a", "1", None, {"text": FreeText("a")}))
    append(database, Item("a", "2", None, {"n": 2}))
    tamper(database, f"UPDATE operation_item SET {column} = CAST({bytes_} AS BLOB)")
    found = [fault for fault in faults(database) if "its columns or items differ" in fault]
    assert len(found) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, {"text": FreeText("a"), "n": 1}),
        ({"text": FreeText("a")}, None),
        ({"text": FreeText("a"), "more": FreeText("b")}, {"text": FreeText("c")}),
        ({"n": {"sha256": "a"}}, {"text": FreeText("c")}),
        ({"n": 'x","before":{"y":{"sha256":"z"}}'}, {"text": FreeText("c"), "n": {"deep": {"sha256": "b"}}}),
        ({"n": "{"}, {"n": "}", "text": FreeText("c")}),
        ({"sha256": "a"}, {"a\\b": FreeText("d"), 'a"b': FreeText("e")}),
    ],
)
def test_the_sealed_fields_are_those_of_the_json(before, after):
    data, _texts = rules.seal(Item("a", "1", before, after), lambda: "0" * 32)
    sides = zip(("before", "after"), rules.sides_of(data), strict=True)
    wanted = {
        f"{side}.{name}": value["sha256"]
        for side, fields in sides
        for name, value in (fields or {}).items()
        if isinstance(value, dict) and value.keys() == {"sha256"}
    }
    assert verifying_texts._sealed_fields(data) == wanted
