"""What a job writes is its asker's, with the rights that he has when it is written."""

from __future__ import annotations

import pytest

from ais_app.access.queries import actor_of_author
from ais_app.rights.errors import NotYours
from ais_app.rights.rules import Role, operator, server


def found(database, clock, author):
    return database.read(actor_of_author, author, clock.now())


def test_the_author_of_a_job_acts_again(school, database, clock):
    director = school.actor("director", Role.DIRECTOR)
    assert found(database, clock, director.author) == director
    assert found(database, clock, operator().author) == operator()
    assert found(database, clock, server().author) == server()


def test_whose_role_has_ended_acts_no_more(school, database, clock):
    author = school.actor("director", Role.DIRECTOR).author
    database.write(lambda uow: uow.connection.exec_driver_sql("UPDATE role_assignment SET valid_to = valid_from"))
    with pytest.raises(NotYours):
        found(database, clock, author)
