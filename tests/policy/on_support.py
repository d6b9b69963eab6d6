"""What somebody does for a victim, with an orientation, behind the wall: the real verbs. True when it was done.

An orientation is made of rows by whoever keeps the cell; its reference is the owner of the dossier's extract, as when it is sent.
"""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from datetime import date, timedelta

from sqlalchemy import select

from casework import services
from casework.errors import NotFound, SessionEnded, ThroughSomebody
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.orientations import ReferralOut
from casework.models.support import AddressingRule, Agreement, PurgeReview
from casework.models.walls import DossierLink
from casework.services.directory.views import ServiceDraft
from casework.services.keys import compartments
from casework.services.orientation.views import OrientationDraft, OrientationQuery
from casework.services.partner.views import REFERRAL, About
from casework.services.permanence.views import PermanenceDraft
from casework.services.safety.addressing import ConsigneDraft
from casework.services.safety.views import ContactDraft, DangerDraft
from casework.services.support.releases import ReleaseDraft
from casework.services.unit import Unit, writing
from casework.services.wall import staying
from casework.services.wall.linking import LinkDraft
from casework.services.wall.staying import Stay
from casework.services.wall.walling import WallDraft
from tests.policy.application import AUTHOR, persona
from tests.policy.places import PARTNER, REFERENCES, WITHOUT_BOX, Place, hold, orientation_of

NEED, INTRO = "housing", "Cherche un logement à deux pas de son travail."
WHY = "Seule assistante sociale du secteur : je continue avec les deux, séparément."
MONDAY = PermanenceDraft("", "Point-justice", 0, "9:00", "12:00", 30, date(2026, 3, 9))


def _kept(place: Place, action: str) -> AbstractContextManager[Unit]:
    """A unit of whoever keeps the cell."""
    return writing(place.town.keeper(place.at.programme), action)


def _dossier_id(place: Place) -> str:
    return place.town.dossiers[place.at.programme, place.at.status]


def agree(place: Place) -> bool:
    """`agreement.record`: the person accepts, who had not been asked."""
    with _kept(place, "agreement.record") as unit:
        unit.session.add(
            Agreement(
                id=new_id(), version=1, dossier_id=_dossier_id(place), referral_id=None, state="not_sought", reason="danger",
                due=unit.now.date() + timedelta(days=3), recorded_at=unit.now - timedelta(hours=1), author_id=unit.actor.user_id,
            )
        )  # fmt: skip
    services.agreements.record(place.actor, place.number, "given")
    return True


def end_follow_up(place: Place) -> bool:
    """`agreement.withdraw`."""
    services.withdrawing.withdraw(place.actor, place.number)
    return True


def review(place: Place) -> bool:
    """`purge.review`: its finding."""
    with _kept(place, "agreement.withdraw") as unit:
        due = unit.now.date() + timedelta(days=30)
        unit.session.add(
            PurgeReview(id=new_id(), version=1, dossier_id=_dossier_id(place), reason="withdrawn", opened_at=unit.now, due=due)
        )
    services.purging.decide(place.actor, place.number, "erase")
    return True


def pass_on(place: Place) -> bool:
    """`orientation.give`: sent to a service of the directory, with one sentence."""
    listed = services.upkeep.add(
        place.town.keeper(place.at.programme), ServiceDraft(name="Le Relais", institution="Les Amarres", needs=(NEED,), address="Quai")
    )
    draft = OrientationDraft(NEED, f"link::{listed}", (), INTRO, "given", "", secrets.token_hex(16))
    return bool(services.sending.send(place.actor, place.number, draft))


def orientation(place: Place, channel: str = "person") -> str:
    """An orientation of the row's dossier, opened and not answered; addressed to the row's person, or by link. Returns its id."""
    extract, found = place.town.parts[place.at.programme, place.at.status, "extract"], orientation_of(place)
    with _kept(place, "orientation.give") as unit:
        if unit.session.get(ReferralOut, found) is None:
            unit.session.add(
                ReferralOut(
                    id=found, version=1, dossier_id=_dossier_id(place), need=NEED, status="received", author_id=unit.actor.user_id,
                    created_at=unit.now - timedelta(days=1), sent_at=unit.now - timedelta(days=1), channel=channel,
                    holder_id=place.actor.user_id if channel == "person" else None, extract_id=extract.id,
                )
            )  # fmt: skip
    return found


def follow(place: Place) -> bool:
    """`orientation.follow`: its steps."""
    return services.following.read(place.actor, orientation(place, "link")) is not None


def receive(place: Place) -> bool:
    """`orientation.receive`: accepted."""
    services.receiving.take(place.actor, orientation(place), "accepted")
    return True


def received(place: Place) -> bool:
    """`compartment.read` of what an orientation brought: its word is there, by the recipient's own door."""
    return place.word in repr(services.receiving.read(place.actor, orientation(place)))


def inbox(place: Place) -> bool:
    """`orientation.inbox`."""
    return services.orientations.inbox(place.actor) is not None


