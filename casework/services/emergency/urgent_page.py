"""A dossier inside an opened accès urgent: the compartments a duty keeps, their fields and their notes, and no more."""

from collections.abc import Mapping

from casework.charter import agree
from casework.models.dossiers import Box, Compartment
from casework.services.access import Held
from casework.services.dossier import contents
from casework.services.emergency.views import UrgentSection, UrgentView
from casework.services.safety import calling
from casework.services.views import UrgentLine

MINUTE = 60


def view_of(held: Held, opened: Mapping[str, tuple[Compartment, Box]], access: UrgentLine) -> UrgentView:
    """The page, and the trace of every compartment it shows. opened: compartment id -> compartment and the duty box that opens it."""
    unit, dossier = held.unit, held.dossier
    keys = {id_: held.keychain.open(box, compartment) for id_, (compartment, box) in opened.items()}
    notes = [note for note in contents.notes(held, keys) if note.row.compartment_id in keys]
    person, sections = None, []
    order = list(unit.charter.vocabulary.kinds)
    for compartment, _ in sorted(opened.values(), key=lambda each: order.index(each[0].kind)):
        if compartment.kind == "identity":
            rows = contents.rows_of(held, compartment, keys[compartment.id])
            person = contents.full_name(rows[0]) if rows else None
        label = agree(unit.charter.vocabulary.kinds[compartment.kind].label, unit.actor.gender)
        sections.append(UrgentSection(compartment.kind, label, contents.fields_of(held, compartment, keys[compartment.id])))
        unit.trace.show(dossier.number, compartment.kind)
    return UrgentView(
        access=access,
        person=person,
        programme=unit.charter.programmes[dossier.programme].label,
        sections=tuple(sections),
        timeline=contents.timeline(held, notes, contents.authors_of(held, notes)),
        call=calling.first_line(held),
        left=-(-int((access.until - unit.now).total_seconds()) // MINUTE),
    )
