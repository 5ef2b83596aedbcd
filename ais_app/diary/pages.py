"""The pages of this room and its live channels."""

from ais_app.diary import state as diary
from ais_app.diary.page import diary_page
from ais_app.diary.progress import channel as progress_channel
from ais_app.diary.progress import state as progress
from ais_app.diary.progress.page import progress_page
from ais_app.diary.routes import DiaryRoutes
from ais_app.i18n import _
from ais_app.pages import Page, Pages
from ais_app.rights.rules import Right

PAGES = Pages(
    pages=(
        Page("/diary", diary_page, Right.SEE_DIARY, _("Diary"), (diary.DiaryState.open_page,)),
        Page("/progress", progress_page, Right.SEE_PROGRESS, _("Progress"), (progress.ProgressState.open_page,)),
    ),
    channels={diary.CHANNEL: diary.deliver, progress.CHANNEL: progress_channel.deliver},
    styles=("diary",),
    routes=lambda services: DiaryRoutes(services).routes,
)
