"""State of the journal: the open course, the lesson beside it, the lessons of today."""

from ais_app.journal.state.course import CHANNEL, JournalState
from ais_app.journal.state.lesson import LessonState, watcher_is
from ais_app.journal.state.outside import OutsideState
from ais_app.journal.state.today import TodayState

__all__ = ["CHANNEL", "JournalState", "LessonState", "OutsideState", "TodayState", "watcher_is"]
