"""Every setting that a room declares, by its key, and the rules that the code fixes."""

from ais_app.rooms import ROOMS
from ais_app.school_settings.registry import FixedRule, Setting

DECLARED = tuple(one for room in ROOMS for one in room.settings)
SETTINGS = {one.key: one for one in DECLARED if isinstance(one, Setting)}
FIXED_RULES = tuple(one for one in DECLARED if isinstance(one, FixedRule))
