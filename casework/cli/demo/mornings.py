"""What people of the town do with what waits for them in « Mon jour »: they look, and what they have looked at waits no longer."""

from casework import services
from casework.cli.demo.founding import Town
from casework.errors import NotFound
from casework.services import Actor

WAITING = 3
"""Alerts that are left for whoever tries the town: the newest ones."""


def everybody_looks(town: Town) -> None:
    """Each person reads their day, and marks as seen all but the newest few of their alerts."""
    for actor in town.actors.values():
        try:
            _look(town, actor)
        except NotFound:  # who has left has no day
            continue


def _look(town: Town, actor: Actor) -> None:
    """A day shows only so many alerts at once, so it is read again until none but the newest wait."""
    town.wait(60)
    while old := services.day.read(actor).alerts[WAITING:]:
        for alert in old:
            town.wait(5)
            services.alert_reading.see(actor, alert.id)
