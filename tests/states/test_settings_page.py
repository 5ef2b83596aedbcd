"""«Настройки школы» through the event pipeline: list, search, address, form, live, and who is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ais_app.journal import settings as journal
from ais_app.rights.rules import Role
from ais_app.school_settings.queries import value
from ais_app.school_settings.service import NewValue, change
from ais_app.settings_page.state import SettingsState
from tests.states.pages import refused, sent

PATH = "/settings"
ADMIN = "school_admin"
TOMORROW, LATER = date(2026, 11, 24), date(2027, 1, 11)
FORM = {"setting": "edit_window_days", "value": "5", "since": "tomorrow", "day": "", "reason": "Decision No. 4"}
READS: list[tuple[Any, dict[str, Any] | None]] = [
    (SettingsState.open_page, None),
    (SettingsState.choose_group, {"group": "family"}),
    (SettingsState.open_setting, {"setting": "edit_window_days"}),
    (SettingsState.show_tab, {"tab": "history"}),
    (SettingsState.find, {"name": "find", "value": "window"}),
    (SettingsState.only_changed, None),
]
WRITES: list[tuple[Any, dict[str, Any] | None]] = [
    (SettingsState.take_usual, None),
    (SettingsState.save, FORM),
    (SettingsState.ask_usual, {"group": "journal"}),
    (SettingsState.write_usual, {"group": "journal", "reason": "Decision No. 4"}),
    (SettingsState.cancel, {"setting": "edit_window_days", "day": TOMORROW.isoformat()}),
]


async def call(pipeline, handler: Any, login: str = ADMIN, raw: dict[str, Any] | None = None, path: str = PATH, tab=""):
    payload = {} if raw is None else {"raw": raw}
    return (await pipeline.call(handler, login, path, tab, **payload)).get("settings_state", {})


def held(school, setting, day):
    return school.database.read(lambda one: value(one, setting, school.ref.id, day))


def rows(sections) -> dict[str, Any]:
    return {row.key: row for section in sections for row in section.rows}


async def test_the_administrator_sees_groups_and_rows(pipeline):
    shown = await call(pipeline, SettingsState.open_page)
    assert [one.key for one in shown["groups"]] == [
        "marks",
        "journal",
        "results",
        "attendance",
        "family",
        "access",
        "files",
    ]
    assert shown["sections"][0].key == "journal", "the chosen group comes first"
    window = rows(shown["sections"])["edit_window_days"]
    assert (window.value, window.against, window.locked) == ("7 days", "usual", False)
    assert rows(shown["sections"])["who_opens"].locked


async def test_a_value_is_written_shown_as_future_and_cancelled(pipeline, school):
    await call(pipeline, SettingsState.open_page)
    opened = await call(pipeline, SettingsState.open_setting, raw={"setting": "edit_window_days"})
    assert opened["editor"].value == "7"
    assert [one.value for one in opened["editor"].days] == ["tomorrow", "date"], "no other period comes"
    wrote = await call(pipeline, SettingsState.save, raw=FORM)
    assert held(school, journal.EDIT_WINDOW, TOMORROW) == 5
    row = rows(wrote["sections"])["edit_window_days"]
    assert (row.future, row.against) == (True, "from 24 November: 5 days")
    assert wrote["changed_count"] == "1"
    (step,) = [one for one in wrote["history"] if one.mark == "next"]
    assert (step.before, step.after, step.cancels) == ("7 days", "5 days", TOMORROW.isoformat())
    assert "Decision No. 4" in step.about
    await call(pipeline, SettingsState.cancel, raw={"setting": "edit_window_days", "day": TOMORROW.isoformat()})
    assert held(school, journal.EDIT_WINDOW, TOMORROW) == 7


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({"value": "45"}, "value"),
        ({"value": "x"}, "value"),
        ({"value": "7"}, "value"),
        ({"reason": ""}, "reason"),
        ({"since": "date", "day": ""}, "day"),
        ({"since": "date", "day": "2026-11-23"}, "day"),
        ({"since": "now"}, "day"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(pipeline, school, form, wrong):
    await call(pipeline, SettingsState.open_page, path=f"{PATH}?setting=edit_window_days")
    shown = await call(pipeline, SettingsState.save, raw=FORM | form)
    assert shown["wrong"].field == wrong
    assert held(school, journal.EDIT_WINDOW, LATER) == 7


async def test_the_address_says_what_is_shown(pipeline):
    shown = await call(
        pipeline, SettingsState.open_page, path=f"{PATH}?group=family&setting=class_mean_shown&tab=history"
    )
    assert shown["editor"].key == "class_mean_shown"
    assert shown["editor"].days == [], "it holds at once"
    assert shown["address"] == {
        "at": PATH,
        "group": "family",
        "setting": "class_mean_shown",
        "tab": "history",
        "find": "",
        "changed": "",
    }


async def test_words_find_and_the_nearest_is_offered(pipeline):
    await call(pipeline, SettingsState.open_page)
    found = await call(pipeline, SettingsState.find, raw={"name": "find", "value": "thresholds of"})
    assert set(rows(found["sections"])) == {
        *("threshold_5", "threshold_4", "threshold_3"),
        *("least_marks", "least_marks_half_year"),
    }
    none = await call(pipeline, SettingsState.find, raw={"name": "find", "value": "edit findow"})
    assert none["sections"] == []
    assert none["near"].value == "edit_window_days"


async def test_the_usual_value_is_put_into_the_field_and_written_like_any_other(pipeline, school):
    await call(pipeline, SettingsState.open_page, path=f"{PATH}?setting=edit_window_days")
    await call(pipeline, SettingsState.save, raw=FORM)
    shown = await call(pipeline, SettingsState.take_usual)
    assert shown["editor"].value == "7"
    assert held(school, journal.EDIT_WINDOW, LATER) == 5
    await call(pipeline, SettingsState.save, raw=FORM | {"value": "7", "since": "date", "day": LATER.isoformat()})
    assert held(school, journal.EDIT_WINDOW, LATER) == 7


async def test_whoever_has_the_page_open_sees_the_change_of_another(pipeline, school):
    await call(pipeline, SettingsState.open_page, "director", path=f"{PATH}?setting=edit_window_days")
    new = NewValue("5", TOMORROW, "Decision No. 4")
    actor = school.actor(ADMIN, Role.SCHOOL_ADMIN)
    school.database.write(lambda uow: change(uow, actor, journal.EDIT_WINDOW, new))
    sections = await sent(pipeline, "tab-director", "sections")
    assert rows(sections)["edit_window_days"].future
    assert all("editor" not in values for _tab, _state, values in pipeline.push.sent), "a form that is typed stays"


@pytest.mark.parametrize("login", ["director", "deputy"])
async def test_director_and_deputy_read_and_never_write(pipeline, school, login):
    shown = await call(pipeline, SettingsState.open_page, login, path=f"{PATH}?setting=edit_window_days")
    assert not shown["editor"].may
    assert shown["editor"].why_not
    for handler, raw in WRITES:
        assert await call(pipeline, handler, login, raw) == {}
    assert held(school, journal.EDIT_WINDOW, LATER) == 7
    assert refused(school) >= len(WRITES)


@pytest.mark.parametrize("login", ["teacher", "historian", "secretary", "inspector", "mother", "anna"])
async def test_nobody_else_sees_the_settings(pipeline, school, login):
    before = refused(school)
    for handler, raw in (*READS, *WRITES):
        assert await call(pipeline, handler, login, raw) == {}
    assert refused(school) - before == len(READS) + len(WRITES)


async def test_the_administrator_of_a_school_sees_what_the_system_administrator_sets_and_cannot(pipeline, school):
    shown = await call(pipeline, SettingsState.open_page, path=f"{PATH}?setting=session_shared_idle_minutes")
    assert (shown["editor"].may, bool(shown["editor"].why_not)) == (False, True)
    await call(pipeline, SettingsState.save, raw=FORM | {"setting": "session_shared_idle_minutes", "value": "10"})
    assert refused(school) == 1
    await call(pipeline, SettingsState.save, raw=FORM | {"setting": "no_such_setting"})
    assert refused(school) == 2
