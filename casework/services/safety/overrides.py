"""Setting a precaution aside: a coded reason in the ledger, the typed one sealed to oversight and its author, an alert."""

from collections.abc import Collection, Sequence
from datetime import UTC

from sqlalchemy import select

from casework.charter import agree
from casework.errors import InvalidInput, NotFound, TamperedError
from casework.models.dossiers import Dossier
from casework.models.support import PlannedContact
from casework.services import typed
from casework.services.access import Held, apart_from, shut
from casework.services.actor import Actor
from casework.services.attention import alerts
from casework.services.emergency.typed_reasons import FOR_AUTHOR, FOR_OVERSIGHT, open_as_oversight, open_mine, seal_twice
from casework.services.keys.certificates import OVERSIGHT, current_epoch
from casework.services.offices.people import UNKNOWN, Professional, professionals
from casework.services.safety import rules
from casework.services.safety.views import ContactDraft, OverrideLine
from casework.services.terms import refuse
from casework.services.unit import Unit, reading
from casework.vault.packing import pack
from casework.wording import says

REVIEW = "urgent.review"
ALERT = "contact_override"
SHORTEST, LONGEST = 20, 300
"""Characters of the typed reason."""
LATELY = 50
NO_OVERSIGHT = says("Aucun groupe de contrôle n’est en place : personne ne pourrait revoir ce passage outre.")


def covers(unit: Unit, contact: PlannedContact, wrong: Collection[str]) -> bool:
    """Whether the actor set aside each of these broken rules for this contact of theirs: a rule that came later was not, nor one that
    stands in the row without the reason they sealed for it.
    """
    if not set(wrong) <= set((contact.set_aside or "").split()):
        return False
    try:
        return not wrong or bool(open_mine(unit, contact.for_author or b"", context(unit, contact, FOR_AUTHOR)))
    except TamperedError:
        return False


def set_aside(held: Held, contact: PlannedContact, draft: ContactDraft, wrong: Sequence[str]) -> None:
    """Note on the row which rules are set aside and why, and tell the data-protection officers. wrong: the broken rules, no other.

    Raises InvalidInput: where one of them is never set aside, without a reason from the list and one in words, and when nobody could
    review them.
    """
    unit, text = held.unit, typed.clean(draft.text)
    refuse({"form": rules.said(wrong) if rules.WITHDRAWN in wrong else None})
    if not draft.override and not text:
        raise InvalidInput({"form": rules.said(wrong), "override": says("Pour passer outre, choisissez un motif et écrivez pourquoi.")})
    oversight = current_epoch(unit.session, OVERSIGHT, None)
    refuse({"form": NO_OVERSIGHT if oversight is None else None, **_wrong(unit, draft, text)})
    assert oversight is not None  # noqa: S101 - refused just above
    contact.override, contact.set_aside, contact.epoch_id = draft.override, " ".join(wrong), oversight.id
    contact.for_oversight, contact.for_author = seal_twice(unit, oversight, text, lambda reader: context(unit, contact, reader))
    alerts.tell(unit, alerts.protection_officers(unit), ALERT, number=held.dossier.number, reference=contact.id)
    unit.trace.facts["override"] = draft.override


def context(unit: Unit, contact: PlannedContact, reader: str) -> bytes:
    """What a typed reason is bound to: its row, whose it is, of which file, which code, how and when, and which rules.

    A row from before the rules were kept has none, and is bound without them.
    """
    moment = contact.planned_for.astimezone(UTC).isoformat()
    which = () if contact.set_aside is None else (contact.set_aside,)
    how = (contact.channel, contact.purpose, contact.recipient, moment, *which)
    return pack("contact", unit.instance.anchor.instance, contact.id, contact.dossier_id, contact.author_id, contact.override, *how, reader)


def waiting(actor: Actor) -> tuple[OverrideLine, ...]:
    """The precautions set aside, the newest first, for the data-protection officer; none of a dossier they are kept apart from.

    Raises NotFound for whoever reviews nothing.
    """
    with reading(actor, REVIEW) as unit:
        unit.require([unit.situation()])
        query = select(PlannedContact).where(PlannedContact.override.is_not(None), PlannedContact.dossier_id.not_in(apart_from(unit)))
        rows = unit.session.scalars(query.order_by(PlannedContact.created_at.desc(), PlannedContact.id).limit(LATELY)).all()
        unit.trace.hits = len(rows)
        return _lines(unit, rows)


def read(actor: Actor, contact_id: str) -> OverrideLine:
    """One of them with what was typed, opened with the oversight ring's secret.

    Raises NotFound for an unknown one, one of a dossier that one is kept apart from, one's own, or a ring one is not in; TamperedError for
    a row that was altered.
    """
    with reading(actor, REVIEW) as unit:
        unit.require([unit.situation()])
        contact = unit.session.get(PlannedContact, contact_id)
        shut(unit, contact.dossier_id if contact is not None else None)
        if contact is None or contact.author_id == actor.user_id or not (contact.for_oversight and contact.epoch_id):
            raise NotFound(unit.action)
        unit.trace.facts["contact"] = contact.id
        text = open_as_oversight(unit, contact.epoch_id, contact.for_oversight, context(unit, contact, FOR_OVERSIGHT))
        (line,) = _lines(unit, [contact], text)
        return line


def _wrong(unit: Unit, draft: ContactDraft, text: str) -> dict[str, str | None]:
    found = typed.problem(text, LONGEST, lines=True)
    if found is None and len(" ".join(text.split())) < SHORTEST:
        found = says("Dites en %(least)s caractères au moins pourquoi vous passez outre.", least=SHORTEST)
    return {
        "text": found,
        "override": None if draft.override in unit.charter.support.overrides else says("Choisissez un motif de la liste."),
    }


def _lines(unit: Unit, contacts: Sequence[PlannedContact], text: str = "") -> tuple[OverrideLine, ...]:
    """As many statements for many as for one. text: what was typed, of the one that is opened."""
    wanted = {each.dossier_id for each in contacts}
    numbers = {row.id: row.number for row in unit.session.execute(select(Dossier.id, Dossier.number).where(Dossier.id.in_(wanted)))}
    people = professionals(unit.session, unit.instance.anchor, {each.author_id for each in contacts})
    for number in numbers.values():
        unit.trace.show(number)
    return tuple(_line(unit, each, numbers[each.dossier_id], people.get(each.author_id, UNKNOWN), text) for each in contacts)


def _line(unit: Unit, contact: PlannedContact, number: str, person: Professional, text: str) -> OverrideLine:
    support = unit.charter.support
    return OverrideLine(
        id=contact.id, number=number, author=person.name, function=person.function, institution=person.institution,
        channel=agree(support.contact_channels[contact.channel].label, "n"), at=contact.planned_for, created_at=contact.created_at,
        reason=agree(support.overrides[contact.override or ""].label, "n"), text=text,
    )  # fmt: skip
