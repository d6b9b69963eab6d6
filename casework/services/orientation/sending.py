"""Proposing and sending an orientation: an extract of its own, sealed to its recipient and to its sender, and the first dated steps.

Source: decision 5; charter, articles 7 and 26. What was sent is never edited: a mistake is withdrawn and sent again.
"""

from casework.errors import InvalidInput
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.orientations import ReferralOut
from casework.services import submissions
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.keys import compartments
from casework.services.keys.compartments import Grant
from casework.services.keys.keychain import PARTNER
from casework.services.orientation import contacts, steps, targets, telling
from casework.services.orientation.offering import GIVE, Checked, checked, proposal
from casework.services.orientation.targets import Target
from casework.services.orientation.telling import PERSON
from casework.services.orientation.views import OrientationDraft
from casework.services.safety import rules
from casework.services.sharing import extracts
from casework.services.sharing.recipients import EXTRACT
from casework.services.support import agreements
from casework.services.support.words import GIVEN, NOT_SOUGHT, REFUSED
from casework.services.unit import Unit, writing
from casework.wording import says

AUTHOR = "author"


def propose(actor: Actor, number: str, need: str, to: str) -> str:
    """Note an orientation to be talked about with the person; nothing is sent, no content is made. Returns its id.

    Raises NotFound, PersonLeft once the person withdrew their agreement, or InvalidInput for a need or a target of no list.
    """
    with writing(actor, GIVE) as unit:
        held = find(unit, number)
        rules.still_agrees(held)
        unit.require(held.situations())
        if need not in unit.charter.meetings.needs:
            raise InvalidInput({"need": says("Choisissez un besoin de la liste.")})
        referral = _row(unit, held.dossier, new_id(), need, targets.chosen(held, to))
        unit.session.add(referral)
        unit.session.flush()
        unit.session.add(steps.first(referral, unit.now, actor.user_id))
        unit.trace.facts["orientation"] = referral.id
        return referral.id


def send(actor: Actor, number: str, draft: OrientationDraft) -> str:
    """Send an orientation, or one that was proposed, with the copies that were chosen; returns its id. Sent twice is sent once.

    Raises NotFound for whoever may not or an orientation of another dossier, PersonLeft once the person withdrew their agreement,
    InvalidInput with what is wrong in each field: among them a person who refuses, and a recipient who cannot be chosen.
    """
    with writing(actor, GIVE) as unit:
        held = find(unit, number)
        rules.still_agrees(held)
        unit.require(held.situations())
        chosen = (number, draft.need, draft.to, draft.intro, draft.agreement, draft.unasked, *sorted(draft.pieces))
        referral_id = draft.referral or submissions.token(actor, draft.submission, chosen)
        referral = steps.locked(unit.session, referral_id)
        sent_already = referral is not None and referral.dossier_id == held.dossier.id and referral.extract_id is not None
        if sent_already and draft.agreement != REFUSED:
            return referral_id  # the same form again
        found = checked(held, draft)
        if draft.referral:
            proposal(held, draft.referral)
        referral = _sent(held, referral_id, referral, found)
        state = NOT_SOUGHT if found.due else GIVEN
        agreements.keep(unit, held.dossier.id, state, reason=draft.unasked, referral_id=referral.id)
        telling.tell(unit, telling.recipients(unit.session, referral, unit), telling.ADDRESSED, referral, number, by=actor.user_id)
        unit.trace.show(number, EXTRACT, *found.kinds)
        unit.trace.facts |= {"orientation": referral.id, "holder": referral.holder_id or referral.service_id or ""}
        return referral.id


def _sent(held: Held, referral_id: str, proposed: ReferralOut | None, found: Checked) -> ReferralOut:
    """The extract, the row as it is once it was sent, and its steps."""
    unit, target = held.unit, found.target
    content = compartments.make(unit, held.dossier, EXTRACT, _grants(unit, referral_id, target), owner=referral_id)
    extracts.fill(unit, content, found.items)
    referral = proposed or _row(unit, held.dossier, referral_id, found.need, target)
    done = list(steps.of(unit.session, referral_id))
    referral.status, referral.sent_at, referral.extract_id = steps.SENT, unit.now, content.scope
    referral.channel, referral.holder_id = target.channel, target.holder_id
    referral.service_id, referral.institution_id = target.service_id, target.institution_id
    if proposed is None:
        unit.session.add(referral)
    else:
        referral.need, referral.author_id, referral.version = found.need, unit.actor.user_id, referral.version + 1
    unit.session.flush()
    if not done:
        done.append(steps.first(referral, referral.created_at, referral.author_id))
        unit.session.add(done[0])
    leaving = steps.sent(referral, len(done) + 1, unit.now, unit.actor.user_id)
    unit.session.add(leaving)
    if found.contact is not None:
        unit.session.add(contacts.put(content, leaving, found.contact))
    return referral


def _grants(unit: Unit, referral_id: str, target: Target) -> list[Grant]:
    """The sender's box, and the recipient's: a ring's as long as the orientation lives, a person's no longer than their habilitation."""
    mine = Grant(unit.actor.user_id, to_ring=False, title=AUTHOR, reference=referral_id)
    if target.epoch_id is not None:
        return [mine, Grant(target.epoch_id, to_ring=True, title=PARTNER, reference=referral_id)]
    if target.channel == PERSON and target.holder_id is not None:
        return [mine, Grant(target.holder_id, to_ring=False, title=PARTNER, until=target.until, reference=referral_id)]
    return [mine]


def _row(unit: Unit, dossier: Dossier, referral_id: str, need: str, target: Target) -> ReferralOut:
    return ReferralOut(
        id=referral_id, version=1, item_id=None, dossier_id=dossier.id, institution_id=target.institution_id,
        service_id=target.service_id, need=need, status=steps.PROPOSED, author_id=unit.actor.user_id, created_at=unit.now,
    )  # fmt: skip
