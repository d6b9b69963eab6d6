"""The rings of my service that I serve in now: whose permanences I see, and under which key their appointments lie.

Source: design §4 (service ring), decision 5, charter articles 18 and 30.
"""

from dataclasses import dataclass, field

from sqlalchemy import select

from casework.errors import NotFound, TamperedError
from casework.models.cells import Cell, Ring, RingEpoch
from casework.models.permanences import Permanence
from casework.services.keys.certificates import SERVICE, ring_holder
from casework.services.keys.epochs import former_epochs
from casework.services.keys.keychain import Keychain
from casework.services.unit import Unit
from casework.vault import aead
from casework.vault.content import ContentKey

READ, KEEP = "permanence.read", "permanence.keep"


@dataclass(frozen=True, slots=True)
class Team:
    """My service in one cell. Rows and keys: for services only."""

    unit: Unit
    cell: Cell
    epoch: RingEpoch
    keychain: Keychain
    keys: dict[str, ContentKey] = field(default_factory=dict)

    def key(self, epoch_id: str) -> ContentKey:
        """The key that links lie under since an epoch of this ring; former ones open through the newest, which keeps their secret.

        Raises TamperedError for an epoch of another ring.
        """
        if epoch_id not in self.keys:
            epoch = self.unit.session.get(RingEpoch, epoch_id)
            if epoch is None or epoch.ring_id != self.epoch.ring_id:
                raise TamperedError("an appointment is sealed to another ring")
            secret = aead.derive(self.keychain.ring_secret(epoch_id), "permanence")
            self.keys[epoch_id] = ContentKey(secret, instance=self.unit.instance.anchor.instance, scope=epoch_id, version=1)
        return self.keys[epoch_id]


def teams(unit: Unit) -> dict[str, Team]:
    """The rings of my institution that I am in now and the charter lets me act for, by cell.

    Raises NotFound where there is none, UncertifiedKey for a ring that nobody entitled made, TamperedError for a forged membership.
    """
    found = serving(unit, unit.action)
    unit.require(unit.situation(SERVICE, team.cell.programme) for team in found.values())
    unit.trace.facts["rings"] = "+".join(sorted(team.epoch.ring_id for team in found.values()))
    return found


def serving(unit: Unit, action: str) -> dict[str, Team]:
    """Those rings, for a page that is about more than permanences; none where there is none. Raises as `teams` else."""
    keychain = Keychain(unit)
    query = select(Cell, RingEpoch).join(Ring, Ring.cell_id == Cell.id).join(RingEpoch, RingEpoch.ring_id == Ring.id)
    mine = query.where(Ring.kind == SERVICE, Ring.dossier_id.is_(None), Ring.institution_id == unit.actor.institution_id)
    now = mine.where(Cell.id.in_(unit.facts.cells), RingEpoch.id.in_(keychain.holders), RingEpoch.id.not_in(former_epochs()))
    found: dict[str, Team] = {}
    for cell, epoch in unit.session.execute(now.order_by(Ring.id)):
        if unit.check(action, [unit.situation(SERVICE, cell.programme)]).permitted:
            keychain.ring_secret(epoch.id)
            ring_holder(unit.session, unit.instance.anchor, epoch)  # nothing is sealed under a ring that somebody planted
            found.setdefault(cell.id, Team(unit, cell, epoch, keychain))
    return found


def permanence_of(unit: Unit, found: dict[str, Team], permanence_id: str) -> tuple[Permanence, Team]:
    """A permanence of my service. Raises NotFound, alike for one of others. A writing unit holds the row: no slot is taken twice."""
    row = unit.session.get(Permanence, permanence_id, with_for_update=True if unit.writes else None, populate_existing=True)
    if row is None or row.cell_id not in found or row.institution_id != unit.actor.institution_id:
        raise NotFound(unit.action)
    if unit.writes:  # a leaf that shows whose an appointment is must not say where it is
        unit.trace.facts["permanence"] = row.id
    return row, found[row.cell_id]
