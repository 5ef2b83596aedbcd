"""`ais import` and `ais export` as whoever runs them sees them: reports, files with codes, exit codes."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ais_app import settings as settings_module
from ais_app.cli import main
from ais_app.exchange import code_delivery
from tests.unit.sets import SET12, change


class Ais:
    """The command in a data folder of its own."""

    def __init__(self, folder: Path, monkeypatch) -> None:
        self.folder = folder
        monkeypatch.setenv("AIS_DATA_DIR", str(folder / "var"))
        monkeypatch.setenv("AIS_CLOCK", "2026-11-23T09:00:00+00:00")
        monkeypatch.setenv("AIS_BASE_URL", "https://journal.example")

    def __call__(self, *arguments: str | Path) -> Result:
        settings_module.settings.cache_clear()
        try:
            return CliRunner().invoke(main, [str(part) for part in arguments])
        finally:
            settings_module.settings.cache_clear()


@pytest.fixture
def ais(tmp_path, monkeypatch) -> Ais:
    return Ais(tmp_path, monkeypatch)


def test_a_dry_run_reports_and_writes_nothing(ais, tmp_path):
    done = ais("import", "oneroster", SET12, "--dry-run", "--slips", tmp_path / "slips.pdf")
    assert done.exit_code == 0
    assert "Would be added: 1 school, 10 people" in done.stdout
    assert "roles.csv, row 6, role: «systemAdministrator» is above a school: no file gives it" in done.stderr
    assert not (tmp_path / "slips.pdf").exists()
    assert "Added: 1 school" in ais("import", "oneroster", SET12).stdout


def test_codes_are_printed_unless_a_file_is_asked_for(ais, tmp_path):
    printed = ais("import", "oneroster", SET12).stdout
    assert re.search(r"^n\.zimina\t[2-9a-z-]{20}\tЗимина Нина$", printed, re.MULTILINE)
    again = ais("import", "oneroster", SET12, "--codes", tmp_path / "codes.tsv")
    assert "Added: nothing.\nChanged: nothing.\nLeft alone: 1 school" in again.stdout
    assert not (tmp_path / "codes.tsv").exists()


def test_files_with_codes_are_for_their_owner_only_and_never_overwritten(ais, tmp_path):
    codes, slips = tmp_path / "codes.tsv", tmp_path / "slips.pdf"
    done = ais("import", "oneroster", SET12, "--codes", codes, "--slips", slips)
    assert "n.zimina\t" not in done.stdout
    assert len(codes.read_text(encoding="utf-8").splitlines()) == 9
    assert (codes.stat().st_mode & 0o777, slips.stat().st_mode & 0o777) == (0o600, 0o600)
    again = ais("import", "oneroster", SET12, "--codes", codes)
    assert again.exit_code == 2
    assert "is there already and is not overwritten" in again.stderr


def test_a_defective_set_is_refused_with_every_defect(ais, copied):
    change(copied, "roles.csv", "w-1,primary", "w-9,primary")
    change(copied, "demographics.csv", "u-2,", "u-9,")
    done = ais("import", "oneroster", copied)
    assert done.exit_code == 1
    lines = done.stderr.splitlines()
    assert lines[:2] == [
        "roles.csv, row 2, userSourcedId: «w-9» is not in users.csv",
        "demographics.csv, row 3, sourcedId: «u-9» is not in users.csv",
    ]
    assert "users.csv: nothing is taken of these columns, which are filled: grades, password, phone" in lines[2:]
    assert lines[-1] == "Refused, nothing was imported: 2 problems."


def test_homerooms_are_answered_in_the_file_that_the_dry_run_writes(ais, copied, tmp_path):
    """Refused, asked, filled in a spreadsheet, imported; the next time nothing is asked."""
    change(copied, "classes.csv", "k-home,,,7А", "k-home,,,7а кл.")
    mapping = tmp_path / "mapping.csv"
    asked = ais("import", "oneroster", copied, "--dry-run", "--mapping", mapping)
    assert asked.exit_code == 1
    assert "classes.csv, row 2, title: «7а кл.» is a homeroom whose grade is not recognised" in asked.stderr
    assert f"The questions are in {mapping}" in asked.stderr
    assert mapping.read_bytes().startswith(b"\xef\xbb\xbfclass;title;classCode;school;becomes;grade;letter\r\n")
    assert "k-home;7а кл.;;Школа № 3 посёлка Луговой;;7;А\r\n".encode() in mapping.read_bytes()
    still = ais("import", "oneroster", copied, "--mapping", mapping)
    assert still.exit_code == 1
    assert "does not answer for all of them" in still.stderr
    mapping.write_bytes(mapping.read_bytes().replace("Луговой;;".encode(), "Луговой;класс;".encode()))
    assert "1 class," in ais("import", "oneroster", copied, "--mapping", mapping).stdout
    assert ais("import", "oneroster", copied).exit_code == 0


def test_a_mapping_in_no_folder_is_wrong_use(ais, tmp_path):
    done = ais("import", "oneroster", SET12, "--mapping", tmp_path / "nowhere" / "mapping.csv")
    assert done.exit_code == 2
    assert "is no folder" in done.stderr


def test_a_mapping_that_cannot_be_read_is_refused_by_name(ais, tmp_path):
    (tmp_path / "answers.csv").write_bytes("class;becomes;grade\nk-home;класс;7".encode("cp1251"))
    done = ais("import", "oneroster", SET12, "--mapping", tmp_path / "answers.csv")
    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "answers.csv, row 2: the text is not UTF-8 (it looks like windows-1251); save the file anew as «CSV UTF-8»",
        "Refused, nothing was imported: 1 problem.",
    ]


def test_what_would_end_most_of_a_school_needs_its_word(ais, copied):
    ais("import", "oneroster", copied)
    path = copied / "enrollments.csv"
    path.write_text(path.read_text(encoding="utf-8").partition("\n")[0] + "\n", encoding="utf-8")
    done = ais("import", "oneroster", copied)
    assert done.exit_code == 1
    assert (
        "7 of 7 memberships of «Школа № 3 посёлка Луговой» would end; if that is meant: --allow-ending" in done.stderr
    )
    assert "7 memberships" in ais("import", "oneroster", copied, "--allow-ending").stdout


@pytest.mark.parametrize("year", ["2026", "2026/28", "next", "2026/2027"])
def test_a_year_that_is_none_is_wrong_use(ais, year):
    done = ais("import", "oneroster", SET12, "--year", year)
    assert done.exit_code == 2
    assert "is no school year such as 2026/27" in done.stderr


def test_codes_that_cannot_be_kept_undo_the_import(ais, tmp_path, monkeypatch):
    """A full disk while the slips are written: no account may be there whose code nobody has."""

    def full(*_arguments) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(code_delivery, "pdf_of", full)
    done = ais("import", "oneroster", SET12, "--slips", tmp_path / "slips.pdf", "--codes", tmp_path / "codes.tsv")
    assert isinstance(done.exception, OSError)
    assert not (tmp_path / "slips.pdf").exists()
    assert not (tmp_path / "codes.tsv").exists()
    monkeypatch.undo()
    assert "Added: 1 school" in Ais(tmp_path, monkeypatch)("import", "oneroster", SET12).stdout


def test_export_and_import_by_the_command(ais, tmp_path, monkeypatch):
    ais("import", "oneroster", SET12)
    done = ais("export", "oneroster", tmp_path / "out.zip")
    assert done.exit_code == 0
    assert "users 10" in done.stdout
    assert ais("export", "oneroster", tmp_path / "out.zip").exit_code == 2
    assert ais("export", "oneroster", tmp_path / "more", "--school", "nobody").exit_code == 2
    (tmp_path / "second").mkdir()
    second = Ais(tmp_path / "second", monkeypatch)
    assert "Added: 1 school, 10 people" in second("import", "oneroster", tmp_path / "out.zip").stdout
    assert second("verify").exit_code == 0


def test_an_export_of_several_schools_asks_which(ais, tmp_path, copied):
    assert "There is no school here." in ais("export", "oneroster", tmp_path / "out").stderr
    ais("import", "oneroster", SET12)
    ais("import", "oneroster", SET12.parent / "oneroster")
    asked = ais("export", "oneroster", tmp_path / "out")
    assert asked.exit_code == 2
    uid = re.findall(r"^(\w{16})  Lindovo School$", asked.stderr, re.MULTILINE)[0]
    assert ais("export", "oneroster", tmp_path / "out", "--school", uid).exit_code == 0


def test_the_slips_are_a_page_for_each_class_and_say_what_is_needed(ais, tmp_path):
    slips = tmp_path / "slips.pdf"
    ais("import", "oneroster", SET12, "--codes", tmp_path / "codes.tsv", "--slips", slips)
    printed = subprocess.run(["pdftotext", "-layout", slips, "-"], capture_output=True, text=True, check=True).stdout
    staff, seventh = printed.split("\f")[:2]
    assert "Staff · Школа № 3" in staff
    assert "Мила" not in staff
    assert "7А · Школа № 3" in seventh
    assert "Guardian of: Камышин Лев, Лесная Зоя" in seventh
    assert seventh.index("Лесная Зоя") < seventh.index("Камышина Вера")
    for line in (tmp_path / "codes.tsv").read_text(encoding="utf-8").splitlines():
        login, code, name = line.split("\t")
        assert login in printed
        assert code in printed
        assert name in printed
    assert "https://journal.example" in printed
    images = subprocess.run(["pdfimages", "-list", slips], capture_output=True, text=True, check=True).stdout
    assert len(images.splitlines()) - 2 == 9  # a QR code on each slip


def test_without_an_address_the_slips_have_none_and_that_is_said(ais, tmp_path, monkeypatch):
    monkeypatch.setenv("AIS_BASE_URL", "")
    done = ais("import", "oneroster", SET12, "--slips", tmp_path / "slips.pdf")
    assert "AIS_BASE_URL is not set" in done.stderr
    listed = subprocess.run(["pdfimages", "-list", tmp_path / "slips.pdf"], capture_output=True, text=True, check=True)
    assert len(listed.stdout.splitlines()) == 2


def test_s43_hostile_names_on_slips_are_only_text(tmp_path):
    from ais_app.exchange.slips import Slip, pdf_of

    hostile = [
        "<img src=file:///etc/passwd>",
        "**bold** [x](http://evil)",
        "=cmd|' /C calc'!A0",
        "日本 🙂 \u202e",
        "x" * 250,
    ]
    made = pdf_of(
        [Slip(name, "abcde-fghij-klmno-pq", name, "school", "7А") for name in hostile], "https://journal.example"
    )
    (tmp_path / "slips.pdf").write_bytes(made)
    printed = subprocess.run(
        ["pdftotext", tmp_path / "slips.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "<img src=file:///etc/passwd>" in printed
    assert printed.count("abcde-fghij-klmno-pq") == len(hostile)
    assert b"/URI" not in made
