"""Stored files: their type by content, names, room, terms; who downloads them; what lies in the store."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select, update

from ais_app.db.columns import table
from ais_app.files import checking, queries, removing, service
from ais_app.files.content import archives, images
from ais_app.files.content.types import ENDINGS, FileType, type_of
from ais_app.files.errors import FileRefused, UploadLost
from ais_app.files.jobs import REMOVAL, RemovalAsked
from ais_app.files.models import StoredFile
from ais_app.files.names import LONGEST, shown_name
from ais_app.files.purposes import Purpose
from ais_app.files.reach import may_download
from ais_app.files.store import FORGOTTEN_SECONDS, FileStore, copy_in
from ais_app.files.store import INCOMING as COMING
from ais_app.jobs import asking
from ais_app.jobs.models import Job
from ais_app.ledger.models import Operation
from ais_app.rights.errors import NotYours
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Right, Role, server
from ais_app.transfers.routes import headers
from tests.running_jobs import run_until
from tests.stored_files import stored

_file, _operation, _job = table(StoredFile), table(Operation), table(Job)
EVERY = frozenset(FileType)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
TEXTS = Purpose("texts", lambda: "Texts", frozenset({FileType.TEXT}), 1000, 14, Right.SET_UP_SCHOOL)
OWN = Purpose("own", lambda: "Own", frozenset({FileType.TEXT}), 1000, 3, Right.SET_UP_SCHOOL, own=True, recorded=True)
BOTH = {one.name: one for one in (TEXTS, OWN)}


def zipped(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def image(kind: str, **named) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (8, 4), (10, 200, 30)).save(target, format=kind, **named)
    return target.getvalue()


def with_place() -> bytes:
    """A photo that says where it was made, by whom, and that it lies on its side."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera of Anna"
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 45.0, 0.0)})
    return image("JPEG", exif=exif, comment=b"home of Anna")


ZIP, PNG, JPEG = zipped(("users.csv", b"a,b\n1,2\n")), image("PNG"), image("JPEG")
XLSX = zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sent"


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path / "files")


@pytest.fixture
def admin(school):
    return school.actor("school_admin", Role.SCHOOL_ADMIN)


def sent(database, store, actor, content: bytes = b"text", purpose: Purpose = TEXTS, name: str = "a.txt") -> str:
    return stored(database, store, actor, content, purpose, name)


def row(database, uid: str):
    return database.read(lambda one: one.execute(select(_file).where(_file.c.uid == uid)).first())


def differences(store, database) -> list[str]:
    return [found.code for found in checking.check(store, database)]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (ZIP, FileType.ZIP),
        (XLSX, FileType.XLSX),
        (PDF, FileType.PDF),
        (PNG, FileType.PNG),
        (JPEG, FileType.JPEG),
        ("Фамилия;Имя\r\nИванова;Анна".encode(), FileType.CSV),
        ("Фамилия;Имя\r\n".encode("cp1251"), FileType.CSV),
        ("Фамилия\tИмя".encode("utf-16"), FileType.CSV),
        (EICAR, FileType.CSV),
    ],
)
def test_s46_a_type_is_what_the_content_is(path, content, kind):
    path.write_bytes(content)
    assert type_of(path, EVERY) is kind
    with pytest.raises(FileRefused):
        type_of(path, EVERY - {kind, FileType.TEXT if kind is FileType.CSV else kind})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<?php system($_GET['c']); ?>",
        b"\xef\xbb\xbf  <!DOCTYPE html><script>alert(1)</script>",
        b"#!/bin/sh\nrm -rf /",
        b"MZ\x90\x00\x03",
        b"\x7fELF\x02\x01",
        b"GIF89a/*\x01\x00*/=1;alert(1)",
        "<svg onload=alert(1)>".encode("utf-16"),
        b"text with a NUL \x00 in it",
        b"PK\x05\x06" + bytes(18),
        ZIP[:-10],
        b"GIF89a" + ZIP,
        PNG[:8] + b"rubbish" + ZIP,
        PDF + ZIP,
        JPEG + ZIP,
        ZIP + b"<script>",
        PDF + b"<script>alert(1)</script>",
        PDF[:-8],
        zipped(("%PDF-1.7", b"x")),
        zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")),
        zipped(("bomb.csv", bytes(5_000_000))),
        zipped(*((f"{number}.csv", b"") for number in range(archives.MEMBERS + 1))),
    ],
)
def test_s46_what_is_two_things_or_none_of_the_list_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(FileRefused):
        type_of(path, EVERY)


