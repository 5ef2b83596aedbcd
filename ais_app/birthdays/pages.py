"""The part of the home page that this room adds."""

from ais_app.birthdays.page import birthdays
from ais_app.birthdays.state import BirthdaysState
from ais_app.pages import HomePart, Pages

PAGES = Pages(home=(HomePart(birthdays, BirthdaysState.open_part),))
