"""The pages of this room: the home, and the own account."""

from ais_app.i18n import _
from ais_app.pages import Page, Pages
from ais_app.rights.rules import Right
from ais_app.school.account.page import account_page
from ais_app.school.account.state import AccountState
from ais_app.school.page import home_page
from ais_app.school.state import HomeState

PAGES = Pages(
    pages=(
        Page("/", home_page, Right.SEE_HOME, _("Today"), (HomeState.open_page,), holds_parts=True),
        Page("/account", account_page, Right.USE_ACCOUNT, _("Your account"), (AccountState.open_page,)),
    ),
)
