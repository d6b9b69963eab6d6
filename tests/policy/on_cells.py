"""What somebody does with a cell, an account, the journal, their own day: the real verbs. True when it was done."""

import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import date

from casework import services
from casework.errors import SessionEnded
from casework.services.directory.views import DirectoryQuery, ServiceDraft
from casework.services.drafts import AccessQuery, ChildDraft, ReferralDraft
from casework.services.membership.cells import NewCell
from casework.services.offices.accounts import NewAccount
from casework.services.support.drafts import CallDraft
from casework.services.support.words import takes_calls
from tests.house import END
from tests.policy.application import NEWCOMER, RECEIVER, TOWN, UNCERTIFIED, persona
from tests.policy.places import Place, serve


def refer(place: Place) -> bool:
    """`referral.send`: a saisine, which is a call in a programme that takes them. Whoever may send one there may note it so."""
    programme = place.town.law.programmes[place.at.programme]
    if takes_calls(programme):
        return bool(services.intake.send(place.actor, called(place.cell)).number)
    child = ChildDraft("Théodule", "Quibérac", "m", date(2005, 4, 5), "Valmorel-sur-Orle")
    origin, motive = next(iter(programme.origins)), next(iter(programme.motives))
    draft = ReferralDraft(place.cell, (child,), origin, (motive,), "Des faits.", informed=True, submission=secrets.token_hex(16))
    return bool(services.referrals.send(place.actor, draft).number)


def called(cell: str) -> CallDraft:
    """A call, whether or not the cell has a service that keeps a safe contact."""
    return CallDraft(
        cell, "given", secrets.token_hex(16), origin="person", channel="in_person", last_name="Quibérac", first_name="Théodule", sex="m",
        commune="Valmorel-sur-Orle", needs=("rights",),
    )  # fmt: skip


def cell_page(place: Place) -> bool:
    """`cell.read`."""
    return bool(services.cell_rosters.page(place.actor, place.cell).members)


def admit(place: Place) -> bool:
    """`member.admit`."""
    services.cells.admit(place.actor, place.cell, NEWCOMER, "member", act="acte 7", until=END)
    return True


def end_member(place: Place) -> bool:
    """`member.end`."""
    services.departures.end(place.actor, place.cell, place.town.house.actors[RECEIVER].user_id)
    return True


def take_charge(place: Place) -> bool:
    """`cell.take_charge`, of the cell nobody keeps."""
    services.cells.take_charge(place.actor, place.cell)
    return True


def elected(place: Place) -> bool:
    """`ring.elected`."""
    services.rings.switch_on_elected(place.actor, place.cell)
    return True


def service(place: Place) -> bool:
    """`ring.service`, with a colleague."""
    return bool(services.service_rings.make(place.actor, place.cell, [place.town.house.actors[RECEIVER].user_id]))


def stand_in(place: Place) -> bool:
    """A keeper stands in: where the service may compose its team, they are of it."""
    if place.at.position != "service":
        serve(place)
    other = place.town.keeper(place.at.programme).user_id
    services.service_rings.stand_in(place.actor, place.cell, other, date(2026, 3, 10), date(2026, 3, 20))
    return True


def duty(place: Place) -> bool:
    """`ring.duty`."""
    services.duty.compose(place.actor, place.cell, [place.town.house.actors[RECEIVER].user_id])
    return True


def turn_rings(place: Place) -> bool:
    """`ring.turn`: a steward those of the cell, a service its own."""
    verb = services.service_rings.turn_after if place.at.position == "service" else services.turnover.turn_rings
    verb(place.actor, place.cell)
    return True


def cell_texts(place: Place) -> bool:
    """`ring.cell`."""
    services.cell_ring.make(place.actor, place.cell)
    return True


def accounts(place: Place) -> bool:
    """`account.read`."""
    return bool(services.rosters.directory(place.actor).accounts)


def create(place: Place) -> bool:
    """`account.create`."""
    return bool(services.accounts.create(place.actor, NewAccount("noe", "Noé", "m", "éducateur", "specialised_educator", TOWN)))


def certify(place: Place) -> bool:
    """`account.certify`."""
    services.accounts.certify(place.actor, UNCERTIFIED, place.town.read_aloud, act="acte 8", until=END)
    return True


def institution(place: Place) -> bool:
    """`institution.create`."""
    services.accounts.add_institution(place.actor, "Collège des Tilleuls", "school")
    return True


def found(place: Place) -> bool:
    """`cell.found`."""
    programme, keeper = next(iter(place.town.keepers.items()))
    new = NewCell("neuve", "Cellule neuve", programme, "Valmorel-sur-Orle", (keeper,), "acte 9", END)
    return bool(services.cells.found(place.actor, new))


def oversight(place: Place) -> bool:
    """`ring.oversight`."""
    services.rings.open_oversight(place.actor, [persona("auditor")])
    return True


def journal(place: Place) -> bool:
    """`ledger.read`."""
    return services.accesses.read(place.actor, AccessQuery()).count > 0


def look_up(place: Place) -> bool:
    """`directory.read`."""
    return services.catalogue.find(place.actor, DirectoryQuery()).count == 0


def list_service(place: Place) -> bool:
    """`directory.keep`."""
    return bool(
        services.upkeep.add(
            place.actor, ServiceDraft(name="Forum emploi", institution="L’Étape", needs=("training",), address="3 rue de l’Écluse")
        )
    )


def review(place: Place) -> bool:
    """`urgent.review`."""
    return services.urgent_review.waiting(place.actor) is not None


def search(place: Place) -> bool:
    """`dossier.search`."""
    return services.finding.search(place.actor, "Quibus") is not None


def day(place: Place) -> bool:
    """`day.read`."""
    return services.day.read(place.actor) is not None


def draft(place: Place) -> bool:
    """`draft.write`: kept, and opened again."""
    services.saved_drafts.keep(place.actor, "note", "", [("body", "Un brouillon.")])
    return services.saved_drafts.opened(place.actor, "note", "") is not None


def sign(place: Place) -> bool:
    """`charter.sign`."""
    services.signatures.sign(place.actor, read=True)
    return True


def sign_in(place: Place) -> bool:
    """`session.sign_in`, under the charter of the place."""
    house = replace(place.town.house, instance=place.actor.instance)
    return house.sign_in(persona(place.at.profession)).profession == place.at.profession


def sign_out(place: Place) -> bool:
    """`session.sign_out`: the session does not resume."""
    secret = services.sessions.start(place.actor)
    services.sessions.end(place.actor.instance, secret)
    with suppress(SessionEnded):
        return services.sessions.resume(place.actor.instance, secret) is None
    return True
