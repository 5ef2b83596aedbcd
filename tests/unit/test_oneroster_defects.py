"""Sets of OneRoster 1.2 and SDS v2.1 with defects: every one is named, nothing of the set is written."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ais_app.exchange.oneroster import ImportRefused, import_oneroster
from tests.depth import EVERY_CHECK, examples
from tests.unit.sets import SET12, brief, change, count


def refused(database, path: Path, **options) -> list[str]:
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(database, path, **options)
    assert count(database, "school") == count(database, "operation") == 0
    return [brief(problem) for problem in refusal.value.problems]


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("manifest.csv", "file.users,bulk", "file.users,delta", "manifest.csv 19 value delta name=users"),
        (
            "manifest.csv",
            "oneroster.version,1.2",
            "oneroster.version,1.0",
            "manifest.csv 3 value version_unknown version=1.0",
        ),
        (
            "manifest.csv",
            "file.users,bulk",
            "file.users,some",
            "manifest.csv 19 value no_choice choices=absent|bulk|delta value=some",
        ),
        ("manifest.csv", "file.resources,absent", "file.relationships,bulk", "relationships.csv file_missing"),
        ("roles.csv", "teacher,,,s-3", "king,,,s-3", "roles.csv 2 role no_role role=king"),
        ("roles.csv", "w-1,primary", "w-9,primary", "roles.csv 2 userSourcedId no_reference file=users.csv value=w-9"),
        ("users.csv", "g-1,g-2", "g-1,g-9", "users.csv 6 agentSourcedIds no_reference file=users.csv value=g-9"),
        ("users.csv", "true,n.zimina", "да,n.zimina", "users.csv 2 enabledUser no_flag value=да"),
        ("users.csv", "n.zimina", "n" * 65, "users.csv 2 username too_long most=64"),
        (
            "classes.csv",
            "k-alg,,,Алгебра 7А,07,cr-alg",
            "k-alg,,,Алгебра 7А,07,cr-x",
            "classes.csv 3 courseSourcedId no_reference",
        ),
        (
            "classes.csv",
            "305,dep-1",
            "305,d-1",
            "classes.csv 3 schoolSourcedId not_a_school org=d-1 type=district",
        ),
        ("orgs.csv", "s-3\n", "dep-1\n", "orgs.csv 4 parentSourcedId orgs_in_circle"),
        (
            "enrollments.csv",
            "w-2,teacher",
            "u-2,teacher",
            "enrollments.csv 10 role no_teacher user=u-2",
        ),
        (
            "enrollments.csv",
            "false,,2026-11-09",
            "false,2026-12-01,2026-11-09",
            "enrollments.csv 8 endDate lies_before column=beginDate",
        ),
        (
            "enrollments.csv",
            "e-7,,,k-alg,s-3,u-2,student,false,,",
            "e-7,,,k-alg,s-3,u-1,student,false,2026-10-01,",
            "enrollments.csv 8 beginDate overlaps first=7",
        ),
        (
            "academicSessions.csv",
            "2026-11-23,2027-02-20",
            "2027-11-23,2027-02-20",
            "academicSessions.csv 4 endDate lies_before column=startDate",
        ),
        ("demographics.csv", "u-2,", "u-9,", "demographics.csv 3 sourcedId no_reference file=users.csv value=u-9"),
        (
            "demographics.csv",
            "2013-07-02",
            "02.07.2013",
            "demographics.csv 3 birthDate no_date value=02.07.2013",
        ),
        (
            "demographics.csv",
            "2013-07-02",
            "1899-12-31",
            "demographics.csv 3 birthDate born_out_of_range first=1900-01-01 last=2026-11-23 value=1899-12-31",
        ),
        (
            "demographics.csv",
            "2013-07-02",
            "2026-11-24",
            "demographics.csv 3 birthDate born_out_of_range first=1900-01-01 last=2026-11-23 value=2026-11-24",
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
        (
            "relationships.csv",
            "114001,114002",
            "114009,114002",
            "relationships.csv 2 userSourcedId no_reference file=users.csv value=114009",
        ),
        (
            "relationships.csv",
            "114001,114002",
            "114007,114002",
            "relationships.csv 2 userSourcedId no_student user=114007",
        ),
        (
            "enrollments.csv",
            "112001,114008",
            "112009,114008",
            "enrollments.csv 2 classSourcedId no_reference file=classes.csv value=112009",
        ),
        (
            "roles.csv",
            "114001,110003",
            "114001,110009",
            "roles.csv 2 orgSourcedId no_reference file=orgs.csv value=110009",
        ),
        ("users.csv", "jcraig@", "fhutch@", "users.csv 4 username login_twice first=2"),
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


@settings(max_examples=examples(150), suppress_health_check=EVERY_CHECK)
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


def _spoilt(kind: str, raw: bytes) -> bytes:
    """A file of a set as it comes from somebody's hands."""
    if kind == "workbook":
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
        return target.getvalue()
    if kind == "cut within a quotation":
        return raw + b'\n"'
    if kind == "another table":
        return "Фамилия;Имя\nИванов;Иван\n".encode()
    return b"" if kind == "empty" else raw.decode().encode(kind)


@pytest.mark.parametrize(
    "kind", ["workbook", "utf-16", "utf-16-le", "cut within a quotation", "another table", "empty"]
)
@pytest.mark.parametrize("file", [name for name in _FILES if name != "userProfiles.csv"])
def test_one_file_that_cannot_be_read_is_one_problem(database, copied, file, kind):
    """Not one more for each row that refers into it."""
    (copied / file).write_bytes(_spoilt(kind, (copied / file).read_bytes()))
    problems = refused(database, copied)
    assert len(problems) == 1, problems
    assert problems[0].startswith(file)


@pytest.mark.parametrize("file", ["orgs.csv", "classes.csv", "users.csv", "enrollments.csv"])
def test_a_file_that_is_missing_is_one_problem(database, copied, file):
    (copied / file).unlink()
    assert refused(database, copied) == [f"{file} file_missing"]


def test_a_broken_archive_is_one_problem(database, tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 nonsense")
    assert refused(database, tmp_path / "x.zip") == ["x.zip no_set error=BadZipFile"]


def test_a_member_of_an_archive_that_cannot_be_unpacked_is_one_problem(database, tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(SET12.iterdir()):
            archive.write(file, file.name)
    raw = path.read_bytes()
    assert raw.count(b"mila.ozerova") == 1
    path.write_bytes(raw.replace(b"mila.ozerova", b"mila.ozerovA"))  # its checksum does not fit any more
    assert refused(database, path) == ["users.csv file_unreadable error=BadZipFile"]


@settings(max_examples=examples(60), suppress_health_check=EVERY_CHECK)
@given(st.sampled_from(_FILES), st.binary(max_size=300))
def test_any_bytes_as_a_file_are_one_problem(database, tmp_path_factory, file, raw):
    folder = tmp_path_factory.mktemp("soup") / "set"
    shutil.copytree(SET12, folder)
    (folder / file).write_bytes(raw)
    problems: list[str] = []
    try:
        import_oneroster(database, folder, dry_run=True)
    except ImportRefused as refusal:
        problems = [brief(one) for one in refusal.problems]
    assert problems == [] or [one.split()[0] for one in problems] == [file]
    shutil.rmtree(folder)


def test_a_login_that_another_person_has_is_refused(database, copied):
    import_oneroster(database, SET12)
    before = count(database, "operation")
    change(copied, "manifest.csv", "source.systemCode,invented", "source.systemCode,another")
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(database, copied)
    assert "users.csv 2 username login_taken" in map(brief, refusal.value.problems)
    assert count(database, "operation") == before
