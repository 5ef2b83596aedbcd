"""The engine of imports: what it reads, what it refuses and names, and that nothing large or hostile gets through."""

from __future__ import annotations

import json
import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ais_app.exchange.engine import Column, Kind, Limits, Table, check_references, gather, parse
from ais_app.exchange.engine.formulas import begins_formula, escape, unescape

FIXTURES = Path(__file__).parents[1] / "fixtures"
SPECTRUM = FIXTURES / "csv_spectrum"
NAUGHTY = json.loads((FIXTURES / "naughty_strings" / "blns.json").read_text(encoding="utf-8"))
PETS = Table(
    "pets",
    (
        Column("id", required=True, filled=True),
        Column("name", required=True, filled=True, longest=20, synonyms=("кличка",)),
        Column("born", Kind.DATE),
        Column("legs", Kind.WHOLE),
        Column("tame", Kind.FLAG),
        Column("weight", Kind.NUMBER),
        Column("kind", choices=frozenset({"cat", "dog"})),
        Column("friends", several=True, refers="pets"),
        Column("story", Kind.VERBATIM),
    ),
    key="id",
)


def read(text: str | bytes, limits: Limits | None = None):
    """(sheet, problems as text, notes as text) of a file of pets."""
    problems, notes = [], []
    raw = text if isinstance(text, bytes) else text.encode()
    sheet = parse(PETS, raw, problems, notes, limits or Limits())
    return sheet, [str(one) for one in problems], [str(one) for one in notes]


def test_columns_are_found_by_synonym_and_without_case():
    sheet, problems, _notes = read("ID,КЛИЧКА,Born\n1,Рыжик,2026-05-06\n")
    assert problems == []
    assert (sheet["1"]["name"], sheet["1"].day("born"), sheet["1"]["legs"]) == ("Рыжик", date(2026, 5, 6), "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id\n1\n", "pets.csv, row 1, name: the column is missing"),
        ("id,name,Name\n1,a,b\n", "pets.csv, row 1, name: stands twice in the head"),
        ("id,name,кличка\n1,a,b\n", "pets.csv, row 1, name: stands twice in the head"),
        ("id,name\n1,a\n1,b\n", "pets.csv, row 3, id: «1» stands twice, first in row 2"),
        ("id,name\n1,\n", "pets.csv, row 2, name: is empty"),
        ("id,name\n1,a,b\n", "pets.csv, row 2, row: has more cells than the head"),
        ("id,name\n1," + "x" * 21 + "\n", "pets.csv, row 2, name: is longer than 20 characters"),
        ("id,name\n1,a\0b\n", "pets.csv, row 2, name: holds an invisible or control character"),
        ("id,name\n1,a\u202eb\n", "pets.csv, row 2, name: holds an invisible or control character"),
        ("id,name,story\n1,a,b\0\n", "pets.csv, row 2, story: holds a NUL character"),
        ("id,name,born\n1,a,06.05.2026\n", "pets.csv, row 2, born: «06.05.2026» is not a date (YYYY-MM-DD)"),
        ("id,name,born\n1,a,2026-02-30\n", "pets.csv, row 2, born: «2026-02-30» is not a date (YYYY-MM-DD)"),
        ("id,name,legs\n1,a,four\n", "pets.csv, row 2, legs: «four» is not a whole number"),
        ("id,name,legs\n1,a,４\n", "pets.csv, row 2, legs: «４» is not a whole number"),
        ("id,name,weight\n1,a,NaN\n", "pets.csv, row 2, weight: «NaN» is not a number"),
        ("id,name,weight\n1,a,1e999999999\n", "pets.csv, row 2, weight: «1e999999999» is not a number"),
        ("id,name,tame\n1,a,maybe\n", "pets.csv, row 2, tame: «maybe» is not true or false"),
        ("id,name,kind\n1,a,Cow\n", "pets.csv, row 2, kind: «Cow» is none of: cat, dog"),
        ('id,name\n1,"a\n', "pets.csv, row 2, row: a quotation mark is opened and never closed"),
        ('id,name\n1,"a"b\n', "pets.csv, row 2, row: the row cannot be read: ',' expected after '\"'"),
        ("", "pets.csv, row 1, id: the column is missing"),
    ],
)
def test_every_defect_is_named_by_row_and_column(text, problem):
    _sheet, problems, _notes = read(text)
    assert problem in problems


