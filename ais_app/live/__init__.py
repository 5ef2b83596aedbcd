"""Live: carries what was committed to the pages that show it. The only room that knows Reflex's private API."""
