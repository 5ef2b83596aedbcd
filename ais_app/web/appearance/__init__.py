"""How pages look to a person: theme, size, spacing, as chosen, in words and on the `<html>` element."""
