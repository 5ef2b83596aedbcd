"""The search finds for each role what its pages show, with a page that it may open, and nothing else."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from ais_app import rooms
from ais_app.access.gate.declared import Declared, page
from ais_app.rights.rules import Role
from ais_app.school import rules, service
from ais_app.search import views
from ais_app.search.finding import SHOWN, find
from ais_app.search_sources import SOURCES
from tests.builders import MOSCOW, YEAR_FROM, SmallSchool, small_school

NOW = datetime.combine(date(2026, 11, 23), time(12), MOSCOW)
WORN = {
    "teacher": Role.TEACHER,
    "historian": Role.TEACHER,  # and class teacher: one hat
    "deputy": Role.DEPUTY,
    "director": Role.DIRECTOR,
    "school_admin": Role.SCHOOL_ADMIN,
    "secretary": Role.SECRETARY,
    "inspector": Role.INSPECTOR,
    "anna": Role.STUDENT,
    "mother": Role.GUARDIAN,
    "former": Role.GUARDIAN,
}
CLASS = {"anna", "boris", "vera"}  # Gleb has left
STAFF = {"teacher", "historian"}
PEOPLE = {
    "teacher": CLASS,
    "historian": CLASS | {"mother", "stranger", "double"},
    "deputy": CLASS | STAFF,
    "director": CLASS | STAFF,
    "school_admin": CLASS,
    "anna": {"anna"},
    "mother": {"anna"},
}
JOURNALS = {
    "teacher": {"algebra"},
    "historian": {"algebra", "history"},
    **{login: {"algebra", "history"} for login in ("deputy", "director", "school_admin", "inspector")},
}
CLASSES = {"teacher", "historian", "deputy", "director", "school_admin", "inspector"}
SUBJECTS = {"anna", "mother"}


def found(school: SmallSchool, login: str, typed: str, section: str = ""):
    return school.read(find, school.actor(login, WORN[login]), NOW, typed, section)


def hits(school: SmallSchool, login: str, typed: str, section: str):
    result = found(school, login, typed, section)
    return [] if result.similar else [hit for one in result.sections for hit in one.hits]


def people_of(school: SmallSchool, login: str, typed: str) -> set[str]:
    names = {person.uid: name for name, person in school.people.items()}
    return {names[hit.key.partition(":")[0]] for hit in hits(school, login, typed, "people")}


@pytest.mark.parametrize("login", WORN)
def test_persons_are_those_of_the_pages_of_a_role(school, login):
    assert people_of(school, login, "alex") == PEOPLE.get(login, set())
    for other in school.people:
        assert people_of(school, login, other) == {other} & PEOPLE.get(login, set())


@pytest.mark.parametrize("login", WORN)
def test_journals_classes_and_subjects_of_a_role(school, login):
    opened = {name for name, uid in school.courses.items()}
    journals = {hit.key for word in opened for hit in hits(school, login, word, "journals")}
    assert journals == {school.courses[name] for name in JOURNALS.get(login, set())}
    assert bool(hits(school, login, "7а", "classes")) == (login in CLASSES)
    assert {hit.title for hit in hits(school, login, "his", "subjects")} == (
        {"History"} if login in SUBJECTS else set()
    )


def test_an_inspector_finds_nothing_by_a_name_and_reads_none(school):
    for word in ("alex", "anna", "teacher", "ivanovich"):
        assert not hits(school, "inspector", word, "people")
        assert not hits(school, "inspector", word, "journals")
    shown = json.dumps(school.read(views.found, school.actor("inspector", Role.INSPECTOR), NOW, "7а", ""))
    assert not re.search("teacher|historian|alex", shown, re.IGNORECASE)


@pytest.mark.parametrize("login", WORN)
def test_nothing_of_another_school_is_found(school, login):
    other = small_school(school.database, "other-")
    own = {person.uid for person in school.people.values()} | set(school.courses.values())
    foreign = {person.uid for person in other.people.values()} | set(other.courses.values())
    for word in ("alex", "algebra", "7а", "i", "1"):
        shown = json.dumps(school.read(views.found, school.actor(login, WORN[login]), NOW, word, ""))
        uids = set(re.findall("[a-z2-7]{16}", shown))
        assert not uids & (foreign - own)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    login=st.sampled_from(list(WORN)),
    typed=st.lists(
        st.sampled_from(["a", "al", "7", "7а", "fk", "iv", "his", "m", "anna", "%", "_", "!", "е", "1"]), max_size=3
    ),
)
def test_whatever_is_typed_shows_nothing_foreign(school, login, typed):
    allowed = PEOPLE.get(login, set())
    names = {person.uid: name for name, person in school.people.items()}
    shown = school.read(views.found, school.actor(login, WORN[login]), NOW, " ".join(typed), "")
    uids = set(re.findall("[a-z2-7]{16}", json.dumps(shown.get("sections", []))))
    assert {names[uid] for uid in uids if uid in names} <= allowed
    for name in set(school.people) - allowed - {"teacher", "historian"}:  # who teaches stands beside a journal
        assert not re.search(rf"\b{name.capitalize()}\b", json.dumps(shown.get("sections", [])))


@pytest.mark.parametrize("login", WORN)
def test_every_hit_opens_a_page_of_the_role(school, login):
    from ais_app.ais_app import PAGES

    actor = school.actor(login, WORN[login])
    addresses = [one for room in rooms.ROOMS for one in room.addresses]
    gate = Declared(addresses, [page(one.route, one.right) for one in PAGES])
    for word in ("alex", "7а", "al", "his", "1", "jour", "help", "first", "account", "t", "s"):
        for section in school.read(find, actor, NOW, word).sections:
            for hit in section.hits:
                path = urlsplit(hit.href).path
                assert gate.may_open(actor, path) or gate.address(path), hit
                assert dict(parse_qsl(urlsplit(hit.href).query)) or "?" not in hit.href


def test_an_operation_is_found_by_its_number(school):
    actor = school.teacher()
    school.enter(actor, "algebra", ("anna", date(2026, 11, 23), "5", 0))
    last = school.database.read(
        lambda one: one.execute(text("SELECT sequence FROM operation ORDER BY id DESC LIMIT 1")).scalar_one()
    )
    own = hits(school, "teacher", str(last), "operations")
    assert [hit.href.split("&")[0] for hit in own] == [f"/operations?before={last + 1}"]
    assert hits(school, "deputy", str(last), "operations")
    assert not hits(school, "historian", str(last), "operations"), "not his own"
    assert not hits(school, "anna", str(last), "operations")
    assert not hits(school, "deputy", str(last + 1), "operations")
    assert not hits(school, "deputy", "0", "operations")
    assert not hits(school, "deputy", "9" * 40, "operations")


def test_words_combine_and_the_layout_is_understood(school):
    assert [hit.title for hit in hits(school, "deputy", "7а alg", "journals")] == ["7А, Algebra"]
    assert [hit.title for hit in hits(school, "deputy", "7f", "classes")] == ["7А"]
    assert people_of(school, "deputy", "7а ann") == {"anna"}
    assert people_of(school, "deputy", "7а") == set(), "a class alone: its students are behind the class"


def test_what_is_nearly_right_brings_what_is_similar(school):
    result = found(school, "deputy", "annaxx", "people")
    assert result.similar
    assert [hit.title for one in result.sections for hit in one.hits] == ["Anna Alex"]
    nothing = found(school, "deputy", "zzzzzz")
    assert not nothing.sections


def test_namesakes_are_told_apart_and_a_section_says_how_many_there_are(school):
    def add(uow):
        drafts = [
            rules.PersonDraft("Namesake", "Ivan", name) for name in ("Petrovich", "Ilyich", "", "A", "B", "C", "D")
        ]
        people = service.add_people(uow, actor, school.ref, drafts)
        draft = rules.ClassDraft(
            9, "Б", school.year.schemes["quarters"], members=[rules.MemberDraft(one.id, YEAR_FROM) for one in people]
        )
        service.add_class(uow, actor, school.ref, school.year.id, draft)

    from ais_app.rights.rules import operator

    actor = operator()
    school.database.write(add)
    (section,) = found(school, "deputy", "namesake").sections
    assert (section.total, len(section.hits)) == (7, SHOWN)
    (whole,) = found(school, "deputy", "namesake", "people").sections
    titles = [hit.title for hit in whole.hits]
    assert len(titles) == len(set(titles)) == 7
    assert "Namesake Ivan Petrovich" in titles


def test_a_parent_is_sent_nothing_but_his_own(school):
    mother = school.actor("mother", Role.GUARDIAN)
    opening = school.read(views.found, mother, NOW, "", "")
    assert {name for name, _label in opening["sections"]} == {"people", "subjects", "pages", "help"}
    assert [hit["href"] for hit in opening["usual"]] == ["/diary", "/progress", "/account", "/password", "/help/family"]


def test_sources_are_named_by_the_rooms_and_there(school):
    assert {one.section for one in SOURCES} >= {
        "journals",
        "people",
        "classes",
        "operations",
        "subjects",
        "pages",
        "help",
    }
    labels: dict[str, set[str]] = {}
    for one in SOURCES:
        labels.setdefault(one.section, set()).add(one.label)
    assert all(len(one) == 1 for one in labels.values()), "one section, one label"
