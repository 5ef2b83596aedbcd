"""Use cases of lessons."""
