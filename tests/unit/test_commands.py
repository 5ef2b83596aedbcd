"""Every command, option and setting explains itself, in its help and in docs/settings.md; whatever room adds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ais_app import __version__
from ais_app.cli import main
from ais_app.settings import Settings, settings

DOCUMENT = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
CODES = ("0", "1", "2")


def every_command(command: click.Command, path: tuple[str, ...] = ("ais",)) -> Iterator[tuple[str, click.Command]]:
    yield " ".join(path), command
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            yield from every_command(one, (*path, name))


COMMANDS = dict(every_command(main))


@pytest.mark.parametrize("path", COMMANDS)
def test_a_command_says_what_it_does_and_its_exit_codes(path):
    command = COMMANDS[path]
    words = (command.help or "").split()
    assert len(words) >= 5, "a help text of a sentence is missing"
    assert "".join(words).rstrip(")").endswith("."), "whole sentences"
    shown = command.get_help(click.Context(command))
    said = " ".join(shown.split()).rpartition("Exit codes:")[2]
    assert [code for code in CODES if f" {code} " not in said] == [], "use the classes of ais_app.commands"


@pytest.mark.parametrize("path", COMMANDS)
def test_an_option_says_what_it_is_for(path):
    for parameter in COMMANDS[path].params:
        if isinstance(parameter, click.Option):
            words = (parameter.help or "").split()
            assert len(words) >= 3, f"{parameter.opts}: no help"
            assert words[-1].endswith("."), f"{parameter.opts}: whole sentences"


@pytest.mark.parametrize("path", [path for path, command in COMMANDS.items() if not isinstance(command, click.Group)])
def test_a_command_and_its_options_are_documented(path):
    lines = [line for line in DOCUMENT.splitlines() if line.startswith(f"| `{path}")]
    assert len(lines) == 1, f"{path} needs its line in docs/settings.md"
    options = [one for parameter in COMMANDS[path].params for one in parameter.opts if one.startswith("--")]
    assert [option for option in options if option not in lines[0]] == []


def test_the_help_lists_every_setting_with_its_meaning():
    shown = CliRunner().invoke(main, ["--help"]).output
    for name, field in Settings.model_fields.items():
        assert f"AIS_{name.upper()} " in shown
        assert len((field.description or "").split()) >= 4, name
        assert f"`AIS_{name.upper()}`" in DOCUMENT


def test_the_version_is_that_of_the_package():
    assert CliRunner().invoke(main, ["--version"]).output == f"ais, version {__version__}\n"


@pytest.fixture
def command(tmp_path, monkeypatch):
    """The command in a folder of its own, with the settings of its caller."""

    def run(*arguments: str, **chosen: str):
        settings.cache_clear()
        for name, value in {"AIS_DATA_DIR": str(tmp_path), **chosen}.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(main, arguments)

    yield run
    settings.cache_clear()


def test_wrong_use_and_wrong_settings_end_with_2(command, tmp_path):
    assert command("verify", "--what").exit_code == 2
    done = command("migrate", AIS_PORT="many")
    assert (done.exit_code, done.stderr.split()[0]) == (2, "AIS_PORT")
    (tmp_path / "file").touch()
    done = command("migrate", AIS_PORT="8000", AIS_DATA_DIR=str(tmp_path / "file" / "below"))
    assert (done.exit_code, done.stderr.split()[0]) == (2, "AIS_DATA_DIR")


def test_a_database_that_is_not_there_ends_with_1_and_a_sentence_without_the_password(command):
    done = command("migrate", AIS_DATABASE_URL="postgresql://ais:hush-hush@127.0.0.1:1/ais")
    assert done.exit_code == 1
    assert done.stderr.startswith("The database cannot be used: ")
    assert "hush" not in done.output
    assert "Traceback" not in done.output


def test_a_database_without_tables_is_not_called_whole(command):
    done = command("verify")
    assert (done.exit_code, done.stderr) == (2, "The database is of another version: run `ais migrate` first.\n")


def test_a_relative_file_is_of_the_folder_where_the_command_is_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AIS_DATA_DIR", raising=False)
    before = Settings(database_url="sqlite:///school.sqlite3")
    monkeypatch.chdir("/")
    assert (before.data, before.database) == (tmp_path / "var", f"sqlite:///{tmp_path}/school.sqlite3")
