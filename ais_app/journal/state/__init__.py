"""State of the journal: the open course, the lesson beside it, the lessons of today, what is asked to be opened."""

from ais_app.journal.state.course import CHANNEL, JournalState
from ais_app.journal.state.lesson import LessonState, watcher_is
from ais_app.journal.state.openings import CHANNEL as OPENINGS
from ais_app.journal.state.openings import OpeningsState
from ais_app.journal.state.openings import deliver as deliver_openings
from ais_app.journal.state.outside import OutsideState
from ais_app.journal.state.taking_back import TakingBackState
from ais_app.journal.state.today import TodayState

__all__ = [
    "CHANNEL",
    "OPENINGS",
    "JournalState",
    "LessonState",
    "OpeningsState",
    "OutsideState",
    "TakingBackState",
    "TodayState",
    "deliver_openings",
    "watcher_is",
]
