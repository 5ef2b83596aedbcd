"""The appearance of pages: theme, size, spacing; as chosen, in words, and on the `<html>` element."""
