"""Sets of OneRoster 1.2 and SDS v2.1 with defects: every one is named, nothing of the set is written."""

from __future__ import annotations

import csv
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ais_app.exchange.oneroster import ImportRefused, import_oneroster
from tests.depth import examples
from tests.unit.sets import SET12, change, count


def refused(database, path: Path, **options) -> list[str]:
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(database, path, **options)
    assert count(database, "school") == count(database, "operation") == 0
    return [str(problem) for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("manifest.csv", "file.users,bulk", "file.users,delta", "manifest.csv, row 19, value: users is a delta"),
        ("manifest.csv", "oneroster.version,1.2", "oneroster.version,1.0", "manifest.csv, row 3, value: OneRoster 1.0"),
        ("manifest.csv", "file.users,bulk", "file.users,some", "manifest.csv, row 19, value: «some» is none of"),
        ("manifest.csv", "file.resources,absent", "file.relationships,bulk", "relationships.csv: the file is missing"),
        ("roles.csv", "teacher,,,s-3", "king,,,s-3", "roles.csv, row 2, role: «king» is no role"),
        ("roles.csv", "w-1,primary", "w-9,primary", "roles.csv, row 2, userSourcedId: «w-9» is not in users.csv"),
        ("users.csv", "g-1,g-2", "g-1,g-9", "users.csv, row 6, agentSourcedIds: «g-9» is not in users.csv"),
        ("users.csv", "true,n.zimina", "да,n.zimina", "users.csv, row 2, enabledUser: «да» is not true or false"),
        ("users.csv", "n.zimina", "n" * 65, "users.csv, row 2, username: is longer than 64 characters"),
        (
            "classes.csv",
            "k-alg,,,Алгебра 7А,07,cr-alg",
            "k-alg,,,Алгебра 7А,07,cr-x",
            "classes.csv, row 3, courseSourcedId",
        ),
        (
            "classes.csv",
            "305,dep-1",
            "305,d-1",
            "classes.csv, row 3, schoolSourcedId: «d-1» is a district, not a school",
        ),
        ("orgs.csv", "s-3\n", "dep-1\n", "orgs.csv, row 4, parentSourcedId: the orgs stand in a circle"),
        (
            "enrollments.csv",
            "w-2,teacher",
            "u-2,teacher",
            "enrollments.csv, row 10, role: «u-2» is enrolled as a teacher",
        ),
        (
            "enrollments.csv",
            "false,,2026-11-09",
            "false,2026-12-01,2026-11-09",
            "enrollments.csv, row 8, endDate: lies before",
        ),
        (
            "enrollments.csv",
            "e-7,,,k-alg,s-3,u-2,student,false,,",
            "e-7,,,k-alg,s-3,u-1,student,false,2026-10-01,",
            "enrollments.csv, row 8, beginDate: overlaps row 7",
        ),
        (
            "academicSessions.csv",
            "2026-11-23,2027-02-20",
            "2027-11-23,2027-02-20",
            "academicSessions.csv, row 4, endDate",
        ),
        ("demographics.csv", "u-2,", "u-9,", "demographics.csv, row 3, sourcedId: «u-9» is not in users.csv"),
        (
            "demographics.csv",
            "2013-07-02",
            "02.07.2013",
            "demographics.csv, row 3, birthDate: «02.07.2013» is not a date",
        ),
        (
            "demographics.csv",
            "2013-07-02",
            "1899-12-31",
            "demographics.csv, row 3, birthDate: «1899-12-31» is not between 1900-01-01 and 2026-11-23",
        ),
        (
            "demographics.csv",
            "2013-07-02",
            "2026-11-24",
            "demographics.csv, row 3, birthDate: «2026-11-24» is not between 1900-01-01 and 2026-11-23",
        ),
    ],
)
def test_every_defect_of_a_1_2_set_is_named(database, copied, file, old, new, named):
    change(copied, file, old, new)
    problems = refused(database, copied)
    assert any(problem.startswith(named) for problem in problems), problems


def test_all_defects_are_named_at_once(database, copied):
    change(copied, "roles.csv", "w-1,primary", "w-9,primary")
    change(copied, "demographics.csv", "u-2,", "u-9,")
    change(copied, "classes.csv", "07,cr-his", "07,cr-x")
    assert len(refused(database, copied)) == 3


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("relationships.csv", "114001,114002", "114009,114002", "relationships.csv, row 2, userSourcedId: «114009»"),
        (
            "relationships.csv",
            "114001,114002",
            "114007,114002",
            "relationships.csv, row 2, userSourcedId: «114007» is no",
        ),
        ("enrollments.csv", "112001,114008", "112009,114008", "enrollments.csv, row 2, classSourcedId: «112009»"),
        ("roles.csv", "114001,110003", "114001,110009", "roles.csv, row 2, orgSourcedId: «110009» is not in orgs.csv"),
        ("users.csv", "jcraig@", "fhutch@", "users.csv, row 4, username: stands in row 2 already"),
    ],
)
def test_every_defect_of_an_sds_set_is_named(database, sds, file, old, new, named):
    change(sds, file, old, new)
    problems = refused(database, sds)
    assert any(problem.startswith(named) for problem in problems), problems


_FILES = sorted(path.name for path in SET12.glob("*.csv"))
_CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "u-1",
            "k-alg",
            "s-3",
            "d-1",
            "2026-10-01",
            "2027-10-01",
            "true",
            "false",
            "tobedeleted",
            "student",
            "teacher",
        ]
    ),
    st.sampled_from(
        ["homeroom", "department", "district", "schoolYear", "term", "bulk", "absent", "g-1,g-2", "=1", "'"]
    ),
    st.text(max_size=12),
)


@settings(max_examples=examples(150), suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(_FILES), st.integers(0, 11), st.integers(0, 12), _CELLS), max_size=4))
def test_whatever_stands_in_the_cells_a_set_imports_or_is_refused(database, tmp_path_factory, changes):
    """Never a crash, never a part of it: any cell may hold anything."""
    folder = tmp_path_factory.mktemp("any") / "set"
    shutil.copytree(SET12, folder)
    for file, row, column, value in changes:
        with (folder / file).open(encoding="utf-8", newline="") as source:
            lines = list(csv.reader(source))
        line = lines[row % len(lines)]
        line[column % len(line)] = value
        with (folder / file).open("w", encoding="utf-8", newline="") as target:
            csv.writer(target).writerows(lines)
    with suppress(ImportRefused):
        assert import_oneroster(database, folder, dry_run=True).added["schools"] >= 1
    assert count(database, "school") == count(database, "operation") == 0
    shutil.rmtree(folder)


def test_a_login_that_another_person_has_is_refused(database, copied):
    import_oneroster(database, SET12)
    before = count(database, "operation")
    change(copied, "manifest.csv", "source.systemCode,invented", "source.systemCode,another")
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(database, copied)
    assert "users.csv, row 2, username: this login is taken" in map(str, refusal.value.problems)
    assert count(database, "operation") == before
