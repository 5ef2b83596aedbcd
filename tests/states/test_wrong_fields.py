"""A wrong field of a form is told at the field itself, what is wrong with the whole in the line; neither writes anything."""

from __future__ import annotations

from datetime import date

import pytest

from ais_app.journal.grid.state import JournalState
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.journal.today.state import TodayState
from ais_app.web.forms import Wrong
from tests.states.pages import TODAY, journal, open_panel, run, shown_cell

LESSON = {"topic": "Roots", "homework": "No. 5", "minutes": "20"}
ABSENT = date(2026, 11, 20)


def excuse(school, **different: str) -> dict[str, str]:
    days = {"first": ABSENT.isoformat(), "last": ABSENT.isoformat()}
    return {"student": school.people["anna"].uid, "reason": "б", "document": "", **days, **different}


@pytest.mark.parametrize(
    ("form", "field", "says"),
    [
        (LESSON | {"minutes": "half"}, "minutes", "from 1 to 240"),
        (LESSON | {"minutes": "0"}, "minutes", "from 1 to 240"),
        (LESSON | {"minutes": "241"}, "minutes", "from 1 to 240"),
        (LESSON | {"minutes": "-5"}, "minutes", "from 1 to 240"),
        (LESSON | {"minutes": "123456"}, "minutes", "from 1 to 240"),
        (LESSON | {"minutes": "٢٠"}, "minutes", "from 1 to 240"),
        (LESSON | {"due": "tomorrow"}, "due", "no such day"),
        (LESSON | {"due": "2026-02-30"}, "due", "no such day"),
        (LESSON | {"due": "2026-11-20"}, "due", "after its lesson"),
        (LESSON | {"nothing_set": "on"}, "homework", "«nothing is set»"),
    ],
)
async def test_a_wrong_field_of_a_lesson(pipeline, form, field, says):
    await open_panel(pipeline, "teacher")
    await pipeline.call(LessonState.edit, "teacher", raw={"work": pipeline.school.work("algebra", TODAY)})
    before = journal(pipeline.school)
    delta = await pipeline.call(LessonState.save_lesson, "teacher", raw=form)
    wrong = delta["lesson_state"]["wrong"]
    assert (wrong.field, says in wrong.text) == (field, True)
    assert "notice_state" not in delta
    assert journal(pipeline.school) == before
    saved = (await pipeline.call(LessonState.save_lesson, "teacher", raw=LESSON))["lesson_state"]
    assert (saved["wrong"], saved["lesson"].minutes) == (Wrong(), "20")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"day": "", "number": "7"}, "day"),
        ({"day": "2026-11-31", "number": "7"}, "day"),
        ({"day": "12026-11-23", "number": "7"}, "day"),  # a date field of a browser takes six digits of a year
        ({"day": "2026-W48-1", "number": "7"}, "day"),
        ({"day": TODAY.isoformat(), "number": "12345"}, "number"),
        ({"day": "2027-08-01", "number": "7"}, "day"),
        ({"day": TODAY.isoformat(), "number": ""}, "number"),
        ({"day": TODAY.isoformat(), "number": "13"}, "number"),
        ({"day": TODAY.isoformat(), "number": "-1"}, "number"),
    ],
)
async def test_a_wrong_field_of_a_new_lesson(pipeline, form, field):
    await open_panel(pipeline, "teacher")
    before = journal(pipeline.school)
    wrong = (await pipeline.call(JournalState.add_lesson, "teacher", raw=form))["journal_state"]["wrong"]
    assert wrong.field == field
    assert wrong.text
    assert journal(pipeline.school) == before


async def test_a_place_that_is_taken(pipeline):
    await open_panel(pipeline, "teacher")
    form = {"day": TODAY.isoformat(), "number": "7"}
    assert (await pipeline.call(JournalState.add_lesson, "teacher", raw=form))["journal_state"]["added"] == 1
    wrong = (await pipeline.call(JournalState.add_lesson, "teacher", raw=form))["journal_state"]["wrong"]
    assert wrong.field == "number"


