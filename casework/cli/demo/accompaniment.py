"""Victim support as it stands today: two calls just noted, orientations at several steps, a link, a consigne, a wall."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from casework import services
from casework.cli.demo.founding import Town
from casework.cli.demo.people import NORTH, VICTIMS, Cell, members, stewards
from casework.cli.demo.script import DossierPlan
from casework.services import Actor
from casework.services.orientation.views import OrientationDraft, OrientationQuery
from casework.services.partner.views import REFERRAL, About
from casework.services.safety.addressing import ConsigneDraft
from casework.services.support.drafts import CallDraft
from casework.services.wall.walling import WallDraft

CALLS = (
    CallDraft(
        "", "given", "", origin="national_police", channel="call", value="06 39 98 64 27", hours="lundi et jeudi 14h-16h",
        code_word="le panier de prunes", introduction="Hélène, de la bibliothèque", limits=("no_message",), last_name="Aubrevaise",
        first_name="Ermentrude", sex="f", commune="Valmorel-sur-Orle", needs=("rights", "housing"), children="2016, 2019",
    ),
    CallDraft(
        "", "not_sought", "", origin="national_police", channel="call", value="06 39 98 64 58", hours="mercredi 9h-11h",
        must_not_answer="Une voix d’homme", reason="called_by_other", last_name="Montclairval", first_name="Philiberte", sex="f",
        commune="Valmorel-sur-Orle", needs=("listening",),
    ),
)  # fmt: skip
"""What the police referent noted: one person agreed, the other was not asked yet."""

VICTIM_SUPPORT, WITHOUT_ACCOUNT = "Permanence d’aide aux victimes", "Épicerie solidaire"
NEEDS = {VICTIM_SUPPORT: "victim_support", WITHOUT_ACCOUNT: "money"}
INTROS = (
    "Un premier rendez-vous dans la quinzaine, de préférence en matinée.",
    "Expliquer les démarches possibles ; la personne vient avec sa sœur aînée.",
    "Deux colis par mois, à retirer le vendredi.",
)
"""One sentence for each orientation, written nowhere else."""

THROUGH = "Ludmilla Sarrevigne, Association Rive Claire"
WALLED = "edwige.tournelac"


def accompany(town: Town, plans: Sequence[DossierPlan], numbers: Mapping[int, str]) -> tuple[dict[str, CallDraft], set[str]]:
    """Play it, a few minutes apart.

    Returns the calls by the number of the dossier that each made, and what else was typed, to be looked for at rest: no dossier keeps it.
    """
    town.at(_morning(town))
    called = _note_calls(town)
    north, victims = _followed(town, plans, numbers, NORTH), _followed(town, plans, numbers, VICTIMS)
    service = town.actors[members(VICTIMS.key, "victim_support")[-1].username]
    waiting, accepted, linked = INTROS
    for lead, number in north[-1:]:
        _orient(town, lead, number, VICTIM_SUPPORT, waiting)
    for lead, number in north[-2:-1]:
        _accept(town, service, _orient(town, lead, number, VICTIM_SUPPORT, accepted))
    for lead, number in victims[-1:]:
        orientation = _orient(town, lead, number, WITHOUT_ACCOUNT, linked)
        town.wait(60)
        services.making.make(lead, About(REFERRAL, orientation))
    for _lead, number in north[:1]:
        town.wait(300)
        services.addressing.set(service, ConsigneDraft(number, THROUGH))
    for _lead, number in north[1:2]:
        _wall(town, number)
    return called, {*INTROS, THROUGH}


def _morning(town: Town) -> datetime:
    """The next half past eight, when offices open."""
    now = town.clock.now()
    morning = now.replace(hour=7, minute=30, second=0, microsecond=0)
    return morning if morning > now else morning + timedelta(days=1)


def _note_calls(town: Town) -> dict[str, CallDraft]:
    called = {}
    (referent, *_others) = members(VICTIMS.key, "state_police")
    for call in CALLS:
        town.wait(900)
        draft = replace(call, cell=town.cells[VICTIMS.key], submission=services.entries.new_submission())
        called[services.intake.send(town.actors[referent.username], draft).number] = draft
    return called


def _followed(town: Town, plans: Iterable[DossierPlan], numbers: Mapping[int, str], cell: Cell) -> list[tuple[Actor, str]]:
    """The open dossiers of a cell, each with whoever leads it; nobody having withdrawn from them."""
    here = [
        each for each in plans if each.cell == cell.key and each.ends == "open" and not any(step.act == "withdraw" for step in each.steps)
    ]
    return [(town.actors[each.last_lead], numbers[each.index]) for each in here]


def _orient(town: Town, actor: Actor, number: str, service: str, intro: str) -> str:
    """The first piece and a sentence, with the person's agreement."""
    town.wait(240)
    offer = services.offering.prepare(actor, number, OrientationQuery(words=service))
    to = next(each.code for each in offer.services if each.name == service and not each.why)
    pieces, submission = tuple(each.id for each in offer.pieces[:1]), services.entries.new_submission()
    return services.sending.send(actor, number, OrientationDraft(NEEDS[service], to, pieces, intro, "given", "", submission))


def _accept(town: Town, actor: Actor, referral: str) -> None:
    """Opened, accepted, an appointment in three days."""
    town.wait(1200)
    services.receiving.read(actor, referral)
    services.receiving.take(actor, referral, "accepted")
    meets_at = (town.clock.now() + timedelta(days=3)).replace(hour=9, minute=30, second=0, microsecond=0)
    services.receiving.take(actor, referral, "appointment", meets_at=meets_at)


def _wall(town: Town, number: str) -> None:
    """Closed to a member of the cell who has an interest in it; the keys are turned at once."""
    steward = town.actors[stewards(NORTH.key)[0].username]
    services.walling.set(steward, number, WallDraft(WALLED, "relative"))
    services.conflicts.settle_pending(steward)
