"""S-68: whatever way an inspector takes to a course, his view stands in the ledger before anything of it is shown."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from ais_app.journal.courses.service import viewing
from ais_app.journal.grid.state import JournalState
from ais_app.journal.kinds import JOURNAL_VIEWED
from ais_app.journal.lessons.state.panel import LessonState
from tests.builders import SmallSchool
from tests.hostile import handlers, model_of
from tests.states.pages import TODAY, edit, run, shown_cell
from tests.states.test_event_fuzz import example

SECRET = "Tayna"  # the family name of every student, and in every topic: wherever it is shown, a course was looked into


def recorded(school: SmallSchool) -> set[str]:
    """The courses whose views by an inspector stand in the ledger."""
    query = text(
        "SELECT operation_item.subject FROM operation JOIN operation_item ON operation_item.operation_id = operation.id "
        "WHERE operation.kind = :kind"
    )
    return set(school.database.read(lambda one: one.execute(query, {"kind": JOURNAL_VIEWED.name}).scalars()))


def mark_what_is_personal(school: SmallSchool) -> None:
    """Marks, topics and a remark, and names that can be found in whatever leaves the server."""
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0))
    run(school, "UPDATE lesson SET topic = :secret WHERE topic <> '' OR day <= :day", secret=SECRET, day=TODAY)
    run(
        school,
        "UPDATE person SET family_name = :secret WHERE id IN (SELECT person_id FROM enrollment)",
        secret=SECRET,
    )


def asked(school: SmallSchool, handler: Any) -> list[Any]:
    """Payloads that a page of the course would send, and one that only has their shape."""
    model = model_of(handler)
    if model is None:
        return [None]
    uids = [school.work("algebra", TODAY), school.courses["algebra"], school.people["anna"].uid, *school.periods]
    known = {
        "work": school.work("algebra", TODAY),
        "course": school.courses["algebra"],
        "student": school.people["anna"].uid,
        "period": school.periods[0],
        "panel": True,
        "seq": 0,
        "by": -1,
    }
    shaped = example(model, uids)
    plausible = {name: known.get(name, value) for name, value in shaped.items()}
    views = [plausible | {"view": view} for view in ("marks", "topics")] if "view" in plausible else [plausible]
    return [*views, shaped]


async def shown(pipeline, name: str, raw: Any, tab: str, path: str) -> str:
    """Everything that an event of the inspector brought to any tab."""
    pipeline.push.sent.clear()
    answer = await pipeline.send(name, {} if raw is None else {"raw": raw}, "inspector", path, tab)
    await asyncio.sleep(0)
    return repr(answer) + repr(pipeline.push.sent)


def of_this_session(school: SmallSchool) -> set[str]:
    """Courses recorded under the newest session of the inspector."""
    query = text(
        "SELECT operation_item.subject FROM operation JOIN operation_item ON operation_item.operation_id = operation.id "
        "WHERE operation.kind = :kind AND operation.session = (SELECT login_session.uid FROM login_session "
        "JOIN account ON account.id = login_session.account_id WHERE account.login = 'inspector' "
        "ORDER BY login_session.id DESC LIMIT 1)"
    )
    return set(school.database.read(lambda one: one.execute(query, {"kind": JOURNAL_VIEWED.name}).scalars()))


async def test_s68_every_handler_that_shows_something_of_a_course_has_recorded_it(pipeline):
    """Each handler as the first event of a new session, on the page of a course: cold, and after `choose_view`."""
    school = pipeline.school
    mark_what_is_personal(school)
    course = school.courses["algebra"]
    path, showing = f"/journal/{course}", set()
    for number, (name, handler) in enumerate(handlers().items()):
        if "ais_app___" not in name or name.endswith(".setvar"):
            continue
        for variant, raw in enumerate(asked(school, handler)):
            for before in (None, "show_cell", "open_lesson", "choose_view"):
                pipeline.cookies.pop("inspector", None)
                tab = f"tab-{number}-{variant}-{before}"
                said = ""
                if before is not None:
                    first = next(one for one in handlers() if one.endswith(f".{before}"))
                    said = await shown(pipeline, first, asked(school, handlers()[first])[-2], tab, path)
                said += await shown(pipeline, name, raw, tab, path)
                if SECRET in said:
                    showing.add(name.rpartition(".")[2])
                    assert course in of_this_session(school), (name, raw, before)
    assert showing >= {"open_page", "choose_period", "choose_view", "resync", "show_cell", "open_lesson"}


async def test_s68_a_delivery_to_an_inspector_asks_for_his_grant_too(pipeline, monkeypatch):
    school = pipeline.school
    mark_what_is_personal(school)
    course = school.courses["algebra"]
    await pipeline.call(JournalState.open_page, "inspector", f"/journal/{course}", tab="watching")
    assert recorded(school) == {course}
    granted = []
    original = viewing.grant

    async def grant(database, actor, uid):
        made = await original(database, actor, uid)
        granted.append((actor.hat.key, uid))
        return made

    monkeypatch.setattr(viewing, "grant", grant)
    pipeline.push.sent.clear()
    await pipeline.call(JournalState.enter, "teacher", raw=edit(school, "boris", "4", 0))
    for _turn in range(500):
        if any(tab == "watching" for tab, _state, _values in pipeline.push.sent):
            break
        await asyncio.sleep(0.01)
    assert [values["patch"]["cells"][0][2] for tab, _state, values in pipeline.push.sent if tab == "watching"] == ["4"]
    assert any(key.startswith("inspector") and uid == course for key, uid in granted)


async def test_s68_a_course_is_not_even_watched_when_its_view_cannot_be_recorded(pipeline, monkeypatch):
    """The ledger does not take the line: nothing of the course is read, and no change of it is delivered."""
    school = pipeline.school
    mark_what_is_personal(school)

    def broken(*_arguments: Any) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(viewing, "record_view", broken)
    with pytest.raises(RuntimeError):
        await pipeline.call(JournalState.open_page, "inspector", f"/journal/{school.courses['algebra']}")
    with pytest.raises(RuntimeError):
        await pipeline.call(
            LessonState.show_cell,
            "inspector",
            f"/journal/{school.courses['algebra']}",
            raw=shown_cell(school, "anna", "algebra"),
        )
    await pipeline.call(JournalState.enter, "teacher", raw=edit(school, "boris", "4", 0))
    assert SECRET not in repr(pipeline.push.sent)
    assert "tab-inspector" not in {tab for tab, _state, values in pipeline.push.sent if "patch" in values}
