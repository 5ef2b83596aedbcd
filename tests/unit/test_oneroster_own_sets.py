"""Our own exports: what is said when they come in, and what is refused where somebody has changed them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ais_app.clock import SetClock
from ais_app.db import Database
from ais_app.exchange.oneroster import ImportRefused, codes, export_oneroster, import_oneroster
from tests import histories
from tests.databases import rows
from tests.depth import EVERY_CHECK, examples
from tests.histories import BEGIN, EVERYTHING, History
from tests.unit.equal_sets import table
from tests.unit.installations import OUTSIDE, installations

Written = Callable[..., tuple[Database, Path, Database]]


@pytest.fixture
def written(templates, tmp_path_factory) -> Iterator[Written]:
    """Makes (a school after the steps that it is given, its export, an empty installation)."""
    with installations(templates, "sqlite", tmp_path_factory) as at:

        def write(*steps: histories.Step) -> tuple[Database, Path, Database]:
            history = History(at.open(SetClock(BEGIN)), Random(1))
            ref = histories.found(history)
            history.live(list(steps))
            export_oneroster(history.database, at.folder / "out", ref.uid)
            return history.database, at.folder / "out", at.open(SetClock(history.database.clock.now()))

        yield write


def test_who_is_blocked_gets_no_slip(written):
    first, path, second = written(histories.blocked)
    report = import_oneroster(second, path)
    sql = "SELECT login FROM account WHERE blocked_at IS NOT NULL"
    ((login,),) = rows(first, sql)
    assert rows(second, sql) == [(login,)]
    assert login not in {slip.login for slip in report.codes}
    assert len(report.codes) == report.added["accounts"] - 1


def test_an_entry_of_a_day_outside_the_membership_is_named(written):
    def marked_and_left(history: History) -> None:
        history.random = Random(2)
        while not history.rows(f"SELECT 1 {OUTSIDE}"):
            histories.came_and_was_marked(history)

    _first, path, second = written(marked_and_left)
    notes = [note for note in import_oneroster(second, path).notes if note.column == "studentSourcedId"]
    assert len(notes) >= 1
    assert {note.file for note in notes} == {"results.csv"}


# Broken, no lists, too short, NUL, half a character, thousands of levels.
UNREADABLE = ("[[7", "{}", "7", "[7]", "[[]]", '[["\\u0000", "", ""]]', '[["\\ud800", "x", []]]', "[" * 50_000)


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("orgs", "metadata.ais.bells"),
        ("academicSessions", "metadata.ais.timetables"),
        ("classes", "metadata.ais.slots"),
        ("users", "metadata.ais.accounts"),
        ("users", "metadata.ais.guardians"),
    ],
)
def test_a_list_in_a_cell_that_cannot_be_read_is_a_problem(written, file, column):
    _first, path, second = written()
    lines = table(path, file)
    place = next(number for number, line in enumerate(lines) if file != "classes" or line["classType"] == "scheduled")
    for cell in UNREADABLE:
        lines[place][column] = cell
        put(path, file, lines)
        with pytest.raises(ImportRefused) as refusal:
            import_oneroster(second, path)
        assert (f"{file}.csv", place + 2, column) in {(one.file, one.row, one.column) for one in refusal.value.problems}
        assert rows(second, "SELECT 1 FROM school") == []


_CELLS = st.one_of(
    st.sampled_from(
        ["", "7", "-1", "н", "5", "true", "false", "group", "homeroom", "student", "teacher", "deputy", "ext:holiday"]
    ),
    st.sampled_from(
        ["2026-10-01", "2027-10-01", "0001-01-01", "9999-12-31", "2026-11-23T10:00:00+00:00", "99999999", "[]"]
    ),
    st.sampled_from(
        ['[["a", "b", false]]', '[["a", "x", []]]', '[["a", "2026-09-01", ""]]', '[["a", 1, 1, "5"]]', "=1", "'"]
    ),
    st.text(max_size=8),
)


def test_whatever_stands_in_the_cells_of_our_own_export_it_imports_or_is_refused(written):
    """Never a crash, never a part of it; a cell may also hold what another cell of its column holds."""
    _first, path, second = written(*EVERYTHING[: len(EVERYTHING) // 2])
    whole = {one.stem: table(path, one.stem) for one in path.glob("*.csv")}
    files = sorted(name for name, lines in whole.items() if lines)
    places = st.tuples(
        st.sampled_from(files), st.integers(0, 99), st.integers(0, 99), st.one_of(_CELLS, st.integers(0, 99))
    )

    @settings(max_examples=examples(40), suppress_health_check=EVERY_CHECK)
    @given(st.lists(places, min_size=1, max_size=4))
    def changed(changes: list[tuple[str, int, int, str | int]]) -> None:
        for file in {file for file, *_rest in changes}:
            lines = [dict(line) for line in whole[file]]
            for of_file, row, column, value in changes:
                if of_file == file:
                    name = [name for name in lines[0] if any(line[name] for line in lines)]
                    name = name[column % len(name)]
                    said = lines[value % len(lines)][name] if isinstance(value, int) else value
                    lines[row % len(lines)][name] = said
            put(path, file, lines)
        with suppress(ImportRefused):
            import_oneroster(second, path, dry_run=True)
        for file in {file for file, *_rest in changes}:
            put(path, file, whole[file])
        assert rows(second, "SELECT 1 FROM school") == []

    changed()
    assert import_oneroster(second, path, dry_run=True).added["schools"] == 1


def put(path: Path, file: str, lines: list[dict[str, str]]) -> None:
    with (path / f"{file}.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, lines[0])
        writer.writeheader()
        writer.writerows(lines)


def test_a_name_of_another_system_never_means_a_row_that_is_not_in_the_set(written):
    """A set that calls a foreign user's account by the uid that an account has here would take it over."""
    _first, path, second = written()
    histories.found(History(second, Random(3)))
    ((stranger, _id),) = rows(second, "SELECT uid, MIN(id) FROM account")
    name = {
        "source": "oneroster:abc",
        "entity": "account",
        "scope": "",
        "sourceId": "w-1",
        "sourcedId": "",
        "state": "",
    }
    own = table(path, "aisSources")
    put(path, "aisSources", [*own, name | {"sourcedId": stranger}])
    report = import_oneroster(second, path, dry_run=True)
    assert codes.NAME_OF_NOTHING in {note.code for note in report.notes}
    put(path, "aisSources", [*own, name | {"state": stranger}])
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(second, path)
    assert [(one.file, one.column) for one in refusal.value.problems] == [("aisSources.csv", "state")]


def test_a_missing_file_of_our_own_export_is_named(written):
    _first, path, second = written()
    names = sorted(one.name for one in path.glob("*.csv") if one.name != "manifest.csv")
    for name in names:
        hidden = (path / name).rename(path.parent / name)
        with pytest.raises(ImportRefused) as refusal:
            import_oneroster(second, path)
        assert name in {one.file for one in refusal.value.problems}
        hidden.rename(path / name)
    assert "aisRemarks.csv" in names
    assert "results.csv" in names
