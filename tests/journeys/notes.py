"""What everybody does who writes a note."""

import re
import secrets

from playwright.sync_api import Locator

from tests.journeys.visitor import Visitor, words

SAVE = "Enregistrer la note"


def unheard_of(opening: str = "Reçue") -> str:
    """A text that stands nowhere yet."""
    return f"{opening} au local à quatorze heures, référence {secrets.token_hex(6)}."


def begin_note(visitor: Visitor, body: str, kind: str = "Observation") -> None:
    """From an open dossier to a filled-in form, the compartment left as it is proposed. The text is confidential from now on."""
    visitor.follows("Écrire une note")
    visitor.page.get_by_label("Type de note").select_option(label=kind)
    visitor.page.get_by_label("Note", exact=True).fill(body)
    visitor.town.typed.append(body)


def choose(visitor: Visitor, compartment: str) -> None:
    """Choose who may read it."""
    visitor.page.get_by_role("radio", name=re.compile(compartment)).check()


def chosen(visitor: Visitor) -> str:
    """The compartment that is ticked."""
    return words(visitor.page.locator("label.choice:has([name=compartment]:checked) b"))


def readers(visitor: Visitor) -> str:
    """« Qui lira ceci ? » as it stands above the button."""
    return words(visitor.page.locator("[data-live]"))


def save(visitor: Visitor, *, clicks: int = 1) -> None:
    """Press the button, once or hastily, and look at the dossier with the note in it."""
    with visitor.page.expect_navigation(url=re.compile(r"/dossiers/\d{4}-\d{4}(#|$)")):
        visitor.page.get_by_role("button", name=SAVE).click(click_count=clicks)
    visitor.looks()


def notes_with(visitor: Visitor, body: str) -> Locator:
    """The notes of the timeline with this text."""
    return visitor.page.locator(".timeline > li").filter(has_text=body)
