"""The one way to change the record: what an operation asks, appends and announces, and what it never does."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import text

from ais_app.kinds import KINDS
from ais_app.ledger import queries, service, verifying
from ais_app.ledger.erasing import erase_texts
from ais_app.ledger.kinds import Kind, by_name
from ais_app.ledger.operation import LONGEST_REASON, ReasonMissing, operation
from ais_app.ledger.rules import FreeText, Item
from ais_app.ledger.service import school_chain
from ais_app.rights.errors import NotYours, Refused
from ais_app.rights.rules import Right, Role, operator

TRIED = Kind("tried", lambda: "Something was tried", without=lambda: "It only happens in tests.")


def length(school) -> int:
    return dict(school.database.read(queries.chains))[school_chain(school.ref.uid)]


def operations(school) -> list:
    query = text("SELECT uid, kind, moment, format, reason FROM operation WHERE kind = 'tried' ORDER BY id")
    return list(school.database.read(lambda one: one.execute(query).all()))


def whole(school) -> bool:
    return not school.database.read(lambda one: list(verifying.verify(one)))


def test_an_operation_appends_its_items_when_it_ends(school):
    def work(uow):
        with operation(uow, school.teacher(), TRIED, Right.KEEP_LESSONS) as op:
            op.added("thing", "a", {"size": 1})
            op.changed("thing", "b", {"size": 1}, {"size": 2})
            op.add(Item("thing", "c", {"size": 3}, None))
            assert length(school) == before
            return op.uid

    before = length(school)
    uid = school.database.write(work)
    (found,) = operations(school)
    assert (found.uid, found.format, found.reason) == (uid, 2, None)
    assert length(school) == before + 1
    (step,) = school.database.read(queries.history, school_chain(school.ref.uid), "thing", "b")
    assert (step.before, step.after) == ({"size": 1}, {"size": 2})
    assert whole(school)


def test_without_items_nothing_is_appended_unless_it_is_asked_for(school):
    def work(keep: bool):
        def run(uow):
            with operation(uow, school.teacher(), TRIED, Right.KEEP_LESSONS) as op:
                op.announce("something")
                if keep:
                    op.keep()
            return list(uow.announced)

        return school.database.write(run)

    assert work(keep=False) == []
    assert operations(school) == []
    assert work(keep=True) == ["something"]
    assert len(operations(school)) == 1


def test_an_error_appends_and_announces_nothing_and_the_next_operation_works(school):
    def work(uow):
        with suppress(Refused), operation(uow, school.teacher(), TRIED, Right.KEEP_LESSONS) as op:
            op.added("thing", "a", {})
            op.announce("something")
            raise Refused
        assert uow.announced == []
        with operation(uow, school.teacher(), TRIED, Right.KEEP_LESSONS) as op:
            op.added("thing", "b", {})

    school.database.write(work)
    assert len(operations(school)) == 1
    assert whole(school)


@pytest.mark.parametrize("login", ["deputy", "director", "inspector", "secretary"])
def test_the_right_is_asked_before_anything_is_locked(school, login):
    actor = school.actor(login, Role(login))

    def work(uow):
        with operation(uow, actor, TRIED, Right.KEEP_LESSONS) as op:
            op.added("thing", "a", {})

    with pytest.raises(NotYours):
        school.database.write(work)
    assert operations(school) == []


def test_everything_of_an_operation_happens_at_one_moment(school, clock):
    moments = []

    def work(uow):
        with operation(uow, school.teacher(), TRIED, Right.KEEP_LESSONS) as op:
            moments.append(op.now)
            clock.moment += timedelta(minutes=3)
            moments.append(uow.now)
            op.added("thing", "a", {})
        moments.append(uow.now)

    school.database.write(work)
    assert moments[0] == moments[1] == moments[2] - timedelta(minutes=3)
    stored = school.database.read(queries.history, school_chain(school.ref.uid), "thing", "a")
    assert stored[0].moment == moments[0]


def test_a_reason_is_kept_beside_the_chain_and_can_be_forgotten(school):
    def work(uow):
        with operation(uow, school.teacher(), TRIED, Right.KEEP_LESSONS, "  He was ill  ") as op:
            op.need_reason()
            op.added("thing", "a", {"note": FreeText("secret")})
            return op.uid

    uid = school.database.write(work)
    database = school.database
    assert database.read(queries.reasons, [uid]) == {uid: "He was ill"}
    canonical = text("SELECT canonical FROM operation WHERE uid = :uid")
    said = database.read(lambda one: one.execute(canonical, {"uid": uid}).scalar_one())
    assert "ill" not in said
    assert '"reason":{"sha256":"' in said
    assert whole(school)
    database.write(lambda uow: erase_texts(uow, operator(), uid, "By order 12"))
    assert database.read(queries.reasons, [uid]) == {}
    assert whole(school)


def test_a_reason_is_asked_for_and_has_an_end(school):
    def work(reason: str):
        def run(uow):
            with operation(uow, school.teacher(), TRIED, Right.KEEP_LESSONS, reason) as op:
                op.need_reason()
                op.added("thing", "a", {})

        return run

    for reason, error in (("", ReasonMissing), (" \n", ReasonMissing), ("x" * (LONGEST_REASON + 1), Refused)):
        with pytest.raises(error) as refused:
            school.database.write(work(reason))
        assert refused.value.field == "reason"
    assert operations(school) == []


def test_operations_do_not_nest_and_nobody_appends_between(school):
    teacher = school.teacher()

    def nested(uow):
        with (
            operation(uow, teacher, TRIED, Right.KEEP_LESSONS),
            operation(uow, teacher, TRIED, Right.KEEP_LESSONS),
        ):
            pass

    def between(uow):
        with operation(uow, teacher, TRIED, Right.KEEP_LESSONS) as op:
            other = service.lock(uow, op.chain.chain_id)
            service.append(uow, other, teacher.author, "tried", [Item("thing", "a", None, {})])
            op.added("thing", "b", {})

    for work in (nested, between):
        with pytest.raises(RuntimeError):
            school.database.write(work)
    assert operations(school) == []
    assert whole(school)


def test_every_kind_has_an_inverse_or_says_why_not():
    for kind in KINDS.values():
        assert kind.words()
        if kind.without is not None:
            assert kind.without()
        else:
            assert KINDS[kind.inverse].inverse, "what takes back can itself be taken back"
    with pytest.raises(ValueError, match="either"):
        Kind("tried", lambda: "Tried")
    with pytest.raises(ValueError, match="no_such"):
        by_name([Kind("tried", lambda: "Tried", inverse="no_such")])
    with pytest.raises(ValueError, match="twice"):
        by_name([TRIED], [TRIED])


def test_an_operation_under_the_clients_id_knows_that_it_was_written_and_is_nobody_elses(school):
    def work(login: str, kind: Kind = TRIED):
        def run(uow):
            actor = school.actor(login, Role.TEACHER)
            with operation(uow, actor, kind, Right.KEEP_LESSONS, uid="a" * 16) as op:
                if not op.again:
                    op.keep()
            return op.again

        return school.database.write(run)

    assert work("teacher") is False
    assert work("teacher") is True
    assert len(operations(school)) == 1
    for login, kind in (("historian", TRIED), ("teacher", Kind("other", TRIED.words, without=TRIED.without))):
        with pytest.raises(NotYours):
            work(login, kind)
