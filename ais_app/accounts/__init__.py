"""Accounts from the command line: opening them, codes, roles, blocking."""
