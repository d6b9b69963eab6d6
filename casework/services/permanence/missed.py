"""Who did not come lately, for whoever follows them: the link of a missed appointment opens in their service, and its dossier is theirs."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from casework.models.dossiers import Dossier
from casework.models.permanences import Permanence, Slot
from casework.services.keys.keychain import Keychain
from casework.services.permanence import linking
from casework.services.permanence.booking import MISSED
from casework.services.permanence.teams import READ, serving
from casework.services.search.shelf import visible
from casework.services.unit import Unit

LATELY = timedelta(days=7)


def lately(unit: Unit, keychain: Keychain) -> Iterator[tuple[datetime, Dossier]]:
    """Appointments of the last days that a person whose dossier I lead did not come to. Nothing is opened where nobody missed one.

    Raises TamperedError when an appointment is not as it was sealed.
    """
    ours = (Permanence.institution_id == unit.actor.institution_id) & Permanence.cell_id.in_(unit.facts.cells)
    query = select(Slot, Permanence.cell_id).join(Permanence, Permanence.id == Slot.permanence_id)
    since = Slot.link.is_not(None) & (Slot.starts_at > unit.now - LATELY)
    rows = unit.session.execute(query.where(ours, Slot.state == MISSED, since).order_by(Slot.starts_at, Slot.id)).all()
    found = serving(unit, READ) if rows else {}
    when = [(slot.starts_at, linking.open_link(found[cell], slot).number) for slot, cell in rows if cell in found]
    if not when:
        return
    mine = visible(unit, keychain).where(Dossier.number.in_({number for _at, number in when}))
    led = select(Dossier).where(Dossier.id.in_(mine), Dossier.lead_id == unit.actor.user_id, Dossier.status == "open")
    dossiers = {each.number: each for each in unit.session.scalars(led)}
    yield from ((at, dossiers[number]) for at, number in when if number in dossiers)
