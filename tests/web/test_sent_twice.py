"""A value that came twice is nobody's to choose from: no view of the application takes the first in silence, and nothing is done."""

import importlib
import pkgutil

from flask import Flask
from sqlalchemy import func, inspect, select, table
from wtforms import Field

from casework import web
from casework.web import fields
from casework.web.fields import TWICE, OnceForm
from tests.house import House
from tests.services.meeting.outcome import arrive, sitting
from tests.services.orientation.oriented import followed, sent, town
from tests.web.conftest import Browser, SignedIn, words
from tests.web.forms import DAY, FORMS, ID, dossier
from tests.web.test_decisions import TEXT, typed
from tests.web.test_real import enter

SEVERAL = {"people", "kinds", "pieces", "motives", "stewards", "needs"}
"""What one ticks several of."""
PRESSED = {"haut", "joint", "accepter"}
"""Buttons: pressed or not, and twice is once."""
ASKED = {"/annuaire/recherche": "catalogue.find", "/ecran": "covering.covered", dossier("partage"): "", dossier("partie"): ""}
"""Pages that show what they were asked about with what was wrong in the question: their verb changes nothing."""
HARMLESS = {(f"/reunions/{ID}/seance/sortie", "seat"), ("/brouillons", "body"), ("/ecran/couvrir", "page")}
"""Several people leave at once; a draft keeps all that was typed; a screen is covered whatever came with it."""
BESIDE: dict[str, dict[str, str]] = {
    dossier("notes/nouvelle"): {"readers-social": "d-social"},
    dossier("echeance"): {"seen": ""},
    dossier("reference"): {"seen": "alice"},
    dossier("orientation"): {"chercher": "1"},
    "/saisir/appel": {"need-housing": "wanted"},
    dossier("separation/dossier/confirmation"): {"cote-paul": "2026-0043"},
    f"/reunions/{ID}/points/{ID}/decision": {"suite": ID, "actions-0-text": "Appeler"},
    f"/reunions/{ID}/cloture": {f"choice-{ID}": "postponed", f"missing-{ID}": "x", f"next_date-{ID}": DAY},
    f"/reunions/{ID}/convoques": {"bloc": "ville"},
    "/cellules/c1/noyau": {"bloc": "ville"},
    f"/reunions/{ID}/absence": {"deputy": ID},
    "/brouillons/effacer": {"retour": "liste"},
}
"""Names that are read beside the typed ones of `FORMS`."""


def doubled() -> list[tuple[str, str]]:
    """(address, name) of everything a form sends once."""
    typed = {path: {**filled.typed, **BESIDE.get(path, {})} for path, filled in FORMS.items()}
    pairs = [(path, name) for path, names in typed.items() for name, text in names.items() if isinstance(text, str)]
    return [(path, name) for path, name in pairs if name not in SEVERAL | PRESSED and (path, name) not in HARMLESS]


def test_nothing_is_done_with_what_came_twice(signed_in: SignedIn, asked: list[str]) -> None:
    """Each form with each of its values twice: refused, its verb not reached. `test_control_with_our_token_it_happens` sends them once."""
    browser = signed_in("maelle")
    for path, name in doubled():
        typed = {**FORMS[path].typed, **BESIDE.get(path, {})}
        asked.clear()
        answer = browser.post(path, {**typed, name: [typed[name], typed[name]]})
        assert 400 <= answer.status_code < 500, (path, name, answer.status_code)
        assert ASKED.get(path) == FORMS[path].verb or FORMS[path].verb not in asked, (path, name)
        if answer.status_code == 422 and "Saisie à corriger" not in words(answer):
            assert str(TWICE) in words(answer), (path, name)


def test_control_what_stands_beside_comes_once(signed_in: SignedIn, asked: list[str]) -> None:
    """The names that no form class lists: once, they go through to the verb; not buttons that only show the form again."""
    browser = signed_in("maelle")
    for path, extra in BESIDE.items():
        asked.clear()
        assert browser.post(path, {**FORMS[path].typed, **extra}).status_code in {200, 201, 303, 404}
        assert FORMS[path].verb in asked or {"chercher", "bloc"} & set(extra), path