def test_all_defects_of_a_file_are_named_together():
    _sheet, problems, _notes = read("id,name,born,legs\n1,,x,\n2,a,,y\n2,b,,\n")
    assert len(problems) == 4


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", ""])
def test_line_endings_and_a_lost_last_newline(ending):
    newline = ending or "\n"
    sheet, problems, _notes = read(newline.join(["id,name", "1,a", "2,b"]) + ending)
    assert (problems, [line["name"] for _key, line in sheet]) == ([], ["a", "b"])


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_another_separator_is_detected_and_said(delimiter):
    sheet, problems, notes = read(f"id{delimiter}name\n1{delimiter}Рыжик, кот\n")
    assert problems == []
    assert sheet["1"]["name"] == "Рыжик, кот"
    assert "separated by" in notes[0]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-16", "UTF-16"), ("utf-16-be", "NUL|column is missing"), ("utf-32", "UTF-32"), ("cp1251", "windows-1251")],
)
def test_s45_other_encodings_are_refused_by_their_name(encoding, named):
    _sheet, problems, _notes = read("id,name\n1,Рыжик\n".encode(encoding))
    assert any(part in problem for problem in problems for part in named.split("|")), problems


def test_s45_utf8_with_a_mark_is_read():
    sheet, problems, _notes = read("id,name\n1,Рыжик\n".encode("utf-8-sig"))
    assert (problems, sheet["1"]["name"]) == ([], "Рыжик")


def test_s45_a_cell_of_a_megabyte_is_refused():
    _sheet, problems, _notes = read('id,name\n1,a\n2,"' + "x" * 1_000_000 + '"\n')
    assert problems == ["pets.csv, row 3, row: a cell is longer than 100,000 characters"]


def test_s44_a_sheet_without_end_is_not_read_to_its_end():
    _sheet, problems, _notes = read("id,name\n" + "".join(f"{n},a\n" for n in range(50)), Limits(rows=20))
    assert problems == ["pets.csv, row 21, row: more than 20 rows are not read"]


def test_problems_do_not_grow_without_end():
    _sheet, problems, _notes = read("id,name\n" + "".join(f"{n},\n" for n in range(50)), Limits(problems=10))
    assert len(problems) == 12


def test_references_are_checked_by_row_and_column():
    sheet, problems, _notes = read('id,name,friends\n1,a,"2, 1"\n2,b,"1,7"\n')
    assert problems == []
    found = []
    check_references({"pets": sheet}, found, weak=frozenset())
    assert [str(one) for one in found] == ["pets.csv, row 3, friends: «7» is not in pets.csv"]


@pytest.mark.parametrize("name", sorted(path.stem for path in (SPECTRUM / "csvs").glob("*.csv")))
def test_hard_files_are_read_as_their_authors_say(name):
    """csv-spectrum: quotes, newlines within cells, empty cells, JSON in cells."""
    raw = (SPECTRUM / "csvs" / f"{name}.csv").read_bytes()
    wanted = json.loads((SPECTRUM / "json" / f"{name}.json").read_text(encoding="utf-8"))
    wanted = wanted if isinstance(wanted, list) else [wanted]
    table = Table("hard", tuple(Column(column, Kind.VERBATIM) for column in wanted[0]))
    problems, notes = [], []
    sheet = parse(table, raw, problems, notes)
    assert problems == []
    for line in wanted:
        if name == "location_coordinates":  # its authors changed this cell in one of their two files only
            line["Contact Phone Number"] = "2095257564"
    assert [{column: line[column] for column in wanted[0]} for _key, line in sheet] == wanted


@pytest.mark.parametrize("text", NAUGHTY, ids=range(len(NAUGHTY)))
def test_naughty_strings_are_kept_exactly_or_refused_by_name(text):
    cell = '"' + text.replace('"', '""') + '"'
    sheet, problems, _notes = read(f"id,name,story\n1,a,{cell}\n")
    assert problems == []
    assert sheet["1"]["story"] == unescape(text)
    sheet, problems, _notes = read(f"id,name\n1,{cell}\n")
    assert problems or sheet["1"]["name"] == unescape(text).replace("\u00a0", " ").strip()


@given(st.text())
def test_s41_escaping_formulas_loses_nothing(text):
    assert unescape(escape(text)) == text
    assert not begins_formula(escape(text)) or escape(text).startswith("'")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", "'=1", '"=1', " =1", "''=1"]
)
def test_s41_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert escape(text) == "'" + text
    assert unescape("'" + text) == text


