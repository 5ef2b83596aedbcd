"""The kit of pages without a browser: progress in words, forms of payloads, texts that become values."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from ais_app import i18n
from ais_app.access.payload import Form, parse
from ais_app.access.typed_form import as_typed, read, texts, texts_of
from ais_app.web.kit.file_field import megabytes
from ais_app.web.kit.progress import how_far, running, span
from ais_app.web.kit.shown import Shown, fields_of


@pytest.fixture(autouse=True, scope="module")
def in_russian():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIS_LANGUAGE", "ru")
        i18n.language.cache_clear()
        i18n.locale.cache_clear()
        yield
    i18n.language.cache_clear()
    i18n.locale.cache_clear()


class Term(Form):
    name: Annotated[str, Field(min_length=2, max_length=12), Shown("Название")]
    window: Annotated[int, Field(ge=0, le=30), Shown("Срок", "По приказу.", unit="дней")]
    mean: Annotated[float, Field(gt=2), Shown("Среднее")] = 2.5
    opens: Annotated[date, Shown("Начало")]
    bell: Annotated[time | None, Shown("Звонок")] = None
    most: Annotated[Annotated[int, Field(ge=1, le=5)] | None, Shown("Не больше")] = None
    scale: Annotated[Literal["five", "passed"], Shown("Шкала", words={"five": "2–5"})] = "five"
    letters: Annotated[bool, Shown("Письма")] = False
    remark: Annotated[str, Field(max_length=300), Shown("Примечание")] = ""
    operation: str = ""


GOOD = {"name": "Школа", "window": "14", "opens": "2026-09-01"}


def typed(**values: str):
    return parse(texts_of(Term), {**GOOD, **values})


@pytest.mark.parametrize(
    ("done", "total", "seconds", "said"),
    [
        (11, 25, 19.6, "11 из 25, осталось около 25 с"),
        (0, 25, 60, "0 из 25"),
        (1, 25, 1, "1 из 25"),
        (25, 25, 60, "25 из 25"),
        (1, 11, 60, "1 из 11, осталось около 10 мин"),
        (1, 121, 60, "1 из 121, осталось около 2 ч"),
        (0, 0, 5, ""),
    ],
)
def test_progress_in_words(done, total, seconds, said):
    assert how_far(done, total, seconds) == said
    assert running(done, total, seconds).text == said


def test_more_than_everything_is_refused():
    with pytest.raises(ValueError, match="26 of 25"):
        how_far(26, 25, 1)


@given(st.floats(0, 10**6))
def test_a_span_is_never_said_shorter(seconds):
    units = {"с": 1, "мин": 60, "ч": 3600}
    words = span(seconds).split()
    assert sum(int(count) * units[unit] for count, unit in zip(words[::2], words[1::2], strict=True)) >= seconds


def test_controls_come_from_types():
    shown = {one.name: one for one in fields_of(Term)}
    assert {name: one.kind for name, one in shown.items()} == {
        "name": "text",
        "window": "number",
        "mean": "number",
        "opens": "date",
        "bell": "time",
        "most": "number",
        "scale": "select",
        "letters": "check",
        "remark": "area",
    }
    assert shown["scale"].options == (("five", "2–5"), ("passed", "passed"))
    assert shown["window"].help == "По приказу. От 0 до 30."
    assert (shown["most"].least, shown["most"].most, shown["name"].longest) == (1, 5, 12)
    assert [name for name, one in shown.items() if one.needed] == ["name", "window", "opens"]


def test_texts_become_values():
    form, errors = read(Term, typed(mean=" 3,5 ", bell="08:30", letters="on", scale="passed", operation="abc"))
    assert form is not None
    assert not errors
    assert form == Term(
        name="Школа",
        window=14,
        mean=3.5,
        opens=date(2026, 9, 1),
        bell=time(8, 30),
        letters=True,
        scale="passed",
        operation="abc",
    )
    assert texts(form)["mean"] == "3,5"
    assert texts(form)["letters"] == "1"


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("name", "", "Заполните это поле."),
        ("name", "а", "Не меньше 2 знаков."),
        ("name", "а" * 13, "Не больше 12 знаков."),
        ("window", "", "Заполните это поле."),
        ("window", "сорок", "Нужно целое число."),
        ("window", "１４", "Нужно целое число."),
        ("window", "31", "Нужно не больше 30."),
        ("window", "-1", "Нужно не меньше 0."),
        ("mean", "nan", "Нужно число."),
        ("mean", "1e9", "Нужно число."),
        ("mean", "2", "Нужно больше 2."),
        ("opens", "2026-02-30", "Нужна дата, например 24.12.2026."),
        ("bell", "25:00", "Нужно время, например 08:30."),
        ("most", "6", "Нужно не больше 5."),
        ("scale", "ten", "Выберите из списка."),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(field, text, sentence):
    form, errors = read(Term, typed(**{field: text}))
    assert form is None
    assert (errors.texts, errors.first) == ({field: sentence}, field)


def test_all_wrong_fields_are_said_and_the_first_one_is_named():
    form, errors = read(Term, typed(window="x", name="", bell="9"))
    assert form is None
    assert (list(errors.texts), errors.first) == (["name", "window", "bell"], "name")


def test_the_event_takes_texts_of_the_form_only():
    with pytest.raises(ValidationError):
        parse(texts_of(Term), {**GOOD, "role": "director"})
    with pytest.raises(ValidationError):
        parse(texts_of(Term), {**GOOD, "window": 14})
    with pytest.raises(ValidationError):
        parse(texts_of(Term), {**GOOD, "remark": "a" * 4001})
    assert texts_of(Term) is texts_of(Term)


@given(st.dictionaries(st.sampled_from([*Term.model_fields][1:]), st.text(max_size=40)))
def test_whatever_is_typed_is_a_form_or_sentences(values):
    try:
        sent = parse(texts_of(Term), values)
    except ValidationError:
        return  # a NUL or half of a pair
    form, errors = read(Term, sent)
    assert (form is None) == bool(errors)
    assert all(errors.texts.values())
    if form is None:
        assert set(as_typed(sent)) == set(Term.model_fields) - {"draft"}
    else:
        again, wrong = read(Term, parse(texts_of(Term), texts(form)))
        assert not wrong
        assert again == form.model_copy(update={"draft": ""})


def test_sizes_of_files():
    assert [megabytes(size) for size in (512 * 1024, 1024**2, 20 * 1024**2)] == ["512 КБ", "1 МБ", "20 МБ"]
