"""Pages about a dossier that Sam, a second steward on call, is not shown: who is shown each of them, and how it comes about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from casework import services
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.support import Agreement
from casework.services.safety.views import ContactDraft
from casework.services.unit import writing
from tests import urgently, victims
from tests.attacks.sql import row
from tests.house import House
from tests.services.meeting.outcome import close, decide, sitting, task
from tests.services.meeting.room import convene
from tests.services.orientation import oriented
from tests.services.safety.place import Place
from tests.services.wall.town import second_steward

NAME = "Quibérac-Muraille"
WHY = "Elle a rappelé du travail et demande qu’on l’appelle ce soir."


@dataclass(frozen=True)
class Scene:
    """Who is shown a page of this dossier, and what belongs to it, by the name of the part of an address. by: who may close it to them."""

    who: str
    number: str
    by: str = "stella"
    parts: Mapping[str, str] | None = None


def people(house: House) -> House:
    """Sam keeps the north cell too, the association has its cell; once for each house."""
    if "viola" not in house.actors:
        second_steward(house)
        house.actors["sam"] = house.sign_in("sam")
        victims.found_cell(house)
    return house


def _reporter(house: House) -> Scene:
    return Scene("hugo", house.follow(NAME))


def _received(house: House) -> Scene:
    return Scene("sam", house.refer(house.hugo, NAME))


def _reviewer(house: House) -> Scene:
    number = house.follow(NAME)
    services.turnover.settle_pending(house.stella)
    urgently.on_call(house, "bob")
    return Scene("dora", number, parts={"access": urgently.enter(house.bob, number)})


def _awaited(house: House) -> Scene:
    number = house.follow(NAME)
    with writing(house.stella, "agreement.record") as unit:
        unit.session.add(
            Agreement(
                id=new_id(), version=1, dossier_id=row(house, Dossier, number=number).id, referral_id=None, state="not_sought",
                reason="danger", due=unit.now.date() + timedelta(days=3), recorded_at=unit.now, author_id=house.stella.user_id,
            )
        )  # fmt: skip
    return Scene("sam", number)


def _service(house: House) -> Scene:
    return Scene("viola", victims.follow(house, NAME), "vera")


def _recipient(house: House) -> Scene:
    place, number = oriented.town(house), oriented.followed(house, NAME)
    return Scene("charlie", number, parts={"referral": oriented.sent(place, number)})


def _ended(house: House) -> Scene:
    number = house.follow(NAME)
    services.withdrawing.withdraw(house.alice, number)
    return Scene("sam", number)


def _letter(house: House) -> Scene:
    place = Place(house, victims.follow(house, NAME), "")
    place.safe(limits="")
    planned = services.reaching.plan(house.viola, place.number, ContactDraft("letter", "news", place.monday(9, 15)))
    return Scene("viola", place.number, "vera", {"contact": planned})


def _set_aside(house: House) -> Scene:
    place = Place(house, victims.follow(house, NAME), "")
    place.safe()
    draft = ContactDraft("call", "news", place.monday(20), override="person_asked", text=WHY)
    return Scene("dora", place.number, "vera", {"contact": services.reaching.plan(house.viola, place.number, draft)})


def _auditor(house: House) -> Scene:
    number = house.follow(NAME)
    return Scene("ada", number, parts={"meeting": convene(house, {number: ["alice"]}).meeting})


def _scribe(house: House) -> Scene:
    number = house.follow(NAME)
    room = sitting(house, {number: ["alice"]})
    return Scene("sam", number, parts={"meeting": room.meeting, "item": room.items[number]})


def _owner(house: House) -> Scene:
    number = house.follow(NAME)
    room = sitting(house, {number: ["alice"]})
    decide(room, number, actions=(task(house, "alice", "Appeler le collège."),))
    close(room)
    (line,) = [each for each in services.tasks.board(house.alice).mine if each.number == number]
    return Scene("alice", number, parts={"task": line.id})


ELSEWHERE: Mapping[str, Callable[[House], Scene]] = {
    "/saisines/<number:number>": _reporter,
    "/saisines/<number:number>/examen": _received,
    "/acces-urgents/<number:access>": _reviewer,
    "/dossiers/<number:number>/accord": _awaited,
    "/dossiers/<number:number>/sortie": _service,
    "/orientations/recues/<number:referral>": _recipient,
    "/dossiers/<number:number>/revue": _ended,
    "/dossiers/<number:number>/joindre/<number:contact>/courrier.pdf": _letter,
    "/acces-urgents/precautions/<number:contact>": _set_aside,
    "/journal/reunion/<number:meeting>/<number:number>": _auditor,
    "/reunions/<number:meeting>/points/<number:item>/decision": _scribe,
    "/reunions/points/<number:item>/decision": _scribe,
    "/actions/<number:task>": _owner,
}
"""Rule -> how its page comes to be shown to somebody."""
