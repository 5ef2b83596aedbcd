"""OneRoster: a valid set becomes a working school; a defective one is refused with every defect named."""

from __future__ import annotations

import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from ais_app.access.queries import actor_of_login
from ais_app.diary import queries as diary
from ais_app.exchange.oneroster import ImportRefused, codes, import_oneroster
from ais_app.exchange.oneroster.calendar import year_around
from ais_app.ledger import verifying
from ais_app.rights.rules import Role
from tests.builders import read_as
from tests.unit.sets import ANSWERS, SET, SHARED, TODAY, brief, count, teach


@pytest.fixture
def copied(tmp_path) -> Path:
    return Path(shutil.copytree(SET, tmp_path / "set"))


def test_an_imported_school_teaches(database):
    report = import_oneroster(database, SET)
    assert report.added == {"schools": 1, "people": 4, "memberships": 2, "courses": 1, "guardians": 1, "accounts": 4}
    assert {line.login for line in report.codes} == {"t.orlova", "s.petrov", "s.fyodorova", "p.petrova"}
    assert teach(database, "t.orlova", "s.petrov") == ["5"]
    mother = database.read(actor_of_login, "p.petrova", Role.GUARDIAN, database.clock.now())
    assert [child.given_name for child in read_as(database, diary.children, mother, TODAY)] == ["Иван"]
    assert database.read(lambda one: list(verifying.verify(one))) == []


def test_a_zip_with_names_in_any_case_is_the_same(database, tmp_path):
    archive = tmp_path / "set.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for path in SET.iterdir():
            target.write(path, f"inner/{path.name.upper().replace('.CSV', '.csv')}")
    assert import_oneroster(database, archive).added["people"] == 4


def test_a_dry_run_writes_nothing_and_gives_no_codes(database):
    report = import_oneroster(database, SET, dry_run=True)
    assert report.added["accounts"] == 4
    assert report.codes == []
    assert (count(database, "school"), count(database, "account"), count(database, "operation")) == (0, 0, 0)


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("users.csv", "u-s2,", "u-s1,", "users.csv 4 sourcedId"),
        ("users.csv", "s.fyodorova", "S.Petrov", "users.csv 4 username"),
        ("users.csv", "Фёдорова", "", "users.csv 4 familyName"),
        ("users.csv", "Алёна", "А\x00", "users.csv 4 givenName"),
        ("users.csv", "Алёна", "x" * 500, "users.csv 4 givenName"),
        ("users.csv", "u-p1,7", "nobody,7", "users.csv 3 agentSourcedIds"),
        ("users.csv", "role,", "rolle,", "users.csv 1 role"),
        ("enrollments.csv", "u-s2", "u-s9", "enrollments.csv 4 userSourcedId"),
        ("enrollments.csv", "u-s2,student", "u-s2,king", "enrollments.csv 4 role"),
        ("enrollments.csv", "u-s2,student,,,", "u-s2,student,,01.09.2026,", "enrollments.csv 4 beginDate"),
        ("classes.csv", "org-1", "org-9", "classes.csv 2 schoolSourcedId"),
    ],
)
def test_every_defect_is_named_by_file_row_and_column(database, copied, file, old, new, named):
    path = copied / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(database, copied)
    assert any(brief(problem).startswith(named) for problem in refusal.value.problems), refusal.value.problems
    assert count(database, "school") == 0


@pytest.mark.parametrize("name", ["orgs.csv", "users.csv", "classes.csv", "enrollments.csv"])
def test_a_missing_file_and_a_wrong_encoding_are_named(database, copied, name):
    (copied / name).write_bytes((copied / name).read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(ImportRefused, match="problem"):
        import_oneroster(database, copied)
    (copied / name).unlink()
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(database, copied)
    assert any(problem.code == codes.FILE_MISSING for problem in refusal.value.problems)


def test_s15_no_role_of_the_file_reaches_above_the_school(database, copied):
    path = copied / "users.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",parent,", ",system_admin,"), encoding="utf-8")
    import_oneroster(database, copied)
    roles = database.read(lambda one: one.execute(text("SELECT DISTINCT role FROM role_assignment")).scalars().all())
    assert set(roles) == {"teacher", "student"}


def test_no_zip_at_all_is_refused(database, tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 nonsense")
    with pytest.raises(ImportRefused):
        import_oneroster(database, tmp_path / "x.zip")


@pytest.mark.parametrize("today", [date(2026, 1, 10), date(2026, 7, 15), date(2026, 9, 1), date(2026, 12, 31)])
def test_the_default_year_holds_today(today):
    year = year_around(today, None)
    assert year.starts_on <= today <= year.ends_on


@pytest.mark.parametrize("name", sorted(path.name for path in SHARED.glob("Test_minimal_data_set*")) or [SET])
def test_a_third_party_set_teaches(database, name):
    """Sets that others wrote, where they lie beside the checkout; in a fresh clone our own once more (D-26)."""
    import_oneroster(database, SHARED / name, answers=ANSWERS)
    teacher, student = ("t.orlova", "s.petrov") if name == SET else ("john.doe", "mmichel.jones")
    assert teach(database, teacher, student) == ["5"]
