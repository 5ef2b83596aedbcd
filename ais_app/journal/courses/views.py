"""What the list of courses and the heading of an open one show."""

from __future__ import annotations

from dataclasses import dataclass

from ais_app.i18n import _, ngettext
from ais_app.journal.courses.queries import courses
from ais_app.journal.courses.queries.courses import CourseRow
from ais_app.people.names import sort_key
from ais_app.rights.reading import Reading


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course in the list."""

    href: str
    uid: str
    title: str
    subject: str
    class_name: str
    teacher: str
    today: str
    own: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A class or a subject to go to from an open course."""

    href: str
    label: str
    current: bool


def cards(reading: Reading) -> list[CourseCard]:
    """The readable courses, today's lessons first."""
    return [
        CourseCard(
            href=f"/journal/{row.uid}",
            uid=row.uid,
            title=f"{row.class_name}, {row.subject}" if row.class_name else row.subject,
            subject=row.subject,
            class_name=row.class_name,
            teacher=row.teacher,
            today=_lesson_numbers(row.today),
            own=row.own,
        )
        for row in courses.courses(reading)
    ]


def _lesson_numbers(numbers: tuple[int, ...]) -> str:
    if not numbers:
        return ""
    if len(numbers) == 1:
        return _("today: lesson {number}").format(number=numbers[0])
    return _("today: lessons {numbers}").format(numbers=", ".join(map(str, numbers)))


def choices(readable: list[CourseCard], page: CourseRow) -> tuple[list[Choice], list[Choice]]:
    """Where to go from a course: another class (there to the same subject, if it has it), another subject."""
    by_class: dict[str, CourseCard] = {}
    for card in readable:
        if card.class_name not in by_class or card.subject == page.name:
            by_class[card.class_name] = card
    names = sorted(by_class, key=lambda name: (len(name), sort_key(name)))
    classes = [Choice(by_class[name].href, name or _("Groups"), name == page.class_name) for name in names]
    subjects = [
        Choice(card.href, card.subject, card.uid == page.uid) for card in readable if card.class_name == page.class_name
    ]
    return classes, sorted(subjects, key=lambda choice: sort_key(choice.label))


def hours_held(reading: Reading, page: CourseRow) -> str:
    held = courses.held_lessons(reading.connection, page.id, reading.today)
    if page.hours_planned:
        return _("{held} of {planned} hours held").format(held=held, planned=page.hours_planned)
    return ngettext("{count} lesson held", "{count} lessons held", held)
