"""The files of OneRoster 1.1 and 1.2 CSV as declared tables, with the spellings of Microsoft SDS v2.1 as synonyms.

Columns `metadata.ais.*` are ours: OneRoster allows extensions under `metadata`, and our own export carries in them
what the standard has no columns for; what belongs to no row of a standard file is in files `ais*.csv`. Columns and
files that are not declared are not read.
"""

from __future__ import annotations

from ais_app.exchange.engine import Column, Kind, Table

STATUS = Column("status", choices=frozenset({"active", "tobedeleted", "inactive"}))
_ID = Column("sourcedId", required=True, filled=True)
_LOOSE_ID = Column("sourcedId", filled=True)
_NAME = 120
# Columns of the standard that repeat others, or tell nothing of the school: nothing is lost with them.
_COMMON = ("dateLastModified",)
_LINE_ITEM_COPIES = (
    *_COMMON,
    *("title", "dueDate", "gradingPeriodSourcedId", "resultValueMin", "resultValueMax"),
    *("academicSessionSourcedId", "schoolSourcedId"),
)
_RESULT_COPIES = (
    *_COMMON,
    *(
        "scoreStatus",
        "score",
        "scoreDate",
        "textScore",
        "classSourcedId",
        "inProgress",
        "incomplete",
        "late",
        "missing",
    ),
)
# Columns that are not read (D-12), which is noted when they are filled.
_CONTACTS = (
    *("userIds", "identifier", "email", "sms", "phone", "grades", "password", "userMasterIdentifier"),
    *("resourceSourcedIds", "preferredGivenName", "preferredMiddleName", "preferredFamilyName", "pronouns"),
    "activeDirectoryMatchId",
)
_NOT_KEPT = (
    *("sex", "americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican", "white", "hispanicOrLatinoEthnicity"),
    *("nativeHawaiianOrOtherPacificIslander", "demographicRaceTwoOrMoreRaces", "countryOfBirthCode"),
    *("stateOfBirthAbbreviation", "cityOfBirth", "publicSchoolResidenceStatus", "birthCity", "birthState"),
    *("birthCountry", "ethnicityCodes", "raceCodes"),
)

