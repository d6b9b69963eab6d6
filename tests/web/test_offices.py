"""The officer's, the newcomer's and the steward's screens, on the real services."""

import re
from datetime import timedelta

import pyotp
import pytest
from werkzeug.test import TestResponse

from casework import services
from casework.services.offices.accounts import NewAccount
from tests.house import END, House, enrol
from tests.web.conftest import Browser, served, words

WORDS = "fladon-migru-tralo-bichu-plagri"
TOWN = "Ville de Valmorel-sur-Orle"


def enter(house: House, name: str, *, lands: str = "/") -> Browser:
    """Somebody signs in through the form."""
    house.clock.advance(timedelta(seconds=61))
    browser, kept = Browser(served(house.instance).test_client()), house.people[name]
    answer = browser.sign_in(name, passphrase=kept.passphrase, code=kept.code(house.clock.now()))
    assert (answer.status_code, answer.location) == (303, lands)
    return browser


def spelled(answer: TestResponse) -> str:
    """The text in the one box of the page that holds something to copy."""
    found: list[str] = re.findall(r'<p class="spelled"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    return found[-1].strip()


def account_path(browser: Browser, name: str) -> str:
    """Where the officer finds an account."""
    found = re.search(rf'href="(/comptes/[0-9a-f]+)"><span>{name}<', browser.get("/comptes").text)
    assert found
    return found.group(1)


def test_the_whole_way_in(house: House) -> None:
    """Account, code, keys, telephone, sheet, fingerprint, certificate, admission, charter, first page."""
    officer, newcomer = enter(house, "oscar"), Browser(served(house.instance).test_client())
    officer.get("/comptes/nouveau")
    typed = {"name": "Perrine Loubiac", "username": "perrine", "gender": "f", "function": "éducatrice"}
    answer = officer.submit("/comptes/nouveau", **typed, profession="social_worker", institution=TOWN)
    assert answer.status_code == 201
    code = spelled(answer)
    newcomer.get("/enrolement")
    answer = newcomer.submit("/enrolement", username="perrine", code=code, passphrase=WORDS, repeated=WORDS)
    assert (answer.status_code, answer.location) == (303, "/enrolement/telephone")
    for early in ("/enrolement/feuille", "/enrolement/empreinte"):
        assert newcomer.get(early).location == "/enrolement/telephone"
    page = newcomer.get("/enrolement/telephone")
    assert page.headers["Cache-Control"] == "no-store"
    assert "<svg" in page.text
    telephone = pyotp.TOTP(spelled(page).replace(" ", ""))
    assert newcomer.submit("/enrolement/telephone", code="000000").status_code == 422
    assert newcomer.submit("/enrolement/telephone", code=telephone.at(house.clock.now())).location == "/enrolement/feuille"
    assert newcomer.get("/enrolement/telephone").location == "/enrolement/feuille"
    assert spelled(newcomer.get("/enrolement/feuille")) == spelled(newcomer.get("/enrolement/feuille"))
    aloud = spelled(newcomer.get("/enrolement/empreinte"))
    place = account_path(officer, "Perrine Loubiac")
    assert aloud not in words(officer.get(place))
    wrong = officer.submit(f"{place}/certifier", fingerprint=aloud.replace(aloud[0], "0" if aloud[0] != "0" else "1"))
    assert wrong.status_code == 422
    assert 'id="fingerprint-error"' in wrong.text
    assert aloud not in wrong.text
    assert officer.submit(f"{place}/certifier", fingerprint=aloud.upper()).status_code == 303
    assert "Vos clés sont certifiées" in words(newcomer.get("/enrolement/empreinte"))
    assert newcomer.submit("/enrolement/fin").location == "/connexion"
    assert newcomer.get("/enrolement/empreinte").location == "/enrolement"
    steward = enter(house, "stella")
    place = f"/cellules/{house.cells['nord']}"
    steward.get(f"{place}/admettre")
    until = (house.clock.now() + timedelta(days=90)).date().isoformat()
    admitted = steward.submit(f"{place}/admettre", person="perrine", role="member", act="acte 20", until=until, charter_sheet="")
    assert (admitted.status_code, admitted.location) == (303, place)
    assert "charte à signer" in words(steward.get(place))
    house.clock.advance(timedelta(seconds=61))
    newcomer.get("/connexion")
    answer = newcomer.post("/connexion", {"username": "perrine", "passphrase": WORDS, "code": telephone.at(house.clock.now())})
    assert answer.location == "/"
    assert newcomer.get("/").location == "/charte"
    newcomer.get("/charte")
    assert newcomer.submit("/charte").status_code == 422
    assert newcomer.submit("/charte", read="y").location == "/"
    assert newcomer.get("/").location != "/charte"
    assert "Vous l’avez signée" in words(newcomer.get("/charte"))


def guarded_addresses(browser: Browser, house: House) -> list[tuple[str, str]]:
    """Every address that performs an action, with what fits in its places."""
    app = browser.client.application
    found = []
    for rule in app.url_map.iter_rules():
        mark = getattr(app.view_functions[rule.endpoint], "casework_guard", ("", ""))
        if mark[0] == "action" and mark[1] != "charter.sign":
            path = re.sub(r"<[^>]*number[^>]*>", "2026-0001", rule.rule)
            path = re.sub(r"<[^>]*>", "x", path)
            found += [(method, path) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def test_nothing_is_open_before_the_charter_is_signed(fresh_house: House) -> None:
    """Each address leads to the charter and shows nothing. Control: signed, the same addresses answer otherwise."""
    house = fresh_house
    enrol(house, "wanda", "social_worker", TOWN)
    services.cells.admit(house.stella, house.cells["nord"], "wanda", "member", act="acte 9", until=END)
    wanda = enter(house, "wanda")
    wanda.get("/charte")
    addresses = guarded_addresses(wanda, house)
    assert len(addresses) > 15
    for method, path in addresses:
        answer = wanda.get(path) if method == "GET" else wanda.post(path)
        assert (path, answer.status_code, answer.location) == (path, 303, "/charte")
    for path in ("/confidentialite", "/accessibilite"):
        assert wanda.get(path).status_code == 200
    wanda.get("/charte")
    assert wanda.submit("/charte", read="y").status_code == 303
    assert all(wanda.get(path).location != "/charte" for method, path in addresses if method == "GET")


def test_an_expired_code_is_replaced(house: House) -> None:
    """The person reads one sentence; the officer makes another code; a certified person gets none."""
    services.accounts.create(house.oscar, NewAccount("lison", "Lison", "f", "agente", "social_worker", TOWN))
    newcomer = Browser(served(house.instance).test_client())
    newcomer.get("/enrolement")
    answer = newcomer.submit("/enrolement", username="lison", code="0" * 32, passphrase=WORDS, repeated=WORDS)
    assert answer.status_code == 403
    assert "Identifiant ou code incorrect" in words(answer)
    officer = enter(house, "oscar")
    place = account_path(officer, "Lison")
    officer.get(place)
    answer = officer.submit(f"{place}/code")
    assert answer.status_code == 201
    newcomer.get("/enrolement")
    assert newcomer.submit("/enrolement", username="lison", code=spelled(answer), passphrase=WORDS, repeated=WORDS).status_code == 303
    certified = account_path(officer, "Alice")
    assert "Nouveau code" not in words(officer.get(certified))
    officer.get("/comptes/nouveau")
    assert officer.submit(f"{certified}/code").status_code == 404


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"passphrase": "court"}, "passphrase"),
        ({"repeated": "autre chose ici"}, "repeated"),
        ({"code": ""}, "code"),
        ({"username": " "}, "username"),
    ],
)
def test_what_is_missing_is_said_in_place(house: House, typed: dict[str, str], field: str) -> None:
    """The name and the code stay as typed; a passphrase is never sent back."""
    newcomer = Browser(served(house.instance).test_client())
    newcomer.get("/enrolement")
    good = {"username": "personne", "code": "f" * 32, "passphrase": WORDS, "repeated": WORDS}
    answer = newcomer.submit("/enrolement", **(good | typed | ({"repeated": "court"} if field == "passphrase" else {})))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert WORDS not in answer.text


