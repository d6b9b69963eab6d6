"""Which volets of a dossier the actor may open as a form, and of which they may read the past."""

from casework.models.dossiers import Compartment
from casework.services.access import Held
from casework.services.record.record_fields import RECORDS

WRITE = "record.write"
HISTORY = "history.read"


def editable(held: Held, kind: str) -> bool:
    """Whether the charter lets the actor write this record, and what is there already they read."""
    spec = RECORDS.get(kind)
    if spec is None or not spec.declared(held.unit.charter.programmes[held.dossier.programme]):
        return False
    compartment = held.compartment(kind)
    return held.verdict(WRITE, kind).permitted and (compartment is None or held.key(compartment) is not None)


def has_past(held: Held, compartment: Compartment) -> bool:
    """Whether the actor reads this volet by a box of it, and the charter lets them read its past under that title."""
    titles = frozenset(box.title for box in held.boxes.get(compartment.id, ()))
    if not titles or held.key(compartment) is None:
        return False
    return held.unit.check(HISTORY, held.situations(compartment.kind, titles)).permitted
