"""From a single-use code to certified keys: what each step needs, and what nobody keeps."""

import base64
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from casework import services
from casework.errors import InvalidInput, NotFound, SessionEnded, SignInRefused, TooManyAttempts
from casework.services.offices.accounts import NewAccount
from casework.services.offices.views import EnrolmentView
from tests.house import END, House

WORDS = "fladon-migru-tralo-bichu-plagri"
TOWN = "Ville de Valmorel-sur-Orle"


def opened(house: House, username: str, profession: str = "social_worker") -> str:
    """An account without keys; its code."""
    return services.accounts.create(house.oscar, NewAccount(username, username.capitalize(), "f", "agente", profession, TOWN))


def shown_code(house: House, view: EnrolmentView) -> str:
    """What the person's telephone shows now."""
    return pyotp.TOTP(view.key.replace(" ", "")).at(house.clock.now())


def proven(house: House, username: str, profession: str = "social_worker") -> str:
    """Somebody who did everything on their side; the cookie's secret."""
    secret = services.enrolment.begin(house.instance, username, opened(house, username, profession), WORDS)
    services.enrolment.confirm(house.instance, secret, shown_code(house, services.enrolment.resume(house.instance, secret)))
    return secret


def test_from_the_code_to_the_first_sign_in(house: House) -> None:
    """Each page gives what it should and a reload gives it again; the confirming code is burnt."""
    code = opened(house, "zelie")
    spaced = " ".join(re.findall("....", code)).upper()
    secret = services.enrolment.begin(house.instance, " Zelie ", spaced, WORDS)
    view = services.enrolment.resume(house.instance, secret)
    assert (view.confirmed, view.sheet, view.fingerprint) == (False, "", "")
    assert parse_qs(urlsplit(view.uri).query)["secret"] == [view.key.replace(" ", "")]
    typed = shown_code(house, view)
    services.enrolment.confirm(house.instance, secret, typed)
    after = services.enrolment.resume(house.instance, secret)
    assert after == services.enrolment.resume(house.instance, secret)
    assert re.fullmatch(r"([0-9a-f]{4} ?){8}", after.sheet)
    services.accounts.certify(house.oscar, "zelie", after.fingerprint.upper().replace(" ", " - "))
    services.cells.admit(house.stella, house.cells["nord"], "zelie", "member", act="acte 9", until=END)
    with pytest.raises(SignInRefused):
        services.sign_in(house.instance, "zelie", WORDS, typed)
    house.clock.advance(timedelta(seconds=61))
    assert services.sign_in(house.instance, "zelie", WORDS, shown_code(house, after)).name == "Zelie"


def test_what_lies_between_the_pages_is_no_session(house: House) -> None:
    """Neither the cookie's secret opens the house, nor a session's secret an enrolment; finishing forgets it."""
    secret = proven(house, "yvain")
    with pytest.raises(SessionEnded):
        services.sessions.resume(house.instance, secret)
    session = services.sessions.start(house.alice)
    assert services.sessions.resume(house.instance, session).user_id == house.alice.user_id
    with pytest.raises(SessionEnded):
        services.enrolment.resume(house.instance, session)
    services.enrolment.finish(house.instance, secret)
    with pytest.raises(SessionEnded):
        services.enrolment.resume(house.instance, secret)


def test_nothing_the_person_keeps_lies_anywhere_in_clear(house: House) -> None:
    """Session store and database, before anything is finished. Control: the account's name is found by the same search."""
    secret = proven(house, "ulysse")
    view = services.enrolment.resume(house.instance, secret)
    seed = base64.b32decode(view.key.replace(" ", ""))
    kept = (secret.encode(), WORDS.encode(), seed, view.key.replace(" ", "").encode(), bytes.fromhex(view.sheet), view.sheet.encode())
    places = b"".join(_bytes_at_rest(house))
    assert [each for each in kept if each in places] == []
    if house.instance.config.database_url.startswith("sqlite"):
        assert b"ulysse" in places


