"""The page of operations through the event pipeline: conditions, address, opening; and who is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from starlette.applications import Starlette

from ais_app.db.columns import new_uid
from ais_app.history import export
from ais_app.history.routes import OperationsRoutes
from ais_app.history.state import OperationsState
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.journal.lessons.service.lessons import add_lesson
from ais_app.rights.rules import Role
from tests.states.pages import FRIDAY, TODAY, refused, run

PATH = "/operations"
HANDLERS: list[tuple[Any, dict[str, Any] | None]] = [
    (OperationsState.open_page, None),
    (OperationsState.choose, {"name": "kind", "value": "marks_entered"}),
    (OperationsState.forget_conditions, None),
    (OperationsState.turn, {"to": "older"}),
    (OperationsState.open_operation, {"operation": "a" * 16}),
    (OperationsState.show_all, None),
    (OperationsState.undo, {"operation": "a" * 16}),
]


def mark(school, student: str = "anna", value: str = "5", day=TODAY) -> str:
    uid = new_uid()
    school.enter(school.teacher(), "algebra", (student, day, value, 0), uid=uid)
    return uid


async def call(pipeline, handler: Any, login: str, raw: dict[str, Any] | None = None, path: str = PATH) -> Any:
    payload = {} if raw is None else {"raw": raw}
    return (await pipeline.call(handler, login, path, **payload)).get("operations_state", {})


def test_every_handler_is_tried_here():
    assert {handler.fn.__name__ for handler, _raw in HANDLERS} == {
        name for name in OperationsState.event_handlers if not name.startswith("set") and name in vars(OperationsState)
    }


@pytest.mark.parametrize("login", ["anna", "mother", "secretary"])
async def test_families_and_secretaries_are_refused_by_every_handler(pipeline, login):
    school = pipeline.school
    uid = mark(school)
    for handler, raw in HANDLERS:
        attempts = refused(school)
        asked = {"operation": uid} if raw and "operation" in raw else raw
        answer = await pipeline.call(handler, login, PATH, **({} if asked is None else {"raw": asked}))
        assert "operations_state" not in answer, handler
        assert refused(school) > attempts, handler


async def test_a_teacher_gets_nothing_of_others_by_any_condition(pipeline):
    school = pipeline.school
    mine = mark(school)
    historian = school.actor("historian", Role.CLASS_TEACHER)
    school.enter(historian, "history", ("boris", TODAY, "2", 0))
    foreign = school.database.read(_newest)
    for raw in (
        {"name": "author", "value": historian.account_uid},
        {"name": "person", "value": school.people["boris"].uid},
        {"name": "school_class", "value": new_uid()},
    ):
        await call(pipeline, OperationsState.open_page, "teacher")
        await call(pipeline, OperationsState.choose, "teacher", raw)
        state = await call(pipeline, OperationsState.forget_conditions, "teacher")
        assert "Boris" not in repr(state)
    state = await call(pipeline, OperationsState.open_page, "teacher", path=f"{PATH}?author={historian.account_uid}")
    assert [row.uid for row in state.get("rows", [])] in ([], [mine])
    opened = await call(pipeline, OperationsState.open_operation, "teacher", {"operation": foreign})
    assert "Boris" not in repr(opened)
    assert "opened" not in opened, "it stays closed"


def _newest(connection) -> str:
    return connection.execute(text("SELECT uid FROM operation ORDER BY id DESC LIMIT 1")).scalar_one()


async def test_conditions_are_in_the_address_and_come_back_from_it(pipeline):
    school = pipeline.school
    uid = mark(school)
    state = await call(pipeline, OperationsState.open_page, "deputy")
    assert state["status"] == "ready"
    assert state["rows"][0].uid == uid
    state = await call(pipeline, OperationsState.choose, "deputy", {"name": "kind", "value": "marks_entered"})
    assert [row.uid for row in state["rows"]] == [uid]
    assert state["address"] == {"at": PATH, **dict.fromkeys(state["asked"], ""), "kind": "marks_entered"}
    assert state["export"] == f"{PATH}/export?kind=marks_entered"
    state = await call(pipeline, OperationsState.open_operation, "deputy", {"operation": uid})
    assert state["opened"].changes[0].after == "5"
    assert state["address"]["operation"] == uid
    state = await call(
        pipeline, OperationsState.open_page, "director", path=f"{PATH}?kind=marks_entered&operation={uid}&first=junk"
    )
    assert (state["opened"].uid, state["asked"]["first"], len(state["rows"])) == (uid, "", 1)
    state = await call(pipeline, OperationsState.open_operation, "director", {"operation": uid})
    assert state["opened"].uid == ""


async def test_a_class_offers_its_students_and_another_class_forgets_the_student(pipeline):
    school = pipeline.school
    mark(school, "anna")
    boris = mark(school, "boris")
    state = await call(pipeline, OperationsState.open_page, "deputy")
    seventh = state["classes"][0].value
    state = await call(pipeline, OperationsState.choose, "deputy", {"name": "school_class", "value": seventh})
    assert "Boris Alex" in [one.label for one in state["students"]]
    person = {"name": "person", "value": school.people["boris"].uid}
    state = await call(pipeline, OperationsState.choose, "deputy", person)
    assert [row.uid for row in state["rows"] if row.kind.startswith("Marks")] == [boris]
    state = await call(pipeline, OperationsState.choose, "deputy", {"name": "school_class", "value": ""})
    assert (state["asked"]["person"], state["students"]) == ("", [])


async def test_an_inspector_gets_numbers_and_his_first_event_is_recorded_whichever_it_is(pipeline):
    school = pipeline.school
    run(school, "UPDATE person SET family_name = 'Tayna'")
    uid = mark(school)
    for handler, raw in HANDLERS:
        pipeline.cookies.pop("inspector", None)
        asked = {"operation": uid} if raw and "operation" in raw else raw
        answer = await call(pipeline, handler, "inspector", asked)
        assert "Tayna" not in repr(answer), handler
        assert "Tayna" not in repr(pipeline.push.sent), handler
    views = "SELECT count(*) FROM operation WHERE kind = 'operations_viewed'"
    assert (
        school.database.read(lambda one: one.execute(text(views)).scalar_one()) == len(HANDLERS) - 1
    )  # undoing shows him nothing


async def post(pipeline, login: str, query: str = "") -> httpx.Response:
    transport = httpx.ASGITransport(Starlette(routes=OperationsRoutes(pipeline.services).routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://school") as client:
        return await client.post(f"{PATH}/export{query}", headers={"cookie": pipeline.cookie(login)})


async def test_an_export_is_recorded_and_comes_in_portions(pipeline, monkeypatch):
    school = pipeline.school
    for student in ("anna", "boris", "vera"):
        mark(school, student)
        mark(school, student, day=FRIDAY)
    monkeypatch.setattr(export, "PORTION", 2)
    answer = await post(pipeline, "deputy", "?kind=marks_entered")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="operations-2026-11-23.csv"'
    text_of = answer.content.decode("utf-8-sig")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = text_of.splitlines()
    assert len(lines) == 7
    assert [int(line.partition(";")[0]) for line in lines[1:]] == sorted(
        (int(line.partition(";")[0]) for line in lines[1:]), reverse=True
    )
    state = await call(pipeline, OperationsState.open_page, "deputy")
    first = state["rows"][0]
    assert (first.kind, "marks_entered" in first.text or "Marks" in first.text) == ("Operations were exported", True)


@pytest.mark.parametrize("login", ["anna", "mother", "secretary"])
async def test_nobody_else_exports(pipeline, login):
    answer = await post(pipeline, login)
    assert (answer.status_code, answer.content) == (404, b"")


async def test_a_teacher_and_an_inspector_export_what_they_may_read(pipeline):
    school = pipeline.school
    run(school, "UPDATE person SET family_name = 'Tayna' WHERE id IN (SELECT person_id FROM enrollment)")
    mark(school)
    historian = school.actor("historian", Role.CLASS_TEACHER)
    school.enter(historian, "history", ("boris", TODAY, "2", 0))
    mine = (await post(pipeline, "teacher", f"?author={historian.account_uid}")).text
    assert ("Algebra" in mine, "History" in mine) == (True, False)
    nameless = (await post(pipeline, "inspector")).text
    assert ("History" in nameless, "Tayna" in nameless) == (True, False)


def held(school, student: str, day=TODAY) -> str:
    """What stands in a cell of algebra."""
    found = text(
        "SELECT code FROM mark JOIN person ON person.id = mark.student_id JOIN work ON work.id = mark.work_id "
        "WHERE person.uid = :student AND work.uid = :work"
    )
    asked = {"student": school.people[student].uid, "work": school.work("algebra", day)}
    return school.database.read(lambda one: one.execute(found, asked).scalar() or "")


async def test_a_teacher_undoes_what_he_did_and_undoes_that_again(pipeline):
    """Three marks at once go in one operation and come back in one; each step is in the history."""
    school = pipeline.school
    uid = new_uid()
    cells = [(student, TODAY, "5", 0) for student in ("anna", "boris", "vera")]
    school.enter(school.teacher(), "algebra", *cells, uid=uid)
    await call(pipeline, OperationsState.open_page, "teacher")
    opened = (await call(pipeline, OperationsState.open_operation, "teacher", {"operation": uid}))["opened"]
    assert opened.undo.offered
    assert opened.undo.text.startswith("3 ")
    after = await call(pipeline, OperationsState.undo, "teacher", {"operation": uid, "reason": "Another class"})
    assert [held(school, student) for student in ("anna", "boris", "vera")] == ["", "", ""]
    assert after["opened"].undo.text == "This was undone already."
    undoing = after["rows"][0].uid
    assert after["rows"][0].kind == "Undone: Marks or absences were entered"
    assert "undone" not in after["rows"][0].place + after["rows"][0].text
    await call(pipeline, OperationsState.undo, "teacher", {"operation": undoing, "reason": "It was right"})
    assert [held(school, student) for student in ("anna", "boris", "vera")] == ["5", "5", "5"]


async def test_what_was_changed_since_is_not_undone(pipeline):
    school = pipeline.school
    uid = mark(school)
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "4", 1), reason="Recounted")
    await call(pipeline, OperationsState.open_page, "teacher")
    opened = (await call(pipeline, OperationsState.open_operation, "teacher", {"operation": uid}))["opened"]
    assert not opened.undo.offered
    assert opened.undo.text == "The same was changed later: that has to be undone first."
    delta = await pipeline.call(OperationsState.undo, "teacher", PATH, raw={"operation": uid, "reason": "x"})
    assert "changed later" in delta["notice_state"]["notice"]
    assert held(school, "anna") == "4"


@pytest.mark.parametrize("login", ["deputy", "inspector", "director", "historian"])
async def test_s15_nobody_undoes_the_marks_of_others(pipeline, login):
    """Who reads all operations changes none of them; the attempt is counted."""
    school = pipeline.school
    uid = mark(school)
    attempts = refused(school)
    await pipeline.call(OperationsState.undo, login, PATH, raw={"operation": uid, "reason": "x"})
    assert held(school, "anna") == "5"
    assert refused(school) > attempts


async def test_a_lesson_with_marks_is_undone_when_its_question_was_answered(pipeline):
    school = pipeline.school
    day = date(2026, 11, 19)
    lesson = school.database.write(lambda uow: add_lesson(uow, school.teacher(), school.courses["algebra"], day, 7))
    uid = school.database.read(_newest)
    work = text("SELECT work.uid FROM work JOIN lesson ON lesson.id = work.lesson_id WHERE lesson.uid = :lesson")
    column = school.database.read(lambda one: one.execute(work, {"lesson": lesson}).scalar_one())
    entry = MarkEntry(school.people["anna"].uid, column, "5", 0)
    asked = MarksOperation(new_uid(), school.courses["algebra"], [entry])
    school.database.write(lambda uow: enter_marks(uow, school.teacher(), asked))
    await call(pipeline, OperationsState.open_page, "teacher")
    first = await call(pipeline, OperationsState.undo, "teacher", {"operation": uid, "reason": "Wrong day"})
    question = first["question"]
    assert question
    raw = {"operation": uid, "reason": "Wrong day", "confirmed": question}
    assert (await call(pipeline, OperationsState.undo, "teacher", raw))["question"] == ""
    gone = text("SELECT taken_back_at FROM lesson WHERE uid = :lesson")
    assert school.database.read(lambda one: one.execute(gone, {"lesson": lesson}).scalar()) is not None
