"""Live: sends what was committed to the open pages that show it; uses Reflex's private API."""
