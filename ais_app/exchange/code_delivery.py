"""Writes one-time codes to slips and tables before they are committed, so that none is lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from ais_app import private_files
from ais_app.exchange.slips import Slip, pdf_of, undrawable, with_distinct_names
from ais_app.formulas import escape
from ais_app.i18n import _


class _WithCodes(Protocol):
    codes: list[Slip]


class CodeDelivery:
    """Writes slips (PDF) and codes (tab-separated) to new files that only their owner may read.

    `lacking`: sentences about slips that cannot show their login or code.
    """

    def __init__(self, slips: Path | None, codes: Path | None, address: str) -> None:
        self._slips, self._codes, self._address = slips, codes, address
        self.written: list[Path] = []
        self.lacking: list[str] = []

    def write(self, report: _WithCodes) -> None:
        """Write the files, or none without codes. Raises OSError: then nothing must be committed."""
        if report.codes and self._slips is not None:
            self._put(self._slips, pdf_of(report.codes, self._address))
            text = _(
                "The slip of «{login}» cannot show its login or code, its font lacks {signs}: tell it in another way."
            )
            self.lacking = [text.format(login=one.login, signs=one.named_signs) for one in undrawable(report.codes)]
        if report.codes and self._codes is not None:
            self._put(self._codes, self.table(report.codes).encode())

    def take_back(self) -> None:
        """Remove the files that were written: their codes are not valid."""
        for path in self.written:
            path.unlink()
        self.written.clear()

    @staticmethod
    def table(codes: Sequence[Slip]) -> str:
        """Login, code and name of each, one a line, as text for a spreadsheet."""
        return "".join(f"{escape(one.login)}\t{one.code}\t{escape(one.name)}\n" for one in with_distinct_names(codes))

    def _put(self, path: Path, content: bytes) -> None:
        with private_files.new(path) as target:
            self.written.append(path)
            target.write(content)
