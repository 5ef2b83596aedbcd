"""What all pages share: shell, icons, small components, appearance."""
