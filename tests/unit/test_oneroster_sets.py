"""Sets of OneRoster 1.2 and SDS v2.1: years and periods, orgs, roles, terms, guardians; what is refused or left out."""

from __future__ import annotations

import csv
import shutil
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ais_app.access.queries import actor_of_login, credentials
from ais_app.access.rules import Role
from ais_app.diary import queries as diary
from ais_app.exchange.oneroster import ImportRefused, import_oneroster
from ais_app.journal.queries import courses, sheet
from ais_app.ledger import verifying
from tests.databases import rows
from tests.unit.test_oneroster import SHARED, TODAY, count, teach

FIXTURES = Path(__file__).parents[1] / "fixtures"
SET12, SDS = FIXTURES / "oneroster12", FIXTURES / "sds_v2_1"


def change(path: Path, file: str, old: str, new: str) -> None:
    """Replace one text in a file of a set; it must be there."""
    content = (path / file).read_text(encoding="utf-8")
    assert old in content
    (path / file).write_text(content.replace(old, new, 1), encoding="utf-8")


def refused(database, path: Path, **options) -> list[str]:
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(database, path, **options)
    assert count(database, "school") == count(database, "operation") == 0
    return [str(problem) for problem in refusal.value.problems]


@pytest.fixture
def copied(tmp_path) -> Path:
    return Path(shutil.copytree(SET12, tmp_path / "set"))


@pytest.fixture
def sds(tmp_path) -> Path:
    return Path(shutil.copytree(SDS, tmp_path / "sds"))


def test_a_1_2_set_makes_the_school_that_it_describes(database):
    report = import_oneroster(database, SET12)
    assert report.added == {
        "schools": 1,
        "people": 10,
        "memberships": 8,
        "classes": 1,
        "class teachers": 1,
        "courses": 2,
        "guardians": 4,
        "accounts": 9,
    }
    assert rows(database, "SELECT name FROM school") == [("Школа № 3 посёлка Луговой",)]
    assert rows(database, "SELECT name, grade, letter FROM school_class") == [("7А", 7, "А")]
    assert teach(database, "n.zimina", "mila.ozerova") == ["5"]
    assert database.read(lambda one: list(verifying.verify(one))) == []


def test_its_own_year_and_periods_are_taken(database):
    import_oneroster(database, SET12)
    assert rows(database, "SELECT name, starts_on, ends_on FROM academic_year") == [
        ("2026/27", "2026-09-01", "2027-05-31")
    ]
    assert rows(database, "SELECT name FROM period_scheme") == [("Триместры",)]
    assert rows(database, "SELECT name, starts_on, ends_on FROM grading_period ORDER BY ordinal") == [
        ("Первый триместр", "2026-09-01", "2026-11-15"),
        ("Второй триместр", "2026-11-23", "2027-02-20"),
        ("Третий триместр", "2027-03-01", "2027-05-31"),
    ]


def test_classes_of_another_year_are_left_alone(database):
    report = import_oneroster(database, SET12)
    assert "classes.csv: 1 classes of other school years are left alone" in map(str, report.notes)
    assert rows(database, "SELECT name FROM course ORDER BY name") == [("Алгебра 7А",), ("История 7А",)]


def test_another_year_can_be_named(database):
    import_oneroster(database, SET12, year="2025/26")
    assert rows(database, "SELECT name FROM academic_year") == [("2025/26",)]
    assert rows(database, "SELECT name FROM course") == [("Алгебра 6А",)]


def test_a_year_that_is_past_gives_its_classes_to_the_present_one(database, copied):
    change(
        copied,
        "academicSessions.csv",
        "schoolYear,2026-09-01,2027-05-31,,2027",
        "schoolYear,2024-09-01,2025-05-31,,2025",
    )
    for old in ("2026-09-01,2026-11-15,y-26", "2026-11-23,2027-02-20,y-26", "2027-03-01,2027-05-31,y-26"):
        change(copied, "academicSessions.csv", old, old.replace("2027", "2025").replace("2026", "2024"))
    change(copied, "academicSessions.csv", "y-25,,,2025/2026,schoolYear,2025-09-01,2026-05-31,,2026\n", "")
    change(copied, "classes.csv", "k-old,,,Алгебра 6А,06,cr-alg,,scheduled,305,s-3,y-25,,,\n", "")
    report = import_oneroster(database, copied)
    assert rows(database, "SELECT name FROM academic_year") == [("2026/27",)]
    assert rows(database, "SELECT count(*) FROM course") == [(2,)]
    assert any("its classes go into 2026/27" in str(note) for note in report.notes)


