"""Lessons: topic, homework, columns; adding one and taking it back; the panel beside the grid."""
