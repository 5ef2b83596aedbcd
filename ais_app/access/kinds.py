"""The kinds of operations of accounts, and by which kind each is taken back."""

from __future__ import annotations

from ais_app.i18n import _
from ais_app.ledger.kinds import Kind

ACCOUNT_OPENED = Kind(
    "account_opened",
    lambda: _("An account was opened"),
    without=lambda: _("An account is never deleted: it is blocked, and its roles end."),
)
ACCOUNTS_OPENED = Kind(
    "accounts_opened",
    lambda: _("Accounts were opened"),
    without=lambda: _("An account is never deleted: it is blocked, and its roles end."),
)
ROLES_GIVEN = Kind("roles_given", lambda: _("Roles were given"), inverse="roles_ended")
ROLES_ENDED = Kind("roles_ended", lambda: _("Roles were ended"), inverse="roles_given")
ACCOUNTS_BLOCKED = Kind("accounts_blocked", lambda: _("Accounts were blocked"), inverse="accounts_unblocked")
ACCOUNTS_UNBLOCKED = Kind("accounts_unblocked", lambda: _("Accounts may sign in again"), inverse="accounts_blocked")
LOGINS_CHANGED = Kind("logins_changed", lambda: _("Logins were changed"), inverse="logins_changed")
CODES_ISSUED = Kind(
    "codes_issued",
    lambda: _("One-time codes were issued"),
    without=lambda: _("The secret of before is not kept: another code can be issued."),
)
PASSWORD_CHANGED = Kind(
    "password_changed",
    lambda: _("A password was changed"),
    without=lambda: _("The secret of before is not kept: another code can be issued."),
)
SIGNED_IN = Kind("signed_in", lambda: _("Somebody signed in"), without=lambda: _("A session ends by signing out."))
SIGNED_OUT = Kind("signed_out", lambda: _("Somebody signed out"), without=lambda: _("A session begins by signing in."))
SIGNED_OUT_ELSEWHERE = Kind(
    "signed_out_elsewhere",
    lambda: _("Somebody signed out on all other devices"),
    without=lambda: _("A session begins by signing in."),
)
HAT_CHANGED = Kind(
    "hat_changed",
    lambda: _("Somebody acts in another role"),
    without=lambda: _("In which role one acts is one's own choice."),
)
REFUSALS_COUNTED = Kind(
    "refusals_counted",
    lambda: _("The refused attempts of a day were counted"),
    without=lambda: _("What was refused on a day does not change any more."),
)

KINDS = (
    ACCOUNT_OPENED,
    ACCOUNTS_OPENED,
    ROLES_GIVEN,
    ROLES_ENDED,
    ACCOUNTS_BLOCKED,
    ACCOUNTS_UNBLOCKED,
    LOGINS_CHANGED,
    CODES_ISSUED,
    PASSWORD_CHANGED,
    SIGNED_IN,
    SIGNED_OUT,
    SIGNED_OUT_ELSEWHERE,
    HAT_CHANGED,
    REFUSALS_COUNTED,
)
