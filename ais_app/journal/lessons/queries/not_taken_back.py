"""Conditions that a lesson or a column was not taken back: in every read but those that put it back.

A test looks for these conditions wherever lessons or works are selected.
"""

from __future__ import annotations

from ais_app.db.columns import table
from ais_app.journal.lessons.models import Lesson, Work

LESSON_NOT_TAKEN_BACK = table(Lesson).c.taken_back_at.is_(None)
WORK_NOT_TAKEN_BACK = table(Work).c.taken_back_at.is_(None)  # its lesson may be: ask for both where both are read
