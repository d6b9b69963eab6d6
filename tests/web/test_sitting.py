"""The room's screen through real services: opening, calling, attendance, and a cover that holds on every address."""

from datetime import timedelta

import pytest
from werkzeug.routing import Rule

from casework import services
from tests.house import House
from tests.services.meeting.room import Room, convene
from tests.web.conftest import Browser, words
from tests.web.test_real import added, enter, leaves

CODE = "2580"
NAME = "Quibérac-Séance"
PARTS = {"meeting": "m", "item": "i", "number": "2026-0001", "cell": "c1", "name": "app.css", "version": "x", "kind": "identity"}


@pytest.fixture
def room(house: House) -> Room:
    """Two dossiers, Bob and Hugo convened for the first, Bob for the second."""
    first, second = house.follow(NAME), house.follow(f"{NAME}-Deux")
    return convene(house, {first: ["bob", "hugo"], second: ["bob"]})


def opened(house: House, room: Room) -> Browser:
    """Stella's browser, the meeting open on it."""
    stella, page = enter(house, "stella"), f"/reunions/{room.meeting}/seance"
    assert stella.get(f"{page}/ouvrir").status_code == 200
    answer = stella.post(f"{page}/ouvrir", {"code": CODE, "repeated": CODE})
    assert (answer.status_code, answer.location) == (303, page)
    return stella


def comes(house: House, room: Room, name: str) -> None:
    """Somebody is marked present."""
    services.attendance.keep(house.stella, room.meeting, {room.seats[name]: ("convened", "present")})


def test_a_meeting_is_opened_called_and_shown(house: House, room: Room) -> None:
    """Nothing of an item is on the page before it is called; then its number, and no family name."""
    stella, page = opened(house, room), f"/reunions/{room.meeting}/seance"
    before = stella.get(page)
    first, second = room.items
    assert "Théodule" not in before.text
    assert "Rien n’est affiché" in words(before)
    assert stella.post(f"/reunions/{room.meeting}/points/{room.items[first]}/appel").location == page
    assert "né en 2012" not in words(stella.get(page)), "nobody said who is there"
    comes(house, room, "bob")
    shown = stella.get(page)
    text = words(shown)
    assert first in text
    assert "né en 2012" in text
    assert NAME not in shown.text
    assert "Théodule" not in text, "the first name waits for the key"
    assert 'data-name="Théodule"' in shown.text
    assert stella.post(f"{page}/aller", {"place": "2"}).status_code == 303
    assert f'id="numero" class="number">{second}<' in stella.get(page).text
    assert stella.post(f"{page}/aller", {"place": "99"}).status_code == 303
    assert "n’est pas à l’ordre du jour" in words(stella.get(page))


def test_the_page_that_fetches_gets_the_same_in_one_step(house: House, room: Room) -> None:
    """One leaf, which names what is shown; a covered session gets the cover, as anybody does."""
    stella, page = opened(house, room), f"/reunions/{room.meeting}/seance"
    first, _ = room.items
    comes(house, room, "bob")
    stella.get(page)
    address = f"/reunions/{room.meeting}/points/{room.items[first]}/appel"
    before = leaves(house)
    answer = stella.post(address, headers={"X-Seance": "1"})
    assert (answer.status_code, added(house, before)) == (200, 1)
    assert "né en 2012" in words(answer)
    again = stella.get(page)
    assert words(again) == words(answer)
    stella.post(f"{page}/couvrir")
    assert stella.post(address, headers={"X-Seance": "1"}).location == "/ecran"


def test_wrong_codes_are_said_beside_their_field(house: House, room: Room) -> None:
    """And the meeting stays closed."""
    stella, form = enter(house, "stella"), f"/reunions/{room.meeting}/seance/ouvrir"
    stella.get(form)
    for typed, sentence in (({"code": "12", "repeated": "12"}, "4 à 8 chiffres"), ({"code": CODE, "repeated": "2581"}, "pas les mêmes")):
        answer = stella.post(form, typed)
        assert answer.status_code == 422
        assert sentence in words(answer)
    assert stella.get(f"/reunions/{room.meeting}/seance").status_code == 404


def test_the_sheet_works_without_script(house: House, room: Room) -> None:
    """Present, then gone; a guest; a deputy."""
    stella, page = opened(house, room), f"/reunions/{room.meeting}/seance/presence"
    seat, other = room.seats["bob"], room.seats["hugo"]
    stella.get(page)
    stood = {f"{name}-{each}": "convened" for each in (seat, other) for name in ("etat", "vu")}
    assert stella.post(page, stood | {f"etat-{other}": "excused", "tous": "1"}).status_code == 303
    status = {place.id: place.state.code for place in services.sheet.read(house.stella, room.meeting).places}
    assert (status[seat], status[other]) == ("present", "excused"), "the button for all takes nobody's word back"
    assert "arrivée à" in words(stella.get(page))
    guest = {"name": "Ondine Trébuchet", "profession": "school_staff", "charter_date": "2026-03-01", "charter_reference": "CH-2026-14"}
    assert stella.post(f"{page}/invite", guest).status_code == 303
    assert "Ondine Trébuchet" in words(stella.get(page))
    assert stella.post(f"{page}/invite", {**guest, "charter_reference": "signée hier par Ondine !"}).status_code == 422
    assert stella.post(f"{page}/remplacement", {"replaced": other, "deputy": house.paula.user_id}).status_code == 303
    assert "à la place de Hugo" in words(stella.get(page))


