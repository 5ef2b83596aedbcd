"""Which pictures there are: of which school, as whom, where, what is done before. `docs/pictures.md` shows them all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tools.pictures import steps as do
from tools.pictures.schools import CODE
from tools.pictures.steps import Step, appearance, click, press, steps, tap

DESKTOP, NARROW, SMALL, PHONE = (1440, 900), (1000, 800), (1280, 720), (390, 844)
SHEET, BROAD_SHEET = (794, 1123), (1123, 794)  # A4 at 96 points an inch
COURSE = "course"
CHARTS = ".js-plotly-plot"


@dataclass(frozen=True)
class Shot:
    """`address` COURSE = the journal named `course`; `wait` in milliseconds, for what appears only after a while."""

    name: str
    login: str
    address: str
    step: Step = do.nothing
    size: tuple[int, int] = DESKTOP
    school: str = "demonstration"
    course: str = "7А, Алгебра"
    password: str = ""
    own_device: bool = False
    lost_table: str = ""
    ready: str = ""
    wait: int = 900
    after: Step = do.nothing


def both(shot: Shot, phone: Step | None = None) -> tuple[Shot, Shot]:
    """On a desktop and, with its own steps if they differ, on a phone."""
    return shot, replace(shot, name=f"{shot.name}-phone", size=PHONE, step=phone or shot.step)


def with_appearance(shot: Shot, field: str, value: str) -> Shot:
    """In another appearance, which is the account's: put back after the picture."""
    return replace(shot, step=steps(appearance(field, value), shot.step), after=do.usual_appearance)


def young(name: str, login: str, address: str, step: Step = do.nothing, **other: Any) -> Shot:
    return replace(Shot(name, login, address, step, school="young"), **other)


FORCED: dict[str, Any] = {"login": "newcomer", "password": CODE, "school": "young"}
SECOND_CHOICE = do.fill(
    {"password-present": "demo-teacher", "password-new": "липа под окном", "password-repeated": "липа над окном"}
)
WRONG = do.fill({"login-name": "teacher", "login-password": "забытый пароль"})

ENTRY = (
    *both(Shot("login", "", "/login")),
    *both(Shot("login-refused", "", "/login", steps(WRONG, click("login-submit"), do.shown("login-error")))),
    *both(Shot("login-before-page", "", "/journal")),
    *both(Shot("login-view", "", "/login", click("view-menu"))),
    Shot(
        "login-contrast",
        "",
        "/login",
        steps(click("view-menu"), do.click_at('button[value="contrast"]'), do.shown("login-name")),
    ),
    *both(Shot("not-found", "teacher", "/nowhere")),
    *both(young("failed", "", "/login", lost_table="school")),
    *both(Shot("account", "teacher", "/account")),
    *both(Shot("account-elsewhere", "secretary", "/account", do.elsewhere("secretary"), after=click("end-others"))),
    *both(Shot("password", "teacher", "/password")),
    *both(
        Shot(
            "password-refused",
            "teacher",
            "/password",
            steps(SECOND_CHOICE, click("password-submit"), do.shown("repeated-wrong")),
        )
    ),
    *both(young("password-first", address="/password", **FORCED)),
)

PAGE_FRAME = (
    *both(Shot("person-menu", "teacher", "/", click("person-menu"))),
    *both(Shot("view-menu", "teacher", "/", click("view-menu"))),
    *both(young("roles", "double", "/", click("person-menu"))),
    *both(Shot("no-connection", "guardian", "/diary", do.cut_off)),
    *both(
        Shot("leave-with-marks", "teacher", COURSE, steps(do.offline, press("5", "4"), do.leave)),
        steps(do.offline, tap("5", "4"), do.leave),
    ),
)

