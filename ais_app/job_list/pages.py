"""The page of this room and its live channel."""

from ais_app.i18n import p_
from ais_app.job_list.channel import deliver
from ais_app.job_list.page import jobs_page
from ais_app.job_list.state import CHANNEL, JobsState
from ais_app.pages import Page, Pages
from ais_app.rights.rules import Right

PAGES = Pages(
    pages=(Page("/jobs", jobs_page, Right.SEE_JOBS, p_("page", "Jobs"), (JobsState.open_page,)),),
    channels={CHANNEL: deliver},
)
