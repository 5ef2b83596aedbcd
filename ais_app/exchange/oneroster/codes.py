"""The sentences of an import of OneRoster, beside those of the engine."""

from ais_app.exchange.engine import Code

# Manifest and files
BLANK_VALUE = Code("blank_value", "{name} has no value: taken as not said")
NOT_OWN = Code(
    "not_own", "calls itself an export of this product and is none ({why}): it is read like any other system's"
)
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
CLASS_OF_GONE = Code("class_of_gone", "«{org}» is to be deleted: this class is left out")
ORGS_IN_CIRCLE = Code("orgs_in_circle", "the orgs stand in a circle")
SCHOOL_GONE = Code("school_gone", "«{name}» ({key}) came before and is not in this set: left as it is")
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
NO_SESSION_KIND = Code("no_session_kind", "«{kind}» is no kind of session that makes periods: left out")
DAY_IN_ZONE = Code.counted(
    "day_in_zone",
    "«{value}» is {day} in {zone}: this day is taken in {count} row",
    "«{value}» is {day} in {zone}: this day is taken in {count} rows",
)
DAYS_IN_ZONE = Code.counted(
    "days_in_zone",
    "{count} date with a time zone is taken as the day in {zone}",
    "{count} dates with a time zone are taken as the days in {zone}",
)
LIES_BEFORE = Code("lies_before", "lies before {column}")

# People, roles and accounts
LOGIN_TWICE = Code("login_twice", "stands in row {first} already")
LOGIN_TAKEN = Code("login_taken", "this login is taken")
LOGIN_REFUSED = Code("login_refused", "this login cannot be given: {why}")
OUTSIDE_MEMBERSHIP = Code.counted(
    "outside_membership",
    "{name}, {place}: {count} entry from {first} to {last} lies outside the membership (marks {marks}, absences "
    "{absences}, remarks {remarks}): it counts nowhere until it is cleared or the days are set right",
    "{name}, {place}: {count} entries from {first} to {last} lie outside the membership (marks {marks}, absences "
    "{absences}, remarks {remarks}): they count nowhere until they are cleared or the days are set right",
)
NO_ROLE = Code("no_role", "«{role}» is no role")
ROLE_ABOVE = Code("role_above", "«{role}» is above a school: no file gives it")
ORG_ABOVE = Code("org_above", "is above the schools: no role is given")
ORG_GONE = Code("org_gone", "is to be deleted: no role is given")
ROLE_WITHOUT_ORG = Code("role_without_org", "names no school: the role «{role}» is not given")
ROLE_OVER = Code("role_over", "the role «{role}» was over on {day}: it is not given")
ROLE_BESIDE = Code.counted(
    "role_beside",
    "{count} row has the role «{role}», which is none here: no role is given",
    "{count} rows have the role «{role}», which is none here: no role is given",
)
BORN_OUT_OF_RANGE = Code("born_out_of_range", "«{value}» is not between {first} and {last}")
PEOPLE_GONE = Code.counted(
    "people_gone",
    "{count} person of «{school}» is not in this set: the account is left as it is",
    "{count} people of «{school}» are not in this set: their accounts are left as they are",
)
PERSON_GONE = Code("person_gone", "{name} ({key}) came before and is not in this set: left as it is")
NOT_BLOCKED = Code("not_blocked", "is not blocked: the account has roles that are not of this set")
BLOCKED_HERE = Code("blocked_here", "the account was blocked here and stays so")

# Guardians
NO_GUARDIAN = Code("no_guardian", "«{role}» is no guardian: left out")
NO_STUDENT = Code("no_student", "«{user}» is no student")
NO_ACCOUNT = Code("no_account", "«{account}» is no account of «{user}»")
NO_LINK = Code("no_link", "«{agent}» and this person are no guardian and student: the link is left out")
LINK_OF_GONE = Code("link_of_gone", "«{user}» is to be deleted: the link of guardian and student is left out")
CELL_UNREADABLE = Code("cell_unreadable", "cannot be read")
GUARDIAN_ENDED_HERE = Code("guardian_ended_here", "a guardian ({guardian}) was ended here and is not opened again")