async def test_a_remark_of_nothing_stays_with_its_cell(pipeline):
    school = pipeline.school
    await open_panel(pipeline, "teacher")
    before = journal(school)
    wrong = (await pipeline.call(LessonState.add_remark, "teacher", raw={"remark": "  "}))["lesson_state"]["wrong"]
    assert wrong.field == "remark"
    assert journal(school) == before
    again = await pipeline.call(LessonState.show_cell, "teacher", raw=shown_cell(school, "anna", "algebra"))
    assert "wrong" not in again.get("lesson_state", {}), (
        "the cell that is active already says so once more: nothing is mended"
    )
    another = await pipeline.call(LessonState.show_cell, "teacher", raw=shown_cell(school, "boris", "algebra"))
    assert another["lesson_state"]["wrong"] == Wrong()


async def test_a_form_that_was_left_is_clean_when_it_is_opened_again(pipeline):
    await open_panel(pipeline, "teacher")
    await pipeline.call(LessonState.edit, "teacher", raw={"work": pipeline.school.work("algebra", TODAY)})
    await pipeline.call(LessonState.save_lesson, "teacher", raw=LESSON | {"minutes": "half"})
    left = (await pipeline.call(LessonState.stop_editing, "teacher"))["lesson_state"]
    assert (left["editing"], left["wrong"]) == (False, Wrong())


async def test_what_is_wrong_with_the_whole_lesson_is_said_in_the_line(pipeline):
    """Another tab has changed the lesson meanwhile: no field of the form is to blame."""
    school = pipeline.school
    await open_panel(pipeline, "teacher")
    run(school, "UPDATE lesson SET version = version + 1 WHERE uid = :uid", uid=school.lesson("algebra", TODAY))
    delta = await pipeline.call(LessonState.save_lesson, "teacher", raw=LESSON)
    assert "meanwhile" in delta["notice_state"]["notice"]
    assert delta.get("lesson_state", {}).get("wrong", Wrong()) == Wrong()


@pytest.mark.parametrize(
    ("different", "field"),
    [
        ({"first": ""}, "first"),
        ({"last": "2026-11-31"}, "last"),
        ({"first": "2026-11-21"}, "last"),
        ({"first": "2026-11-18", "last": "2026-11-19"}, "last"),  # nothing is missed there
    ],
)
async def test_a_wrong_field_of_a_reason_of_absence(pipeline, different, field):
    school = pipeline.school
    school.enter(school.teacher(), "algebra", ("anna", ABSENT, "н", 0))
    before = journal(school)
    delta = await pipeline.call(TodayState.excuse, "historian", "/", raw=excuse(school, **different))
    assert delta["today_state"]["wrong"].field == field
    assert "notice_state" not in delta
    assert journal(school) == before
    done = await pipeline.call(TodayState.excuse, "historian", "/", raw=excuse(school))
    assert done["today_state"]["wrong"] == Wrong()
    assert "1 lesson" in done["notice_state"]["notice"]


async def test_a_page_that_is_opened_anew_has_no_old_sentence(pipeline):
    school = pipeline.school
    await open_panel(pipeline, "teacher")
    await pipeline.call(JournalState.add_lesson, "teacher", raw={"day": "", "number": "7"})
    path = f"/journal/{school.courses['algebra']}"
    connected = await pipeline.call(JournalState.open_page, "teacher", path)
    assert "wrong" not in connected["journal_state"]  # a line that was cut takes no sentence away (D-50)
    opening = "reflex___state____state.hydrate_and_load"
    opened = await pipeline.send(opening, {"hashes": ["a"]}, "teacher", path)
    assert opened["journal_state"]["wrong"] == Wrong()
    key = {"student": school.people["anna"].uid, "day": ABSENT.isoformat()}
    await pipeline.call(TodayState.choose, "historian", "/", raw=key)
    await pipeline.call(TodayState.excuse, "historian", "/", raw=excuse(school, last=""))
    await pipeline.send(opening, {"hashes": ["a"]}, "historian", "/")
    opened = (await pipeline.call(TodayState.open_part, "historian", "/"))["today_state"]
    assert opened["wrong"] == Wrong()
    assert opened.get("excusing", "open") != ""  # the form itself is still there, with its draft


