"""The journal: courses, lessons, marks, attendance, homework, exact means, edit windows and period locks."""
