"""The items of an operation, spelled by the database as `rules.spelled_items` spells them.

A process that gets each item as a row and spells it itself is half as fast. Where the database spells a letter in
another way the text is not the one that was hashed, and the process spells it once more: no fault is missed or made up.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class ItemsOfOperation(FunctionElement[str]):
    """Of the row of the table `operation` in the statement around it; NULL = it has none."""

    name = "items_of_operation"
    type = Text()
    inherit_cache = True


@compiles(ItemsOfOperation)
def _ordered(_element: Any, _compiler: Any, **_named: Any) -> str:
    return (
        "(SELECT string_agg('[' || CAST(to_json(i.entity) AS text) || ',' || CAST(to_json(i.subject) AS text) || ','"
        " || CAST(to_json(i.data) AS text) || ']', ',' ORDER BY i.ordinal)"
        " FROM operation_item i WHERE i.operation_id = operation.id)"
    )


@compiles(ItemsOfOperation, "sqlite")
def _of_sqlite(_element: Any, _compiler: Any, **_named: Any) -> str:
    # It walks the index of (operation_id, ordinal), so they come in order.
    return (
        # Bytes in place of a text would end the statement: then there is no spelling, and the process looks itself.
        "(SELECT CASE WHEN min(typeof(i.entity) = 'text' AND typeof(i.subject) = 'text' AND typeof(i.data) = 'text')"
        " THEN group_concat(json_array(CAST(i.entity AS text), CAST(i.subject AS text), CAST(i.data AS text))) END"
        " FROM operation_item i WHERE i.operation_id = operation.id)"
    )
