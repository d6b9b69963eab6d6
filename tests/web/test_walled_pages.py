"""The wall before whoever else is shown a page: reporter, auditor, oversight, service, recipient; and on pages that name no dossier."""

import difflib
from dataclasses import astuple
from datetime import timedelta
from typing import Any

import pytest

from casework import services
from tests.house import House
from tests.services.meeting.outcome import close, decide, sitting, task
from tests.services.permanence.scene import TUESDAY, at, receive, take
from tests.services.wall.town import second_steward, wall
from tests.web.conftest import Browser, served
from tests.web.costs import Meter
from tests.web.test_real import enter
from tests.web.test_walls import NOBODY, OWN, UNKNOWN, addresses, ask
from tests.web.walled_pages import ELSEWHERE, NAME, people

LISTS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/dossiers", {}),
    ("POST", "/dossiers/recherche", {"typed": NAME}),
    ("GET", "/jour", {}),
    ("GET", "/orientations", {}),
    ("GET", "/actions", {}),
    ("GET", "/saisines/envoyees", {}),
]
"""Pages that name no dossier and may tell of one."""


@pytest.mark.parametrize("rule", ELSEWHERE)
def test_a_page_shown_before_the_wall_answers_and_costs_like_one_that_never_was(
    house: House, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, app = ELSEWHERE[rule](people(house)), served(house.instance)
    own = dict.fromkeys(OWN | {"meeting"}, NOBODY) | {"number": scene.number} | dict(scene.parts or {})
    nothing = dict.fromkeys(OWN, NOBODY) | {"number": UNKNOWN, "meeting": own["meeting"]}
    known, unknown = addresses(app, own)[rule], addresses(app, nothing)[rule]
    assert enter(house, scene.who).get(known).status_code in (200, 303), "control: before the wall it is shown"
    wall(house, scene.number, scene.who, by=scene.by)
    browser, meter = enter(house, scene.who), Meter(house, monkeypatch)
    ask(meter, browser, "GET", unknown, {})  # whatever is kept after the first time
    absent, absent_cost = ask(meter, browser, "GET", unknown, {})
    walled, walled_cost = ask(meter, browser, "GET", known, {})
    said = tuple(str(each).replace(scene.number, UNKNOWN) for each in walled)
    assert said == tuple(map(str, absent)), "\n".join(difflib.unified_diff(absent[2].splitlines(), walled[2].splitlines(), n=0))
    assert absent[0] == 404
    assert walled_cost == absent_cost


def shaped(house: House, last_name: str) -> str:
    """A dossier that Sam sent himself, with an orientation, an action that he carries and another one."""
    number = house.refer(house.sam, last_name)
    services.lifecycle.take_up(house.stella, number, "alice", house.clock.now().date().replace(month=9))
    room = sitting(house, {number: ["alice"]}, people=["sam"])
    decide(room, number, actions=(task(house, "sam", "Appeler le collège."), task(house, "alice", "Voir la famille.")))
    close(room)
    services.turnover.settle_pending(house.stella)
    return number


def told(browser: Browser, meter: Meter) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Page -> what it says and costs, the second time it is asked for."""
    found = {}
    for method, address, typed in LISTS:
        browser.get("/dossiers")  # a token
        ask(meter, browser, method, address, typed)
        (status, _, text), cost = ask(meter, browser, method, address, typed)
        assert status == 200, address
        found[f"{method} {address}"] = (text, astuple(cost))
    return found


def test_pages_that_name_no_dossier_cost_the_same_as_if_it_had_never_been(fresh_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements, openings and leaves. Control: in between, what it is costs and is shown."""
    house = fresh_house
    second_steward(house)
    house.actors["sam"] = house.sign_in("sam")
    for other in ("Ploumanac", "Chevesne"):
        shaped(house, other)
    meter = Meter(house, monkeypatch)
    never = told(enter(house, "sam"), meter)
    number = shaped(house, NAME)
    shown = told(enter(house, "sam"), meter)
    assert {page for page, (text, _) in shown.items() if number in text} >= {
        "GET /dossiers", "POST /dossiers/recherche", "GET /jour", "GET /actions", "GET /saisines/envoyees",
    }, "control"  # fmt: skip
    assert shown["GET /dossiers"][1] != never["GET /dossiers"][1], "control: the meter sees one dossier more"
    wall(house, number, "sam")
    walled = told(enter(house, "sam"), meter)
    assert not [page for page, (text, _) in walled.items() if number in text or (NAME in text and not page.startswith("POST"))]
    assert {page: cost for page, (_, cost) in walled.items()} == {page: cost for page, (_, cost) in never.items()}


def test_a_week_of_appointments_costs_the_same_with_one_of_a_dossier_that_was_never_mine(
    fresh_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bob serves beside Alice: her appointments are engaged slots to him. Control: before the wall one bears the name, and costs."""
    house = fresh_house
    place, number, never = receive(house), house.follow(NAME), house.follow("Ploumanac")
    services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    take(house, place, at(9), number=never)
    take(house, place, at(9, day=TUESDAY + timedelta(days=7)), number=number)
    meter = Meter(house, monkeypatch)

    def weeks() -> list[tuple[bool, tuple[int, ...]]]:
        browser, found = enter(house, "bob"), []
        for week in ("2026-s10", "2026-s11"):
            ask(meter, browser, "GET", f"/permanences/{week}", {})
            (status, _, text), cost = ask(meter, browser, "GET", f"/permanences/{week}", {})
            assert status == 200
            found.append((NAME in text or number in text, astuple(cost)))
        return found

    (other, absent), (shown, open_cost) = weeks()
    assert (other, shown, open_cost != absent) == (False, True, True), "control"
    wall(house, number, "bob")
    (_, absent), (told_of, walled) = weeks()
    assert not told_of
    assert walled == absent
