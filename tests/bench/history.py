"""Earlier years of the large demonstration school, with their marks, absences and ledger: bulk-loaded for P-13.

The pupils of today went to school in the last ten of these years; before them there were others. The staff stays.
"""

from __future__ import annotations

from datetime import timedelta
from random import Random

from sqlalchemy import select

from ais_app.clock import SetClock
from ais_app.db import Database, UnitOfWork
from ais_app.db.columns import pairs, table, uid_of
from ais_app.journal.lessons.service import laying_out
from ais_app.people.models import Person
from ais_app.people.models import School as SchoolRow
from ais_app.people.rules import SchoolRef
from ais_app.rights.rules import operator
from ais_app.school import rules, service
from ais_app.school.models import BellSchedule, Subject
from ais_app.school.rules import PersonRef
from ais_app.setup.demo import founding, people
from ais_app.setup.demo.large import LargeKeeper, write_days
from ais_app.setup.demo.parts import LATE_WEEK

_school, _person, _subject, _bells = table(SchoolRow), table(Person), table(Subject), table(BellSchedule)
COHORT_YEARS = 10


def add_years(database: Database, years: range) -> None:
    """Write whole years before that of the large school which is there: `range(1, 5)` = the four just before it.

    Years that are there already are not written again: the later begins where the earlier stopped, at most at `COHORT_YEARS`.
    """
    roster = people.large_roster()
    present = founding.calendar(database.clock.now().date(), LATE_WEEK)
    cohort: list[PersonRef] = []
    for back in years:
        days = founding.calendar(present.first - timedelta(weeks=52 * back - 2), 1)
        source = Random(1_000 + back)
        clock = SetClock(founding.moment(days.first - timedelta(days=10), founding.time(12)))

        def make_uid(source: Random = source) -> str:
            return uid_of(source.randbytes(10))

        fresh = back > 1 and back % COHORT_YEARS == 1

        def found(uow: UnitOfWork, days=days, cohort=cohort, fresh=fresh) -> founding.Written:
            return _found_year(uow, days, roster, cohort, fresh=fresh)

        written = database.write(found, make_uid=make_uid, clock=clock)
        cohort = [ref for _pupil, ref in written.pupils]
        keeper = LargeKeeper(database, written, Random(2_000 + back), Random(3_000 + back), asides=False)
        write_days(database, keeper, list(founding.school_days(days, days.last + timedelta(days=1))))


def _found_year(
    uow: UnitOfWork, days: founding.Calendar, roster: people.Roster, cohort: list[PersonRef], *, fresh: bool
) -> founding.Written:
    row = uow.execute(select(_school)).one()
    actor, school = operator(), SchoolRef(row.id, row.uid, row.zone)
    written = founding.Written(school, days, roster)
    # The school's first people are its staff, then its pupils, in the order of the roster.
    known = [PersonRef(*one) for one in uow.execute(select(_person.c.id, _person.c.uid).order_by(_person.c.id))]
    written.staff = dict(zip(roster.staff, known, strict=False))
    refs = cohort or known[len(roster.staff) : len(roster.staff) + len(roster.pupils)]
    if fresh:
        names = [
            rules.PersonDraft(pupil.name.family, pupil.name.given, pupil.name.patronymic) for pupil in roster.pupils
        ]
        refs = service.add_people(uow, actor, school, names)
    written.pupils = list(zip(roster.pupils, refs, strict=True))
    year = service.add_year(uow, actor, school, founding.year_draft(days))
    bells = pairs(uow.execute(select(_bells.c.name, _bells.c.id)))
    founding.add_classes(uow, actor, written, year, bells)
    subjects = pairs(uow.execute(select(_subject.c.name, _subject.c.id)))
    slots = founding.add_courses(uow, actor, written, year, subjects)
    version = service.add_timetable(uow, actor, school, year.id, rules.DatedFrom(days.first), slots)
    laying_out.lay_out_lessons(uow, actor, school, version)
    return written
