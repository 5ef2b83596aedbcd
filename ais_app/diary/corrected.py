"""Corrections, and a mark that was opened by a tap, as a family sees them: small display-ready values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ais_app.diary import queries
from ais_app.diary.queries.acknowledgements import CORRECTED, REMARKED, NewsLine
from ais_app.diary.queries.corrections import Correction
from ais_app.i18n import _, capital, day_and_month, moment_in_words, ngettext, weekday
from ais_app.journal.grid.codes import WORDS
from ais_app.rights.reading import Reading

MOST_NEWS = 6  # sentences about changes after a signature; further ones are counted


@dataclass(frozen=True, slots=True)
class CorrectionItem:
    """A correction: the text of the cell `before` and `after` (empty: taken away), and both in `words`.

    `about`: who corrected it and when; `reason`: a sentence, or empty.
    """

    before: str
    after: str
    about: str
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class CodeItem:
    """A mark or code of a cell; `words`: what it means, for attendance only."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class OpenedItem:
    """A mark that was opened. `key` is its work; empty = none."""

    key: str = ""
    subject: str = ""
    codes: list[CodeItem] = field(default_factory=list)
    kind: str = ""
    when: str = ""
    topic: str = ""
    comment: str = ""
    teacher: str = ""
    written: str = ""
    corrections: list[CorrectionItem] = field(default_factory=list)


def attendance_name(code: str) -> str:
    """«опоздание, 15 минут» of «о15»."""
    name = WORDS[code[:1]]()
    if not code[1:]:
        return name
    minutes = ngettext("{count} minute", "{count} minutes", int(code[1:]))
    return f"{name}, {minutes}"


def correction_items(corrections: Iterable[Correction], zone: str) -> list[CorrectionItem]:
    """Corrections for the page, in their order."""
    return [_correction(one, zone) for one in corrections]


def opened(reading: Reading, child: str, work: str) -> OpenedItem:
    """The cell of `child` in `work` (uids) as its popover shows it. Raises NotYours."""
    found = queries.opened_cell(reading, child, work)
    parts = [part for part in found.cell.value.text.split("/") if part]
    attendance = parts[0] if parts and found.cell.attendance else ""
    written = [found.who, moment_in_words(found.at, reading.zone)] if found.at else []
    number = _("lesson {number}").format(number=found.number) if found.number else ""
    return OpenedItem(
        key=found.work,
        subject=found.subject,
        codes=[
            CodeItem(part[:1], attendance_name(part)) if part is attendance else CodeItem(part, "") for part in parts
        ],
        kind=_("{type}, weight {weight}").format(type=found.kind, weight=found.weight),
        when=", ".join(filter(None, (capital(weekday(found.day)), day_and_month(found.day), number))),
        topic=found.topic,
        comment=found.cell.comment,
        teacher=found.teacher,
        written=", ".join(filter(None, written)),
        corrections=correction_items(found.corrections, reading.zone),
    )


def news(changes: Sequence[NewsLine]) -> list[str]:
    """What has changed since the signature, a sentence for each; of over `MOST_NEWS` the last ones are only counted."""
    sentences = [_news(change) for change in changes]
    if len(sentences) <= MOST_NEWS:
        return sentences
    rest = len(sentences) - MOST_NEWS + 1
    return [*sentences[: MOST_NEWS - 1], ngettext("and {count} change more", "and {count} changes more", rest)]


def _news(change: NewsLine) -> str:
    where = f"{change.subject}, {day_and_month(change.day)}"
    if change.what == CORRECTED:
        return f"{where}: {change.before} → {change.after or _('taken away')}"
    what = _("a new remark") if change.what == REMARKED else _("a remark was taken back")
    return f"{where}: {what}"


def _correction(one: Correction, zone: str) -> CorrectionItem:
    about = ", ".join(filter(None, (one.who, moment_in_words(one.at, zone))))
    after = one.after or _("taken away")
    words = _("Corrected: it was {before}, it is {after}").format(before=one.before, after=after)
    reason = _("Reason: {reason}").format(reason=one.reason) if one.reason else ""
    return CorrectionItem(one.before, one.after, about, reason, words)
