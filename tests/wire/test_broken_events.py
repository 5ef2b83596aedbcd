"""S-73: frames of every shape on an open socket: answered or ended, counted, and no trace of them in the log."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from websockets.exceptions import ConnectionClosed

from tests.depth import EVERY_CHECK
from tests.hostile import JUNK, TEXTS
from tests.servers import wait_for
from tests.wire.client import DIARY, JOURNAL, NOTICE, ROOT

BATCH, BATCHES = 25, 4
PLACE = {"pathname": "/diary", "asPath": "/diary"}
SOUND = {"name": f"{DIARY}.turn", "payload": {"raw": {"by": 0}}, "router_data": PLACE}
ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from([f"{DIARY}.turn", f"{JOURNAL}.enter", f"{ROOT}.hydrate", f"{ROOT}.setvar", "x", "", "\ud800"])
ROUTER = st.dictionaries(
    st.sampled_from(["pathname", "asPath", "query", "headers", "sid", "token", "ip", "cookie", "\ud800"]),
    ANY
    | st.sampled_from(["/diary", "http://[", "//[::1", "/\ud800", "/\x00"])
    | st.dictionaries(st.text(max_size=4), ANY),
)
EVENTS = st.one_of(
    ANY,
    st.fixed_dictionaries(
        {}, optional={"name": NAMES | ANY, "payload": ANY, "router_data": ROUTER | ANY, "token": ANY}
    ),
    st.fixed_dictionaries({"name": NAMES, "payload": ANY | st.just({"raw": {"by": 0}}), "router_data": ROUTER | ANY}),
)


def counted(world, kind: str) -> int:
    """Refused frames or events that the database has counted."""
    query = text("SELECT coalesce(sum(count), 0) FROM security_event WHERE kind = :kind")
    return world.database.read(lambda one: one.execute(query, {"kind": kind}).scalar_one())


def is_answered(tab) -> bool:
    """Whether the tab is still served: a refused edit comes back, or the socket has ended."""
    try:
        tab.updates()
    except ConnectionClosed:
        return False
    return True


def clean(log: str) -> None:
    for trace in ("Traceback", "handler_crashed", "Task exception", '"where"', "async handler error"):
        assert trace not in log, log


def drawn() -> list[list[Any]]:
    """The same messages each time: lists of the parts of one."""
    made: list[list[Any]] = []
    parts = EVENTS.map(lambda one: [one]) | st.lists(EVENTS, max_size=3)

    @given(parts)  # one by one: a list of a hundred is more than can be drawn at once, and is tried again and again
    @settings(
        derandomize=True,
        database=None,
        max_examples=BATCH * BATCHES,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=EVERY_CHECK,
    )
    def draw(one: list[Any]) -> None:
        made.append(one)

    draw()
    return made


def test_s73_event_messages_of_every_shape_are_answered_or_end_the_socket(world):
    logged = world.log()
    messages = drawn()
    for start in range(0, len(messages), BATCH):
        tab = world.tab_of(world.fresh("mother"), "/diary")
        for parts in messages[start : start + BATCH]:
            try:
                tab.raw("42/_event," + json.dumps(["event", *parts]))
            except ConnectionClosed:
                break
        is_answered(tab)
        tab.close()
    world.diaries_are_served()
    clean(logged())


@pytest.mark.parametrize(
    ("name", "event"),
    {
        "no object": "x",
        "no name": {"payload": {}},
        "an unknown name": SOUND | {"name": "Tell-Nobody"},
        "a name that is no text": SOUND | {"name": []},
        "no place": SOUND | {"router_data": None},
        "a place of lists": SOUND | {"router_data": [1]},
        "a query of lists": SOUND | {"router_data": PLACE | {"query": []}},
        "a query of numbers": SOUND | {"router_data": PLACE | {"query": {"a": 5}}},
        "a path of numbers": SOUND | {"router_data": {"pathname": 5}},
        "an address of objects": SOUND | {"router_data": PLACE | {"asPath": {}}},
        "no address": SOUND | {"router_data": PLACE | {"asPath": "http://["}},
        "half a character": SOUND | {"router_data": PLACE | {"asPath": "/\ud800"}},
        "a long address": SOUND | {"router_data": PLACE | {"asPath": "/" + "x" * 100_000}},
        "a deep address": SOUND | {"router_data": PLACE | {"query": {"a": json.loads("[" * 400 + "]" * 400)}}},
    }.items(),
)
def test_s73_event_what_the_framework_would_stumble_over_is_answered_and_counted(world, name, event):
    logged, before = world.log(), counted(world, "frame")
    tab = world.tab_of(world.client("mother"), "/diary")
    tab.raw("42/_event," + json.dumps(["event", event]))
    assert tab.until(NOTICE, "notice"), name
    tab.send(f"{DIARY}.open_page")
    assert tab.until(DIARY, "status") == "ready"
    wait_for(lambda: counted(world, "frame") == before + 1, name)
    clean(logged())


@pytest.mark.parametrize("payload", [json.loads("[" * 300 + "]" * 300), json.loads('{"a":' * 300 + "1" + "}" * 300)])
@pytest.mark.parametrize("wrap", [lambda deep: deep, lambda deep: {"raw": deep}, lambda deep: {"raw": {"ops": deep}}])
def test_s73_event_a_payload_without_an_end_of_levels_is_refused(world, payload, wrap):
    logged, before = world.log(), counted(world, "event")
    tab = world.tab_of(world.client("teacher"), "/journal")
    tab.send(f"{JOURNAL}.enter", wrap(payload))
    assert tab.until(JOURNAL, "answer")["patches"][0]["error"]
    assert counted(world, "event") == before + 1
    clean(logged())


@pytest.mark.parametrize(
    "frame",
    [
        "42/_event,{",
        '42/_event,["event",{"name":"x","payload":' + '{"a":' * 2000 + "1" + "}" * 2000 + "}]",
        '42/_event,["event",' + "[" * 3000 + "]" * 3000 + "]",
        '42/_event,["event",{"a":' + "9" * 5000 + "}]",
        '42/_event,["event",nul]',
        '40/_event,{"a":}',
        "x",
    ],
)
def test_s73_event_frames_that_cannot_be_read_end_their_socket_and_are_counted(world, frame):
    logged, before = world.log(), counted(world, "frame")
    tab = world.tab_of(world.fresh("mother"), "/diary")
    tab.raw(frame)
    with pytest.raises(ConnectionClosed):
        tab.silence(10)
    wait_for(lambda: counted(world, "frame") == before + 1, frame[:40])
    world.diaries_are_served()
    clean(logged())


@pytest.mark.parametrize("operation", [["\ud800", "\udfff", []], [{"a": "\x00"}, [], []], [5, None, []]])
def test_s73_event_a_refused_edit_sends_nothing_back_but_uids(world, operation):
    logged = world.log()
    tab = world.tab_of(world.client("teacher"), "/journal")
    tab.send(f"{JOURNAL}.enter", {"raw": {"ops": [operation]}})
    (patch,) = tab.until(JOURNAL, "answer")["patches"]
    assert patch["error"]
    assert not patch.get("op")
    assert not patch["course"]
    clean(logged())


@pytest.mark.parametrize("junk", JUNK)
def test_s73_event_a_socket_that_opens_with_junk_is_served_or_ended(world, junk):
    """The first event may come with the opening itself."""
    logged = world.log()
    tab = world.tab_of(world.client("mother"), "/diary")
    try:
        tab.raw("41/_event,")
        tab.raw("40/_event," + json.dumps({"event": junk}))
    except (ConnectionClosed, ValueError):
        pass
    world.diaries_are_served()
    clean(logged())
