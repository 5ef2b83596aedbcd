"""What a person can do wrong here, each with the words to tell him."""

from __future__ import annotations

import math
from datetime import timedelta

from ais_app.i18n import _, ngettext
from ais_app.rights.errors import Refused


class LoginRefused(Refused):
    """A login that may not be given: it mixes alphabets, is empty or too long, or holds an invisible character."""

    code = "login"


class LoginTaken(Refused):
    """Another account has this login, however it is spelled."""

    code = "login_taken"

    def __init__(self, login: str) -> None:
        super().__init__(_("The login «{login}» is taken.").format(login=login))


class SecretRefused(Refused):
    """A secret does not fit, or trying is paused after failures.

    `looked_at`: whether the secret was compared at all. `wait`: how long until the next one is compared; None = at
    once. Both are the same for a login that exists and one that does not (S-23).
    """

    code = "secret"

    def __init__(self, text: str | None = None, *, looked_at: bool = True, wait: timedelta | None = None) -> None:
        super().__init__(text)
        self.looked_at, self.wait = looked_at, wait


class SignInRefused(SecretRefused):
    """Wrong login or password, a blocked account, or a pause after failures; the text does not tell which (S-23)."""

    code = "sign_in"

    def __init__(self, *, looked_at: bool = True, wait: timedelta | None = None) -> None:
        wrong = _("The login or the password is wrong.") if looked_at else ""
        super().__init__(_and_next_try(wrong, wait), looked_at=looked_at, wait=wait)


def wrong_password(refusal: SecretRefused) -> PasswordRefused:
    """The refusal of the present password, as one for the field `present` of the form."""
    wrong = _("This is not the present password.") if refusal.looked_at else ""
    return PasswordRefused(_and_next_try(wrong, refusal.wait), "present")


def _and_next_try(wrong: str, wait: timedelta | None) -> str:
    """`wrong`, or that the try was not looked at, and when the next one is taken."""
    if not wrong:
        wrong = _("This try was not looked at: after several wrong ones the next has to wait.")
    if wait is None:
        return wrong + " " + _("You may try again at once.")
    return wrong + " " + _("The next try is taken {when}.").format(when=_in_words(wait))


def _in_words(wait: timedelta) -> str:
    """«in 30 seconds», «in 4 minutes»: rounded up."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    if seconds < 60:
        return ngettext("in {count} second", "in {count} seconds", seconds)
    return ngettext("in {count} minute", "in {count} minutes", math.ceil(seconds / 60))


class SignInAgain(Refused):
    """The sign-in is older than the hat allows that was asked for: the person has to sign in again."""

    code = "sign_in_again"


class TooBusy(Refused):
    """More secrets wait than can be checked in a few seconds: this one was not compared and counts as no failure."""

    code = "busy"

    def __init__(self) -> None:
        super().__init__(_("Too many are signing in at this moment. Try again in a few seconds."))


class FormRefused(Refused):
    """The body is no form of this site: another media type or charset, no UTF-8, too many fields, or one of them twice."""

    code = "form"

    def __init__(self) -> None:
        super().__init__(_("This form could not be read. Open the page again and repeat it there."))


class PasswordRefused(Refused):
    """A wrong present password, or a new one that is too weak, too long, the present one, or repeated differently."""

    code = "password"
