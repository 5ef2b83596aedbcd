"""Slips with one-time codes, to be printed, cut and handed out: ten on a page, each class on pages of its own."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby, islice

import fontpkg_pt_sans
import segno
from fontTools.ttLib import TTFont
from fpdf import FPDF

from ais_app.i18n import _
from ais_app.people.names import Name, Spelling, sort_key, told_apart

COLUMNS, ROWS = 2, 5
WIDTH, HEIGHT = 210 / COLUMNS, 297 / ROWS  # millimetres
MARGIN, QR = 7.0, 25.0
FONT = "PT Sans"
FILES = {"": "PT_Sans-Web-Regular.ttf", "B": "PT_Sans-Web-Bold.ttf"}
_UNSEEN = ("C", "Zl", "Zp")  # categories of signs that leave nothing on paper
MOST_NAMED = 4  # signs that a slip names one by one


@dataclass(frozen=True, slots=True)
class Slip:
    """What somebody needs for his first sign-in. `group` is a class ("" for staff), `about` a guardian's children.

    `patronymic` is shown where another slip of the group has the same `name`.
    """

    login: str
    code: str
    name: str
    school: str = ""
    group: str = ""
    about: str = ""
    patronymic: str = ""


@dataclass(frozen=True, slots=True)
class Undrawable:
    """A slip that cannot show its login or code as it is typed: `signs` are missing in its font, or invisible."""

    login: str
    signs: tuple[str, ...]

    @property
    def named_signs(self) -> str:
        """«U+10D0 GEORGIAN LETTER AN, …», at most `MOST_NAMED` of them."""
        named = [f"{_code(sign)} {unicodedata.name(sign, '')}".strip() for sign in self.signs[:MOST_NAMED]]
        return ", ".join([*named, "…"] if len(self.signs) > MOST_NAMED else named)


def undrawable(slips: Sequence[Slip]) -> list[Undrawable]:
    """Those of the slips whose login or code cannot be printed as it is typed."""
    checked = [Undrawable(slip.login, _lacking(slip.login + slip.code)) for slip in slips]
    return [one for one in checked if one.signs]


@cache
def _glyphs() -> frozenset[int]:
    """The code points that every style of the font has a glyph for."""
    files = [TTFont(fontpkg_pt_sans.ROOT / "files" / file, lazy=True) for file in FILES.values()]
    return frozenset.intersection(*(frozenset(file.getBestCmap() or ()) for file in files))


def _lacking(text: str) -> tuple[str, ...]:
    """The signs of a text that would be printed as a box or not at all, each once."""
    return tuple(dict.fromkeys(sign for sign in unicodedata.normalize("NFC", text) if not _is_drawn(sign)))


def _is_drawn(sign: str) -> bool:
    if ord(sign) not in _glyphs() or (sign.isspace() and sign != " "):
        return False
    return not unicodedata.category(sign).startswith(_UNSEEN)


def _code(sign: str) -> str:
    return f"U+{ord(sign):04X}"


def _drawable(text: str) -> str:
    """The text to print: a sign that cannot be drawn becomes «[U+10D0]»."""
    return "".join(sign if _is_drawn(sign) else f"[{_code(sign)}]" for sign in unicodedata.normalize("NFC", text))


def with_distinct_names(slips: Sequence[Slip]) -> list[Slip]:
    """The same slips, namesakes of a group told apart."""
    groups: dict[tuple[str, str], dict[int, Name]] = {}
    for index, slip in enumerate(slips):
        name = Name(slip.name, "", slip.patronymic, beside=slip.login)
        groups.setdefault((slip.school, slip.group), {})[index] = name
    names: dict[int, str] = {}
    for of_group in groups.values():
        names |= told_apart(of_group, Spelling.LISTED)
    return [replace(slip, name=names[index]) for index, slip in enumerate(slips)]


def pdf_of(slips: Sequence[Slip], address: str) -> bytes:
    """The slips as PDF: staff first, then class by class the students and after them their guardians.

    `address` is where people sign in; "" prints neither it nor its QR code. Text is drawn as text
    only: nothing in a name is ever read as markup or fetched (S-43). What the font cannot draw of a name is
    named by its code; in the place of such a login stands that it will be told.
    """
    sheet = _Sheet(address)
    ordered = sorted(with_distinct_names(slips), key=_order)
    for _key, of_group in groupby(ordered, key=lambda slip: (slip.school, slip.group)):
        rest = iter(of_group)
        while page := list(islice(rest, COLUMNS * ROWS)):
            sheet.page(page)
    return sheet.finish()


def _order(slip: Slip) -> tuple[object, ...]:
    group = sort_key(slip.school), slip.school, _natural(slip.group), slip.group
    return *group, slip.about != "", sort_key(slip.name), slip.login


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """«7А» before «10А»."""
    parts = (part for part in re.split(r"([0-9]+)", text) if part)
    return tuple((int(part), "") if part[0] in "0123456789" else (0, sort_key(part)) for part in parts)


class _Sheet:
    def __init__(self, address: str) -> None:
        self._address = address
        self._pdf = FPDF(unit="mm", format="A4")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_creator("АИС")
        self._pdf.set_title(_("First passwords"))
        for style, file in FILES.items():
            self._pdf.add_font(FONT, style, fontpkg_pt_sans.ROOT / "files" / file)
        self._qr = None
        if address:
            self._qr = io.BytesIO()
            segno.make(address, error="m", micro=False).save(self._qr, kind="png", scale=8, border=0)

    def page(self, slips: Sequence[Slip]) -> None:
        self._pdf.add_page()
        self._cut_lines()
        for index, slip in enumerate(slips):
            self._slip(slip, index % COLUMNS * WIDTH, index // COLUMNS * HEIGHT)

    def finish(self) -> bytes:
        return bytes(self._pdf.output())

    def _cut_lines(self) -> None:
        self._pdf.set_draw_color(150)
        self._pdf.set_line_width(0.1)
        self._pdf.set_dash_pattern(dash=1.5, gap=1.5)
        for row in range(1, ROWS):
            self._pdf.line(0, row * HEIGHT, 210, row * HEIGHT)
        for column in range(1, COLUMNS):
            self._pdf.line(column * WIDTH, 0, column * WIDTH, 297)
        self._pdf.set_dash_pattern()

    def _slip(self, slip: Slip, x: float, y: float) -> None:
        left, wide = x + MARGIN, WIDTH - 2 * MARGIN
        beside = wide - (QR + 3 if self._qr is not None else 0)
        for text, style, size, down, width in self._texts(slip, wide, beside):
            self._text(text, left, y + down, style, size, width)
        if self._qr is not None:
            self._pdf.image(self._qr, x + WIDTH - MARGIN - QR, y + 20, QR, QR)

    def _texts(self, slip: Slip, wide: float, beside: float) -> Iterator[tuple[str, str, float, float, float]]:
        """(text, style, size in points, distance from the top, width) of each line."""
        yield " · ".join(filter(None, (slip.group or _("Staff"), slip.school))), "", 7.5, 8, wide
        yield slip.name, "B", 12, 14, wide
        if slip.about:
            yield _("Guardian of: {children}").format(children=slip.about), "", 8, 18, wide
        yield _("Login"), "", 7, 24, beside
        yield _("You will be told the login") if undrawable([slip]) else slip.login, "B", 11, 28.5, beside
        yield _("First password"), "", 7, 34, beside
        yield slip.code, "B", 11, 38.5, beside
        if self._address:
            yield self._address, "", 8.5, 44.5, beside
        yield _("It works until you choose a password of your own, at the first sign-in."), "", 7, 51, wide
        yield _("Hand it to nobody and throw it away afterwards."), "", 7, 54, wide

    def _text(self, text: str, x: float, y: float, style: str, size: float, width: float) -> None:
        """Draw one line, smaller when it would not fit: nothing of a login or a code is ever cut off."""
        text = _drawable(text)
        self._pdf.set_font(FONT, style, size)
        actual = self._pdf.get_string_width(text)
        if actual > width:
            self._pdf.set_font(FONT, style, size * width / actual)
        self._pdf.text(x, y, text)
