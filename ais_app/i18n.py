"""Texts: English message ids in the code, gettext catalogues in `locale/`, Russian by default.

The catalogue is read as text (`.po`) at start, so nothing has to be compiled. One process speaks one language:
the components' texts are compiled into the bundle of that language.
"""

from __future__ import annotations

import gettext
import io
import os
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, dates
from babel.messages import mofile, pofile
from babel.numbers import format_decimal

LOCALE_DIR = Path(__file__).parent / "locale"
LANGUAGES = ("ru", "en")


@cache
def language() -> str:
    """The language of this process; unknown values fall back to Russian."""
    chosen = os.environ.get("AIS_LANGUAGE", "ru")
    return chosen if chosen in LANGUAGES else "ru"


@cache
def catalogue(code: str) -> gettext.NullTranslations:
    path = LOCALE_DIR / f"{code}.po"
    if not path.exists():  # English: the message ids are the texts
        return gettext.NullTranslations()
    with path.open("rb") as source:
        parsed = pofile.read_po(source, locale=code, domain="ais")
    compiled = io.BytesIO()
    mofile.write_mo(compiled, parsed)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(message: str) -> str:
    """The text of `message` in the language of this process."""
    return catalogue(language()).gettext(message)


def p_(context: str, message: str) -> str:
    """The same for a message that has different translations in different contexts."""
    return catalogue(language()).pgettext(context, message)


def ngettext(one: str, many: str, count: int) -> str:
    """The right plural of a text with `{count}`: «1 отметка, 2 отметки, 5 отметок»."""
    return catalogue(language()).ngettext(one, many, count).format(count=count)


@cache
def locale() -> Locale:
    return Locale.parse(language())


def day_and_month(day: date) -> str:
    """«24 декабря»."""
    return dates.format_date(day, "d MMMM", locale())


def short_date(day: date) -> str:
    """«24.12», in the narrow columns of tables; the grid writes the same (`shortDate` in its `reducer.js`)."""
    return f"{day:%d.%m}"


def full_date(day: date) -> str:
    """«24.12.2013»."""
    return dates.format_date(day, "dd.MM.yyyy" if language() == "ru" else "d MMM yyyy", locale())


def weekday(day: date, *, short: bool = False) -> str:
    """«четверг» or «чт»."""
    return dates.format_date(day, "EEEEEE" if short else "EEEE", locale()).rstrip(".")


def month(day: date) -> str:
    """«Декабрь»: the nominative, for a heading."""
    return dates.format_date(day, "LLLL", locale()).capitalize()


def clock_time(moment: datetime) -> str:
    """«11:42» of an already local moment."""
    return moment.strftime("%H:%M")


def moment_in_words(moment: datetime, zone: str) -> str:
    """«21 декабря, 11:20» in the given zone."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{day_and_month(local.date())}, {clock_time(local)}"


def day_range(first: date, last: date) -> str:
    """«21–25 декабря», «29 декабря – 2 января», «21 декабря»."""
    if first == last:
        return day_and_month(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_and_month(last)}"
    return f"{day_and_month(first)} – {day_and_month(last)}"


def number(value: int) -> str:
    """«3 852», grouped as the language does it."""
    return format_decimal(value, locale=locale())


def decimal(value: float | Decimal) -> str:
    """«2,5», as the language spells it, without grouping."""
    return format_decimal(value, format="0.######", locale=locale())


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def forms(one: str, many: str) -> dict[str, str]:
    """All plural forms of a text by CLDR category, for the browser's Intl.PluralRules; `{count}` stays."""
    rules = locale().plural_form
    samples = {rules(number): number for number in (100, 1, 2, 5, 3, 21)}
    texts = {category: catalogue(language()).ngettext(one, many, number) for category, number in samples.items()}
    return {"other": texts.get("many", many), **texts}
