"""What a piece of a job may weigh: it follows how long pieces hold the writer, and no part is lost or doubled."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ais_app.db.bulk import LONGEST
from ais_app.jobs.declared import JobRun
from ais_app.jobs.rules import LEAST_WEIGHT, MOST_WEIGHT, next_weight
from ais_app.jobs.working import WISHED, Run
from ais_app.rights.rules import server
from tests.counting_jobs import Counted

NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)


@given(st.floats(0, 0.002), st.floats(1e-6, 0.02))
def test_pieces_come_to_take_what_is_wished(commit, one):
    weight = LEAST_WEIGHT
    for _piece in range(30):
        weight = next_weight(weight, commit + one * weight, WISHED)
        assert LEAST_WEIGHT <= weight <= MOST_WEIGHT
    assert weight in (LEAST_WEIGHT, MOST_WEIGHT) or commit + one * weight <= LONGEST


@given(st.lists(st.integers(1, 40), max_size=60), st.integers(0, 60), st.floats(0.0001, 0.03))
def test_every_part_goes_once_in_order_and_none_weighs_more_than_it_may(weights, written, each):
    said, sent = io.StringIO(), []

    def answer() -> str:
        line = json.loads(said.getvalue().splitlines()[-1])
        sent.append(line)
        return json.dumps({"seconds": each * sum(weights[one] for one in line["parts"])})

    job = JobRun(0, "a", "counting", "", Counted(), server().author, NOON, "b", 1, min(written, len(weights)))
    Run(job, None, Path(), said, answer).write(range(len(weights)), weight=lambda one: weights[one])  # type: ignore[arg-type]
    assert [one for line in sent for one in line["parts"]] == list(range(job.written, len(weights)))
    assert [line["first"] for line in sent] == [line["parts"][0] for line in sent]
    may = LEAST_WEIGHT
    for line in sent:
        weighs = sum(weights[one] for one in line["parts"])
        assert len(line["parts"]) == 1 or weighs <= may
        may = next_weight(weighs, each * weighs, WISHED)
