"""What the journal announces after a commit; `live` carries it to open pages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CourseChanged:
    """Cells (student uid, work uid) of a course changed, or its columns did (`reload`)."""

    course: str
    sequence: int
    operation: str
    person: str
    cells: tuple[tuple[str, str], ...] = ()
    reload: bool = False


@dataclass(frozen=True, slots=True)
class DiaryChanged:
    """Something that a student's diary shows changed."""

    student: str
    sequence: int