# Classes and enrollments
HOMEROOM_UNKNOWN = Code(
    "homeroom_unknown",
    "«{title}» is a homeroom whose grade is not recognised: say in a mapping (--mapping FILE.csv) what it becomes",
)
NAME_CUT = Code("name_cut", "is longer than {most} characters: the class is called «{name}» here")
ANSWER_UNUSED = Code("answer_unused", "«{key}» is no homeroom that is imported: the answer is not used")
CLASS_GONE = Code("class_gone", "«{name}» ({key}) of «{school}» came before and is not in this set: left as it is")
OVERLAPS = Code("overlaps", "overlaps row {first}: the same person, class and role")
NO_TEACHER = Code("no_teacher", "«{user}» is enrolled as a teacher and is none by his role")
NEITHER_LEARNS = Code("neither_learns", "«{role}» neither learns nor teaches: the enrollment is left out")
ENROLLMENT_OF_GONE = Code("enrollment_of_gone", "is to be deleted: the enrollment is left out")
ENDED_BEFORE = Code("ended_before", "lies before the school year {year}: the enrollment is left out")
BEYOND_YEAR = Code.counted(
    "beyond_year",
    "«{value}» is not within the school year {year}: the whole year is taken in {count} row",
    "«{value}» is not within the school year {year}: the whole year is taken in {count} rows",
)
CLASS_NAMED_HERE = Code("class_named_here", "the class is called {name} here, and keeps this name")

# More ended than an import may end by itself
ENDS_MEMBERSHIPS = Code(
    "ends_memberships",
    "{ended} of {held} memberships of «{school}» would end; if that is meant: --allow-ending",
)
ENDS_TEACHERS = Code(
    "ends_teachers",
    "{ended} of {held} courses and classes of «{school}» would lose their teachers; if that is meant: --allow-ending",
)
ENDS_GUARDIANS = Code(
    "ends_guardians",
    "{ended} of {held} links of guardians in «{school}» would end; if that is meant: --allow-ending",
)
ENDS_ACCOUNTS = Code(
    "ends_accounts",
    "{ended} of {held} accounts of «{school}» would be blocked; if that is meant: --allow-ending",
)

# Lessons and marks
LESSON_TWICE = Code("lesson_twice", "the course has a lesson of this number on this day in row {first} already")
NO_LESSON_NUMBER = Code("no_lesson_number", "is no number of a lesson")
NOT_AFTER_LESSON = Code("not_after_lesson", "is not after the lesson")
NO_COLUMN = Code("no_column", "is no place of a column in this lesson, or another column has it")
NO_CODE = Code("no_code", "«{value}» is neither a mark nor a code")
NO_MARK = Code("no_mark", "is no mark")
MARK_BESIDE_ABSENCE = Code("mark_beside_absence", "«{value}»: a mark beside an absence, both are kept")
NEVER_IN_CLASS = Code("never_in_class", "was never in the class")
NOT_IN_CLASS = Code("not_in_class", "was not in the class on that day: the entry is kept as it stands")
NO_MONDAY = Code("no_monday", "is no Monday")
WEEK_TWICE = Code("week_twice", "this week stands twice")
NO_LESSON = Code("no_lesson", "«{lesson}» is no lesson of this set")

NO_TIMETABLE = Code("no_timetable", "a class has lessons in a timetable that is not in this set")

# Names of other systems
NO_SOURCE = Code("no_source", "«{source}» is no source of OneRoster")
NO_STATE = Code("no_state", "«{state}» is no state")
NAME_TOO_LONG = Code("name_too_long", "is longer than a name can be")
NAME_OF_NOTHING = Code("name_of_nothing", "is not in this set: the name is not kept")
