"""Typed words in texts: case, ё, the other layout, letters that look alike; and which pieces of a text were found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ais_app.people.searching import LONGEST, MOST_WORDS, fits, folded, marked, readings_of, words_of

LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБЁЙ abcXYZ0123456789.,-«»№/'[];"
TEXTS = st.text(LETTERS, max_size=30)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("7а ал", "7А, Алгебра"),
        ("ал 7а", "7А, Алгебра"),
        ("елк", "Ёлкин Пётр"),
        ("ёлкин петр", "Елкин Петр"),
        ("fk", "Алгебра"),
        ("7f fk", "7А, Алгебра"),
        ("7a", "7А"),
        ("римский", "Римский-Корсаков"),
        ("корс", "Римский-Корсаков"),
        ("римский-корс", "Римский-Корсаков Николай"),
        (";erjdf", "Жукова"),
    ],
)
def test_a_text_is_found(typed, text):
    assert any(fits(words, text) for words in readings_of(typed))


@pytest.mark.parametrize(("typed", "text"), [("лгебра", "Алгебра"), ("ал геометрия", "7А, Алгебра"), ("7б", "7А")])
def test_a_text_is_not_found(typed, text):
    assert not any(fits(words, text) for words in readings_of(typed))


def test_found_letters_are_every_second_piece():
    assert marked(("7а", "ал"), "7А, Алгебра") == ["", "7А", ", ", "Ал", "гебра"]
    assert marked(("ёл".replace("ё", "е"),), "Ёлкин") == ["", "Ёл", "кин"]
    assert marked((), "Алгебра") == ["Алгебра"]


@given(TEXTS, TEXTS)
def test_pieces_make_the_text_and_hold_the_words(typed, text):
    for words in readings_of(typed):
        pieces = marked(words, text)
        assert "".join(pieces) == text
        assert len(pieces) % 2 == 1
        for piece in pieces[1::2]:
            assert folded(piece) in words


@given(st.text(max_size=200))
def test_whatever_is_typed_has_few_short_words(typed):
    for words in readings_of(typed):
        assert 0 < len(words) <= MOST_WORDS
        assert all(0 < len(word) <= LONGEST for word in words)


@given(st.text(max_size=80))
def test_folding_keeps_the_places_of_letters(text):
    import unicodedata

    assert len(folded(text)) == len(unicodedata.normalize("NFC", text))


@given(TEXTS)
def test_a_text_is_found_by_its_own_words(text):
    assert fits(words_of(text), text)
