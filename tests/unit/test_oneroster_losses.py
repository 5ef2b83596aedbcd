"""What a set holds and the school does not get is named: nothing is lost in silence, nothing is guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from ais_app.access.queries import credentials
from ais_app.exchange.oneroster import Answers, ImportRefused, import_oneroster, report_lines
from ais_app.exchange.oneroster.homerooms import Answer
from tests.databases import rows
from tests.unit.sets import SET, SET12, brief, change, count, notes_of, refused

NEXT_DAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


# Columns


def test_a_mistyped_column_is_named_with_the_nearest_one(database, copied):
    change(copied, "users.csv", "middleName", "midleName")
    change(copied, "roles.csv", "beginDate", "begin_date")
    notes = notes_of(database, copied)
    assert "users.csv 1 midleName column_mistyped hint=middleName" in notes
    assert "roles.csv 1 begin_date column_mistyped hint=beginDate" in notes
    assert rows(database, "SELECT DISTINCT patronymic FROM person") == [("",)]


def test_a_column_that_nobody_knows_is_named(database, copied):
    change(copied, "users.csv", "pronouns", "shoeSize")
    assert "users.csv 1 shoeSize column_unknown" in notes_of(database, copied)


def test_filled_columns_of_which_nothing_is_taken_are_named_once(database):
    notes = notes_of(database, SET12)
    assert "users.csv columns_left columns=grades|password|phone" in notes
    assert [note for note in notes if note.startswith("orgs.csv")] == []


# Links


def test_links_that_are_dropped_are_listed_and_counted_with_their_reasons(database, copied):
    change(copied, "users.csv", '"g-1,g-2"', '"g-1,w-1"')
    change(copied, "enrollments.csv", "k-his,s-3,w-2,teacher", "k-his,s-3,w-2,aide")
    change(copied, "users.csv", "g-3,,,true", "g-3,tobedeleted,,true")
    report = import_oneroster(database, copied)
    notes = [brief(note) for note in report.notes]
    assert "users.csv 6 agentSourcedIds no_link agent=w-1" in notes
    assert "enrollments.csv 10 role neither_learns role=aide" in notes
    assert "users.csv 7 link_of_gone user=g-3" in notes
    assert report.left_out == {"enrollments": 1, "links": 3, "roles": 2}
    assert report.summary.endswith("Not taken of the set: 1 enrollment, 3 links of guardians, 2 roles.")


def test_enrollments_of_what_is_to_be_deleted_or_past_are_listed(database, copied):
    change(copied, "classes.csv", "k-his,,", "k-his,tobedeleted,")
    change(
        copied,
        "enrollments.csv",
        "k-home,s-3,u-3,student,false,2026-10-05,",
        "k-home,s-3,u-3,student,false,,2026-08-01",
    )
    change(
        copied, "enrollments.csv", "k-alg,s-3,u-3,student,false,2026-10-05,", "k-alg,s-3,u-3,student,false,2027-10-05,"
    )
    report = import_oneroster(database, copied)
    notes = [brief(note) for note in report.notes]
    assert [note for note in notes if "enrollment_of_gone" in note] == [
        f"enrollments.csv {row} classSourcedId enrollment_of_gone" for row in (10, 11, 12)
    ]
    assert "enrollments.csv 5 endDate ended_before year=2026/27" in notes
    assert "enrollments.csv 9 beginDate beyond_year count=1 value=2027-10-05 year=2026/27" in notes
    assert report.left_out["enrollments"] == 4


def test_the_same_day_in_many_rows_is_one_note(database, copied):
    """A sender's habit does not bury what else there is to know."""
    path = copied / "enrollments.csv"
    content = path.read_text(encoding="utf-8")
    path.write_text(content.replace("student,false,,\n", "student,false,2025-08-15T22:00:00Z,\n"), encoding="utf-8")
    assert [note for note in notes_of(database, copied) if "2025-08" in note] == [
        "enrollments.csv 3 beginDate day_in_zone count=5 day=2025-08-16 value=2025-08-15T22:00:00Z zone=Europe/Moscow",
        "enrollments.csv 3 beginDate beyond_year count=5 value=2025-08-16 year=2026/27",
    ]


def test_roles_that_are_not_given_are_listed(database, copied):
    change(copied, "roles.csv", "w-3,primary,principal", "w-3,primary,counselor")
    change(copied, "roles.csv", "g-1,primary,parent,,,s-3", "g-1,primary,parent,,,d-1")
    notes = notes_of(database, copied)
    assert "roles.csv role_beside count=1 role=counselor" in notes
    assert "roles.csv 11 orgSourcedId org_above" in notes


