"""Every registered handler under hostile events, through the real pipeline: nothing foreign changes or shows,
nothing crashes, and who is refused is told so (D-17)."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ais_app.access.payload import Payload
from ais_app.db.columns import new_uid
from ais_app.diary.state import DiaryState
from ais_app.journal.grid.state import JournalState
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.journal.today.state import TodayState
from tests.builders import small_school
from tests.depth import EVERY_CHECK, examples
from tests.hostile import NAUGHTY, handlers, model_of, payloads, values
from tests.states.pages import sent

ROOT = "reflex___state____state"
ROLES = ["teacher", "historian", "deputy", "director", "school_admin", "secretary", "inspector", "anna", "mother"]
PATHS = ["/", "/diary", "/journal/{algebra}", "/journal/{foreign}", "/journal/{algebra}?lesson={foreign_lesson}"]
ODD_PATHS = ["/journal/\x00", "/journal/' OR 1=1 --?lesson=\x00", "/journal/" + "x" * 5000, "/journal/\ud800"]
JOURNAL_TABLES = ("mark", "cell", "attendance", "lesson", "work", "homework", "remark")
WRITERS = ("teacher", "historian", "deputy")
FRAMEWORK: list[Any] = [
    {},
    {"value": True},
    {"vars": {"x.y": 1}},
    {"vars": {"x": None}, "hashes": ["x"]},
    {"hashes": 5},
]
_STRAIGHT = settings(
    max_examples=examples(20),
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=EVERY_CHECK,
)


class AttackedSchool:
    """The school under attack, a foreign one beside it whose every word says so, and what must not change."""

    def __init__(self, pipeline) -> None:
        self.pipeline, self.school = pipeline, pipeline.school
        self.foreign = small_school(self.school.database, "other-")
        self._mark_foreign()
        own, other = self.school, self.foreign
        day, future = "2026-11-23", "2026-11-24"
        self.uids = ["a" * 16]
        for school in (own, other):
            self.uids += [school.people[login].uid for login in ("anna", "boris", "gleb", "mother", "teacher")]
            self.uids += [*school.courses.values(), *school.periods, *school.types.values()]
            self.uids += [
                getattr(school, kind)(course, _day(when))
                for kind in ("work", "lesson")
                for course in ("algebra", "history")
                for when in (day, future)
            ]
        places = {
            "algebra": own.courses["algebra"],
            "foreign": other.courses["algebra"],
            "foreign_lesson": other.lesson("algebra", _day(day)),
        }
        self.paths = [path.format_map(places) for path in PATHS] + ODD_PATHS
        self.lesson = own.lesson("algebra", _day(day))
        self.before = self.rows(other.ref.id)

    def _mark_foreign(self) -> None:
        """Rows of the other school whose texts can be found in whatever leaves the server."""
        school = self.foreign
        school.enter(school.teacher(), "algebra", ("anna", _day("2026-11-23"), "5", 0))
        for table, column in (
            ("person", "family_name"),
            ("course", "name"),
            ("lesson", "topic"),
            ("control_type", "name"),
        ):
            where = "school_id = :school"
            self.school.database.write(
                lambda uow, change=f"UPDATE {table} SET {column} = 'Foreign' || {column} WHERE {where}": uow.execute(
                    text(change), {"school": school.ref.id}
                )
            )

    def rows(self, school_id: int) -> dict[str, list[Any]]:
        """Every row of the journal of a school."""
        of_lesson = "SELECT id FROM lesson WHERE school_id = :school"
        where = {
            "lesson": "school_id = :school",
            "work": f"lesson_id IN ({of_lesson})",
            "homework": f"lesson_id IN ({of_lesson})",
            "remark": f"lesson_id IN ({of_lesson})",
            "attendance": f"lesson_id IN ({of_lesson})",
            "mark": f"work_id IN (SELECT id FROM work WHERE lesson_id IN ({of_lesson}))",
            "cell": f"work_id IN (SELECT id FROM work WHERE lesson_id IN ({of_lesson}))",
        }

        def read(connection):
            return {
                table: list(
                    map(
                        tuple,
                        connection.execute(
                            text(f"SELECT * FROM {table} WHERE {where[table]} ORDER BY id"), {"school": school_id}
                        ),
                    )
                )
                for table in JOURNAL_TABLES
            }

        return self.school.database.read(read)

    def refusals(self) -> int:
        query = text("SELECT coalesce(sum(count), 0) FROM security_event")
        return self.school.database.read(lambda one: one.execute(query).scalar_one())

    async def open_pages(self, login: str) -> None:
        """What a person's page would have open: the course with its panel, or the diary."""
        shown_cell = {
            "course": self.school.courses["algebra"],
            "student": self.school.people["anna"].uid,
            "work": self.school.work("algebra", _day("2026-11-23")),
            "panel": True,
        }
        for handler, payload in (
            (JournalState.open_page, {}),
            (LessonState.show_cell, {"raw": shown_cell}),
            (DiaryState.open_page, {}),
        ):
            await self.pipeline.call(handler, login, self.paths[2], **payload)

    async def attack(self, login: str, name: str, payload: Any, path: str, tab: str = "") -> None:
        """One event; afterwards nothing foreign has changed or left, and a refusal was answered."""
        pipeline = self.pipeline
        pipeline.push.sent.clear()
        refused = self.refusals()
        deltas = await pipeline.send(name, payload, login, path, tab)
        await asyncio.sleep(0)
        said = repr(deltas) + repr(pipeline.push.sent)
        assert "Foreign" not in said, (login, name, payload)
        if self.refusals() > refused:
            assert deltas or pipeline.push.sent, (login, name, payload, "was refused without an answer")


