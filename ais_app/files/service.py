"""Rows of stored files: room is reserved before anything is written, then the row is completed (D-56)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, insert, or_, select, update

from ais_app.clock import local_date
from ais_app.db import UnitOfWork
from ais_app.db.columns import table
from ais_app.files.content.types import ENDINGS
from ais_app.files.errors import FileRefused, UploadLost
from ais_app.files.kinds import FILE_DOWNLOADED
from ais_app.files.models import StoredFile
from ais_app.files.names import shown_name
from ais_app.files.purposes import Purpose
from ais_app.files.reach import may_download
from ais_app.files.settings import QUOTA, megabytes
from ais_app.files.store import Content
from ais_app.i18n import _
from ais_app.ledger import service as ledger
from ais_app.ledger.operation import operation
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Scope
from ais_app.school_settings import queries as school_settings

_file = table(StoredFile)
AT_ONCE = 3  # files that an account may have on their way
RESERVED = timedelta(minutes=30)  # longer than a file may take to come
MEGABYTE = 1024 * 1024


def reserve(uow: UnitOfWork, actor: Actor, purpose: Purpose, size: int) -> str:
    """Reserve room for a file of at most `size` bytes; returns its uid. Raises NotYours, FileRefused."""
    if not actor.may(purpose.right):
        raise NotYours
    if size > purpose.largest:
        raise too_large(purpose)
    school = school_of(actor, purpose)
    ledger.lock(uow, chain_of(school))  # two at once do not share the same room
    on_way = (_file.c.sha256 == "", _file.c.kept_until > uow.now)
    mine = select(func.count()).where(_file.c.account == actor.account_uid, *on_way)
    if uow.execute(mine).scalar_one() >= AT_ONCE:
        raise FileRefused(_("You are sending several files already: wait until they are received."))
    today = local_date(uow.now, "UTC")
    most = school_settings.value(uow.connection, QUOTA, None, today)
    taken = select(func.coalesce(func.sum(_file.c.size), 0)).where(
        _file.c.school == school, or_(_file.c.sha256 != "", _file.c.kept_until > uow.now)
    )
    if int(uow.execute(taken).scalar_one()) + size > most * MEGABYTE:
        room = megabytes(most)
        raise FileRefused(_("The room for files is used up: {room} for a school. Older ones expire.").format(room=room))
    values = {"school": school, "purpose": purpose.name, "account": actor.account_uid, "size": size}
    return _add(uow, **values, kept_until=uow.now + RESERVED)


def complete(uow: UnitOfWork, actor: Actor, uid: str, purpose: Purpose, content: Content, name: str) -> str:
    """The content of what was reserved is in its place; returns the name under which it is shown. Raises UploadLost."""
    own = (
        _file.c.uid == uid,
        _file.c.account == actor.account_uid,
        _file.c.sha256 == "",
        _file.c.size >= content.incoming.size,
    )
    known = _described(uow, purpose, content, name)
    if uow.execute(update(_file).where(*own, _file.c.kept_until > uow.now).values(**known)).rowcount != 1:
        raise UploadLost(_("Receiving the file took too long: send it again."))
    return str(known["name"])


def give_back(uow: UnitOfWork, uid: str) -> None:
    """What was reserved is not needed."""
    uow.execute(delete(_file).where(_file.c.uid == uid, _file.c.sha256 == ""))


def add(uow: UnitOfWork, account: str, school: str, purpose: Purpose, content: Content, name: str) -> str:
    """A file that the program itself made for an account; returns its uid. It counts, but is not refused for want of
    room.
    """
    return _add(uow, school=school, purpose=purpose.name, account=account, **_described(uow, purpose, content, name))


def remove(uow: UnitOfWork, uid: str) -> None:
    """Take a file away; its content goes with the last row of it, in the night."""
    uow.execute(delete(_file).where(_file.c.uid == uid))


def record_download(uow: UnitOfWork, actor: Actor, purpose: Purpose, uid: str) -> None:
    """Record in the ledger that the actor gets this file. Raises NotYours."""
    row = uow.execute(select(_file).where(_file.c.uid == uid, _file.c.sha256 != "")).first()
    if row is None or not may_download(actor, purpose, row):
        raise NotYours
    with operation(uow, actor, FILE_DOWNLOADED, purpose.right, chain=chain_of(row.school)) as op:
        op.added(_file.name, uid, {"purpose": row.purpose, "sha256": row.sha256})


def school_of(actor: Actor, purpose: Purpose) -> str:
    """Whose file it is when the actor stores one: "" = the installation's."""
    return "" if Scope.INSTALLATION in actor.scopes(purpose.right) else actor.hat.school_uid


def chain_of(school: str) -> str:
    return ledger.school_chain(school) if school else ledger.INSTALLATION


def too_large(purpose: Purpose) -> FileRefused:
    return FileRefused(_("The file is too large: at most {size}.").format(size=megabytes(purpose.largest // MEGABYTE)))


def _described(uow: UnitOfWork, purpose: Purpose, content: Content, name: str) -> dict[str, object]:
    until = None if purpose.days is None else uow.now + timedelta(days=purpose.days)
    known: dict[str, object] = {"sha256": content.incoming.sha256, "size": content.incoming.size, "kept_until": until}
    return known | {"type": content.type.value, "name": shown_name(name, ENDINGS[content.type])}


def _add(uow: UnitOfWork, **values: object) -> str:
    uid = uow.make_uid()
    uow.execute(insert(_file).values(**{"name": "", "type": "", "sha256": ""} | values, uid=uid, created_at=uow.now))
    return uid
