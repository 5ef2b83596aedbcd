"""Importing what is kept in the journals: only from our own export, and only into a school that this import opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from ais_app.diary import service as diary
from ais_app.exchange.engine import Line, Sheet
from ais_app.exchange.engine.codes import EMPTY, TOO_LONG
from ais_app.exchange.oneroster import codes
from ais_app.exchange.oneroster.context import Importing, TargetSchool
from ais_app.exchange.oneroster.roster import Term, is_out
from ais_app.exchange.oneroster.schools import MOST_WEIGHT
from ais_app.journal import restoring
from ais_app.journal.grid import rules
from ais_app.journal.lessons.service import lessons
from ais_app.journal.remarks import service as remarks

_Results = dict[str, dict[str, list[Line]]]


@dataclass
class _Lesson:
    """A lesson with the rows of its works in lineItems.csv; `line`, of the first one, has its own columns."""

    key: str
    line: Line
    works: list[tuple[str, Line]] = field(default_factory=list)


def bring(importing: Importing, target: TargetSchool) -> None:
    """Write lessons, works, marks, absences, remarks and acknowledgements of a school that this import opened."""
    _bring_lessons(importing, target)
    if target.is_new:
        _bring_acknowledgements(importing, target)


def _bring_acknowledgements(importing: Importing, target: TargetSchool) -> None:
    seen: dict[tuple[str, str, date], diary.RestoredAcknowledgement] = {}
    sheet, people = importing.roster["aisAcknowledgements"], target.people
    for _key, line in sheet:
        student, guardian = line["studentSourcedId"], line["guardianSourcedId"]
        monday, at = line.day("monday") or date.min, line.moment("at") or datetime.min.replace(tzinfo=UTC)
        if monday.isoweekday() != 1 or (student, guardian, monday) in seen:
            wrong = codes.NO_MONDAY if monday.isoweekday() != 1 else codes.WEEK_TWICE
            importing.problems.append(sheet.problem(line, "monday", wrong))
        elif student in people and guardian in people:
            one = diary.RestoredAcknowledgement(people[student], people[guardian], monday, at)
            seen[student, guardian, monday] = one
    if seen and not importing.problems:
        diary.restore_acknowledgements(importing.uow, importing.actor, target.school, list(seen.values()))
    importing.report.add("acknowledgements", len(seen))


def _bring_lessons(importing: Importing, target: TargetSchool) -> None:
    sheet = importing.roster["lineItems"]
    mine = {key: line for key, line in sheet if line["classSourcedId"] in target.courses and not is_out(line)}
    if not mine:
        return
    if not target.is_new:
        importing.report.leave("works", len(mine))
        return
    results = _results(importing, target, mine)
    by_course: dict[tuple[str, str], _Lesson] = {}
    for key, line in mine.items():
        name = line["metadata.ais.lesson"] or key
        lesson = by_course.setdefault((line["classSourcedId"], name), _Lesson(name, line))
        lesson.works.append((key, line))
    _check_numbers(importing, sheet, by_course.values())
    remarked = _remarks(importing, target, {lesson.key for lesson in by_course.values()})
    restored = [_restored(importing, target, lesson, results, remarked) for lesson in by_course.values()]
    if importing.problems:
        return
    restoring.restore_records(importing.uow, importing.actor, target.school, restored)
    importing.report.add("lessons", len(restored))
    importing.report.add("works", len(mine))
    importing.report.add("cells", sum(map(len, results.values())))
    importing.report.add("remarks", sum(map(len, remarked.values())))


def _remarks(importing: Importing, target: TargetSchool, known: set[str]) -> dict[str, list[restoring.RestoredRemark]]:
    """{lesson: its remarks}; problems for those that cannot be taken."""
    by_lesson: dict[str, list[restoring.RestoredRemark]] = {}
    sheet = importing.roster["aisRemarks"]
    for _key, line in sheet:
        student, author = target.people.get(line["studentSourcedId"]), target.people.get(line["authorSourcedId"])
        created = line.moment("createdAt")
        if line["lesson"] not in known:
            importing.problems.append(sheet.problem(line, "lesson", codes.NO_LESSON, lesson=line["lesson"]))
        elif len(line["text"]) > remarks.LONGEST_REMARK:
            importing.problems.append(sheet.problem(line, "text", TOO_LONG, most=remarks.LONGEST_REMARK))
        elif student is not None and author is not None and created is not None:
            remark = restoring.RestoredRemark(student, author, line["text"], created, line.moment("withdrawnAt"))
            by_lesson.setdefault(line["lesson"], []).append(remark)
    return by_lesson


def _check_numbers(importing: Importing, sheet: Sheet, imported: Iterable[_Lesson]) -> None:
    """Problems for lessons of one course, day and number, and for numbers and texts out of range."""
    taken: dict[tuple[str, str, int], int] = {}
    for lesson in imported:
        line = lesson.line
        at = (line["classSourcedId"], line["assignDate"][:10], line.whole("metadata.ais.number", 1))
        if at in taken:
            problem = sheet.problem(line, "metadata.ais.number", codes.LESSON_TWICE, first=str(taken[at]))
            importing.problems.append(problem)
        taken[at] = line.row
        if not 0 <= at[2] <= lessons.LAST_NUMBER:
            importing.problems.append(sheet.problem(line, "metadata.ais.number", codes.NO_LESSON_NUMBER))
        ordinals: set[int] = set()
        for _key, work in lesson.works:
            ordinal = work.whole("metadata.ais.ordinal", 1)
            if ordinal in ordinals or not 1 <= ordinal <= lessons.MOST_WORKS:
                importing.problems.append(sheet.problem(work, "metadata.ais.ordinal", codes.NO_COLUMN))
            ordinals.add(ordinal)
            if not 0 <= work.whole("metadata.ais.weight", 1) <= MOST_WEIGHT:
                problem = sheet.problem(work, "metadata.ais.weight", codes.OUT_OF_RANGE, least=0, most=MOST_WEIGHT)
                importing.problems.append(problem)
        if not 0 <= line.whole("metadata.ais.minutes", 0) <= lessons.MOST_MINUTES:
            bounds = {"least": 1, "most": lessons.MOST_MINUTES}
            importing.problems.append(sheet.problem(line, "metadata.ais.minutes", codes.OUT_OF_RANGE, **bounds))
        due, given = line.day("metadata.ais.homeworkDue"), line.day("assignDate")
        if due is not None and given is not None and due <= given:
            importing.problems.append(sheet.problem(line, "metadata.ais.homeworkDue", codes.NOT_AFTER_LESSON))
        for column, longest in (("topic", lessons.LONGEST_TOPIC), ("homework", lessons.LONGEST_HOMEWORK)):
            if len(line[f"metadata.ais.{column}"]) > longest:
                importing.problems.append(sheet.problem(line, f"metadata.ais.{column}", TOO_LONG, most=longest))


def _results(importing: Importing, target: TargetSchool, works: Mapping[str, Line]) -> _Results:
    """{work: {student: his rows}} of the works given, attendance first, then the marks in their order."""
    results: _Results = {}
    for _key, line in importing.roster["results"]:
        work, student = line["lineItemSourcedId"], line["studentSourcedId"]
        if work in works and student in target.people and not is_out(line):
            results.setdefault(work, {}).setdefault(student, []).append(line)
    for of_students in results.values():
        for rows in of_students.values():
            rows.sort(key=lambda line: line.whole("metadata.ais.ordinal", -1))
    return results


def _restored(
    importing: Importing,
    target: TargetSchool,
    lesson: _Lesson,
    results: _Results,
    remarked: Mapping[str, Sequence[restoring.RestoredRemark]],
) -> restoring.RestoredLesson:
    line = lesson.line
    works = []
    for key, work in sorted(lesson.works, key=lambda one: one[1].whole("metadata.ais.ordinal", 1)):
        type_id, weight = target.types[work["categorySourcedId"]]
        cells = [_cell(importing, target, work, student, rows) for student, rows in results.get(key, {}).items()]
        works.append(
            restoring.RestoredWork(
                work.whole("metadata.ais.ordinal", 1),
                type_id,
                work.whole("metadata.ais.weight", weight),
                [cell for cell in cells if cell is not None],
            )
        )
    return restoring.RestoredLesson(
        course=target.courses[line["classSourcedId"]],
        day=line.day("assignDate") or date.min,
        number=line.whole("metadata.ais.number", 1),
        room=line["metadata.ais.room"],
        topic=line["metadata.ais.topic"],
        homework=line["metadata.ais.homework"],
        minutes=line.whole("metadata.ais.minutes", 0) or None,
        nothing_set=line.flag("metadata.ais.nothingSet", empty=False),
        works=works,
        remarks=remarked.get(lesson.key, ()),
        due=line.day("metadata.ais.homeworkDue"),
    )


def _cell(
    importing: Importing, target: TargetSchool, work: Line, student: str, rows: Sequence[Line]
) -> restoring.RestoredCell | None:
    """A cell by its rows of results.csv; None, with a problem, when a cell cannot hold them."""
    sheet, line, terms = importing.roster["results"], rows[0], _terms(importing, work, student)
    try:
        value = rules.parse_cell("/".join(row["metadata.ais.code"] for row in rows), mark_one=True)
    except rules.BadCell as bad:
        importing.problems.append(sheet.problem(line, "metadata.ais.code", codes.NO_CODE, value=str(bad)))
        return None
    if value.attendance == rules.ABSENT and value.marks:
        note = sheet.note(line, "metadata.ais.code", codes.MARK_BESIDE_ABSENCE, value=value.text)
        importing.report.notes.append(note)
    comments = [row["comment"] for row in rows if row["metadata.ais.ordinal"]]
    entered = line.moment("metadata.ais.enteredAt")
    day = work.day("assignDate") or date.min
    problems = []
    if len(comments) != len(value.marks):
        problems.append(sheet.problem(line, "metadata.ais.code", codes.NO_MARK))
    if any(len(one) > rules.LONGEST_COMMENT for one in comments):
        problems.append(sheet.problem(line, "comment", TOO_LONG, most=rules.LONGEST_COMMENT))
    if entered is None:
        problems.append(sheet.problem(line, "metadata.ais.enteredAt", EMPTY))
    if not terms:
        problems.append(sheet.problem(line, "studentSourcedId", codes.NEVER_IN_CLASS))
    elif not problems and not any(_holds(term, day) for term in terms):
        importing.report.notes.append(sheet.note(line, "studentSourcedId", codes.NOT_IN_CLASS))
    importing.problems += problems
    if problems or entered is None:
        return None
    changed = line.flag("metadata.ais.changed", empty=False)
    return restoring.RestoredCell(target.people[student], value, comments, entered, changed)


def _terms(importing: Importing, work: Line, student: str) -> list[Term]:
    return [term for term in importing.roster.students.get(work["classSourcedId"], ()) if term.user == student]


def _holds(term: Term, day: date) -> bool:
    return (term.begin or day) <= day and (term.end is None or day < term.end)
