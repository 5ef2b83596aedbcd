"""Exchange: import and export of schools in the formats of other systems."""
