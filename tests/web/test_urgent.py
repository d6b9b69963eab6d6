"""Rings and accès urgent on the screens, with the real services."""

from datetime import timedelta

from tests.house import House
from tests.urgently import WHY
from tests.web.conftest import Browser, words
from tests.web.test_offices import enter

NOBODY = "Aucun dossier que garde votre astreinte"


def compose(house: House, *names: str) -> Browser:
    """Stella names who is on call, through the form."""
    stella, path = enter(house, "stella"), f"/cellules/{house.cells['nord']}/astreinte"
    assert "Composer l’astreinte" in words(stella.get(f"/cellules/{house.cells['nord']}"))
    page = stella.get(path)
    assert "Hugo" not in words(page).split("Personnes d’astreinte")[1].split("Enregistrer")[0]
    answer = stella.submit(path, people=[house.actors[each].user_id for each in names])
    assert (answer.status_code, answer.location) == (303, path)
    assert "L’astreinte est à jour." in words(stella.get(path))
    return stella


def test_a_night(house: House) -> None:
    """On call, by exact name; what it shows, when it shuts; the review."""
    number = house.follow("Quibérac-Écran")
    compose(house, "bob")
    bob = enter(house, "bob")
    page = bob.get("/acces-urgent")
    assert "3919" in words(page)
    assert bob.submit("/acces-urgent").status_code == 422
    typed = {"last_name": "quiberac ecran", "first_name": "THEODULE", "birth_date": "05/04/2012", "reason": "runaway", "text": WHY}
    missed = bob.submit("/acces-urgent", **(typed | {"first_name": "Théo"}))
    assert missed.status_code == 404
    assert NOBODY in words(missed)
    assert WHY in words(missed), "what was typed is kept"
    opened = bob.submit("/acces-urgent", **typed)
    assert opened.status_code == 303
    shown = bob.get(opened.location)
    assert "Théodule Quibérac-Écran" in words(shown)
    assert "encore 30 minutes" in words(shown)
    assert "École" not in words(shown)
    assert shown.headers["Refresh"].endswith("url=/acces-urgent")
    assert shown.headers["Cache-Control"] == "no-store"
    assert "Quibérac" not in shown.text.split("</title>")[0]
    assert WHY in words(bob.get(f"{opened.location}/motif"))
    house.clock.advance(timedelta(minutes=30))
    bob = enter(house, "bob")
    assert bob.get(opened.location).status_code == 404
    dora = enter(house, "dora", lands="/")
    page = dora.get("/acces-urgents")
    assert number in words(page)
    review = f"/acces-urgents/{opened.location.rpartition('/')[2]}"
    assert WHY in words(dora.get(review))
    assert dora.submit(review).status_code == 422
    assert dora.submit(review, finding="justified").location == "/acces-urgents"
    assert "La revue est enregistrée." in words(dora.get("/acces-urgents"))


def test_nobody_else_has_these_doors(house: House) -> None:
    """Neither the link nor the page."""
    compose(house, "bob")
    for name in ("alice", "hugo", "paula"):
        browser = enter(house, name)
        assert "/acces-urgent" not in browser.get("/dossiers").text
        for path in ("/acces-urgent", "/acces-urgents", f"/cellules/{house.cells['nord']}/astreinte", "/acces-urgent/" + "0" * 32):
            assert browser.get(path).status_code == 404
        assert browser.post("/acces-urgent", {"number": "2026-0001", "reason": "runaway", "text": WHY}).status_code == 404


def test_a_service_makes_its_team_and_is_stood_in_for(house: House) -> None:
    """Made, a stand-in refused and then taken, somebody leaves."""
    here = f"/cellules/{house.cells['nord']}/equipe"
    alice = enter(house, "alice")
    assert alice.get("/equipes").location == here
    assert "Hugo" not in words(alice.get(here))
    assert alice.submit(here).status_code == 422
    assert alice.submit(here, people=[house.bob.user_id]).status_code == 303
    page = alice.get(here)
    assert "Alice (vous)" in words(page)
    assert f"{here}/{house.bob.user_id}/fin" in page.text
    assert (
        alice.post(f"{here}/remplacement", {"person": house.hugo.user_id, "starts": "2026-03-05", "until": "2026-03-06"}).status_code == 422
    )
    alice.get(f"{here}/{house.bob.user_id}/fin")
    assert alice.submit(f"{here}/{house.bob.user_id}/fin").status_code == 422
    refused = alice.submit(f"{here}/{house.bob.user_id}/fin", confirmed="y")
    assert "moins de deux personnes" in words(refused)
    assert enter(house, "paula").get(here).status_code == 404
