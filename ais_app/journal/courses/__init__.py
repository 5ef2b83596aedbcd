"""Courses: which an actor may read, their students, views that are recorded, entries outside of memberships."""
