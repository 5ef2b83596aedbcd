"""The pages of this room, its parts of the home, its live channels."""

from ais_app.i18n import _
from ais_app.journal.courses.page.lists import list_page
from ais_app.journal.courses.page.outside import outside
from ais_app.journal.courses.state import OutsideState
from ais_app.journal.grid import channel
from ais_app.journal.grid.page import course_page
from ais_app.journal.grid.routes import JournalRoutes
from ais_app.journal.grid.state import CHANNEL, JournalState
from ais_app.journal.grid.table.waiting import waiting_marks
from ais_app.journal.lessons.state.panel import LessonState
from ais_app.journal.overview.routes import OverviewRoutes
from ais_app.journal.overview.state import JournalsState
from ais_app.journal.today.page import title, today, waiting
from ais_app.journal.today.state import TodayState
from ais_app.journal.windows import state as windows
from ais_app.journal.windows.page import openings
from ais_app.pages import HomeHead, HomePart, Page, Pages
from ais_app.rights.rules import Right

PAGES = Pages(
    pages=(
        Page("/journal", list_page, Right.SEE_JOURNAL, _("Journal"), (JournalsState.open_page, JournalState.open_list)),
        Page(
            "/journal/[course]",
            course_page,
            Right.SEE_JOURNAL,
            _("Journal"),
            (LessonState.open_page, JournalState.open_page),
        ),
    ),
    home=(
        HomePart(today, TodayState.open_part),
        HomePart(openings, windows.OpeningsState.open_part),
        HomePart(outside, OutsideState.open_part),
    ),
    head=HomeHead(title, waiting),
    channels={CHANNEL: channel.deliver, windows.CHANNEL: windows.deliver},
    styles=("journal",),
    top_bar=(waiting_marks,),
    routes=lambda services: [*JournalRoutes(services).routes, *OverviewRoutes(services).routes],
)
