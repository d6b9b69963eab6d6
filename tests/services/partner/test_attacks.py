"""Attacks on a partner's link. Each has its control: where nothing is missing, the same door opens."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from casework import services
from casework.errors import LinkRefused, TamperedError, TooManyAttempts
from casework.ledger import accesses
from casework.models.dossiers import CompartmentVersion
from casework.models.orientations import PartnerAnswer, PartnerLink, ReferralOut
from casework.services.partner import deposits, making
from casework.services.partner.views import About, LinkOnce
from casework.services.unit import writing
from casework.vault import links, passphrase
from casework.vault.hybrid import seal_to
from casework.vault.packing import pack
from tests.attacks.sql import public_of, row, rows, tamper
from tests.house import CHEAP, House
from tests.services.partner.partners import CONTACT, WORDS, accept, enter, orientation, wrong

Given = tuple[House, About, LinkOnce]


@pytest.fixture
def given(lone_house: House) -> Given:
    """Alice made a link; on each engine."""
    about = orientation(lone_house.alice, lone_house.follow("Quibérac-Assaut"))
    return lone_house, about, services.making.make(lone_house.alice, about)


@pytest.fixture
def alone(fresh_house: House) -> Given:
    """The same where rows can be changed by hand."""
    about = orientation(fresh_house.alice, fresh_house.follow("Quibérac-Assaut"))
    return fresh_house, about, services.making.make(fresh_house.alice, about)


def by_hand(house: House, secret: str, code: str, pepper: bytes) -> bytes:
    """What somebody opens who has the database and our source."""
    (link,) = rows(house, PartnerLink)
    place = making.place(house.instance.anchor.instance, link)
    return links.open_with(place, secret, code, link.salt, link.wrapped, CHEAP, pepper=pepper)


def test_a_stolen_database_needs_link_and_code_and_pepper(given: Given) -> None:
    house, _, made = given
    code, pepper = made.code.replace(" ", ""), house.instance.pepper
    assert len(by_hand(house, made.secret, code, pepper)) == 32, "control: all three"
    (link,) = rows(house, PartnerLink)
    for secret, said, kept in (
        (made.secret, "", pepper),
        (made.secret, wrong(made), pepper),
        ("", code, pepper),
        (link.secret_hash, code, pepper),
        (made.secret, code, b"\0" * len(pepper)),
    ):
        with pytest.raises(TamperedError):
            by_hand(house, secret, said, kept)


def test_the_database_holds_neither_secret_nor_code_nor_words(given: Given) -> None:
    house, _, made = given
    cookie = enter(house, made)
    link = row(house, PartnerLink)
    kept = b"\0".join(str(value).encode() if not isinstance(value, bytes) else value for value in vars(link).values())
    for never in (made.secret, made.code, made.code.replace(" ", ""), cookie):
        assert never.encode() not in kept
    assert link.secret_hash.encode() in kept, "control: the hash is there"


def test_a_visit_opens_with_its_cookie_only(given: Given) -> None:
    house, _, made = given
    cookie = enter(house, made)
    link = row(house, PartnerLink)
    place, ends = making.place(house.instance.anchor.instance, link), link.visit_until.isoformat()
    assert links.open_visit(place, cookie, link.visit_wrapped, ends), "control"
    for other in (link.visit_hash, made.secret, ""):
        with pytest.raises(TamperedError):
            links.open_visit(place, other, link.visit_wrapped, ends)
        with pytest.raises(LinkRefused):
            services.visits.read(house.instance, other)


def test_the_sixth_try_fails_with_the_right_code(given: Given) -> None:
    house, about, made = given
    for step in range(1, 5):
        with pytest.raises(LinkRefused):
            enter(house, made, code=wrong(made, step))
    assert enter(house, made), "control: after four"
    with pytest.raises(LinkRefused):
        enter(house, made, code=wrong(made))
    with pytest.raises(LinkRefused):
        enter(house, made)
    assert not rows(house, PartnerLink), "hash and key are gone"
    assert services.making.make(house.alice, about).code, "another link can be made"


def test_seventy_two_hours(given: Given) -> None:
    house, _, made = given
    house.clock.advance(timedelta(hours=71, minutes=59))
    assert enter(house, made), "control"
    house.clock.advance(timedelta(minutes=1))
    with pytest.raises(LinkRefused):
        enter(house, made)


def test_an_expired_link_goes_when_it_is_tried(given: Given) -> None:
    """Hash and key, before the night comes, and the leaf says so. Control: a wrong code in time, or another secret, deletes nothing."""
    house, about, made = given
    for late in (False, True):
        house.clock.advance(timedelta(hours=72 if late else 0))
        for secret, code in (("x" * 22, made.code), (made.secret, wrong(made))):
            assert rows(house, PartnerLink, referral_id=about.id), "control"
            with pytest.raises(LinkRefused):
                services.entering.enter(house.instance, secret, code)
    assert not rows(house, PartnerLink, referral_id=about.id)
    with house.instance.database.reading() as session:
        (last,), _ = accesses(session, limit=1)
    assert (last.leaf.action, last.leaf.outcome, last.leaf.facts.get("ended")) == ("partner.enter", "refused", 1)
    with pytest.raises(LinkRefused):
        enter(house, made)


def test_a_visit_lasts_thirty_minutes(given: Given) -> None:
    house, _, made = given
    cookie = enter(house, made)
    house.clock.advance(timedelta(minutes=29))
    assert services.visits.read(house.instance, cookie).items, "control"
    house.clock.advance(timedelta(minutes=1))
    for act in (lambda: services.visits.read(house.instance, cookie), lambda: services.visits.answer(house.instance, cookie, accept())):
        with pytest.raises(LinkRefused):
            act()


def test_a_link_pointed_at_another_orientation_takes_no_step_of_it(alone: Given) -> None:
    """Somebody who writes in the database, and holds one link, answers for no other service. Control: where it was made, it opens."""
    house, about, made = alone
    other = orientation(house.alice, house.follow("Quibérac-Autre"))
    cookie = enter(house, made)
    tamper(house, "UPDATE partner_link SET referral_id = ?", (other.id,))
    for act in (lambda: services.visits.answer(house.instance, cookie, accept()), lambda: enter(house, made)):
        with pytest.raises(LinkRefused):
            act()
    assert row(house, ReferralOut, id=other.id).status == "sent"
    tamper(house, "UPDATE partner_link SET referral_id = ?", (about.id,))
    assert services.visits.read(house.instance, cookie).items, "control"


def test_nothing_opens_after_the_answer(given: Given) -> None:
    house, _, made = given
    cookie = enter(house, made)
    services.visits.answer(house.instance, cookie, accept())
    acts: list[Callable[[], object]] = [
        lambda: services.visits.answer(house.instance, cookie, accept()),
        lambda: services.visits.read(house.instance, cookie),
        lambda: enter(house, made),
    ]
    for act in acts:
        with pytest.raises(LinkRefused):
            act()
    assert len(rows(house, PartnerAnswer)) == 1


def test_two_answers_at_once_make_one(given: Given) -> None:
    house, _, made = given
    cookie = enter(house, made)

    def send(_: int) -> bool:
        with suppress(LinkRefused):
            services.visits.answer(house.instance, cookie, accept())
            return True
        return False

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [False, False, False, True]
    assert len(rows(house, PartnerAnswer)) == 1


def test_wrong_codes_at_once_are_all_counted(given: Given) -> None:
    house, _, made = given

    def fail(step: int) -> None:
        with suppress(LinkRefused):
            enter(house, made, code=wrong(made, step))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(fail, (1, 2)))
    assert row(house, PartnerLink).failures == 2
    assert enter(house, made), "control: the third one is right"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fail, (3, 4, 5, 6)))
    assert not rows(house, PartnerLink)
    with pytest.raises(LinkRefused):
        enter(house, made)


def test_no_more_codes_are_compared_than_the_link_allows(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come at once; what is unknown costs the same hash."""
    house, _, made = given
    compared: list[str] = []
    spent: list[str] = []
    opens, spends = links.open_with, links.spend

    def comparing(*given: Any, **named: Any) -> bytes:
        compared.append(given[2])
        return opens(*given, **named)

    def spending(*given: Any, **named: Any) -> None:
        spent.append(given[1])
        spends(*given, **named)

    monkeypatch.setattr(links, "open_with", comparing)
    monkeypatch.setattr(links, "spend", spending)

    def fail(step: int) -> None:
        with suppress(LinkRefused):
            enter(house, made, code=wrong(made, step))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fail, range(1, 13)))
    assert len(compared) == 5
    assert len(spent) == 7


