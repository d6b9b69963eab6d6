"""Odile Sermanges, elected member: identity and decisions in the cell that wanted it so, nothing in the other."""

from tests.journeys.conftest import SignIn
from tests.journeys.visitor import words


def test_decisions_of_the_north_nothing_of_the_south(sign_in: SignIn) -> None:
    """The North switched its elected ring on; a number of the South is a number that does not exist."""
    odile = sign_in(username="odile.sermanges")
    odile.goes_to("/dossiers")
    rows = [words(row) for row in odile.page.locator("tbody tr").all()]
    assert rows
    assert all("Cellule pluridisciplinaire Nord" in row for row in rows)
    assert not any("reçue" in row for row in rows)
    odile.presses(odile.page.locator("a.row-link").first)
    assert [words(heading) for heading in odile.page.locator(".volet:not(.shut) h3").all()] == ["Identité", "Décisions (N0)"]
    assert {words(badge) for badge in odile.page.locator(".badge").all()} <= {"Décisions (N0)"}
    assert not odile.page.get_by_role("link", name="Écrire une note").count()
    unknown = odile.fetches("/dossiers/2026-9999")
    southern = [odile.fetches(f"/dossiers/{paper['number']}") for paper in odile.town.truth("Sud")]
    assert len(southern) > 5
    assert set(southern) == {unknown}
    assert unknown[0] == 404
