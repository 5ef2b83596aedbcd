"""State of the secretary's home: admissions, departures, and how many students the classes have."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from ais_app.access.handling import allow, today_of
from ais_app.control.queries import movement
from ais_app.control.queries.movement import Move
from ais_app.i18n import _, day_and_month, ngettext
from ais_app.rights.rules import Actor, Right
from ais_app.services import services


@dataclass(frozen=True, slots=True)
class MoveItem:
    name: str
    about: str
    ahead: bool


@dataclass(frozen=True, slots=True)
class SizeItem:
    name: str
    students: str


class MovementState(rx.State):
    """Admissions, departures and sizes of classes; `shown` to those with the right to see movement.

    `guided`: what can be done is said too, to those who keep no accounts: they have no other part of the home.
    """

    shown: bool = False
    guided: bool = False
    sum: str = ""
    moves: list[MoveItem] = []
    sizes: list[SizeItem] = []

    @allow(Right.SEE_HOME)
    async def open_part(self, actor: Actor):
        self.shown = actor.may(Right.SEE_MOVEMENT)
        self.guided = self.shown and not actor.may(Right.KEEP_ACCOUNTS)
        if not self.shown:
            return
        today = today_of(actor)
        moves = await services().read(actor, movement.moves)
        sizes = await services().read(actor, movement.sizes)
        self.moves = [MoveItem(one.name, _words(one), one.day > today) for one in moves]
        self.sizes = [SizeItem(name, str(students)) for name, students in sizes]
        students = ngettext("{count} student", "{count} students", sum(count for _name, count in sizes))
        self.sum = f"{students}, " + ngettext("{count} class", "{count} classes", len(sizes))


def _words(move: Move) -> str:
    day = day_and_month(move.day)
    if move.left and move.came:
        return _("{day}: from {left} to {came}").format(day=day, left=move.left, came=move.came)
    if move.came:
        return _("{day}: comes to {came}").format(day=day, came=move.came)
    return _("{day}: leaves {left}").format(day=day, left=move.left)