MANIFEST = Table(
    "manifest",
    (Column("propertyName", required=True, filled=True), Column("value", required=True)),
    key="propertyName",
)
ORGS = Table(
    "orgs",
    (
        _ID,
        STATUS,
        Column("name", required=True, filled=True, longest=200),
        Column("type", required=True),
        Column("parentSourcedId", refers="orgs", loose=True),
        Column("metadata.ais.shortName", longest=64),
        Column("metadata.ais.zone", longest=64),
        Column("metadata.ais.editWindowDays", Kind.WHOLE),
        Column("metadata.ais.topicDays", Kind.WHOLE),
        Column("metadata.ais.homeworkMinutes", Kind.WHOLE),
        Column("metadata.ais.markOneAllowed", Kind.FLAG),
        Column("metadata.ais.markBesideAbsence", Kind.FLAG),
        Column("metadata.ais.correctionHours", Kind.WHOLE),
        Column("metadata.ais.openingHours", Kind.WHOLE),
        Column("metadata.ais.settings", Kind.VERBATIM),
        Column("metadata.ais.bells", Kind.VERBATIM),
    ),
    key="sourcedId",
    required=True,
    left_out=("identifier",),
    silent=_COMMON,
)
SESSIONS = Table(
    "academicSessions",
    (
        _ID,
        STATUS,
        Column("title", required=True),
        Column("type", required=True, filled=True),
        Column("startDate", Kind.DATE, required=True, filled=True),
        Column("endDate", Kind.DATE, required=True, filled=True),
        Column("parentSourcedId", refers="academicSessions"),
        Column("metadata.ais.scheme", longest=64),
        Column("metadata.ais.closed", Kind.FLAG),
        Column("metadata.ais.closedAt", Kind.MOMENT),
        Column("metadata.ais.grade", Kind.WHOLE),
        Column("metadata.ais.timetables", Kind.VERBATIM),
    ),
    key="sourcedId",
    silent=(*_COMMON, "schoolYear"),
)
COURSES = Table(
    "courses",
    (
        _ID,
        STATUS,
        Column("title", required=True, filled=True, longest=_NAME),
        Column("schoolYearSourcedId", refers="academicSessions", synonyms=("schoolYearId",)),
        Column("orgSourcedId", refers="orgs"),
        Column("subjects", several=True, synonyms=("subject",)),
        Column("metadata.ais.shortName", longest=64),
        Column("metadata.ais.kind", choices=frozenset({"homeroom", "group"})),
    ),
    key="sourcedId",
    left_out=("courseCode", "subjectCodes", "code"),
    silent=(*_COMMON, "grades", "grade"),
)
CLASSES = Table(
    "classes",
    (
        _ID,
        STATUS,
        Column("title", required=True, filled=True, longest=_NAME),
        Column("grades", synonyms=("grade",)),
        Column("courseSourcedId", refers="courses"),
        Column("classCode"),
        Column("classType"),
        Column("schoolSourcedId", required=True, filled=True, refers="orgs", synonyms=("orgSourcedId",)),
        Column(
            "termSourcedIds",
            several=True,
            refers="academicSessions",
            synonyms=("termSourcedId", "sessionSourcedIds", "sessionSourcedId"),
        ),
        Column("subjects", several=True),
        Column("metadata.ais.kind", choices=frozenset({"group"})),
        Column("metadata.ais.grade", Kind.WHOLE),
        Column("metadata.ais.letter", longest=15),
        Column("metadata.ais.class", refers="classes"),
        Column("metadata.ais.group"),
        Column("metadata.ais.groupName", longest=64),
        Column("metadata.ais.graded", Kind.FLAG),
        Column("metadata.ais.hoursPlanned", Kind.WHOLE),
        Column("metadata.ais.bells"),
        Column("metadata.ais.slots", Kind.VERBATIM),
    ),
    key="sourcedId",
    required=True,
    left_out=("location", "subjectCodes", "periods", "code"),
    silent=_COMMON,
)
USERS = Table(
    "users",
    (
        _ID,
        STATUS,
        Column("enabledUser", Kind.FLAG),
        Column("orgSourcedIds", several=True, refers="orgs"),
        Column("role"),
        Column("username", required=True, filled=True, longest=64),
        Column("givenName", required=True, filled=True, longest=_NAME),
        Column("familyName", required=True, filled=True, longest=_NAME),
        Column("middleName", longest=_NAME),
        Column("agentSourcedIds", several=True, refers="users", synonyms=("agents",)),
        Column("primaryOrgSourcedId", refers="orgs"),
        Column("metadata.ais.accounts", Kind.VERBATIM),
        Column("metadata.ais.guardians", Kind.VERBATIM),
    ),
    key="sourcedId",
    required=True,
    left_out=_CONTACTS,
    silent=_COMMON,
)
ROLES = Table(
    "roles",
    (
        _LOOSE_ID,
        STATUS,
        Column("userSourcedId", required=True, filled=True, refers="users"),
        Column("role", required=True, filled=True),
        Column("orgSourcedId", required=True, filled=True, refers="orgs"),
        Column("beginDate", Kind.DATE, synonyms=("roleStartDate",)),
        Column("endDate", Kind.DATE, synonyms=("roleEndDate",)),
        Column("metadata.ais.role"),
        Column("metadata.ais.account"),
    ),
    key="sourcedId",
    left_out=("userProfileSourcedId", "sessionSourcedId", "grade"),
    silent=(*_COMMON, "roleType", "isPrimary"),
)
ENROLLMENTS = Table(
    "enrollments",
    (
        _LOOSE_ID,
        STATUS,
        Column("classSourcedId", required=True, filled=True, refers="classes"),
        Column("userSourcedId", required=True, filled=True, refers="users"),
        Column("schoolSourcedId", refers="orgs"),
        Column("role", required=True, filled=True),
        Column("beginDate", Kind.DATE),
        Column("endDate", Kind.DATE),
        Column("metadata.ais.note", longest=32),
    ),
    key="sourcedId",
    required=True,
    silent=(*_COMMON, "primary"),
)
RELATIONSHIPS = Table(
    "relationships",
    (
        Column("userSourcedId", required=True, filled=True, refers="users"),
        Column("relationshipUserSourcedId", required=True, filled=True, refers="users"),
        Column("relationshipRole", longest=32),
    ),
    silent=_COMMON,
)
DEMOGRAPHICS = Table(
    "demographics",
    (
        Column("sourcedId", required=True, filled=True, refers="users", synonyms=("userSourcedId",)),
        STATUS,
        Column("birthDate", Kind.DATE),
    ),
    key="sourcedId",
    left_out=_NOT_KEPT,
    silent=_COMMON,
)
CATEGORIES = Table(
    "categories",
    (
        _ID,
        STATUS,
        Column("title", required=True, filled=True, longest=64),
        Column("weight", Kind.NUMBER),
        Column("metadata.ais.code", longest=8),
        Column("metadata.ais.weight", Kind.WHOLE),
        Column("metadata.ais.isControl", Kind.FLAG),
        Column("metadata.ais.isDefault", Kind.FLAG),
    ),
    key="sourcedId",
    silent=_COMMON,
)
LINE_ITEMS = Table(
    "lineItems",
    (
        _ID,
        STATUS,
        Column("classSourcedId", required=True, filled=True, refers="classes"),
        Column("categorySourcedId", required=True, filled=True, refers="categories"),
        Column("assignDate", Kind.DATE, required=True, filled=True),
        Column("metadata.ais.lesson"),
        Column("metadata.ais.number", Kind.WHOLE),
        Column("metadata.ais.ordinal", Kind.WHOLE),
        Column("metadata.ais.weight", Kind.WHOLE),
        Column("metadata.ais.room", longest=32),
        Column("metadata.ais.topic", Kind.VERBATIM),
        Column("metadata.ais.homework", Kind.VERBATIM),
        Column("metadata.ais.minutes", Kind.WHOLE),
        Column("metadata.ais.nothingSet", Kind.FLAG),
        Column("metadata.ais.homeworkDue", Kind.DATE),
    ),
    key="sourcedId",
    left_out=("description",),
    silent=_LINE_ITEM_COPIES,
)
RESULTS = Table(
    "results",
    (
        _ID,
        STATUS,
        Column("lineItemSourcedId", required=True, filled=True, refers="lineItems"),
        Column("studentSourcedId", required=True, filled=True, refers="users"),
        Column("comment", Kind.VERBATIM),
        Column("metadata.ais.ordinal", Kind.WHOLE),
        Column("metadata.ais.code", longest=8),
        Column("metadata.ais.changed", Kind.FLAG),
        Column("metadata.ais.enteredAt", Kind.MOMENT),
    ),
    key="sourcedId",
    silent=_RESULT_COPIES,
)

