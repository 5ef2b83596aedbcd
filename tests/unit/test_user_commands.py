"""`ais user …` without a server: what it says, writes and refuses; codes are kept before they hold."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from ais_app import settings as settings_module
from ais_app.access import passwords, queries, service
from ais_app.cli import main
from ais_app.exchange import code_delivery
from ais_app.ledger.verifying import verify_one
from ais_app.rights.rules import Role
from ais_app.server_commands import client, folder_lock, runner
from ais_app.server_commands.folder_lock import FolderLock
from tests.builders import PASSWORD

pytestmark = pytest.mark.usefixtures("accounts_as_recorded")
LINE = re.compile(r"^(\S+)\t([2-9a-z-]{20})\t(.*)$", re.MULTILINE)


class Ais:
    """The command over the database of the small school."""

    def __init__(self, database, folder: Path, monkeypatch) -> None:
        self.database, self.folder = database, folder
        monkeypatch.setenv("AIS_DATA_DIR", str(folder / "var"))
        monkeypatch.setenv("AIS_DATABASE_URL", database.url.render_as_string(hide_password=False))
        monkeypatch.setenv("AIS_CLOCK", "2026-11-23T09:00:00+00:00")
        monkeypatch.setenv("AIS_BASE_URL", "https://journal.example")

    def __call__(self, *arguments: str | Path) -> Result:
        settings_module.settings.cache_clear()
        try:
            return CliRunner().invoke(main, ["user", *map(str, arguments)])
        finally:
            settings_module.settings.cache_clear()

    def done(self, *arguments: str | Path) -> str:
        result = self(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    def refused(self, *arguments: str | Path) -> str:
        result = self(*arguments)
        assert (result.exit_code, "Traceback" in result.output) == (1, False), result.output
        return result.stderr

    def opens(self, login: str, secret: str) -> bool:
        """Whether this is the secret of an account that may sign in."""
        return service.check_secret(self.database.read(queries.credentials, login), secret, cost=4) is not None


@pytest.fixture
def ais(school, tmp_path, monkeypatch) -> Ais:
    return Ais(school.database, tmp_path, monkeypatch)


def test_a_code_takes_the_place_of_the_password_and_can_be_issued_again(ais):
    assert ais.opens("anna", PASSWORD)
    ((login, first, name),) = LINE.findall(ais.done("code", "ANNA"))
    assert (login, name) == ("anna", "Anna Alex")
    assert ais.opens("anna", first)
    assert not ais.opens("anna", PASSWORD)
    ((_login, second, _name),) = LINE.findall(ais.done("code", "anna"))
    assert ais.opens("anna", second)
    assert not ais.opens("anna", first)
    assert list(ais.database.read(lambda one: list(verify_one(one, "installation")))) == []


def test_the_sessions_of_before_end(ais, school):
    wanted = service.SignIn("anna", "10.0.0.1", "t" * 64, personal_device=True)
    school.database.write(lambda uow: service.sign_in(uow, wanted))
    ais.done("code", "anna")
    assert school.database.read(queries.live_session, queries.by_token("t" * 64), school.database.clock.now()) is None


def test_of_a_class_those_get_a_code_who_have_no_password_yet(ais, school):
    assert "Nobody of 7А needs a code." in ais.done("code", "--class", "7а")
    hashed = passwords.hash_code("x")
    unused = "UPDATE account SET password_hash = NULL, code_hash = :code WHERE login IN ('anna', 'mother', 'teacher')"
    school.database.write(lambda uow: uow.execute(text(unused), {"code": hashed}))
    result = ais("code", "--class", " 7 А ")
    assert result.exit_code == 0, result.output
    assert {(login, name) for login, _code, name in LINE.findall(result.stdout)} == {
        ("anna", "Anna Alex"),
        ("mother", "Mother Alex"),
    }
    assert "5 accounts have passwords of their own" not in result.stderr
    assert "have passwords of their own and keep them" in result.stderr
    assert ais.opens("boris", PASSWORD)
    every = LINE.findall(ais.done("code", "--class", "7А", "--everybody"))
    logins = {login for login, _code, _name in every}
    assert logins == {"anna", "boris", "vera", "mother", "stranger", "double"}, (
        "who left and whose right ended get none"
    )
    assert all(ais.opens(login, code) for login, code, _name in every)


def test_blocked_accounts_of_a_class_are_named_and_stay_without(ais):
    ais.done("block", "boris")
    result = ais("code", "--class", "7А", "--everybody")
    assert "Blocked, so without a code: boris" in result.stderr
    assert "boris" not in {login for login, _code, _name in LINE.findall(result.stdout)}


def test_slips_of_a_class_name_it_and_the_children(ais, tmp_path):
    slips = tmp_path / "slips.pdf"
    said = ais.done("code", "--class", "7А", "--everybody", "--slips", slips, "--codes", tmp_path / "codes.tsv")
    assert "6 first passwords" in said
    assert not LINE.findall(said), "what is in a file is not printed"
    printed = subprocess.run(["pdftotext", "-layout", slips, "-"], capture_output=True, text=True, check=True).stdout
    assert "7А · School" in printed
    assert "Guardian of: Anna Alex" in printed
    for login, code, _name in LINE.findall((tmp_path / "codes.tsv").read_text(encoding="utf-8")):
        assert login in printed
        assert code in printed
        assert ais.opens(login, code)


@pytest.mark.parametrize("command", ["create", "code"])
def test_a_login_that_a_slip_cannot_show_is_told_to_the_operator(ais, tmp_path, command):
    login, slips = "გიორგი", ("--slips", tmp_path / "slips.pdf")
    new = ("--role", "teacher", "--name", "Юдин Ян")
    result = ais("create", login, *new, *(slips if command == "create" else ()))
    if command == "code":
        result = ais("code", login, *slips)
    assert result.exit_code == 0, result.output
    assert (
        f"The slip of «{login}» cannot show its login or code, its font lacks U+10D2 GEORGIAN LETTER GAN"
        in result.stderr
    )


def test_codes_that_cannot_be_kept_do_not_hold(ais, tmp_path, monkeypatch):
    def full(*_arguments) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(code_delivery, "pdf_of", full)
    result = ais("code", "anna", "--slips", tmp_path / "slips.pdf", "--codes", tmp_path / "codes.tsv")
    assert result.exit_code == 1
    assert ais.opens("anna", PASSWORD), "the password of before goes on"
    assert not (tmp_path / "slips.pdf").exists()
    assert not (tmp_path / "codes.tsv").exists()


def test_codes_are_written_before_they_hold(ais, tmp_path, monkeypatch):
    seen = []
    issue = service.issue_codes

    def watched(uow, actor, codes) -> None:
        seen.append((tmp_path / "codes.tsv").read_text(encoding="utf-8"))
        issue(uow, actor, codes)

    monkeypatch.setattr(service, "issue_codes", watched)
    ais.done("code", "anna", "--codes", tmp_path / "codes.tsv")
    assert seen[0].startswith("anna\t")


def test_codes_that_were_refused_are_taken_back(ais, tmp_path, monkeypatch):
    def refuse(*_arguments) -> None:
        raise service_errors.NotYours

    from ais_app.rights import errors as service_errors

    monkeypatch.setattr(service, "issue_codes", refuse)
    ais.refused("code", "anna", "--codes", tmp_path / "codes.tsv")
    assert not (tmp_path / "codes.tsv").exists()
    assert "The codes above open nothing." in ais.refused("code", "anna")


def test_an_account_for_somebody_new(ais, school):
    ((login, code, name),) = LINE.findall(
        ais.done("create", "N.Petrova", "--role", "deputy", "--name", "Petrova Nina Olegovna")
    )
    assert (login, name) == ("n.petrova", "Petrova Nina")
    assert ais.opens("n.petrova", code)
    actor = school.database.read(queries.actor_of_login, login, Role.DEPUTY, school.database.clock.now())
    assert actor.hat.school_id == school.ref.id
    assert "Petrova Nina" in ais.done("show", "n.petrova")
    assert "is taken" in ais.refused("create", "N.PETROVA", "--role", "deputy", "--name", "Petrova Nina Olegovna")


def test_an_account_for_a_person_who_is_there(ais, school):
    uid = school.people["boris"].uid
    ((_login, _code, name),) = LINE.findall(ais.done("create", "second", "--role", "student", "--person", uid))
    assert name == "Boris Alex"


def test_a_namesake_is_asked_about(ais, school):
    asked = ("create", "second", "--role", "student", "--name", "Boris Alex Ivanovich")
    said = ais.refused(*asked)
    assert school.people["boris"].uid in said
    assert "2012-11-30" in said
    ais.done(*asked, "--namesake")
    count = text("SELECT count(*) FROM person WHERE family_name = 'Boris'")
    assert school.database.read(lambda one: one.execute(count).scalar_one()) == 2


def test_an_administrator_of_the_installation_belongs_to_no_school(ais):
    assert "belongs to no school" in ais.refused("create", "root", "--role", "system_admin", "--name", "Petrova Nina")
    ((_login, code, _name),) = LINE.findall(ais.done("create", "root", "--role", "system_admin"))
    assert ais.opens("root", code)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("create", "petrоv", "--role", "deputy", "--name", "Petrova Nina"), "the letter «о» is Cyrillic"),
        (("create", "new", "--role", "deputy"), "Say whose account this is"),
        (("create", "new", "--role", "deputy", "--person", "nobody"), "There is no person nobody"),
        (("create", "new", "--role", "deputy", "--name", "Petrova Nina", "--school", "x"), "There is no school x"),
        (("code", "nobody-at-all"), "There is no account with the login «nobody-at-all»."),
        (("code", "--class", "11Я"), "There is no class «11Я» here. There are: 7А"),
        (("code", "--class", "7A"), "There are: 7А"),
        (("block", "nobody-at-all"), "There is no account"),
        (("role", "anna", "--end", "deputy"), "does not have this role"),
        (("role", "anna", "--give", "student"), "has this role already"),
        (("role", "newcomer", "--give", "teacher", "--person", "x"), "There is no person x"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(ais, arguments, said):
    count = text("SELECT count(*) FROM operation")
    before = ais.database.read(lambda one: one.execute(count).scalar_one())
    assert said in ais.refused(*arguments)
    assert ais.database.read(lambda one: one.execute(count).scalar_one()) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("code",),
        ("code", "anna", "--class", "7А"),
        ("role", "anna"),
        ("role", "anna", "--give", "king"),
        ("role", "anna", "--give", "deputy", "--on", "1 September"),
        ("create", "new", "--role", "deputy", "--name", "Petrova"),
        ("create", "new", "--role", "deputy", "--name", "Petrova Nina", "--person", "x"),
    ],
)
def test_wrong_use_ends_with_2(ais, arguments):
    assert ais(*arguments).exit_code == 2


def test_blocking_and_letting_in_again(ais):
    assert ais.done("block", "anna") == "anna is blocked.\n"
    assert ais.done("block", "anna") == "anna was blocked already.\n"
    assert ais.done("show", "anna").splitlines()[0] == "anna: blocked, has a password of its own"
    assert "the code holds once" in ais("code", "anna").stderr
    assert ais.done("unblock", "anna") == "anna may sign in again.\n"
    assert ais.done("unblock", "anna") == "anna was not blocked.\n"


def test_roles_are_given_from_a_day_and_end_on_one(ais, school):
    today, now = date(2026, 11, 23), school.database.clock.now()
    assert ais.done("role", "teacher", "--give", "deputy") == f"teacher has the role «Deputy director» from {today}.\n"
    roles = lambda: {role for hat in school.database.read(queries.hats, account, now) for role in hat.roles}  # noqa: E731
    account = school.database.read(queries.credentials, "teacher").account_id
    assert roles() == {Role.TEACHER, Role.DEPUTY}
    ais.done("role", "teacher", "--end", "deputy")
    assert roles() == {Role.TEACHER}
    ais.done("role", "teacher", "--give", "director", "--on", "2027-01-11")
    assert roles() == {Role.TEACHER}
    assert "Director, Teacher Alex, School, from 2027-01-11" in ais.done("show", "teacher")


def is_open(school, token: str) -> bool:
    """Whether a session is neither ended nor without a hat."""
    ended = text("SELECT ended_at FROM login_session WHERE token_hash = :token")
    at = school.database.read(lambda one: one.execute(ended, {"token": token}).scalar_one())
    live = school.database.read(queries.live_session, queries.by_token(token), school.database.clock.now())
    assert (at is None) is (live is not None)
    return at is None


def test_a_session_that_wears_an_ended_role_is_over_from_its_day_on(ais, school):
    wanted = service.SignIn("deputy", "10.0.0.1", "d" * 64, personal_device=True)
    school.database.write(lambda uow: service.sign_in(uow, wanted))
    ais.done("role", "deputy", "--end", "deputy", "--on", "2026-11-24")
    assert is_open(school, "d" * 64), "it holds until then"
    ais.done("role", "deputy", "--give", "deputy", "--on", "2026-11-24")
    ais.done("role", "deputy", "--end", "deputy")
    assert not is_open(school, "d" * 64)


def test_a_session_with_a_role_less_goes_on(ais, school):
    wanted = service.SignIn("historian", "10.0.0.1", "h" * 64, personal_device=True)
    school.database.write(lambda uow: service.sign_in(uow, wanted))
    ais.done("role", "historian", "--end", "class_teacher")
    assert is_open(school, "h" * 64)


def test_commands_at_once_write_one_after_the_other(ais, tmp_path):
    """Somebody else's command holds the folder: this one says so and waits."""
    if not ais.database.is_sqlite:  # there the database keeps them apart
        ais.done("block", "anna")
        return
    (tmp_path / "var").mkdir(exist_ok=True)
    other = FolderLock(tmp_path / "var")
    assert other.try_alone()
    threading.Timer(1.0, other.release).start()
    begun = time.monotonic()
    result = ais("block", "anna")
    assert result.exit_code == 0
    assert time.monotonic() - begun > 0.9
    assert "waiting for it" in result.stderr