def addresses(browser: Browser) -> list[tuple[str, str]]:
    """Every route and method of the application, filled in with something."""
    rules: list[Rule] = list(browser.client.application.url_map.iter_rules())
    found = []
    for rule in rules:
        path = rule.rule
        for part in rule.arguments:
            path = path.replace(f"<number:{part}>", PARTS["number"]).replace(f"<{part}>", PARTS.get(part, "x"))
        found += [(method, path) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


ANSWERED = {("GET", "/ecran"), ("POST", "/ecran"), ("POST", "/deconnexion"), ("GET", "/sante"), ("GET", "/static/x/app.css")}


def test_a_covered_session_is_answered_nowhere(house: House, room: Room) -> None:
    """Every route of the URL map, known number or not. Control: uncovered, the same addresses answer."""
    stella = opened(house, room)
    every = addresses(stella)
    assert len(every) > 80
    page = f"/reunions/{room.meeting}/seance"
    open_before = [path for method, path in every if method == "GET" and stella.get(path).status_code == 200]
    stella.get(page)
    assert stella.post(f"{page}/couvrir").location == "/ecran"
    for method, path in [*every, ("GET", page), ("GET", f"/dossiers/{next(iter(room.items))}")]:
        answer = stella.get(path) if method == "GET" else None
        if (method, path) in ANSWERED or path == "/deconnexion":
            continue
        if answer is None:
            answer = stella.post(path)
        assert (answer.status_code, answer.location) == (303, "/ecran"), (method, path)
        assert "Stella" not in answer.text
    assert stella.get("/nulle-part").location == "/ecran"
    cover = stella.get("/ecran")
    assert "Stella" not in cover.text
    assert len(open_before) > 10
    assert stella.post("/ecran", {"code": "0000"}).status_code == 403
    assert stella.get(page).location == "/ecran"
    assert stella.post("/ecran", {"code": CODE}).location == page
    assert stella.get(page).status_code == 200
    assert [path for path in open_before if stella.get(path).status_code != 200] == []


def test_another_window_of_the_session_is_covered_too_and_five_failures_end_it(house: House, room: Room) -> None:
    """The state is the session's, not the page's; then the code does not help any more."""
    stella, page = opened(house, room), f"/reunions/{room.meeting}/seance"
    other = Browser(stella.client.application.test_client())
    other.client.set_cookie("sid", stella.cookie("sid") or "")
    assert other.get("/dossiers").status_code == 200
    stella.get(page)
    stella.post(f"{page}/couvrir")
    assert other.get("/dossiers").location == "/ecran"
    stella.get("/ecran")
    assert [stella.post("/ecran", {"code": "0000"}).status_code for _ in range(4)] == [403] * 4
    assert stella.post("/ecran", {"code": "0000"}).location == "/connexion"
    assert stella.get("/dossiers").location == "/connexion"
    assert other.get("/dossiers").location == "/connexion"


def test_without_a_code_nothing_is_covered(house: House, room: Room) -> None:
    """There would be no way back: the code is asked for first."""
    services.opening.open(house.stella, room.meeting, CODE, CODE)
    stella, page = enter(house, "stella"), f"/reunions/{room.meeting}/seance"
    assert "Choisir un code" in words(stella.get(page))
    assert stella.post(f"{page}/couvrir").location == f"{page}/ouvrir"
    assert stella.get("/dossiers").status_code == 200


def test_the_idle_limit_waits_until_the_close_and_the_absolute_one_stays(house: House, room: Room) -> None:
    """Control: Alice, who conducts nothing, is signed out meanwhile."""
    alice = enter(house, "alice")
    stella = opened(house, room)
    house.clock.advance(timedelta(minutes=50))
    assert alice.get("/dossiers").location == "/connexion"
    assert stella.get("/dossiers").status_code == 200
    services.covering.release(house.instance, room.meeting)
    house.clock.advance(timedelta(minutes=29))
    assert stella.get("/dossiers").status_code == 200
    house.clock.advance(timedelta(minutes=31))
    assert stella.get("/dossiers").location == "/connexion"
    again = opened(house, room)
    house.clock.advance(timedelta(hours=12, minutes=1))
    assert again.get("/dossiers").location == "/connexion"
