"""Use cases of periods and openings."""
