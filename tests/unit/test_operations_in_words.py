"""What operations say to whom: old → new in plain words, names of rows, erased and closed texts, the export, the command."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from ais_app import settings as settings_module
from ais_app.cli import main
from ais_app.formulas import csv_of
from ais_app.history import conditions, export, service, views, words
from ais_app.history.payloads import Conditions
from ais_app.journal.remarks.service import add_remark
from ais_app.ledger.erasing import erase_texts
from ais_app.ledger.kinds import Kind
from ais_app.ledger.operation import operation
from ais_app.people.records import PERSON
from ais_app.records import RECORDS
from ais_app.rights.rules import Right, Role, operator
from ais_app.school.models import AcademicYear
from ais_app.school.records import ENROLLMENT, HOLIDAY
from tests.builders import SmallSchool
from tests.states.pages import FRIDAY, TODAY
from tests.unit.operations import deputy, opened, rows, shown
from tests.unit.test_operations import describe, entered

TRIED = Kind("tried", lambda: "Something was tried", without=lambda: "It only happens in tests.")
SECRET = "Тайна"


def inspector(school: SmallSchool):
    return school.actor("inspector", Role.INSPECTOR)


def in_operation(school: SmallSchool, work, reason: str = "") -> None:
    def run(uow):
        with operation(uow, school.teacher(), TRIED, Right.KEEP_LESSONS, reason) as op:
            work(op)

    school.database.write(run)


def last(school: SmallSchool, actor=None) -> views.OpenedOperation:
    return opened(school, rows(school)[0].uid, actor)


def told(one: views.OpenedOperation) -> list[tuple[str, str, str]]:
    return [(change.label, change.before, change.after) for change in one.changes]


def test_a_mark_is_named_by_its_student_lesson_and_work(school):
    entered(school)
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "4", 1), reason="Пересчитала")
    found = last(school)
    (change,) = found.changes
    assert (change.row, change.label, change.before, change.after) == ("Anna A. I.", "Value", "5", "4")
    assert change.place == "Algebra, 7А, 23 November, lesson 1, lesson work"
    assert (found.who, found.role, found.reason) == ("Teacher A. I.", "Teacher", "Пересчитала")
    assert found.moment == "23 Nov 2026, 12:00:00"
    row = shown(school).rows[0]
    assert (row.text, row.place, row.reason) == ("Anna A. I.: 5 → 4", change.place, True)
    assert (row.heading, row.time) == ("Today, Monday, 23 November", "12:00")
    assert shown(school).rows[1].heading == ""


def test_of_many_cells_the_list_tells_two_and_the_place_is_said_once(school):
    school.enter(school.teacher(), "algebra", *[(student, TODAY, "5", 0) for student in ("anna", "boris", "vera")])
    assert shown(school).rows[0].text == "Anna A. I.: 5, Boris A. I.: 5, and 1 more"
    places = [change.place for change in last(school).changes]
    assert (bool(places[0]), places[1:]) == (True, ["", ""])


def test_dates_yes_and_no_and_references_in_plain_words(school):
    year = school.database.read(lambda one: one.execute(text("SELECT id FROM academic_year")).scalars().first())
    days = {"starts_on": date(2026, 2, 2), "ends_on": date(2026, 2, 3)}
    made = []
    in_operation(school, lambda op: made.append(op.insert(HOLIDAY, {"year_id": year, "name": "Snow", **days})))
    assert told(last(school)) == [
        ("School year", "", "2026/27"),
        ("Name", "", "Snow"),
        ("First day", "", "2 Feb 2026"),
        ("Last day", "", "3 Feb 2026"),
    ]
    assert last(school).changes[0].row == "Days without lessons: Snow"
    in_operation(school, lambda op: op.update(HOLIDAY, made[0].id, grade=7, ends_on=date(2026, 2, 4)))
    assert told(last(school)) == [("Last day", "3 Feb 2026", "4 Feb 2026"), ("Grade", "—", "7")]
    assert AcademicYear.__tablename__ in RECORDS


def test_a_lesson_tells_its_texts_and_an_erased_one_says_so(school):
    describe(school, SECRET)
    found = last(school)
    assert ("Topic", "—", SECRET) in told(found)
    assert SECRET in shown(school).rows[0].text
    describe(school, "Корни")
    found = last(school)
    assert ("Topic", SECRET, "Корни") in told(found)
    school.database.write(lambda uow: erase_texts(uow, operator(), found.uid, "По требованию"))
    assert ("Topic", "erased", "erased") in told(opened(school, found.uid))
    assert "Корни" not in repr(shown(school))


def test_a_birth_date_is_a_day_though_it_is_kept_as_a_text(school):
    row = {"school_id": school.ref.id, "family_name": "Ким", "given_name": "Ада", "birth_date": date(2012, 5, 6)}
    in_operation(school, lambda op: op.insert(PERSON, row))
    assert ("Birth date", "", "6 May 2012") in told(last(school))
    assert last(school).changes[0].row == "Person: Ким А."


def test_every_declared_table_and_old_names_have_words():
    for name in RECORDS:
        assert words.entity_in_words(name) == RECORDS[name].words()
    assert words.entity_in_words("export") == "Export"
    assert "unheard" in words.entity_in_words("unheard")
    assert "unheard" in words.kind_in_words("unheard")
    assert words.field_in_words("lesson", "topic") == "Topic"
    assert words.field_in_words("unheard", "of") == "of"


@pytest.mark.parametrize("role", list(Role))
def test_every_author_has_a_role(role):
    assert words.hat_in_words(f"{role.value}:school:person") != ""
    assert words.hat_in_words("teaching:a:b") == "Teacher"


def secrets(school: SmallSchool) -> None:
    """Names, a reason, a topic, a remark and a comment that an inspector must not read."""
    names = {"family_name": SECRET, "given_name": "Alex", "patronymic": "Ivanovich"}
    in_operation(school, lambda op: op.update_all(PERSON, {one.id: names for one in school.people.values()}))
    school.comment(school.teacher(), "algebra", "anna", FRIDAY, "5", SECRET)
    school.enter(school.teacher(), "algebra", ("anna", FRIDAY, "4", 1), reason=SECRET)
    describe(school, SECRET)
    anna, lesson = school.people["anna"].uid, school.lesson("algebra", TODAY)
    school.database.write(lambda uow: add_remark(uow, school.teacher(), lesson, anna, SECRET))
    row = {"school_id": school.ref.id, "family_name": SECRET, "given_name": SECRET}
    in_operation(school, lambda op: op.insert(PERSON, row), reason=SECRET)


def everything(school: SmallSchool, actor) -> str:
    found = [repr(shown(school, actor))]
    found += [repr(opened(school, row.uid, actor, whole=True)) for row in rows(school)]
    asked = [{"person": school.people["anna"].uid}, {"author": school.teacher().account_uid}]
    found += [repr(school.read(conditions.conditions_in_words, actor, TODAY, Conditions(**one))) for one in asked]
    found += [repr(school.read(conditions.choices_of, actor, TODAY, Conditions()))]
    return "\n".join(found)


def test_an_inspector_reads_no_name_and_no_text(school):
    secrets(school)
    assert SECRET in everything(school, deputy(school))
    read = everything(school, inspector(school))
    assert SECRET not in read
    assert "Alex" not in read
    assert "text is closed" in read
    assert "5 characters, text is closed" in read, "that there is a reason, and how long it is"


def test_a_student_has_one_number_in_all_rows_and_another_for_another_inspector(school):
    entered(school, "anna")
    school.enter(school.teacher(), "algebra", ("anna", FRIDAY, "4", 0))
    names = {change.row for row in rows(school)[:2] for change in opened(school, row.uid, inspector(school)).changes}
    assert len(names) == 1
    assert names < {f"7А, student {number}" for number in range(1, 5)}
    students = {}
    for student in ("anna", "boris", "vera"):
        entered(school, student, version=1 if student == "anna" else 0, value="3")
        students[student] = opened(school, rows(school)[0].uid, inspector(school)).changes[0].row
    assert len(set(students.values())) == 3


def test_who_comes_to_a_class_later_moves_no_number(school):
    school.enter(school.teacher(), "algebra", *[(one, TODAY, "5", 0) for one in ("anna", "boris", "vera")])
    before = [change.row for change in last(school, inspector(school)).changes]
    group = school.database.read(lambda one: one.execute(text("SELECT group_id FROM school_class")).scalar_one())
    member = {"group_id": group, "person_id": school.people["stranger"].id, "valid_from": date(2026, 11, 1)}
    in_operation(school, lambda op: op.insert(ENROLLMENT, member))
    marked = rows(school, kind="marks_entered")[0].uid
    assert [change.row for change in opened(school, marked, inspector(school)).changes] == before


def test_a_reason_of_absence_is_only_a_reason_for_an_inspector():
    teller = words.Teller("UTC", True, {})
    assert teller.value("cell", "value", "б") == "reason"
    assert teller.value("cell", "value", "5/у") == "5/reason"
    assert teller.value("cell", "value", "о15") == "о15"
    assert words.Teller("UTC", False, {}).value("cell", "value", "б") == "б"


async def test_what_an_inspector_looks_at_is_recorded_once_for_each_thing(school, monkeypatch):
    monkeypatch.setattr(service, "_recorded", type(service._recorded)())
    actor, anna = inspector(school), school.people["anna"].uid
    for asked, recorded in (({}, 1), ({}, 1), ({"kind": "tried"}, 1), ({"person": anna}, 2), ({"person": anna}, 2)):
        await service.look(school.database, actor, Conditions(**asked))
        assert len(rows(school, kind="operations_viewed")) == recorded
    monkeypatch.setattr(service, "_recorded", type(service._recorded)())  # another process
    await service.look(school.database, actor, Conditions())
    await service.look(school.database, deputy(school), Conditions())
    assert len(rows(school, kind="operations_viewed")) == 2


def test_conditions_are_said_and_of_foreign_things_nothing(school):
    entered(school)
    anna, work = school.people["anna"].uid, school.work("algebra", TODAY)
    seventh = school.read(conditions.choices_of, deputy(school), TODAY, Conditions()).classes[0].value
    asked = Conditions(
        first="2026-11-23",
        kind="marks_entered",
        school_class=seventh,
        person=anna,
        author=school.teacher().account_uid,
        entity="cell",
        subject=f"{anna}:{work}",
    )
    said = {one.name: one.value for one in school.read(conditions.conditions_in_words, deputy(school), TODAY, asked)}
    assert said == {
        "first": "23 Nov 2026",
        "kind": "Marks or absences were entered",
        "school_class": "7А",
        "person": "Anna A. I.",
        "author": "Teacher A. I.",
        "object": "Cell: Anna A. I., Algebra, 7А, 23 November, lesson 1, lesson work",
    }
    historian = school.actor("historian", Role.TEACHER)
    assert [
        (one.name, one.value)
        for one in school.read(conditions.conditions_in_words, historian, TODAY, asked.model_copy(update={"kind": ""}))
    ] == [("first", "23 Nov 2026"), ("object", "Cell")]


def exported(school: SmallSchool, actor, **asked: str) -> list[list[str]]:
    batches, last_number = school.read(export.batches_of, actor, TODAY, Conditions(**asked))
    assert last_number == ""
    found = [line for batch in batches for line in school.read(export.lines_of, actor, TODAY, batch)]
    return list(csv.reader(io.StringIO(csv_of([export.head(), *found])), delimiter=";"))


def test_an_export_has_number_and_hash_and_runs_no_formula(school):
    describe(school, '=HYPERLINK("http://evil")')
    head, first, *_others = exported(school, deputy(school), kind="lesson_described")
    line = dict(zip(head, first, strict=True))
    row = rows(school, kind="lesson_described")[0]
    assert (line["Number"], line["Operation"], line["Fingerprint"]) == (str(row.sequence), row.uid, row.hash)
    assert line["Author"] == "Teacher A. I."
    assert line["Row"] == "Lesson: Algebra, 7А, 23 November, lesson 1"
    assert 'Topic: =HYPERLINK("http://evil")' in line["Became"]
    school.enter(school.teacher(), "algebra", ("anna", FRIDAY, "5", 0))
    school.enter(school.teacher(), "algebra", ("anna", FRIDAY, "4", 1), reason="=1+1")
    reasons = [one[head.index("Reason")] for one in exported(school, deputy(school), kind="marks_entered")[1:]]
    assert reasons == ["'=1+1", ""]


def test_an_operation_with_very_many_rows_is_exported_whole_and_piece_by_piece(school, monkeypatch):
    whole = exported(school, deputy(school))
    monkeypatch.setattr(export, "MOST_ITEMS", 7)
    batches, _last = school.read(export.batches_of, deputy(school), TODAY, Conditions())
    assert any(batch.ordinals[0] > 0 for batch in batches)
    assert all(len(school.read(export.lines_of, deputy(school), TODAY, batch)) <= 7 for batch in batches)
    assert exported(school, deputy(school)) == whole


class Ais:
    """The command over the database of the small school."""

    def __init__(self, school: SmallSchool, folder, monkeypatch) -> None:
        monkeypatch.setenv("AIS_DATA_DIR", str(folder / "var"))
        monkeypatch.setenv("AIS_DATABASE_URL", school.database.url.render_as_string(hide_password=False))
        monkeypatch.setenv("AIS_TIMEZONE", "Europe/Moscow")

    def __call__(self, *arguments: str):
        settings_module.settings.cache_clear()
        try:
            return CliRunner().invoke(main, ["history", *arguments])
        finally:
            settings_module.settings.cache_clear()


def test_the_command_prints_every_step_of_a_row_the_oldest_first(school, tmp_path, monkeypatch):
    entered(school)
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "4", 1), reason="Пересчитала")
    entered(school, "boris")
    subject = f"{school.people['anna'].uid}:{school.work('algebra', TODAY)}"
    ais = Ais(school, tmp_path, monkeypatch)
    done = ais("cell", subject)
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "Cell: Anna A. I., Algebra, 7А, 23 November, lesson 1, lesson work",
        "",
        "23 Nov 2026, 12:00:00  teacher (Teacher)  Marks or absences were entered",
        "    Value: — → 5",
        "",
        "23 Nov 2026, 12:00:00  teacher (Teacher)  Marks or absences were entered",
        "    Reason: Пересчитала",
        "    Value: 5 → 4",
    ]
    assert ais("Cell", subject).stdout == done.stdout, "by its word, too"


def test_the_command_says_what_it_does_not_know(school, tmp_path, monkeypatch):
    ais = Ais(school, tmp_path, monkeypatch)
    wrong = ais("nothing", "a" * 16)
    assert (wrong.exit_code, "lesson" in wrong.stderr) == (2, True)
    unknown = ais("lesson", "a" * 16)
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert "a" * 16 in unknown.stderr
