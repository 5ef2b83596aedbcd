"""What imports say: codes declared once, each with a text in the language of the installation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from click.testing import CliRunner

from ais_app import i18n
from ais_app import settings as settings_module
from ais_app.cli import main
from ais_app.exchange.engine import Code, Note, Problem
from ais_app.exchange.engine import codes as of_engine
from ais_app.exchange.oneroster import codes as of_oneroster
from ais_app.exchange.oneroster.report import COUNTED
from tests.unit.sets import SET12, change

DECLARED = [
    *(value for module in (of_engine, of_oneroster) for value in vars(module).values() if isinstance(value, Code)),
    *COUNTED.values(),
]


@pytest.fixture
def russian(monkeypatch) -> Iterator[None]:
    """This process speaks Russian for one test."""
    monkeypatch.setenv("AIS_LANGUAGE", "ru")
    i18n.language.cache_clear()
    i18n.locale.cache_clear()
    yield
    monkeypatch.undo()
    i18n.language.cache_clear()
    i18n.locale.cache_clear()


def some_params(code: Code) -> dict[str, str | int]:
    names = re.findall(r"{(\w+)}", code.english)
    return {name: 12_345 if name in ("count", "most") else f"X{name}X" for name in names}


def test_a_code_is_declared_once():
    names = [code.name for code in DECLARED]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("code", DECLARED, ids=lambda code: code.name)
def test_a_code_has_its_sentence_with_all_its_parameters_in_both_languages(code, request):
    params = some_params(code)
    english = code.text(params)
    assert english != ""
    request.getfixturevalue("russian")
    text = code.text(params)
    assert text != english
    assert re.search("[а-яё]", text)
    for name, value in params.items():
        shown = i18n.number(value) if isinstance(value, int) else value
        assert shown in text, name


def test_plurals_are_those_of_the_language(russian):
    found = [of_oneroster.PEOPLE_GONE.text({"count": count, "school": "Ш"}).split(" из ")[0] for count in (1, 2, 5)]
    assert found == ["в наборе нет 1 человека", "в наборе нет 2 человек", "в наборе нет 5 человек"]


def test_a_place_and_a_date_are_said_in_the_language(russian):
    problem = Problem.of(of_engine.EMPTY, "users.csv", 12_345, "role")
    assert str(problem) == "users.csv, строка 12345, role: пусто"
    assert str(Note.of(of_engine.FORMULA, "users.csv", 2)).startswith("users.csv, строка 2: похоже")
    assert of_engine.NO_REFERENCE.text({"value": date(2026, 9, 1), "file": "x"}) == "«01.09.2026» нет в x"


def test_what_a_file_holds_cannot_command_a_terminal_or_fill_it():
    hostile = Problem.of(of_engine.NO_DATE, "a\x1b[2J.csv", 2, "x\x9b", value="\x1b]0;" + "y" * 100_000)
    text = str(hostile)
    assert text.isprintable()
    assert len(text) < 250


@pytest.mark.parametrize("dry", [True, False])
def test_the_command_speaks_the_language_of_the_installation(russian, tmp_path, monkeypatch, copied, dry):
    monkeypatch.setenv("AIS_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("AIS_CLOCK", "2026-11-23T09:00:00+00:00")
    monkeypatch.setenv("AIS_BASE_URL", "")

    def ais(*arguments: object):
        settings_module.settings.cache_clear()
        return CliRunner().invoke(main, [str(part) for part in arguments])

    files = ("--slips", tmp_path / "slips.pdf", "--codes", tmp_path / "codes.tsv")
    done = ais("import", "oneroster", SET12, *files, *(["--dry-run"] if dry else []))
    assert done.exit_code == 0, done.output
    head = "Будет добавлено" if dry else "Добавлено"
    assert f"{head}: 1 школа, 10 человек, 8 записей в группы, 1 класс" in done.stdout
    assert "roles.csv, строка 6, role: роль «systemAdministrator» выше школы: файл её не даёт" in done.stderr
    assert "Не задан AIS_BASE_URL" in done.stderr
    if not dry:
        assert "9 первых паролей" in done.stdout
        assert "Выгружено в " in ais("export", "oneroster", tmp_path / "out").stdout
    assert "уже есть и не перезаписывается" in ais("import", "oneroster", SET12, "--slips", SET12).stderr
    assert "не учебный год вида 2026/27" in ais("import", "oneroster", SET12, "--year", "2026").stderr
    change(copied, "roles.csv", "w-1,primary", "w-9,primary")
    refused = ais("import", "oneroster", copied)
    assert refused.stderr.splitlines()[0] == "roles.csv, строка 2, userSourcedId: «w-9» нет в users.csv"
    assert refused.stderr.splitlines()[-1] == "Отказано, ничего не загружено: 1 ошибка."
    settings_module.settings.cache_clear()
