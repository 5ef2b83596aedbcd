"""Archives and folders for an import: what is read of them, and that no bomb or hostile name gets through."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from ais_app.exchange.engine import Findings, Limits, Note, Problem, gather
from tests.unit.sets import brief, workbook


def packed(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def gathered(path: Path, limits: Limits | None = None):
    problems, notes = Findings[Problem](), Findings[Note]()
    found = gather(path, {"pets"}, problems, notes, limits or Limits())
    return found, [brief(one) for one in problems], [brief(one) for one in notes]


def test_a_zip_is_read_in_any_case_and_folder_without_what_systems_leave(tmp_path):
    path = packed(
        tmp_path / "x.zip", ("in/PETS.CSV", b"id"), ("__MACOSX/in/._pets.csv", b"\0"), ("in/.DS_Store", b"\0")
    )
    assert gathered(path) == ({"pets": b"id"}, [], [])


def test_other_files_are_not_read_and_said(tmp_path):
    path = packed(tmp_path / "x.zip", ("pets.csv", b"id"), ("readme.txt", b"x"))
    found, problems, notes = gathered(path)
    assert (list(found), problems) == (["pets"], [])
    assert notes == ["readme.txt not_of_format"]


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ([("pets.csv", b"a" * 5_000_000)], "pets.csv bomb times=200"),
        ([("../pets.csv", b"id")], "../pets.csv leads_out"),
        ([("/etc/pets.csv", b"id")], "/etc/pets.csv leads_out"),
        ([("c:/pets.csv", b"id")], "c:/pets.csv leads_out"),
        ([("inner.zip", b"PK")], "inner.zip nested_archive"),
        ([(f"{n}.csv", b"") for n in range(65)], "x.zip archive_too_many most=64"),
        ([("pets.csv", b"id"), ("PETS.csv", b"id")], "PETS.csv two_of_a_name other=pets.csv"),
    ],
)
def test_s44_bombs_and_hostile_archives_are_refused(tmp_path, members, named):
    found, problems, _notes = gathered(packed(tmp_path / "x.zip", *members))
    assert any(problem.startswith(named) for problem in problems), problems
    assert len(found) <= 1


def test_s44_limits_hold_for_files_and_for_all_of_them_together(tmp_path):
    path = packed(tmp_path / "x.zip", ("pets.csv", bytes(range(256)) * 8))
    _found, problems, _notes = gathered(path, Limits(file=1000))
    assert problems == ["pets.csv file_too_large most=1000"]
    _found, problems, _notes = gathered(path, Limits(together=1000))
    assert problems == ["x.zip archive_too_large most=1000"]
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "pets.csv").write_bytes(b"x" * 2000)
    _found, problems, _notes = gathered(tmp_path / "folder", Limits(file=1000))
    assert problems == ["pets.csv file_too_large most=1000"]


def test_s44_an_archive_that_lies_about_its_sizes_is_refused(tmp_path):
    path = packed(tmp_path / "x.zip", ("pets.csv", b"id,name\n" + b"1,a\n" * 500))
    raw = bytearray(path.read_bytes())
    directory = raw.rindex(b"PK\x01\x02")
    raw[directory + 24 : directory + 28] = struct.pack("<I", 10)  # says: ten bytes when unpacked
    path.write_bytes(raw)
    found, problems, _notes = gathered(path)
    assert problems == ["pets.csv file_unreadable error=BadZipFile"]
    assert found == {"pets": None}  # it is there, and not missing besides


def test_s44_a_folder_with_a_link_is_refused(tmp_path):
    (tmp_path / "secret").write_text("id")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "pets.csv").symlink_to(tmp_path / "secret")
    assert gathered(folder)[:2] == ({}, ["pets.csv file_is_link"])


def test_a_folder_in_a_folder_is_the_folder(tmp_path):
    """What a program makes that unpacks «set.zip» into «set/set/»."""
    inner = tmp_path / "set" / "set" / "set"
    inner.mkdir(parents=True)
    (tmp_path / "set" / ".DS_Store").touch()
    (inner / "pets.csv").write_bytes(b"id")
    assert gathered(tmp_path / "set") == ({"pets": b"id"}, [], [])
    (inner / "older").mkdir()
    assert gathered(tmp_path / "set") == ({"pets": b"id"}, [], ["older folder_left"])


def test_folders_without_end_are_refused(tmp_path):
    deep = tmp_path.joinpath("set", *"abcdefgh")
    deep.mkdir(parents=True)
    (deep / "pets.csv").write_bytes(b"id")
    assert gathered(tmp_path / "set") == ({}, ["set folders_too_deep most=5"], [])


def test_a_zip_with_a_folder_in_it_is_the_folder(tmp_path):
    path = packed(tmp_path / "x.zip", ("set/", b""), ("set/inner/pets.csv", b"id"))
    assert gathered(path) == ({"pets": b"id"}, [], [])


def test_a_workbook_beside_or_instead_of_the_files_is_said(tmp_path):
    path = packed(tmp_path / "x.zip", ("pets.csv", b"id"), ("pets.xlsx", b"PK"), ("~$pets.xlsx", b"x"))
    assert gathered(path)[1:] == ([], ["pets.xlsx workbook_beside"])
    (tmp_path / "set.xlsx").write_bytes(workbook())
    assert gathered(tmp_path / "set.xlsx") == ({}, ["set.xlsx workbook_set"], [])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", b"id,name\n"])
def test_what_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    _found, problems, _notes = gathered(tmp_path / "x.zip")
    assert problems == ["x.zip no_set error=BadZipFile"]