def _bytes_at_rest(house: House) -> Iterator[bytes]:
    """Every file of the instance and of its session store."""
    for folder in (house.instance.config.instance, house.instance.runtime):
        yield from (path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("wrong", ["0" * 32, "", "é" * 32])
def test_a_wrong_code_is_refused_like_an_unknown_name(house: House, wrong: str) -> None:
    """One error for both; a refusal is in the ledger."""
    house.clock.advance(timedelta(minutes=20))
    opened(house, f"tess{len(wrong)}{ord(wrong[0]) if wrong else 0}")
    for name in (f"tess{len(wrong)}{ord(wrong[0]) if wrong else 0}", "nobody.at.all"):
        with pytest.raises(SignInRefused):
            services.enrolment.begin(house.instance, name, wrong, WORDS)


def test_a_code_works_once_and_for_a_day(house: House) -> None:
    """Used, then too old."""
    house.clock.advance(timedelta(minutes=20))
    code = opened(house, "sacha")
    services.enrolment.begin(house.instance, "sacha", code, WORDS)
    with pytest.raises(SignInRefused):
        services.enrolment.begin(house.instance, "sacha", code, WORDS)
    late = opened(house, "solal")
    house.clock.advance(timedelta(hours=24))
    with pytest.raises(SignInRefused):
        services.enrolment.begin(house.instance, "solal", late, WORDS)


def test_attempts_are_limited(fresh_house: House) -> None:
    """As at the door, and before anything is looked at: even the right code waits."""
    code = opened(fresh_house, "romy")
    for _ in range(fresh_house.instance.limits.per_account):
        with pytest.raises(SignInRefused):
            services.enrolment.begin(fresh_house.instance, "romy", "0" * 32, WORDS, address="192.0.2.9")
    with pytest.raises(TooManyAttempts):
        services.enrolment.begin(fresh_house.instance, "romy", code, WORDS, address="192.0.2.9")
    fresh_house.clock.advance(timedelta(minutes=16))
    assert services.enrolment.begin(fresh_house.instance, "romy", code, WORDS, address="192.0.2.9")


def test_a_weak_passphrase_costs_no_code(house: House) -> None:
    """It is said beside the field, and the code still works."""
    code = opened(house, "quentin")
    with pytest.raises(InvalidInput) as refused:
        services.enrolment.begin(house.instance, "quentin", code, "quentin2026!")
    assert set(refused.value.problems) == {"passphrase"}
    assert services.enrolment.begin(house.instance, "quentin", code, WORDS)


def test_a_wrong_telephone_code_proves_nothing(house: House) -> None:
    """The sheet and the fingerprint stay closed, and so does the officer's form."""
    secret = services.enrolment.begin(house.instance, "perle", opened(house, "perle"), WORDS)
    with pytest.raises(InvalidInput):
        services.enrolment.confirm(house.instance, secret, "000000")
    assert not services.enrolment.resume(house.instance, secret).fingerprint
    assert state(house, "perle") == "to_enrol"


def test_a_tab_closed_too_soon_starts_again_with_another_code(house: House) -> None:
    """Keys are made anew; what lay between the pages for the former ones is over; once certified, no code replaces anything."""
    secret = proven(house, "ondine")
    first = services.enrolment.resume(house.instance, secret).fingerprint
    again = services.accounts.reissue(house.oscar, "ondine")
    second = services.enrolment.begin(house.instance, "ondine", again, WORDS)
    with pytest.raises(SessionEnded):
        services.enrolment.resume(house.instance, secret)
    services.enrolment.confirm(house.instance, second, shown_code(house, services.enrolment.resume(house.instance, second)))
    with pytest.raises(InvalidInput):
        services.accounts.certify(house.oscar, "ondine", first)
    services.accounts.certify(house.oscar, "ondine", services.enrolment.resume(house.instance, second).fingerprint)
    with pytest.raises(NotFound):
        services.accounts.reissue(house.oscar, "ondine")


def test_a_code_kept_from_before_the_certificate_is_dead(house: House) -> None:
    """Issued, then the person is certified with the former keys: the code must not swap them."""
    secret = proven(house, "nadir")
    late = services.accounts.reissue(house.oscar, "nadir")
    services.accounts.certify(house.oscar, "nadir", services.enrolment.resume(house.instance, secret).fingerprint)
    with pytest.raises(SignInRefused):
        services.enrolment.begin(house.instance, "nadir", late, WORDS)


def state(house: House, username: str) -> str:
    """What the officer reads of an account."""
    lines = services.rosters.directory(house.oscar).accounts
    return next(each.state.code for each in lines if each.username == username)


def test_the_officer_sees_where_everybody_is(house: House) -> None:
    """To enrol, keys to certify, certified; nobody else sees the list."""
    opened(house, "maya")
    proven(house, "lino")
    assert (state(house, "maya"), state(house, "lino"), state(house, "alice")) == ("to_enrol", "to_certify", "certified")
    for other in (house.stella, house.ada, house.alice):
        with pytest.raises(NotFound):
            services.rosters.directory(other)


def test_an_office_needs_an_act_and_a_year_at_most(house: House) -> None:
    """A person in office is admitted by the officer; the term is the charter's."""
    secret = proven(house, "karim", "auditor")
    aloud = services.enrolment.resume(house.instance, secret).fingerprint
    for until in (house.clock.now(), house.clock.now() + timedelta(days=400)):
        with pytest.raises(InvalidInput) as refused:
            services.accounts.certify(house.oscar, "karim", aloud, act="acte 12", until=until)
        assert set(refused.value.problems) == {"until"}
    services.accounts.certify(house.oscar, "karim", aloud, act="acte 12", until=house.clock.now() + timedelta(days=30))
    services.accounts.renew(house.oscar, "karim", act="acte 13", until=house.clock.now() + timedelta(days=365))
    with pytest.raises(NotFound):
        services.accounts.renew(house.oscar, "alice", act="acte 13", until=END)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "alice"}, "username"),
        ({"username": "Éloi"}, "username"),
        ({"username": "a b"}, "username"),
        ({"name": ""}, "name"),
        ({"name": "x" * 200}, "name"),
        ({"profession": "king"}, "profession"),
        ({"institution": "Inconnue"}, "institution"),
        ({"gender": "x"}, "gender"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(house: House, changes: dict[str, str], field: str) -> None:
    """And nothing is written."""
    good = {"username": "jade", "name": "Jade", "gender": "f", "function": "agente", "profession": "social_worker", "institution": TOWN}
    with pytest.raises(InvalidInput) as refused:
        services.accounts.create(house.oscar, NewAccount(**(good | changes)))
    assert set(refused.value.problems) == {field}
