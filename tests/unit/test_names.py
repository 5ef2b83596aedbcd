"""Names: one Russian order in Python and in both databases, namesakes told apart, the normal form C everywhere (D-54)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlmodel import Session

from ais_app.control.queries import keeping as control
from ais_app.db.columns import table
from ais_app.diary import service as diary
from ais_app.diary import views
from ais_app.exchange.oneroster import import_oneroster
from ais_app.journal.courses.queries import courses as journal_courses
from ais_app.journal.today import queries as reads
from ais_app.ledger import queries as ledger
from ais_app.people import names
from ais_app.people.models import Person
from ais_app.people.names import Name, Spelling, by_name, sort_key, told_apart
from ais_app.people.queries import names_of
from ais_app.rights.rules import Role, operator
from ais_app.school import rules, service
from ais_app.school.service import courses as teaching
from tests.builders import MOSCOW, YEAR_FROM, SmallSchool, reading_at
from tests.databases import rows
from tests.unit.sets import change

ALPHABET = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
TODAY, MONDAY, THURSDAY = date(2026, 11, 23), date(2026, 11, 16), date(2026, 11, 19)
_person = table(Person)

letters = st.text(alphabet=ALPHABET + ALPHABET.upper(), min_size=1, max_size=6)
a_name = st.lists(letters, min_size=1, max_size=3).flatmap(
    lambda words: st.sampled_from([" ", "-", "–"]).map(lambda between: between.join(words))
)
names_of_one = st.tuples(a_name, a_name, st.one_of(st.just(""), a_name))

# As a class list has them, from above.
IN_ORDER = [
    ("Абрамов", "Пётр", "Ильич"),
    ("Абрамова", "Анна", ""),
    ("Егоров", "Яков", "Петрович"),
    ("Ежов", "Иван", "Петрович"),
    ("Ёжиков", "Иван", "Петрович"),
    ("Ёлкин", "Алексей", "Иванович"),
    ("Ёлкин", "Алёна", "Ивановна"),
    ("Жуков", "Иван", "Иванович"),
    ("Иванов", "Иван", ""),
    ("Иванов", "Иван", "Алексеевич"),
    ("иванов", "Иван", "Петрович"),
    ("Иванов", "Иван Павел", "Алексеевич"),
    ("Иванов", "Иванна", ""),
    ("Иванов Берг", "Иван", "Алексеевич"),
    ("Иванов-Петров", "Иван", "Алексеевич"),
    ("Иванова", "Анна", "Алексеевна"),
    ("Ильин", "Иван", ""),
    ("Йовович", "Иван", ""),
    ("фон Берг", "Иван", ""),
    ("Фонарёв", "Иван", ""),
    ("Щукин", "Иван", ""),
    ("Яшин", "Иван", ""),
]


def place(name: str) -> tuple[tuple[int, ...], ...]:
    """The reference, from the alphabet alone: word by word, letter by letter."""
    return tuple(tuple(ALPHABET.index(sign) for sign in word) for word in re.split(r"[-– ]+", name.casefold()))


def place_of(person: tuple[str, str, str]) -> tuple[object, ...]:
    return tuple(place(name) if name else () for name in person)


@given(names_of_one, names_of_one)
@example(("Е", "а", ""), ("Ё", "а", ""))
@example(("Ё", "а", ""), ("Ж", "а", ""))
@example(("Ея", "а", ""), ("Ё", "а", ""))
def test_the_order_of_the_key_is_that_of_the_alphabet(one, other):
    mine, reference = sort_key(*one) < sort_key(*other), place_of(one) < place_of(other)
    assert mine == reference
    assert (sort_key(*one) == sort_key(*other)) == (place_of(one) == place_of(other))


@given(names_of_one, st.sampled_from(["NFD", "NFKD", "NFC"]))
def test_the_key_does_not_depend_on_the_normal_form(one, form):
    assert sort_key(*(unicodedata.normalize(form, name) for name in one)) == sort_key(*one)


@given(st.lists(st.text(max_size=200), min_size=3, max_size=3))
def test_any_text_has_a_key_that_both_databases_can_keep(parts):
    key = sort_key(*parts)
    assert len(key) <= names.LONGEST_KEY
    assert "\0" not in key
    assert key.encode().decode() == key


def test_a_class_list_by_hand():
    shuffled = [*IN_ORDER]
    Random(7).shuffle(shuffled)
    assert sorted(shuffled, key=lambda one: sort_key(*one)) == IN_ORDER
    assert sort_key("О'Коннор") == sort_key("оконнор")
    assert sort_key("Émile") < sort_key("Zola") < sort_key("Абрамов")


def add(school: SmallSchool, *people: tuple[str, str, str], born: date | None = None) -> list[rules.PersonRef]:
    drafts = [rules.PersonDraft(*one, birth_date=born) for one in people]
    return school.database.write(lambda uow: service.add_people(uow, operator(), school.ref, drafts))


def test_order_by_is_the_same_in_python_and_in_this_database(school):
    random = Random(33)
    made = {
        tuple(
            "".join(random.choice(ALPHABET + ALPHABET.upper() + "- ") for _letter in range(random.randrange(2, 6)))
            .strip("- ")
            .replace("- ", " ")
            or "а"
            for _name in range(3)
        )
        for _person in range(300)
    }
    shuffled = [*IN_ORDER, *made]
    random.shuffle(shuffled)
    add(school, *shuffled)
    statement = select(_person).order_by(*by_name(_person))
    found = [
        (row.family_name, row.given_name, row.patronymic)
        for row in school.database.read(lambda one: one.execute(statement).all())
        if row.family_name[0].casefold() in ALPHABET
    ]
    assert len(found) == len(shuffled)
    places = [tuple(place(name.strip()) if name else () for name in one) for one in found]
    assert places == sorted(places)
    assert [one for one in found if one in set(IN_ORDER)] == IN_ORDER


def test_no_statement_of_the_product_forgets_the_key(school):
    (added,) = add(school, ("Ёлкин", "Иван", ""))
    by_key = {"Ёлкин Иван": sort_key("Ёлкин", "Иван", "")}
    assert key_of(school, added.id) == by_key["Ёлкин Иван"]
    whole = {"family_name": "Абрамов", "given_name": "Иван", "patronymic": "Ильич"}
    school.database.write(lambda uow: uow.execute(update(_person).where(_person.c.id == added.id).values(**whole)))
    assert key_of(school, added.id) == sort_key("Абрамов", "Иван", "Ильич")
    one = rules.PersonChange(added, rules.PersonDraft("Юдин", "Ян"))
    school.database.write(lambda uow: service.change_people(uow, operator(), school.ref, [one]))
    assert key_of(school, added.id) == sort_key("Юдин", "Ян", "")
    half = update(_person).where(_person.c.id == added.id).values(family_name="Абрамов")
    with pytest.raises(Exception, match="written together"):
        school.database.write(lambda uow: uow.execute(half))

    def by_the_session(uow):
        with Session(bind=uow.connection) as session:
            session.add(Person(school_id=school.ref.id, family_name="Ёжиков", given_name="Ян"))
            session.flush()

    school.database.write(by_the_session)
    key = rows(school.database, "SELECT sort_key FROM person WHERE family_name = 'Ёжиков'")
    assert key == [(sort_key("Ёжиков", "Ян", ""),)]


def key_of(school: SmallSchool, person: int) -> str:
    return school.database.read(
        lambda one: one.execute(select(_person.c.sort_key).where(_person.c.id == person)).scalar_one()
    )


def test_everybody_of_the_demonstration_has_the_key_of_his_names(demonstration, database):
    del demonstration
    found = rows(database, "SELECT family_name, given_name, patronymic, sort_key FROM person")
    assert len(found) > 300
    assert [key for *of_one, key in found if key != sort_key(*of_one)] == []


ONE, TWO, THREE = ("Иванов", "Иван", "Ильич"), ("Иванов", "Илья", "Павлович"), ("Иванов", "Иван", "Петрович")


@pytest.mark.parametrize(
    ("spelling", "shown"),
    [
        (Spelling.LISTED, ["Иванов Иван Ильич", "Иванов Илья", "Иванов Иван Петрович", "Юдин Ян"]),
        (Spelling.SHORT, ["Иванов Иван Ильич", "Иванов Илья", "Иванов Иван Петрович", "Юдин Я."]),
        (Spelling.SIGNED, ["Иванов И. И.", "Иванов Илья Павлович", "Иванов Иван Петрович", "Юдин Я. М."]),
        (Spelling.GIVEN, ["Иванов Иван Ильич", "Илья", "Иванов Иван Петрович", "Ян"]),
    ],
)
def test_namesakes_get_what_tells_them_apart_and_the_others_stay_short(spelling, shown):
    people = [Name(*one) for one in (ONE, TWO, THREE, ("Юдин", "Ян", "Маркович"))]
    assert list(told_apart(dict(enumerate(people)), spelling).values()) == shown


def test_after_the_patronymic_comes_what_else_is_known_and_then_a_number():
    people = {
        1: Name(*ONE, beside="1 мая 2013"),
        2: Name(*ONE, beside="2 мая 2013"),
        3: Name("Юдин", "Артем"),
        4: Name("Юдин", "Артём"),
    }
    assert told_apart(people, Spelling.LISTED) == {
        1: "Иванов Иван Ильич, 1 мая 2013",
        2: "Иванов Иван Ильич, 2 мая 2013",
        3: "Юдин Артем (1)",
        4: "Юдин Артём (2)",
    }


few = st.sampled_from(["Иванов", "Ива", "Ян", "ян", "Ёж", "Еж", ""])


@given(st.lists(st.builds(Name, few, few, few, few), max_size=12), st.sampled_from(list(Spelling)))
def test_no_two_of_a_list_are_alike(people, spelling):
    shown = told_apart(dict(enumerate(people)), spelling)
    assert len(set(shown.values())) == len(people) == len(shown)


def join_class(school: SmallSchool, people: list[rules.PersonRef]) -> None:
    """Into 7А from the beginning of the year."""
    group: Any = school.database.read(
        lambda one: one.execute(
            text(
                "SELECT g.id, g.uid FROM study_group g JOIN school_class c ON c.group_id = g.id WHERE c.school_id = :s"
            ),
            {"s": school.ref.id},
        ).one()
    )
    terms = [rules.TermChange(group.id, one, None, rules.DatedFrom(YEAR_FROM)) for one in people]
    school.database.write(lambda uow: service.change_memberships(uow, operator(), school.ref, terms))


@pytest.fixture
def namesakes(school) -> SmallSchool:
    """In 7А also: two Иванов Иван Ильич, born on different days, Иванов Илья, and Ёлкин, Егоров, Жуков, «фон Берг»."""
    first, second = add(school, ONE, born=date(2013, 5, 1)), add(school, ONE, born=date(2013, 6, 2))
    others = add(
        school, TWO, THREE, ("фон Берг", "Ян", ""), ("Жуков", "Ян", ""), ("Ёлкин", "Ян", ""), ("Егоров", "Ян", "")
    )
    people = [*first, *second, *others]
    join_class(school, people)
    logins = ("first", "second", "two", "three", "fon", "zhukov", "yolkin", "egorov")
    school.people |= dict(zip(logins, people, strict=True))
    return school


CLASS = ["Егоров Ян", "Ёлкин Ян", "Жуков Ян"]
DATED = ["Иванов Иван Ильич, 1 May 2013", "Иванов Иван Ильич, 2 Jun 2013", "Иванов Иван Петрович", "Иванов Илья"]
NUMBERED = ["Иванов Иван Ильич (1)", "Иванов Иван Ильич (2)", *DATED[2:]]


def sheet_of(school: SmallSchool, login: str, role: Role) -> list[str]:
    from ais_app.journal.courses.grants import ViewGrant
    from ais_app.journal.courses.queries import courses
    from ais_app.journal.courses.service.viewing import SEAL
    from ais_app.journal.grid.queries import sheet
    from ais_app.journal.windows.queries import periods

    actor = school.actor(login, role)

    def read(connection):
        reading = reading_at(connection, actor, TODAY)
        page = courses.course(reading, ViewGrant(actor, school.courses["history"], SEAL))
        period = periods.periods(connection, page.scheme_id)[1]
        shown = sheet.sheet(reading, page, period)
        return [shown.names[one.uid] for one in shown.students]

    return [name for name in school.database.read(read) if name[0] > "z"]


def test_the_journal_lists_by_the_alphabet_and_tells_namesakes_apart(namesakes):
    assert sheet_of(namesakes, "historian", Role.CLASS_TEACHER) == [*CLASS, *DATED, "фон Берг Ян"]
    assert sheet_of(namesakes, "deputy", Role.DEPUTY) == [*CLASS, *NUMBERED, "фон Берг Ян"], "no birth date for her"


def test_the_class_teachers_list_and_who_is_missing(namesakes):
    historian = namesakes.actor("historian", Role.CLASS_TEACHER)
    found = namesakes.read(views.pupils, historian, TODAY, MONDAY)
    assert [one.name for one in found if one.name[0] > "z"] == [*CLASS, *DATED, "фон Берг Ян"]
    logins = ("first", "second", "two", "three", "fon", "egorov", "yolkin", "zhukov")
    namesakes.enter(namesakes.teacher(), "algebra", *((login, TODAY, "н", 0) for login in logins))
    missing = [one.name for one in namesakes.read(reads.missing, historian, TODAY)]
    assert missing == [
        "Егоров Я.",
        "Ёлкин Я.",
        "Жуков Я.",
        *DATED[:2],
        "Иванов Иван Петрович",
        "Иванов Илья",
        "фон Берг Я.",
    ]


def test_a_mother_of_namesakes_finds_both(school):
    brothers = add(
        school, ("Ким", "Ян", ""), ("Юн", "Ян", ""), ("Ким", "Ёла", ""), ("Ким", "Ева", ""), ("Ким", "Жан", "")
    )
    mother = school.people["mother"].id
    drafts = [rules.GuardianDraft(mother, one.id, "mother", YEAR_FROM) for one in brothers]
    school.database.write(lambda uow: service.add_guardians(uow, operator(), school.ref, drafts))
    actor = school.actor("mother", Role.GUARDIAN)
    found = [one.name for one in school.read(views.children, actor, TODAY, "")]
    assert found == ["Alex", "Ева", "Ёла", "Жан", "Ким Ян", "Юн Ян"]


def test_teachers_in_the_lists_of_the_school(school):
    """Three teachers who would be «Иванов И. П.», and one from each end of the alphabet."""
    people = ("Иванов", "Иван", "Петрович"), ("Иванов", "Илья", "Павлович"), ("Ёлкин", "Ян", ""), ("Жуков", "Ян", "")
    refs = add(school, *people, ("Егоров", "Ян", ""))
    course: Any = school.database.read(
        lambda one: one.execute(
            text("SELECT id, uid FROM course WHERE uid = :uid"), {"uid": school.courses["algebra"]}
        ).one()
    )
    terms = [rules.TermChange(course.id, one, None, rules.DatedFrom(YEAR_FROM)) for one in refs]
    school.database.write(lambda uow: teaching.change_teachers(uow, operator(), school.ref, terms))
    deputy, noon = school.actor("deputy", Role.DEPUTY), school.database.clock.now().time()
    kept = [
        line.name
        for line in school.read(control.keeping, deputy, datetime.combine(TODAY, noon, MOSCOW))
        if line.name[0] > "z"
    ]
    assert kept == ["Егоров Я.", "Ёлкин Я.", "Жуков Я.", "Иванов Иван Петрович", "Иванов Илья Павлович"]
    gaps = {line.teacher for line in school.read(control.gaps, deputy, datetime.combine(TODAY, noon, MOSCOW))}
    assert {*kept} <= gaps
    signed = school.database.read(names_of, {one.uid for one in refs[:3]})
    assert sorted(signed.values()) == ["Ёлкин Я.", "Иванов Иван Петрович", "Иванов Илья Павлович"]
    lines = school.read(journal_courses.courses, deputy, TODAY)
    assert {line.subject for line in lines} == {"Algebra", "History"}


def test_guardians_who_have_seen_the_week(school):
    parents = add(school, ("Ким", "Юна", "Ли"), ("Ким", "Юми", "Лан"))
    drafts = [rules.GuardianDraft(one.id, school.people["anna"].id, "mother", YEAR_FROM) for one in parents]
    school.database.write(lambda uow: service.add_guardians(uow, operator(), school.ref, drafts))
    from dataclasses import replace

    mother = school.actor("mother", Role.GUARDIAN)
    for one in parents:
        hat = replace(mother.hat, person_id=one.id, person_uid=one.uid)
        actor = replace(mother, hat=hat)
        school.database.write(lambda uow, a=actor: diary.acknowledge(uow, a, school.people["anna"].uid, MONDAY))
    anna = school.actor("anna", Role.STUDENT)
    summary = school.read(views.week, anna, TODAY, school.people["anna"].uid, MONDAY, TODAY, with_news=False).summary
    assert sorted(line.partition(",")[0] for line in summary.seen or []) == ["Ким Юми Лан", "Ким Юна Ли"]


APART = unicodedata.normalize("NFD", "Алёна Йовович Кёнигсберг")


def test_services_keep_names_in_the_normal_form(school):
    given_name, family_name, patronymic = APART.split()
    assert unicodedata.is_normalized("NFC", APART) is False
    (added,) = add(school, (family_name, given_name, patronymic))
    stored = rows(school.database, f"SELECT family_name, given_name, patronymic FROM person WHERE id = {added.id}")
    assert stored == [("Йовович", "Алёна", "Кёнигсберг")]
    step = school.database.read(ledger.history, f"school:{school.ref.uid}", "person", added.uid)[0]
    said = {"family_name": "Йовович", "given_name": "Алёна", "patronymic": "Кёнигсберг"}
    assert step.after == {"school": school.ref.uid, **said}
    apart = unicodedata.normalize("NFD", "Черчение (ёлка)")
    school.database.write(
        lambda uow: service.add_subjects(uow, operator(), school.ref, [rules.SubjectDraft(apart, "й")])
    )
    assert rows(school.database, "SELECT name FROM subject WHERE name = 'Черчение (ёлка)'")
    school.database.write(lambda uow: service.rename_school(uow, operator(), school.ref, apart))
    assert rows(school.database, "SELECT name FROM school") == [("Черчение (ёлка)",)]


def test_whatever_statement_writes_or_looks_for_a_name(school):
    apart = dict(zip(("given_name", "family_name", "patronymic"), APART.split(), strict=True))
    anna = school.people["anna"].id
    school.database.write(lambda uow: uow.execute(update(_person).where(_person.c.id == anna).values(**apart)))
    found = select(_person.c.given_name).where(_person.c.family_name == apart["family_name"])
    assert school.database.read(lambda one: one.execute(found).scalars().all()) == ["Алёна"]


def test_a_set_in_another_normal_form_changes_nothing(database, copied):
    import_oneroster(database, copied)
    for path in copied.glob("*.csv"):
        path.write_text(unicodedata.normalize("NFD", path.read_text(encoding="utf-8")), encoding="utf-8")
    report = import_oneroster(database, copied)
    assert (report.added, report.changed) == ({}, {})


def test_ids_of_a_set_stay_as_they_are_spelled(database, copied):
    apart = unicodedata.normalize("NFD", "й-1")
    change(copied, "users.csv", "u-1,", f"{apart},")
    for name in ("roles.csv", "enrollments.csv", "demographics.csv"):
        path = copied / name
        path.write_text(path.read_text(encoding="utf-8").replace("u-1,", f"{apart},"), encoding="utf-8")
    import_oneroster(database, copied)
    assert rows(database, "SELECT count(*) FROM imported_id WHERE source_id LIKE '%-1'")[0][0] > 0
    assert {row[0] for row in rows(database, "SELECT source_id FROM imported_id")} >= {apart}
