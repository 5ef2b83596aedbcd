"""P-4 a mark → an open diary: 60 teachers enter a mark a second each, 1,000 families have the diary of a child open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from time import perf_counter

from sqlalchemy import Connection, text

from tests.bench import load, schools, teachers
from tests.bench.figures import Figure, exactly, timed

TEACHERS, SECONDS = 60, 15.0
STUDENTS = "SELECT person.uid, account.login FROM account JOIN role_assignment ON account_id = account.id JOIN person ON person.id = person_id WHERE role = 'student' ORDER BY account.id"


def students(connection: Connection) -> list[tuple[str, str]]:
    """(uid, login) of every student: each opens his own diary."""
    return [(row[0], row[1]) for row in connection.execute(text(STUDENTS))]


async def measured(
    families: list[tuple[load.Tab, str]], people: list[load.Teacher]
) -> tuple[list[float], list[float], int]:
    """(mark sent → diary changed, mark sent → answered, diaries that never heard)."""
    await load.opened([*(tab for tab, _student in families), *(person.tab for person in people)])
    tab_of = {student: tab for tab, student in families}
    random, seen = Random(5), []
    waiting: dict[str, float] = {}

    def listen(student: str) -> Callable[[str], None]:
        def heard(frame: str) -> None:
            if '"days_rx_state_"' in frame and student in waiting:
                seen.append(perf_counter() - waiting.pop(student))

        return heard

    for student, tab in tab_of.items():
        tab.heard = listen(student)

    async def act(person: load.Teacher) -> float:
        cell = random.choice([one for one in person.cells if one.student in tab_of and one.student not in waiting])
        waiting[cell.student] = perf_counter()
        return await person.edit(random, [cell])

    answered = await load.at_a_pace(people, act, 1.0, SECONDS)
    for _wait in range(100):
        if not waiting:
            break
        await asyncio.sleep(0.05)
    await load.closed([*tab_of.values(), *(person.tab for person in people)])
    return seen, answered, len(waiting)


def run() -> list[Figure]:
    with schools.copied(schools.large()) as copy:
        everybody = copy.database.read(students)
        cookies = schools.signed_in(copy.database, [login for _uid, login in everybody])
        with teachers.served(copy, TEACHERS) as (server, people):
            families = [
                (load.Tab(server.url, cookie, "/diary/", '"wanted_rx_state_":{"n"'), uid)
                for (uid, _login), cookie in zip(everybody, cookies, strict=True)
            ]
            seen, answered, unheard = asyncio.run(measured(families, people))
    what = f"a mark → the open diary; {len(answered) / SECONDS:.0f} marks/s, {len(families):,} open diaries"
    return [
        timed(what, seen, limit=(None, 200), reference=("the teacher's own answer", answered)),
        exactly(0, "diaries that never heard of their mark", unheard, "diaries"),
    ]
