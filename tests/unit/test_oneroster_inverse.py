"""Export and import are each other's inverse: for any school that the services can make, whatever has happened there."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from ais_app.clock import SetClock
from ais_app.db import Database
from ais_app.exchange.oneroster import ImportRefused, export_oneroster, import_oneroster
from ais_app.ledger import verifying
from tests.depth import EVERY_CHECK, examples
from tests.histories import BEGIN, EVERYTHING, STEPS, History
from tests.unit import equal_schools
from tests.unit.equal_sets import differences
from tests.unit.installations import ORIGINS, OUTSIDE, Installations, begun, installations
from tests.unit.whole_record import record_faults

MORE = 6  # histories that may follow the random ones until every case was among them
_ENROLLED = "FROM enrollment e JOIN study_group g ON g.id = e.group_id"
_TWICE = "FROM enrollment e JOIN enrollment f ON f.person_id = e.person_id"
_MARKED = (
    "FROM cell c JOIN work w ON w.id = c.work_id JOIN lesson l ON l.id = w.lesson_id JOIN course o ON o.id = l.course_id"
    " JOIN enrollment e ON e.group_id = o.group_id AND e.person_id = c.student_id AND e.valid_from < COALESCE(e.valid_to, '9999-12-31')"
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
    "an entry outside every membership": OUTSIDE,
    "a school with settings of its own": "FROM setting_value WHERE valid_from = '1900-01-01'",
    "a school that has set something else since": "FROM setting_value WHERE valid_from > '1900-01-01'",
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


def outcome(database: Database, path: Path) -> object:
    """What importing a set would do: (added, changed), or the problems for which it is refused."""
    try:
        report = import_oneroster(database, path, dry_run=True)
    except ImportRefused as refusal:
        return sorted(map(str, refusal.problems))
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
    assert record_faults(history.database) == []
    assert record_faults(second) == []
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

    @settings(max_examples=examples(9), suppress_health_check=EVERY_CHECK)
    @given(st.randoms(use_true_random=False), st.sampled_from(sorted(ORIGINS)), st.integers(20, 80))
    def lived(random: Random, origin: str, length: int) -> None:
        for name in live(random, origin, length):
            event(name)

    lived()
    for seed in range(MORE):  # a few more, where chance has left a case out
        if CASES.keys() - seen.keys():
            live(Random(seed), sorted(ORIGINS)[seed % len(ORIGINS)], 80)
    assert CASES.keys() - seen.keys() == set()
