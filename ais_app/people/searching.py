"""How typed words are found in texts, and what a room finds for the search."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from ais_app.people.names import Name

LONGEST = 80  # signs of what is typed
MOST_WORDS = 6
_QWERTY = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_OTHER_LAYOUT = str.maketrans(_QWERTY, _RUSSIAN)
_LOOKALIKES = str.maketrans("abcehkmoptxy", "авсенкмортху")


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that is found, and the page that it opens. `key` says what it is, so that nothing stands twice.

    `name`: of a person, in place of a title; namesakes are told apart beside all others of the section. `go`: in a word
    what opens; `icon` or `letters` stand before it.
    """

    key: str
    href: str
    title: str = ""
    line: str = ""
    go: str = ""
    icon: str = ""
    letters: str = ""
    name: Name | None = field(default=None)


def folded(text: str) -> str:
    """A text in which words are looked for, sign by sign: small letters, ё as е, no accents apart from their letter."""
    text = unicodedata.normalize("NFC", text)
    small = text.lower().replace("ё", "е")
    return small if len(small) == len(text) else "".join(_folded(sign) for sign in text)


def _folded(sign: str) -> str:
    small = sign.lower()
    return {"ё": "е"}.get(small, small) if len(small) == 1 else sign


def words_of(typed: str) -> tuple[str, ...]:
    """The words of what was typed, at most `MOST_WORDS`; a hyphen and signs between words count as spaces."""
    text = "".join(sign if sign.isalnum() else " " for sign in folded(typed[:LONGEST]))
    return tuple(dict.fromkeys(text.split()))[:MOST_WORDS]


def readings_of(typed: str) -> list[tuple[str, ...]]:
    """The words as they were typed, then as a Russian keyboard has these keys («fk» is «ал»), then with Latin letters
    taken for Russian ones that look alike («7a»); each once.
    """
    small = folded(typed[:LONGEST])
    spelled = (small, small.translate(_OTHER_LAYOUT), small.translate(_LOOKALIKES))
    return [words for words in dict.fromkeys(map(words_of, spelled)) if words]


def starts(text: str) -> list[int]:
    """Where the words of a text begin."""
    return [at for at, sign in enumerate(text) if sign.isalnum() and (at == 0 or not text[at - 1].isalnum())]


def fits(words: Sequence[str], *texts: str) -> bool:
    """Whether each word begins a word of the texts."""
    among = [(text, starts(text)) for text in map(folded, texts)]
    return all(any(text.startswith(word, at) for text, begins in among for at in begins) for word in words)


def marked(words: Sequence[str], text: str) -> list[str]:
    """The text in pieces, of which every second one is what was found: ["", "Ал", "гебра"]."""
    text = unicodedata.normalize("NFC", text)
    small, pieces, done = folded(text), [], 0
    for at in starts(small):
        longest = max((len(word) for word in words if small.startswith(word, at)), default=0)
        if longest:
            pieces += [text[done:at], text[at : at + longest]]
            done = at + longest
    return [*pieces, text[done:]]
