"""A dossier as one reader may see it: sections, timeline, people on the case."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

from casework.charter import Verdict, agree
from casework.models.dossiers import Compartment
from casework.services.access import Held, only_a_part, only_who
from casework.services.dossier import contents, last_look
from casework.services.dossier.banners import AGREEMENT, age_of, banners_of
from casework.services.dossier.readers import Holding, holdings
from casework.services.emergency import urgent_lines
from casework.services.offices.people import UNKNOWN, Professional, professionals
from casework.services.orientation import section
from casework.services.reasons import choice, reason
from casework.services.record.record_access import editable, has_past
from casework.services.safety import calling, consignes, safe_contact
from casework.services.sharing.letters import Letter, letter_of
from casework.services.support.awaiting import RECORD
from casework.services.views import DossierView, Field, Participant, Reason, SectionView
from casework.vault.content import ContentKey

ON_THE_CASE = ("lead", "shared", "service", "steward", "elected")
"""Titles that put somebody on the case. Authors of N2 and N3 are not told: their notes are theirs."""

AUTHOR = "author"

OFFERED = (
    "record.write", "share.give", "share.end", "extract.give", "history.read", "dossier.withdraw", "dossier.plan", "dossier.relead",
    "dossier.close", "referral.examine", "conflict.settle", "orientation.give", "agreement.withdraw", "purge.review", "contact.plan",
    "danger.report", "wall.set",
    "wall.link", "wall.stay", "release.warn",
)  # fmt: skip
"""Acts that the page of a dossier leads to, besides writing a note."""


def view_of(held: Held, verdict: Verdict) -> DossierView:
    """The whole page, and the trace of every compartment it shows."""
    unit, dossier = held.unit, held.dossier
    carried = section.carried(held)
    held = replace(held, compartments=tuple(each for each in held.compartments if each.id not in carried))
    verdicts = {each.id: held.readable(each) for each in held.compartments}
    keys = {each.id: held.keychain.open(box, each) for each in held.compartments if (box := verdicts[each.id][1]) is not None}
    if turned := [each.scope for each in keys.values() if each.version > 1]:
        held.keychain.learn_versions(turned)
    notes = contents.notes(held, keys)
    everybody = holdings(held)
    named = (each.user_id for each in everybody), (each.owner_id for each in held.compartments), (each.row.author_id for each in notes)
    people = professionals(unit.session, unit.instance.anchor, chain.from_iterable(named))
    written = Counter(note.row.compartment_id for note in notes)
    for compartment in held.compartments:
        if compartment.id in keys or written[compartment.id]:
            unit.trace.show(dossier.number, compartment.kind)
            unit.trace.facts[compartment.kind] = verdicts[compartment.id][0].rule
    texts = identity_of(held)
    banners = tuple(banners_of(held, texts, notes))
    awaited = (RECORD for each in banners if each.code == AGREEMENT)
    whole = DossierView(
        number=dossier.number,
        person=contents.full_name(texts) if texts else None,
        programme=unit.charter.programmes[dossier.programme].label,
        cell=held.cell.name,
        status=choice(unit.charter.vocabulary.statuses, dossier.status),
        lead=people[dossier.lead_id].name if dossier.lead_id in {each.user_id for each in everybody} else None,
        next_date=dossier.next_date,
        received_on=dossier.received_at.date(),
        opened_on=dossier.opened_at.date() if dossier.opened_at else None,
        reason=reason(unit, verdict),
        sections=tuple(_sections(held, keys, {id_: found for id_, (found, _) in verdicts.items()}, written, people)),
        timeline=contents.timeline(held, notes, people),
        participants=tuple(participants_of(held, everybody, people)),
        may_write=any(held.verdict("entry.write", kind).permitted for kind in unit.charter.vocabulary.kinds),
        age=age_of(held, texts),
        banners=banners,
        looked_at=last_look.of(unit, dossier.id),
        urgent=urgent_lines.on_dossier(held),
        may=frozenset(_may(held, [each.kind for each in held.compartments if each.id in keys])).union(awaited),
        call=calling.first_line(held),
        consigne=consignes.banner(held, notes),
        orientations=tuple(section.lines(held)),
    )
    kinds = {each.kind for each in held.compartments if each.id in held.boxes}
    if only_a_part(held.titles, kinds):
        return replace(_little(whole), person=None, age=None, part_only=True)
    return _little(whole) if only_who(held.titles, kinds) else whole


def _little(whole: DossierView) -> DossierView:
    """For somebody who passes by: the number and what they were given to read; not who else is there, nor since when."""
    return replace(
        whole,
        lead=None,
        next_date=None,
        received_on=None,
        opened_on=None,
        sections=tuple(each for each in whole.sections if each.readable),
        participants=(),
        banners=(),
        consigne=None,
    )


def _may(held: Held, kinds: list[str]) -> Iterator[str]:
    """The acts this page offers that the charter permits, on the dossier or on some compartment one reads."""
    actions = held.unit.charter.vocabulary.actions
    for action in OFFERED:
        if action == "contact.plan" and safe_contact.shut(held):
            continue
        places = kinds if actions[action].scope == "compartment" else ["none"]
        if any(held.verdict(action, kind).permitted for kind in places):
            yield action


def person_of(held: Held) -> str | None:
    """The name that heads the page, where identity is readable."""
    texts = identity_of(held)
    return contents.full_name(texts) if texts else None


def identity_of(held: Held) -> dict[str, str] | None:
    """Who the dossier is about, where identity is readable."""
    identity = held.compartment("identity")
    key = held.key(identity) if identity is not None else None
    if identity is None or key is None:
        return None
    return next(iter(contents.rows_of(held, identity, key)), None)


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
            letter = letter_of(held, compartment, key) if compartment.kind == "extract" else None
            known = people if letter is None else professionals(held.unit.session, held.unit.instance.anchor, [letter.other])
            fields = contents.fields_of(held, compartment, key)
            yield section_view(held, compartment, why, fields, written[compartment.id], known, letter)
        elif _known(held, compartment):
            yield section_view(held, compartment, None, (), 0, people)


def _known(held: Held, compartment: Compartment) -> bool:
    """Whether the actor may know that it exists. Being the author of one's own notes says nothing of somebody else's."""
    others = compartment.owner_id not in ("", held.unit.actor.user_id)
    titles = held.titles - {AUTHOR} if others else held.titles
    return held.unit.check("compartment.know", held.situations(compartment.kind, titles)).permitted


def section_view(
    held: Held, compartment: Compartment, why: Reason | None, fields: tuple[Field, ...], entries: int, people: Mapping[str, Professional],
    letter: Letter | None = None,
) -> SectionView:  # fmt: skip
    """One compartment for the screen: readable with its reason and fields, or known to exist and no more (`why` is None).

    letter: between whom an extract goes.
    """
    kind = held.unit.charter.vocabulary.kinds[compartment.kind]
    gender = held.unit.actor.gender
    return SectionView(
        kind=kind.code,
        label=agree(kind.label, gender),
        hint=agree(kind.hint, gender),
        readable=why is not None,
        reason=why,
        owner=people.get(letter.other if letter else compartment.owner_id, UNKNOWN).name if compartment.owner_id else None,
        fields=fields,
        entries=entries,
        given=letter is not None and letter.given,
        until=letter.until if letter else None,
        editable=why is not None and editable(held, kind.code),
        past=why is not None and has_past(held, compartment),
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