def test_a_role_that_is_over_is_said(database, copied):
    change(copied, "roles.csv", "r-3,,,w-3,primary,principal,,", "r-3,,,w-3,primary,principal,2026-09-01,2026-11-01")
    report = import_oneroster(database, copied)
    assert "users.csv 4 role_over day=2026-11-01 role=director" in map(brief, report.notes)
    assert report.left_out["roles"] == 3


def test_roles_of_1_1_that_are_not_given_are_listed(database, tmp_path):
    import shutil

    folder = Path(shutil.copytree(SET, tmp_path / "set"))
    change(folder, "users.csv", "TRUE,org-1,parent", "TRUE,,parent")
    assert "users.csv 5 orgSourcedIds role_without_org role=parent" in notes_of(database, folder)


def test_a_name_that_is_cut_and_a_session_of_an_unknown_kind_are_said(database, copied):
    title = "Седьмой класс имени первооткрывателей"
    change(copied, "classes.csv", "k-home,,,7А", f"k-home,,,{title}")
    change(copied, "academicSessions.csv", "Третий триместр,gradingPeriod", "Третий триместр,trimester")
    notes = notes_of(database, copied, answers=Answers({"k-home": Answer(7, "А")}))
    assert f"classes.csv 2 title name_cut most=32 name={title[:32]}" in notes
    assert "academicSessions.csv 5 type no_session_kind kind=trimester" in notes


# What came before and is missing


@pytest.fixture
def imported(database, copied) -> Path:
    """The set was imported; what is changed in it now comes the next day."""
    import_oneroster(database, copied)
    database.clock.moment = NEXT_DAY
    return copied


def test_people_who_are_missing_are_named_as_long_as_they_are_there(database, imported):
    change(imported, "users.csv", "w-3,,,true,a.direk,,Анна,Береговая,Львовна,,,,,,,,,,,,,s-3,\n", "")
    change(imported, "roles.csv", "r-3,,,w-3,primary,principal,,,s-3,\n", "")
    for _time in range(2):
        notes = notes_of(database, imported)
        assert "users.csv people_gone count=1 school=Школа № 3 посёлка Луговой" in notes
        assert "users.csv person_gone key=w-3 name=Береговая Анна" in notes
    assert not database.read(credentials, "a.direk").blocked
    end = text("UPDATE role_assignment SET valid_to = '2026-11-24' WHERE role = 'director'")
    database.write(lambda uow: uow.connection.execute(end))
    assert [note for note in notes_of(database, imported) if "_gone" in note] == []


def test_classes_that_are_missing_or_to_be_deleted_are_named(database, imported):
    change(imported, "classes.csv", 'k-his,,,История 7А,07,cr-his,,scheduled,210,s-3,"t-1,t-2,t-3",,,\n', "")
    for row in ("e-9,,,k-his,s-3,w-2,teacher,true,,\n", "e-10,,,k-his,s-3,u-1,student,false,,\n"):
        change(imported, "enrollments.csv", row, "")
    change(imported, "enrollments.csv", "e-11,,,k-his,s-3,u-2,student,false,,\n", "")
    change(imported, "classes.csv", "k-home,,", "k-home,tobedeleted,")
    gone = [note for note in notes_of(database, imported) if "class_gone" in note]
    assert gone == [
        "classes.csv class_gone key=k-home name=7А school=Школа № 3 посёлка Луговой",
        "classes.csv class_gone key=k-his name=История 7А school=Школа № 3 посёлка Луговой",
    ]
    assert rows(database, "SELECT count(*) FROM course_teacher WHERE valid_to IS NOT NULL") == [(0,)]


def test_a_school_that_is_missing_is_named(database, sds):
    import_oneroster(database, sds)
    change(sds, "roles.csv", "114006,110002,professor,FS2021HED,ps1,TRUE,2021-09-01,2021-12-01\n", "")
    change(sds, "roles.csv", "114008,110001,student,FS2021HED,ps1,TRUE,2021-09-01,2021-12-01\n", "")
    change(sds, "classes.csv", "112001,110001,Computer Science 101,FS2021HED,C12001\n", "")
    for row in ("112001,114008,student\n", "112001,114006,professor\n"):
        change(sds, "enrollments.csv", row, "")
    change(
        sds,
        "orgs.csv",
        "110001,College of Engineering,college,\n110002,Computer Science Department,department,110001\n",
        "",
    )
    (sds / "courses.csv").unlink()
    change(sds, "classes.csv", ",B102021", ",")
    notes = notes_of(database, sds)
    assert "orgs.csv school_gone key=110001 name=College of Engineering" in notes


