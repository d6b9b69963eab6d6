"""Lucie Brancelot on her phone, and everybody who needs things larger, or darker."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.notes import begin_note, notes_with, readers, save, unheard_of


@pytest.mark.parametrize(
    "screen", [{"width": 360}, {"width": 1280, "zoom": 2}, {"width": 320, "dark": True}], ids=["phone", "zoom-200", "dark-320"]
)
def test_lucie_reads_and_writes(sign_in: SignIn, screen: dict[str, Any]) -> None:
    """List, dossier and note; nothing scrolls sideways (every page is looked at for that)."""
    lucie = sign_in(username="lucie.brancelot", **screen)
    lucie.goes_to("/dossiers")
    lucie.presses(lucie.page.locator("tbody tr").filter(has_text="en cours").first.locator("a.row-link"))
    body = unheard_of()
    begin_note(lucie, body)
    assert "Lucie Brancelot (vous)" in readers(lucie)
    save(lucie)
    expect(notes_with(lucie, body)).to_have_count(1)


@pytest.mark.parametrize("screen", [{"width": 360}, {"width": 1280, "zoom": 2}, {"dark": True}], ids=["phone", "zoom-200", "dark"])
@pytest.mark.parametrize(
    ("username", "paths"),
    [
        ("agathe.roquebel", ["/saisines/nouvelle", "/confidentialite", "/accessibilite", "/dossiers/2026-9999"]),
        ("irene.castelbrun", ["/journal", "/journal?issue=refused"]),
    ],
    ids=["school-head", "auditor"],
)
def test_the_other_screens_fit(sign_in: SignIn, screen: dict[str, Any], username: str, paths: list[str]) -> None:
    """Form, notices, error page, journal."""
    somebody = sign_in(username=username, **screen)
    for path in paths:
        somebody.goes_to(path)
