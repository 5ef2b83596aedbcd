"""Reads of the journal; each takes the actor and finds only what the actor may see."""