def link(place: Place) -> bool:
    """`partner.link`, to what the row's person chose for the partner."""
    found = orientation(place, "link")
    with _kept(place, "orientation.give") as unit:
        hold(unit, place.actor, place.town.parts[place.at.programme, place.at.status, "extract"], "author", found)
    return bool(services.making.make(place.actor, About(REFERRAL, found)).code)


def wall(place: Place) -> bool:
    """`wall.set`, against somebody else."""
    services.walling.set(place.actor, place.number, WallDraft(AUTHOR, "relative", last=True))
    return True


def _other(place: Place) -> str:
    """The number of a second dossier of the cell that the row's person holds under the same title."""
    status = "open" if place.at.status != "open" else "closed"
    with _kept(place, "share.give") as unit:
        dossier = unit.session.get_one(Dossier, place.town.dossiers[place.at.programme, status])
        if place.at.position == "lead":
            compartments.name_lead(unit, dossier, place.actor.user_id)
            dossier.version += 1
        if place.at.position not in WITHOUT_BOX:
            part = place.town.parts[place.at.programme, status, "identity"]
            hold(unit, place.actor, part, place.at.position, REFERENCES.get(place.at.position, ""))
        return dossier.number


def set_apart(place: Place) -> bool:
    """`wall.link`: the other side closes to the row's person, and to everybody else the side that is proposed."""
    other, sides = _other(place), {}
    with suppress(NotFound):
        sides = {each.username: each.side for each in services.linking.prepare(place.actor, place.number, other).people}
    services.linking.link(place.actor, place.number, other, LinkDraft(sides, mine=other, last=True))
    return True


def stay(place: Place) -> bool:
    """`wall.stay`, on both sides of two dossiers that somebody set apart."""
    services.rings.open_oversight(place.town.house.actors[persona("dpo")], [persona("auditor")])
    other = _other(place)
    with _kept(place, "wall.link") as unit:
        apart = next(found for (_, status), found in place.town.dossiers.items() if place.town.numbers[_, status] == other)
        link = DossierLink(
            id=new_id(), version=1, dossier_id=_dossier_id(place), other_id=apart, author_id=unit.actor.user_id, made_at=unit.now
        )
        unit.session.add(link)
        unit.session.flush()
        staying.keep_place(unit, link, place.actor.user_id, link.dossier_id)
    services.staying.stay(place.actor, place.number, other, Stay(place.number, "handover", WHY))
    return True


def week(place: Place) -> bool:
    """`permanence.read`."""
    return services.week.week(place.actor) is not None


def keep_permanence(place: Place) -> bool:
    """`permanence.keep`: one more."""
    draft = PermanenceDraft(place.cell, MONDAY.place, MONDAY.weekday, MONDAY.starts, MONDAY.ends, MONDAY.minutes, MONDAY.since)
    return bool(services.keeping.make(place.actor, draft))


def reach(place: Place) -> bool:
    """`contact.plan`: a call, the person’s precautions set aside with a reason; whoever is told through whom to go was let in, too."""
    services.rings.open_oversight(place.town.house.actors[persona("dpo")], [persona("auditor")])
    if place.at.position not in (*WITHOUT_BOX, PARTNER):
        with _kept(place, "share.give") as unit:
            safety = place.town.parts[place.at.programme, place.at.status, "safety"]
            hold(unit, place.actor, safety, place.at.position, REFERENCES.get(place.at.position, ""))
    soon = place.town.house.clock.now() + timedelta(hours=1)
    try:
        return bool(services.reaching.plan(place.actor, place.number, ContactDraft("call", "news", soon, override="danger", text=WHY)))
    except ThroughSomebody:
        return place.at.position == "steward"


def warn(place: Place) -> bool:
    """`release.warn`."""
    draft = ReleaseDraft(None, "Date à confirmer par le service pénitentiaire.", secrets.token_hex(16))
    return bool(services.releases.warn(place.actor, place.number, draft))


def guide(place: Place) -> bool:
    """`danger.guide`."""
    return bool(services.danger.guide(place.actor))


def report_danger(place: Place) -> bool:
    """`danger.report`: that it was done, and when."""
    today = place.town.house.clock.now().date()
    return bool(services.danger.report(place.actor, place.number, DangerDraft("crip", today, "IP 12", secrets.token_hex(16))))


def set_addressing(place: Place) -> bool:
    """`addressing.set` on a child’s dossier; whoever asks is told nothing, so the row is looked for."""
    number = place.town.numbers["fragility", "open"]
    services.addressing.set(place.actor, ConsigneDraft(number, "Passer par l’association avant tout écrit."))
    with place.town.house.instance.database.reading() as session:
        return session.scalar(select(AddressingRule.id)) is not None


def other_pages(place: Place) -> str:
    """What else an orientation shows its recipient, and whoever follows the dossier; what refuses shows nothing."""
    actor, found = place.actor, orientation(place)
    pages: tuple[Callable[[], object], ...] = (
        lambda: services.orientations.inbox(actor),
        lambda: services.receiving.read(actor, found),
        lambda: services.following.read(actor, found),
        lambda: services.offering.prepare(actor, place.number, OrientationQuery()),
    )
    shown = []
    for page in pages:
        with suppress(NotFound, SessionEnded):
            shown.append(repr(page()))
    return "\n".join(shown)
