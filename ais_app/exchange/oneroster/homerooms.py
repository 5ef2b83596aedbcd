"""Which homerooms of a set are school classes: by their names, and where these do not tell, by answers of the operator.

The grade of a homeroom is never guessed: one that is not recognised is a question, which the import writes to a file
and the operator answers there. Answers are remembered for the class under its present name.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ais_app import private_files
from ais_app.exchange.engine import (
    Column,
    Findings,
    ImportRefused,
    Kind,
    Limits,
    Line,
    Note,
    Problem,
    Sheet,
    Table,
    parse,
)
from ais_app.exchange.engine.codes import EMPTY, SEMICOLONS
from ais_app.exchange.imported_ids import ImportedIds
from ais_app.exchange.oneroster import codes
from ais_app.exchange.oneroster.roster import Roster
from ais_app.formulas import escape

# «7А», «7 «А»», «11-Б», «5»: how a class is called in a Russian school.
_CLASS = re.compile(r"^(1[01]|[1-9])\s*[-–]?\s*[«\"„(]?\s*([А-ЯЁA-Z]?)\s*[»\"“)]?(?:\s+класс)?$", re.IGNORECASE)
# What a name that is not one of these may mean: «07.1», «7а кл.», «10 физ-мат». Only proposed, never taken.
_LIKE_CLASS = re.compile(
    r"^\D{0,3}0?(1[0-2]|[1-9])(?!\d)[\s.,_\-–«\"(]*(.*?)[»\")]*(?:\s*кл(?:асс)?\.?)?$", re.IGNORECASE
)
LAST_GRADE = 12
LONGEST_LETTER = 15

_CLASS_WORDS = frozenset({"class", "класс"})
_COURSE_WORDS = frozenset({"course", "курс"})
MAPPING = Table(
    "mapping",
    (
        Column("class", required=True, filled=True),
        Column("title"),
        Column("classCode"),
        Column("school"),
        Column("becomes", required=True, choices=_CLASS_WORDS | _COURSE_WORDS),
        Column("grade", Kind.WHOLE, required=True),
        Column("letter", longest=LONGEST_LETTER),
    ),
    key="class",
)
# A mapping is small: a class in it is a row.
_LIMITS = Limits(file=2_000_000, rows=10_000)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a homeroom is: the school class of a grade and letter; with grade 0, a course."""

    grade: int
    letter: str = ""

    @property
    def is_class(self) -> bool:
        return self.grade > 0


COURSE = Answer(0)


@dataclass(frozen=True, slots=True)
class Question:
    """A homeroom whose grade is not recognised; `proposed`: what its name may mean."""

    key: str
    title: str
    code: str
    school: str
    proposed: Answer


class HomeroomsUnknown(ImportRefused):
    """There are homerooms of which nobody has said what they become; `questions` have to be answered."""

    def __init__(self, problems: Findings[Problem], notes: Findings[Note], questions: Sequence[Question]) -> None:
        super().__init__(problems, notes)
        self.questions = list(questions)


class Answers:
    """The answers of a mapping file: `given`: {class: answer}, the rows of the file, and the notes about them."""

    def __init__(
        self, given: Mapping[str, Answer] | None = None, sheet: Sheet | None = None, notes: Iterable[Note] = ()
    ) -> None:
        self.given = dict(given or {})
        self.sheet, self.notes = sheet, list(notes)


def is_homeroom(line: Line) -> bool:
    return line["classType"].casefold() == "homeroom"


def recognised(roster: Roster, line: Line) -> Answer | None:
    """What a homeroom is by its name, or by the columns of our own export; None when neither tells."""
    if roster.manifest.own and line["metadata.ais.grade"]:
        return Answer(int(line["metadata.ais.grade"]), line["metadata.ais.letter"])
    name = _CLASS.match(line["title"]) or _CLASS.match(line["classCode"])
    return Answer(int(name[1]), name[2].upper()) if name else None


def settle(
    roster: Roster, classes: Iterable[str], answers: Answers, ids: ImportedIds, problems: Findings[Problem]
) -> dict[str, Answer]:
    """{class: what it is} of the homerooms among `classes`; one that nobody answered for is a problem.

    An answer given now wins over one remembered, and either over the name.
    """
    roster.notes += answers.notes
    settled: dict[str, Answer] = {}
    for key in sorted(classes):
        line = roster["classes"][key]
        if not is_homeroom(line):
            continue
        answer = answers.given.get(key) or _remembered(roster, key, line, ids) or recognised(roster, line)
        if answer is None:
            problems.append(roster["classes"].problem(line, "title", codes.HOMEROOM_UNKNOWN, title=line["title"]))
        else:
            settled[key] = answer
    for key in sorted(set(answers.given) - settled.keys()):
        if answers.sheet is not None and key in answers.sheet:
            roster.notes.append(answers.sheet.note(answers.sheet[key], "class", codes.ANSWER_UNUSED, key=key))
    return settled