@given(content=st.binary(max_size=200), begins=st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.7\n", PNG[:8], JPEG[:3]]))
def test_s46_any_bytes_are_of_a_type_or_refused(tmp_path_factory, content, begins):
    path = tmp_path_factory.mktemp("any") / "sent"
    path.write_bytes(begins + content)
    with suppress(FileRefused):
        assert type_of(path, EVERY) in EVERY


def test_s46_a_photo_forgets_where_it_was_made_and_stands_upright(path):
    path.write_bytes(with_place())
    target = io.BytesIO(images.written_anew(path, "JPEG"))
    with Image.open(target) as clean:
        assert (clean.size, dict(clean.getexif()), clean.info.get("comment")) == ((4, 8), {}, None)
    assert b"Anna" not in target.getvalue()


def test_s46_an_image_keeps_its_points_and_nothing_behind_them(path):
    path.write_bytes(PNG + b"<?php echo 1; ?>")
    target = io.BytesIO(images.written_anew(path, "PNG"))
    assert b"php" not in target.getvalue()
    with Image.open(target) as clean:
        assert (clean.size, clean.getpixel((0, 0))) == ((8, 4), (10, 200, 30))


@pytest.mark.parametrize("part", [0.2, 0.5, 0.7])
def test_s46_a_broken_image_is_refused(path, part):
    for kind, content in (("PNG", PNG), ("JPEG", JPEG)):
        path.write_bytes(content[: int(len(content) * part)])
        with pytest.raises(FileRefused):
            images.written_anew(path, kind)


def test_s46_an_image_of_too_many_points_is_not_unpacked(path, monkeypatch):
    monkeypatch.setattr(images, "MOST_POINTS", 31)
    path.write_bytes(PNG)
    with pytest.raises(FileRefused):
        images.written_anew(path, "PNG")


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("список 7А.csv", "список 7А.pdf"),
        ("invalid.jpg.php", "invalid_jpg.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\boot.ini", "boot.pdf"),
        ("C:\\x", "x.pdf"),
        ("a\u202efdp.exe", "afdp.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ('x"; filename="y.exe', "x__ filename=_y.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
    ],
)
def test_s46_the_shown_name_is_no_path_and_has_the_ending_of_the_type(given_name, shown):
    assert shown_name(given_name, ".pdf") == shown


@given(st.text(max_size=300))
def test_s76_no_name_from_outside_is_a_path_or_a_header(given_name):
    shown = shown_name(given_name, ".csv")
    assert 4 < len(shown) <= LONGEST + 1
    assert not set(shown) & set('/\\\0\r\n"')
    assert Path(shown).name == shown
    row = SimpleNamespace(name=shown, type="csv", size=1)
    assert all(value.isascii() and "\n" not in value and "\r" not in value for value in headers(row).values())


def test_a_file_is_stored_once_for_its_content_and_for_its_owner_only(database, school, store, admin):
    first, second = sent(database, store, admin), sent(database, store, admin, name="b.txt")
    found = row(database, first)
    assert (found.name, found.type, found.size, found.school) == ("a.txt", "text", 4, admin.hat.school_uid)
    assert row(database, second).sha256 == found.sha256
    assert list(store.contents()) == [found.sha256]
    kept = store.path(found.sha256)
    assert kept.read_bytes() == b"text"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert {stat.S_IMODE(one.stat().st_mode) for one in (store.folder, kept.parent)} == {0o700}
    assert list((store.folder / COMING).iterdir()) == []
    assert differences(store, database) == []


def test_s46_a_photo_is_stored_without_its_place(database, school, store, admin):
    photos = replace(TEXTS, types=frozenset({FileType.JPEG}), largest=100_000)
    found = row(database, sent(database, store, admin, with_place(), photos, "a.png"))
    assert (found.name, b"Anna" in store.path(found.sha256).read_bytes()) == ("a.jpg", False)
    assert list((store.folder / COMING).iterdir()) == []
    assert differences(store, database) == []


def test_what_is_refused_leaves_nothing(database, school, store, admin):
    incoming = store.incoming()
    incoming.write(b"<html>")
    with pytest.raises(FileRefused), store.taken_in(incoming, TEXTS):
        pass
    assert list((store.folder / COMING).iterdir()) == []


def test_only_who_has_the_right_stores_for_a_purpose(database, school):
    with pytest.raises(NotYours):
        database.write(lambda uow: service.reserve(uow, school.teacher(), TEXTS, 1))


