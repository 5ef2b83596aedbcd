"""АИС: electronic journal and diary of a school."""

__version__ = "0.1.0"