# Too much that ends


def head_only(folder: Path, file: str) -> None:
    head = (folder / file).read_text(encoding="utf-8").partition("\n")[0]
    (folder / file).write_text(head + "\n", encoding="utf-8")


def test_enrollments_that_would_end_most_memberships_are_refused(database, imported):
    before = count(database, "operation")
    head_only(imported, "enrollments.csv")
    assert refused(database, imported) == [
        "enrollments.csv ends_memberships ended=7 held=7 school=Школа № 3 посёлка Луговой",
        "enrollments.csv ends_teachers ended=3 held=3 school=Школа № 3 посёлка Луговой",
    ]
    assert refused(database, imported, dry_run=True) != []
    assert count(database, "operation") == before
    report = import_oneroster(database, imported, allow_ending=True)
    assert report.changed["memberships"] == 7
    assert import_oneroster(database, imported).changed == {}


@pytest.mark.parametrize(("lines", "allowed"), [((6, 10, 11), True), ((6, 10, 11, 2), False)])
def test_half_of_a_school_may_leave_and_more_may_not(database, imported, lines, allowed):
    path = imported / "enrollments.csv"
    kept = [
        line
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.split(",")[0] not in {f"e-{n}" for n in lines}
    ]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    if allowed:
        assert import_oneroster(database, imported).changed == {"memberships": 3}
    else:
        assert refused(database, imported) == [
            "enrollments.csv ends_memberships ended=4 held=7 school=Школа № 3 посёлка Луговой"
        ]


def test_the_schools_of_a_set_are_counted_apart(database, sds):
    """All of one small school is not hidden by the many of another."""
    import_oneroster(database, sds)
    database.clock.moment = NEXT_DAY
    change(sds, "enrollments.csv", "112001,114008,student\n", "")
    assert refused(database, sds) == ["enrollments.csv ends_memberships ended=1 held=1 school=College of Engineering"]


def test_guardians_who_would_be_lost_with_a_column_are_not_lost(database, imported):
    change(imported, "users.csv", "agentSourcedIds", "agentSourceIds")
    assert refused(database, imported) == ["users.csv ends_guardians ended=4 held=4 school=Школа № 3 посёлка Луговой"]


def test_a_set_that_would_block_most_accounts_is_refused(database, imported):
    path = imported / "users.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",true,", ",false,"), encoding="utf-8")
    assert refused(database, imported) == ["users.csv ends_accounts ended=9 held=9 school=Школа № 3 посёлка Луговой"]


# Days


def days_of_zoya(database) -> set:
    return {
        day
        for (day,) in rows(
            database, "SELECT valid_from FROM enrollment JOIN person ON person.id = person_id WHERE given_name = 'Зоя'"
        )
    }


def test_a_date_with_a_zone_is_the_day_at_the_school(database, copied):
    """Half past eight in the evening in Greenwich is the next day in Moscow, and three in the morning the same."""
    path = copied / "enrollments.csv"
    content = path.read_text(encoding="utf-8")
    content = content.replace("2026-10-05", "2026-10-04T21:30:00Z", 1).replace("2026-10-05", "2026-10-05T00:00:00.000Z")
    path.write_text(content, encoding="utf-8")
    notes = notes_of(database, copied)
    assert days_of_zoya(database) == {"2026-10-05"}
    assert (
        "enrollments.csv 5 beginDate day_in_zone count=1 day=2026-10-05 value=2026-10-04T21:30:00Z zone=Europe/Moscow"
        in notes
    )
    assert "enrollments.csv 9 beginDate days_in_zone count=1 zone=Europe/Moscow" in notes
    assert import_oneroster(database, copied).changed == {}


def test_the_day_is_that_of_the_schools_own_zone(database, copied):
    import_oneroster(database, copied)
    database.write(lambda uow: uow.connection.execute(text("UPDATE school SET zone = 'Asia/Kamchatka'")))
    change(copied, "enrollments.csv", "u-3,student,false,2026-10-05", "u-3,student,false,2026-10-04T13:00:00Z")
    change(copied, "demographics.csv", "2013-03-14", "2013-03-13T12:00:00+00:00")
    assert import_oneroster(database, copied).changed == {}


