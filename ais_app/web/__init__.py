"""The shared look: page shell, icons, small components, the marks grid. Knows no room."""
