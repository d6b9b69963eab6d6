"""The directory's screens, on the real services and both engines; and the one route that takes more than a note."""

import io
import re
from dataclasses import dataclass
from html import unescape

import pytest
from werkzeug import formparser
from werkzeug.test import TestResponse

from casework import services
from casework.services.directory.lines import HEADINGS
from casework.services.directory.views import ServiceDraft
from casework.web import app as web_app
from casework.web import directory_import, intake
from tests.house import House
from tests.sheets.making import csv, xlsx
from tests.web.conftest import Browser, words
from tests.web.test_real import enter

TITLES = [str(each) for each in HEADINGS.values()]
TYPED = {
    "name": "Écoute du quai", "institution": "Relais de l’Orle", "needs": ["listening", "rights"], "age_min": "16",
    "phone": "02 61 91 00 09", "state": "full", "state_until": "24/12/2026", "version": "0", "sector": "Nord",
}  # fmt: skip


@dataclass
class Staff:
    """Who keeps the directory, and who reads it."""

    steward: Browser
    member: Browser


@pytest.fixture
def staff(house: House) -> Staff:
    """Both signed in."""
    return Staff(enter(house, "stella"), enter(house, "alice"))


def table(*names: str, **cells: str) -> bytes:
    """A table of services."""
    usual = {"institution": "Club", "needs": "Écoute", "phone": "02 61 91 00 02", **cells}
    return csv([TITLES, *([{**usual, "name": name}.get(field, "") for field in HEADINGS] for name in names)])


def post(browser: Browser, path: str, fields: dict[str, str], file: bytes | None = None) -> TestResponse:
    """A form with a file, as bytes: the test client would lay a large one into a temporary file, and a test looks for those."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in {"csrf_token": browser.token, **fields}.items()]
    if file is not None:
        parts.append(b'name="file"; filename="services"\r\n\r\n' + file)
    body = b"".join(b"--limit\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--limit--\r\n"
    return browser._keep(browser.client.post(path, data=body, content_type="multipart/form-data; boundary=limit"))


def send(browser: Browser, data: bytes) -> str:
    """Send a file; the answer's page."""
    browser.get("/annuaire/import")
    return post(browser, "/annuaire/import", {}, data).text


def test_a_steward_adds_corrects_closes_and_reopens(staff: Staff) -> None:
    steward = staff.steward
    assert "Ajouter un service" in words(steward.get("/annuaire"))
    steward.get("/annuaire/nouveau")
    made = steward.post("/annuaire/nouveau", TYPED)
    assert made.status_code == 303
    page = words(steward.get(made.location))
    for said in (
        "Le service est dans l’annuaire",
        "Écoute du quai",
        "Complet jusqu’au 24 décembre 2026",
        "Tous publics, à partir de 16 ans",
    ):
        assert said in page
    form = steward.get(f"{made.location}/modifier")
    assert re.search(r'value="listening"\s+checked', form.text)
    again = steward.submit(f"{made.location}/modifier", **{**TYPED, **(steward.hidden or {}), "hours": "lundi", "age_min": "seize"})
    assert again.status_code == 422
    assert "Un âge s’écrit en années" in words(again)
    assert 'value="lundi"' in again.text
    assert steward.submit(f"{made.location}/modifier", **{**TYPED, **(steward.hidden or {}), "hours": "lundi"}).status_code == 303
    steward.get(made.location)
    assert steward.post(f"{made.location}/fermeture").status_code == 303
    page = words(steward.get(made.location))
    assert "Ce service est fermé depuis" in page
    assert "Écoute du quai" not in words(steward.get("/annuaire"))
    assert "Écoute du quai" in words(steward.get("/annuaire?fermes=1"))
    steward.get(made.location)
    assert steward.post(f"{made.location}/reouverture").status_code == 303


