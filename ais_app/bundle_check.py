"""`python -m ais_app.bundle_check`, part of the build: names the first bundle, if any, that does not fit the code."""

from __future__ import annotations

import ais_app.ais_app  # noqa: F401 - registers every state
from ais_app.i18n import LANGUAGES
from ais_app.web.bundle import require_fit, web_dir

if __name__ == "__main__":
    for code in LANGUAGES:
        require_fit(web_dir(code))
