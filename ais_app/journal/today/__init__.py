"""The day of a teaching person, on the home page."""
