"""The school: years, periods, bells, classes, groups, people, timetable; dated wherever time matters."""
