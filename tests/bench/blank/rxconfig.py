"""Configuration of the blank Reflex page; the product's plugin lets the bundle talk to whatever port it came from."""

import reflex as rx
from reflex_base.plugins.sitemap import SitemapPlugin

from ais_app.web.build import ShipPlugin

config = rx.Config(
    app_name="blank",
    app_module_import="blank",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    plugins=[ShipPlugin()],
    disable_plugins=[SitemapPlugin],
)
