"""The signed attendance sheet through the screens, on the real services: handed in, refused, saved, ticked; nobody else finds it."""

from html import unescape

import pytest
from werkzeug.test import TestResponse

from casework.web.app import create_app
from tests.house import House
from tests.services.meeting.outcome import close, decide, sitting
from tests.services.meeting.room import Room, secretary
from tests.services.meeting.sitting.test_signed_sheets import JPEG, PDF
from tests.web.conftest import Browser, words
from tests.web.test_real import enter

TYPED = {"reference": "FP-2026-14", "signed_on": "2026-03-02"}


@pytest.fixture
def room(house: House) -> Room:
    """A meeting under way that Bob sits at."""
    made = sitting(house, {house.follow("Feuille-Écran"): ["bob"]})
    TYPED["signed_on"] = house.clock.now().date().isoformat()
    return made


def hand_in(browser: Browser, room: Room, data: bytes, **typed: str) -> TestResponse:
    """The form with a file, whose own name says who signed; as bytes, for the test client would lay a large one on a disk."""
    path = f"/reunions/{room.meeting}/feuille-signee"
    browser.get(path)
    sent = {"csrf_token": browser.token, "version": (browser.hidden or {})["version"], **TYPED, **typed}
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in sent.items()]
    parts.append('name="scan"; filename="Ondine Trébuchet.exe"\r\nContent-Type: text/html\r\n\r\n'.encode() + data)
    body = b"".join(b"--limit\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--limit--\r\n"
    return browser._keep(browser.client.post(path, data=body, content_type="multipart/form-data; boundary=limit"))


def test_the_sheet_is_handed_in_ticked_and_saved(house: House, room: Room) -> None:
    """After the close, by the secretary. The answer is a file to save, of the kind its bytes are, that nothing on the way keeps."""
    secretary(house)
    decide(room, next(iter(room.items)))
    close(room)
    serge, page = enter(house, "serge"), f"/reunions/{room.meeting}/feuille-signee"
    assert page in serge.get(f"/reunions/{room.meeting}").text
    answer = hand_in(serge, room, PDF)
    assert answer.location == page, words(answer)
    shown = words(serge.get(page))
    assert "FP-2026-14" in shown
    assert "Trébuchet" not in shown, "the file's own name goes nowhere"
    ticked = {f"vu-{room.seats['bob']}": "", f"signe-{room.seats['bob']}": "1"}
    assert serge.post(f"{page}/signatures", ticked).status_code == 303
    assert "a signé, sans être noté·e à l’écran" in words(serge.get(page))
    answer = serge.get(f"{page}/scan")
    day = TYPED["signed_on"]
    assert (answer.status_code, answer.data, answer.mimetype) == (200, PDF, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="feuille-de-presence-{day}.pdf"'
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store")
    assert hand_in(serge, room, JPEG).status_code == 303
    assert serge.get(f"{page}/scan").mimetype == "image/jpeg"


@pytest.mark.parametrize(
    ("data", "said"), [(b"", "vide"), (b"GIF89a", "ni un PDF"), (PDF[:-9], "incomplet"), (PDF + b"\0" * (5 * 1024 * 1024), "5 Mo au plus")]
)
def test_what_is_no_scan_is_refused_beside_its_field(house: House, room: Room, data: bytes, said: str) -> None:
    """With what was typed still there. Control: the test above."""
    answer = hand_in(enter(house, "stella"), room, data, reference="FP-2026-99")
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert said in text[text.index('id="scan-error"') :]
    assert 'value="FP-2026-99"' in text


def test_a_form_without_a_file_and_one_too_large_say_so(house: House, room: Room) -> None:
    """The first beside its field; the second is not even read."""
    stella, path = enter(house, "stella"), f"/reunions/{room.meeting}/feuille-signee"
    stella.get(path)
    answer = stella.post(path, TYPED)
    assert (answer.status_code, "Choisissez le fichier." in unescape(answer.text)) == (422, True)
    assert hand_in(stella, room, PDF + b"\0" * (7 * 1024 * 1024)).status_code == 413


def test_nobody_else_finds_sheet_or_scan(house: House, room: Room) -> None:
    """Bob sits there, Charlie is of elsewhere, Elsa was elected. Control: Stella."""
    assert hand_in(enter(house, "stella"), room, PDF).status_code == 303
    page = f"/reunions/{room.meeting}/feuille-signee"
    for name in ("bob", "charlie", "elsa"):
        browser = enter(house, name)
        assert [browser.get(path).status_code for path in (page, f"{page}/scan")] == [404, 404]
        assert browser.post(f"{page}/signatures", {f"vu-{room.seats['bob']}": "", f"signe-{room.seats['bob']}": "1"}).status_code == 404
    assert enter(house, "stella").get(f"{page}/scan").status_code == 200
    assert room.seat("bob").signed is None


def test_two_routes_alone_take_more_than_a_note(house: House) -> None:
    """A table of services and the scan of a sheet."""
    app = create_app(house.instance)
    assert {name for name, view in app.view_functions.items() if hasattr(view, "casework_room")} == {
        "directory_import.send", "signed_sheets.record",
    }  # fmt: skip