async def test_of_two_open_forms_each_keeps_its_own_sentence(pipeline):
    await open_panel(pipeline, "teacher")
    await pipeline.call(LessonState.edit, "teacher", raw={"work": pipeline.school.work("algebra", TODAY)})
    await pipeline.call(LessonState.save_lesson, "teacher", raw=LESSON | {"minutes": "0"})
    delta = await pipeline.call(LessonState.add_remark, "teacher", raw={"remark": "Good"})
    assert delta["lesson_state"].get("wrong", Wrong("minutes")).field == "minutes"


async def test_the_same_mistake_twice_is_said_twice(pipeline):
    await open_panel(pipeline, "teacher")
    said = [
        (await pipeline.call(LessonState.add_remark, "teacher", raw={"remark": ""}))["lesson_state"]["wrong"].said
        for _attempt in range(2)
    ]
    assert said[0] != said[1]


async def test_what_is_typed_outlives_news_of_the_lesson(pipeline):
    """Another tab saves the lesson, this one goes on to the next student: the form stays, and saving tells the truth."""
    school = pipeline.school
    shown = await open_panel(pipeline, "teacher")
    await pipeline.call(LessonState.edit, "teacher", raw={"work": pipeline.school.work("algebra", TODAY)})
    change = "UPDATE lesson SET version = version + 1, topic = 'Theirs' WHERE uid = :uid"
    run(school, change, uid=school.lesson("algebra", TODAY))
    after = (await pipeline.call(LessonState.show_cell, "teacher", raw=shown_cell(school, "boris", "algebra")))[
        "lesson_state"
    ]
    assert after.get("lesson_key", shown["lesson_key"]) == shown["lesson_key"]
    assert after.get("lesson", shown["lesson"]).topic == shown["lesson"].topic
    assert after["cell"].name == "Boris Alex"
    delta = await pipeline.call(LessonState.save_lesson, "teacher", raw=LESSON)
    assert "meanwhile" in delta["notice_state"]["notice"]
    left = (await pipeline.call(LessonState.stop_editing, "teacher"))["lesson_state"]
    assert (delta["lesson_state"] | left)["lesson"].topic == "Theirs"
    await pipeline.call(LessonState.edit, "teacher", raw={"work": pipeline.school.work("algebra", TODAY)})
    saved = (await pipeline.call(LessonState.save_lesson, "teacher", raw=LESSON))["lesson_state"]
    assert saved["lesson"].topic == "Roots"


async def test_a_remark_belongs_to_its_lesson_and_student(pipeline):
    """What is typed is not carried over to another cell; writing empties it, taking another one back does not."""
    school = pipeline.school
    keys = [(await open_panel(pipeline, "teacher"))["remark_key"]]
    for student, day in (("boris", TODAY), ("boris", ABSENT)):
        asked = shown_cell(school, student, "algebra", day)
        keys.append((await pipeline.call(LessonState.show_cell, "teacher", raw=asked))["lesson_state"]["remark_key"])
    written = (await pipeline.call(LessonState.add_remark, "teacher", raw={"remark": "Good"}))["lesson_state"]
    keys.append(written["remark_key"])
    assert len(set(keys)) == 4
    taken = await pipeline.call(LessonState.withdraw_remark, "teacher", raw={"remark": written["remarks"][0].uid})
    assert taken["lesson_state"].get("remark_key", keys[-1]) == keys[-1]
