"""Reads of control, each of the actor's own school, or of the installation for its administrator."""
