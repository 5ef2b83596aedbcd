"""S-67: events within the limits of frames that ask for more work than they cost to send."""

from __future__ import annotations

import asyncio
import json
import uuid
from contextlib import suppress

from sqlalchemy import text
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from ais_app.access.gate.budget import BLOCKS_OF_A_TAB
from ais_app.db.columns import new_uid
from ais_app.journal.grid.payloads import MOST_OPERATIONS
from tests.servers import wait_for
from tests.wire.client import JOURNAL, cookie_of
from tests.wire.test_floods import entered, memory
from tests.wire.test_journal_attacks import TODAY, answer_to

SESSIONS, TABS, EVENTS = 2, 4, 40
PLACES = [(student, number) for student in ("anna", "boris", "vera") for number in range(4)]


def event(world, *operations) -> str:
    """The frame of an event of the grid."""
    body = {"name": f"{JOURNAL}.enter", "payload": {"raw": {"ops": list(operations)}}, "router_data": {}}
    return "42/_event," + json.dumps(["event", body])


def written(world) -> int:
    """Operations of marks that stand in the ledger."""
    query = text("SELECT count(*) FROM operation WHERE kind = 'marks_entered'")
    return world.database.read(lambda one: one.execute(query).scalar_one())


def works(world) -> list[str]:
    """The works of the course up to today, the oldest first."""
    query = text(
        "SELECT work.uid FROM work JOIN lesson ON lesson.id = work.lesson_id JOIN course ON course.id = lesson.course_id "
        "WHERE course.uid = :course AND lesson.day <= :today ORDER BY lesson.day DESC"
    )
    values = {"course": world.here.courses["algebra"], "today": TODAY}
    return list(world.database.read(lambda one: one.execute(query, values).scalars()))


async def pile_up(world, cookie: str, url: str, place: tuple[str, str, int], enough: asyncio.Event) -> None:
    """One tab sends its events at once, all of them changes of its own cell, and goes without a word."""
    student, work, version = place
    versions = iter(range(version, version + EVENTS * MOST_OPERATIONS))

    def operation() -> list:
        seen = next(versions)
        return [new_uid(), world.here.courses["algebra"], [[student, work, "54"[seen % 2], seen]]]

    frames = [event(world, *[operation() for _number in range(MOST_OPERATIONS)]) for _event in range(EVENTS)]
    address = f"{url.replace('http', 'ws', 1)}/_event/?token={uuid.uuid4()}&EIO=4&transport=websocket"
    opened = await connect(
        address, additional_headers={"Cookie": cookie}, origin=url, ping_interval=None, max_size=None, open_timeout=30
    )
    await opened.send("40/_event,")
    with suppress(ConnectionClosed):
        for one in frames:
            await opened.send(one)
    await enough.wait()
    opened.transport.abort()


def test_s67_work_goes_with_the_sockets_that_brought_it(world):
    """2 sessions, 8 tabs, 320 events, 16,000 operations: only what is outstanding when the sockets close is done."""
    cookies = [cookie_of(world.fresh("teacher")) for _session in range(SESSIONS)]
    columns, before, at_first = works(world)[1:5], memory(world), written(world)
    places = []
    for login, number in PLACES[: SESSIONS * TABS]:
        student, work = world.here.people[login], columns[number]
        version = world.database.read(
            lambda one, s=student.id, w=work: one.execute(
                text(
                    "SELECT coalesce(max(cell.version), 0) FROM cell JOIN work ON work.id = cell.work_id "
                    "WHERE work.uid = :work AND cell.student_id = :student"
                ),
                {"work": w, "student": s},
            ).scalar_one()
        )
        places.append((student.uid, work, version))

    async def attack() -> None:
        enough = asyncio.Event()
        urls = [process.url for process in world.processes]
        tabs = asyncio.gather(
            *[
                pile_up(world, cookies[number % SESSIONS], urls[number % len(urls)], place, enough)
                for number, place in enumerate(places)
            ]
        )
        await asyncio.to_thread(wait_for, lambda: written(world) > at_first + MOST_OPERATIONS, "nothing was written")
        enough.set()
        await tabs

    asyncio.run(attack())
    closed = written(world)
    while True:  # each of these edits waits in the same queue of the writer as the work of the closed tabs
        count = written(world)
        entered(world, "boris")
        if written(world) - count <= len(world.processes):
            break
    # The end of a socket stands behind the blocks that it sent before: a tab may still have as many read as it may have.
    assert written(world) - closed <= SESSIONS * TABS * BLOCKS_OF_A_TAB * MOST_OPERATIONS
    assert memory(world) < before + 100


def test_s67_an_event_of_too_much_is_refused_and_every_operation_of_it_is_answered(world):
    tab, course = world.tab("teacher"), world.here.courses["algebra"]
    student, work = world.here.people["boris"].uid, world.here.work("algebra", TODAY)
    cell = [student, work, "5", 0]
    for operations in (
        [[new_uid(), course, [cell]] for _number in range(51)],
        [[new_uid(), course, [cell] * 251], [new_uid(), course, [cell] * 250]],
        [[new_uid(), course, [cell] * 501]],
    ):
        tab.send(f"{JOURNAL}.enter", {"raw": {"ops": operations}})
        answer = tab.until(JOURNAL, "answer")["patches"]
        assert [one["op"] for one in answer] == [uid for uid, *_rest in operations]
        assert all(one["error"] for one in answer)
    assert answer_to(tab, {"raw": {"ops": [[new_uid(), course, [cell]]]}})["op"]
