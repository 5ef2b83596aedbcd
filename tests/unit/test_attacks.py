"""Attacks whose place is below the wire: sessions, secrets, settings, what the code is made of. Each by its id."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import ValidationError
from sqlalchemy import text

from ais_app.access import queries, service
from ais_app.access.errors import SignInRefused
from ais_app.access.sessions import token_in
from ais_app.access.sign_in.forms import field
from ais_app.db import Database
from ais_app.db.columns import new_uid
from ais_app.journal.errors import AlreadyClosed
from ais_app.journal.windows.service.periods import close_period
from ais_app.live.bus import MemoryBus
from ais_app.live.hub import CLOSED_TERM, TABS_OF_A_SESSION, Hub, Watcher
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Actor, Role
from ais_app.settings import Settings
from tests.hostile import handlers

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)


def signed_in(school, login: str, token: str = "") -> Actor:
    """The actor of a new session."""
    token_hash = (token or new_uid()) * 4
    request = service.SignIn(login, "127.0.0.1", token_hash[:64], personal_device=False)
    school.database.write(lambda uow: service.sign_in(uow, request))
    found = school.database.read(queries.live_session, queries.by_token(token_hash[:64]), school.database.clock.now())
    return found.actor


def changing(school, actor: Actor) -> service.PasswordChange:
    """A new password of the actor, checked against what is stored now."""
    attempt = service.attempt_while_signed_in(service.Purpose.PRESENT_PASSWORD, actor.account_uid, "127.0.0.1")
    return service.PasswordChange(
        "$2b$04$x", service.Checked(school.read(queries.credentials_of, actor, school.database.clock.now())), attempt
    )


def open_sessions(school, actor: Actor) -> int:
    return len(school.read(queries.open_sessions, actor, school.database.clock.now()))


def test_s14_uids_are_eighty_random_bits():
    found = {new_uid() for _number in range(2000)}
    assert len(found) == 2000
    assert all(re.fullmatch("[a-z2-7]{16}", uid) for uid in found)
    for place in range(16):
        assert len({uid[place] for uid in found}) == 32


def test_s20_who_is_blocked_or_has_no_role_any_more_signs_in_no_more(school):
    of_login = "(SELECT id FROM account WHERE login = :login)"
    for login, change in (
        ("deputy", f"UPDATE account SET blocked_at = '2026-11-23 08:00:00' WHERE id = {of_login}"),
        ("director", f"UPDATE role_assignment SET valid_to = '2026-11-23' WHERE account_id = {of_login}"),
    ):
        where = queries.by_uid(signed_in(school, login).session_uid)
        school.database.write(lambda uow, change=change, login=login: uow.execute(text(change), {"login": login}))
        assert school.database.read(queries.live_session, where, school.database.clock.now()) is None
        with pytest.raises(SignInRefused):
            signed_in(school, login)


@pytest.mark.parametrize("end", ["sign_out", "sign_out_elsewhere", "change_password"])
def test_s25_a_session_that_ended_makes_no_new_one(school, end):
    """Another process may still know it for three seconds: the transaction asks again."""
    mine, stolen = signed_in(school, "double"), signed_in(school, "double")
    school.database.write(
        {
            "sign_out": lambda uow: service.sign_out(uow, stolen),
            "sign_out_elsewhere": lambda uow: service.sign_out_elsewhere(uow, mine),
            "change_password": lambda uow: service.change_password(uow, mine, changing(school, mine), "a" * 64),
        }[end]
    )
    before = open_sessions(school, mine)
    for attempt in (
        lambda uow: service.change_hat(uow, stolen, stolen.hat.key, "b" * 64),
        lambda uow: service.change_password(uow, stolen, changing(school, stolen), "c" * 64),
        lambda uow: service.sign_out_elsewhere(uow, stolen),
    ):
        with pytest.raises(NotYours):
            school.database.write(attempt)
    assert open_sessions(school, mine) == before


def test_s50_an_account_has_a_bounded_number_of_sessions(school):
    """Each session has its own share of events: the oldest end when there are too many."""
    first = signed_in(school, "gleb")
    for _number in range(service.SESSIONS_OF_AN_ACCOUNT + 5):
        last = signed_in(school, "gleb")
    assert open_sessions(school, last) == service.SESSIONS_OF_AN_ACCOUNT
    where = queries.by_uid(first.session_uid)
    assert school.database.read(queries.live_session, where, school.database.clock.now()) is None


def test_s50_refused_attempts_are_counted_without_a_flood_of_rows(school):
    def attempt(subject: str) -> bool:
        return school.database.write(
            lambda uow: service.record_refusal(uow, "event", account="a", network="n", subject=subject)
        )

    assert attempt("one")
    assert not attempt("one")
    for number in range(service.MOST_SUBJECTS * 2):
        attempt(str(number))
    rows = text("SELECT count(*), sum(count) FROM security_event")
    assert school.database.read(lambda one: tuple(one.execute(rows).one())) == (
        service.MOST_SUBJECTS + 1,
        service.MOST_SUBJECTS * 2 + 2,
    )


class _Tabs:
    """Stands in for sockets: the tabs in `here` are connected."""

    def __init__(self) -> None:
        self.here: set[str] = set()
        self.forgotten: list[str] = []

    def is_connected(self, token: str) -> bool:
        return token in self.here

    def kept_states(self) -> list[str]:
        return []

    def forget(self, token: str) -> None:
        self.forgotten.append(token)


def test_s50_the_states_of_closed_tabs_are_kept_for_the_last_ones_only():
    tabs = _Tabs()
    hub = Hub(MemoryBus(), tabs, lambda _sessions: None)  # pyright: ignore[reportArgumentType]
    tabs.here = {"tab-0"}
    for number in range(TABS_OF_A_SESSION * 3):
        hub.bind(f"tab-{number}", "session")
        hub.watch([Watcher(f"tab-{number}", "session", "journal", "course:x")], f"tab-{number}")
    hub.bind("of another", "session-2")
    assert len(tabs.forgotten) == TABS_OF_A_SESSION * 2
    assert "tab-0" not in tabs.forgotten, "an open tab is never forgotten"
    assert tabs.forgotten[0] == "tab-1"
    assert hub.watched <= 2


def test_s50_the_state_of_a_closed_tab_is_freed_after_its_term_and_of_no_other():
    tabs = _Tabs()
    hub = Hub(MemoryBus(), tabs, lambda _sessions: None)  # pyright: ignore[reportArgumentType]
    tabs.here = {"open", "shut", "comes back"}
    for token in ("open", "shut", "comes back", "gone before"):
        hub.bind(token, f"session of {token}")
        hub.watch([Watcher(token, f"session of {token}", "journal", "course:x")], token)
    hub.forget_closed(0)
    tabs.here -= {"shut", "comes back"}
    hub.forget_closed(60)
    tabs.here |= {"comes back"}
    hub.forget_closed(120)
    tabs.here -= {"comes back"}
    hub.forget_closed(CLOSED_TERM)
    assert tabs.forgotten == ["gone before"]
    hub.forget_closed(CLOSED_TERM + 60)
    assert tabs.forgotten == ["gone before", "shut"]
    hub.forget_closed(2 * CLOSED_TERM)
    assert tabs.forgotten == ["gone before", "shut", "comes back"], "from when it was gone again"
    assert (hub.watched, hub.bound) == (1, 1), "nothing of them is left"


def test_s27_a_new_installation_has_no_account_at_all(database):
    assert database.read(lambda one: one.execute(text("SELECT count(*) FROM account")).scalar_one()) == 0


def test_s27_the_demonstration_school_is_not_served_to_the_world(school, monkeypatch):
    from ais_app import cli, serve
    from ais_app.web import bundle

    school.database.write(lambda uow: uow.execute(text("UPDATE school SET demonstration = true")))
    served: list[str] = []
    monkeypatch.setattr(serve, "serve", lambda chosen: served.append(chosen.host))
    monkeypatch.setattr(bundle, "is_built", lambda: True)
    url = school.database.url.render_as_string(hide_password=False)
    everywhere = "::"
    for host, public, expected in (
        (everywhere, False, 2),
        ("203.0.113.5", False, 2),
        ("127.0.0.1", False, 0),
        (everywhere, True, 0),
    ):
        chosen = Settings(database_url=url, host=host, demo_public=public)
        monkeypatch.setattr(cli, "chosen_settings", lambda chosen=chosen: chosen)
        assert CliRunner().invoke(cli.main, ["run"]).exit_code == expected, host
    assert served == ["127.0.0.1", everywhere]


def test_s27_settings_for_tests_are_refused_in_production():
    for wrong in ({"password_cost": 4}, {"clock": "2026-11-23T09:00:00+00:00", "password_cost": 12}):
        with pytest.raises(ValidationError):
            Settings(env="production", **wrong)  # pyright: ignore[reportArgumentType]


def test_s31_a_period_is_closed_once_by_name_and_never_opened_again(school):
    """There is no opening yet: who closed stands in the ledger, and nothing takes it back."""
    deputy = school.actor("deputy", Role.DEPUTY)
    school.database.write(lambda uow: close_period(uow, deputy, school.periods[0]))
    with pytest.raises(AlreadyClosed):
        school.database.write(lambda uow: close_period(uow, deputy, school.periods[0]))
    closed = text("SELECT account, hat FROM operation WHERE kind = 'period_closed'")
    assert school.database.read(lambda one: one.execute(closed).all()) == [(deputy.account_uid, deputy.hat.key)]
    for login, role in (("teacher", Role.TEACHER), ("director", Role.DIRECTOR), ("inspector", Role.INSPECTOR)):
        actor = school.actor(login, role)
        with pytest.raises(NotYours):
            school.database.write(lambda uow, actor=actor: close_period(uow, actor, school.periods[1]))


def test_s34_nothing_of_the_journal_is_ever_deleted_but_the_rows_of_a_cell_s_present_value():
    """The statements of the package: marks and attendance are rewritten under a version, everything else only added to.

    `rows.py` is the ledger's own: it deletes a row that an undone operation had inserted, with an item that holds it;
    `restored_cells.py` takes cells back that an import had written.
    """
    found: set[tuple[str, str]] = set()
    for room in ("journal", "diary", "school", "ledger"):
        for path in (ROOT / "ais_app" / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "delete":
                    found.add((path.name, ast.unparse(node.args[0])))
    assert found == {("cells.py", "_mark"), ("cells.py", "_attendance"), ("rows.py", "record.table")} | {
        ("restored_cells.py", "rows"),
        ("restored_cells.py", "_attendance"),
    }
    assert [name for name in handlers() if re.search("delete|remove_(?!mark|all)|erase|drop", name)] == []


def test_s43_no_document_is_made_from_a_page():
    """No renderer of HTML to paper among the dependencies: nothing that would fetch what a comment names."""
    locked = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    renderers = ("weasyprint", "pdfkit", "xhtml2pdf", "wkhtmltopdf", "pyppeteer", "playwright", "chromium", "selenium")
    assert [name for name in renderers if re.search(rf"^{name}", locked, re.MULTILINE | re.IGNORECASE)] == []


def test_s61_the_framework_s_uploads_are_not_used():
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "ais_app").rglob("*.py"))
    assert [word for word in ("rx.upload", "UploadFile", "get_upload_dir", "get_upload_url") if word in sources] == []


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("redis://127.0.0.1:6379/0", True),
        ("redis://localhost/0", True),
        ("redis://[::1]:6379/0", True),
        ("unix:///run/redis.sock", True),
        ("redis://:secret@redis:6379/0", True),
        ("rediss://user:secret@cache.example/0", True),
        ("redis://redis:6379/0", False),
        ("redis://10.0.0.5:6379/0", False),
        ("rediss://cache.example/0", False),
    ],
)
def test_s62_redis_holds_pickles_so_it_is_near_or_has_a_password(url, allowed):
    """Who writes there runs code here."""
    if allowed:
        assert Settings(redis_url=url).redis_url == url
    else:
        with pytest.raises(ValidationError, match="password"):
            Settings(redis_url=url)


def test_s62_states_are_never_written_to_disk(monkeypatch):
    from reflex.constants import StateManagerMode

    import rxconfig

    assert rxconfig.config.state_manager_mode in (StateManagerMode.MEMORY, StateManagerMode.REDIS)
    assert "StateManagerMode.DISK" not in (ROOT / "rxconfig.py").read_text(encoding="utf-8")


def test_s63_telemetry_badge_and_foreign_headers_are_off():
    import rxconfig

    config = rxconfig.config
    assert (config.telemetry_enabled, config.show_built_with_reflex, config.trusted_proxy_hops) == (False, False, 0)
    assert list(config.cors_allowed_origins) == []
    assert config.state_auto_setters in (None, False)


def test_s56_no_handler_is_called_like_a_setter():
    """`setvar` of the framework calls any method named `set_…`: ours have none, and `setvar` itself is refused."""
    ours = [name for name in handlers() if "ais_app___" in name]
    assert [name for name in ours if name.rpartition(".")[2].startswith("set_")] == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_s50_two_processes_count_one_refused_attempt_together(school):
    """Both see it for the first time: neither fails, nothing is lost."""
    other = Database(school.database.url.render_as_string(hide_password=False), school.database.clock)
    pending = [
        process._submit(
            lambda uow, subject=subject: service.record_refusal(
                uow, "event", account="a", network="n", subject=subject
            ),
            "shard",
            None,
            None,
        )
        for subject in map(str, range(30))
        for process in (school.database, other)
    ]
    outcomes = [future.exception(30) for future in pending]
    other.close()
    assert outcomes == [None] * 60
    counts = text("SELECT count FROM security_event")
    assert school.database.read(lambda one: one.execute(counts).scalars().all()) == [2] * 30


@pytest.mark.parametrize(
    ("header", "plain", "secure"),
    [
        ("ais_session=a", "a", None),
        ("__Host-ais_session=b; ais_session=a", "b", "b"),
        ("ais_session=a; __Host-ais_session=b", "b", "b"),
        ("__Host-ais_session=", None, None),
        ("x=1; ais_session=a; ais_session=c", "c", None),
        ('ais_session="', None, None),
        ("", None, None),
    ],
)
def test_s25_behind_https_only_the_cookie_that_no_other_site_can_set_counts(header, plain, secure):
    """A sister site under the same domain can plant `ais_session`, but no cookie whose name begins with `__Host-`."""
    assert token_in(header) == plain
    assert token_in(header, secure_only=True) == secure


def test_s37_a_nul_in_a_form_reaches_no_database():
    assert field({"login": "a\0b"}, "login", 64) == "a\ufffdb"
    assert len(field({"login": "x" * 9000}, "login", 64)) == 65
