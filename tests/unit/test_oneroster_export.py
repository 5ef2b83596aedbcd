"""A school that was written out and imported into an empty installation is the same school."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ais_app.clock import SetClock
from ais_app.db import Database, migrations
from ais_app.db.columns import new_uid
from ais_app.exchange.oneroster import ImportRefused, codes, export_oneroster, import_oneroster
from ais_app.exchange.oneroster.exporting import record_export
from ais_app.formulas import begins_formula
from ais_app.journal.attendance.service import Excuse, excuse
from ais_app.journal.grid.queries import cells
from ais_app.journal.grid.rules import LONGEST_COMMENT
from ais_app.journal.grid.service.marks import MarkEntry, MarksOperation, enter_marks
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.lessons.service import lessons
from ais_app.journal.windows.service.periods import close_period
from ais_app.ledger import queries as ledger
from ais_app.ledger import triggers, verifying
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Role
from tests.builders import BORN, SmallSchool, small_school
from tests.conftest import MONDAY
from tests.databases import rows
from tests.depth import EVERY_CHECK, examples
from tests.unit.sets import SET12, brief, change, count

TODAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 20)

# What is compared: everything by names and days, nothing by uid, in an order of its own.
SAME = {
    "school": "SELECT name, short_name, zone FROM school",
    "settings": "SELECT key, reach, reach_of, value, valid_from FROM setting_value",
    "years": "SELECT name, starts_on, ends_on FROM academic_year",
    "periods": """SELECT y.name, s.name, p.ordinal, p.name, p.starts_on, p.ends_on, l.id IS NOT NULL FROM grading_period p
        JOIN period_scheme s ON s.id = p.scheme_id JOIN academic_year y ON y.id = s.year_id
        LEFT JOIN period_lock l ON l.period_id = p.id""",
    "people": "SELECT family_name, given_name, patronymic, birth_date FROM person",
    "guardians": """SELECT g.family_name, g.given_name, s.family_name, s.given_name, relation, valid_from, valid_to
        FROM guardianship JOIN person g ON g.id = guardian_id JOIN person s ON s.id = student_id""",
    "classes": """SELECT c.name, grade, letter, p.name, l.valid_from, l.valid_to, m.family_name, s.name FROM school_class c
        JOIN study_group p ON p.id = c.group_id LEFT JOIN class_leading l ON l.class_id = c.id
        LEFT JOIN person m ON m.id = l.person_id JOIN period_scheme s ON s.id = c.scheme_id""",
    "memberships": """SELECT g.name, p.family_name, p.given_name, e.valid_from, e.valid_to, e.note FROM enrollment e
        JOIN study_group g ON g.id = e.group_id JOIN person p ON p.id = e.person_id""",
    "courses": """SELECT c.name, s.name, s.short_name, k.name, g.name, h.name, graded, hours_planned, t.valid_from,
        t.valid_to, p.family_name FROM course c JOIN subject s ON s.id = c.subject_id JOIN study_group g ON g.id = c.group_id
        LEFT JOIN school_class k ON k.id = c.class_id JOIN period_scheme h ON h.id = c.scheme_id
        LEFT JOIN course_teacher t ON t.course_id = c.id LEFT JOIN person p ON p.id = t.person_id""",
    "types": "SELECT name, code, weight, is_control, is_default FROM control_type",
    "works": """SELECT c.name, g.name, l.day, l.number, l.room, l.topic, h.text, h.minutes, h.nothing_set, h.due,
        w.ordinal, w.weight, t.code FROM work w JOIN lesson l ON l.id = w.lesson_id JOIN course c ON c.id = l.course_id
        JOIN study_group g ON g.id = c.group_id
        JOIN control_type t ON t.id = w.control_type_id LEFT JOIN homework h ON h.lesson_id = l.id
        AND (h.text <> '' OR h.nothing_set)""",
    "marks": """SELECT c.name, g.name, l.day, l.number, w.ordinal, p.family_name, p.given_name, m.ordinal, m.code, m.hundredths,
        m.comment FROM mark m JOIN work w ON w.id = m.work_id JOIN lesson l ON l.id = w.lesson_id
        JOIN course c ON c.id = l.course_id JOIN study_group g ON g.id = c.group_id JOIN person p ON p.id = m.student_id""",
    "absences": """SELECT c.name, g.name, l.day, l.number, p.family_name, p.given_name, a.code, a.reason, a.minutes
        FROM attendance a JOIN lesson l ON l.id = a.lesson_id JOIN course c ON c.id = l.course_id
        JOIN study_group g ON g.id = c.group_id JOIN person p ON p.id = a.student_id""",
    "roles": """SELECT p.family_name, p.given_name, r.role, r.valid_from, r.valid_to, a.login FROM role_assignment r
        JOIN person p ON p.id = r.person_id JOIN account a ON a.id = r.account_id WHERE r.role <> 'inspector'""",
}


def picture(database: Database) -> dict[str, list]:
    """The school by what people know of it."""
    return {name: sorted(rows(database, sql), key=repr) for name, sql in SAME.items()}


def means(database: Database) -> list:
    """The exact mean of each student in each course over the whole year."""
    found = []

    def read(connection) -> None:
        for course in connection.execute(text("SELECT id, name, group_id FROM course")).all():
            members = connection.execute(
                text(
                    "SELECT DISTINCT p.id, p.family_name, p.given_name FROM enrollment e JOIN person p ON p.id = e.person_id WHERE group_id = :g"
                ),
                {"g": course.group_id},
            ).all()
            exact = cells.means(connection, course.id, date.min, date.max, [row.id for row in members])
            found.extend((course.name, row.family_name, row.given_name, exact[row.id]) for row in members)

    database.read(read)
    return sorted(found, key=repr)


@pytest.fixture
def empty(tmp_path, templates, database_kind: str) -> Iterator[Database]:
    """A second installation."""
    (tmp_path / "second").mkdir()
    with templates.copy(database_kind, tmp_path / "second", "nothing") as url:
        opened = Database(url, SetClock(MONDAY))
        yield opened
        opened.close()


@pytest.fixture
def kept(school: SmallSchool) -> SmallSchool:
    """The small school with everything that a journal can hold."""
    teacher, deputy = school.teacher(), school.actor("deputy", Role.DEPUTY)
    school.enter(teacher, "algebra", ("anna", TODAY, "5/4", 0), ("boris", TODAY, "н", 0), ("vera", TODAY, "о15/3", 0))
    school.enter(teacher, "algebra", ("anna", FRIDAY, "зач", 0), ("boris", FRIDAY, "н/2", 0))
    school.enter(teacher, "algebra", ("anna", FRIDAY, "3", 1))
    school.enter(school.actor("historian", Role.TEACHER), "history", ("vera", TODAY, "4", 0))
    said = MarkEntry(school.people["vera"].uid, school.work("algebra", FRIDAY), "4", 0, "=HYPERLINK(1)\n«ещё раз»")
    operation = MarksOperation(new_uid(), school.courses["algebra"], [said])
    school.database.write(lambda uow: enter_marks(uow, teacher, operation))

    def keep(uow) -> None:
        lesson = school.lesson("algebra", TODAY)
        words = lessons.LessonText(
            lesson, 1, "  -Степени", "№ 12,\n13; «+»", 20, nothing_set=False, due=date(2026, 12, 4)
        )
        lessons.describe_lesson(uow, teacher, words)
        lessons.add_work(uow, teacher, lesson, school.types["CW"])
        friday = lessons.LessonText(school.lesson("algebra", FRIDAY), 1, "@Дроби", "", None, nothing_set=True)
        lessons.describe_lesson(uow, teacher, friday)
        excuse(uow, deputy, Excuse(school.people["boris"].uid, DaySpan(FRIDAY, TODAY), "б", "справка"))
        close_period(uow, deputy, school.periods[0])

    school.database.write(keep)
    school.enter(teacher, "algebra", ("vera", TODAY, "о15/4", 1))
    return school


def test_the_school_is_the_same_after_export_and_import(kept, empty, tmp_path):
    export_oneroster(kept.database, tmp_path / "out", kept.ref.uid)
    report = import_oneroster(empty, tmp_path / "out")
    wanted, got = picture(kept.database), picture(empty)
    for name in SAME:
        assert got[name] == wanted[name], name
    assert means(empty) == means(kept.database)
    assert report.added["cells"] == len(rows(kept.database, "SELECT 1 FROM cell"))
    beside = [one.params for one in report.notes if one.code == codes.MARK_BESIDE_ABSENCE]
    assert beside == [{"value": "б/2"}]
    assert database_is_whole(empty)


def database_is_whole(database: Database) -> bool:
    return database.read(lambda one: list(verifying.verify(one))) == []


def test_what_was_changed_and_when_it_was_entered_is_kept(kept, empty, tmp_path):
    export_oneroster(kept.database, tmp_path / "out.zip", kept.ref.uid)
    import_oneroster(empty, tmp_path / "out.zip")
    sql = "SELECT changed, entered_at FROM cell ORDER BY changed, entered_at"
    assert rows(empty, sql) == rows(kept.database, sql)


def test_every_restored_cell_has_its_step_in_the_ledger(kept, empty, tmp_path):
    export_oneroster(kept.database, tmp_path / "out", kept.ref.uid)
    import_oneroster(empty, tmp_path / "out")
    cells_there, items = count(empty, "cell"), rows(empty, "SELECT count(*) FROM operation_item WHERE entity = 'cell'")
    assert items == [(cells_there,)]


def test_s30_the_restored_closed_period_is_closed(kept, empty, tmp_path):
    export_oneroster(kept.database, tmp_path / "out", kept.ref.uid)
    import_oneroster(empty, tmp_path / "out")
    assert rows(empty, "SELECT p.name FROM period_lock l JOIN grading_period p ON p.id = l.period_id") == [("I",)]


@pytest.mark.usefixtures("demonstration")
def test_the_demonstration_school_is_the_same_after_export_and_import(database, empty, tmp_path):
    uid = rows(database, "SELECT uid FROM school")[0][0]
    export_oneroster(database, tmp_path / "demo.zip", uid)
    import_oneroster(empty, tmp_path / "demo.zip")
    wanted, got = picture(database), picture(empty)
    for name in SAME:
        assert got[name] == wanted[name], name
    assert means(empty) == means(database)
    assert database_is_whole(empty)


def test_importing_the_export_again_changes_nothing_there_or_here(kept, empty, tmp_path):
    export_oneroster(kept.database, tmp_path / "out", kept.ref.uid)
    import_oneroster(empty, tmp_path / "out")
    for database in (empty, kept.database):
        before = count(database, "operation")
        again = import_oneroster(database, tmp_path / "out")
        assert (again.added, again.changed, again.codes) == ({}, {}, [])
        assert again.left["works"] == count(database, "work")
        assert count(database, "operation") == before


def test_an_imported_school_can_be_written_back(database, empty, tmp_path):
    import_oneroster(database, SET12)
    uid = rows(database, "SELECT uid FROM school")[0][0]
    export_oneroster(database, tmp_path / "out", uid)
    import_oneroster(empty, tmp_path / "out")
    assert picture(empty) == picture(database)
    with (tmp_path / "out" / "users.csv").open(encoding="utf-8", newline="") as source:
        assert "{sourcedId:w-1}" in {row["userIds"] for row in csv.DictReader(source)}


def test_birth_dates_are_written_of_those_who_have_one(kept, tmp_path):
    exported = export_oneroster(kept.database, tmp_path / "out", kept.ref.uid)
    with (tmp_path / "out" / "demographics.csv").open(encoding="utf-8", newline="") as source:
        written = list(csv.DictReader(source))
    assert {row["sourcedId"]: row["birthDate"] for row in written} == {
        kept.people[login].uid: day.isoformat() for login, day in BORN.items()
    }
    assert not any(value for row in written for name, value in row.items() if name not in ("sourcedId", "birthDate"))
    assert exported.rows["demographics"] == len(BORN)
    assert "file.demographics,bulk" in (tmp_path / "out" / "manifest.csv").read_text(encoding="utf-8")


def test_s41_no_cell_of_an_export_begins_a_formula(kept, tmp_path):
    export_oneroster(kept.database, tmp_path / "out", kept.ref.uid)
    seen = 0
    for path in (tmp_path / "out").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as source:
            for row in csv.reader(source):
                assert not any(begins_formula(cell) for cell in row if not cell.startswith("'")), path
                seen += sum(cell.startswith("'") for cell in row)
    assert seen >= 4


def test_an_export_holds_no_secrets_and_is_for_its_owner_only(kept, tmp_path):
    export_oneroster(kept.database, tmp_path / "out", kept.ref.uid)
    export_oneroster(kept.database, tmp_path / "out.zip", kept.ref.uid)
    assert (tmp_path / "out.zip").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    whole = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").glob("*.csv"))
    hashes = [value for pair in rows(kept.database, "SELECT password_hash, code_hash FROM account") for value in pair]
    assert [one for one in hashes if one and one in whole] == []
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert sorted(archive.namelist()) == sorted(path.name for path in (tmp_path / "out").iterdir())


def test_an_export_is_recorded_with_how_much_before_it_is_written(kept, tmp_path):
    exported = export_oneroster(kept.database, tmp_path / "out", kept.ref.uid)
    step = kept.database.read(ledger.history, f"school:{kept.ref.uid}", "export", kept.ref.uid)[0]
    assert step.kind == "school_exported"
    assert (step.account, step.after["rows"]) == ("operator", dict(exported.rows))
    assert exported.rows["users"] == 15
    with pytest.raises(FileExistsError):
        export_oneroster(kept.database, tmp_path / "out", kept.ref.uid)


def test_s11_another_schools_administrator_cannot_export(kept, tmp_path):
    other = small_school(kept.database, "other-")
    actor = kept.actor("other-school_admin", Role.SCHOOL_ADMIN)
    with pytest.raises(NotYours):
        kept.database.write(lambda uow: record_export(uow, actor, kept.ref.uid, {}))
    with pytest.raises(NotYours):
        export_oneroster(kept.database, tmp_path / "out", "nosuchschool")
    assert not (tmp_path / "out").exists()
    export_oneroster(other.database, tmp_path / "other", other.ref.uid)
    written = (tmp_path / "other" / "users.csv").read_text(encoding="utf-8")
    assert all(person.uid not in written for person in kept.people.values())


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("lineItems.csv", "2026-11-23", "20261123x", "lineItems.csv "),
        ("categories.csv", ",LW,", ",LONGERTHAN8,", "categories.csv 2 metadata.ais.code too_long most=8"),
        (
            "lineItems.csv",
            ",1,1,3,305",
            ",1,1,101,305",
            "lineItems.csv 2 metadata.ais.weight out_of_range least=0 most=100",
        ),
        ("lineItems.csv", ",1,1,3,305", ",99,1,3,305", "lineItems.csv 2 metadata.ais.number no_lesson_number"),
        ("lineItems.csv", ",1,1,3,305", ",1,9,3,305", "lineItems.csv 2 metadata.ais.ordinal no_column"),
        ("categories.csv", ",LW,3,", ",LW,-3,", "categories.csv 2 metadata.ais.weight out_of_range least=0 most=100"),
        ("users.csv", '"[[""', '"[[7', "users.csv "),
        ("lineItems.csv", ",2026-12-04", ",2026-11-23", "lineItems.csv 56 metadata.ais.homeworkDue not_after_lesson"),
    ],
)
def test_a_spoilt_export_is_refused_whole(kept, empty, tmp_path, file, old, new, named):
    export_oneroster(kept.database, tmp_path / "out", kept.ref.uid)
    change(tmp_path / "out", file, old, new)
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(empty, tmp_path / "out")
    assert any(brief(problem).startswith(named) for problem in refusal.value.problems), refusal.value.problems
    assert count(empty, "school") == 0


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("metadata.ais.code", "9", "metadata.ais.code no_code value=9"),
        ("metadata.ais.enteredAt", "", "metadata.ais.enteredAt empty"),
        ("comment", "x" * (LONGEST_COMMENT + 1), f"comment too_long most={LONGEST_COMMENT}"),
        ("studentSourcedId", "teacher", "studentSourcedId never_in_class"),
        ("lineItemSourcedId", "nowhere", "lineItemSourcedId no_reference file=lineItems.csv value=nowhere"),
    ],
)
def test_a_mark_that_no_journal_could_hold_is_refused_by_row(kept, empty, tmp_path, column, value, named):
    export_oneroster(kept.database, tmp_path / "out", kept.ref.uid)
    path = tmp_path / "out" / "results.csv"
    with path.open(encoding="utf-8", newline="") as source:
        lines = list(csv.DictReader(source))
    number = next(index for index, line in enumerate(lines) if line["classSourcedId"] == kept.courses["history"])
    lines[number][column] = kept.people["teacher"].uid if value == "teacher" else value
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(empty, tmp_path / "out")
    assert f"results.csv {number + 2} {named}" in map(brief, refusal.value.problems)
    assert count(empty, "school") == 0


_MARK = st.sampled_from(["5", "4", "3", "2", "н", "о7", "зач", "5/2", "н/4", "о/3/3"])
_CELL = st.tuples(
    st.sampled_from(["anna", "boris", "vera"]), st.sampled_from(["algebra", "history"]), st.integers(0, 4)
)
_WORDS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=60)


@settings(max_examples=examples(12), suppress_health_check=EVERY_CHECK)
@given(marks=st.dictionaries(_CELL, _MARK, max_size=20), comment=_WORDS, topic=_WORDS, homework=_WORDS)
def test_any_journal_is_the_same_after_export_and_import(tmp_path_factory, marks, comment, topic, homework):
    """Whatever was entered, whatever its texts hold."""
    folder = tmp_path_factory.mktemp("any")
    databases = []
    for name in ("first", "second"):
        databases.append(Database(f"sqlite:///{folder / name}.sqlite3", SetClock(MONDAY)))
        migrations.upgrade(databases[-1], triggers.install)
    school = small_school(databases[0])
    days = [date(2026, 11, day) for day in (23, 20, 19, 18, 17)]
    for (student, course, day), value in marks.items():
        actor = school.teacher() if course == "algebra" else school.actor("historian", Role.TEACHER)
        school.enter(actor, course, (student, days[day], value, 0))
    said = MarkEntry(school.people["anna"].uid, school.work("algebra", date(2026, 11, 16)), "5", 0, comment)
    operation = MarksOperation(new_uid(), school.courses["algebra"], [said])
    databases[0].write(lambda uow: enter_marks(uow, school.teacher(), operation))
    words = lessons.LessonText(school.lesson("algebra", TODAY), 1, topic, homework, None, nothing_set=False)
    databases[0].write(lambda uow: lessons.describe_lesson(uow, school.teacher(), words))
    export_oneroster(databases[0], folder / "out", school.ref.uid)
    import_oneroster(databases[1], folder / "out")
    wanted, got = picture(databases[0]), picture(databases[1])
    for name in ("works", "marks", "absences", "memberships"):
        assert got[name] == wanted[name], name
    assert means(databases[1]) == means(databases[0])
    for database in databases:
        database.close()