@pytest.mark.parametrize("text", ["5", "Рыжик", "'tis", "", "a=1", "''"])
def test_s41_other_text_stays_as_it_is(text):
    assert escape(text) == unescape(text) == text


def test_s45_a_formula_in_a_name_is_text_and_is_said():
    sheet, problems, notes = read("id,name\n1,=HYPERLINK(1)\n")
    assert (problems, sheet["1"]["name"]) == ([], "=HYPERLINK(1)")
    assert notes == ["pets.csv, row 2, name: looks like a formula: it is kept as plain text"]


# Archives


def packed(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def gathered(path: Path, limits: Limits | None = None):
    problems, notes = [], []
    found = gather(path, {"pets"}, problems, notes, limits or Limits())
    return found, [str(one) for one in problems], [str(one) for one in notes]


def test_a_zip_is_read_in_any_case_and_folder_without_what_systems_leave(tmp_path):
    path = packed(
        tmp_path / "x.zip", ("in/PETS.CSV", b"id"), ("__MACOSX/in/._pets.csv", b"\0"), ("in/.DS_Store", b"\0")
    )
    assert gathered(path) == ({"pets": b"id"}, [], [])


def test_other_files_are_not_read_and_said(tmp_path):
    path = packed(tmp_path / "x.zip", ("pets.csv", b"id"), ("readme.txt", b"x"))
    found, problems, notes = gathered(path)
    assert (list(found), problems) == (["pets"], [])
    assert notes == ["readme.txt: is not a file of this format and was not read"]


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ([("pets.csv", b"a" * 5_000_000)], "pets.csv: unpacks to more than 200 times its size"),
        ([("../pets.csv", b"id")], "../pets.csv: its name leads out of the archive"),
        ([("/etc/pets.csv", b"id")], "/etc/pets.csv: its name leads out of the archive"),
        ([("c:/pets.csv", b"id")], "c:/pets.csv: its name leads out of the archive"),
        ([("inner.zip", b"PK")], "inner.zip: is an archive within the archive"),
        ([(f"{n}.csv", b"") for n in range(65)], "x.zip: the archive holds more than 64 files"),
        ([("pets.csv", b"id"), ("PETS.csv", b"id")], "PETS.csv: stands beside pets.csv"),
    ],
)
def test_s44_bombs_and_hostile_archives_are_refused(tmp_path, members, named):
    found, problems, _notes = gathered(packed(tmp_path / "x.zip", *members))
    assert any(problem.startswith(named) for problem in problems), problems
    assert len(found) <= 1


def test_s44_limits_hold_for_files_and_for_all_of_them_together(tmp_path):
    path = packed(tmp_path / "x.zip", ("pets.csv", bytes(range(256)) * 8))
    _found, problems, _notes = gathered(path, Limits(file=1000))
    assert problems == ["pets.csv: is larger than 1,000 bytes"]
    _found, problems, _notes = gathered(path, Limits(together=1000))
    assert problems == ["x.zip: the archive unpacks to more than 1,000 bytes"]
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "pets.csv").write_bytes(b"x" * 2000)
    _found, problems, _notes = gathered(tmp_path / "folder", Limits(file=1000))
    assert problems == ["pets.csv: is larger than 1,000 bytes"]


def test_s44_an_archive_that_lies_about_its_sizes_is_refused(tmp_path):
    path = packed(tmp_path / "x.zip", ("pets.csv", b"id,name\n" + b"1,a\n" * 500))
    raw = bytearray(path.read_bytes())
    directory = raw.rindex(b"PK\x01\x02")
    raw[directory + 24 : directory + 28] = struct.pack("<I", 10)  # says: ten bytes when unpacked
    path.write_bytes(raw)
    found, problems, _notes = gathered(path)
    assert problems == ["pets.csv: cannot be read (BadZipFile)"]
    assert found == {}


def test_s44_a_folder_with_a_link_is_refused(tmp_path):
    (tmp_path / "secret").write_text("id")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "pets.csv").symlink_to(tmp_path / "secret")
    assert gathered(folder)[:2] == ({}, ["pets.csv: is a link, not a file"])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", b"id,name\n"])
def test_what_is_no_archive_is_refused(tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    _found, problems, _notes = gathered(tmp_path / "x.zip")
    assert problems == ["x.zip: is neither a folder nor a readable zip (BadZipFile)"]
