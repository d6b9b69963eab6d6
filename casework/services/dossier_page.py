"""A dossier as one reader may see it: sections, timeline, people on the case."""

from collections import Counter
from collections.abc import Iterator, Mapping

from casework.charter import Verdict, agree
from casework.models.dossiers import Compartment
from casework.services import contents
from casework.services.access import Held
from casework.services.people import UNKNOWN, Professional, professionals
from casework.services.readers import Holding, holdings
from casework.services.reasons import choice, reason
from casework.services.views import DossierView, Field, Participant, Reason, SectionView
from casework.vault.content import ContentKey

ON_THE_CASE = ("lead", "shared", "steward", "elected")
"""Titles that put somebody on the case. Authors of N2 and N3 are not told: their notes are theirs."""


def view_of(held: Held, verdict: Verdict) -> DossierView:
    """The whole page, and the trace of every compartment it shows."""
    unit, dossier = held.unit, held.dossier
    verdicts = {each.id: held.readable(each) for each in held.compartments}
    keys = {each.id: held.keychain.open(box, each) for each in held.compartments if (box := verdicts[each.id][1]) is not None}
    notes = contents.notes(held, keys)
    everybody = holdings(held)
    people = professionals(
        unit.session, unit.instance.anchor, [*(each.user_id for each in everybody), *(each.owner_id for each in held.compartments)]
    )
    written = Counter(note.row.compartment_id for note in notes)
    for compartment in held.compartments:
        if compartment.id in keys or written[compartment.id]:
            unit.trace.show(dossier.number, compartment.kind)
            unit.trace.facts[compartment.kind] = verdicts[compartment.id][0].rule
    return DossierView(
        number=dossier.number,
        person=person_of(held),
        programme=unit.charter.programmes[dossier.programme].label,
        cell=held.cell.name,
        status=choice(unit.charter.vocabulary.statuses, dossier.status),
        lead=people[dossier.lead_id].name if dossier.lead_id in people else None,
        next_date=dossier.next_date,
        received_on=dossier.received_at.date(),
        opened_on=dossier.opened_at.date() if dossier.opened_at else None,
        reason=reason(unit, verdict),
        sections=tuple(_sections(held, keys, {id_: found for id_, (found, _) in verdicts.items()}, written, people)),
        timeline=contents.timeline(held, notes),
        participants=tuple(participants_of(held, everybody, people)),
        may_write=any(held.verdict("entry.write", kind).permitted for kind in unit.charter.vocabulary.kinds),
    )


def person_of(held: Held) -> str | None:
    """The name that heads the page, where identity is readable."""
    identity = held.compartment("identity")
    key = held.key(identity) if identity is not None else None
    if identity is None or key is None:
        return None
    rows = contents.rows_of(held, identity, key)
    return contents.full_name(rows[0]) if rows else None


def _sections(
    held: Held,
    keys: Mapping[str, ContentKey],
    verdicts: Mapping[str, Verdict],
    written: Mapping[str, int],
    people: Mapping[str, Professional],
) -> Iterator[SectionView]:
    """Compartments in the charter's order; of those that may not be read, the ones whose existence may be known."""
    order = list(held.unit.charter.vocabulary.kinds)
    for compartment in sorted(held.compartments, key=lambda each: order.index(each.kind)):
        key = keys.get(compartment.id)
        if key is not None:
            why = reason(held.unit, verdicts[compartment.id])
            yield section_view(held, compartment, why, contents.fields_of(held, compartment, key), written[compartment.id], people)
        elif held.verdict("compartment.know", compartment.kind).permitted:
            yield section_view(held, compartment, None, (), 0, people)


def section_view(
    held: Held, compartment: Compartment, why: Reason | None, fields: tuple[Field, ...], entries: int, people: Mapping[str, Professional]
) -> SectionView:
    """One compartment for the screen: readable with its reason and fields, or known to exist and no more (`why` is None)."""
    kind = held.unit.charter.vocabulary.kinds[compartment.kind]
    gender = held.unit.actor.gender
    return SectionView(
        kind=kind.code,
        label=agree(kind.label, gender),
        hint=agree(kind.hint, gender),
        readable=why is not None,
        reason=why,
        owner=people.get(compartment.owner_id, UNKNOWN).name if compartment.owner_id else None,
        fields=fields,
        entries=entries,
    )


def participants_of(held: Held, everybody: list[Holding], people: Mapping[str, Professional]) -> Iterator[Participant]:
    """Who is on the case, the lead first, with the titles that make them so."""
    positions = held.unit.charter.vocabulary.positions
    titles: dict[str, set[str]] = {}
    for each in everybody:
        if each.title in ON_THE_CASE:
            titles.setdefault(each.user_id, set()).add(each.title)
    ranked = sorted(titles.items(), key=lambda item: (min(ON_THE_CASE.index(title) for title in item[1]), people[item[0]].name))
    for user_id, found in ranked:
        person = people[user_id]
        labels = tuple(agree(positions[title].label, person.gender) for title in ON_THE_CASE if title in found)
        yield Participant(person.name, person.function, person.institution, labels)
