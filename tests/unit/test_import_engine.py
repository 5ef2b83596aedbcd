"""The engine of imports: what it reads, what it refuses and names, and that nothing large or hostile gets through."""

from __future__ import annotations

import json
import tracemalloc
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ais_app.exchange.engine import (
    Column,
    Findings,
    Kind,
    Limits,
    Note,
    Problem,
    Sheet,
    Table,
    check_references,
    codes,
    gather,
    parse,
)
from ais_app.formulas import begins_formula, escape, unescape
from tests.unit.sets import brief, workbook

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
    """(sheet, problems in brief, notes in brief) of a file of pets."""
    problems, notes = Findings[Problem](), Findings[Note]()
    raw = text if isinstance(text, bytes) else text.encode()
    sheet = parse(PETS, raw, problems, notes, limits or Limits())
    return sheet, [brief(one) for one in problems], [brief(one) for one in notes]


def test_columns_are_found_by_synonym_and_without_case():
    sheet, problems, _notes = read("ID,КЛИЧКА,Born\n1,Рыжик,2026-05-06\n")
    assert problems == []
    assert (sheet["1"]["name"], sheet["1"].day("born"), sheet["1"]["legs"]) == ("Рыжик", date(2026, 5, 6), "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id\n1\n", "pets.csv 1 name column_missing"),
        ("id,name,Name\n1,a,b\n", "pets.csv 1 name column_twice"),
        ("id,name,кличка\n1,a,b\n", "pets.csv 1 name column_twice"),
        ("id,name\n1,a\n1,b\n", "pets.csv 3 id key_twice first=2 key=1"),
        ("id,name\n1,\n", "pets.csv 2 name empty"),
        ("id,name\n1,a,b\n", "pets.csv 2 too_many_cells"),
        ("id,name\n1," + "x" * 21 + "\n", "pets.csv 2 name too_long most=20"),
        ("id,name\n1,a\0b\n", "pets.csv 2 name invisible"),
        ("id,name\n1,a\u202eb\n", "pets.csv 2 name invisible"),
        ("id,name,story\n1,a,b\0\n", "pets.csv 2 story holds_nul"),
        ("id,name,born\n1,a,06.05.2026\n", "pets.csv 2 born no_date value=06.05.2026"),
        ("id,name,born\n1,a,2026-02-30\n", "pets.csv 2 born no_date value=2026-02-30"),
        ("id,name,legs\n1,a,four\n", "pets.csv 2 legs no_whole value=four"),
        ("id,name,legs\n1,a,４\n", "pets.csv 2 legs no_whole value=４"),
        ("id,name,weight\n1,a,NaN\n", "pets.csv 2 weight no_number value=NaN"),
        ("id,name,weight\n1,a,1e999999999\n", "pets.csv 2 weight no_number value=1e999999999"),
        ("id,name,tame\n1,a,maybe\n", "pets.csv 2 tame no_flag value=maybe"),
        ("id,name,kind\n1,a,Cow\n", "pets.csv 2 kind no_choice choices=cat|dog value=Cow"),
        ('id,name\n1,"a\n', "pets.csv 2 quote_not_closed"),
        ('id,name\n1,"a"b\n', "pets.csv 2 text_behind_quote"),
        ("", "pets.csv file_empty"),
        ("\ufeff \r\n\t\n", "pets.csv file_empty"),
        ("1,a\n2,b\n", "pets.csv 1 head_unknown columns=id|name"),
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
    assert notes == [f"pets.csv 1 {'semicolons' if delimiter == ';' else 'tabs'}"]


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-16", "pets.csv other_encoding encoding=UTF-16"),
        ("utf-16-le", "pets.csv other_encoding encoding=UTF-16"),
        ("utf-16-be", "pets.csv other_encoding encoding=UTF-16"),
        ("utf-32", "pets.csv other_encoding encoding=UTF-32"),
        ("utf-32-be", "pets.csv other_encoding encoding=UTF-32"),
        ("cp1251", "pets.csv 2 looks_like encoding=windows-1251"),
        ("cp866", "pets.csv 2 looks_like encoding=cp866"),
        ("koi8-r", "pets.csv 2 looks_like encoding=koi8-r"),
    ],
)
def test_s45_other_encodings_are_refused_by_their_name(encoding, named):
    _sheet, problems, _notes = read("id,name\n1,Рыжик и Снежок\n".encode(encoding))
    assert problems == [named]


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (workbook(), "pets.csv workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "pets.csv workbook"),
        (b"PK\x03\x04" + b"users.csv" * 9, "pets.csv packed"),
        (b"\x1f\x8b\x08" + bytes(range(256)), "pets.csv packed"),
        (b"%PDF-1.7\nid,name\n", "pets.csv no_text"),
        (b"id,name\n" + bytes(500), "pets.csv no_text"),
        ("id,name\n1,Müller\n".encode("latin-1"), "pets.csv 2 not_utf8"),
        (b"", "pets.csv file_empty"),
    ],
)
def test_what_is_no_text_at_all_is_named_for_what_it_is(raw, named):
    sheet, problems, _notes = read(raw)
    assert (problems, sheet.whole, sheet.present) == ([named], False, True)


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;", "sep=;;;"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_line_in_which_a_spreadsheet_names_its_separator_is_no_head(line, newline):
    sheet, problems, notes = read(newline.join([line, "id;name;born", "1;Рыжик, кот;x", ""]))
    assert sheet["1"]["name"] == "Рыжик, кот"
    assert problems == ["pets.csv 2 born no_date value=x"]
    assert notes == ["pets.csv separator_said separator=;"]


