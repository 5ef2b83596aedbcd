"""The same set once more changes nothing; a changed one brings names, terms, guardians, roles and accounts up to date."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ais_app.access import passwords
from ais_app.access.queries import actor_of_login, credentials
from ais_app.access.service import AccountRef, SignIn, block_accounts, sign_in
from ais_app.clock import SetClock
from ais_app.diary import queries as diary
from ais_app.exchange.oneroster import import_oneroster
from ais_app.ledger import queries as ledger
from ais_app.ledger import verifying
from ais_app.people.queries import school_by_uid
from ais_app.rights.rules import Role, operator
from ais_app.school import rules, service
from tests.bench.rosters import generate_oneroster
from tests.builders import read_as
from tests.databases import rows
from tests.unit.sets import SDS, SET, SET12, TODAY, brief, change, count

pytestmark = pytest.mark.usefixtures("accounts_as_recorded")
NEXT_DAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def imported(database, copied) -> Path:
    """The set was imported; what is changed in it now comes the next day."""
    import_oneroster(database, copied)
    clock = database.clock
    assert isinstance(clock, SetClock)
    clock.moment = NEXT_DAY
    return copied


def kinds_since(database, before: int) -> list[str]:
    return [kind for (kind,) in rows(database, f"SELECT kind FROM operation WHERE id > {before} ORDER BY id")]


@pytest.mark.parametrize("source", [SET, SET12, SDS], ids=["1.1", "1.2", "SDS"])
def test_the_same_set_again_changes_nothing(database, source):
    first = import_oneroster(database, source)
    before = database.read(lambda one: one.exec_driver_sql("SELECT hash FROM operation ORDER BY id").scalars().all())
    for moment in (database.clock.now(), NEXT_DAY, datetime(2027, 2, 1, 9, 0, tzinfo=UTC)):
        database.clock.moment = moment
        again = import_oneroster(database, source)
        assert (again.added, again.changed, again.codes) == ({}, {}, [])
        assert again.left["people"] == first.added["people"]
    after = database.read(lambda one: one.exec_driver_sql("SELECT hash FROM operation ORDER BY id").scalars().all())
    assert after == before


def test_a_large_set_again_changes_nothing(database, tmp_path):
    folder = generate_oneroster(tmp_path / "large", students=60)
    first = import_oneroster(database, folder)
    assert first.added["accounts"] == 60 * 3 + 12
    before = count(database, "operation")
    again = import_oneroster(database, folder)
    assert (again.added, again.changed, count(database, "operation")) == ({}, {}, before)
    assert database.read(lambda one: list(verifying.verify(one))) == []


def test_new_names_are_taken_and_the_ledger_keeps_the_old_ones(database, imported):
    before = count(database, "operation")
    change(imported, "users.csv", "Мила,Озерова", "Мила,Речная")
    change(imported, "classes.csv", "История 7А", "История России 7А")
    change(imported, "orgs.csv", "Школа № 3 посёлка Луговой", "Лицей № 3 посёлка Луговой")
    report = import_oneroster(database, imported)
    assert (report.added, report.changed) == ({}, {"schools": 1, "people": 1, "courses": 1})
    assert kinds_since(database, before) == ["school_renamed", "people_changed", "courses_renamed"]
    uid = rows(database, "SELECT uid FROM person WHERE family_name = 'Речная'")[0][0]
    chain = "school:" + rows(database, "SELECT uid FROM school")[0][0]
    step = database.read(ledger.history, chain, "person", uid)[0]
    assert (step.before, step.after) == ({"family_name": "Озерова"}, {"family_name": "Речная"})


def born(database) -> dict[str, str]:
    """{given name: birth date} of those who have one."""
    return dict(rows(database, "SELECT given_name, birth_date FROM person WHERE birth_date IS NOT NULL"))


def test_a_changed_birth_date_changes_the_person_and_the_ledger_keeps_the_old_one(database, imported):
    first = born(database)
    assert first == {"Мила": "2013-03-14", "Лев": "2013-07-02"}
    before = count(database, "operation")
    change(imported, "demographics.csv", "2013-03-14", "2013-04-14")
    report = import_oneroster(database, imported)
    assert (report.added, report.changed) == ({}, {"people": 1})
    assert born(database) == first | {"Мила": "2013-04-14"}
    assert kinds_since(database, before) == ["people_changed"]
    uid = rows(database, "SELECT uid FROM person WHERE given_name = 'Мила'")[0][0]
    chain = "school:" + rows(database, "SELECT uid FROM school")[0][0]
    step = database.read(ledger.history, chain, "person", uid)[0]
    assert (step.before, step.after) == ({"birth_date": "2013-03-14"}, {"birth_date": "2013-04-14"})
    assert import_oneroster(database, imported).changed == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2013-03-14", ""),
        ("u-1,,,2013-03-14,female,,,,,,,,RU,,,\n", ""),
        ("u-1,,,2013-03-14", "u-1,tobedeleted,,2013-04-14"),
    ],
    ids=["empty", "missing", "to be deleted"],
)
def test_a_birth_date_that_the_set_does_not_say_is_left_alone(database, imported, old, new):
    first = born(database)
    change(imported, "demographics.csv", old, new)
    report = import_oneroster(database, imported)
    assert (report.added, report.changed, born(database)) == ({}, {}, first)


def test_a_set_without_demographics_leaves_birth_dates_alone(database, imported):
    first = born(database)
    (imported / "demographics.csv").unlink()
    change(imported, "manifest.csv", "file.demographics,bulk", "file.demographics,absent")
    assert import_oneroster(database, imported).changed == {}
    change(imported, "users.csv", "Мила,Озерова", "Мила,Речная")
    assert import_oneroster(database, imported).changed == {"people": 1}
    assert born(database) == first


def test_birth_dates_may_come_with_a_later_set(database, tmp_path):
    folder = Path(shutil.copytree(SET, tmp_path / "set"))
    import_oneroster(database, folder)
    assert born(database) == {}
    words = "sourcedId,status,dateLastModified,birthDate,sex\nu-s1,,,2013-05-06,male\n"
    (folder / "demographics.csv").write_text(words, encoding="utf-8")
    assert import_oneroster(database, folder).changed == {"people": 1}
    assert born(database) == {"Иван": "2013-05-06"}


def test_a_student_who_left_the_class_keeps_his_history(database, imported):
    change(imported, "enrollments.csv", "e-10,,,k-his,s-3,u-1,student,false,,\n", "")
    report = import_oneroster(database, imported)
    assert report.changed == {"memberships": 1}
    assert rows(database, "SELECT valid_from, valid_to FROM enrollment WHERE valid_to = '2026-11-24'") == [
        ("2026-09-01", "2026-11-24")
    ]


def test_a_student_who_came_is_there_from_today(database, imported):
    with (imported / "enrollments.csv").open("a", encoding="utf-8") as target:
        target.write("e-12,,,k-his,s-3,u-3,student,false,,\n")
    assert import_oneroster(database, imported).added == {"memberships": 1}
    assert rows(database, "SELECT valid_to FROM enrollment WHERE valid_from = '2026-11-24'") == [(None,)]


def test_an_enrollment_to_be_deleted_ends(database, imported):
    change(imported, "enrollments.csv", "e-11,,,k-his", "e-11,tobedeleted,,k-his")
    assert import_oneroster(database, imported).changed == {"memberships": 1}


def test_another_teacher_takes_over_today(database, imported):
    change(imported, "enrollments.csv", "k-his,s-3,w-2,teacher", "k-his,s-3,w-1,teacher")
    report = import_oneroster(database, imported)
    assert (report.added, report.changed) == ({"teachers": 1}, {"teachers": 1})
    found = rows(
        database,
        "SELECT person.family_name, valid_from, valid_to FROM course_teacher JOIN person ON person.id = person_id"
        " JOIN course ON course.id = course_id WHERE course.name = 'История 7А' ORDER BY course_teacher.id",
    )
    assert found == [("Луговой", "2026-09-01", "2026-11-24"), ("Зимина", "2026-11-24", None)]


def test_another_class_teacher_gets_the_role_and_the_former_loses_it(database, imported):
    change(imported, "enrollments.csv", "k-home,s-3,w-1,teacher", "k-home,s-3,w-2,teacher")
    report = import_oneroster(database, imported)
    assert report.changed == {"class teachers": 1, "accounts": 2}
    now = database.clock.now()
    assert database.read(actor_of_login, "p.lugov", Role.CLASS_TEACHER, now)
    with pytest.raises(StopIteration):
        database.read(actor_of_login, "n.zimina", Role.CLASS_TEACHER, now)


def test_s06_a_guardian_whom_the_set_drops_sees_the_diary_no_more(database, imported):
    change(imported, "users.csv", '"g-1,g-2"', "g-1")
    report = import_oneroster(database, imported)
    assert report.changed["guardians"] == 1
    father = database.read(actor_of_login, "i.ozerov", Role.GUARDIAN, database.clock.now())
    assert read_as(database, diary.children, father, TODAY.replace(day=24)) == []
    change(imported, "users.csv", ",g-1,07", ',"g-1,g-2",07')
    assert import_oneroster(database, imported).added == {"guardians": 1}
    assert len(read_as(database, diary.children, father, TODAY.replace(day=24))) == 1


def test_s06_a_link_that_was_ended_here_by_decision_stays_ended(database, imported):
    uid = rows(database, "SELECT uid FROM school")[0][0]
    ref = database.read(school_by_uid, uid)
    row, *student = rows(
        database,
        "SELECT guardianship.id, s.id, s.uid FROM guardianship JOIN person g ON g.id = guardian_id"
        " JOIN person s ON s.id = student_id WHERE g.given_name = 'Иван'",
    )[0]
    end = rules.GuardianshipEnd(row, rules.PersonRef(*student), rules.DatedFrom(TODAY), TODAY)
    database.write(lambda uow: service.end_guardianships(uow, operator(), ref, [end]))
    report = import_oneroster(database, imported)
    assert (report.added, report.changed) == ({}, {})
    assert "guardian_ended_here" in [note.code.name for note in report.notes]


@pytest.mark.parametrize(
    ("old", "new"), [("true,mila.ozerova", "false,mila.ozerova"), ("u-1,,,true", "u-1,tobedeleted,,true")]
)
def test_s20_whom_the_set_disables_is_blocked_and_out_at_once(database, imported, old, new):
    request = SignIn("mila.ozerova", "127.0.0.1", "token", personal_device=False)
    database.write(lambda uow: sign_in(uow, request))
    change(imported, "users.csv", old, new)
    report = import_oneroster(database, imported)
    assert report.changed["accounts"] == 1
    assert database.read(credentials, "mila.ozerova").blocked
    assert rows(database, "SELECT count(*) FROM login_session WHERE ended_at IS NULL") == [(0,)]
    assert import_oneroster(database, imported).changed == {}
    if "tobedeleted" in new:
        assert report.changed["memberships"] == 3
    change(imported, "users.csv", new, old)
    import_oneroster(database, imported)
    assert not database.read(credentials, "mila.ozerova").blocked


def test_s20_a_guardian_is_blocked_like_anybody_after_any_number_of_imports(database, imported):
    import_oneroster(database, imported)
    change(imported, "users.csv", "true,o.ozerova", "false,o.ozerova")
    assert import_oneroster(database, imported).changed == {"accounts": 1}
    assert database.read(credentials, "o.ozerova").blocked


def test_who_was_blocked_here_stays_blocked(database, imported):
    found = database.read(credentials, "o.ozerova")
    ref = AccountRef(found.account_id, found.account_uid)
    database.write(lambda uow: block_accounts(uow, operator(), [ref]))
    report = import_oneroster(database, imported)
    assert report.changed == {}
    assert database.read(credentials, "o.ozerova").blocked
    assert "blocked_here" in [note.code.name for note in report.notes]


def test_people_who_are_not_in_the_set_any_more_are_left_and_said(database, imported):
    for file, line in (
        ("users.csv", "w-3,,,true,a.direk,,Анна,Береговая,Львовна,,,,,,,,,,,,,s-3,\n"),
        ("roles.csv", "r-3,,,w-3,primary,principal,,,s-3,\n"),
    ):
        change(imported, file, line, "")
    report = import_oneroster(database, imported)
    assert (report.added, report.changed) == ({}, {})
    assert not database.read(credentials, "a.direk").blocked
    assert "users.csv people_gone count=1 school=Школа № 3 посёлка Луговой" in map(brief, report.notes)


def test_two_people_may_swap_their_logins(database, imported):
    change(imported, "users.csv", "o.ozerova", "i.ozerov?")
    change(imported, "users.csv", "i.ozerov,", "o.ozerova,")
    change(imported, "users.csv", "i.ozerov?", "i.ozerov")
    codes = rows(database, "SELECT code_hash FROM account WHERE login = 'o.ozerova'")
    assert import_oneroster(database, imported).changed == {"logins": 2}
    assert rows(database, "SELECT code_hash FROM account WHERE login = 'i.ozerov'") == codes


def test_a_new_role_is_given_and_a_lost_one_ends(database, imported):
    change(imported, "roles.csv", "w-3,primary,principal", "w-3,primary,teacher")
    assert import_oneroster(database, imported).changed == {"accounts": 1}
    assert database.read(actor_of_login, "a.direk", Role.TEACHER, database.clock.now())
    with pytest.raises(StopIteration):
        database.read(actor_of_login, "a.direk", Role.DIRECTOR, database.clock.now())


def test_a_role_that_was_given_here_is_not_ended(database, imported):
    account = rows(database, "SELECT id, uid FROM account WHERE login = 'p.lugov'")[0]
    school, person = rows(database, "SELECT school_id, person_id FROM role_assignment WHERE role = 'director'")[0]
    from ais_app.access import service as access

    role = access.NewRole(Role.DEPUTY, school, person, TODAY)
    database.write(lambda uow: access.give_roles(uow, operator(), [(access.AccountRef(*account), role)]))
    assert import_oneroster(database, imported).changed == {}
    assert database.read(actor_of_login, "p.lugov", Role.DEPUTY, database.clock.now())


def test_the_next_school_year_is_added_beside_the_old_one(database, imported):
    database.clock.moment = datetime(2027, 9, 2, 9, 0, tzinfo=UTC)
    sessions = (imported / "academicSessions.csv").read_text(encoding="utf-8")
    for old, new in (("2027", "2028"), ("2026", "2027")):
        sessions = sessions.replace(old, new)
    (imported / "academicSessions.csv").write_text(sessions, encoding="utf-8")
    report = import_oneroster(database, imported)
    assert report.added["courses"] == 2
    assert rows(database, "SELECT name FROM academic_year") == [("2026/27",), ("2027/28",)]


def test_codes_of_the_first_import_still_open_the_accounts(database, imported):
    assert passwords.CODE_LENGTH == 17
    code_hash = rows(database, "SELECT code_hash FROM account WHERE login = 'lev.kamyshin'")
    change(imported, "users.csv", "Лев,Камышин", "Лев,Камышов")
    import_oneroster(database, imported)
    assert rows(database, "SELECT code_hash FROM account WHERE login = 'lev.kamyshin'") == code_hash
