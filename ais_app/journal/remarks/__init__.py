"""Remarks to students at lessons."""