def test_columns_that_nobody_knows_are_named_with_the_nearest_one():
    table = replace(PETS, left_out=("colour", "price"), silent=("changed",))
    problems, notes = Findings[Problem](), Findings[Note]()
    parse(table, b"id,name,bron,tail,Colour,price,changed,,\n1,a,,x,red,,y,,7\n", problems, notes)
    assert list(problems) == []
    assert [brief(note) for note in notes] == [
        "pets.csv 1 bron column_mistyped hint=born",
        "pets.csv 1 tail column_unknown",
        "pets.csv columns_left columns=colour",
        "pets.csv columns_nameless columns=9",
    ]


def test_a_mistyped_column_that_must_be_there_is_named_too():
    _sheet, problems, notes = read("id,nmae\n1,a\n")
    assert problems == ["pets.csv 1 name column_missing"]
    assert notes == ["pets.csv 1 nmae column_mistyped hint=name"]


def test_s45_utf8_with_a_mark_is_read():
    sheet, problems, _notes = read("id,name\n1,Рыжик\n".encode("utf-8-sig"))
    assert (problems, sheet["1"]["name"]) == ([], "Рыжик")


def test_s45_a_cell_of_a_megabyte_is_refused():
    _sheet, problems, _notes = read('id,name\n1,a\n2,"' + "x" * 1_000_000 + '"\n')
    assert problems == ["pets.csv 3 cell_too_long most=100000"]


def test_s44_a_sheet_without_end_is_not_read_to_its_end():
    _sheet, problems, _notes = read("id,name\n" + "".join(f"{n},a\n" for n in range(50)), Limits(rows=20))
    assert problems == ["pets.csv 21 too_many_rows most=20"]


def test_findings_are_all_counted_and_not_all_kept():
    problems = Findings[Problem](most=10)
    parse(PETS, ("id,name\n" + "".join(f"{n},\n" for n in range(50))).encode(), problems, Findings[Note]())
    assert (len(problems), len(list(problems)), problems.counts[codes.EMPTY]) == (50, 10, 50)


def test_s45_a_row_without_end_is_not_read():
    """Cells cost more than their signs: a row is bounded, over however many lines it goes."""
    wide = 'id,name\n1,a\n2,"' + "\n".join(['",a,"'] * 500) + '"\n'
    _sheet, problems, _notes = read(wide, Limits(row=1_000))
    assert problems == ["pets.csv 3 row_too_long most=1000"]
    _sheet, problems, _notes = read("id,name" + "," * 5_000, Limits(row=1_000))
    assert problems == ["pets.csv 1 row_too_long most=1000"]


