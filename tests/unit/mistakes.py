"""What is made by mistake in the small school, and what is seen of it."""

from __future__ import annotations

from datetime import date

from ais_app.db.columns import new_uid
from ais_app.journal.courses.queries import courses
from ais_app.journal.grid.service.cells import MarkEntry
from ais_app.journal.grid.service.marks import MarksOperation, enter_marks
from ais_app.journal.lessons.queries.taken_back import taken_back
from ais_app.journal.lessons.service import lessons
from ais_app.ledger import queries as ledger
from ais_app.ledger.service import school_chain
from ais_app.rights.rules import Role
from tests.builders import reading_at
from tests.unit.test_marks import grid

TODAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 20)
SUNDAY = date(2026, 11, 22)


def added(school, day: date = TODAY, number: int = 7, course: str = "algebra", login: str = "teacher") -> str:
    actor = school.actor(login, Role.TEACHER)
    return school.database.write(lambda uow: lessons.add_lesson(uow, actor, school.courses[course], day, number))


def work_of(school, lesson: str, ordinal: int = 1) -> str:
    def find(connection):
        return connection.exec_driver_sql(
            "SELECT work.uid FROM work JOIN lesson ON lesson.id = work.lesson_id "
            f"WHERE lesson.uid = '{lesson}' AND work.ordinal = {ordinal} AND work.taken_back_at IS NULL"
        ).scalar_one()

    return school.database.read(find)


def enter(school, work: str, student: str, text: str, version: int = 0, comment: str | None = None):
    entry = MarkEntry(school.people[student].uid, work, text, version, comment)
    teacher = school.teacher()
    operation = MarksOperation(new_uid(), school.courses["algebra"], [entry])
    return school.database.write(lambda uow: enter_marks(uow, teacher, operation))


def shown_lessons(school) -> list[tuple[str, int]]:
    """(day, number) of the columns that the teacher sees in his course."""
    _cells, view = grid(school)
    return [(column["date"], column["number"]) for column in view["columns"]]


def to_put_back(school, login: str = "teacher", course: str = "algebra") -> list[str]:
    actor = school.actor(login, Role.TEACHER)

    def read(connection):
        reading = reading_at(connection, actor, TODAY)
        page = courses.course_to_write(reading, school.courses[course])
        return [one.what for one in taken_back(reading, page)]

    return school.database.read(read)


def steps(school, entity: str, uid: str) -> list[str]:
    return [one.kind for one in school.database.read(ledger.history, school_chain(school.ref.uid), entity, uid)]