def test_unknown_expired_and_wrong_cost_one_hash_each(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    house, _, made = given
    hashed: list[str] = []
    stretch = passphrase.stretch

    def hashing(*given: Any, **named: Any) -> passphrase.PassphraseKeys:
        hashed.append(given[0])
        return stretch(*given, **named)

    monkeypatch.setattr(links, "stretch", hashing)
    tries = [("x" * 22, made.code), (made.secret, wrong(made))]
    for secret, code in tries:
        with pytest.raises(LinkRefused):
            services.entering.enter(house.instance, secret, code)
    house.clock.advance(timedelta(hours=73))
    with pytest.raises(LinkRefused):
        enter(house, made)
    assert len(hashed) == 3


def test_an_address_is_slowed_down(given: Given) -> None:
    house, _, made = given
    most = house.instance.limits.per_address
    for step in range(most):
        with pytest.raises(LinkRefused):
            services.entering.enter(house.instance, f"{step:022}", "00000000", address="203.0.113.5")
    with pytest.raises(TooManyAttempts):
        services.entering.enter(house.instance, made.secret, made.code, address="203.0.113.5")
    assert enter(house, made, address="203.0.113.6"), "control: another address"


def test_a_row_moved_to_another_extract_or_date_opens_nothing(alone: Given) -> None:
    house, _, made = alone
    other = orientation(house.alice, house.follow("Quibérac-Autre"), "Autre texte.")
    elsewhere = row(house, ReferralOut, id=other.id).extract_id
    link = row(house, PartnerLink)
    later = (link.until + timedelta(days=9)).strftime("%Y-%m-%d %H:%M:%S.%f")
    until = link.until.strftime("%Y-%m-%d %H:%M:%S.%f")
    for column, value, former in (("compartment_id", elsewhere, link.compartment_id), ("until", later, until)):
        tamper(house, f"UPDATE partner_link SET {column} = ?", (value,))  # our own words
        with pytest.raises(LinkRefused):
            enter(house, made)
        tamper(house, f"UPDATE partner_link SET {column} = ?", (former,))  # likewise
    assert enter(house, made), "control: put back"


def forged(house: House, about: About) -> None:
    """Somebody with the database alone seals an answer to the public deposit key, and puts its row there."""
    answer = row(house, PartnerAnswer, referral_id=about.id)
    version = row(house, CompartmentVersion, compartment_id=answer.compartment_id)
    said = {"answer": "accepted", "reason": "", "result": "", "on": "", "text": "Faux."}
    context = pack("partner-answer", house.instance.anchor.instance, answer.id, answer.compartment_id, answer.key_version)
    blob = seal_to(public_of(house, version), json.dumps(said).encode(), context)
    tamper(house, "UPDATE partner_answer SET sealed = ? WHERE id = ?", (answer.sealed[: deposits.MAC_BYTES] + blob, answer.id))


def test_an_answer_that_was_forged_or_moved_is_not_shown(alone: Given) -> None:
    house, about, made = alone
    services.visits.answer(house.instance, enter(house, made), accept())
    (line,) = services.watching.page(house.alice, about).answers
    assert line.text == CONTACT, "control"
    other = orientation(house.alice, services.watching.page(house.alice, about).number, "Autre texte.")
    tamper(house, "UPDATE partner_answer SET referral_id = ?", (other.id,))
    with pytest.raises(TamperedError):
        services.watching.page(house.alice, other)
    tamper(house, "UPDATE partner_answer SET referral_id = ?", (about.id,))
    assert services.watching.page(house.alice, about).answers == (line,), "control: put back"
    forged(house, about)
    with pytest.raises(TamperedError):
        services.watching.page(house.alice, about)


def test_an_orientation_that_ended_meanwhile_opens_nothing(given: Given) -> None:
    house, about, made = given
    cookie = enter(house, made)
    assert [each.value for each in services.visits.read(house.instance, cookie).items] == [WORDS], "control"
    with writing(house.alice, "orientation.follow") as unit:
        found = unit.session.get_one(ReferralOut, about.id)
        found.status, found.version = "withdrawn", found.version + 1
    acts: list[Callable[[], object]] = [
        lambda: services.visits.read(house.instance, cookie),
        lambda: services.visits.answer(house.instance, cookie, accept()),
        lambda: enter(house, made),
    ]
    for act in acts:
        with pytest.raises(LinkRefused):
            act()
    assert not rows(house, PartnerLink), "the key went with the last try"
