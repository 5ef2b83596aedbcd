"""State of the journal: the open course, the lesson beside it, the lessons of today."""

from ais_app.journal.state.course import CHANNEL, JournalState
from ais_app.journal.state.lesson import LessonState, watcher_is
from ais_app.journal.state.taking_back import TakingBackState
from ais_app.journal.state.today import TodayState

__all__ = ["CHANNEL", "JournalState", "LessonState", "TakingBackState", "TodayState", "watcher_is"]