def test_a_member_searches_and_keeps_nothing(house: House, staff: Staff) -> None:
    """Words travel in the body; codes alone get an address."""
    services.upkeep.add(
        house.stella, ServiceDraft(name="Médiation du lac", institution="Lac", needs=("mediation",), address="1 quai", sector="Nord")
    )
    member = staff.member
    page = member.get("/annuaire")
    assert 'href="/annuaire" aria-current="page"' in page.text
    assert "Ajouter un service" not in words(page)
    found = member.post("/annuaire/recherche", {"mots": "MEDIATION lac"})
    assert (found.status_code, "Médiation du lac" in words(found), "1 service trouvé" in words(found)) == (200, True, True)
    assert "Aucun service ne répond" in words(member.post("/annuaire/recherche", {"mots": "lac zzz"}))
    asked = member.post("/annuaire/recherche", {"besoin": "mediation", "age": "17"})
    assert (asked.status_code, asked.location) == (303, "/annuaire?besoin=mediation&age=17")
    assert "Médiation du lac" in words(member.get(asked.location))
    assert "Médiation du lac" not in words(member.get("/annuaire?besoin=housing&secteur=Nord"))
    assert member.get("/annuaire?age=vieux").status_code == 422
    assert member.get("/annuaire?besoin=nonsense&page=99").status_code == 200
    for path in ("/annuaire/nouveau", "/annuaire/import", "/annuaire/nope"):
        assert member.get(path).status_code == 404
    member.get("/annuaire")
    assert member.post("/annuaire/nouveau", TYPED).status_code == 404
    assert member.get("/annuaire/recherche").location == "/annuaire"


def test_a_table_is_shown_then_written(staff: Staff) -> None:
    """The refused lines can be copied; the same file again has nothing to write."""
    steward, data = staff.steward, table("Club A", "Club B", "Club A")
    page = send(steward, data)
    assert "Rien n’est encore écrit" in page
    assert "Écrire 2 services" in page
    copied = re.search(r'<textarea id="a-copier"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert copied
    assert unescape(copied[1]).splitlines()[1].startswith("4\tService : Ce service est déjà à la ligne 2.\tClub A\tClub\t")
    assert "Club A" not in words(steward.get("/annuaire"))
    send(steward, data)
    done = post(steward, "/annuaire/import", steward.hidden or {})
    assert (done.status_code, done.location) == (303, "/annuaire")
    assert "L’annuaire est à jour" in words(steward.get("/annuaire"))
    assert "Rien à écrire" in send(steward, table("Club A", "Club B"))


WRONG = [
    (b"%PDF-1.4\x00", "n’est pas un tableau"),
    (b"a;b\n", "Il manque"),
    (xlsx([["x" * 2_000_000]]), "Il manque"),
    (table("=A1"), "contient une formule"),
    (table("y" * 2_000_000), "120 caractères"),
    (table(*(f"Club {place}" for place in range(10_000))), "3000 lignes"),
    (b"a;b\n" * 600_000, "2 Mo au plus"),
]


@pytest.mark.parametrize(("data", "said"), WRONG, ids=[said for _, said in WRONG])
def test_a_bad_file_gets_a_sentence(staff: Staff, data: bytes, said: str) -> None:
    assert said in unescape(send(staff.steward, data))


def test_a_form_without_a_file_says_so(staff: Staff) -> None:
    staff.steward.get("/annuaire/import")
    answer = post(staff.steward, "/annuaire/import", {})
    assert (answer.status_code, "Choisissez un fichier." in answer.text) == (422, True)


def test_this_route_alone_takes_more_than_a_note(staff: Staff) -> None:
    """And not more than it says."""
    big = {"rows": "x" * (web_app.MAX_BODY * 2), "mots": "x" * (web_app.MAX_BODY * 2)}
    staff.steward.get("/annuaire/import")
    assert post(staff.steward, "/annuaire/import", big).status_code == 422
    for path in ("/annuaire/recherche", "/annuaire/nouveau"):
        assert post(staff.steward, path, big).status_code == 413
    assert "trop volumineux" in send(staff.steward, b"x" * (directory_import.MAX_UPLOAD + 1))


def test_control_without_its_mark_the_route_takes_no_more(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_make_room", lambda: None)
    assert "trop volumineux" in send(staff.steward, table("y" * web_app.MAX_BODY * 2))


@pytest.mark.parametrize("guarded", [True, False], ids=["ours", "control: werkzeug's own way"])
def test_an_upload_lies_on_no_disk(staff: Staff, monkeypatch: pytest.MonkeyPatch, guarded: bool) -> None:
    """A file of a megabyte is read without a temporary one. Positive control: without our reading of requests there would be one."""
    asked: list[object] = []

    def kept(*given: object, **named: object) -> io.BytesIO:
        asked.append((given, named))
        return io.BytesIO()

    for name in ("SpooledTemporaryFile", "TemporaryFile"):
        monkeypatch.setattr(formparser, name, kept, raising=False)
    if not guarded:
        monkeypatch.delattr(intake.Reading, "_get_file_stream")
    assert "120 caractères" in unescape(send(staff.steward, table("y" * 1_000_000)))
    assert bool(asked) is not guarded
