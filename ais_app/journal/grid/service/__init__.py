"""Use cases of cells."""
