"""What an import of OneRoster says beside the sentences of the engine."""

from ais_app.exchange.engine import Code

# Manifest and files
VERSION_UNKNOWN = Code("version_unknown", "OneRoster {version} is not read: only {versions} are")
VERSION_MISSING = Code("version_missing", "the version of OneRoster is not said: {versions} are read")
DELTA = Code(
    "delta",
    "{name} is a delta: only whole (bulk) sets can be imported, because a delta rests on sets sent before",
)
FILE_MISSING = Code("file_missing", "the file is missing")
SAID_ABSENT = Code("said_absent", "the manifest says that this file is absent: it was not read")
FOREIGN_MARKS = Code("foreign_marks", "marks are taken only from exports of this product: it was not read")
NOTHING_TAKEN = Code("nothing_taken", "nothing of this file is taken")
NO_ROLES = Code("no_roles", "the column is missing, and there is no roles.csv (1.2)")

# Schools
NO_SCHOOL = Code("no_school", "no school with classes or people is in this set")
NOT_A_SCHOOL = Code("not_a_school", "«{org}» is a {type}, not a school")
ORGS_IN_CIRCLE = Code("orgs_in_circle", "the orgs stand in a circle")
NO_ZONE = Code("no_zone", "«{zone}» is no time zone")
OUT_OF_RANGE = Code("out_of_range", "is not {least} to {most}")

# Years and periods
OTHER_YEARS = Code.counted(
    "other_years",
    "{count} class of other school years is left alone",
    "{count} classes of other school years are left alone",
)
OTHER_TARGET = Code(
    "other_target", "the school year «{year}» is not the one to import into: its classes go into {target}"
)
NO_PERIODS = Code("no_periods", "the sessions of kind «{kind}» make no periods")
LIES_BEFORE = Code("lies_before", "lies before {column}")

# People, roles and accounts
LOGIN_TWICE = Code("login_twice", "stands in row {first} already")
LOGIN_TAKEN = Code("login_taken", "this login is taken")
NO_ROLE = Code("no_role", "«{role}» is no role")
ROLE_ABOVE = Code("role_above", "«{role}» is above a school: no file gives it")
ORG_ABOVE = Code("org_above", "is above the schools: no role is given")
BORN_OUT_OF_RANGE = Code("born_out_of_range", "«{value}» is not between {first} and {last}")
PEOPLE_GONE = Code.counted(
    "people_gone",
    "{count} person of «{school}» is not in this set: the account is left as it is",
    "{count} people of «{school}» are not in this set: their accounts are left as they are",
)
NOT_BLOCKED = Code("not_blocked", "is not blocked: the account has roles that are not of this set")
BLOCKED_HERE = Code("blocked_here", "the account was blocked here and stays so")

# Guardians
NO_GUARDIAN = Code("no_guardian", "«{role}» is no guardian: left out")
NO_STUDENT = Code("no_student", "«{user}» is no student")
GUARDIANS_UNREADABLE = Code("guardians_unreadable", "cannot be read")
GUARDIAN_ENDED_HERE = Code("guardian_ended_here", "a guardian ({guardian}) was ended here and is not opened again")

# Classes and enrollments
OVERLAPS = Code("overlaps", "overlaps row {first}: the same person, class and role")
NO_TEACHER = Code("no_teacher", "«{user}» is enrolled as a teacher and is none by his role")
CLASS_NAMED_HERE = Code("class_named_here", "the class is called {name} here, and keeps this name")

# Lessons and marks
LESSON_TWICE = Code("lesson_twice", "the course has a lesson of this number on this day in row {first} already")
NO_LESSON_NUMBER = Code("no_lesson_number", "is no number of a lesson")
NO_COLUMN = Code("no_column", "is no place of a column in this lesson, or another column has it")
NO_CODE = Code("no_code", "«{value}» is neither a mark nor a code")
NO_MARK = Code("no_mark", "is no mark")
MARK_BESIDE_ABSENCE = Code("mark_beside_absence", "«{value}»: a mark beside an absence, both are kept")
NOT_IN_CLASS = Code("not_in_class", "was not in the class on that day")
