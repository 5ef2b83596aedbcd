"""The heads of the exported files: the columns of OneRoster 1.2 CSV in their order; ours follow them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ais_app.exchange.oneroster import files

Head = Sequence[str]

_COMMON = ("sourcedId", "status", "dateLastModified")


def _own(table: files.Table) -> Head:
    return tuple(column.name for column in table.columns)


HEADS: Mapping[str, Head] = {
    "orgs": (*_COMMON, "name", "type", "identifier", "parentSourcedId"),
    "academicSessions": (*_COMMON, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"),
    "courses": (
        *_COMMON,
        *("schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes"),
    ),
    "classes": (
        *_COMMON,
        *("title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId"),
        *("termSourcedIds", "subjects", "subjectCodes", "periods"),
    ),
    "users": (
        *_COMMON,
        *("enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier", "email", "sms"),
        *("phone", "agentSourcedIds", "grades", "password", "userMasterIdentifier", "resourceSourcedIds"),
        *("preferredGivenName", "preferredMiddleName", "preferredFamilyName", "primaryOrgSourcedId", "pronouns"),
    ),
    "roles": (
        *_COMMON,
        *("userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId"),
    ),
    "enrollments": (
        *_COMMON,
        *("classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"),
    ),
    "demographics": (
        *_COMMON,
        *("birthDate", "sex", "americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican"),
        *("nativeHawaiianOrOtherPacificIslander", "white", "demographicRaceTwoOrMoreRaces"),
        *("hispanicOrLatinoEthnicity", "countryOfBirthCode", "stateOfBirthAbbreviation", "cityOfBirth"),
        "publicSchoolResidenceStatus",
    ),
    "categories": (*_COMMON, "title", "weight"),
    "lineItems": (
        *_COMMON,
        *("title", "description", "assignDate", "dueDate", "classSourcedId", "categorySourcedId"),
        *("gradingPeriodSourcedId", "resultValueMin", "resultValueMax", "academicSessionSourcedId", "schoolSourcedId"),
    ),
    "results": (
        *_COMMON,
        *("lineItemSourcedId", "studentSourcedId", "scoreStatus", "score", "scoreDate", "comment", "textScore"),
        *("classSourcedId", "inProgress", "incomplete", "late", "missing"),
    ),
    files.REMARKS.name: _own(files.REMARKS),
    files.ACKNOWLEDGEMENTS.name: _own(files.ACKNOWLEDGEMENTS),
    files.SOURCES.name: _own(files.SOURCES),
}
