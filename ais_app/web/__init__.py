"""What all pages share: shell, icons, small components, appearance. Knows no room."""
