"""The page of settings in words: groups, rows, the editor and the history of a setting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pkgutil import resolve_name
from typing import Any

from ais_app.access.labels import role_name
from ais_app.declared_settings import DECLARED, SETTINGS
from ais_app.i18n import _, day_and_month, full_date, ngettext
from ais_app.rights.reading import Reading
from ais_app.rights.rules import Role
from ais_app.school_settings.queries import SettingValues
from ais_app.school_settings.registry import Declared, FixedRule, Group, Level, Setting, group_name
from ais_app.school_settings.rules import FROM_THE_BEGINNING
from ais_app.school_settings.service import may_change
from ais_app.settings_page import search
from ais_app.settings_page.payloads import Asked
from ais_app.settings_page.queries import SetValue, next_period, values_by_level, values_set

Values = dict[Level, SettingValues]


@dataclass(frozen=True, slots=True)
class GroupItem:
    """A group: how many settings, or «3 из 8» where some were changed."""

    key: str
    name: str
    count: str
    changed: bool
    current: bool


@dataclass(frozen=True, slots=True)
class RowItem:
    """A setting in the list. `against`: what its value is compared with; `future`: it says what comes; `locked`: a rule
    of the code.
    """

    key: str
    name: str
    about: str
    value: str
    against: str
    future: bool
    locked: bool
    current: bool


@dataclass(frozen=True, slots=True)
class SectionItem:
    """`may_take_usual`: something of it is changed, and this actor may change it."""

    key: str
    name: str
    about: str
    rows: list[RowItem]
    may_take_usual: bool = False


@dataclass(frozen=True, slots=True)
class UsualItem:
    """What taking the usual values of a group again would change."""

    group: str = ""
    title: str = ""
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OptionItem:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class DayItem:
    """A day from which a value may hold. `about`: what that means in numbers."""

    value: str
    title: str
    badge: str
    about: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class EditorItem:
    """The form of a setting. `value`: what stands in its field; `may`: False where `why_not` says why it is read only.

    `first`, `last`: between which days a chosen day lies; no `days` where the value holds at once.
    """

    key: str = ""
    name: str = ""
    group: str = ""
    label: str = ""
    control: str = ""
    value: str = ""
    hint: str = ""
    options: list[OptionItem] = field(default_factory=list)
    days: list[DayItem] = field(default_factory=list)
    first: str = ""
    last: str = ""
    usual: str = ""
    usual_value: str = ""
    may: bool = False
    why_not: str = ""
    changes: str = ""


@dataclass(frozen=True, slots=True)
class StepItem:
    """A step of the history. `mark`: "" past, `t` today, `next` still to come, which `cancels` (its day) takes away."""

    before: str
    after: str
    who: str
    about: str
    mark: str
    cancels: str


def shown_settings(reading: Reading) -> list[Declared]:
    """What this actor sees: all of it at a school, that of the installation for who belongs to none."""
    if reading.hat.school_id is not None:
        return sorted(DECLARED, key=lambda one: list(Group).index(one.group))
    return [one for one in SETTINGS.values() if one.level is Level.INSTALLATION]


def is_changed(one: Declared, values: Values, today: date) -> bool:
    """Whether the value of today, or one that comes, is not the usual one."""
    if isinstance(one, FixedRule):
        return False
    over_time = values[one.level].over_time(one)
    coming = [value for since, value in over_time.steps if since > today]
    return any(value != one.usual for value in (over_time.at(today), *coming))


def groups(reading: Reading, values: Values, asked: Asked) -> list[GroupItem]:
    known = shown_settings(reading)
    current = _current_group(known, asked)
    found: list[GroupItem] = []
    for group in Group:
        of_group = [one for one in known if one.group is group]
        changed = sum(is_changed(one, values, reading.today) for one in of_group)
        if of_group:
            all_of_them = _("{kept} of {held}").format(kept=changed, held=len(of_group))
            count = all_of_them if changed else str(len(of_group))
            found.append(GroupItem(group.value, group_name(group), count, changed > 0, group is current))
    return found


def _current_group(known: Sequence[Declared], asked: Asked) -> Group:
    """The group of the address, else that of the opened setting, else the journal's."""
    names = [one.group for one in known]
    if asked.group in {one.value for one in names}:
        return Group(asked.group)
    if asked.setting in SETTINGS and SETTINGS[asked.setting].group in names:
        return SETTINGS[asked.setting].group
    return Group.JOURNAL if Group.JOURNAL in names else names[0]


