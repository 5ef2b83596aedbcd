"""What a person can do wrong here, each with the words to tell him."""

from __future__ import annotations

from ais_app.i18n import _


class Refused(Exception):  # noqa: N818 - reads as the answer it is
    """A use case was refused: nothing changed. `str()` is the text for the person; `code` is for programs.

    `field`: the field of a form that the text is about, where it is about one.
    """

    code = "refused"

    def __init__(self, text: str | None = None, field: str = "") -> None:
        super().__init__(text or _("This is not possible here."))
        self.field = field


class NotYours(Refused):
    """The object is not there for this actor: absent and foreign look the same (S-05)."""

    code = "denied"

    def __init__(self) -> None:
        super().__init__(_("There is no such page, or it is not open to you."))


class SecretRefused(Refused):
    """A secret does not fit, or trying is paused after failures: nobody learns which (S-23)."""

    code = "secret"


class SignInRefused(SecretRefused):
    """Wrong login or password, a blocked account, a pause after failures: one text for all of them (S-23)."""

    code = "sign_in"

    def __init__(self) -> None:
        super().__init__(
            _(
                "The login or the password is wrong, or signing in has to wait after several attempts: half a minute at first, 15 minutes at most."
            )
        )


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
