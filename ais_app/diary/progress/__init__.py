"""«Успехи»: all marks of a student, how they come to a mean, charts of them, and what-if."""
