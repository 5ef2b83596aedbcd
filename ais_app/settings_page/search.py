"""Finding a setting by words, and the nearest one where none has them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

_WORD = re.compile(r"\w+")
NEAR = 0.3


def words_of(text: str) -> list[str]:
    """The words of a text for comparing: small letters, «ё» as «е»."""
    return _WORD.findall(text.casefold().replace("ё", "е"))


def matches(sought: str, texts: Iterable[str]) -> bool:
    """Whether each word of what is sought begins a word of the texts, but for its ending."""
    known = [word for text in texts for word in words_of(text)]
    return all(any(word.startswith(_stem(one)) for word in known) for one in words_of(sought))


def _stem(word: str) -> str:
    """A longer word without its last letter, which Russian bends: «отметка» finds «отметки»."""
    return word[:-1] if len(word) > 4 else word


def nearest(sought: str, names: Mapping[str, str]) -> str:
    """The key of the name (of {key: name}) that is most like what is sought; "" where none is."""
    scores = {key: _likeness(sought, name) for key, name in names.items()}
    best = max(scores, key=lambda key: scores[key], default="")
    return best if best and scores[best] >= NEAR else ""


def _likeness(sought: str, name: str) -> float:
    first, second = (" ".join(words_of(text)) for text in (sought, name))
    return SequenceMatcher(None, first, second).ratio()