# What a teacher remarked to a student at a lesson (`metadata.ais.lesson` of lineItems).
REMARKS = Table(
    "aisRemarks",
    (
        _ID,
        Column("lesson", required=True, filled=True),
        Column("studentSourcedId", required=True, filled=True, refers="users"),
        Column("authorSourcedId", required=True, filled=True, refers="users"),
        Column("text", Kind.VERBATIM, required=True, filled=True),
        Column("createdAt", Kind.MOMENT, required=True, filled=True),
        Column("withdrawnAt", Kind.MOMENT),
    ),
    key="sourcedId",
)
# Which weeks of a student a guardian has seen.
ACKNOWLEDGEMENTS = Table(
    "aisAcknowledgements",
    (
        Column("studentSourcedId", required=True, filled=True, refers="users"),
        Column("guardianSourcedId", required=True, filled=True, refers="users"),
        Column("monday", Kind.DATE, required=True, filled=True),
        Column("at", Kind.MOMENT, required=True, filled=True),
    ),
)
# Under which names the rows of the school stood in other systems: `sourceId` of an `entity` (within a school or year,
# `scope`) in a `source` is the row `sourcedId` of this set; where it is no row, `state` says what is known of it.
SOURCES = Table(
    "aisSources",
    (
        Column("source", required=True, filled=True, longest=32),
        Column("entity", required=True, filled=True, longest=32),
        Column("scope"),
        Column("sourceId", Kind.VERBATIM, required=True, filled=True),
        Column("sourcedId"),
        Column("state", longest=32),
    ),
)

# In the order in which they are read. Those of OWN are read from our own exports only.
GRADEBOOK = (CATEGORIES, LINE_ITEMS, RESULTS)
OWN = (*GRADEBOOK, REMARKS, ACKNOWLEDGEMENTS, SOURCES)
TABLES = (
    ORGS,
    SESSIONS,
    COURSES,
    CLASSES,
    USERS,
    ROLES,
    ENROLLMENTS,
    RELATIONSHIPS,
    DEMOGRAPHICS,
    *OWN,
)
# Files of the standard (and of SDS) from which АИС takes nothing: they may be there.
LEFT_OUT = (
    "classResources",
    "courseResources",
    "lineItemLearningObjectiveIds",
    "lineItemScoreScales",
    "resources",
    "resultLearningObjectiveIds",
    "resultScoreScales",
    "scoreScales",
    "userProfiles",
    "userResources",
    "userFlags",
)
# References into these are not checked when the set has no row of them.
WEAK = frozenset({"academicSessions", "courses"})
