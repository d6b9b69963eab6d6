"""The wall on every route of the URL map: what does not exist for somebody answers, and costs, like what does not exist."""

import difflib
import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from casework import services
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.meetings import Task
from casework.models.orientations import ReferralOut
from casework.models.support import PlannedContact
from casework.services.unit import writing
from casework.web.errors import OF_A_DOSSIER
from tests.house import House
from tests.services.meeting.room import convene
from tests.services.wall.town import second_steward, wall
from tests.urgently import WHY, on_call
from tests.urgently import enter as enter_urgently
from tests.web.conftest import Browser, served
from tests.web.costs import Cost, Meter
from tests.web.forms import FORMS, ID
from tests.web.standin import NUMBER
from tests.web.test_real import enter
from tests.web.walled_pages import ELSEWHERE

NAME, UNKNOWN, NOBODY = "Quibérac-Muraille", "2026-9999", "f" * 32
NEUTRAL = "Ce dossier n’existe pas, ou il ne vous est pas ouvert. Un référent vous contactera."
OWN = {"number", "item", "task", "access", "referral", "contact"}
"""Parts of an address that are about one dossier: each is asked for with what belongs to the dossier behind the wall."""
PUBLIC = {"cell": "nord", "member": ID, "account": ID, "kind": "identity", "service": ID} | {
    "moment": "2026-11-24T0900", "week": "2026-s48",
    "day": "2026-11-24", "filename": "app.css", "permanence": ID, "slot": ID, "answer": ID,
}  # fmt: skip
"""Parts that are about none; slots are sealed to a service, whose own test is in `tests/services/permanence`."""
SECRETS = re.compile(r'(nonce|value)="[^"]*"')


@dataclass
class Place:
    """A dossier that Sam may work on, and everything that hangs on it, by the name of the part of an address."""

    house: House
    number: str
    parts: dict[str, str]

    def asked(self, text: str) -> str:
        """A text of the stand-in town, about this dossier."""
        return text.replace(NUMBER, self.number)


@pytest.fixture
def place(fresh_house: House) -> Place:
    """Sam is a second steward and on call; a meeting is about the dossier, an action, an orientation, a call to make."""
    house = fresh_house
    second_steward(house)
    house.actors["sam"] = house.sign_in("sam")
    number = house.follow(NAME)
    services.turnover.settle_pending(house.stella)
    on_call(house, "sam")
    access = enter_urgently(house.sam, number)
    room = convene(house, {number: ["alice"]})
    with writing(house.stella, "share.give") as unit:
        dossier = unit.session.query(Dossier).filter_by(number=number).one()
        here: dict[str, Any] = {"version": 1, "dossier_id": dossier.id}
        mine: dict[str, Any] = {"author_id": house.sam.user_id, "created_at": unit.now}
        task = Task(
            id=new_id(), meeting_id=room.meeting, kind="action", owner_id=house.sam.user_id, due=unit.now.date(), status="open",
            **here, **mine,
        )  # fmt: skip
        referral = ReferralOut(id=new_id(), need="housing", status="proposed", **here, **mine)
        contact = PlannedContact(
            id=new_id(), channel="call", purpose="news", recipient="person", planned_for=unit.now, state="planned",
            **here, **mine,
        )  # fmt: skip
        unit.session.add_all([task, referral, contact])
    parts = {"number": number, "access": access, "meeting": room.meeting, "item": room.items[number]}
    return Place(house, number, parts | {"task": task.id, "referral": referral.id, "contact": contact.id})


def addresses(app: Flask, own: dict[str, str]) -> dict[str, str]:
    """Rule -> address, of every rule with a part that is about a dossier."""
    found, known = {}, PUBLIC | own
    for rule in app.url_map.iter_rules():
        if rule.arguments & OWN:
            assert rule.arguments <= set(known), f"say in OWN or PUBLIC what {rule} is about"
            found[rule.rule] = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda part: known[part[1]], rule.rule)
    return found


def bodies() -> dict[str, dict[str, Any]]:
    """Rule-like address of the stand-in town -> what is typed, of every form."""
    urgent = {"number": NUMBER, "reason": "runaway", "text": WHY}
    return {address: dict(each.typed) for address, each in FORMS.items()} | {"/acces-urgent": urgent}


def same(answer: TestResponse) -> tuple[int, str, str]:
    """What somebody could see of an answer, but tokens."""
    return answer.status_code, answer.headers.get("Location", ""), SECRETS.sub("", answer.text)


