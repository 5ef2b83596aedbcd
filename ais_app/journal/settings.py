"""What a school sets for its journals (rules.md says the sources)."""

from __future__ import annotations

from ais_app.i18n import _, ngettext
from ais_app.school_settings.registry import FixedRule, Group, Setting, Words
from ais_app.school_settings.value_types import Hundredths, Whole, YesNo


def days(count: int) -> str:
    return ngettext("{count} day", "{count} days", count)


def hours(count: int) -> str:
    return ngettext("{count} hour", "{count} hours", count)


def minutes(count: int) -> str:
    return ngettext("{count} minute", "{count} minutes", count)


def marks(count: int) -> str:
    return ngettext("{count} mark", "{count} marks", count)


_LESSONS_FROM = "ais_app.journal.windows.effect:lessons_from"

MARK_ONE = Setting(
    "mark_one_allowed",
    Group.MARKS,
    words=lambda: _("The mark «1»"),
    explanation=lambda: _("whether the school gives the mark 1"),
    label=lambda: _("The mark 1 is given"),
    type=YesNo(),
    usual=False,
    bounds=lambda: _("The mark is given or it is not."),
    source="what a cell may hold",
)
MARK_BESIDE_ABSENCE = Setting(
    "mark_beside_absence",
    Group.MARKS,
    words=lambda: _("A mark beside «н»"),
    explanation=lambda: _("whether a work that was handed in later may stand beside the absence"),
    label=lambda: _("A mark may stand beside «н»"),
    type=YesNo(),
    usual=True,
    bounds=lambda: _("It is allowed or it is not."),
    source="decision 0008",
)
EDIT_WINDOW = Setting(
    "edit_window_days",
    Group.JOURNAL,
    words=lambda: _("Edit window"),
    explanation=lambda: _(
        "for how many days after a lesson the teacher writes by himself; then he asks for an opening"
    ),
    label=lambda: _("Days after the lesson"),
    type=Whole(1, 30, days),
    usual=7,
    bounds=lambda: _("For longer a deputy opens a lesson, so that the change is seen."),
    source="edit window",
    effect=_LESSONS_FROM,
)
TOPIC_DAYS = Setting(
    "topic_days",
    Group.JOURNAL,
    words=lambda: _("Topic of the lesson"),
    explanation=lambda: _("by when the topic is to be written; afterwards the control sees the lesson"),
    label=lambda: _("Days after the lesson"),
    type=Whole(0, 7, days, zero=lambda: _("on the day of the lesson")),
    usual=0,
    bounds=lambda: _("The recommendations of 2012 ask for the topic on the day of the lesson; a week is the most."),
    source="АП-147/07",
)
HOMEWORK_MINUTES = Setting(
    "homework_minutes",
    Group.JOURNAL,
    words=lambda: _("Homework"),
    explanation=lambda: _("not later than so long after the last lesson of the class"),
    label=lambda: _("Minutes after the last lesson"),
    type=Whole(0, 24 * 60, minutes, zero=lambda: _("with the last bell")),
    usual=60,
    bounds=lambda: _("The students need the homework on the day on which it is set."),
    source="АП-147/07",
)
OPENING_HOURS = Setting(
    "opening_hours",
    Group.JOURNAL,
    words=lambda: _("Opening of a lesson"),
    explanation=lambda: _("for how long a deputy opens a lesson after its window"),
    label=lambda: _("Hours"),
    type=Whole(1, 7 * 24, hours),
    usual=24,
    bounds=lambda: _("What stays open longer than a week is no exception any more."),
    source="decision 0016",
)
CORRECTION_HOURS = Setting(
    "correction_hours",
    Group.JOURNAL,
    words=lambda: _("Reason of a correction"),
    explanation=lambda: _("how long after a mark was given it can be corrected without saying why"),
    label=lambda: _("Hours after the mark"),
    type=Whole(0, 30 * 24, hours, zero=lambda: _("a reason at once")),
    usual=24,
    bounds=lambda: _("Families have seen what is older than a month: it is not corrected without a word."),
    source="P-JRN-7",
)
MISSING_DAYS = Setting(
    "missing_days",
    Group.ATTENDANCE,
    words=lambda: _("Absences on the home of a class teacher"),
    explanation=lambda: _("how many days back absences without a reason are listed"),
    label=lambda: _("Days back"),
    type=Whole(1, 30, days),
    usual=7,
    bounds=lambda: _("What is older than a month is asked for by the journal itself."),
    source="home of a class teacher",
    dated=False,
)


def _least_marks(key: str, words: Words, usual: int) -> Setting[int]:
    return Setting(
        key,
        Group.RESULTS,
        words=words,
        explanation=lambda: _("with fewer marks in a period a student stands among those with too few"),
        label=lambda: _("Least number of marks"),
        type=Whole(1, 20, marks),
        usual=usual,
        bounds=lambda: _("One mark at least; more than twenty are not given in a period."),
        source="least number of marks",
        dated=False,
    )


LEAST_MARKS = _least_marks("least_marks", lambda: _("Marks of a quarter or trimester"), 3)
LEAST_MARKS_HALF_YEAR = _least_marks("least_marks_half_year", lambda: _("Marks of a half-year"), 5)


def _threshold(mark: int, usual: int, least: int, most: int) -> Setting[int]:
    return Setting(
        f"threshold_{mark}",
        Group.RESULTS,
        words=lambda: _("Threshold of «{mark}»").format(mark=mark),
        explanation=lambda: _("from which exact mean on the calculation proposes «{mark}»").format(mark=mark),
        label=lambda: _("Least mean"),
        type=Hundredths(least, most),
        usual=usual,
        bounds=lambda: _("A threshold lies between the marks that it divides, and the next one above it."),
        source="mark that a mean earns",
    )


THRESHOLD_FIVE = _threshold(5, 450, 400, 490)
THRESHOLD_FOUR = _threshold(4, 350, 300, 390)
THRESHOLD_THREE = _threshold(3, 250, 200, 290)

WHO_OPENS = FixedRule(
    "who_opens",
    Group.JOURNAL,
    words=lambda: _("Who opens a lesson"),
    explanation=lambda: _("fixed in the program, nobody can change it"),
    value=lambda: _("a deputy"),
)
EXACT_MEAN = FixedRule(
    "exact_mean",
    Group.RESULTS,
    words=lambda: _("How a mean is compared"),
    explanation=lambda: _("a threshold is reached by the exact mean, never by a rounded one"),
    value=lambda: _("exactly"),
)

SETTINGS = (
    MARK_ONE,
    MARK_BESIDE_ABSENCE,
    EDIT_WINDOW,
    TOPIC_DAYS,
    HOMEWORK_MINUTES,
    OPENING_HOURS,
    CORRECTION_HOURS,
    WHO_OPENS,
    THRESHOLD_FIVE,
    THRESHOLD_FOUR,
    THRESHOLD_THREE,
    LEAST_MARKS,
    LEAST_MARKS_HALF_YEAR,
    EXACT_MEAN,
    MISSING_DAYS,
)