@pytest.mark.parametrize(
    "rest",
    ["", "1,a\n", "1,a,b\n2,b\n", '1,"a\n', "1,a\n2,\n"],
    ids=["nothing", "rows", "a wide row", "broken", "a defect"],
)
def test_a_row_that_is_refused_or_a_file_that_breaks_is_not_missed_by_others(rest):
    """One defect is one problem: whatever refers to a row that could not be taken is not named once more."""
    sheet, problems, _notes = read(f"id,name\n{rest}")
    friends = Table("friends", (Column("of", refers="pets"),))
    referring = parse(friends, b"of\n1\n2\n", Findings[Problem](), Findings[Note]())
    found = Findings[Problem]()
    check_references({"pets": sheet, "friends": referring}, found, Findings[Note](), weak=frozenset())
    if problems:
        assert all(one.params["value"] != "1" for one in found)
    if not sheet.whole:
        assert list(found) == []


def test_a_file_that_is_not_there_is_missed_once_by_each_column():
    friends = Table("friends", (Column("of", refers="pets"),))
    referring = parse(friends, b"of\n1\n2\n", Findings[Problem](), Findings[Note]())
    found = Findings[Problem]()
    check_references({"pets": Sheet(PETS), "friends": referring}, found, Findings[Note](), weak=frozenset())
    assert [brief(one) for one in found] == ["friends.csv 1 of no_file_referred file=pets.csv"]


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_one_problem(raw):
    """Whatever a file holds that is no table: one sentence, no trace."""
    sheet, problems, _notes = read(raw)
    assert sheet.whole or len(problems) == 1


@given(st.text(st.sampled_from('idname,;\t"\r\n\0 =1ё'), max_size=60))
def test_any_text_is_read_or_refused_by_name(text):
    sheet, problems, _notes = read(text)
    assert sheet.whole or problems


def test_references_are_checked_by_row_and_column():
    sheet, problems, _notes = read('id,name,friends\n1,a,"2, 1"\n2,b,"1,7"\n')
    assert problems == []
    found = Findings[Problem]()
    check_references({"pets": sheet}, found, Findings[Note](), weak=frozenset())
    assert [brief(one) for one in found] == ["pets.csv 3 friends no_reference file=pets.csv value=7"]


@pytest.mark.parametrize("name", sorted(path.stem for path in (SPECTRUM / "csvs").glob("*.csv")))
def test_hard_files_are_read_as_their_authors_say(name):
    """csv-spectrum: quotes, newlines within cells, empty cells, JSON in cells."""
    raw = (SPECTRUM / "csvs" / f"{name}.csv").read_bytes()
    wanted = json.loads((SPECTRUM / "json" / f"{name}.json").read_text(encoding="utf-8"))
    wanted = wanted if isinstance(wanted, list) else [wanted]
    table = Table("hard", tuple(Column(column, Kind.VERBATIM) for column in wanted[0]))
    problems, notes = Findings[Problem](), Findings[Note]()
    sheet = parse(table, raw, problems, notes)
    assert list(problems) == []
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
    assert notes == ["pets.csv 2 name formula"]


@pytest.mark.parametrize(
    "pattern", [b",", b"\n", b'"', b"a,", b'",\n"', "ж".encode(), b"\0", b"\xff", b"1,a\n", b"x\n"]
)
def test_a_large_file_of_nothing_costs_no_more_than_its_size(pattern):
    """Memory is bounded by the bytes of a file, whatever they are: nothing multiplies them."""
    for head in (b"id,name\n", b"id,name,", b""):
        raw = head + pattern * ((12_000 if b"\n" in pattern else 60_000) // len(pattern))
        problems, notes = Findings[Problem](), Findings[Note]()
        tracemalloc.start()
        parse(PETS, raw, problems, notes, Limits(row=20_000))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < 40 * len(raw) + 2_000_000, head  # beside what is kept of the findings
        assert len(list(problems)) <= 2_000


def test_reading_a_small_file_takes_a_small_buffer(tmp_path):
    (tmp_path / "pets.csv").write_bytes(b"id,name\n" * 1_000)
    tracemalloc.start()
    gather(tmp_path, {"pets"}, Findings[Problem](), Findings[Note]())
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 4_000_000
