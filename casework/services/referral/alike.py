"""Who may be followed already: dossiers of the same cell, among those I may read, with a name alike or the same birth date.

In memory, over identities that my own boxes open; never across cells (design §4).
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import select

from casework.models.dossiers import Dossier
from casework.services.access import Held
from casework.services.dossier.contents import born, full_name
from casework.services.reasons import choice
from casework.services.referral.views import Alike
from casework.services.search.names import Matcher
from casework.services.search.shelf import Shelf, Texts, visible

SHOWN = 10


def alike(held: Held, texts: Mapping[str, str]) -> tuple[Alike, ...]:
    """The likeliest first. texts: the identity of the dossier itself. Those shown are in the unit's trace."""
    unit, keychain = held.unit, held.keychain
    here = select(Dossier.id).where(Dossier.cell_id == held.cell.id, Dossier.id != held.dossier.id)
    others = select(Dossier.id).where(Dossier.id.in_(visible(unit, keychain)), Dossier.id.in_(here))
    found = sorted(_compared(held, Shelf(unit, keychain, others), texts), key=_likelihood)[:SHOWN]
    for each in found:
        unit.trace.show(each.number, "identity")
    return tuple(found)


def _compared(held: Held, shelf: Shelf, texts: Mapping[str, str]) -> Iterator[Alike]:
    asked = Matcher(full_name(texts))
    statuses = held.unit.charter.vocabulary.statuses
    for other in shelf:
        known: Texts | None = shelf.identity(other)
        if known is None:
            continue
        name = asked.rank(known["first_name"], known["last_name"]) is not None
        birth = known["birth_date"] != "" and known["birth_date"] == texts["birth_date"]
        if name or birth:
            yield Alike(other.dossier.number, full_name(known), born(known), choice(statuses, other.dossier.status), name, birth)


def _likelihood(each: Alike) -> tuple[bool, bool, str]:
    return not (each.name and each.birth), not each.name, each.number
