"""Sets of OneRoster 1.2 and SDS v2.1: years and periods, orgs, roles, terms, guardians; what is left out."""

from __future__ import annotations

from datetime import date

import pytest

from ais_app.access.queries import actor_of_login, credentials
from ais_app.diary import queries as diary
from ais_app.exchange.oneroster import import_oneroster
from ais_app.journal.courses.queries import courses
from ais_app.journal.windows.queries.periods import periods, present_period
from ais_app.ledger import verifying
from ais_app.rights.rules import Role
from tests.builders import read_as
from tests.databases import rows
from tests.unit.sets import ANSWERS, SDS, SET12, SHARED, TODAY, brief, change, count, teach


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
    assert "classes.csv other_years count=1" in map(brief, report.notes)
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
    assert any("other_target target=2026/27" in brief(note) for note in report.notes)


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
    assert {line.subject for line in read_as(database, courses.courses, leader, TODAY)} == {"Алгебра 7А", "История 7А"}
    assert all(line.class_name == "7А" for line in read_as(database, courses.courses, leader, TODAY))


def test_guardians_see_their_children_and_nobody_elses(database):
    import_oneroster(database, SET12)
    for login, children in (("o.ozerova", ["Мила"]), ("i.ozerov", ["Мила"]), ("v.kamyshina", ["Лев", "Зоя"])):
        actor = database.read(actor_of_login, login, Role.GUARDIAN, database.clock.now())
        assert sorted(child.given_name for child in read_as(database, diary.children, actor, TODAY)) == sorted(children)


def test_s15_s17_no_role_above_the_school(database):
    """A district's administrator, and somebody whom the file makes system administrator of a school, get nothing."""
    report = import_oneroster(database, SET12)
    assert database.read(credentials, "x.rayon") is None
    assert {role for (role,) in rows(database, "SELECT DISTINCT role FROM role_assignment")} == {
        *("teacher", "class_teacher", "director", "student", "guardian")
    }
    assert "roles.csv 6 role role_above role=systemAdministrator" in map(brief, report.notes)


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
    assert sorted(child.given_name for child in read_as(database, diary.children, mother, TODAY)) == ["Fred", "Jack"]
    assert rows(database, "SELECT name FROM school ORDER BY name") == [
        ("College of Engineering",),
        ("School of TwoDotOne",),
    ]


def test_a_file_that_the_manifest_calls_absent_is_not_read(database, copied):
    change(copied, "manifest.csv", "file.demographics,bulk", "file.demographics,absent")
    (copied / "demographics.csv").write_text("nonsense\n", encoding="utf-8")
    report = import_oneroster(database, copied)
    assert "demographics.csv said_absent" in map(brief, report.notes)


def test_a_manifest_in_any_order_and_case_is_read(database, copied):
    lines = (copied / "manifest.csv").read_text(encoding="utf-8").splitlines()
    (copied / "manifest.csv").unlink()
    (copied / "MANIFEST.CSV").write_text("\r\n".join([lines[0].upper(), *reversed(lines[1:])]), encoding="utf-8")
    assert import_oneroster(database, copied).added["schools"] == 1


def test_marks_of_foreign_sets_are_left_out_and_said(database, copied):
    (copied / "results.csv").write_text("sourcedId,lineItemSourcedId\nx,y\n", encoding="utf-8")
    change(copied, "manifest.csv", "file.results,absent", "file.results,bulk")
    report = import_oneroster(database, copied)
    assert "results.csv foreign_marks" in map(brief, report.notes)


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


def test_periods_of_the_sheet_are_those_of_the_set(database):
    import_oneroster(database, SET12)
    actor = database.read(actor_of_login, "n.zimina", Role.TEACHER, database.clock.now())
    page = read_as(
        database, courses.course_to_write, actor, TODAY, read_as(database, courses.courses, actor, TODAY)[0].uid
    )
    period = present_period(database.read(periods, page.scheme_id), TODAY)
    assert (period.name, period.first) == ("Второй триместр", date(2026, 11, 23))


@pytest.mark.parametrize("name", sorted(path.name for path in SHARED.glob("*")) or [SET12])  # D-26
def test_every_third_party_set_imports_and_a_second_time_changes_nothing(database, name):
    """Extra where the sets of others lie beside the checkout (D-26)."""
    import_oneroster(database, SHARED / name, answers=ANSWERS)
    before = count(database, "operation")
    again = import_oneroster(database, SHARED / name)
    assert (again.added, again.changed, again.codes, count(database, "operation")) == ({}, {}, [], before)