def test_memberships_have_the_days_of_the_set(database):
    """The end of an enrollment is exclusive, as the standard has it."""
    import_oneroster(database, SET12)
    found = rows(
        database,
        "SELECT person.given_name, valid_from, valid_to FROM enrollment JOIN person ON person.id = person_id"
        " JOIN course ON course.group_id = enrollment.group_id WHERE course.name = 'Алгебра 7А' ORDER BY enrollment.id",
    )
    assert found == [
        ("Мила", "2026-09-01", None),
        ("Лев", "2026-09-01", "2026-11-09"),
        ("Зоя", "2026-10-05", None),
    ]


def test_a_class_of_one_term_is_there_in_its_days(database, copied):
    change(
        copied,
        "classes.csv",
        'k-his,,,История 7А,07,cr-his,,scheduled,210,s-3,"t-1,t-2,t-3"',
        "k-his,,,История 7А,07,cr-his,,scheduled,210,s-3,t-2",
    )
    import_oneroster(database, copied)
    found = rows(
        database,
        "SELECT DISTINCT valid_from, valid_to FROM course_teacher JOIN course ON course.id = course_id"
        " WHERE course.name = 'История 7А'",
    )
    assert found == [("2026-11-23", "2027-02-21")]


def test_a_homeroom_is_a_class_with_its_teacher_and_its_courses(database):
    import_oneroster(database, SET12)
    leader = database.read(actor_of_login, "n.zimina", Role.CLASS_TEACHER, database.clock.now())
    assert {line.subject for line in database.read(courses.courses, leader, TODAY)} == {"Алгебра 7А", "История 7А"}
    assert all(line.class_name == "7А" for line in database.read(courses.courses, leader, TODAY))


def test_a_homeroom_with_a_name_of_its_own_is_a_course(database, copied):
    change(copied, "classes.csv", "k-home,,,7А", "k-home,,,Солнышко")
    report = import_oneroster(database, copied)
    assert report.added["courses"] == 3
    assert "classes" not in report.added


def test_guardians_see_their_children_and_nobody_elses(database):
    import_oneroster(database, SET12)
    for login, children in (("o.ozerova", ["Мила"]), ("i.ozerov", ["Мила"]), ("v.kamyshina", ["Лев", "Зоя"])):
        actor = database.read(actor_of_login, login, Role.GUARDIAN, database.clock.now())
        assert sorted(child.given_name for child in database.read(diary.children, actor, TODAY)) == sorted(children)


def test_s15_s17_no_role_above_the_school(database):
    """A district's administrator, and somebody whom the file makes system administrator of a school, get nothing."""
    report = import_oneroster(database, SET12)
    assert database.read(credentials, "x.rayon") is None
    assert {role for (role,) in rows(database, "SELECT DISTINCT role FROM role_assignment")} == {
        *("teacher", "class_teacher", "director", "student", "guardian")
    }
    assert "roles.csv, row 6, role: «systemAdministrator» is above a school: no file gives it" in map(str, report.notes)


def test_who_is_not_enabled_is_a_person_without_an_account(database):
    import_oneroster(database, SET12)
    assert database.read(credentials, "ivan.lugin") is None
    assert rows(database, "SELECT count(*) FROM person WHERE family_name = 'Лугин'") == [(1,)]


def test_passwords_of_the_set_are_never_used(database):
    report = import_oneroster(database, SET12)
    assert rows(database, "SELECT count(*) FROM account WHERE password_hash IS NOT NULL") == [(0,)]
    assert all(len(slip.code.replace("-", "")) == 17 for slip in report.codes)
    assert len({slip.code for slip in report.codes}) == 9


