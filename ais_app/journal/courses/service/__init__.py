"""Use cases of courses."""
