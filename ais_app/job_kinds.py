"""Every kind of job that a room declares, by its name in the table of jobs."""

from ais_app.jobs.declared import by_name
from ais_app.rooms import ROOMS

JOB_KINDS = by_name(*(room.jobs for room in ROOMS))
