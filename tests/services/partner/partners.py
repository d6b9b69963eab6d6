"""The shortest way to an orientation sent by link, an action of an institution without an account, and a partner who opens it."""

from datetime import date

from casework import services
from casework.models.base import new_id
from casework.models.content import ExtractItem
from casework.models.orientations import PartnerLink, ReferralOut
from casework.services.access import find
from casework.services.actor import Actor
from casework.services.instance import Instance
from casework.services.keys import compartments
from casework.services.keys.compartments import Grant
from casework.services.keys.sealing import seal
from casework.services.partner.views import REFERRAL, About, LinkOnce, PartnerDraft
from casework.services.unit import writing
from tests.house import House

WORDS = "Madame souhaite un rendez-vous le matin, après neuf heures."
ACTION = "Proposer une visite de l’atelier du quai."
CONTACT = "Accueil, poste 12"
HERE = "198.51.100.7"


def orientation(by: Actor, number: str, words: str = WORDS) -> About:
    """An orientation to a service that signed nothing, with its extract, as it is when it was sent."""
    with writing(by, "orientation.give") as unit:
        held = find(unit, number)
        unit.require(held.situations())
        row_id = new_id()
        content = compartments.make(
            unit, held.dossier, "extract", [Grant(by.user_id, to_ring=False, title="author", reference=row_id)], owner=row_id
        )
        item = ExtractItem(id=new_id(), version=1, compartment_id=content.scope)
        seal(item, content, {"label": "Présentation", "text": words})
        unit.session.add(item)
        unit.session.add(
            ReferralOut(
                id=row_id, version=1, dossier_id=held.dossier.id, need="housing", status="sent", author_id=by.user_id, created_at=unit.now,
                channel="link", extract_id=content.scope, sent_at=unit.now,
            )
        )  # fmt: skip
        return About(REFERRAL, row_id)


def enter(house: House, made: LinkOnce, *, code: str = "", address: str = HERE) -> str:
    """A partner opens a link; the visit's cookie."""
    return services.entering.enter(house.instance, made.secret, code or made.code, address=address)


def wrong(made: LinkOnce, step: int = 1) -> str:
    """A code that is not this link's."""
    digits = made.code.replace(" ", "")
    return f"{(int(digits) + step) % 10 ** len(digits):0{len(digits)}}"


def accept(on: date | None = None) -> PartnerDraft:
    """An acceptance with a contact."""
    return PartnerDraft("accepted", on=on, text=CONTACT)


def link_rows(instance: Instance) -> int:
    """How many links the database holds."""
    with instance.database.reading() as session:
        return len(session.query(PartnerLink).all())
