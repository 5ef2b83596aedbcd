"""What a school sets for the diary and «Успехи»."""

from __future__ import annotations

from ais_app.i18n import _, ngettext
from ais_app.school_settings.registry import FixedRule, Group, Setting
from ais_app.school_settings.value_types import Whole, YesNo


def _days(count: int) -> str:
    return ngettext("{count} day", "{count} days", count)


def _minutes(count: int) -> str:
    return ngettext("{count} minute", "{count} minutes", count)


def _percent(count: int) -> str:
    return f"{count} %"


ACKNOWLEDGEMENT_DAYS = Setting(
    "acknowledgement_days",
    Group.FAMILY,
    words=lambda: _("Term of «Acknowledged»"),
    explanation=lambda: _("within how many days after the school week a guardian signs it"),
    label=lambda: _("Days after the week"),
    type=Whole(1, 14, _days),
    usual=3,
    bounds=lambda: _("After two weeks the next week would be due too."),
    source="P-DIA-2",
)
CLASS_MEAN = Setting(
    "class_mean_shown",
    Group.FAMILY,
    words=lambda: _("Comparison with the class"),
    explanation=lambda: _("show the mean of the class in «Progress», from {count} students with marks on").format(
        count=LEAST_STUDENTS
    ),
    label=lambda: _("The mean of the class is shown"),
    type=YesNo(),
    usual=False,
    bounds=lambda: _("It is shown or it is not."),
    source="D-51",
    dated=False,
)
LEAST_STUDENTS = 8  # with marks, before the mean of a class tells nothing of one of them (D-51)

_GRADES = ((1, 1, 60), (2, 3, 90), (4, 5, 120), (6, 8, 150), (9, 11, 210))


def _load(first: int, last: int, most: int) -> Setting[int]:
    grades = str(first) if first == last else f"{first}–{last}"
    return Setting(
        f"homework_load_{first}",
        Group.FAMILY,
        words=lambda: (
            _("Homework of a day, grade {grades}") if first == last else _("Homework of a day, grades {grades}")
        ).format(grades=grades),
        explanation=lambda: _("how many minutes of homework a day may have, all subjects together"),
        label=lambda: _("Minutes a day"),
        type=Whole(15, most, _minutes),
        usual=most,
        bounds=lambda: _("The sanitary rules allow no more; a school may set less."),
        source="СанПиН",
    )


LOADS = tuple((first, _load(first, last, most)) for first, last, most in _GRADES)
LOAD_WARNING = Setting(
    "homework_load_warning",
    Group.FAMILY,
    words=lambda: _("Warning of much homework"),
    explanation=lambda: _("from which part of the norm on the bar of a day warns"),
    label=lambda: _("Percent of the norm"),
    type=Whole(50, 100, _percent),
    usual=85,
    bounds=lambda: _("Below half a norm every day would warn."),
    source="СанПиН",
)
WHEN_SEEN = FixedRule(
    "when_marks_are_seen",
    Group.FAMILY,
    words=lambda: _("When a family sees a mark"),
    explanation=lambda: _("fixed by the regulation, nobody can delay it"),
    value=lambda: _("at once"),
)

SETTINGS = (ACKNOWLEDGEMENT_DAYS, CLASS_MEAN, *(setting for _grade, setting in LOADS), LOAD_WARNING, WHEN_SEEN)
