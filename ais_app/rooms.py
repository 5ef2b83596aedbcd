"""The list of rooms, the lowest first; a new room is added here and nowhere else."""

from __future__ import annotations

from importlib import import_module

from ais_app.room import Room

NAMES = (
    "db",
    "rights",
    "ledger",
    "jobs",
    "school_settings",
    "files",
    "people",
    "access",
    "server_commands",
    "transfers",
    "school",
    "journal",
    "diary",
    "birthdays",
    "history",
    "job_list",
    "refusals",
    "control",
    "metrics",
    "settings_page",
    "exchange",
    "help",
    "search",
    "showcase",
    "setup",
    "accounts",
)
ROOMS: tuple[Room, ...] = tuple(import_module(f"ais_app.{name}.room").ROOM for name in NAMES)
