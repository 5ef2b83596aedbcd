"""The journal's pages."""

from ais_app.journal.page.course import course_page
from ais_app.journal.page.lists import list_page
from ais_app.journal.page.openings import openings
from ais_app.journal.page.outside import outside
from ais_app.journal.page.today import title, today, waiting

__all__ = ["course_page", "list_page", "openings", "outside", "title", "today", "waiting"]