def sections(reading: Reading, values: Values, asked: Asked) -> list[SectionItem]:
    """The groups with their rows, the chosen one first; those that the words and «only changed» leave."""
    known = shown_settings(reading)
    current = _current_group(known, asked)
    found: list[SectionItem] = []
    for group in sorted(Group, key=lambda one: one is not current):
        of_group = [one for one in known if one.group is group]
        rows = [_row(one, values, reading.today, asked) for one in of_group if _is_wanted(one, values, reading, asked)]
        if rows:
            changed = sum(is_changed(one, values, reading.today) for one in of_group)
            about = ngettext("{count} setting", "{count} settings", len(of_group))
            if changed:
                about += ", " + ngettext("{count} is changed", "{count} are changed", changed)
            may = bool(_not_usual(reading, values, group))
            found.append(SectionItem(group.value, group_name(group), about, rows, may))
    return found


def _not_usual(reading: Reading, values: Values, group: Group) -> list[Setting[Any]]:
    """The settings of a group that are changed and that this actor may change."""
    known = [one for one in shown_settings(reading) if one.group is group and isinstance(one, Setting)]
    return [one for one in known if is_changed(one, values, reading.today) and may_change(reading.actor, one)]


def usual_of(reading: Reading, group: str) -> UsualItem:
    """What taking the usual values of a group again would change; empty where that is nothing."""
    values = values_by_level(reading)
    if group not in set(Group):
        return UsualItem()
    lines: list[str] = []
    for one in _not_usual(reading, values, Group(group)):
        last = values[one.level].over_time(one).all[-1]
        told = {"setting": one.words(), "last": one.type.words(last), "usual": one.type.words(one.usual)}
        tomorrow = day_and_month(reading.today + timedelta(days=1))
        text = _("{setting}: {last} → {usual}, from {day}") if one.dated else _("{setting}: {last} → {usual}, at once")
        lines.append(text.format(**told, day=tomorrow))
    return UsualItem(group, group_name(Group(group)), lines)


def _is_wanted(one: Declared, values: Values, reading: Reading, asked: Asked) -> bool:
    if asked.changed and not is_changed(one, values, reading.today):
        return False
    texts = [one.words(), one.explanation(), group_name(one.group)]
    return search.matches(asked.find, texts)


def _row(one: Declared, values: Values, today: date, asked: Asked) -> RowItem:
    if isinstance(one, FixedRule):
        return RowItem(one.key, one.words(), one.explanation(), one.value(), _("rule"), False, True, False)
    over_time = values[one.level].over_time(one)
    now = over_time.at(today)
    coming = next(((since, value) for since, value in over_time.steps if since > today), None)
    if coming is not None:
        against = _("from {day}: {value}").format(day=day_and_month(coming[0]), value=one.type.words(coming[1]))
    elif now == one.usual:
        against = _("usual")
    else:
        against = _("changed, usually {value}").format(value=one.type.words(one.usual))
    return RowItem(
        one.key,
        one.words(),
        one.explanation(),
        one.type.words(now),
        against,
        future=coming is not None,
        locked=False,
        current=one.key == asked.setting,
    )


def near(reading: Reading, asked: Asked) -> OptionItem:
    """The setting most like what was sought; empty where none is."""
    names = {one.key: one.words() for one in shown_settings(reading) if isinstance(one, Setting)}
    key = search.nearest(asked.find, names)
    return OptionItem(key, names.get(key, ""))


def editor(reading: Reading, values: Values, setting: Setting[Any], typed: str | None = None) -> EditorItem:
    """The form of a setting; `typed`: what stands in its field instead of the value that holds last."""
    over_time = values[setting.level].over_time(setting)
    kind, latest = setting.type, over_time.all[-1]
    bounds = kind.range_words()
    usually = _("usually {value}").format(value=kind.words(setting.usual))
    may = may_change(reading.actor, setting)
    return EditorItem(
        key=setting.key,
        name=setting.words(),
        group=group_name(setting.group),
        label=setting.label(),
        control=kind.control,
        value=kind.shown(latest) if typed is None else typed,
        hint=f"{bounds}; {usually}" if bounds else usually,
        options=[OptionItem(value, label) for value, label in kind.choices().items()],
        days=_days(reading, setting) if setting.dated and may else [],
        first=(reading.today + timedelta(days=1)).isoformat(),
        last=(reading.today + timedelta(days=366)).isoformat(),
        usual=_("Back to the usual: {value}").format(value=kind.words(setting.usual))
        if latest != setting.usual
        else "",
        usual_value=kind.shown(setting.usual),
        may=may,
        why_not="" if may else _why_not(setting),
        changes=_who_changes(setting),
    )


def _who_changes(setting: Setting[Any]) -> str:
    if setting.level is Level.INSTALLATION:
        return _("Changed by the system administrator.")
    return _("Changed by the administrator of the school.")


