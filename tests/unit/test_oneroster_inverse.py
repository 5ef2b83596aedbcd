"""Export and import are each other's inverse: for any school that the services can make, whatever has happened there."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ais_app.clock import SetClock
from ais_app.db import Database
from ais_app.exchange.oneroster import ImportRefused, codes, export_oneroster, import_oneroster
from ais_app.ledger import verifying
from tests import histories
from tests.databases import rows
from tests.depth import examples
from tests.histories import BEGIN, EVERYTHING, STEPS, History
from tests.unit import equal_schools
from tests.unit.equal_sets import differences, table
from tests.unit.sets import SDS, SET, SET12, brief

MORE = 6  # histories that may follow the random ones until every case was among them
ORIGINS = {"services": None, "OneRoster 1.1": SET, "OneRoster 1.2": SET12, "SDS": SDS}

_ENROLLED = "FROM enrollment e JOIN study_group g ON g.id = e.group_id"
_TWICE = "FROM enrollment e JOIN enrollment f ON f.person_id = e.person_id"
_MARKED = (
    "FROM cell c JOIN work w ON w.id = c.work_id JOIN lesson l ON l.id = w.lesson_id JOIN course o ON o.id = l.course_id"
    " JOIN enrollment e ON e.group_id = o.group_id AND e.person_id = c.student_id AND e.valid_from < COALESCE(e.valid_to, '9999-12-31')"
)
_OUTSIDE = (
    "FROM cell c JOIN work w ON w.id = c.work_id JOIN lesson l ON l.id = w.lesson_id JOIN course o ON o.id = l.course_id"
    " WHERE NOT EXISTS (SELECT 1 FROM enrollment e WHERE e.group_id = o.group_id AND e.person_id = c.student_id"
    " AND e.valid_from <= l.day AND (e.valid_to IS NULL OR e.valid_to > l.day))"
)
_CHILD = "FROM guardianship g WHERE NOT EXISTS (SELECT 1 FROM role_assignment r WHERE r.person_id = g.student_id"
_SHARED = "FROM role_assignment r JOIN role_assignment s ON s.account_id = r.account_id AND s.person_id <> r.person_id"

# What a school can be that an export has to bring back: found by reading the database, not by what was tried.
CASES = {
    "admitted within the year": f"{_ENROLLED} JOIN academic_year y ON y.id = g.year_id WHERE e.valid_from > y.starts_on",
    "left": "FROM enrollment WHERE valid_to > valid_from",
    "transferred to another group on the day of leaving": f"{_TWICE} AND f.group_id <> e.group_id AND f.valid_from = e.valid_to",
    "returned to the same group": f"{_TWICE} AND f.group_id = e.group_id AND f.id <> e.id AND f.valid_from >= e.valid_to",
    "taken back before it held a day": "FROM enrollment WHERE valid_to = valid_from",
    "taken back and come after all, on one day": f"{_TWICE} AND f.group_id = e.group_id AND f.id <> e.id AND f.valid_from = e.valid_from",
    "a note beside a member": "FROM enrollment WHERE note <> ''",
    "a birth date": "FROM person WHERE birth_date IS NOT NULL",
    "namesakes": "FROM person p JOIN person q ON q.id > p.id AND (q.family_name, q.given_name, q.patronymic) ="
    " (p.family_name, p.given_name, p.patronymic) AND q.school_id = p.school_id",
    "a blocked account": "FROM account WHERE blocked_at IS NOT NULL",
    "an account that was blocked and let in again": "FROM operation WHERE kind = 'accounts_unblocked'",
    "a person without an account": "FROM person p WHERE NOT EXISTS (SELECT 1 FROM role_assignment r WHERE r.person_id = p.id)",
    "a person with two accounts": "FROM role_assignment r JOIN role_assignment s ON s.person_id = r.person_id"
    " AND s.account_id <> r.account_id",
    "an account of two persons of a school": f"{_SHARED} AND s.school_id = r.school_id",
    "an account of persons of two schools": f"{_SHARED} AND s.school_id <> r.school_id",
    "an inspector": "FROM role_assignment WHERE role = 'inspector'",
    "a child with a guardian and no role": f"{_CHILD})",
    "a child with a guardian whose role is over": "FROM guardianship g JOIN role_assignment r ON r.person_id = g.student_id"
    " WHERE r.valid_to IS NOT NULL",
    "a child with a guardian whose account is blocked": "FROM guardianship g JOIN role_assignment r ON r.person_id ="
    " g.student_id JOIN account a ON a.id = r.account_id WHERE a.blocked_at IS NOT NULL",
    "a guardian without a role": "FROM guardianship g WHERE NOT EXISTS"
    " (SELECT 1 FROM role_assignment r WHERE r.person_id = g.guardian_id)",
    "a guardian that ended": "FROM guardianship WHERE valid_to IS NOT NULL",
    "a guardian that came back": "FROM guardianship g JOIN guardianship h ON h.guardian_id = g.guardian_id"
    " AND h.student_id = g.student_id AND h.id <> g.id",
    "a role that ended": "FROM role_assignment WHERE valid_to IS NOT NULL",
    "a role given twice": "FROM role_assignment r JOIN role_assignment s ON s.id > r.id AND s.account_id = r.account_id"
    " AND s.role = r.role AND s.person_id = r.person_id",
    "another class teacher": "FROM class_leading WHERE valid_to IS NOT NULL",
    "a class teacher for no day": "FROM class_leading WHERE valid_to = valid_from",
    "a substitute": "FROM course_teacher WHERE valid_to > valid_from",
    "a teacher who has other roles only": "FROM course_teacher t JOIN role_assignment r ON r.person_id = t.person_id"
    " WHERE NOT EXISTS (SELECT 1 FROM role_assignment s WHERE s.person_id = t.person_id AND s.role = 'teacher')",
    "a substitute for no day": "FROM course_teacher WHERE valid_to = valid_from",
    "a group with a course and no class": "FROM course WHERE class_id IS NULL",
    "half of a class": "FROM course c JOIN school_class k ON k.id = c.class_id WHERE c.group_id <> k.group_id",
    "a group of several classes": f"{_ENROLLED} JOIN enrollment f ON f.group_id = g.id JOIN enrollment h ON h.person_id ="
    " e.person_id JOIN school_class k ON k.group_id = h.group_id JOIN enrollment i ON i.person_id = f.person_id"
    " JOIN school_class m ON m.group_id = i.group_id WHERE m.id <> k.id AND g.id NOT IN (SELECT group_id FROM school_class)",
    "a group without a course": "FROM study_group g WHERE NOT EXISTS (SELECT 1 FROM course c WHERE c.group_id = g.id)"
    " AND NOT EXISTS (SELECT 1 FROM school_class c WHERE c.group_id = g.id)",
    "a course without marks": "FROM course WHERE NOT graded",
    "a subject that nobody teaches": "FROM subject s WHERE NOT EXISTS (SELECT 1 FROM course c WHERE c.subject_id = s.id)",
    "two years": "FROM academic_year y JOIN academic_year z ON z.school_id = y.school_id AND z.id <> y.id",
    "two schemes of periods": "FROM period_scheme s JOIN period_scheme t ON t.year_id = s.year_id AND t.id <> s.id",
    "a closed period": "FROM period_lock",
    "holidays of one grade": "FROM holiday WHERE grade IS NOT NULL",
    "bells of a class": "FROM school_class WHERE bell_schedule_id IS NOT NULL",
    "a timetable that ended": "FROM timetable_version v JOIN timetable_slot s ON s.version_id = v.id WHERE v.valid_to IS NOT NULL",
    "a room": "FROM lesson WHERE room <> ''",
    "a topic": "FROM lesson WHERE topic <> ''",
    "homework with minutes": "FROM homework WHERE text <> '' AND minutes IS NOT NULL",
    "nothing set": "FROM homework WHERE nothing_set",
    "a second column": "FROM work WHERE ordinal = 2",
    "a kind of work of another weight": "FROM work w JOIN control_type t ON t.id = w.control_type_id WHERE NOT t.is_default",
    "a mark": "FROM mark",
    "a mark that does not count": "FROM mark WHERE hundredths IS NULL",
    "two marks in a cell": "FROM mark WHERE ordinal = 1",
    "a comment": "FROM mark WHERE comment <> ''",
    "a changed cell": "FROM cell WHERE changed",
    "a mark beside an absence": "FROM attendance a JOIN lesson l ON l.id = a.lesson_id JOIN work w ON w.lesson_id = l.id"
    " JOIN mark m ON m.work_id = w.id AND m.student_id = a.student_id WHERE a.code = 'н' AND w.ordinal = 1",
    "a lateness with minutes": "FROM attendance WHERE minutes IS NOT NULL",
    "an absence with a reason": "FROM attendance WHERE reason <> ''",
    "a mark on the first day of a membership": f"{_MARKED} AND e.valid_from = l.day",
    "a mark on the last day of a membership": f"{_MARKED} AND e.valid_to > l.day AND NOT EXISTS"
    " (SELECT 1 FROM lesson x WHERE x.day > l.day AND x.day < e.valid_to) AND e.valid_to <= (SELECT MAX(day) FROM lesson)",
    "a mark on the day on which a membership was ended": f"{_MARKED} AND e.valid_to = l.day",
    "an entry outside every membership": _OUTSIDE,
    "a remark": "FROM remark WHERE withdrawn_at IS NULL",
    "a remark that was withdrawn": "FROM remark WHERE withdrawn_at IS NOT NULL",
    "a week that a guardian has seen": "FROM acknowledgement",
    "names of another system": "FROM imported_id WHERE source <> 'oneroster:ais'",
    "a person whom a foreign system brought and who left": "FROM imported_id i JOIN person p ON p.uid = i.uid"
    " JOIN enrollment e ON e.person_id = p.id WHERE i.entity LIKE 'user@%' AND e.valid_to IS NOT NULL",
    "an account whom a foreign system brought and that is blocked": "FROM imported_id i JOIN account a ON a.uid = i.uid"
    " WHERE i.entity = 'account' AND a.blocked_at IS NOT NULL",
}


def cases(history: History) -> list[str]:
    """Which of the cases stand in this installation."""
    history.school = history.schools[0]
    return [name for name, sql in CASES.items() if history.rows(f"SELECT 1 {sql} LIMIT 1")]


class Installations:
    """Empty installations of one kind, each in a folder of its own, on the same day."""

    def __init__(self, templates, kind: str, folder: Callable[[], Path], stack: ExitStack) -> None:
        self._templates, self._kind, self._folder, self._stack = templates, kind, folder, stack
        self.folder = folder()

    def open(self, clock: SetClock) -> Database:
        url = self._stack.enter_context(self._templates.copy(self._kind, self._folder(), "nothing"))
        database = Database(url, clock)
        self._stack.callback(database.close)
        return database


@contextmanager
def installations(templates, kind: str, tmp_path_factory) -> Iterator[Installations]:
    with ExitStack() as stack:
        yield Installations(templates, kind, lambda: tmp_path_factory.mktemp("inverse"), stack)


def begun(at: Installations, random: Random, origin: str) -> History:
    """Two schools: the first made by the services or by a set of another system."""
    history = History(at.open(SetClock(BEGIN)), random)
    path = ORIGINS[origin]
    histories.imported(history, path) if path is not None else histories.found(history)
    histories.found(history)
    return history


def outcome(database: Database, path: Path) -> object:
    """What importing a set would do: (added, changed), or the problems for which it is refused."""
    try:
        report = import_oneroster(database, path, dry_run=True)
    except ImportRefused as refusal:
        return sorted(map(brief, refusal.problems))
    return report.added, report.changed


def check(at: Installations, history: History, origin: str) -> Database:
    """Both schools go out, into an empty installation, and out again; returns that installation."""
    clock = history.database.clock
    assert isinstance(clock, SetClock)
    second = at.open(SetClock(clock.moment))
    sets = [at.folder / f"first-{number}" for number, _school in enumerate(history.schools)]
    for school, path in zip(history.schools, sets, strict=True):
        export_oneroster(history.database, path, school.uid)
        import_oneroster(second, path)
    assert equal_schools.differences(history.database, second) == []
    uids = second.read(lambda one: one.exec_driver_sql("SELECT uid FROM school ORDER BY id").scalars().all())
    for number, (uid, path) in enumerate(zip(uids, sets, strict=True)):
        export_oneroster(second, at.folder / f"second-{number}", uid)
        assert differences(path, at.folder / f"second-{number}") == []
    for database in (second, history.database):
        for path in sets:
            assert outcome(database, path) == ({}, {})
    if ORIGINS[origin] is not None:
        assert outcome(second, ORIGINS[origin]) == outcome(history.database, ORIGINS[origin])
    return second


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_school_in_which_everything_has_happened_is_the_same_elsewhere(
    templates, database_kind, tmp_path_factory, origin
):
    with installations(templates, database_kind, tmp_path_factory) as at:
        history = begun(at, Random(origin), origin)
        history.live(list(EVERYTHING))
        second = check(at, history, origin)
        assert second.read(lambda one: list(verifying.verify(one))) == []


@pytest.mark.parametrize("origin", [name for name, path in ORIGINS.items() if path is not None])
def test_the_set_of_the_system_before_changes_nothing_after_a_move(templates, database_kind, tmp_path_factory, origin):
    """Moved once and once more: the set that the school came from, and the export of the first move, find it there."""
    path = ORIGINS[origin]
    with installations(templates, database_kind, tmp_path_factory) as at:
        history = begun(at, Random(origin), origin)
        second = check(at, history, origin)
        assert outcome(second, path) == ({}, {})
        third = at.open(SetClock(BEGIN))
        for number in (0, 1):
            import_oneroster(third, at.folder / f"second-{number}")
        for known in (path, at.folder / "first-0", at.folder / "second-0", at.folder / "first-1"):
            assert outcome(third, known) == ({}, {})


def test_any_school_is_the_same_elsewhere(templates, tmp_path_factory):
    """Any history of any length; it fails when one of the cases was not among them."""
    seen: Counter[str] = Counter()

    def live(random: Random, origin: str, length: int) -> list[str]:
        with installations(templates, "sqlite", tmp_path_factory) as at:
            history = begun(at, random, origin)
            history.live([random.choice(STEPS) for _step in range(length)])
            found = cases(history)
            seen.update(found)
            check(at, history, origin)
            return found

    @settings(max_examples=examples(9), suppress_health_check=list(HealthCheck))
    @given(st.randoms(use_true_random=False), st.sampled_from(sorted(ORIGINS)), st.integers(20, 80))
    def lived(random: Random, origin: str, length: int) -> None:
        for name in live(random, origin, length):
            event(name)

    lived()
    for seed in range(MORE):  # a few more, where chance has left a case out
        if CASES.keys() - seen.keys():
            live(Random(seed), sorted(ORIGINS)[seed % len(ORIGINS)], 80)
    assert CASES.keys() - seen.keys() == set()


Written = Callable[..., tuple[Database, Path, Database]]


@pytest.fixture
def written(templates, tmp_path_factory) -> Iterator[Written]:
    """Makes (a school after the steps that it is given, its export, an empty installation)."""
    with installations(templates, "sqlite", tmp_path_factory) as at:

        def write(*steps: histories.Step) -> tuple[Database, Path, Database]:
            history = History(at.open(SetClock(BEGIN)), Random(1))
            ref = histories.found(history)
            history.live(list(steps))
            export_oneroster(history.database, at.folder / "out", ref.uid)
            return history.database, at.folder / "out", at.open(SetClock(history.database.clock.now()))

        yield write


def test_who_is_blocked_gets_no_slip(written):
    first, path, second = written(histories.blocked)
    report = import_oneroster(second, path)
    sql = "SELECT login FROM account WHERE blocked_at IS NOT NULL"
    ((login,),) = rows(first, sql)
    assert rows(second, sql) == [(login,)]
    assert login not in {slip.login for slip in report.codes}
    assert len(report.codes) == report.added["accounts"] - 1


def test_an_entry_of_a_day_outside_the_membership_is_named(written):
    def marked_and_left(history: History) -> None:
        history.random = Random(2)
        while not history.rows(f"SELECT 1 {_OUTSIDE}"):
            histories.came_and_was_marked(history)

    _first, path, second = written(marked_and_left)
    notes = [note for note in import_oneroster(second, path).notes if note.column == "studentSourcedId"]
    assert len(notes) >= 1
    assert {note.file for note in notes} == {"results.csv"}


# Broken, no lists, too short, NUL, half a character, thousands of levels.
UNREADABLE = ("[[7", "{}", "7", "[7]", "[[]]", '[["\\u0000", "", ""]]', '[["\\ud800", "x", []]]', "[" * 50_000)


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("orgs", "metadata.ais.bells"),
        ("academicSessions", "metadata.ais.timetables"),
        ("classes", "metadata.ais.slots"),
        ("users", "metadata.ais.accounts"),
        ("users", "metadata.ais.guardians"),
    ],
)
def test_a_list_in_a_cell_that_cannot_be_read_is_a_problem(written, file, column):
    _first, path, second = written()
    lines = table(path, file)
    place = next(number for number, line in enumerate(lines) if file != "classes" or line["classType"] == "scheduled")
    for cell in UNREADABLE:
        lines[place][column] = cell
        put(path, file, lines)
        with pytest.raises(ImportRefused) as refusal:
            import_oneroster(second, path)
        assert (f"{file}.csv", place + 2, column) in {(one.file, one.row, one.column) for one in refusal.value.problems}
        assert rows(second, "SELECT 1 FROM school") == []


_CELLS = st.one_of(
    st.sampled_from(
        ["", "7", "-1", "н", "5", "true", "false", "group", "homeroom", "student", "teacher", "deputy", "ext:holiday"]
    ),
    st.sampled_from(
        ["2026-10-01", "2027-10-01", "0001-01-01", "9999-12-31", "2026-11-23T10:00:00+00:00", "99999999", "[]"]
    ),
    st.sampled_from(
        ['[["a", "b", false]]', '[["a", "x", []]]', '[["a", "2026-09-01", ""]]', '[["a", 1, 1, "5"]]', "=1", "'"]
    ),
    st.text(max_size=8),
)


def test_whatever_stands_in_the_cells_of_our_own_export_it_imports_or_is_refused(written):
    """Never a crash, never a part of it; a cell may also hold what another cell of its column holds."""
    _first, path, second = written(*EVERYTHING[: len(EVERYTHING) // 2])
    whole = {one.stem: table(path, one.stem) for one in path.glob("*.csv")}
    files = sorted(name for name, lines in whole.items() if lines)
    places = st.tuples(
        st.sampled_from(files), st.integers(0, 99), st.integers(0, 99), st.one_of(_CELLS, st.integers(0, 99))
    )

    @settings(max_examples=examples(40), suppress_health_check=list(HealthCheck))
    @given(st.lists(places, min_size=1, max_size=4))
    def changed(changes: list[tuple[str, int, int, str | int]]) -> None:
        for file in {file for file, *_rest in changes}:
            lines = [dict(line) for line in whole[file]]
            for of_file, row, column, value in changes:
                if of_file == file:
                    name = [name for name in lines[0] if any(line[name] for line in lines)]
                    name = name[column % len(name)]
                    said = lines[value % len(lines)][name] if isinstance(value, int) else value
                    lines[row % len(lines)][name] = said
            put(path, file, lines)
        with suppress(ImportRefused):
            import_oneroster(second, path, dry_run=True)
        for file in {file for file, *_rest in changes}:
            put(path, file, whole[file])
        assert rows(second, "SELECT 1 FROM school") == []

    changed()
    assert import_oneroster(second, path, dry_run=True).added["schools"] == 1


def put(path: Path, file: str, lines: list[dict[str, str]]) -> None:
    with (path / f"{file}.csv").open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, lines[0])
        writer.writeheader()
        writer.writerows(lines)


def test_a_name_of_another_system_never_means_a_row_that_is_not_in_the_set(written):
    """A set that calls a foreign user's account by the uid that an account has here would take it over."""
    _first, path, second = written()
    histories.found(History(second, Random(3)))
    ((stranger, _id),) = rows(second, "SELECT uid, MIN(id) FROM account")
    name = {
        "source": "oneroster:abc",
        "entity": "account",
        "scope": "",
        "sourceId": "w-1",
        "sourcedId": "",
        "state": "",
    }
    own = table(path, "aisSources")
    put(path, "aisSources", [*own, name | {"sourcedId": stranger}])
    report = import_oneroster(second, path, dry_run=True)
    assert codes.NAME_OF_NOTHING in {note.code for note in report.notes}
    put(path, "aisSources", [*own, name | {"state": stranger}])
    with pytest.raises(ImportRefused) as refusal:
        import_oneroster(second, path)
    assert [(one.file, one.column) for one in refusal.value.problems] == [("aisSources.csv", "state")]


def test_a_missing_file_of_our_own_export_is_named(written):
    _first, path, second = written()
    names = sorted(one.name for one in path.glob("*.csv") if one.name != "manifest.csv")
    for name in names:
        hidden = (path / name).rename(path.parent / name)
        with pytest.raises(ImportRefused) as refusal:
            import_oneroster(second, path)
        assert name in {one.file for one in refusal.value.problems}
        hidden.rename(path / name)
    assert "aisRemarks.csv" in names
    assert "results.csv" in names