HOME = (
    *both(Shot("home-teacher", "teacher", "/")),
    *both(Shot("home-class-teacher", "class_teacher", "/")),
    *both(Shot("home-deputy", "deputy", "/")),
    Shot("home-director", "director", "/"),
    *both(Shot("home-administrator", "admin", "/")),
    *both(Shot("home-secretary", "secretary", "/")),
    *both(Shot("home-inspector", "inspector", "/")),
    *both(young("home-nothing", "idle", "/")),
    *both(young("home-class-nothing", "leader", "/")),
    *both(young("home-deputy-nothing", "deputy", "/")),
    *both(young("home-error", "deputy", "/", lost_table="course_teacher", ready="[data-testid=notice]")),
    *both(Shot("home-loading", "teacher", "/", do.silence)),
    *both(Shot("integrity-before", "admin", "/integrity")),
    *both(Shot("integrity", "admin", "/integrity", do.checked)),
    *both(Shot("integrity-busy", "admin", "/integrity", do.being_checked)),
    *both(replace(young("integrity-broken", "admin", "/integrity", do.checked), school="tampered")),
)

REMARK = steps(click("write-remark"), do.scroll("[data-testid=cell-student]"))
TOO_MANY_MINUTES = steps(
    click("edit-lesson"), do.fill_at("#minutes", "250"), click("save-lesson"), do.shown("minutes-wrong")
)


def wrong_lesson(form: str) -> Step:
    return steps(do.fill_at(f"#{form}number", "15"), click(f"{form}add-lesson-submit"), do.shown(f"{form}number-wrong"))


JOURNAL = (
    *both(Shot("journals", "teacher", "/journal")),
    *both(young("journals-nothing", "idle", "/journal")),
    *both(Shot("journals-loading", "teacher", "/journal", do.silence)),
    *both(young("journals-error", "teacher", "/journal", lost_table="course_teacher", ready="[data-testid=failed]")),
    Shot("journal", "teacher", COURSE),
    Shot("journal-phone", "teacher", COURSE, size=PHONE),
    Shot("journal-history", "teacher", COURSE, press("5", "ArrowUp", "3", "ArrowUp")),
    Shot("journal-keys", "teacher", COURSE, press("?")),
    Shot("journal-comment", "teacher", COURSE, press("4", "ArrowUp", "F2")),
    Shot("journal-find", "teacher", COURSE, press("F3")),
    Shot("journal-wrong", "teacher", COURSE, press("9")),
    Shot("journal-range", "teacher", COURSE, press("Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowLeft")),
    Shot("journal-guest", "teacher", COURSE, do.second_visitor),
    Shot("journal-rest", "teacher", COURSE, do.refused_block),
    *both(
        Shot("journal-offline", "teacher", COURSE, steps(do.offline, press("5", "4", "3")), wait=4000),
        steps(do.offline, tap("5", "4", "3")),
    ),
    *both(Shot("journal-conflict", "teacher", COURSE, do.conflict(press)), do.conflict(tap)),
    *both(Shot("journal-loading", "teacher", COURSE, do.silence)),
    *both(Shot("journal-lesson", "teacher", COURSE, click("edit-lesson"))),
    *both(Shot("journal-lesson-wrong", "teacher", COURSE, TOO_MANY_MINUTES)),
    Shot("journal-roll", "teacher", COURSE, click("roll-call")),
    Shot("journal-printed", "teacher", COURSE, do.on_paper, BROAD_SHEET),
    *both(
        Shot("journal-remark", "teacher", COURSE, steps(press(), do.says("cell-student", "Гусев"), REMARK)),
        steps(tap(), do.says("cell-student", "Горбунова"), REMARK),
    ),
    *both(
        Shot("journal-saved", "teacher", COURSE, steps(click("edit-lesson", "save-lesson"), do.shown("notice"))),
    ),
    Shot("journal-settings", "teacher", COURSE, click("grid-settings")),
    *both(
        Shot("journal-add", "teacher", COURSE, click("add-lesson")),
        steps(click("phone-choices"), click("phone-add-lesson")),
    ),
    *both(
        Shot("journal-add-wrong", "teacher", COURSE, steps(click("add-lesson"), wrong_lesson(""))),
        steps(click("phone-choices"), click("phone-add-lesson"), wrong_lesson("phone-")),
    ),
    Shot("journal-drawer", "teacher", COURSE, press("F4"), NARROW),
    Shot("journal-small", "teacher", COURSE, size=SMALL),
    Shot("journal-phone-mark", "teacher", COURSE, tap(), PHONE),
    Shot("journal-phone-choices", "teacher", COURSE, click("phone-choices"), PHONE),
    *both(
        Shot("journal-topics", "teacher", COURSE, click("view-topics")),
        steps(click("phone-choices"), do.click_at(".ph [data-testid=view-topics]"), click("phone-choices")),
    ),
    *both(
        Shot("journal-closed", "teacher", COURSE, do.click_at('[data-testid^="period-"]')),
        steps(click("phone-choices"), do.click_at('.ph [data-testid^="period-"]'), click("phone-choices")),
    ),
    *both(Shot("journal-missing", "teacher", "/journal/aaaaaaaaaaaaaaaa")),
    *both(
        young(
            "journal-error", "teacher", COURSE, course="5А, Математика", lost_table="work", ready="[data-testid=failed]"
        )
    ),
    *both(young("journal-no-lessons", "teacher", COURSE, course="5А, Математика")),
    *both(
        young("journal-no-topics", "teacher", COURSE, click("view-topics"), course="5А, Математика"),
        steps(click("phone-choices"), do.click_at(".ph [data-testid=view-topics]"), click("phone-choices")),
    ),
    *both(Shot("journal-inspector", "inspector", COURSE)),
    *both(Shot("journal-read-only", "class_teacher", COURSE)),
    with_appearance(Shot("journal-wide", "teacher", COURSE), "spacing", "wide"),
    *(with_appearance(one, "theme", "dark") for one in both(Shot("journal-dark", "teacher", COURSE))),
    with_appearance(Shot("journal-contrast", "teacher", COURSE), "theme", "contrast"),
    with_appearance(Shot("journal-contrast-dark", "teacher", COURSE), "theme", "contrast-dark"),
    with_appearance(Shot("journal-large", "teacher", COURSE), "vision", "large"),
)

