"""« Saisir la cellule »: a situation arrives, about one child or several of the same family.

Its sender makes the compartments, seals them to those who keep them, and re-reads for 15 minutes. One dossier and one key each, all or
none. A cell that takes calls is not among those it reaches: there a saisine is a call (`support.intake`), without the story of the facts
and with the person's agreement. Whoever may send the one may note the other: it is the same action.
"""

from dataclasses import astuple

from casework.charter import Programme
from casework.errors import InvalidInput
from casework.models.base import new_id
from casework.models.cells import Cell
from casework.models.content import ContactPoint, Person, Situation
from casework.models.dossiers import Dossier
from casework.services import submissions
from casework.services.actor import Actor
from casework.services.drafts import ChildDraft, ReferralDraft
from casework.services.reasons import choices
from casework.services.referral import arriving
from casework.services.referral.arriving import SEND
from casework.services.referral.referral_checks import MAX_CHILDREN, contact_kind, follows_youth, problems
from casework.services.referral.sent import family_of, receipt_of
from casework.services.referral.views import Receipt, ReferralPreparation
from casework.services.support.words import takes_calls
from casework.services.typed import MAX_FACTS, clean
from casework.services.unit import Unit, reading, writing
from casework.services.views import Choice

PHONE = "phone"
"""Code of `record_fields.CONTACTS`."""


def prepare(actor: Actor, cell: str = "", draft: ReferralDraft | None = None) -> ReferralPreparation:
    """The cells one may refer to in this way, and the closed lists of the one chosen: the cell named, or the only one there is.

    Cells that take calls are told apart, and never chosen. draft: what was typed so far, looked at without being sent. Raises NotFound
    when there is no cell of either sort.
    """
    with reading(actor, SEND) as unit:
        everywhere = arriving.cells(unit)
        unit.require([unit.situation(arriving.role(unit, each), each.programme) for each in everywhere])
        cells = [each for each in everywhere if not _by_call(unit, each)]
        calls = tuple(Choice(each.id, each.name) for each in everywhere if _by_call(unit, each))
        offered = tuple(Choice(each.id, each.name) for each in cells)
        chosen = next((each for each in cells if each.id == cell or len(cells) == 1), None)
        if chosen is None or cell in {each.code for each in calls}:
            return ReferralPreparation(offered, calls)
        programme = unit.charter.programmes[chosen.programme]
        return ReferralPreparation(
            cells=offered,
            calls=calls,
            cell=Choice(chosen.id, chosen.name),
            programme=programme.label,
            commune=chosen.commune,
            origins=choices(programme.origins),
            motives=choices(programme.motives),
            sexes=choices(unit.charter.vocabulary.sexes),
            contact=_contact(programme),
            minors=follows_youth(programme),
            max_facts=MAX_FACTS,
            max_children=MAX_CHILDREN,
            problems=problems(unit.charter, programme, draft, now=unit.now, contact=_contact(programme)) if draft else {},
        )


def send(actor: Actor, draft: ReferralDraft) -> Receipt:
    """Send a saisine. The same submission twice makes one. Raises InvalidInput with what is wrong in each field of each child.

    Raises NotFound for a cell that takes calls, as for one that does not exist.
    """
    return submissions.once(lambda: _send(actor, draft))


def _send(actor: Actor, draft: ReferralDraft) -> Receipt:
    with writing(actor, SEND) as unit:
        cell = next((each for each in arriving.cells(unit) if each.id == draft.cell and not _by_call(unit, each)), None)
        unit.require([unit.situation(arriving.role(unit, cell), cell.programme)] if cell is not None else [])
        assert cell is not None  # noqa: S101 - without a cell there is no permit
        token = submissions.token(actor, draft.submission, [str(value) for value in astuple(draft)])
        sent = family_of(unit, token) or _create_all(unit, cell, draft, token)
        return receipt_of(unit, cell, sent, sent[0])


def _by_call(unit: Unit, cell: Cell) -> bool:
    return takes_calls(unit.charter.programmes[cell.programme])


def _contact(programme: Programme) -> str:
    """`contact` where the programme keeps a phone; nothing elsewhere: a safe contact is told to a call."""
    return "contact" if contact_kind(programme) == "contact" else ""


def _create_all(unit: Unit, cell: Cell, draft: ReferralDraft, token: str) -> list[Dossier]:
    programme = unit.charter.programmes[cell.programme]
    if not programme.opened:
        raise InvalidInput({"cell": programme.refusal})
    found = problems(unit.charter, programme, draft, now=unit.now, contact=_contact(programme))
    if found:
        raise InvalidInput(found)
    shared = {
        "origin": draft.origin,
        "motives": " ".join(dict.fromkeys(draft.motives)),
        "facts": clean(draft.facts),
        "reported_by": f"{unit.actor.name}, {unit.actor.function}",
        "informed": "yes" if draft.informed else "no",
    }
    return [_create(unit, cell, child, shared, submissions.of_child(token, index)) for index, child in enumerate(draft.children)]


def _create(unit: Unit, cell: Cell, child: ChildDraft, shared: dict[str, str], submission: str) -> Dossier:
    dossier = arriving.receive(unit, cell, submission)
    names = {name: clean(getattr(child, name)) for name in ("first_name", "last_name", "commune")}
    person = {**names, "sex": child.sex, "birth_date": child.birth_date.isoformat() if child.birth_date else ""}
    arriving.put(unit, dossier, "identity", (Person(id=new_id(), version=1), person))
    arriving.put(unit, dossier, "confidential", (Situation(id=new_id(), version=1), shared))
    if said := clean(child.contact):
        arriving.put(unit, dossier, "contact", (ContactPoint(id=new_id(), version=1), {"label": PHONE, "value": said}))
    return dossier