def example(model: type[Payload], uids: list[str]) -> Any:
    """One well formed payload, always the same."""
    found: list[Any] = []

    @given(st.fixed_dictionaries({n: values(one, uids) for n, one in model.model_json_schema()["properties"].items()}))
    @settings(_STRAIGHT, max_examples=1, derandomize=True)
    def draw(raw: Any) -> None:
        found.append(raw)

    draw()
    return found[0]


def _day(iso: str) -> date:
    return date.fromisoformat(iso)


@pytest.fixture
def attacked(pipeline) -> AttackedSchool:
    return AttackedSchool(pipeline)


def events(attacked: AttackedSchool) -> st.SearchStrategy[tuple[str, Any, str]]:
    """(handler, payload, address) of one hostile event; our own handlers far more often than the framework's."""
    found = handlers()
    ours = sorted(name for name in found if "ais_app___" in name and not name.endswith(".setvar"))
    names = st.sampled_from(ours * 4 + sorted(found.keys() - set(ours)))
    return names.flatmap(
        lambda name: st.tuples(
            st.just(name),
            st.one_of(payloads(found[name], attacked.uids), st.sampled_from(FRAMEWORK)),
            st.sampled_from(attacked.paths),
        )
    )


@pytest.mark.parametrize("login", ROLES)
@given(data=st.data())
@_STRAIGHT
async def test_hostile_events_change_nothing_foreign_and_crash_nothing(attacked, login, data):
    await hostile_visit(attacked, login, data)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("login", ["teacher", "mother"])
@given(data=st.data())
@_STRAIGHT
async def test_hostile_events_on_postgresql(attacked, login, data):
    await hostile_visit(attacked, login, data)


async def hostile_visit(attacked: AttackedSchool, login: str, data: st.DataObject) -> None:
    """Ten hostile events of one person; what he may not write stays as it was."""
    own = attacked.rows(attacked.school.ref.id)
    await attacked.open_pages(login)
    for event in data.draw(st.lists(events(attacked), min_size=10, max_size=10)):
        await attacked.attack(login, *event)
    assert attacked.rows(attacked.foreign.ref.id) == attacked.before
    if login not in WRITERS:
        assert attacked.rows(attacked.school.ref.id) == own


async def test_s55_handlers_that_no_page_calls_in_this_order_crash_nothing(attacked):
    """Every handler as the very first event of a tab, with a well formed payload."""
    for login in ("teacher", "deputy", "secretary", "mother"):
        for number, (name, handler) in enumerate(handlers().items()):
            model = model_of(handler) if "ais_app___" in name else None
            payload = {} if model is None else {"raw": example(model, attacked.uids)}
            await attacked.attack(login, name, payload, "/", f"{login}-{number}")


async def test_an_address_that_cannot_be_read_is_answered_with_an_error_code(attacked):
    """The framework reads the address before the guard: it fails, and the person is told."""
    with pytest.raises(ValueError, match="IPv6"):
        await attacked.pipeline.send(f"{ROOT}.hydrate", {}, "teacher", "http://[")
    notice = await sent(attacked.pipeline, "tab-teacher", "notice")
    assert re.search(r"[a-z2-7]{16}", notice)


def commented(attacked, naughty: str) -> dict:
    """The grid's event that gives the present mark of Anna this comment."""
    school, course = attacked.school, attacked.school.courses["algebra"]
    student, work = school.people["anna"].uid, school.work("algebra", _day("2026-11-23"))
    query = text("SELECT version FROM cell JOIN work ON work.id = cell.work_id WHERE work.uid = :work")
    version = school.database.read(lambda one: one.execute(query, {"work": work}).scalar_one())
    return {"ops": [[new_uid(), course, [[student, work, "5", version, naughty]]]]}


@pytest.mark.parametrize("place", ["topic", "homework", "comment", "remark", "document"])
async def test_s38_every_naughty_string_is_kept_as_text_or_refused(attacked, place):
    """Texts of the journal take the whole list: each stands in the diary letter by letter, or nothing was written."""
    pipeline, anna = attacked.pipeline, attacked.school.people["anna"].uid
    await attacked.open_pages("historian")
    attacked.school.enter(attacked.school.teacher(), "algebra", ("anna", _day("2026-11-23"), "5", 0))
    await attacked.open_pages("teacher")
    for naughty in NAUGHTY[len(place) % 5 :: 5]:
        pipeline.push.sent.clear()
        handler, login, raw = {
            "topic": (LessonState.save_lesson, "teacher", {"topic": naughty, "homework": "", "minutes": ""}),
            "homework": (LessonState.save_lesson, "teacher", {"topic": "", "homework": naughty, "minutes": "5"}),
            "comment": (JournalState.enter, "teacher", commented(attacked, naughty)),
            "remark": (LessonState.add_remark, "teacher", {"remark": naughty}),
            "document": (
                TodayState.excuse,
                "historian",
                {
                    "student": anna,
                    "first": "2026-11-23",
                    "last": "2026-11-23",
                    "reason": "б",
                    "document": naughty[:200],
                },
            ),
        }[place]
        delta = await pipeline.call(handler, login, attacked.paths[2], raw=raw)
        assert delta or pipeline.push.sent, naughty
        days = (await pipeline.call(DiaryState.open_page, "mother", "/diary"))["diary_state"]["days"]
        lesson = next(one for day in days for one in day.lessons if one.uid == attacked.lesson)
        shown = {"topic": [lesson.topic], "homework": [lesson.homework], "comment": lesson.comments}
        texts = shown.get(place, lesson.remarks)
        if place != "document" and naughty.strip() and "\0" not in naughty:
            assert naughty.strip() in texts, naughty
