"""Parameters of the statements that make a student's week: whose it is, and which days."""

from __future__ import annotations

from sqlalchemy import bindparam

STUDENT, FIRST, LAST = bindparam("student"), bindparam("first"), bindparam("last")