def test_a_folder_that_is_never_let_go_is_said(ais, tmp_path, monkeypatch):
    monkeypatch.setattr(folder_lock, "PATIENCE", 0.3)
    (tmp_path / "var").mkdir(exist_ok=True)
    other = FolderLock(tmp_path / "var")
    assert other.try_alone()
    result = ais("block", "anna")
    other.release()
    assert (result.exit_code, "does not let go" in result.stderr) == (
        (1, True) if ais.database.is_sqlite else (0, False)
    )


def test_a_folder_of_any_depth_has_its_socket(tmp_path):
    """An address of a socket holds about a hundred bytes; a folder may have more."""
    import asyncio

    from ais_app.server_commands.listener import listening

    deep = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 8)

    async def echo(request):
        return {"result": {"said": request["command"]}}

    async def work():
        async with listening(deep, echo):
            assert client.is_listening(deep)
            return await asyncio.to_thread(client.ask, deep, "hello", {})

    assert asyncio.run(work()) == {"result": {"said": "hello"}}
    assert not client.is_listening(deep)
    assert [one.name for one in deep.iterdir()] == []


def test_what_a_server_needs_of_the_commands_loads_nothing_that_draws(tmp_path):
    """fpdf2 and its fonts cost tens of megabytes: a server that hears commands never loads them."""
    import sys

    program = "import sys, ais_app.accounts.requests, ais_app.server_commands.listener; print('fpdf' in sys.modules, 'segno' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout == "False False\n"


def test_everything_of_a_data_folder_that_is_the_programs_own_is_closed():
    assert {"ais.lock", "command.sock"} <= set(runner.OWN_NAMES)
