"""Reads of control: aggregated by the database, each for the actor's own school."""
