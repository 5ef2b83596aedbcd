"""Homerooms that are not recognised are asked about, and the answers are remembered."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ais_app.exchange.oneroster import Answers, HomeroomsUnknown, ImportRefused, import_oneroster
from ais_app.exchange.oneroster.homerooms import COURSE, Answer, read_mapping, write_questions
from tests.databases import rows
from tests.unit.sets import brief, change, count, notes_of, refused

UNKNOWN = ["07.1", "7а кл.", "10 физ-мат", "12А", "Солнышко", "0", "7 АБ", "13Я", "А7"]
PROPOSED = {
    "07.1": Answer(7, "1"),
    "7а кл.": Answer(7, "А"),
    "10 физ-мат": Answer(10, "физ-мат"),
    "12А": Answer(12, "А"),
    "7 АБ": Answer(7, "АБ"),
    "А7": Answer(7),
}


@pytest.mark.parametrize("title", UNKNOWN)
def test_a_homeroom_that_is_not_recognised_is_asked_about(database, copied, title):
    change(copied, "classes.csv", "k-home,,,7А", f"k-home,,,{title}")
    with pytest.raises(HomeroomsUnknown) as refusal:
        import_oneroster(database, copied)
    assert [brief(one) for one in refusal.value.problems] == [f"classes.csv 2 title homeroom_unknown title={title}"]
    (asked,) = refusal.value.questions
    assert (asked.key, asked.title, asked.school) == ("k-home", title, "Школа № 3 посёлка Луговой")
    assert asked.proposed == PROPOSED.get(title, COURSE)
    assert count(database, "school") == count(database, "operation") == 0


def answered(path: Path, becomes: str, grade: str = "", letter: str = "") -> Answers:
    """The mapping file at `path`, filled like somebody does it in a spreadsheet."""
    with path.open(encoding="utf-8-sig", newline="") as source:
        lines = list(csv.DictReader(source, delimiter=";"))
    for line in lines:
        line |= {"becomes": becomes, "grade": grade, "letter": letter}
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.DictWriter(target, lines[0], delimiter=";")
        writer.writeheader()
        writer.writerows(lines)
    return read_mapping(path)


def asked_about(database, folder: Path, mapping: Path) -> None:
    with pytest.raises(HomeroomsUnknown) as refusal:
        import_oneroster(database, folder, dry_run=True)
    write_questions(mapping, refusal.value.questions)


def test_the_answer_makes_the_class_and_is_remembered(database, copied, tmp_path):
    change(copied, "classes.csv", "k-home,,,7А", "k-home,,,10 физ-мат")
    mapping = tmp_path / "mapping.csv"
    asked_about(database, copied, mapping)
    assert mapping.stat().st_mode & 0o777 == 0o600
    with pytest.raises(HomeroomsUnknown):  # nobody has answered yet
        import_oneroster(database, copied, answers=read_mapping(mapping))
    report = import_oneroster(database, copied, answers=answered(mapping, "класс", "10", "физ-мат"))
    assert report.added["classes"] == 1
    assert rows(database, "SELECT name, grade, letter FROM school_class") == [("10 физ-мат", 10, "физ-мат")]
    again = import_oneroster(database, copied)
    assert (again.added, again.changed) == ({}, {})
    change(copied, "classes.csv", "k-home,,,10 физ-мат", "k-home,,,11 физ-мат")
    assert refused(database, copied) == ["classes.csv 2 title homeroom_unknown title=11 физ-мат"]


def test_an_answer_is_not_remembered_by_a_dry_run(database, copied, tmp_path):
    change(copied, "classes.csv", "k-home,,,7А", "k-home,,,07.1")
    asked_about(database, copied, tmp_path / "mapping.csv")
    answers = answered(tmp_path / "mapping.csv", "class", "7", "1")
    assert import_oneroster(database, copied, dry_run=True, answers=answers).added["classes"] == 1
    assert refused(database, copied) == ["classes.csv 2 title homeroom_unknown title=07.1"]


def test_a_homeroom_may_be_answered_to_be_a_course(database, copied, tmp_path):
    change(copied, "classes.csv", "k-home,,,7А", "k-home,,,Солнышко")
    asked_about(database, copied, tmp_path / "mapping.csv")
    report = import_oneroster(database, copied, answers=answered(tmp_path / "mapping.csv", "курс"))
    assert report.added["courses"] == 3
    assert "classes" not in report.added


def test_an_answer_wins_over_a_name_that_is_recognised(database, copied):
    import_oneroster(database, copied, answers=Answers({"k-home": Answer(8, "Б")}))
    assert rows(database, "SELECT grade, letter FROM school_class") == [(8, "Б")]


def test_an_answer_that_nothing_asks_for_is_said(database, copied, tmp_path):
    mapping = tmp_path / "mapping.csv"
    mapping.write_text("class,becomes,grade,letter\nk-alg,class,7,А\nk-none,course,,\n", encoding="utf-8")
    notes = notes_of(database, copied, answers=read_mapping(mapping))
    assert "mapping.csv 2 class answer_unused key=k-alg" in notes
    assert "mapping.csv 3 class answer_unused key=k-none" in notes


def test_what_is_noted_of_a_mapping_is_said_with_the_rest(database, copied, tmp_path):
    mapping = tmp_path / "mapping.csv"
    mapping.write_text("class;becomes;grade;leter\nk-home;class;7;А\n", encoding="utf-8")
    notes = notes_of(database, copied, answers=read_mapping(mapping))
    assert "mapping.csv 1 leter column_mistyped hint=letter" in notes
    assert "mapping.csv 1 semicolons" not in notes


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("k-home,maybe,7,А", "mapping.csv 2 becomes no_choice choices=class|course|класс|курс value=maybe"),
        ("k-home,class,,А", "mapping.csv 2 grade empty"),
        ("k-home,class,13,А", "mapping.csv 2 grade out_of_range least=1 most=12"),
        ("k-home,class,seven,А", "mapping.csv 2 grade no_whole value=seven"),
        ("k-home,class,7,абвгдежзиклмнопр", "mapping.csv 2 letter too_long most=15"),
    ],
)
def test_a_mapping_with_a_defect_is_refused(tmp_path, row, named):
    (tmp_path / "mapping.csv").write_text(f"class,becomes,grade,letter\n{row}\n", encoding="utf-8")
    with pytest.raises(ImportRefused) as refusal:
        read_mapping(tmp_path / "mapping.csv")
    assert [brief(one) for one in refusal.value.problems] == [named]
