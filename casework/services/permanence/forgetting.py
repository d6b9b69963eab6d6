"""Who came to an appointment is forgotten some time after it: the sealed link goes, the slot and what became of it stay. No key is needed.

The row has no history; what the ledger keeps of the link is a digest. The delay is the town's own: `policies/support.yaml`.
"""

from dataclasses import asdict, dataclass

from sqlalchemy import select

from casework.ledger import Leaf, append
from casework.models.history import AUTHOR
from casework.models.permanences import Slot
from casework.services.offices.sweeping import PURPOSE, RULE, SYSTEM, Keyless
from casework.services.unit import collect_writes

ACTION = "jobs.permanences"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many appointments lost their link in one night."""

    links: int


def forget(system: Keyless) -> Forgotten:
    """Take the link to a person away from appointments past their time; rows and one leaf in one transaction.

    Raises LedgerUnavailable, with nothing taken away, when the leaf cannot be made durable.
    """
    instance = system.instance
    now = instance.clock.now()
    past = Slot.link.is_not(None) & (Slot.starts_at <= now - instance.charter.support.appointments)
    with instance.database.writing() as session:
        session.info[AUTHOR] = {"actor": SYSTEM, "action": ACTION, "issued_at": now.replace(tzinfo=None)}
        written = collect_writes(session)
        slots = session.scalars(select(Slot).where(past).order_by(Slot.permanence_id, Slot.id).with_for_update()).all()
        for slot in slots:
            slot.link, slot.epoch_id, slot.version = None, None, slot.version + 1
        session.flush()
        done = Forgotten(len(slots))
        append(
            session,
            Leaf(
                at=now, action=ACTION, outcome="authorised", purpose=PURPOSE, rule=RULE, charter=instance.charter.version, actor=None,
                institution=None, writes=written(), hits=done.links, facts=asdict(done),
            ),
        )  # fmt: skip
    return done
