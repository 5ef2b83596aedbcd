"""«Успехи»: what is read of a student's year, how a mean is spelled, what the charts and their tables say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import text

from ais_app.diary.progress import charts, figures, queries, views
from ais_app.diary.progress.views import Choice
from ais_app.diary.rules import DayState
from ais_app.journal.attendance.service import Excuse, excuse
from ais_app.journal.grid.means import Thresholds, WeightedMark
from ais_app.journal.lessons.rules import DaySpan
from ais_app.journal.lessons.service import lessons
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Role
from tests.servers import ROOT

TODAY, FRIDAY, THURSDAY, LAST_WEEK = date(2026, 11, 23), date(2026, 11, 20), date(2026, 11, 19), date(2026, 11, 16)
THRESHOLDS = Thresholds()
THEMES: tuple[figures.Theme, ...] = ("light", "dark", "contrast", "contrast-dark")


def year_of(school, login="anna", reader="mother", role=Role.GUARDIAN, day=TODAY) -> queries.StudentYear:
    found = school.read(queries.student_year, school.actor(reader, role), day, school.people[login].uid)
    assert found is not None
    return found


def shown(school, **choice) -> views.Shown:
    return views.shown(year_of(school), Choice(**choice), TODAY)


@pytest.fixture
def marked(school):
    """Anna in algebra: 4 as ordinary work, 5 as control work; «н» on Thursday, and «зач» today. In history a 3."""
    school.database.write(
        lambda uow: lessons.change_work(uow, school.teacher(), school.work("algebra", FRIDAY), school.types["CW"])
    )
    teacher, historian = school.teacher(), school.actor("historian", Role.TEACHER)
    school.enter(teacher, "algebra", ("anna", LAST_WEEK, "4", 0), ("anna", FRIDAY, "5", 0))
    school.enter(teacher, "algebra", ("anna", THURSDAY, "н", 0), ("anna", TODAY, "зач", 0))
    school.enter(historian, "history", ("anna", FRIDAY, "3", 0), ("anna", THURSDAY, "н", 0))
    return school


def test_periods_are_those_of_the_class_and_only_the_started_ones(school):
    view = shown(school)
    assert [period.name for period in views.periods(view)] == ["I", "II", "Year"]
    assert view.name == "II"
    before = views.shown(year_of(school), Choice(), date(2026, 9, 3))
    assert [period.name for period in views.periods(before)] == ["I", "Year"]


def test_a_guardian_reads_only_his_own_children(school):
    for reader, role in (("stranger", Role.GUARDIAN), ("former", Role.GUARDIAN), ("boris", Role.STUDENT)):
        with pytest.raises(NotYours):
            year_of(school, "anna", reader, role)
    with pytest.raises(NotYours):
        year_of(school, "anna", "teacher", Role.TEACHER)
    assert year_of(school, "anna", "anna", Role.STUDENT).given_name == "Alex"


def test_what_does_not_count_stands_in_the_row_and_not_in_the_mean(marked):
    subject = views.subjects(shown(marked), "", 3)[0]
    assert [chip.code for chip in subject.chips] == ["4", "н", "5", "зач"]
    assert (subject.mean, subject.mark) == ("4,63", "5")  # (4·3 + 5·5) / 8 = 37/8 = 4,625
    assert subject.sum_of == "4 × 3 + 5 × 5 = 37"
    assert subject.quotient == "37 : (3 + 5) = 37 : 8 ≈ 4,63"
    assert "зач, н" in subject.aside
    assert subject.reached


def test_the_calculated_mark_follows_the_exact_mean_not_the_shown_one(school):
    marks = [WeightedMark(500, 1)] * 1099 + [WeightedMark(400, 1)] * 1101
    mean = Fraction(1099 * 5 + 1101 * 4, 2200)
    assert views.shown_mean(mean) == "4,49", "less than 4,5 never looks like it (D-53)"
    assert THRESHOLDS.earned(mean) == 4
    assert views.explained(marks)[1].endswith("≈ 4,49")


@pytest.mark.parametrize(("number", "spelled"), [(Fraction(100), "100"), (Fraction(9, 2), "4,5"), (Fraction(0), "0")])
def test_numbers_have_no_needless_zeros(number, spelled):
    assert views.exact(number) == spelled


def test_the_year_shows_each_period_and_no_mark_of_its_own(marked):
    view = shown(marked, period=views.YEAR)
    subject = views.subjects(view, "", 3)[0]
    assert [(one.mean, one.mark) for one in subject.periods] == [("", ""), ("4,63", "5")]
    what_if = views.what_if(view, view.courses[0], Choice(), THRESHOLDS)
    assert (what_if.after, what_if.mark) == ("4,63", "")


def test_what_if_adds_and_takes_away_without_writing(marked):
    before = marked.database.read(lambda one: one.execute(text("SELECT count(*) FROM mark")).scalar_one())
    view = shown(marked)
    history = next(course for course in view.courses if course.name == "History")
    choice = Choice(course=history.uid, added=(("5", marked.types["CW"]), ("5", marked.types["LW"])))
    found = views.what_if(view, history, choice, THRESHOLDS)
    assert (found.before, found.after, found.mark) == ("3,00", "4,45", "4")  # (9 + 25 + 15) / 11
    assert [item.about for item in found.added] == ["weight 5", "weight 3"]
    assert [(target.label, target.count, target.reached) for target in found.targets] == [
        ("To «4» (3,50), weight 3", "1", False),
        ("To «4» (3,50), weight 5", "1", False),
        ("To «5» (4,50), weight 3", "3", False),
        ("To «5» (4,50), weight 5", "2", False),
    ]
    after = marked.database.read(lambda one: one.execute(text("SELECT count(*) FROM mark")).scalar_one())
    assert after == before


def test_the_first_subject_of_what_if_is_the_lowest(marked):
    view = shown(marked)
    chosen = views.course_of(view, Choice())
    assert chosen is not None
    assert chosen.name == "History"


def test_days_have_their_strongest_state_and_a_denominator(marked):
    year = year_of(marked)
    assert year.days[THURSDAY].state is DayState.ABSENT
    assert (year.days[THURSDAY].held, year.days[THURSDAY].missed) == (2, 2)
    assert year.days[FRIDAY].state is DayState.PRESENT
    assert year.days[TODAY].held == 1, "only the lesson that the journal knows of already"
    assert year.days[date(2026, 11, 24)].state is DayState.AHEAD
    historian = marked.actor("historian", Role.CLASS_TEACHER)
    paper = Excuse(marked.people["anna"].uid, DaySpan(THURSDAY, THURSDAY), "б", "note")
    marked.database.write(lambda uow: excuse(uow, historian, paper))
    assert year_of(marked).days[THURSDAY].state is DayState.ILL


def test_the_days_before_and_after_a_membership_are_not_his(school):
    gleb = year_of(school, "gleb", "gleb", Role.STUDENT)
    assert date(2026, 11, 13) in gleb.days
    assert FRIDAY not in gleb.days


@pytest.mark.parametrize("theme", THEMES)
def test_a_figure_has_the_same_numbers_as_its_table(marked, theme):
    view = shown(marked)
    item = charts.means(view, views.drawn_courses(view, Choice()), "", THRESHOLDS, theme)
    json.dumps(item.figure)
    assert [trace["name"] for trace in item.figure["data"]] == [row.name for row in item.rows] == ["Algebra", "History"]
    for trace, row in zip(item.figure["data"], item.rows, strict=True):
        assert [word or "—" for word in trace["text"]] == row.cells
    assert item.rows[0].cells == ["—", "—", "4,63", "4,63"]
    assert item.head == ["Subject", "2.11", "9.11", "16.11", "23.11"]
    assert "Algebra 4,63" in item.name
    bars = charts.distribution(view, theme)
    assert [(row.name, row.cells) for row in bars.rows] == [
        ("Algebra", ["1", "1", "0", "0"]),
        ("History", ["0", "0", "1", "0"]),
    ]
    calendar, percent, missed = charts.attendance(view, theme)
    drawn = sum(len(trace["x"]) for trace in calendar.figure["data"])
    assert drawn == sum(cell != "no lessons" for row in calendar.rows for cell in row.cells)
    assert percent == "93 % of lessons"  # 28 of 30 up to Friday, and one of today
    assert missed == "2 of 31 lessons missed"
    assert "absent 1 day" in calendar.name


def test_themes_colour_figures_differently(marked):
    view = shown(marked)
    looks = {json.dumps(charts.distribution(view, theme).figure, sort_keys=True) for theme in THEMES}
    assert len(looks) == len(THEMES)


@pytest.mark.parametrize("theme", THEMES)
def test_the_themes_are_known_to_plotly(theme):
    import plotly.graph_objects as go

    go.layout.Template(figures._themes()[theme]["template"])


def test_an_empty_period_draws_nothing(school):
    view = shown(school, period=school.periods[0])
    assert charts.means(view, views.drawn_courses(view, Choice()), "", THRESHOLDS, "light").rows == []
    assert charts.distribution(view, "light").rows == []
    assert not any(subject.why for subject in views.subjects(view, "", 3))


def test_a_class_without_marks_has_no_subjects_and_its_attendance(school):
    school.database.write(lambda uow: uow.execute(text("UPDATE course SET graded = false")))
    view = shown(school)
    assert view.courses == ()
    assert views.course_of(view, Choice()) is None
    assert charts.attendance(view, "light")[0].rows


def test_at_most_seven_lines_and_at_least_one(marked):
    view = shown(marked)
    options = views.line_options(view, view.courses[:1])
    assert [(option.chosen, option.locked) for option in options] == [(True, True), (False, False)]


def test_nothing_of_plotly_is_loaded_when_the_server_starts(tmp_path):
    script = (
        "import sys; from ais_app import serve; from ais_app.settings import settings; serve.prepare(settings());"
        "import ais_app.ais_app as root; root.app();"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'plotly', 'narwhals', 'pandas', 'numpy'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"AIS_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
