"""States of the lesson panel and of taking back."""
