"""No text of the product is missing in Russian, and its placeholders are the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jinja2.ext
import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).parents[2] / "ais_app"
KEYWORDS = {"_": None, "ngettext": (1, 2), "forms": (1, 2), "p_": ((1, "c"), 2), "Code": (2,), "counted": (2, 3)}


def _key(message: Any, context: str | None) -> str:
    """A message as one text: with its context, by its singular."""
    one = message[0] if isinstance(message, tuple) else message
    return f"{context}: {one}" if context else one


def _in_code() -> set[Any]:
    found: set[Any] = set()
    for path in PACKAGE.rglob("*.py"):
        for _line, message, _comments, context in extract_from_file("python", str(path), keywords=KEYWORDS):
            found.add(_key(message, context))
    for path in PACKAGE.rglob("*.html"):
        with path.open("rb") as source:
            found |= {message for _line, _name, message, _c in jinja2.ext.babel_extract(source, ("_",), [], {})}
    return found


def _catalogue():
    with (PACKAGE / "locale" / "ru.po").open("rb") as source:
        return read_po(source, locale="ru")


# What a Russian journal itself consists of: codes, keys, class letters. They are the same in every language.
CYRILLIC_OF_THE_FIELD = {"н", "о", "О", "О15", "Н", "П", "б", "у", "зач", "незач", "осв"}


def test_english_is_complete():
    """The message ids are the English texts: none may hold Russian words, each plural has both its forms."""
    for message in _catalogue():
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        for one in filter(None, ids):
            words = set(re.findall(r"[А-Яа-яЁё]+\d*", one))
            assert words <= CYRILLIC_OF_THE_FIELD, one
        assert len(ids) == 1 or (ids[0] != ids[1] or ids[0].startswith("Write the other"))


def test_every_text_has_its_russian():
    known = {_key(message.id, message.context): message for message in _catalogue() if message.id}
    assert _in_code() - known.keys() == set()
    assert known.keys() - _in_code() == set(), "texts that nobody says any more"


@pytest.mark.parametrize("message", [one for one in _catalogue() if one.id], ids=lambda one: _key(one.id, one.context))
def test_placeholders_survive_translation(message):
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    assert all(texts), "an empty translation"
    assert len(texts) == (3 if len(ids) == 2 else 1)
    wanted = set(re.findall(r"{\w+}", ids[0]))
    for text in texts:
        assert set(re.findall(r"{\w+}", text)) == wanted
