"""Sharing: whoever holds a compartment gives it to a named person whom the charter lets read it, until a date."""

from datetime import datetime

from casework.charter import agree
from casework.errors import InvalidInput, NotFound
from casework.models.base import new_id
from casework.services import submissions
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.attention import alerts
from casework.services.dossier.dossier_page import person_of
from casework.services.keys import boxes
from casework.services.keys.certificates import user_holder
from casework.services.sharing import recipients
from casework.services.sharing.views import ShareOffer, SharePreview
from casework.services.typed import is_submission
from casework.services.unit import reading, writing
from casework.vault.content import ContentKey
from casework.vault.trust import Certified
from casework.wording import says

OPEN = "dossier.open"
GIVE = "share.give"
END = "share.end"
SHARED = "shared"
TOLD = "share_given"
ENDED = "share_ended"


def prepare(actor: Actor, number: str) -> ShareOffer:
    """What I may share, with whom, and what is shared already. Raises NotFound when there is nothing I may give or end here."""
    with reading(actor, OPEN) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        volets = recipients.volets(held)
        given, extracts = recipients.given(held), recipients.extracts_given(held)
        may_extract = held.verdict("extract.give").permitted
        if not (volets or given or extracts or may_extract):
            raise NotFound(GIVE)
        person, people = person_of(held), recipients.for_share(held, [each.kind for each in volets])
        unit.trace.show(number, *(("identity",) if person else ()))
        return ShareOffer(
            number=number,
            person=person,
            volets=volets,
            people=people,
            given=given,
            extracts=extracts,
            until=recipients.proposed_end(unit, people),
            today=recipients.today(unit),
            may_extract=may_extract,
        )


def preview(actor: Actor, number: str, kinds: list[str], to: str, *, until: datetime | None) -> SharePreview:
    """Exactly what the person would see, checked as `give` checks. Raises like it; shares nothing."""
    with reading(actor, OPEN) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        receiver, ends, _ = _checked(held, kinds, to, until)
        unit.trace.facts["holder"] = receiver.subject
        return SharePreview(
            number=number,
            to=recipients.described(unit, receiver),
            volets=tuple(each for each in recipients.volets(held) if each.kind in kinds),
            named="identity" in kinds or recipients.holds(held, receiver.subject, "identity"),
            known=recipients.known(held, receiver, kinds),
            until=recipients.paris_day(ends),
        )


def give(actor: Actor, number: str, kinds: list[str], to: str, *, until: datetime | None, submission: str = "") -> str:
    """Share compartments of a dossier with a member of its cell; returns the share's id. The same submission twice makes one share.

    until: None for as long as their habilitation. Raises NotFound for what one may not give or does not hold, InvalidInput when the
    charter does not let that person read a kind, after a personal link was declared, or for a date past or after their habilitation.
    """
    with writing(actor, GIVE) as unit:
        held = find(unit, number)
        receiver, ends, keys = _checked(held, kinds, to, until)
        share = submissions.token(actor, submission, (number, to, *sorted(kinds))) if is_submission(submission) else new_id()
        unit.trace.facts |= {"holder": receiver.subject, "share": share}
        unit.trace.show(number, *keys)
        if boxes.of_reference(unit, held.dossier.id, SHARED, share):
            return share
        holder = user_holder(unit.session, unit.instance.anchor, receiver.subject)
        places = {each.id: each for each in held.compartments}
        for content in keys.values():
            boxes.give(unit, places[content.scope], content, holder, SHARED, reference=share, until=ends)
        alerts.tell(unit, [receiver.subject], TOLD, number=number, reference=share)
        return share


def _checked(held: Held, kinds: list[str], to: str, until: datetime | None) -> tuple[Certified, datetime, dict[str, ContentKey]]:
    """The receiver, the last moment, and the key of each kind. Raises as `give` says."""
    keys = {kind: _key(held, kind) for kind in kinds}
    if not keys:
        raise InvalidInput({"kinds": says("Choisissez au moins un volet.")})
    receiver = recipients.receiver(held, to)
    ends = recipients.last_moment(held, receiver, until)
    for kind in keys:
        if not recipients.may_read(held, receiver.claims["profession"], kind):
            label = agree(held.unit.charter.vocabulary.kinds[kind].label, held.unit.actor.gender)
            raise InvalidInput({"kinds": says("La charte ne permet pas à cette personne de lire le volet « %(volet)s ».", volet=label)})
    return receiver, ends, keys


def _key(held: Held, kind: str) -> ContentKey:
    unit = held.unit
    if kind not in unit.charter.vocabulary.kinds:
        raise NotFound(unit.action)
    unit.require(held.situations(kind), action=GIVE)
    compartment = held.compartment(kind)
    content = held.key(compartment, action=GIVE) if compartment is not None else None
    if content is None:
        raise NotFound(unit.action)
    return content


def end(actor: Actor, number: str, share: str) -> None:
    """End a share: its boxes are deleted, nothing else changes. By whoever may give each of its parts, also once the dossier is closed."""
    with writing(actor, END) as unit:
        held = find(unit, number)
        given = boxes.of_reference(unit, held.dossier.id, SHARED, share)
        kinds = {compartment.kind for _, compartment in given if compartment.owner_id in ("", actor.user_id)}
        if not given or len(kinds) != len(given):
            raise NotFound(unit.action)
        for kind in sorted(kinds):
            unit.require(held.situations(kind))
            unit.trace.show(number, kind)
        for box, _ in given:
            unit.session.delete(box)
        alerts.tell(unit, {box.holder_id for box, _ in given}, ENDED, number=number, reference=share)
        unit.trace.facts |= {"ended": share}
