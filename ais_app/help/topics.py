"""The pages of the help: for whom each is, and which pages of the product it explains."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ais_app.i18n import _, p_
from ais_app.people.searching import Hit
from ais_app.rights.rules import POLICY, Right, Role

PATH = "/help"
KEYS = "keys"  # its page is made of the lists of keys, not of a text


@dataclass(frozen=True, slots=True)
class Topic:
    """`explains`: first segments of addresses, "today" for the home. `about`: words by which it is found."""

    name: str
    title: str
    about: str
    roles: frozenset[Role]
    explains: tuple[str, ...] = ()

    @property
    def href(self) -> str:
        return f"{PATH}/{self.name}"

    @property
    def hit(self) -> Hit:
        return Hit(
            key=self.href, href=self.href, title=self.title, line=self.about, go=p_("search", "read"), icon="help"
        )


def _who_may(right: Right) -> frozenset[Role]:
    return frozenset(POLICY[right])


EVERYBODY = frozenset(Role)
FAMILY = frozenset({Role.STUDENT, Role.GUARDIAN})
STAFF = EVERYBODY - FAMILY
MANAGEMENT = frozenset({Role.DIRECTOR, Role.DEPUTY})
READS, WRITES = _who_may(Right.SEE_JOURNAL), _who_may(Right.ENTER_MARKS)

# The first that fits a role and a page is what the page's link opens.
TOPICS = (
    Topic(
        "teacher",
        _("First day of a teacher"),
        _("lessons, marks, topic, homework"),
        frozenset({Role.TEACHER}),
        ("today",),
    ),
    Topic(
        "class-teacher",
        _("First day of a class teacher"),
        _("the class, reasons of absence, diaries"),
        frozenset({Role.CLASS_TEACHER}),
        ("today", "diary"),
    ),
    Topic(
        "management",
        _("First day of a director and a deputy"),
        _("journals of the school, control, requests"),
        MANAGEMENT,
        ("today", "journal"),
    ),
    Topic(
        "administrator",
        _("First day of an administrator"),
        _("loading the school, slips, settings"),
        frozenset({Role.SCHOOL_ADMIN, Role.SYSTEM_ADMIN}),
        ("today",),
    ),
    Topic("secretary", _("First day of a secretary"), _("what is open"), frozenset({Role.SECRETARY}), ("today",)),
    Topic(
        "inspector",
        _("First day of an inspector"),
        _("what is recorded, numbers in place of names"),
        frozenset({Role.INSPECTOR}),
        ("today", "journal"),
    ),
    Topic(
        "family", _("Diary: first day of a family"), _("week, marks, «What if», signature"), FAMILY, ("diary", "today")
    ),
    Topic(KEYS, _("Keys of the journal and the search"), _("keyboard, shortcuts"), STAFF, ("journal",)),
    Topic("marks", _("Marks and «н»"), _("absent, late, exempt, two marks, comment"), READS | FAMILY),
    Topic("homework", _("Topic and homework"), _("minutes, day for which it is due, norm"), READS | FAMILY),
    Topic(
        "corrections",
        _("Corrections, terms, openings"),
        _("operations, reason, closed lesson, take back"),
        STAFF,
        ("operations",),
    ),
    Topic("seen-by-family", _("What the family sees"), _("parents, corrections, comments"), READS | FAMILY),
    Topic(
        "means",
        _("Algorithm of the mean: why 4.496 and not 4.50"),
        _("weights, thresholds, rounding"),
        READS | FAMILY,
        ("progress",),
    ),
    Topic("no-connection", _("If there is no connection"), _("internet, waiting entries, draft"), EVERYBODY),
    Topic(
        "integrity",
        _("Integrity of the record"),
        _("chain, check, signature"),
        _who_may(Right.CHECK_INTEGRITY),
        ("integrity", "refusals"),
    ),
    Topic(
        "school",
        _("Settings, exchange and jobs"),
        _("import, export, schedule, terms"),
        _who_may(Right.SEE_SETTINGS) | _who_may(Right.SEE_JOBS),
        ("settings", "exchange", "jobs"),
    ),
    Topic(
        "account", _("Account and password"), _("sign-in, slip, roles, low vision"), EVERYBODY, ("account", "password")
    ),
    Topic("whom-to-ask", _("Whom to ask"), _("does not work, mistake, wrong class"), EVERYBODY),
)


def for_roles(roles: Collection[Role]) -> list[Topic]:
    """The topics for whoever wears these roles."""
    return [one for one in TOPICS if one.roles & frozenset(roles)]


def explaining(roles: Collection[Role], segment: str) -> Topic | None:
    """What explains a page (its first segment, "" of the home) to these roles."""
    return next((one for one in for_roles(roles) if (segment or "today") in one.explains), None)


def help_address(roles: Collection[Role], segment: str) -> str:
    """Where the link «Помощь» of a page leads."""
    found = explaining(roles, segment)
    return found.href if found else PATH
