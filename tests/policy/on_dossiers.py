"""What somebody does with a dossier, for the actions of the charter that are about one: the real verbs. True when it was done."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from casework import services
from casework.errors import NotFound, SessionEnded
from casework.services import access
from casework.services.drafts import EntryDraft, ExaminationDraft
from casework.services.emergency.urgent import UrgentRequest
from casework.services.record.views import RecordRow
from casework.services.sharing.extracts import ExtractDraft
from casework.services.unit import reading
from tests.policy import on_meetings, on_support
from tests.policy.application import FIELDS, RECEIVER, persona
from tests.policy.places import GUEST, SHARE, Place, by_orientation

SOON = date(2026, 9, 1)
WHY = "La mère appelle : il n’est pas rentré et parle de partir."


def _on_call(place: Place) -> None:
    """Somebody has to review an accès urgent."""
    services.rings.open_oversight(place.town.house.actors[persona("dpo")], [persona("auditor")])


def _request(place: Place) -> UrgentRequest:
    return UrgentRequest(place.number, "", "", None, "runaway", WHY)


def keep(place: Place) -> bool:
    """No verb keeps for the sake of keeping: this is the question each of them asks before it turns, seals or hands on a key."""
    action = "urgent.read" if place.at.position == "duty" else "compartment.keep"  # a duty box is blind everywhere else
    with reading(place.actor, action) as unit:
        held = access.find(unit, place.number)
        return any(held.key(each, action="compartment.keep") is not None for each in held.compartments if _is_part(place, each.id))


def _is_part(place: Place, compartment_id: str) -> bool:
    return place.part is not None and place.part.id == compartment_id


def read(place: Place) -> bool:
    """`compartment.read`: its word is on the page; on call, inside an accès urgent; before a guest, on the projected view."""
    if place.at.position == GUEST:
        return on_meetings.projected(place)
    if by_orientation(place.row.action, place.at):
        return on_support.received(place)
    if place.at.position != "duty":
        view = services.dossiers.open(place.actor, place.number)
        return place.word in repr(view)
    _on_call(place)
    (opened,) = services.urgent.open(place.actor, _request(place))
    return place.word in repr(services.urgent.read(place.actor, opened))


def know(place: Place) -> bool:
    """`compartment.know`: the page says that there is one."""
    return any(each.kind == place.at.kind for each in services.dossiers.open(place.actor, place.number).sections)


def history(place: Place) -> bool:
    """`history.read`: the word is among what was written, where the programme has the field that it was written into."""
    changes = services.field_history.read(place.actor, place.number, place.at.kind).changes
    declared = {each.name.rpartition(".")[2] for each in place.town.law.programmes[place.at.programme].fields_of(place.at.kind)}
    written = {column for column, text in FIELDS.get(place.at.kind, {}).items() if not text}
    return place.word in repr(changes) or not declared & written  # a volet of notes alone has a past once one is corrected


def note(place: Place) -> bool:
    """Written as the form sends it; without a form, as somebody sends it who made their own."""
    actor, number, kind = place.actor, place.number, place.at.kind
    digests: dict[str, str] = {}
    nature = "observation"
    with suppress(NotFound):
        form = services.entries.compose(actor, number)
        digests, nature = {each.kind: each.digest for each in form.compartments}, form.kinds[0].code
    today = place.town.house.clock.now().date()
    draft = EntryDraft(nature, kind, today, "Une note.", secrets.token_hex(16), digests.get(kind, ""))
    return bool(services.entries.write(actor, number, draft))


def record(place: Place) -> bool:
    """`record.write`: the form saved, and read again."""
    actor, number, kind = place.actor, place.number, place.at.kind
    texts = {name: text or "Autre" for name, text in FIELDS.get(kind, {"label": ""}).items()}
    former = RecordRow("", 0, {})
    with suppress(NotFound):
        former = services.records.compose(actor, number, kind).rows[0]
    services.records.write(actor, number, kind, [RecordRow(former.id, former.version, dict(former.texts) | texts)])
    return "Autre" in repr(services.records.compose(actor, number, kind).rows)


def share(place: Place) -> bool:
    """`share.give`, to the receiver."""
    return bool(services.shares.give(place.actor, place.number, [place.at.kind], RECEIVER, until=None))


def unshare(place: Place) -> bool:
    """`share.end`, of the receiver’s."""
    services.shares.end(place.actor, place.number, SHARE)
    return True


def in_list(place: Place) -> bool:
    """`dossier.list`: the number is in it."""
    return any(each.number == place.number for each in services.dossiers.list_mine(place.actor).lines)


def opened(place: Place) -> bool:
    """`dossier.open`."""
    return services.dossiers.open(place.actor, place.number).number == place.number


def relead(place: Place) -> bool:
    """`dossier.relead`."""
    services.lifecycle.relead(place.actor, place.number, RECEIVER)
    return True


def withdraw(place: Place) -> bool:
    """`dossier.withdraw`."""
    services.conflicts.withdraw(place.actor, place.number)
    return True


def close(place: Place) -> bool:
    """`dossier.close`."""
    services.lifecycle.close(place.actor, place.number, next(iter(place.town.law.programmes[place.at.programme].closing_reasons)))
    return True


def plan(place: Place) -> bool:
    """`dossier.plan`."""
    services.lifecycle.plan(place.actor, place.number, SOON)
    return True


def examine(place: Place) -> bool:
    """`referral.examine`."""
    services.examination.decide(place.actor, place.number, ExaminationDraft("not_retained"))
    return True


def settle(place: Place) -> bool:
    """`conflict.settle`."""
    services.conflicts.settle(place.actor, place.number)
    return True


def turn_keys(place: Place) -> bool:
    """`keys.turn`."""
    services.turnover.turn_keys(place.actor, place.number)
    return True


def follow(place: Place) -> bool:
    """`referral.follow`."""
    return services.sent.follow(place.actor, place.number).number == place.number


def complement(place: Place) -> bool:
    """`referral.add`."""
    services.complements.add(place.actor, place.number, "Un complément.", secrets.token_hex(16))
    return True


def extract(place: Place) -> bool:
    """`extract.give`: the first piece one may choose; without a form, any."""
    pieces: tuple[str, ...] = (secrets.token_hex(16),)
    with suppress(NotFound):
        pieces = (services.extracts.prepare(place.actor, place.number).pieces[0].id,)
    return bool(services.extracts.give(place.actor, place.number, ExtractDraft(RECEIVER, pieces, "", None, secrets.token_hex(16))))


def unextract(place: Place) -> bool:
    """`extract.end`, of the receiver’s."""
    share = place.town.parts[place.at.programme, place.at.status, "extract"].owner
    services.extracts.end(place.actor, place.number, share)
    return True


def urgent(place: Place) -> bool:
    """`urgent.open`."""
    _on_call(place)
    return bool(services.urgent.open(place.actor, _request(place)))


def urgent_read(place: Place) -> bool:
    """Inside an access that was opened under a charter that refuses nothing: what is asked is whether it may be read."""
    _on_call(place)
    (opened,) = services.urgent.open(place.under(place.town.generous).actor, _request(place))
    return bool(services.urgent.read(place.actor, opened).sections)


def other_pages(place: Place) -> str:
    """Whatever else shows something of a dossier, its forms included, one after the other; what refuses shows nothing."""
    actor, number, kind = place.actor, place.number, place.at.kind
    pages: tuple[Callable[[], object], ...] = (
        lambda: services.dossiers.list_mine(actor),
        lambda: services.finding.search(actor, "Quibus"),
        lambda: services.day.read(actor),
        lambda: services.field_history.read(actor, number),
        lambda: services.entries.compose(actor, number),
        lambda: services.records.compose(actor, number, kind),
        lambda: services.shares.prepare(actor, number),
        lambda: services.extracts.prepare(actor, number),
        lambda: services.conflicts.prepare(actor, number),
        lambda: services.examination.prepare(actor, number),
        lambda: services.lifecycle.releading(actor, number),
        *on_meetings.other_pages(place),
    )
    shown = []
    for page in pages:
        with suppress(NotFound, SessionEnded):
            shown.append(repr(page()))
    return "\n".join((*shown, on_support.other_pages(place)))
