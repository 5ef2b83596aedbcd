"""What a change of the edit window means in numbers, for the page of settings."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from ais_app.db.columns import table
from ais_app.i18n import _, day_and_month, ngettext
from ais_app.journal.lessons.models import Lesson
from ais_app.journal.lessons.queries.not_taken_back import LESSON_NOT_TAKEN_BACK
from ais_app.rights.reading import Reading
from ais_app.school.models import AcademicYear, Course

_lesson, _course, _year = table(Lesson), table(Course), table(AcademicYear)


def lessons_from(reading: Reading, day: date) -> str:
    """Which lessons get another window when it changes on a day: those from then on, to the end of their year."""
    found = reading.execute(
        select(func.count(), func.count(_lesson.c.course_id.distinct()), func.max(_lesson.c.day))
        .select_from(_lesson)
        .join(_course, _course.c.id == _lesson.c.course_id)
        .join(_year, _year.c.id == _course.c.year_id)
        .where(
            _lesson.c.school_id == reading.hat.school_id,
            _lesson.c.day >= day,
            _year.c.starts_on <= reading.today,
            LESSON_NOT_TAKEN_BACK,
        )
    ).one()
    lessons, courses, last = found[0], found[1], found[2]
    if not lessons:
        return _("earlier lessons keep their term; no later ones are laid out yet")
    return _("{lessons} in {journals} get the new term, up to {day}; earlier ones keep theirs").format(
        lessons=ngettext("{count} lesson", "{count} lessons", lessons),
        journals=ngettext("{count} journal", "{count} journals", courses),
        day=day_and_month(last),
    )