LAST_WEEK = click("week-before")
DIARY = (
    *both(Shot("diary", "guardian", "/diary", LAST_WEEK)),
    Shot("diary-day", "guardian", "/diary", click("diary-view-day")),
    Shot("diary-homework", "guardian", "/diary", steps(LAST_WEEK, click("diary-view-tasks"))),
    *both(
        Shot(
            "diary-seen",
            "guardian",
            "/diary",
            steps(click("week-before", "week-before"), do.scroll("[data-testid=week-summary]")),
        )
    ),
    *both(Shot("diary-tasks", "guardian", "/diary", click("diary-view-tasks")), click("phone-view-tasks")),
    Shot("diary-printed", "guardian", "/diary", steps(LAST_WEEK, do.on_paper), SHEET),
    *both(Shot("diary-holidays", "guardian", "/diary", click("week-before", "week-before", "week-before"))),
    *(with_appearance(one, "theme", "dark") for one in both(Shot("diary-dark", "guardian", "/diary", LAST_WEEK))),
    *(
        with_appearance(one, "theme", "contrast")
        for one in both(Shot("diary-contrast", "guardian", "/diary", LAST_WEEK))
    ),
    *both(Shot("diary-loading", "guardian", "/diary", do.silence)),
    *both(young("diary-error", "guardian", "/diary", lost_table="homework", ready="[data-testid=failed]")),
    *both(young("diary-no-lessons", "guardian", "/diary")),
    *both(young("diary-nobody", "former", "/diary")),
    Shot("diary-student-phone", "student", "/diary", size=PHONE),
    Shot("diary-copy", "guardian", "/diary", do.kept_copy, PHONE, own_device=True),
    *both(Shot("diary-class", "class_teacher", "/diary")),
    *both(
        Shot("diary-class-pupil", "class_teacher", "/diary", steps(do.click_at('[data-testid^="pupil-"]'), LAST_WEEK))
    ),
    *both(young("diary-class-nobody", "unled", "/diary")),
)

