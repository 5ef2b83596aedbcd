"""Budgets of outstanding work: what was read from sockets and is not finished, by tab, session, account (D-56, S-67).

Counted in this process only: behind N processes an account may have N times as much outstanding.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

CELLS_A_FRAME = 25  # so many cells are charged like one frame more
MOST_LISTS = 4_000  # of a frame: six times what an event of the grid may hold; beyond it nobody reads what is meant


@dataclass(frozen=True, slots=True)
class Work:
    """What a frame asks for, known before it is parsed.

    `cells` = lists in its text: a cell of the grid is one, an operation two more, any other event has a handful. It
    cannot be made to look smaller, since a list needs its bracket. `blocks`: one for an event of the grid with more
    than a few operations or cells.
    """

    events: int = 0
    bytes: int = 0
    cells: int = 0
    blocks: int = 0

    @property
    def frames(self) -> float:
        """For how many frames the token bucket of its session is charged."""
        return max(1.0, self.cells / CELLS_A_FRAME)


NO_WORK = Work()


def work_of(text: str) -> Work:
    """The work of one frame."""
    cells = text.count("[")
    return Work(1, len(text), cells, int(cells > A_FEW))


# One event of the grid holds at most 50 operations and 500 cells: 602 lists. The page waits for its answer before it
# sends the next, and sends it again after 2, 6 and 14 s without one; so there are four only while the server hangs.
A_FEW, BLOCKS_OF_A_TAB = 12, 4
OF_A_TAB = Work(16, 512 * 1024, 2_500)
OF_A_SESSION = Work(48, 1024 * 1024, 2_500)
OF_AN_ACCOUNT = Work(96, 2 * 1024 * 1024, 3_000)


@dataclass(slots=True)
class Budget:
    """Outstanding work of a tab, a session or an account."""

    most: Work
    events: int = 0
    bytes: int = 0
    cells: int = 0
    blocks: int = 0

    def has_room(self, work: Work) -> bool:
        """Whether this may be added; with nothing outstanding anything may, or a large frame would wait for ever."""
        return not self.events or (
            self.events + work.events <= self.most.events
            and self.bytes + work.bytes <= self.most.bytes
            and self.cells + work.cells <= self.most.cells
        )

    def add(self, work: Work, sign: int) -> None:
        self.events += sign * work.events
        self.bytes += sign * work.bytes
        self.cells += sign * work.cells
        self.blocks += sign * work.blocks


@dataclass(slots=True, eq=False)
class _Session:
    """A session with tabs or work."""

    budget: Budget = field(default_factory=lambda: Budget(OF_A_SESSION))
    tabs: int = 0


@dataclass(slots=True, eq=False)
class _Account:
    """An account with its sessions; `waiting`: {future of a turn: (tab, work)} of what waits for room, in order."""

    budget: Budget = field(default_factory=lambda: Budget(OF_AN_ACCOUNT))
    sessions: dict[str, _Session] = field(default_factory=dict[str, _Session])
    waiting: dict[asyncio.Future[None], tuple[Tab, Work]] = field(
        default_factory=lambda: dict[asyncio.Future[None], tuple[Tab, Work]]()
    )


class Tab:
    """The budget of one tab, inside those of its session and account."""

    def __init__(self, account: _Account, session: _Session, over: Callable[[], None]) -> None:
        self._account, self._session, self._over = account, session, over
        self._own = Budget(OF_A_TAB)
        self._budgets = (self._own, session.budget, account.budget)

    def overruns(self, work: Work) -> bool:
        """Whether `work`, which did not fit, is a block while others of its tab are outstanding: our script sends none.

        A tab without outstanding blocks may wait for room. One with some would keep the server busy for as long as its
        socket holds blocks, and the end of the socket, which is read after them, would not be noticed.
        """
        return bool(work.blocks and self._own.blocks)

    def take(self, work: Work) -> bool:
        """Count the work if it fits now; returns whether it did."""
        if work.events:
            if self._own.blocks + work.blocks > BLOCKS_OF_A_TAB:
                return False
            for budget in self._budgets:  # at every key: a generator costs as much as all the rest
                if not budget.has_room(work):
                    return False
        self._add(work, 1)
        return True

    async def wait_for_room(self, work: Work, until: float) -> bool:
        """Count the work once it fits, the first come first; False = it did not until then (`loop.time()`)."""
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._account.waiting[turn] = self, work
        try:
            await asyncio.wait((turn,), timeout=max(0.0, until - loop.time()))
        except asyncio.CancelledError:
            if turn.done():
                self.release(work)
            raise
        finally:
            self._account.waiting.pop(turn, None)
        return turn.done()

    def release(self, work: Work) -> None:
        """The work is finished or dropped: give its room to what waits of the same account and fits, in order."""
        if not work.events:
            return
        self._add(work, -1)
        for turn, (tab, wanted) in tuple(self._account.waiting.items()):
            if self._account.budget.events >= OF_AN_ACCOUNT.events:
                break
            if tab.take(wanted):
                del self._account.waiting[turn]
                turn.set_result(None)
        self._forget()

    def close(self) -> None:
        """The tab ended. Its outstanding work stays counted: opening new tabs brings no empty budgets."""
        self._session.tabs -= 1
        self._forget()

    def _forget(self) -> None:
        if not self._session.tabs and not self._session.budget.events:
            self._over()

    def _add(self, work: Work, sign: int) -> None:
        for budget in self._budgets:
            budget.add(work, sign)


class Budgets:
    """The budgets of a process. Those of a session and an account live as long as they have tabs or work."""

    def __init__(self) -> None:
        self._accounts: dict[str, _Account] = {}

    def open(self, account: str, session: str) -> Tab:
        """A tab of this session and account begins."""
        of_account = self._accounts.setdefault(account, _Account())
        of_session = of_account.sessions.setdefault(session, _Session())
        of_session.tabs += 1
        return Tab(of_account, of_session, lambda: self._forget(account, session))

    def outstanding(self, account: str) -> Work:
        """The outstanding work of an account, without its blocks."""
        of_account = self._accounts.get(account)
        if of_account is None:
            return NO_WORK
        return Work(of_account.budget.events, of_account.budget.bytes, of_account.budget.cells)

    def _forget(self, account: str, session: str) -> None:
        of_account = self._accounts.get(account)
        if of_account is not None:
            of_account.sessions.pop(session, None)
            if not of_account.sessions:
                del self._accounts[account]
