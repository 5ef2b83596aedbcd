"""The part of the home page that the journal fills."""

from __future__ import annotations

import reflex as rx

from ais_app.access.guard import actor_of
from ais_app.access.handling import today_of
from ais_app.access.policy import allow
from ais_app.access.rules import Right
from ais_app.house import house
from ais_app.journal import views
from ais_app.journal.views import CourseCard


class TodayState(rx.State):
    """Today's lessons of this person."""

    lessons: list[CourseCard] = []

    @allow(Right.SEE_HOME)
    @rx.event
    async def enter(self):
        actor = await actor_of(self)
        if actor is not None and actor.may(Right.ENTER_MARKS):
            cards = await house().database.aread(views.cards, actor, today_of(actor))
            self.lessons = [card for card in cards if card.today and card.own]
