"""Reads of periods and openings."""
