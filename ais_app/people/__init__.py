"""People: schools, persons with their names, guardians."""