PLACE_OF_WHAT_IF = do.scroll("[data-testid=what-if]")
SUPPOSED = steps(click("add-5", "add-5"), PLACE_OF_WHAT_IF)
PROGRESS = (
    *both(Shot("progress", "guardian", "/progress", ready=CHARTS)),
    *both(Shot("progress-year", "guardian", "/progress", click("period-year"), ready=CHARTS)),
    *both(Shot("progress-subjects", "guardian", "/progress", click("lines"), ready=CHARTS)),
    *both(
        Shot(
            "progress-marks",
            "guardian",
            "/progress",
            steps(do.click_at(".why summary"), do.scroll("#marks")),
            ready=CHARTS,
        )
    ),
    *both(Shot("progress-what-if", "guardian", "/progress", SUPPOSED, ready=CHARTS)),
    *both(
        Shot(
            "progress-attendance",
            "guardian",
            "/progress",
            do.scroll("figure:has([data-testid=attended])"),
            ready=CHARTS,
        )
    ),
    *both(
        Shot(
            "progress-table",
            "guardian",
            "/progress",
            steps(do.click_at(".same summary"), do.scroll(".same")),
            ready=CHARTS,
        )
    ),
    Shot("progress-student-phone", "student", "/progress", size=PHONE, ready=CHARTS),
    *both(Shot("progress-loading", "guardian", "/progress", do.silence)),
    *both(Shot("progress-no-charts", "guardian", "/progress", do.no_charts)),
    *both(young("progress-error", "guardian", "/progress", lost_table="mark", ready="[data-testid=failed]")),
    *both(young("progress-nothing", "guardian", "/progress")),
    *both(young("progress-without-marks", "beginner", "/progress")),
    *both(young("progress-unplaced", "unplaced", "/progress")),
    *both(young("progress-nobody", "former", "/progress")),
    with_appearance(Shot("progress-contrast", "guardian", "/progress", ready=CHARTS), "theme", "contrast"),
    with_appearance(Shot("progress-dark", "guardian", "/progress", ready=CHARTS), "theme", "dark"),
)

# What is put right, asked for and opened; taken last, because it leaves its traces in journal and diary.
EXCUSING = steps(do.absent, do.click_at('[data-testid^="excuse-"]'))
REASON_OF_WRONG_DAYS = steps(
    EXCUSING,
    do.fill_at("#last", "2026-11-02"),
    click("save-excuse"),
    do.shown("last-wrong"),
)
DECLINING = do.requested(do.click_at('[data-testid^="decline-"]'))
TAKING_BACK = steps(click("take-back-column"), do.shown("take-back-question"))
AFTERWARDS = (
    *both(Shot("excuse", "class_teacher", "/", EXCUSING)),
    *both(Shot("excuse-wrong", "class_teacher", "/", REASON_OF_WRONG_DAYS)),
    *both(Shot("diary-mark", "guardian", "/diary", steps(do.corrected, do.corrected_mark)), do.corrected_mark),
    *both(
        Shot(
            "journal-take-back",
            "teacher",
            COURSE,
            steps(press(), do.column_by_mistake, TAKING_BACK),
            after=do.taken_back,
        ),
        steps(do.column_by_mistake, TAKING_BACK),
    ),
    *both(Shot("journal-ask", "teacher", COURSE, do.ask_to_open)),
    *both(Shot("journal-asked", "teacher", COURSE, do.asked_to_open, after=do.withdrawn)),
    *both(
        Shot(
            "home-requests",
            "deputy",
            "/",
            DECLINING,
            after=do.somebody("teacher", do.to_course, do.locked, do.withdrawn),
        )
    ),
    *both(Shot("journal-opened", "teacher", COURSE, do.opened, after=do.somebody("deputy", do.closed))),
    *both(Shot("home-opened", "deputy", "/", do.requested(do.granted), after=do.closed)),
)

SHOTS: tuple[Shot, ...] = (*ENTRY, *PAGE_FRAME, *HOME, *JOURNAL, *DIARY, *PROGRESS, *AFTERWARDS)
