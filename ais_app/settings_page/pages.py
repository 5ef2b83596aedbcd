"""The page of this room and its live channel."""

from ais_app.i18n import _
from ais_app.pages import Page, Pages
from ais_app.rights.rules import Right
from ais_app.settings_page.page import settings_page
from ais_app.settings_page.state import CHANNEL, SettingsState, deliver

PAGES = Pages(
    pages=(
        Page("/settings", settings_page, Right.SEE_SETTINGS, _("Settings of the school"), (SettingsState.open_page,)),
    ),
    channels={CHANNEL: deliver},
)
