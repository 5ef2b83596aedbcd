"""What a person can do wrong here, each with the words to tell him."""

from __future__ import annotations

import math
from datetime import timedelta

from ais_app.i18n import _, ngettext
from ais_app.rights.errors import Refused


class LoginRefused(Refused):
    """A login that may not be given: it mixes alphabets, is empty or too long, or holds what cannot be seen."""

    code = "login"


class LoginTaken(Refused):
    """Another account has this login, however it is spelled."""

    code = "login_taken"

    def __init__(self, login: str) -> None:
        super().__init__(_("The login «{login}» is taken.").format(login=login))


class SecretRefused(Refused):
    """A secret does not fit, or trying is paused after failures.

    `looked_at`: whether the secret was looked at. `wait`: how long until the next one is; None = at once. Both are the
    same for a login that exists and one that does not (S-23).
    """

    code = "secret"

    def __init__(self, text: str | None = None, *, looked_at: bool = True, wait: timedelta | None = None) -> None:
        super().__init__(text)
        self.looked_at, self.wait = looked_at, wait


class SignInRefused(SecretRefused):
    """Wrong login or password, a blocked account, a pause after failures: told by the attempts alone (S-23)."""

    code = "sign_in"

    def __init__(self, *, looked_at: bool = True, wait: timedelta | None = None) -> None:
        wrong = _("The login or the password is wrong.") if looked_at else ""
        super().__init__(_and_next_try(wrong, wait), looked_at=looked_at, wait=wait)


def wrong_password(refusal: SecretRefused) -> PasswordRefused:
    """The same for the present password, at its field."""
    wrong = _("This is not the present password.") if refusal.looked_at else ""
    return PasswordRefused(_and_next_try(wrong, refusal.wait), "present")


def _and_next_try(wrong: str, wait: timedelta | None) -> str:
    """What was wrong, and when the next try is taken."""
    if not wrong:
        wrong = _("This try was not looked at: after several wrong ones the next has to wait.")
    if wait is None:
        return wrong + " " + _("You may try again at once.")
    return wrong + " " + _("The next try is taken {when}.").format(when=_in_words(wait))


def _in_words(wait: timedelta) -> str:
    """«in 30 seconds», «in 4 minutes»: never less than it takes."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    if seconds < 60:
        return ngettext("in {count} second", "in {count} seconds", seconds)
    return ngettext("in {count} minute", "in {count} minutes", math.ceil(seconds / 60))


class SignInAgain(Refused):
    """The session is older than this may be done with: the password is asked for anew."""

    code = "sign_in_again"


class TooBusy(Refused):
    """More secrets wait to be checked than can be in a few seconds. Nothing was looked at and nothing counted."""

    code = "busy"

    def __init__(self) -> None:
        super().__init__(_("Too many are signing in at this moment. Try again in a few seconds."))


class FormRefused(Refused):
    """What was sent is no form of this site: another kind, another alphabet, broken text, too many fields."""

    code = "form"

    def __init__(self) -> None:
        super().__init__(_("This form could not be read. Open the page again and repeat it there."))


class PasswordRefused(Refused):
    """The new password is too weak or too long, or the present one is wrong."""

    code = "password"