def test_an_sds_set_teaches(database):
    report = import_oneroster(database, SDS)
    assert report.added["guardians"] == 3
    assert teach(database, "kfein@classrmtest31.org", "jcraig@classrmtest31.org") == ["5"]
    mother = database.read(actor_of_login, "jean.craig@outlook.com", Role.GUARDIAN, database.clock.now())
    assert sorted(child.given_name for child in database.read(diary.children, mother, TODAY)) == ["Fred", "Jack"]
    assert rows(database, "SELECT name FROM school ORDER BY name") == [
        ("College of Engineering",),
        ("School of TwoDotOne",),
    ]


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


def test_a_file_that_the_manifest_calls_absent_is_not_read(database, copied):
    change(copied, "manifest.csv", "file.demographics,bulk", "file.demographics,absent")
    (copied / "demographics.csv").write_text("nonsense\n", encoding="utf-8")
    report = import_oneroster(database, copied)
    assert any("says that this file is absent" in str(note) for note in report.notes)


def test_a_manifest_in_any_order_and_case_is_read(database, copied):
    lines = (copied / "manifest.csv").read_text(encoding="utf-8").splitlines()
    (copied / "manifest.csv").unlink()
    (copied / "MANIFEST.CSV").write_text("\r\n".join([lines[0].upper(), *reversed(lines[1:])]), encoding="utf-8")
    assert import_oneroster(database, copied).added["schools"] == 1


def test_marks_of_foreign_sets_are_left_out_and_said(database, copied):
    (copied / "results.csv").write_text("sourcedId,lineItemSourcedId\nx,y\n", encoding="utf-8")
    change(copied, "manifest.csv", "file.results,absent", "file.results,bulk")
    report = import_oneroster(database, copied)
    assert "results.csv: marks are taken only from exports of АИС: it was not read" in map(str, report.notes)


def test_ids_of_two_systems_do_not_meet(database, copied):
    """Two systems may both have a school «s-3»: they stay two schools."""
    import_oneroster(database, SET12)
    change(copied, "manifest.csv", "source.systemCode,invented", "source.systemCode,another")
    change(copied, "orgs.csv", "Школа № 3 посёлка Луговой", "Школа № 3 города Зеленец")
    users = (copied / "users.csv").read_text(encoding="utf-8")
    for login in ("n.zimina", "p.lugov", "a.direk", "x.rayon", "mila.ozerova", "lev.kamyshin", "zoya.lesnaya"):
        users = users.replace(login, f"{login}.2")
    for login in ("ivan.lugin", "o.ozerova", "i.ozerov", "v.kamyshina"):
        users = users.replace(f",{login},", f",{login}.2,")
    (copied / "users.csv").write_text(users, encoding="utf-8")
    assert import_oneroster(database, copied).added["schools"] == 1
    assert count(database, "school") == 2


def test_a_login_that_another_person_has_is_refused(database, copied):
    import_oneroster(database, SET12)
    before = count(database, "operation")
    change(copied, "manifest.csv", "source.systemCode,invented", "source.systemCode,another")
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(database, copied)
    assert "users.csv, row 2, username: this login is taken" in map(str, refusal.value.problems)
    assert count(database, "operation") == before


def test_periods_of_the_sheet_are_those_of_the_set(database):
    import_oneroster(database, SET12)
    actor = database.read(actor_of_login, "n.zimina", Role.TEACHER, database.clock.now())
    page = database.read(courses.course, actor, database.read(courses.courses, actor, TODAY)[0].uid, TODAY)
    period = sheet.present_period(database.read(sheet.periods, page.scheme_id), TODAY)
    assert (period.name, period.first) == ("Второй триместр", date(2026, 11, 23))


@pytest.mark.parametrize("name", sorted(path.name for path in SHARED.glob("*")) or [SET12])  # D-26
def test_every_third_party_set_imports_and_a_second_time_changes_nothing(database, name):
    """Extra where the sets of others lie beside the checkout (D-26)."""
    import_oneroster(database, SHARED / name)
    before = count(database, "operation")
    again = import_oneroster(database, SHARED / name)
    assert (again.added, again.changed, again.codes, count(database, "operation")) == ({}, {}, [], before)


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


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
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
