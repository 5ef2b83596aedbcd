"""Reflex configuration only."""

import os

import reflex as rx
from reflex.constants import StateManagerMode
from reflex_base.plugins.sitemap import SitemapPlugin

from ais_app.web.build import ShipPlugin
from ais_app.web.plain_elements import PlainElementsPlugin

_redis = os.environ.get("AIS_REDIS_URL", "")

config = rx.Config(
    app_name="ais_app",
    app_module_import="ais_app.ais_app",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    state_manager_mode=StateManagerMode.REDIS if _redis else StateManagerMode.MEMORY,
    redis_url=_redis or None,
    redis_token_expiration=12 * 3600,
    cors_allowed_origins=[],
    frontend_compression_formats=["brotli", "gzip"],
    plugins=[ShipPlugin(), PlainElementsPlugin()],
    disable_plugins=[SitemapPlugin],
)
