"""Logins: how they are compared, and which may be given: one alphabet within a word, no invisible character."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from ais_app.access.errors import LoginRefused
from ais_app.i18n import _

LONGEST = 64
# A letter may be typed as a base and its marks: a form must take four code points for each that is kept.
LONGEST_TYPED = 4 * LONGEST

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def normalised_login(login: str) -> str:
    """The one spelling of a login, as it is stored and looked up: NFC, case folded, no spaces around it (D-54)."""
    decomposed = unicodedata.normalize("NFD", login.strip())
    return unicodedata.normalize("NFC", decomposed.casefold())


def check_login(login: str) -> None:
    """Raise LoginRefused, with the wrong letter in its text, for a login that cannot be typed off a slip.

    Only new logins are checked: those that exist go on working.
    """
    spelled = normalised_login(login)
    if not spelled:
        raise LoginRefused(_("A login is missing."))
    if len(spelled) > LONGEST:
        raise LoginRefused(_("The login is longer than {count} characters.").format(count=LONGEST))
    for letter in spelled:
        if unicodedata.category(letter) in _UNSEEN:
            text = _("The login holds a character that cannot be seen: {letter}.")
            raise LoginRefused(text.format(letter=_unseen_name(letter)))
    composed = _composed(login)
    for word in _words(composed):
        _check_word(composed, word)


def _words(login: str) -> Iterator[str]:
    """Runs of letters, digits and marks: a dot, a hyphen, an underscore, @ or a space ends a word."""
    for within, letters in groupby(login, lambda one: one.isalnum() or unicodedata.category(one)[0] == "M"):
        if within:
            yield "".join(letters)


def _check_word(login: str, word: str) -> None:
    """Raise LoginRefused for a word in two alphabets, or with a compatibility form of another letter («ａ», «ﬁ»)."""
    alphabets = [(letter, alphabet_of(letter)) for letter in word if letter.isalpha()]
    for letter, alphabet in alphabets:
        plain = unicodedata.normalize("NFKC", letter)
        if plain != letter:
            text = _("In the login «{login}» the letter «{letter}» is a special form of «{plain}»: write «{plain}».")
            raise LoginRefused(text.format(login=login, letter=letter, plain=plain))
        if alphabet != (most := _most(alphabets)):
            text = _(
                "In the login «{login}» the letter «{letter}» is {one}, the other letters of «{word}» are {other}: "
                "they look alike, and whoever types the login cannot know. Write the word in one alphabet."
            )
            names = {"one": _alphabet_name(alphabet), "other": _alphabet_name(most)}
            raise LoginRefused(text.format(login=login, letter=letter, word=word, **names))


def alphabet_of(letter: str) -> str:
    """«LATIN», «CYRILLIC», …: the first word of the letter's name in Unicode."""
    return unicodedata.name(letter, "?").partition(" ")[0]


def _most(alphabets: list[tuple[str, str]]) -> str:
    """The alphabet of most letters of a word; of two that have as many, the one that comes first."""
    return Counter(alphabet for _letter, alphabet in alphabets).most_common(1)[0][0]


def _alphabet_name(alphabet: str) -> str:
    known = {"LATIN": _("Latin"), "CYRILLIC": _("Cyrillic"), "GREEK": _("Greek")}
    return known.get(alphabet, alphabet.capitalize())


def _unseen_name(letter: str) -> str:
    return f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip()


def _composed(login: str) -> str:
    """As it was written, in NFC: for sentences, in which upper case stays upper case."""
    return unicodedata.normalize("NFC", login.strip())
