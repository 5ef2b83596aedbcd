"""`python -m ais_app.drift`, part of the build: do the bundles of all languages fit the code? Names the first that does not."""

from __future__ import annotations

import ais_app.ais_app  # noqa: F401 - registers every state
from ais_app.i18n import LANGUAGES
from ais_app.web.bundle import require_fit, web_dir

if __name__ == "__main__":
    for code in LANGUAGES:
        require_fit(web_dir(code))
