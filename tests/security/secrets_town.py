"""A house full of values that are nowhere else: three dossiers, and everything that may hang on one. For the proof that no verb tells.

A child followed by the town, with a meeting that has begun, one that is over, an action, an orientation, a link, an extract, an appointment
and an accès urgent; a saisine that nobody examined; somebody followed by the association, with the safe contact.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any

from casework import services
from casework.services.drafts import ChildDraft, ReferralDraft
from casework.services.record.views import RecordRow
from casework.services.safety.views import ContactDraft
from casework.services.sharing.extracts import ExtractDraft
from tests import victims
from tests.house import House
from tests.services.meeting.outcome import close, decide, sitting, task
from tests.services.orientation import oriented
from tests.services.partner import partners
from tests.services.permanence import scene
from tests.urgently import enter, on_call

PIECE = 5
"""Characters: no shorter piece of a value says anything."""
BORN = date(2011, 11, 27)
IDENTITY = ("Wyxolbrand", "Quibvrac-Xolmek")
PHONE, FACTS = "07 51 62 84 93", "Plimvokh drusquebb azivorn."
NOTES = {
    "confidential": "Xabrolv kemtuzh okligvard.",
    "social": "Murvelqax qrozdim.",
    "sealed": "Pelkwuchar grixbol.",
}
SCHOOL, DECIDED, ACTION = "Collège Drumzoukelv", "Fjordanq velmips.", "Zqopvelk wormlexu."
WAITING = ("Hrozvaldine", "Jumbrequois", "Skelvoprk wrazimq.")
SAFE = {"value": "06 17 42 95 38", "introduction": "Vrombequin Zaltuv", "code_word": "bzulq narvoth", "address": "12 zhontu Gourzhvil"}
VICTIM = ("Ghislvarne", "Tzobeluq", *SAFE.values())
VALUES = (*IDENTITY, PHONE, FACTS, *NOTES.values(), SCHOOL.removeprefix("Collège "), DECIDED, ACTION, *WAITING, *VICTIM)
"""What the dossiers hold, and nothing else does."""
DAYS = ("2011-11-27", "27/11/2011", "27 novembre 2011")
"""A birth date, as it is written. Its month alone is in the clear, on purpose, where a delay runs from it."""


def pieces(values: tuple[str, ...] = VALUES) -> frozenset[str]:
    """Every piece of five characters: whoever has a longer one has one of these."""
    folded = [value.casefold() for value in values]
    return frozenset(chain.from_iterable((each[at : at + PIECE] for at in range(len(each) - PIECE + 1)) for each in folded)) | {*DAYS}


@dataclass(frozen=True)
class Ids:
    """What belongs to one dossier, by the name that verbs give it. others: of the house."""

    number: str
    named: dict[str, Any]


def built(house: House) -> dict[str, Ids]:
    """The three dossiers, by what they are."""
    place = oriented.town(house)
    victims.found_cell(house)
    permanence = scene.receive(house)
    common = {
        "cell_id": house.cells["nord"], "cell": house.cells["nord"], "permanence_id": permanence, "service_id": place.service,
        "ring": place.ring,
    }  # fmt: skip
    victim = _victim(house, common)
    waiting = Ids(_refer(house, *WAITING), common | {"kind": "identity"})
    child = _child(house, place, permanence, common)
    house.clock.advance(timedelta(minutes=20))  # the senders’ fifteen minutes are over, the thirty of the accès urgent are not
    beside = {"child": waiting, "waiting": child, "victim": child}
    each = {"child": child, "victim": victim, "waiting": waiting}
    return {name: Ids(ids.number, ids.named | {"other_number": beside[name].number}) for name, ids in each.items()}


def _refer(house: House, first: str, last: str, facts: str) -> str:
    child = ChildDraft(first, last, "m", BORN, "Valmorel-sur-Orle")
    draft = ReferralDraft(house.cells["nord"], (child,), "school", ("absenteeism",), facts, informed=True, submission=secrets.token_hex(16))
    return services.referrals.send(house.hugo, draft).number


def _child(house: House, place: oriented.Town, permanence: str, common: dict[str, Any]) -> Ids:
    number = _refer(house, *IDENTITY, FACTS)
    services.lifecycle.take_up(house.stella, number, "alice", date(2026, 9, 1))
    services.records.add_contact(house.stella, number, "Téléphone", PHONE)
    services.records.set_schooling(house.stella, number, SCHOOL, "4e", "12")
    notes = {kind: house.note(house.alice, number, body, compartment=kind) for kind, body in NOTES.items()}
    on_call(house, "bob")
    over = sitting(house, {number: ["alice"]})
    decide(over, number, actions=(task(house, "alice", ACTION),), text=DECIDED)
    close(over)
    (line,) = [each for each in services.tasks.board(house.alice).mine if each.number == number]
    given = _given(house, place, number)
    now = sitting(house, {number: ["alice"]})
    services.attendance.keep(now.steward, now.meeting, {now.seats["alice"]: ("convened", "present")})
    services.showing.call(now.steward, now.meeting, now.items[number])
    slot = scene.take(house, permanence, scene.at(9), number=number)
    return Ids(
        number,
        common | given | {
            "meeting_id": now.meeting, "item_id": now.items[number], "seat_id": now.seats["alice"], "over": over.meeting,
            "task_id": line.id,             "kind": "confidential", "access_id": enter(house.bob, number),
            "slot_id": slot, "corrects": notes["confidential"],
        },
    )  # fmt: skip


def _given(house: House, place: oriented.Town, number: str) -> dict[str, Any]:
    """A share to Bob, an extract to Hugo, an orientation to the service of the south cell, one by link."""
    share = services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    chosen = [each.id for each in services.extracts.prepare(house.alice, number).pieces if NOTES["confidential"] in each.text]
    services.extracts.give(house.alice, number, ExtractDraft("hugo", tuple(chosen), "", None, secrets.token_hex(16)))
    referral = oriented.sent(place, number, texts=(NOTES["confidential"],))
    about = partners.orientation(house.alice, number, NOTES["confidential"])
    made = services.making.make(house.alice, about)
    return {"share": share, "referral_id": referral, "about": about, "made": made, "piece": chosen[0]}


def _victim(house: House, common: dict[str, Any]) -> Ids:
    call = replace(victims.called(house, "appui", VICTIM[1], SAFE["value"]), first_name=VICTIM[0], birth_date="27/11/2011")
    number = services.intake.send(house.vera, call).number
    services.lifecycle.take_up(house.vera, number, "viola", date(2026, 9, 1))
    (row,) = services.records.compose(house.viola, number, "safety").rows
    texts = {"channel": "call", "hours": "mon,tue,thu 09:00-11:30", "limits": "", **SAFE}
    services.records.write(house.viola, number, "safety", [RecordRow(row.id, row.version, dict(row.texts) | texts)])
    monday = datetime(2026, 3, 9, 9, 15, tzinfo=UTC)
    contact = services.reaching.plan(house.viola, number, ContactDraft("letter", "news", monday))
    return Ids(number, common | {"cell_id": house.cells["appui"], "cell": house.cells["appui"], "contact_id": contact, "kind": "safety"})
