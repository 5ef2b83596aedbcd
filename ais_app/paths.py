"""Paths of the files that are no modules: in a checkout, or, under the same names, in what the wheel brings."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
SHIPPED = _PACKAGE / "_shipped"

ROOT = SHIPPED if SHIPPED.is_dir() else _PACKAGE.parent
"""Holds `rxconfig.py`, `alembic/` and `.web/`; never written to while the server runs."""
