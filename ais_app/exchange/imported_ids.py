"""Ids of other systems with the rows that they became, by which a later import finds what an earlier one wrote."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert, select, update

from ais_app.db import UnitOfWork
from ais_app.db.columns import pairs, table
from ais_app.exchange.models import ImportedChange, ImportedId

_imported, _change = table(ImportedId), table(ImportedChange)


class ImportedIds:
    """The ids of one source, read once for each entity."""

    def __init__(self, uow: UnitOfWork, source: str) -> None:
        self._uow, self._source = uow, source
        self._read: dict[str, dict[str, str]] = {}

    @property
    def source(self) -> str:
        return self._source

    def of(self, entity: str) -> Mapping[str, str]:
        """{source id: uid here} of an entity."""
        if entity not in self._read:
            rows = self._uow.execute(
                select(_imported.c.source_id, _imported.c.uid).where(
                    _imported.c.source == self._source, _imported.c.entity == entity
                )
            )
            self._read[entity] = pairs(rows)
        return self._read[entity]

    def remember(self, entity: str, uids: Mapping[str, str]) -> None:
        """Keep {source id: uid}; one that is known already gets its new uid."""
        held = dict(self.of(entity))
        new = [
            {"source": self._source, "entity": entity, "source_id": source_id, "uid": uid}
            for source_id, uid in uids.items()
            if source_id not in held
        ]
        if new:
            self._uow.execute(insert(_imported), new)
        for source_id, uid in uids.items():
            if source_id in held and held[source_id] != uid:
                where = (
                    (_imported.c.source == self._source)
                    & (_imported.c.entity == entity)
                    & (_imported.c.source_id == source_id)
                )
                self._uow.execute(update(_imported).where(where).values(uid=uid))
        self._read[entity] = held | dict(uids)


def forget(uow: UnitOfWork, uids: Collection[str]) -> None:
    """Forget how every source calls the rows with these uids: a later import does not find them again."""
    uow.execute(delete(_imported).where(_imported.c.uid.in_(uids)))
    uow.execute(delete(_change).where(_change.c.before.in_(uids) | _change.c.after.in_(uids)))