def every_form() -> list[type[OnceForm]]:
    """The form classes of the application."""
    for module in pkgutil.iter_modules(web.__path__):
        importlib.import_module(f"casework.web.{module.name}")
    found, waiting = [], [OnceForm]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += below
        waiting += below
    return sorted(found, key=lambda each: f"{each.__module__}.{each.__name__}")


def ones(form: OnceForm) -> list[Field]:
    """Its fields of one value that are typed, not files."""
    return [field for field in fields.leaves(form) if fields.takes_one(field) and field.name not in fields.CARRIED | {"file", "scan"}]


def test_every_field_says_so_itself_and_keeps_what_was_typed(app: Flask) -> None:
    """Of every form: at the field and in the summary, once; the first text stays. Control: when each comes once, nobody says so."""
    forms = every_form()
    assert len(forms) > 50
    for form in forms:
        with app.test_request_context():
            once = {field.name: "12" for field in ones(form(formdata=None))}
        for name in once:
            with app.test_request_context(method="POST", data={**once, name: ["12", "13"]}):
                filled = form()
                assert fields.status(filled) == 422
                said = {field.name: field.errors for field in ones(filled) if field.errors}
                assert said == {name: [str(TWICE)]}, form
                assert filled.form_errors == []
                assert {field.raw_data[0] for field in ones(filled)} == {"12"}
        with app.test_request_context(method="POST", data=once):
            assert fields.status(form()) == 200, form


def rows(house: House) -> dict[str, int]:
    """How many rows each table has, the trace apart: a refusal leaves one there."""
    with house.instance.database.reading() as session:
        names = [name for name in inspect(session.get_bind()).get_table_names() if not name.startswith("ledger")]
        return {name: session.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


def refused(house: House, browser: Browser, path: str, typed: dict[str, str], name: str, *others: str) -> None:
    """With that value twice: 422, said, the other texts there, no row more in any table."""
    before = rows(house)
    answer = browser.post(path, {**typed, name: [typed[name], "autre"]})
    assert (answer.status_code, str(TWICE) in words(answer)) == (422, True), (path, name)
    assert all(text in answer.text for text in (typed[name], *others)), (path, name)
    assert rows(house) == before


def test_a_meeting_takes_nothing_twice(house: House) -> None:
    """A decision, the attendance and the closing leave their checks to their verbs; each goes through when all comes once."""
    number = house.follow("Quibérac-Deux-Fois")
    room = sitting(house, {number: ["alice", "hugo"]})
    arrive(room, "alice")
    item, stella = room.items[number], enter(house, "stella")
    page, sheet, closing = (f"/reunions/{room.meeting}/{each}" for each in (f"points/{item}/decision", "seance/presence", "cloture"))
    stella.get(page)
    for name in ("text", "actions-0-text", "next_date", "suite"):
        refused(house, stella, page, typed(house), name, TEXT, "Appeler le collège.")
    seat = room.seats["hugo"]
    refused(house, stella, sheet, {f"etat-{seat}": "excused", f"vu-{seat}": "convened"}, f"etat-{seat}")
    stella.get(closing)
    seen = {**(stella.hidden or {}), f"choice-{item}": "withdrawn", f"next_date-{item}": "2026-12-24"}
    refused(house, stella, closing, seen, f"next_date-{item}")
    refused(house, stella, closing, seen, "seen")
    before = rows(house)
    forged = stella.post(sheet, {f"etat-{seat}": "absent-forever", f"vu-{seat}": "convened"})
    assert (forged.status_code, "Choisissez dans la liste" in words(forged), rows(house)) == (422, True, before)
    assert stella.post(sheet, {f"etat-{seat}": "excused", f"vu-{seat}": "convened"}).status_code == 303
    assert stella.post(page, typed(house)).status_code == 303
    assert rows(house) != before


def test_an_orientation_takes_nothing_twice(house: House) -> None:
    """A step on the receiving side; once, it is taken."""
    place = town(house)
    page = f"/orientations/recues/{sent(place, followed(house, 'Vauquoir-Deux-Fois'))}"
    charlie = enter(house, "charlie")
    charlie.get(page)
    for name in ("step", "seen"):
        refused(house, charlie, page, {"step": "accepted", "seen": "3"}, name)
    assert charlie.post(page, {"step": "accepted", "seen": "99999999999"}).status_code == 409
    assert charlie.post(page, {"step": "accepted", "seen": "3"}).status_code == 303
