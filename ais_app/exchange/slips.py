"""Slips with one-time codes, to be printed, cut and handed out: ten on a page, each class on pages of its own."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

import fontpkg_pt_sans
import segno
from fpdf import FPDF

from ais_app.i18n import _

COLUMNS, ROWS = 2, 5
WIDTH, HEIGHT = 210 / COLUMNS, 297 / ROWS  # millimetres
MARGIN, QR = 7.0, 25.0
FONT = "PT Sans"


@dataclass(frozen=True, slots=True)
class Slip:
    """What somebody needs for his first sign-in. `group` is a class («» for staff), `about` a guardian's children."""

    login: str
    code: str
    name: str
    school: str = ""
    group: str = ""
    about: str = ""


def pdf_of(slips: Sequence[Slip], address: str) -> bytes:
    """The slips as PDF: staff first, then class by class the students and after them their guardians.

    `address` is where people sign in; without one there is neither a line nor a QR code of it. Text is drawn as text
    only: nothing in a name is ever read as markup or fetched (S-43).
    """
    sheet = _Sheet(address)
    ordered = sorted(slips, key=lambda slip: (slip.school, _natural(slip.group), slip.about != "", slip.name))
    for _place, of_group in groupby(ordered, key=lambda slip: (slip.school, slip.group)):
        rest = iter(of_group)
        while page := list(islice(rest, COLUMNS * ROWS)):
            sheet.page(page)
    return sheet.finish()


def _natural(text: str) -> tuple[tuple[int, str], ...]:
    """«7А» before «10А»."""
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", text) if part)


class _Sheet:
    def __init__(self, address: str) -> None:
        self._address = address
        self._pdf = FPDF(unit="mm", format="A4")
        self._pdf.set_auto_page_break(False)
        self._pdf.set_creator("АИС")
        self._pdf.set_title(_("One-time codes"))
        for style, file in (("", "PT_Sans-Web-Regular.ttf"), ("B", "PT_Sans-Web-Bold.ttf")):
            self._pdf.add_font(FONT, style, fontpkg_pt_sans.ROOT / "files" / file)
        self._qr = None
        if address:
            self._qr = io.BytesIO()
            segno.make(address, error="m", micro=False).save(self._qr, kind="png", scale=8, border=0)

    def page(self, slips: Sequence[Slip]) -> None:
        self._pdf.add_page()
        self._cut_lines()
        for place, slip in enumerate(slips):
            self._slip(slip, place % COLUMNS * WIDTH, place // COLUMNS * HEIGHT)

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
        yield slip.login, "B", 11, 28.5, beside
        yield _("One-time password"), "", 7, 34, beside
        yield slip.code, "B", 11, 38.5, beside
        if self._address:
            yield self._address, "", 8.5, 44.5, beside
        yield _("It works once: at the first sign-in you choose a password of your own."), "", 7, 51, wide
        yield _("Hand it to nobody and throw it away afterwards."), "", 7, 54, wide

    def _text(self, text: str, x: float, y: float, style: str, size: float, width: float) -> None:
        """One line, smaller when it would not fit: nothing of a login or a code is ever cut off."""
        self._pdf.set_font(FONT, style, size)
        actual = self._pdf.get_string_width(text)
        if actual > width:
            self._pdf.set_font(FONT, style, size * width / actual)
        self._pdf.text(x, y, text)
