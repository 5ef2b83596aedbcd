"""Pictures of every page and state, for docs/look.md: `.venv/bin/python -m tools.pictures [name …]`."""