def _why_not(setting: Setting[Any]) -> str:
    if setting.level is Level.INSTALLATION:
        return _("The system administrator changes this, for the whole installation.")
    return _("The administrator of the school changes this.")


def now_in_words(values: Values, setting: Setting[Any], today: date) -> str:
    return _("now {value}").format(value=setting.type.words(values[setting.level].at(setting, today)))


def _days(reading: Reading, setting: Setting[Any]) -> list[DayItem]:
    """From when a value may hold: the next period first of all, where there is one."""
    tomorrow, period = reading.today + timedelta(days=1), next_period(reading)
    found = [
        DayItem(
            "tomorrow",
            _("From tomorrow, {day}").format(day=day_and_month(tomorrow)),
            "",
            _effect(reading, setting, tomorrow),
            chosen=period is None,
        )
    ]
    if period is not None:
        day, name = period
        title = _("From {day}").format(day=day_and_month(day))
        found.append(DayItem("period", title, name, _effect(reading, setting, day), chosen=True))
    found.append(DayItem("date", _("From another day"), "", "", chosen=False))
    return found


def _effect(reading: Reading, setting: Setting[Any], day: date) -> str:
    if setting.effect:
        return resolve_name(setting.effect)(reading, day)
    return _("what was before stays judged by the value of its day")


def history(reading: Reading, setting: Setting[Any]) -> list[StepItem]:
    """The steps of a setting by their days, with today among them and what is still to come after it."""
    rows = values_set(reading, setting)
    words, today = setting.type.words, reading.today
    begun = [row for row in rows if row.since <= FROM_THE_BEGINNING]
    value = setting.value_of(begun[-1].text if begun else "")
    steps = [StepItem("", words(value), "", _("since the school is here"), "", "")]
    if not begun:
        steps = [StepItem("", words(value), "", _("the usual value"), "", "")]
    coming: list[StepItem] = []
    for row in rows:
        if row.since <= FROM_THE_BEGINNING:
            continue
        after = setting.value_of(row.text)
        (coming if row.since > today else steps).append(_step(reading, setting, row, (words(value), words(after))))
        value = after
    held = next((row for row in reversed(rows) if row.since <= today), None)
    now = words(setting.value_of(held.text if held else ""))
    return [*steps, StepItem("", _("today: {value}").format(value=now), "", "", "t", ""), *coming]


def _step(reading: Reading, setting: Setting[Any], row: SetValue, change: tuple[str, str]) -> StepItem:
    is_next = row.since > reading.today
    about = _("from {day}").format(day=full_date(row.since))
    if row.at is not None:
        about += ", " + _("written {day}").format(day=full_date(row.at.date()))
    if row.reason:
        about += f": «{row.reason}»"
    cancels = ""
    if is_next and may_change(reading.actor, setting):
        cancels = row.since.isoformat()
        about += ". " + _("Can be cancelled until {day}").format(day=day_and_month(row.since - timedelta(days=1)))
    role = row.hat.partition(":")[0]
    who = row.who or (role_name(Role(role)) if role in set(Role) else "")
    return StepItem(*change, who, about, "next" if is_next else "", cancels)


def read(reading: Reading, asked: Asked) -> dict[str, Any]:
    """What the page shows beside the form, as variables of its state."""
    values = values_by_level(reading)
    known = shown_settings(reading)
    setting = SETTINGS.get(asked.setting)
    shown = setting if setting in known else None
    changed = sum(is_changed(one, values, reading.today) for one in known)
    rows = sections(reading, values, asked)
    return {
        "groups": groups(reading, values, asked),
        "sections": rows,
        "total": _("{total} in all, {changed} changed").format(total=len(known), changed=changed),
        "changed_count": str(changed),
        "near": near(reading, asked) if asked.find and not rows else OptionItem("", ""),
        "history": history(reading, shown) if shown else [],
        "now": now_in_words(values, shown, reading.today) if shown else "",
        "status": "ready",
    }


def editor_of(reading: Reading, asked: Asked, typed: str | None = None) -> EditorItem:
    """The form of the opened setting; empty where none is, or it is not this actor's to see."""
    setting = SETTINGS.get(asked.setting)
    if setting is None or setting not in shown_settings(reading):
        return EditorItem()
    return editor(reading, values_by_level(reading), setting, typed)


def since_of(reading: Reading, since: str, day: str) -> date:
    """The day that was chosen in the form; a day in the past where none can be read of it."""
    if since == "tomorrow":
        return reading.today + timedelta(days=1)
    if since == "period":
        period = next_period(reading)
        return period[0] if period else reading.today
    return date.fromisoformat(day) if since == "date" and day else reading.today
