"""The kit of pages in all its states, for whoever works on it: `/kit`, which a server for tests alone answers."""
