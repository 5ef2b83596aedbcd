"""The part of the home and the route of this room."""

from ais_app.metrics.page import alarms_card
from ais_app.metrics.routes import MetricsRoutes
from ais_app.pages import HomePart, Pages

PAGES = Pages(home=(HomePart(alarms_card),), routes=lambda services: MetricsRoutes(services).routes)
