"""Components of the lesson panel."""
