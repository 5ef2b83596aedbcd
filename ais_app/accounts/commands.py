"""`ais user …`: accounts from the command line, beside a running server or without one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ais_app import commands
from ais_app.access import passwords
from ais_app.accounts import requests
from ais_app.i18n import _, ngettext
from ais_app.ledger.operation import LONGEST_REASON
from ais_app.rights.errors import Refused
from ais_app.rights.rules import Role
from ais_app.server_commands.runner import NotKnown, Runner
from ais_app.settings import Settings

if TYPE_CHECKING:  # what draws slips is loaded by the commands that need it, never by a server
    from ais_app.exchange.slips import Slip

SCHOOL = click.option("--school", default="", metavar="UID", help="Which school; needed when there are several.")
PERSON = click.option("--person", default="", metavar="UID", help="Which person of the school the account is for.")
SLIPS = click.option(
    "--slips", type=commands.NEW_FILE, metavar="FILE.pdf", help="New PDF with the slips, written before a code holds."
)
CODES = click.option(
    "--codes", type=commands.NEW_FILE, metavar="FILE.tsv", help="New file with login, code and name, one a line."
)
DAY = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The first day of the change, such as 2026-09-01."
)
ROLE = click.Choice([role.value for role in Role])


@click.group(cls=commands.Group)
def user() -> None:
    """Open accounts, issue one-time codes, block, and give roles.

    Beside a running server it carries the command out, and open pages follow at once; without one the command writes
    itself.
    """


@contextmanager
def _runner() -> Iterator[Runner]:
    """A runner of commands; a refusal in the block ends the command with its sentence and exit code 1."""
    try:
        yield Runner(commands.chosen_settings())
    except Refused as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)


@dataclass
class _Report:
    codes: list[Slip] = field(default_factory=list)


def _deliver_codes(
    chosen: Settings, slips: Path | None, codes: Path | None, found: Sequence[Slip], commit: Callable[[], Any]
) -> None:
    """Write or print the codes, and only then make them valid by `commit`.

    When that fails the files are removed, and what it raises goes on; after NotKnown they stay: their codes may hold.
    """
    from ais_app.exchange.code_delivery import CodeDelivery

    if slips is not None and not chosen.base_url:
        click.echo(_("AIS_BASE_URL is not set: the slips will not say where to sign in."), err=True)
    delivery = CodeDelivery(slips, codes, chosen.base_url)
    try:
        delivery.write(_Report(list(found)))
        if slips is None and codes is None:
            click.echo(delivery.table(found), nl=False)
            sys.stdout.flush()
        commit()
    except NotKnown:
        for path in delivery.written:
            click.echo(_("Kept, because its codes may hold: {path}").format(path=path), err=True)
        raise
    except BaseException:
        delivery.take_back()
        if slips is None and codes is None:
            click.echo(_("The codes above open nothing."), err=True)
        raise
    for sentence in delivery.lacking:
        click.echo(sentence, err=True)
    for path in delivery.written:
        written = ngettext("{count} first password", "{count} first passwords", len(found))
        click.echo(f"{written}: {path}")


def _slip(account: Mapping[str, Any], code: str) -> Slip:
    from ais_app.exchange.slips import Slip

    name = account["name"] or account["login"]
    return Slip(account["login"], code, name, account["school"], account["group"], account["about"])


@user.command("code")
@click.argument("login", required=False)
@click.option("--class", "class_name", metavar="7А", help="All students of this class and their guardians.")
@click.option("--everybody", is_flag=True, help="With --class: also those who have chosen a password already.")
@SCHOOL
@SLIPS
@CODES
def code(
    *, login: str | None, class_name: str | None, everybody: bool, school: str, slips: Path | None, codes: Path | None
) -> None:
    """Issue a new one-time code for LOGIN, or for the accounts of a class.

    The password or code of before opens nothing any more, and the account is signed out everywhere. Of a class only
    those get one who have not chosen a password yet, unless --everybody is given. The codes are printed, or written to
    --slips or --codes, before they hold: whoever loses a slip gets another one.
    """
    if (login is None) is (class_name is None):
        raise click.UsageError("Give either LOGIN or --class.")
    chosen = commands.chosen_settings()
    with _runner() as carry_out:
        if login is not None:
            found = [carry_out(requests.SHOW, login=login)["account"]]
        else:
            found = _wanted(carry_out(requests.OF_CLASS, name=class_name, school=school), everybody=everybody)
        issued = {one["uid"]: passwords.new_code() for one in found}
        hashes = [[uid, passwords.hash_code(given)] for uid, given in issued.items()]
        if not hashes:
            return
        ready = [_slip(one, issued[one["uid"]]) for one in found]
        _deliver_codes(chosen, slips, codes, ready, lambda: carry_out(requests.ISSUE, codes=hashes))
        for one in found:
            if one["blocked"]:
                click.echo(
                    _("{login} is blocked: the code holds once `ais user unblock` was given.").format(**one), err=True
                )


def _wanted(answer: Mapping[str, Any], *, everybody: bool) -> list[dict[str, Any]]:
    """The accounts of a class that get a code; the others are counted or named on standard error."""
    found = answer["accounts"]
    blocked = [one["login"] for one in found if one["blocked"]]
    chosen = [one["login"] for one in found if one["chosen"] and not one["blocked"] and not everybody]
    if blocked:
        click.echo(_("Blocked, so without a code: {logins}").format(logins=", ".join(blocked)), err=True)
    if chosen:
        text = ngettext(
            "{count} account has a password of its own and keeps it (--everybody issues a code for it too).",
            "{count} accounts have passwords of their own and keep them (--everybody issues codes for them too).",
            len(chosen),
        )
        click.echo(text, err=True)
    left = [one for one in found if one["login"] not in {*blocked, *chosen}]
    if not left:
        click.echo(_("Nobody of {name} needs a code.").format(name=answer["class"]))
    return left


@user.command("create")
@click.argument("login")
@click.option("--role", type=ROLE, required=True, help="The first role of the account.")
@click.option("--name", default="", metavar='"FAMILY GIVEN [PATRONYMIC]"', help="A new person of the school.")
@click.option("--namesake", is_flag=True, help="With --name: another person than the one of this name.")
@PERSON
@SCHOOL
@SLIPS
@CODES
def create(
    *,
    login: str,
    role: str,
    name: str,
    namesake: bool,
    person: str,
    school: str,
    slips: Path | None,
    codes: Path | None,
) -> None:
    """Open an account with a one-time code, for a new person of a school or one that is there.

    The login is kept in lower case; a word of it has letters of one alphabet only. An administrator of the installation
    (system_admin) belongs to no school. Further roles are given by `ais user role`.
    """
    asked = {"login": login, "role": role, "namesake": namesake, **_whose(name, person, school)}
    chosen = commands.chosen_settings()
    with _runner() as carry_out:
        told, issued = carry_out(requests.PLAN, **asked)["account"], passwords.new_code()
        hashed = passwords.hash_code(issued)
        _deliver_codes(
            chosen, slips, codes, [_slip(told, issued)], lambda: carry_out(requests.CREATE, **asked, code_hash=hashed)
        )


def _whose(name: str, person: str, school: str) -> dict[str, str]:
    """The fields of a request that say who a person is. Ends the command where both ways are taken, or half a name."""
    if name and person:
        raise click.UsageError("Give either --name or --person.")
    parts = name.split(maxsplit=2)
    if name and len(parts) < 2:
        raise click.BadParameter("needs at least a family name and a given name", param_hint="--name")
    family, given, patronymic = [*parts, "", "", ""][:3]
    names = {"family_name": family, "given_name": given, "patronymic": patronymic}
    return {"school": school, "person": person, **names}


@user.command("show")
@click.argument("login")
def show(*, login: str) -> None:
    """Show whose an account is, whether it is blocked, and its roles of all times."""
    with _runner() as carry_out:
        answer = carry_out(requests.SHOW, login=login)
    told = answer["account"]
    states = [
        _("blocked") if told["blocked"] else "",
        _("has a password of its own") if told["chosen"] else _("has not chosen a password yet"),
    ]
    click.echo(f"{told['login']}: {', '.join(filter(None, states))}")
    for one in answer["roles"]:
        days = f"{one['from']} – {one['to']}" if one["to"] else _("from {day}").format(day=one["from"])
        click.echo("  " + ", ".join(filter(None, (one["role"], one["person"], one["school"], days))))


@user.command("block")
@click.argument("login")
def block(*, login: str) -> None:
    """Block an account: nobody signs in with it, and its sessions are over now."""
    with _runner() as carry_out:
        changed = carry_out(requests.BLOCK, login=login)["changed"]
    text = _("{login} is blocked.") if changed else _("{login} was blocked already.")
    click.echo(text.format(login=login))


@user.command("unblock")
@click.argument("login")
def unblock(*, login: str) -> None:
    """Let an account sign in again, with the password or code that it had."""
    with _runner() as carry_out:
        changed = carry_out(requests.UNBLOCK, login=login)["changed"]
    text = _("{login} may sign in again.") if changed else _("{login} was not blocked.")
    click.echo(text.format(login=login))


@user.command("role")
@click.argument("login")
@click.option("--give", type=ROLE, help="Give this role to the account.")
@click.option("--end", type=ROLE, help="End this role of the account.")
@PERSON
@SCHOOL
@DAY
def role(*, login: str, give: str | None, end: str | None, person: str, school: str, on: datetime | None) -> None:
    """Give an account a role, or end one; today unless --on says another day.

    A role of a school is a person's: the account's own person there, or the one that --person names.
    """
    if (give is None) is (end is None):
        raise click.UsageError("Give either --give or --end.")
    day = {"on": on.date().isoformat()} if on else {}
    with _runner() as carry_out:
        command = requests.GIVE_ROLE if give else requests.END_ROLE
        done = carry_out(command, login=login, role=give or end, school=school, person=person, **day)
    text = (
        _("{login} has the role «{role}» from {on}.") if give else _("{login} has the role «{role}» no more from {on}.")
    )
    click.echo(text.format(login=login, **done))


@user.command("erase")
@click.option("--person", default="", metavar="UID", help="Whose names: a person of the school by uid.")
@click.option("--name", default="", metavar='"FAMILY GIVEN [PATRONYMIC]"', help="Or by name, as it is written.")
@SCHOOL
@click.option("--reason", required=True, help="By whose order and why; it stays in the history.")
def erase(*, person: str, name: str, school: str, reason: str) -> None:
    """Erase the names and the birth date of a person who has left the school, and the login.

    From then on the person is «—» everywhere, and the account is closed. Marks and records stay, and so do the hashes
    in the history, by which it is verified. Texts that others wrote about the person are erased by `ais ledger erase`.
    It cannot be taken back.
    """
    if not name and not person:
        raise click.UsageError("Give either --name or --person.")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise click.UsageError(f"--reason has 1 to {LONGEST_REASON} characters.")
    with _runner() as carry_out:
        done = carry_out(requests.ERASE, **_whose(name, person, school), reason=reason.strip())
    click.echo(ngettext("{count} text of the history erased.", "{count} texts of the history erased.", done["texts"]))
    click.echo(ngettext("{count} account closed.", "{count} accounts closed.", done["closed"]))
    for login in done["kept"]:
        text = _("{login} stays: the account has roles as somebody else.")
        click.echo(text.format(login=login), err=True)
