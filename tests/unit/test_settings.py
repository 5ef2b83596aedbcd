"""Settings of a school: declared whole, dated, read at a day, changed as operations."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from ais_app.access import settings as access
from ais_app.access.service import signing_in
from ais_app.declared_settings import DECLARED, FIXED_RULES, SETTINGS
from ais_app.diary import settings as diary
from ais_app.i18n import catalogue
from ais_app.journal import settings as journal
from ais_app.journal.courses.queries import courses
from ais_app.journal.courses.queries.courses import course_to_write
from ais_app.journal.errors import CellsRefused
from ais_app.ledger.operation import ReasonMissing
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Role, operator
from ais_app.school_settings import rules, service
from ais_app.school_settings.errors import BadDay, BadValue, HoldsAlready, NothingChanges
from ais_app.school_settings.queries import SettingValues, value, values_of
from ais_app.school_settings.records import RECORDS
from ais_app.school_settings.registry import Level, group_name
from ais_app.school_settings.rules import FROM_THE_BEGINNING, Dated, Reach, StoredValue, Within
from ais_app.school_settings.value_types import Choice, ClockTime, Hundredths, Whole
from ais_app.undoing import UNDOING
from tests.builders import SmallSchool, small_school
from tests.settings import begin_with, write_values
from tests.unit.whole_record import record_faults

PACKAGE = Path(__file__).parents[2] / "ais_app"
TODAY = date(2026, 11, 23)
TOMORROW, LATER = TODAY + timedelta(days=1), TODAY + timedelta(days=30)


# --- declared whole -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", DECLARED, ids=lambda one: one.key)
def test_every_setting_says_itself_in_russian(one, monkeypatch):
    """Words, one sentence, the field, why its bounds are so: all of them, and in the catalogue."""
    monkeypatch.setattr("ais_app.i18n.language", lambda: "ru")
    said = [one.words(), one.explanation(), group_name(one.group)]
    said += [one.label(), one.bounds()] if one.key in SETTINGS else [one.value()]
    for sentence in said:
        assert re.search(r"[А-Яа-яё]", sentence), sentence
    assert not catalogue("ru").info().get("fuzzy")


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda one: one.key)
def test_every_setting_has_bounds_around_its_usual_value(setting):
    assert setting.type.fits(setting.usual)
    assert setting.type.read(setting.type.spell(setting.usual)) == setting.usual
    assert setting.type.typed(setting.type.shown(setting.usual)) == setting.usual
    assert setting.source
    assert setting.type.words(setting.usual)
    assert setting.type.range_words() or setting.type.choices()
    assert not setting.effect or ":" in setting.effect


def test_keys_are_declared_once():
    assert len({one.key for one in DECLARED}) == len(DECLARED) == len(SETTINGS) + len(FIXED_RULES)


def test_what_a_school_sets_is_a_constant_nowhere_else():
    """§7.1 of the field: terms, thresholds, norms and sessions are read from the settings."""
    gone = (
        r"edit_window_days\b|\btopic_days: int|\bhomework_minutes: int|opening_hours: int|correction_hours: int",
        r"\bTERM = timedelta|FREE_ATTEMPTS = \d|\bDAYS = 180|MISSING_DAYS = \d|WARN_PERCENT|_MINUTES = \(60",
        r"Lifetime\(timedelta\(\w+=\d",
    )
    found = [
        f"{path.relative_to(PACKAGE)}: {line.strip()}"
        for path in PACKAGE.rglob("*.py")
        if path.name != "settings.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if any(re.search(pattern, line) for pattern in gone)
    ]
    assert found == []


# --- values over time ---------------------------------------------------------------------------------------------

_days = st.dates(date(2026, 1, 1), date(2026, 2, 15))
_places = st.sampled_from([(Reach.SCHOOL, ""), (Reach.GRADE, "7"), (Reach.SUBJECT, "s"), (Reach.COURSE, "c")])
_rows = st.lists(
    st.builds(
        lambda place, text, day: StoredValue(journal.EDIT_WINDOW.key, text, day, *place),
        _places,
        st.sampled_from(["", "1", "5", "9"]),
        st.one_of(st.just(FROM_THE_BEGINNING), _days),
    ),
    max_size=12,
    unique_by=lambda row: (row.reach, row.of, row.valid_from),
)
_withins = st.builds(
    Within, grade=st.sampled_from(["", "7"]), subject=st.sampled_from(["", "s"]), course=st.sampled_from(["", "c"])
)


def by_hand(rows: list[StoredValue], day: date, within: Within) -> int:
    """The narrowest place whose newest value up to the day says something."""
    places = [("course", within.course), ("subject", within.subject), ("grade", within.grade), ("school", "")]
    for reach, of in places:
        if reach != "school" and not of:
            continue
        newest = None
        for row in rows:
            held = row.reach.value == reach and row.of == of and row.valid_from <= day
            if held and (newest is None or row.valid_from > newest.valid_from):
                newest = row
        if newest is not None and newest.value:
            return int(newest.value)
    return journal.EDIT_WINDOW.usual


@given(_rows, _days, _withins)
def test_a_dated_read_is_what_counting_by_hand_finds(rows, day, within):
    values = SettingValues(tuple(rows))
    assert values.at(journal.EDIT_WINDOW, day, within) == by_hand(rows, day, within)
    over_time = values.over_time(journal.EDIT_WINDOW, within)
    for probe in (date(2025, 12, 31), day, date(2026, 2, 16)):
        assert over_time.at(probe) == by_hand(rows, probe, within)
    assert [one for one, _value in over_time.steps] == sorted({one for one, _value in over_time.steps})


def test_other_keys_do_not_meddle():
    rows = [StoredValue("topic_days", "3"), StoredValue("edit_window_days", "5", TODAY)]
    assert SettingValues(tuple(rows)).at(journal.EDIT_WINDOW, TODAY) == 5
    assert SettingValues(tuple(rows)).over_time(journal.EDIT_WINDOW) == Dated(7, ((TODAY, 5),))
    assert rules.text_on(rows, "topic_days", TODAY) == "3"


@given(st.integers(200, 490))
def test_hundredths_are_typed_with_comma_or_point(number):
    kind = Hundredths(200, 490)
    assert kind.typed(kind.words(number)) == kind.typed(kind.words(number).replace(",", ".")) == number


@pytest.mark.parametrize("typed", ["x", "7.5", "٣", "1e2", "-0", "007", "9" * 12, "4,5,0"])
def test_what_is_no_number_is_none(typed):
    with pytest.raises(ValueError, match=re.escape(typed.strip())):
        Whole(0, 30, str).typed(typed)


def test_a_choice_and_a_time_of_the_day_are_read_and_said():
    scale = Choice({"five": lambda: "five marks", "ten": lambda: "ten marks"})
    assert (scale.typed("ten"), scale.words("ten"), scale.choices()["five"]) == ("ten", "ten marks", "five marks")
    assert not scale.fits("six")
    evening = ClockTime(time(18), time(23))
    assert evening.typed(" 9:05") == time(9, 5)
    assert (evening.fits(time(9, 5)), evening.range_words()) == (False, "from 18:00 to 23:00")
    for kind, wrong in ((scale, "six"), (evening, "25:99"), (evening, "noon")):
        with pytest.raises(ValueError, match=r"."):
            kind.typed(wrong)


# --- changing -----------------------------------------------------------------------------------------------------


def admin(school: SmallSchool):
    return school.actor("school_admin", Role.SCHOOL_ADMIN)


def change(school, setting, typed, since=TOMORROW, reason="Decision No. 4", actor=None):
    new = service.NewValue(typed, since, reason)
    return school.database.write(lambda uow: service.change(uow, actor or admin(school), setting, new))


def held(school, setting, day):
    return school.database.read(lambda one: value(one, setting, school.ref.id, day))


def faults(school):
    return record_faults(school.database, RECORDS)


def test_a_value_holds_from_its_day_and_the_past_keeps_its_own(school):
    change(school, journal.EDIT_WINDOW, "5")
    change(school, journal.EDIT_WINDOW, "3", LATER)
    assert [held(school, journal.EDIT_WINDOW, day) for day in (date(2026, 9, 1), TODAY, TOMORROW, LATER)] == [
        7,
        7,
        5,
        3,
    ]
    change(school, journal.EDIT_WINDOW, "4", LATER, "Read wrongly")
    assert held(school, journal.EDIT_WINDOW, LATER) == 4
    assert faults(school) == []


def test_the_bounds_are_said_with_their_reason(school):
    with pytest.raises(BadValue) as refused:
        change(school, journal.EDIT_WINDOW, "45")
    assert (
        str(refused.value) == "Possible: from 1 to 30. For longer a deputy opens a lesson, so that the change is seen."
    )
    assert refused.value.field == "value"
    with pytest.raises(BadValue):
        change(school, journal.MARK_ONE, "perhaps")


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=400)])
def test_a_dated_value_never_reaches_back(school, day):
    with pytest.raises(BadDay):
        change(school, journal.EDIT_WINDOW, "5", day)


def test_a_change_needs_a_reason_and_has_to_change_something(school):
    with pytest.raises(ReasonMissing):
        change(school, journal.EDIT_WINDOW, "5", reason=" ")
    with pytest.raises(NothingChanges):
        change(school, journal.EDIT_WINDOW, "7")


@pytest.mark.parametrize(
    ("login", "role"),
    [
        ("director", Role.DIRECTOR),
        ("deputy", Role.DEPUTY),
        ("teacher", Role.TEACHER),
        ("mother", Role.GUARDIAN),
    ],
)
def test_only_the_administrator_of_the_school_changes_its_settings(school, login, role):
    with pytest.raises(NotYours):
        change(school, journal.EDIT_WINDOW, "5", actor=school.actor(login, role))


def test_the_installation_is_set_by_the_system_administrator_alone(school):
    with pytest.raises(NotYours):
        change(school, access.SHARED_IDLE, "10")
    with pytest.raises(NotYours):
        change(school, journal.EDIT_WINDOW, "5", actor=operator())
    change(school, access.SHARED_IDLE, "10", actor=operator())
    assert held(school, access.SHARED_IDLE, TODAY) == 10, "it holds at once"
    hat = school.teacher().hat
    limits = signing_in.lifetime(hat, school.database.read(values_of, None), TODAY, personal_device=False)
    assert limits.idle == timedelta(minutes=10)
    assert faults(school) == []


def test_another_school_does_not_see_it(school):
    other = small_school(school.database, prefix="other-")
    change(school, journal.EDIT_WINDOW, "5")
    assert school.database.read(lambda one: value(one, journal.EDIT_WINDOW, other.ref.id, LATER)) == 7


def test_a_future_value_is_cancelled_until_the_evening_before(school, clock):
    change(school, journal.EDIT_WINDOW, "5")
    school.database.write(lambda uow: service.cancel(uow, admin(school), journal.EDIT_WINDOW, TOMORROW))
    assert held(school, journal.EDIT_WINDOW, LATER) == 7
    change(school, journal.EDIT_WINDOW, "5")
    clock.advance(days=1)
    with pytest.raises(HoldsAlready):
        school.database.write(lambda uow: service.cancel(uow, admin(school), journal.EDIT_WINDOW, TOMORROW))
    with pytest.raises(NotYours):
        school.database.write(lambda uow: service.cancel(uow, admin(school), journal.EDIT_WINDOW, LATER))
    assert faults(school) == []


def test_a_change_is_undone_and_redone_while_it_does_not_hold(school, clock):
    uid = change(school, journal.EDIT_WINDOW, "5")
    undone = school.database.write(lambda uow: UNDOING.undo(uow, admin(school), uid, "Too early"))
    assert held(school, journal.EDIT_WINDOW, LATER) == 7
    school.database.write(lambda uow: UNDOING.undo(uow, admin(school), undone, "After all"))
    assert held(school, journal.EDIT_WINDOW, LATER) == 5
    other = change(school, journal.EDIT_WINDOW, "6", reason="Better so")
    school.database.write(lambda uow: UNDOING.undo(uow, admin(school), other, "No"))
    assert held(school, journal.EDIT_WINDOW, LATER) == 5
    assert faults(school) == []
    again = change(school, journal.EDIT_WINDOW, "6", reason="Better so")
    clock.advance(days=2)
    with pytest.raises(HoldsAlready):
        school.database.write(lambda uow: UNDOING.undo(uow, admin(school), again, "No"))


# --- what follows a setting ---------------------------------------------------------------------------------------


def test_the_usual_values_of_a_group_come_back_as_one_operation(school):
    chosen = [one for one in SETTINGS.values() if one.group is journal.EDIT_WINDOW.group]
    write_values(school.database, school.ref, [journal.EDIT_WINDOW.stored(3), journal.EDIT_WINDOW.stored(5, LATER)])
    write_values(
        school.database, school.ref, [journal.OPENING_HOURS.stored(48), journal.TOPIC_DAYS.stored(2, TOMORROW)]
    )
    days = (TODAY, TOMORROW, LATER)
    before = [held(school, one, day) for one in chosen for day in days]
    uid = school.database.write(lambda uow: service.take_usual(uow, admin(school), chosen, "As it was"))
    assert held(school, journal.EDIT_WINDOW, TODAY) == 3, "a dated one from tomorrow on"
    assert all(held(school, one, day) == one.usual for one in chosen for day in days[1:])
    with pytest.raises(NothingChanges):
        school.database.write(lambda uow: service.take_usual(uow, admin(school), chosen, "Once more"))
    school.database.write(lambda uow: UNDOING.undo(uow, admin(school), uid, "By mistake"))
    assert [held(school, one, day) for one in chosen for day in days] == before
    assert record_faults(school.database) == []


def test_taking_the_usual_values_needs_a_reason_and_the_right(school):
    write_values(school.database, school.ref, [journal.EDIT_WINDOW.stored(3)])
    with pytest.raises(ReasonMissing):
        school.database.write(lambda uow: service.take_usual(uow, admin(school), [journal.EDIT_WINDOW], " "))
    for login, role in (("director", Role.DIRECTOR), ("teacher", Role.TEACHER)):
        actor = school.actor(login, role)
        with pytest.raises(NotYours):
            school.database.write(lambda uow, actor=actor: service.take_usual(uow, actor, [journal.EDIT_WINDOW], "So"))


def test_a_lesson_keeps_the_window_of_its_day(school, clock):
    """The window becomes two days from tomorrow: last Friday's lesson stays open for its week, Wednesday's closes."""
    friday, wednesday = date(2026, 11, 20), date(2026, 11, 25)
    school.enter(school.teacher(), "algebra", ("anna", friday, "4", 0))
    change(school, journal.EDIT_WINDOW, "2")
    school.enter(school.teacher(), "algebra", ("anna", friday, "5", 1))
    clock.moment = datetime(2026, 11, 27, 9, tzinfo=UTC)
    school.enter(school.teacher(), "algebra", ("anna", friday, "4/5", 2), reason="Both")
    school.enter(school.teacher(), "algebra", ("anna", wednesday, "5", 0))
    clock.moment = datetime(2026, 11, 28, 9, tzinfo=UTC)
    with pytest.raises(CellsRefused) as refused:
        school.enter(school.teacher(), "algebra", ("boris", wednesday, "5", 0))
    assert [cell.code for cell in refused.value.cells] == ["locked"]


def test_thresholds_and_loads_are_those_of_their_day(school):
    begin_with(school.database, school.ref, journal.THRESHOLD_FIVE, 465)
    write_values(school.database, school.ref, [journal.THRESHOLD_FIVE.stored(480, LATER)])
    for day, five in ((TODAY, 465), (LATER, 480)):
        page = school.read(course_to_write, school.teacher(), day, school.courses["algebra"])
        assert page.thresholds.five * 100 == five


def test_an_edit_asks_for_no_setting_once_the_course_is_known(school, monkeypatch):
    """Settings are kept with the course: the second edit of a course reads none."""
    asked: list[str] = []
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "4", 0))
    original = courses.values_of

    def counted(connection, school_id):
        asked.append("asked")
        return original(connection, school_id)

    monkeypatch.setattr(courses, "values_of", counted)
    school.enter(school.teacher(), "algebra", ("boris", TODAY, "4", 0))
    assert asked == []
    change(school, journal.EDIT_WINDOW, "5")
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "4/5", 1))
    assert asked == ["asked"], "a change moves the head of the chain: the course is read anew"


def test_a_value_of_a_course_wins_over_the_school(school):
    write_values(
        school.database,
        school.ref,
        [
            StoredValue(diary.LOAD_WARNING.key, "70"),
            StoredValue(diary.LOAD_WARNING.key, "60", TODAY, Reach.GRADE, "7"),
        ],
    )
    values = school.database.read(values_of, school.ref.id)
    assert values.at(diary.LOAD_WARNING, TODAY) == 70
    assert values.at(diary.LOAD_WARNING, TODAY, Within(grade="7")) == 60
    assert values.at(diary.LOAD_WARNING, TODAY - timedelta(days=1), Within(grade="7")) == 70
    new = service.NewValue("60", TOMORROW, "x", Reach.COURSE, "c" * 16)
    with pytest.raises(NotYours):
        school.database.write(lambda uow: service.change(uow, admin(school), diary.LOAD_WARNING, new))


def test_levels_and_dates_of_what_is_declared():
    at_once = {one.key for one in SETTINGS.values() if not one.dated}
    assert at_once == {
        "class_mean_shown",
        "least_marks",
        "least_marks_half_year",
        "missing_days",
        *(one.key for one in SETTINGS.values() if one.level is Level.INSTALLATION),
    }


def test_no_setting_is_left_in_the_table_of_schools(school):
    columns = school.database.read(lambda one: one.execute(text("SELECT * FROM school")).keys())
    assert not set(columns) & SETTINGS.keys()
