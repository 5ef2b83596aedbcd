"""Slips: what their font cannot draw is named and never a box or a gap; namesakes of a class are told apart."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from ais_app import settings as settings_module
from ais_app.cli import main
from ais_app.exchange.code_delivery import CodeDelivery
from ais_app.exchange.oneroster.report import Report
from ais_app.exchange.slips import Slip, pdf_of, undrawable, with_distinct_names
from tests.unit.sets import change

CODE = "abcde-fghjk-mnpqr-st"
# Alphabets and signs of all kinds: letters the font has, letters it lacks, what leaves nothing on paper.
DRAWN = ("иванов", "ёжиков-йот", "Ґжель.ї", "müller", "әмір", "o'neil", "a_b+c@school.example", "Ωmega")
LACKING = {
    "გიორგი": ("გ", "ი", "ო", "რ"),
    "иванов😀": ("😀",),
    "李明": ("李", "明"),
    "a\u200bb": ("\u200b",),
    "a\u00a0b": ("\u00a0",),
    "a\u00adb": ("\u00ad",),
    "a\tb": ("\t",),
    "\ue000x": ("\ue000",),
    "א": ("א",),
    "ə.quliyeva": ("ə",),
}


def printed(pdf: bytes, folder: Path) -> str:
    path = folder / "slips.pdf"
    path.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, text=True, check=True).stdout


def height(folder: Path, word: str) -> float:
    """How high a printed word stands, in points."""
    found = subprocess.run(
        ["pdftotext", "-bbox-layout", folder / "slips.pdf", "-"], capture_output=True, text=True, check=True
    )
    words = re.findall(r'yMin="([0-9.]+)" xMax="[0-9.]+" yMax="([0-9.]+)">([^<]*)</word>', found.stdout)
    return min(float(bottom) - float(top) for top, bottom, one in words if one == word)


def test_the_slip_says_how_long_the_first_password_works(tmp_path, monkeypatch):
    monkeypatch.setattr("ais_app.i18n.language", lambda: "ru")
    lines = printed(pdf_of([Slip("ivanov", CODE, "Юдин Ян")], ""), tmp_path)
    assert "Действует, пока вы не выберете свой пароль" in lines
    assert "один раз" not in lines


@pytest.mark.parametrize("login", DRAWN)
def test_what_the_font_has_is_printed_as_it_is_typed(login, tmp_path):
    slip = Slip(login, CODE, "Юдин Ян")
    assert undrawable([slip]) == []
    assert login in unicodedata.normalize("NFC", printed(pdf_of([slip], ""), tmp_path)).splitlines()


@pytest.mark.parametrize("login", LACKING)
def test_what_it_lacks_is_told_and_the_slip_says_that_the_login_comes_otherwise(login, tmp_path):
    slip = Slip(login, CODE, "Юдин Ян")
    (found,) = undrawable([slip])
    assert (found.login, found.signs) == (login, LACKING[login])
    assert f"U+{ord(LACKING[login][0]):04X}" in found.named_signs
    pdf = pdf_of([slip], "https://journal.example")
    lines = printed(pdf, tmp_path)
    for sign in LACKING[login]:
        assert sign not in lines.replace("\t", "") or sign.isspace()
    assert "You will be told the login" in lines.splitlines(), "in the place of the login"
    assert "[U+" not in lines, "codes of signs say nothing to whoever gets the slip"
    assert height(tmp_path, "told") >= 10, "as large as a login"


def test_names_and_schools_are_never_boxes_either(tmp_path):
    lines = printed(pdf_of([Slip("ivanov", CODE, "გიორგი Ян", "Школа 😀", "7А", "李 Ян")], ""), tmp_path)
    assert "[U+10D2][U+10D8]" in lines
    assert "[U+1F600]" in lines
    assert "[U+674E]" in lines
    assert "ivanov" in lines.splitlines(), "the login can be read"


def test_a_decomposed_login_is_printed_as_the_same_letters(tmp_path):
    slip = Slip(unicodedata.normalize("NFD", "ёлкин-йот"), CODE, "Ёлкин Ян")
    assert undrawable([slip]) == []
    assert "ёлкин-йот" in printed(pdf_of([slip], ""), tmp_path)


def test_every_sign_of_every_slip_has_a_glyph(tmp_path):
    """Asked of the font that lies in the file, not of the module under test: no .notdef, nothing empty but a space."""
    slips = [Slip(login, CODE, login, login, "7А", login) for login in (*DRAWN, *LACKING)]
    (tmp_path / "slips.pdf").write_bytes(pdf_of(slips, "https://journal.example"))
    text = subprocess.run(
        ["pdftotext", "-raw", tmp_path / "slips.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "\ufffd" not in text
    for sign in set("".join(LACKING)) - set("".join(DRAWN)) - set("abx \tиванов.quliyeva"):
        assert sign not in text.replace("\u00ad", "") or sign == "\u00ad"


def test_the_delivery_of_codes_says_which_slips_cannot_show_their_logins(tmp_path):
    delivery = CodeDelivery(tmp_path / "slips.pdf", tmp_path / "codes.tsv", "")
    delivery.write(Report(dry_run=False, codes=[Slip("გ", CODE, "Юдин Ян"), Slip("yudin", CODE, "Юдин Ян")]))
    (sentence,) = delivery.lacking
    assert "«გ»" in sentence
    assert "U+10D2 GEORGIAN LETTER GAN" in sentence
    assert "გ\t" in (tmp_path / "codes.tsv").read_text(encoding="utf-8"), "the other file has it"


def test_the_command_says_so(tmp_path, monkeypatch, copied):
    change(copied, "users.csv", "mila.ozerova", "mila.ოო")
    monkeypatch.setenv("AIS_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("AIS_CLOCK", "2026-11-23T09:00:00+00:00")
    settings_module.settings.cache_clear()
    slips = tmp_path / "slips.pdf"
    done = CliRunner().invoke(main, ["import", "oneroster", str(copied), "--slips", str(slips)])
    settings_module.settings.cache_clear()
    assert done.exit_code == 0, done.output
    assert (
        "The slip of «mila.ოო» cannot show its login or code, its font lacks U+10DD GEORGIAN LETTER ON" in done.stderr
    )


def test_namesakes_of_a_class_stand_in_order_and_are_told_apart(tmp_path):
    slips = [
        Slip("ivanov2", CODE, "Иванов Иван", group="7А", patronymic="Петрович"),
        Slip("yolkin", CODE, "Ёлкин Ян", group="7А"),
        Slip("ivanov1", CODE, "Иванов Иван", group="7А", patronymic="Ильич"),
        Slip("zhukov", CODE, "Жуков Ян", group="7А"),
        Slip("egorov", CODE, "Егоров Ян", group="7А"),
        Slip("ivanov3", CODE, "Иванов Иван", group="10А", patronymic="Ильич"),
        Slip("von", CODE, "фон Берг Ян", group="7А"),
    ]
    assert [slip.name for slip in with_distinct_names(slips)][:3] == [
        "Иванов Иван Петрович",
        "Ёлкин Ян",
        "Иванов Иван Ильич",
    ]
    lines = printed(pdf_of(slips, ""), tmp_path).splitlines()
    names = [line for line in lines if line.endswith(("Ян", "Иван", "Петрович", "Ильич"))]
    seventh = ["Егоров Ян", "Ёлкин Ян", "Жуков Ян", "Иванов Иван Ильич", "Иванов Иван Петрович", "фон Берг Ян"]
    assert names == [*seventh, "Иванов Иван"]
    assert "ivanov1\t" + CODE + "\tИванов Иван Ильич\n" in CodeDelivery.table(slips)
