"""Writing a whole set in pieces: it is worked out on a copy of the data first, then written from the plan of that."""
