"""The bus and the hub while Redis or the database is away: nobody is held up, nothing is forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import TimeoutError as NoAnswer

from ais_app.db.columns import new_uid
from ais_app.live.bus import EVERYTHING, REDIS_CHANNEL, Change, MemoryBus, RedisBus
from ais_app.live.hub import Delivery, Hub, Watcher
from ais_app.live.push import Push
from tests import servers

TODAY = date(2026, 11, 23)
SOON = 10


@pytest.fixture
def redis() -> Iterator[servers.Redis]:
    with servers.redis() as server:
        yield server


@asynccontextmanager
async def listening(redis: servers.Redis) -> AsyncIterator[asyncio.Queue[Change]]:
    """Another process: what its bus hears, once it is subscribed."""
    heard: asyncio.Queue[Change] = asyncio.Queue()

    async def listen() -> None:
        async for change in RedisBus(redis.url).changes():
            heard.put_nowait(change)

    task = asyncio.create_task(listen())
    await asyncio.to_thread(servers.wait_for, lambda: _listeners(redis) == 1, "the subscription")
    yield heard
    task.cancel()


def _listeners(redis: servers.Redis) -> int:
    with Redis.from_url(redis.url) as client:
        subscribed: Any = client.pubsub_numsub(REDIS_CHANNEL)
        return subscribed[0][1]


async def heard_next(heard: asyncio.Queue[Change]) -> Change:
    return await asyncio.wait_for(heard.get(), SOON)


async def test_after_an_outage_every_page_is_read_anew(redis):
    bus = RedisBus(redis.url)
    async with listening(redis) as heard:
        bus.publish(Change("course:a", 1))
        assert await heard_next(heard) == Change("course:a", 1)
        redis.kill()
        bus.publish(Change("course:a", 2))
        redis.start()
        assert await heard_next(heard) == EVERYTHING


async def test_what_could_not_be_published_is_made_up_for_by_the_next(redis, monkeypatch):
    """Redis did not answer in time, but nobody lost his connection: the subscribers cannot know that they missed one."""
    bus = RedisBus(redis.url)
    async with listening(redis) as heard:
        with monkeypatch.context() as broken:
            broken.setattr(Redis, "publish", _no_answer)
            bus.publish(Change("course:a", 1))
        monkeypatch.setattr("ais_app.live.bus.monotonic", lambda: bus._paused_until)
        bus.publish(Change("course:a", 2))
        assert [await heard_next(heard), await heard_next(heard)] == [EVERYTHING, Change("course:a", 2)]


async def test_a_silent_redis_is_not_asked_for_each_change(redis, monkeypatch):
    asked = []
    monkeypatch.setattr(Redis, "publish", lambda *arguments: asked.append(arguments) or _no_answer())
    monkeypatch.setattr("ais_app.live.bus.monotonic", lambda: 1000.0)
    bus = RedisBus(redis.url)
    for number in range(60):
        bus.publish(Change("student:a", number))
    assert len(asked) == 1


async def test_nonsense_on_the_channel_ends_nothing(redis):
    async with listening(redis) as heard:
        with Redis.from_url(redis.url) as stranger:
            for nonsense in ("{", "[]", '{"topic": "course:a"}', '{"evil": 1}'):
                stranger.publish(REDIS_CHANNEL, nonsense)
        RedisBus(redis.url).publish(Change("course:a", 1))
        assert await heard_next(heard) == Change("course:a", 1)


def _no_answer(*_arguments) -> None:
    raise NoAnswer


class Shown(Push):
    """A tab that is always here; what it is sent is kept."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[dict] = asyncio.Queue()

    def is_connected(self, token: str) -> bool:
        return True

    async def send(self, token: str, state: type, variables: Any) -> None:
        self.sent.put_nowait(variables)


async def test_a_page_whose_reading_failed_is_read_again(monkeypatch):
    monkeypatch.setattr("ais_app.live.hub.RETRY_SECONDS", 0.01)
    bus, shown, tries = MemoryBus(), Shown(), []

    async def deliver(change: Change, watchers):
        tries.append(change)
        if len(tries) < 3:
            raise ConnectionError
        return [Delivery(watcher, Shown, {"days": len(tries)}) for watcher in watchers]

    hub = Hub(bus, shown, lambda _uids: None)
    hub.channel("diary", deliver)
    hub.watch([Watcher("tab", "session", "diary", "student:a")], "tab")
    running = asyncio.create_task(hub.run())
    await asyncio.sleep(0)
    bus.publish(Change("student:a", 1))
    assert await asyncio.wait_for(shown.sent.get(), SOON) == {"days": 3}
    running.cancel()


def test_an_operation_that_is_sent_again_is_told_to_the_others_again(school):
    """The server died between the commit and the answer: the other pages have not heard of it either."""
    heard: list = []
    uid = new_uid()
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0), uid=uid)
    school.database.on_commit(heard.extend)
    school.enter(school.teacher(), "algebra", ("anna", TODAY, "5", 0), uid=uid)
    course, diary = heard
    assert course.cells == ((school.people["anna"].uid, school.work("algebra", TODAY)),)
    assert diary.student == school.people["anna"].uid
