"""Preparing a meeting through the screens, on the real services: a steward, a secretary, a member; and the urgent cell."""

import re
from datetime import timedelta

import pytest

from casework import services
from tests.house import House
from tests.services.meeting import preparation as prep
from tests.services.meeting.room import convene, secretary
from tests.web.conftest import Browser, words
from tests.web.test_real import enter

WHEN = {"day": "2026-03-20", "hour": "14:00", "place": "Salle du conseil"}
ID = r"/reunions/([0-9a-f]{32})"


def made_by(browser: Browser, cell: str, **typed: str) -> str:
    """A meeting made through the form; its id."""
    browser.get("/reunions/nouvelle")
    answer = browser.submit("/reunions/nouvelle", **{**WHEN, "kind": "ordinary", "cell": cell, **typed})
    assert answer.status_code == 303
    return id_in(answer.location)


def id_in(address: str | None) -> str:
    """The meeting's id in an address."""
    found = re.search(ID, address or "")
    assert found
    return found[1]


def test_a_steward_prepares_convenes_and_reads_the_answer(house: House) -> None:
    """From the form to the answer, with nothing but the screens."""
    number = house.follow("Quibérac-Ordre")
    stella = enter(house, "stella")
    made = made_by(stella, house.cells["nord"])
    page = f"/reunions/{made}"
    assert stella.post(f"{page}/ordre-du-jour", {"numbers": f" {number}, "}).status_code == 303
    asked = stella.get(f"{page}/convoques").text
    user = prep.ids(house, "hugo")[0]
    assert re.search(rf'value="{user}" checked', asked), "whom the agenda asks for is ticked beforehand"
    assert stella.post(f"{page}/convoques", {"people": prep.ids(house, "hugo", "alice")}).status_code == 303
    form = stella.get(f"{page}/points").text
    items = dict(re.findall(r'name="(items-0-(?:item|seen))"[^>]*value="([^"]*)"', form))
    seats = re.findall(r'name="items-0-concerned" value="(\w+)" checked', form)
    typed = {**items, "items-0-question": "Vient-il en cours ?", "items-0-informed": "informed", "items-0-concerned": seats}
    assert stella.post(f"{page}/points", typed).status_code == 303
    house.clock.move_to(max(house.clock.now(), prep.agenda(house.stella, made).head.starts_at - timedelta(days=6)))
    stella, hugo = enter(house, "stella"), enter(house, "hugo")
    stella.get(page)
    assert stella.post(f"{page}/convocation").status_code == 303
    shown = words(stella.get(page))
    assert "Vient-il en cours ?" in shown
    assert "Personne informée" in shown
    own = words(hugo.get(page))
    assert "Quibérac-Ordre" in own
    assert "Vient-il en cours ?" in own
    hugo.get(page)
    assert hugo.post(f"{page}/reponses", {f"answer-{items['items-0-item']}": "aloud"}).status_code == 303
    assert "Hugo, Collège des Tilleuls : Je préfère en parler de vive voix" in words(stella.get(page))
    assert words(hugo.get("/jour")).count("Vous êtes convoqué·e à une réunion") >= 1


@pytest.mark.parametrize("kind", ["plenary", "watch"])
def test_a_meeting_without_dossiers_has_no_field_for_one(house: House, kind: str) -> None:
    """Neither on its page nor by a forged form."""
    number = house.follow(f"Quibérac-{kind}")
    stella = enter(house, "stella")
    made = made_by(stella, house.cells["nord"], kind=kind)
    page = stella.get(f"/reunions/{made}").text
    assert 'name="numbers"' not in page
    assert 'name="dossier"' not in page
    assert stella.post(f"/reunions/{made}/ordre-du-jour", {"numbers": number}).status_code == 404
    assert stella.get(f"/reunions/{made}/points").status_code == 200
    assert prep.agenda(house.stella, made).items == ()


def test_control_an_ordinary_meeting_has_one(house: House) -> None:
    """The same page, the same form."""
    number = house.follow("Quibérac-Oui")
    stella = enter(house, "stella")
    made = made_by(stella, house.cells["nord"])
    assert 'name="numbers"' in stella.get(f"/reunions/{made}").text
    assert stella.post(f"/reunions/{made}/ordre-du-jour", {"numbers": number}).status_code == 303
    assert len(prep.agenda(house.stella, made).items) == 1


def test_a_secretary_proposes_by_number_and_cannot_convene(house: House) -> None:
    """No name before a steward confirms; no button to convene, and none by hand."""
    number = house.follow("Quibérac-Secret")
    secretary(house)
    serge, stella = enter(house, "serge"), enter(house, "stella")
    made = made_by(serge, house.cells["nord"])
    page = f"/reunions/{made}"
    assert serge.post(f"{page}/ordre-du-jour", {"numbers": number}).status_code == 303
    shown = serge.get(page)
    assert number in shown.text
    assert "Quibérac-Secret" not in shown.text
    assert "Convoquer</button>" not in shown.text
    assert serge.post(f"{page}/convocation").status_code == 404
    assert serge.get(f"{page}/points").status_code == 404
    stella.get(page)
    assert stella.post(f"{page}/ordre-du-jour/confirmation").status_code == 303
    assert "Quibérac-Secret" in serge.get(page).text