def test_room_is_reserved_before_it_is_used_also_by_two_at_once(database, school, admin, monkeypatch):
    monkeypatch.setattr(service, "MEGABYTE", 1)  # the usual room is 2,000 bytes then
    refused = []

    def reserve() -> None:
        try:
            database.write(lambda uow: service.reserve(uow, admin, TEXTS, 900), shard=admin.hat.school_uid)
        except FileRefused as refusal:
            refused.append(refusal)

    threads = [Thread(target=reserve) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1


def test_what_never_came_gives_its_room_back_after_its_term(database, school, admin, clock):
    for _number in range(service.AT_ONCE):
        uid = database.write(lambda uow: service.reserve(uow, admin, TEXTS, 10))
    with pytest.raises(FileRefused):
        database.write(lambda uow: service.reserve(uow, admin, TEXTS, 10))
    database.write(lambda uow: service.give_back(uow, uid))
    uid = database.write(lambda uow: service.reserve(uow, admin, TEXTS, 10))
    clock.moment += service.RESERVED + timedelta(seconds=1)
    database.write(lambda uow: service.reserve(uow, admin, TEXTS, 10))
    content: Any = SimpleNamespace(incoming=SimpleNamespace(sha256="a" * 64, size=4), type=FileType.TEXT)
    with pytest.raises(UploadLost):
        database.write(lambda uow: service.complete(uow, admin, uid, TEXTS, content, "a.txt"))


def test_more_than_was_reserved_is_not_completed(database, school, admin):
    uid = database.write(lambda uow: service.reserve(uow, admin, TEXTS, 3))
    content: Any = SimpleNamespace(incoming=SimpleNamespace(sha256="a" * 64, size=4), type=FileType.TEXT)
    with pytest.raises(UploadLost):
        database.write(lambda uow: service.complete(uow, admin, uid, TEXTS, content, "a.txt"))


def test_more_than_the_purpose_allows_is_refused(database, school, admin):
    with pytest.raises(FileRefused):
        database.write(lambda uow: service.reserve(uow, admin, TEXTS, TEXTS.largest + 1))


def test_s47_only_whom_the_right_reaches_finds_a_file_and_each_recorded_download_is_in_the_ledger(
    database, school, store, admin
):
    shared, own = sent(database, store, admin), sent(database, store, admin, purpose=OWN)

    def finds(actor, uid: str) -> bool:
        reading = lambda one: queries.downloadable(Reading.at(one, actor, database.clock.now()), uid, BOTH)  # noqa: E731
        return database.read(reading) is not None

    assert finds(admin, shared)
    assert finds(admin, own)
    assert not finds(school.teacher(), shared)
    database.write(lambda uow: uow.execute(update(_file).values(account="another")))
    assert finds(admin, shared)
    assert not finds(admin, own)
    database.write(lambda uow: uow.execute(update(_file).values(school="another", account=admin.account_uid)))
    assert not finds(admin, shared)
    assert not may_download(admin, TEXTS, row(database, own))
    with pytest.raises(NotYours):
        database.write(lambda uow: service.record_download(uow, admin, TEXTS, shared))
    database.write(lambda uow: uow.execute(update(_file).values(school=admin.hat.school_uid)))
    database.write(lambda uow: service.record_download(uow, admin, TEXTS, shared))
    kinds = database.read(lambda one: one.execute(select(_operation.c.kind)).scalars().all())
    assert kinds.count("file_downloaded") == 1


def test_a_file_is_not_found_when_its_term_is_over(database, school, store, admin, clock):
    uid = sent(database, store, admin)
    clock.moment += timedelta(days=14)
    reading = lambda one: queries.downloadable(Reading.at(one, admin, clock.now()), uid, BOTH)  # noqa: E731
    assert database.read(reading) is None


def test_content_goes_with_its_last_row_and_what_is_of_nobody_goes_too(database, school, store, admin, clock):
    uid, other = sent(database, store, admin), sent(database, store, admin)
    last = sent(database, store, admin, b"another")
    database.write(lambda uow: service.remove(uow, uid))
    assert removing.sweep(store, database) == 0
    database.write(lambda uow: service.remove(uow, other))
    half = store.incoming()
    os.utime(half.path, (0, 0))
    assert removing.sweep(store, database) == 1
    assert list(store.contents()) == [row(database, last).sha256]
    assert not half.path.exists()
    assert service.RESERVED.total_seconds() < FORGOTTEN_SECONDS


def test_the_night_removes_what_is_over(database, school, store, admin, clock, tmp_path):
    over = [sent(database, store, admin, str(number).encode()) for number in range(3)]
    clock.moment += timedelta(days=13)
    stays = sent(database, store, admin, b"stays")
    clock.moment += timedelta(days=2)
    asked = database.write(lambda uow: asking.ask(uow, REMOVAL, RemovalAsked(), server().author)).uid

    def ended() -> bool:
        return (
            database.read(lambda one: one.execute(select(_job.c.state).where(_job.c.uid == asked)).scalar()) == "done"
        )

    run_until(database, ended, tmp_path)
    assert [row(database, uid) for uid in over] == [None] * 3
    assert list(store.contents()) == [row(database, stays).sha256]


def test_the_check_names_whatever_differs(database, school, store, admin):
    missing, changed = sent(database, store, admin, b"missing"), sent(database, store, admin, b"changed")
    store.path(row(database, missing).sha256).unlink()
    store.path(row(database, changed).sha256).write_bytes(b"forged!")
    (store.folder / "stranger").write_bytes(b"")
    without = copy_in(store, store.path(row(database, changed).sha256))
    with store.taken_in(without, TEXTS) as content, store.placed(content):
        pass
    os.utime(store.incoming().path, (0, 0))
    assert sorted(differences(store, database)) == ["changed", "forgotten", "missing", "stranger", "without_row"]


def test_every_type_has_its_ending():
    assert set(ENDINGS) == set(FileType)