def questions(roster: Roster, classes: Iterable[str], settled: Mapping[str, Answer]) -> list[Question]:
    """The homerooms among `classes` that have no answer, with what their names may mean."""
    unanswered = []
    for key in sorted(classes):
        line = roster["classes"][key]
        if is_homeroom(line) and key not in settled:
            org = roster.schools[roster.school_of[line["schoolSourcedId"]]]
            unanswered.append(Question(key, line["title"], line["classCode"], org["name"], _proposed(line)))
    return unanswered


def remember(roster: Roster, org: str, school: str, given: Mapping[str, Answer], ids: ImportedIds) -> None:
    """Remember the answers about a school (its org and uid), for later imports of classes of the same names."""
    classes = roster.classes_of(org)
    kept = {_about(key, classes[key]): _spelled(answer) for key, answer in given.items() if key in classes}
    if kept:
        ids.remember(_entity(school), kept)


def _remembered(roster: Roster, key: str, line: Line, ids: ImportedIds) -> Answer | None:
    school = ids.of("org").get(roster.school_of[line["schoolSourcedId"]])
    return _read(ids.of(_entity(school)).get(_about(key, line), "")) if school is not None else None


def _entity(school: str) -> str:
    return f"answer@{school}"


def read_mapping(path: Path) -> Answers:
    """The answers in a mapping file; rows without one are left out. Raises ImportRefused with each defect."""
    problems, notes = Findings[Problem](), Findings[Note]()
    table = replace(MAPPING, name=path.name.removesuffix(".csv"))
    with path.open("rb") as source:
        raw = source.read(_LIMITS.file + 1)
    sheet = parse(table, raw[: _LIMITS.file], problems, notes, _LIMITS)
    given: dict[str, Answer] = {}
    for key, line in sheet if not problems else ():
        word = line["becomes"].casefold()
        if word in _COURSE_WORDS:
            given[key] = COURSE
        elif word and not line["grade"]:
            problems.append(sheet.problem(line, "grade", EMPTY))
        elif word and not 1 <= line.whole("grade", 0) <= LAST_GRADE:
            problems.append(sheet.problem(line, "grade", codes.OUT_OF_RANGE, least=1, most=LAST_GRADE))
        elif word:
            given[key] = Answer(line.whole("grade", 0), _letter(line["letter"]))
    if problems:
        raise ImportRefused(problems, notes)
    return Answers(given, sheet, [note for note in notes if note.code != SEMICOLONS])


def write_questions(path: Path, unanswered: Sequence[Question]) -> None:
    """Write a new mapping file for its owner alone, to be filled in a spreadsheet. Raises OSError."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.name for column in MAPPING.columns])
    for one in unanswered:
        proposed = (str(one.proposed.grade), one.proposed.letter) if one.proposed.is_class else ("", "")
        texts = (one.key, one.title, one.code, one.school, "", *proposed)
        writer.writerow([escape(text) for text in texts])
    private_files.write_new(path, target.getvalue().encode("utf-8-sig"))


def _proposed(line: Line) -> Answer:
    name = _LIKE_CLASS.match(line["title"]) or _LIKE_CLASS.match(line["classCode"])
    if name is None:
        return COURSE
    return Answer(int(name[1]), _letter(name[2].strip()[:LONGEST_LETTER]))


def _letter(text: str) -> str:
    """A single letter as a capital; a longer text as it is, such as «физ-мат»."""
    return text.upper() if len(text) == 1 else text


def _about(key: str, line: Line) -> str:
    """The key of an answer: a hash of the class and its names, so that a renamed class is a question again."""
    return hashlib.sha256("\n".join((key, line["title"], line["classCode"])).encode()).hexdigest()


def _spelled(answer: Answer) -> str:
    return f"class {answer.grade} {answer.letter}" if answer.is_class else "course"


def _read(text: str) -> Answer | None:
    if text == "course":
        return COURSE
    word, _space, rest = text.partition(" ")
    grade, _space, letter = rest.partition(" ")
    return Answer(int(grade), letter) if word == "class" else None