def test_an_urgent_cell_is_one_page_and_then_a_list_to_ring(house: House) -> None:
    """One form creates, confirms and convenes; everybody concerned is on the list; a tick says when."""
    number = house.follow("Quibérac-Urgent")
    stella = enter(house, "stella")
    stella.get("/reunions/urgente")
    day = (house.clock.now() + timedelta(hours=2)).date().isoformat()
    typed = {"caller": "mayor", "reason": "danger", "numbers": number, "place": "Mairie", "day": day, "hour": "23:30"}
    answer = stella.submit("/reunions/urgente", **typed, cell=house.cells["nord"])
    assert answer.status_code == 303
    made = id_in(answer.location)
    shown = stella.get(f"/reunions/{made}/appels")
    assert {"Alice", "Hugo"} <= set(re.findall(r"<b>(\w+)</b>", shown.text))
    seat = prep.seat_of(house, made, "hugo").id
    assert stella.post(f"/reunions/{made}/appels", {"seat": seat, "joint": "1"}).status_code == 303
    assert re.search(r"joint à \d+\s?h\s?\d\d", words(stella.get(f"/reunions/{made}/appels")))
    assert prep.own(house.hugo, made).items[0].person == "Théodule Quibérac-Urgent"
    wrong = stella.post("/reunions/urgente", {**typed, "cell": house.cells["nord"], "numbers": "2026-9999"})
    assert wrong.status_code == 422
    assert 'id="numbers-error"' in wrong.text


def test_a_whole_block_is_ticked_without_a_script(house: House) -> None:
    """The button asks the server, nothing is kept; then one act keeps it, each person unticked at will."""
    stella = enter(house, "stella")
    made = made_by(stella, house.cells["nord"])
    answer = stella.post(f"/reunions/{made}/convoques", {"bloc": "programme"})
    for user in prep.ids(house, "alice", "bob"):
        assert re.search(rf'value="{user}" checked', answer.text)
    assert {each.name for each in prep.agenda(house.stella, made).seats} == {"Stella"}
    stella.post(f"/reunions/{made}/convoques", {"people": prep.ids(house, "alice")})
    assert {each.name for each in prep.agenda(house.stella, made).seats} == {"Stella", "Alice"}


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(house: House) -> None:
    """A meeting without a place; a point without an owner; a number that is none."""
    stella = enter(house, "stella")
    stella.get("/reunions/nouvelle")
    wrong = stella.submit("/reunions/nouvelle", **{**WHEN, "place": "", "kind": "ordinary", "cell": house.cells["nord"]})
    assert wrong.status_code == 422
    assert 'id="place-error"' in wrong.text
    made = made_by(stella, house.cells["nord"])
    wrong = stella.post(f"/reunions/{made}/points-sans-personne", {"place": "Square des Tanneurs", "trouble": "Feux"})
    assert wrong.status_code == 422
    assert "Square des Tanneurs" in wrong.text
    assert 'id="owner-error"' in wrong.text
    wrong = stella.post(f"/reunions/{made}/ordre-du-jour", {"numbers": "2026-9999"})
    assert wrong.status_code == 422
    assert "2026-9999" in wrong.text


def test_a_point_without_a_person_is_written_during_the_meeting_too(house: House) -> None:
    """The page offers it before and while the meeting is open, and no more once it is closed."""
    stella, made = enter(house, "stella"), convene(house, {}, people=["alice"]).meeting
    form = f'action="/reunions/{made}/points-sans-personne"'
    assert form in stella.get(f"/reunions/{made}").text
    services.opening.open(house.stella, made, "2580", "2580")
    assert form in stella.get(f"/reunions/{made}").text
    due = (house.clock.now().date() + timedelta(days=9)).isoformat()
    typed = {"place": "Square des Tanneurs", "trouble": "Feux", "action": "Passages", "owner": house.alice.user_id, "due": due}
    assert stella.post(f"/reunions/{made}/points-sans-personne", typed).status_code == 303
    assert "Square des Tanneurs" in stella.get(f"/reunions/{made}").text
    services.closing.close(house.stella, made, [], services.closing.prepare(house.stella, made).seen)
    assert form not in stella.get(f"/reunions/{made}").text


def test_nobody_else_reaches_these_pages(house: House) -> None:
    """A member without a seat, the other cell, the auditor: 404 on every page. Control: the steward gets them."""
    made = prep.meeting(house, people=("alice",))
    pages = ("", "/points", "/convoques", "/changer")
    for name in ("bob", "charlie", "ada"):
        browser = enter(house, name)
        assert {browser.get(f"/reunions/{made}{page}").status_code for page in pages} == {404}
    stella = enter(house, "stella")
    assert {stella.get(f"/reunions/{made}{page}").status_code for page in pages} == {200}
    assert services.preparing.mine(house.stella).may_prepare