def ask(meter: Meter, browser: Browser, method: str, address: str, typed: dict[str, Any]) -> tuple[tuple[int, str, str], Cost]:
    """One request and its cost."""
    with meter.measure() as cost:
        answer = browser.get(address) if method == "GET" else browser.post(address, typed)
    if answer.status_code == 303:
        browser.get("/accessibilite")  # the notice that the next page would show
    return same(answer), cost


def everything(app: Flask, own: dict[str, str]) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Name, method, address, body: every route about a dossier, and every form whose body names one."""
    found, stand_in = [], addresses(app, dict.fromkeys(OWN | {"meeting"}, ID) | {"number": NUMBER})
    typed = bodies()
    asked = addresses(app, own)
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            if rule.rule in asked:
                body = typed.get(stand_in[rule.rule].replace(PUBLIC["cell"], "c1"), {})
                found.append((f"{method} {rule.rule}", method, asked[rule.rule], body))
    for address, body in typed.items():
        if address not in stand_in.values() and NUMBER in str(body) and "/reunions/" not in address:
            found.append((f"POST {address}", "POST", address.replace("c1", own["cell"]), body))
    return [(name, method, address, {key: _said(value, own) for key, value in body.items()}) for name, method, address, body in found]


def _said(value: Any, own: dict[str, str]) -> Any:
    return value.replace(NUMBER, own["number"]) if isinstance(value, str) else value


def test_whatever_belongs_to_a_dossier_gives_the_same_neutral_answer(place: Place) -> None:
    """Control: to somebody who reads the dossier, several of these addresses show a page; an address of a cell says the other sentence."""
    house, nothing = place.house, dict.fromkeys(OWN | {"meeting"}, NOBODY) | {"number": UNKNOWN, "cell": place.house.cells["nord"]}
    app = served(house.instance)
    asked = {kind: [path for name, method, path, _ in everything(app, own) if method == "GET" and "<" in name]
             for kind, own in (("theirs", place.parts | {"cell": house.cells["nord"]}), ("nobody's", nothing))}  # fmt: skip
    stranger, reader = enter(house, "charlie"), enter(house, "sam")
    answers = {path: stranger.get(path) for paths in asked.values() for path in paths}
    wrong = [path for path, each in answers.items() if each.status_code != 404 or NEUTRAL not in each.text]
    assert not wrong, wrong
    assert OF_A_DOSSIER == OWN
    assert len({same(each)[2].replace(place.number, UNKNOWN) for each in answers.values()}) == 1
    assert sum(reader.get(path).status_code == 200 for path in asked["theirs"]) >= 12, "control"
    other = stranger.get(f"/cellules/{NOBODY}/chiffres")
    assert (other.status_code, NEUTRAL in other.text) == (404, False), "control"


def test_every_route_answers_and_costs_the_same(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    house, cell = place.house, {"cell": place.house.cells["nord"]}
    other = house.follow("Ploumanac-Autre", lead="bob")
    app = served(house.instance)
    shown = place.parts | cell
    nothing = dict.fromkeys(OWN, NOBODY) | {"number": UNKNOWN, "meeting": place.parts["meeting"]} | cell
    sam = enter(house, "sam")
    pages = {name.removeprefix("GET "): address for name, method, address, _ in everything(app, shown) if method == "GET"}
    hidden = {name for name, address in pages.items() if sam.get(address).status_code != 200}
    assert hidden == set(ELSEWHERE), "control: without the wall every page shows it, to Sam or, in test_walled_pages, to whoever it is for"
    wall(house, place.number, "sam")
    sam, meter = enter(house, "sam"), Meter(house, monkeypatch)
    sam.get(f"/dossiers/{other}")  # a page with a token, and whatever is kept after the first time
    sam.get(f"/dossiers/{UNKNOWN}")
    wrong = []
    for (name, method, known, typed), (_, _, unknown, nobody) in zip(everything(app, shown), everything(app, nothing), strict=True):
        absent, absent_cost = ask(meter, sam, method, unknown, nobody)
        walled, walled_cost = ask(meter, sam, method, known, typed)
        if (walled[0], walled[1].replace(place.number, UNKNOWN), walled[2].replace(place.number, UNKNOWN)) != absent:
            wrong.append(
                (name, walled[0], absent[0], *difflib.unified_diff(absent[2].splitlines(), walled[2].splitlines(), lineterm="", n=0))
            )
        if walled_cost != absent_cost:
            wrong.append((name, walled_cost, absent_cost))
        if NAME in walled[2]:
            wrong.append((name, "shows the name"))
    assert not wrong, "\n".join(map(str, wrong))
