"""Use cases of the journal. Every origin (grid, paste, import, demonstration) comes through here."""
