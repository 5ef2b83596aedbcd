"""Use cases of cells. Every origin (grid, paste, import, demonstration) comes through here."""