def test_a_day_beyond_all_days_is_refused(database, copied):
    change(copied, "demographics.csv", "2013-03-14", "9999-12-31T23:00:00-01:00")
    assert refused(database, copied) == [
        "demographics.csv 2 birthDate no_date value=9999-12-31T23:00:00-01:00",
        "demographics.csv 2 birthDate born_out_of_range first=1900-01-01 last=2026-11-23 value=9999-12-31T23:00:00-01:00",
    ]


# Whose set it is


def test_a_set_that_only_calls_itself_ours_is_read_like_any_other(database, copied):
    """`source.systemCode` is a word; without our columns and ids it gives nothing that another set would not get."""
    change(copied, "manifest.csv", "source.systemCode,invented", "source.systemCode,ais")
    (copied / "results.csv").write_text("sourcedId,lineItemSourcedId\nx,y\n", encoding="utf-8")
    report = import_oneroster(database, copied)
    notes = [brief(note) for note in report.notes]
    assert [note for note in notes if note.startswith("manifest.csv not_own why=orgs.csv: metadata.ais.zone|")]
    assert "results.csv foreign_marks" in notes
    assert {source for (source,) in rows(database, "SELECT DISTINCT source FROM imported_id")} != {"oneroster:ais"}
    assert import_oneroster(database, copied).changed == {}


def test_our_columns_with_foreign_ids_are_not_ours(database, copied):
    change(copied, "manifest.csv", "source.systemCode,invented", "source.systemCode,ais")
    for file, column in (
        ("orgs", "zone"),
        ("academicSessions", "scheme"),
        ("classes", "group"),
        ("users", "guardians"),
        ("roles", "role"),
        ("enrollments", "note"),
    ):
        path = copied / f"{file}.csv"
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([f"{lines[0]},metadata.ais.{column}", *lines[1:]]) + "\n", encoding="utf-8")
    change(copied, "roles.csv", "r-1,,,w-1,primary,teacher,,,s-3,", "r-1,,,w-1,primary,teacher,,,s-3,,director")
    assert "manifest.csv not_own why=orgs.csv: d-1|orgs.csv: s-3|orgs.csv: dep-1" in notes_of(database, copied)
    assert rows(database, "SELECT count(*) FROM role_assignment WHERE role = 'director'") == [(1,)]


# Noted, not refused


def test_a_parent_outside_the_set_and_blank_values_of_the_manifest_are_noted(database, copied):
    change(copied, "orgs.csv", "d-1,,,Управление образования Лугового района,district,,\n", "")
    change(copied, "users.csv", "w-4,,,true,x.rayon,,Олег,Районный,Петрович,,,,,,,,,,,,,d-1,\n", "")
    for row in ("r-4,,,w-4,primary,districtAdministrator,,,d-1,\n", "r-5,,,w-4,secondary,systemAdministrator,,,s-3,\n"):
        change(copied, "roles.csv", row, "")
    change(copied, "manifest.csv", "source.systemName,Invented SIS", "source.systemName,")
    change(copied, "manifest.csv", "file.userResources,absent", "file.userResources,")
    report = import_oneroster(database, copied)
    notes = [brief(note) for note in report.notes]
    assert report.added["schools"] == 1
    assert "orgs.csv 2 parentSourcedId outside_set value=d-1" in notes
    assert "manifest.csv 18 value blank_value name=file.userResources" in notes
    assert "manifest.csv 20 value blank_value name=source.systemName" in notes


def test_notes_are_told_when_the_set_is_refused_too(database, copied):
    change(copied, "users.csv", "middleName", "midleName")
    change(copied, "roles.csv", "w-1,primary", "w-9,primary")
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(database, copied)
    lines = list(report_lines(refusal.value.problems, refusal.value.notes))
    assert lines[0].startswith("roles.csv, row 2, userSourcedId")
    assert any("midleName" in line for line in lines[1:])


def test_a_report_has_at_most_2000_lines_and_counts_the_rest(database, copied):
    with (copied / "enrollments.csv").open("a", encoding="utf-8") as target:
        target.writelines(f"x-{n},,,k-his,s-3,nobody-{n},student,false,,\n" for n in range(5_000))
    change(copied, "users.csv", "middleName", "midleName")
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(database, copied)
    lines = list(report_lines(refusal.value.problems, refusal.value.notes))
    assert len(refusal.value.problems) == 5_000
    assert len(lines) == 2_000
    assert lines[-1] == "And besides: 3001 more problems, 5 more notes."
