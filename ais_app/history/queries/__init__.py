"""Reads of operations: a page of them, their items, what they are about, and what can be chosen from."""
