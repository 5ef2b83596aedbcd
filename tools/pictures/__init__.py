"""Pictures of every page and state, for docs/pictures.md: `.venv/bin/python -m tools.pictures [name …]`."""
