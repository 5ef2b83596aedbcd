"""Setting up: the demonstration school."""