def test_the_officers_other_forms(house: House) -> None:
    """An institution once; a cell for somebody who may keep it, who then takes it in charge."""
    officer = enter(house, "oscar")
    officer.get("/institutions/nouvelle")
    assert officer.submit("/institutions/nouvelle", name="Mission locale de l’Orle", kind="association").status_code == 303
    officer.get("/institutions/nouvelle")
    assert 'id="name-error"' in officer.submit("/institutions/nouvelle", name="Mission locale de l’Orle", kind="association").text
    officer.get("/cellules/nouvelle")
    until = (house.clock.now() + timedelta(days=90)).date().isoformat()
    typed = {"name": "Cellule ouest", "code": "ouest", "programme": "fragility", "commune": "Valmorel", "act": "acte 30", "until": until}
    assert 'id="stewards-error"' in officer.submit("/cellules/nouvelle", **typed).text
    assert officer.submit("/cellules/nouvelle", **typed, stewards=["sam"]).status_code == 303
    assert "En attente de prise en charge" in words(officer.get("/comptes"))
    sam = enter(house, "sam")
    place = re.findall(r'href="(/cellules/[0-9a-f]+)">Cellule ouest', sam.get("/cellules").text)[0]
    sam.get(place)
    assert sam.submit(f"{place}/prise-en-charge").location == place
    assert "Sam" in words(sam.get(place))
    assert "Ouvrir la cellule aux personnes élues" in words(sam.get(place))
    assert sam.submit(f"{place}/elus").status_code == 303
    assert "Ouvrir la cellule aux personnes élues" not in words(sam.get(place))


def test_a_departure_is_confirmed(house: House) -> None:
    """A box to tick; the last steward stays; a stranger is nowhere."""
    sam = enter(house, "sam")
    place = f"/cellules/{house.cells['sud']}/membres"
    path = f"{place}/{house.charlie.user_id}/fin"
    sam.get(path)
    assert 'id="confirmed-error"' in sam.submit(path).text
    sam.get(f"{place}/{house.sam.user_id}/fin")
    assert "la dernière personne" in words(sam.submit(f"{place}/{house.sam.user_id}/fin", confirmed="y"))
    assert sam.get(f"{place}/{house.alice.user_id}/fin").status_code == 404
    assert sam.submit(path, confirmed="y").status_code == 303
    assert "Charlie" not in words(sam.get(f"/cellules/{house.cells['sud']}"))


@pytest.mark.parametrize(
    ("who", "closed"), [("stella", "/comptes"), ("alice", "/comptes"), ("alice", "/cellules"), ("oscar", "/cellules"), ("ada", "/comptes")]
)
def test_rooms_of_others_are_no_pages(house: House, who: str, closed: str) -> None:
    """404, and no entry in the navigation."""
    browser = enter(house, who)
    assert browser.get(closed).status_code == 404
    assert f'href="{closed}"' not in browser.get("/confidentialite").text
