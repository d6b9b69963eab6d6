"""What happens between the acts: people look at their lists, open dossiers, try doors that are not theirs; the auditor reads the log."""

import random

from casework import services
from casework.cli.demo.founding import Town
from casework.cli.demo.people import PERSONAS
from casework.cli.demo.script import DossierPlan, PlannedStep
from casework.errors import NotFound
from casework.services.drafts import AccessQuery

READS, TRIES = 0.2, 0.03
"""How often an act is preceded by a look at the dossier, and followed by somebody trying another cell's."""

UNREAD = frozenset({"refer", "call", "sibling", "complement", "take_up", "examine", "relead", "withdraw", "settle", "urgent", "review"})
"""Acts that need no look at the dossier, or come from somebody who cannot open it."""

AUDIT_EVERY = 14
"""Days between two readings of the log."""


class Life:
    """The reads and refusals of the town. They change no dossier: the access log alone shows them."""

    def __init__(self, town: Town, rng: random.Random) -> None:
        self._town = town
        self._rng = rng
        self._cells: dict[str, str] = {}
        self._audited = 0
        self._strangers = [each for each in PERSONAS if len(each.seats) == 1 and each.profession != "coordinator"]
        self._auditors = [each.username for each in PERSONAS if each.profession == "auditor"]
        self._elected = [each.username for each in PERSONAS if each.profession == "elected"]

    def before(self, step: PlannedStep, number: str | None) -> None:
        """Now and then an author opens the dossier before writing in it."""
        if number is None or self._rng.random() > READS or step.act in UNREAD:
            return
        actor = self._town.actors[step.username]
        services.dossiers.list_mine(actor)
        self._town.wait(15)
        services.dossiers.open(actor, number)

    def after(self, dossier: DossierPlan, step: PlannedStep, number: str) -> None:
        """Rarely somebody tries a dossier of another cell; every other week the auditor looks, and so do the elected."""
        self._cells[number] = dossier.cell
        if self._rng.random() < TRIES:
            self._try_a_door()
        if step.day >= self._audited + AUDIT_EVERY:
            self._audited = step.day
            self._look_over(number)

    def _try_a_door(self) -> None:
        person = self._rng.choice([each for each in self._strangers if each.username in self._town.actors])
        doors = [number for number, cell in self._cells.items() if not person.sits_in(cell)]
        if not doors:
            return
        self._town.wait(30)
        try:
            services.dossiers.open(self._town.actors[person.username], self._rng.choice(doors))
        except NotFound:
            return
        raise RuntimeError(f"{person.username} opened a dossier of another cell")

    def _look_over(self, number: str) -> None:
        self._town.wait(45)
        for username in self._auditors:
            services.accesses.read(self._town.actors[username], AccessQuery())
            services.accesses.read(self._town.actors[username], AccessQuery(dossier=number))
        for username in self._elected:
            actor = self._town.actors[username]
            lines = services.dossiers.list_mine(actor).lines
            if lines:
                services.dossiers.open(actor, self._rng.choice(lines).number)
