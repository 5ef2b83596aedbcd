"""Logins: one spelling for every way of typing, one alphabet in a word, and nobody who is here is shut out (D-54)."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ais_app.access import passwords, queries, service
from ais_app.access.errors import LoginRefused, LoginTaken
from ais_app.access.logins import LONGEST, check_login, normalised_login
from ais_app.access.models import Account
from ais_app.db.columns import new_uid, table
from ais_app.exchange.engine import ImportRefused
from ais_app.exchange.oneroster import import_oneroster
from ais_app.rights.rules import Role, operator
from tests.builders import CODE, YEAR_FROM
from tests.unit.sets import change

PACKAGE = Path(__file__).parents[2] / "ais_app"
YOZH = "Ёжиков-Йогурт"  # letters that have two spellings in Unicode
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)


@given(WORDS)
def test_a_login_has_one_spelling_however_it_is_typed(text):
    spelled = normalised_login(text)
    for form in ("NFC", "NFD"):
        typed = unicodedata.normalize(form, text)
        assert normalised_login(typed) == spelled
    assert normalised_login(spelled) == spelled
    assert unicodedata.is_normalized("NFC", spelled)
    assert normalised_login(f"  {text}\t") == spelled


@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_upper_and_lower_case_are_one(case):
    assert normalised_login(case(YOZH)) == normalised_login(YOZH)


@pytest.mark.parametrize(
    "login",
    [
        "anna",
        "Анна",
        "n.zimina",
        "иванов-2b",
        "7а.петров",
        "j_smith",
        "O'Brien",
        "анна.maria",
        YOZH,
        "ivanov@school.ru",
        "日本",
    ],
)
def test_words_of_one_alphabet_each_are_given(login):
    check_login(login)
    check_login(unicodedata.normalize("NFD", login))


@pytest.mark.parametrize(
    ("login", "letter", "one", "rest"),
    [
        ("ivаnov", "а", "Cyrillic", "Latin"),
        ("Петpов", "p", "Latin", "Cyrillic"),
        ("ivanov7а", "а", "Cyrillic", "Latin"),
        ("x.петрoв", "o", "Latin", "Cyrillic"),
        ("аb", "b", "Latin", "Cyrillic"),
        ("pαul", "α", "Greek", "Latin"),
        ("и\u0301vanov", "и", "Cyrillic", "Latin"),
        ("ivan\u04cf", "\u04cf", "Cyrillic", "Latin"),
    ],
)
def test_a_letter_of_another_alphabet_is_named(login, letter, one, rest):
    with pytest.raises(LoginRefused) as refusal:
        check_login(login)
    assert f"the letter «{letter}» is {one}" in str(refusal.value)
    assert f"are {rest}:" in str(refusal.value)


@pytest.mark.parametrize(
    "login",
    ["", "  ", "a" * (LONGEST + 1), "an\u200bna", "an\u00adna", "\u202eanna", "ａnna", "ａｎｎａ", "oﬃce", "a\x07"],
)
def test_what_nobody_can_type_from_a_slip_is_refused(login):
    with pytest.raises(LoginRefused):
        check_login(login)


def opened(school, login: str) -> str:
    role = service.NewRole(Role.SECRETARY, school.ref.id, school.people["secretary"].id, YEAR_FROM)
    new = service.NewAccount(login, code_hash=passwords.hash_code(CODE))
    return school.database.write(lambda uow: service.open_account(uow, operator(), new, [role]))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_login_of_either_form_is_found_by_both(school, form):
    uid = opened(school, unicodedata.normalize(form, YOZH))
    for typed in ("NFC", "NFD"):
        found = school.database.read(queries.credentials, unicodedata.normalize(typed, YOZH.upper()))
        assert found is not None
        assert found.account_uid == uid
    one, other = (service.attempt_to_sign_in(unicodedata.normalize(typed, YOZH), "") for typed in ("NFC", "NFD"))
    assert one.counter == other.counter, "and both are counted together"


def test_a_login_that_is_taken_in_the_other_form_is_said(school):
    opened(school, YOZH)
    with pytest.raises(LoginTaken):
        opened(school, unicodedata.normalize("NFD", YOZH))
    with pytest.raises(LoginTaken):
        school.database.write(
            lambda uow: service.open_accounts(
                uow, operator(), [(service.NewAccount(one, code_hash="0" * 64), []) for one in ("новый", "НОВЫЙ")]
            )
        )
    assert school.database.read(queries.credentials, "новый") is None, "nothing of it is there"


def test_no_service_gives_a_login_of_two_alphabets(school):
    with pytest.raises(LoginRefused):
        opened(school, "petrоv")
    uid = opened(school, "petrov")
    known = school.database.read(queries.credentials, "petrov")
    ref = service.AccountRef(known.account_id, uid)
    with pytest.raises(LoginRefused):
        school.database.write(lambda uow: service.change_logins(uow, operator(), [(ref, "petrov", "petrоv")]))
    assert school.database.read(queries.credentials, "petrov") is not None


def test_a_login_of_two_alphabets_that_is_here_goes_on_working(school):
    account = table(Account)
    row = {
        "uid": new_uid(),
        "login": "petrоv",
        "code_hash": passwords.hash_code(CODE),
        "created_at": school.database.clock.now(),
    }
    school.database.write(lambda uow: uow.execute(account.insert(), row))
    found = school.database.read(queries.credentials, "PETRОV")
    assert service.check_secret(found, CODE, cost=4) is not None


def test_only_the_services_that_check_logins_write_them():
    writes = re.compile(
        r"insert\((_account|table\(Account\))\)|values\([^)]*\blogin=|"
        r"\.(insert|insert_all|update|update_all|overwrite)\(\s*ACCOUNT\b"
    )
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if writes.search(path.read_text(encoding="utf-8"))
    }
    # The last writes what these services have made and checked in a copy, while no such login came meanwhile (0027).
    assert found == {"access/service/accounts.py", "access/service/closing.py", "exchange/writing/applying.py"}


def test_an_import_names_the_letter_of_another_alphabet(database, copied):
    change(copied, "users.csv", "n.zimina", "n.ziмina")
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(database, copied)
    (problem,) = refusal.value.problems
    assert "users.csv" in str(problem)
    assert "username" in str(problem)
    assert "«м»" in str(problem)


def test_two_spellings_of_one_login_in_a_set_are_one(database, copied):
    path = copied / "users.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    first, second = (row["username"] for row in rows[:2])
    change(copied, "users.csv", first, "ёж")
    change(copied, "users.csv", second, unicodedata.normalize("NFD", "Ёж"))
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(database, copied)
    assert [str(one) for one in refusal.value.problems if "username" in str(one)]
