"""P11: a one-time code works once, current or previous step only, and never again; also when 32 arrive at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from casework import services
from casework.errors import SignInRefused, TooManyAttempts
from casework.models.people import OneTimeStep
from casework.services import Limits
from casework.services.offices import signing_in
from tests.house import House

LIFTED = Limits(per_account=10_000, per_address=10_000)


@pytest.fixture(scope="module")
def open_house(house: House) -> House:
    """The limits are lifted in code, for these tests alone; at most two hashes at once all the same."""
    instance = replace(house.instance, limits=LIFTED)
    actors = {name: replace(actor, instance=instance) for name, actor in house.actors.items()}
    return House(instance, house.clock, house.people, actors, house.cells, house.recovery)


def attempt(house: House, name: str, code: str, passphrase: str | None = None) -> bool:
    try:
        services.sign_in(house.instance, name, passphrase or house.people[name].passphrase, code, address="192.0.2.7")
    except SignInRefused:
        return False
    return True


def test_a_then_b_then_a_again(open_house: House) -> None:
    house = open_house
    house.clock.advance(timedelta(minutes=5))
    first = house.people["alice"].code(house.clock.now())
    assert attempt(house, "alice", first)
    assert not attempt(house, "alice", first)
    house.clock.advance(timedelta(seconds=30))
    second = house.people["alice"].code(house.clock.now())
    assert attempt(house, "alice", second)
    assert not attempt(house, "alice", first), "monotonic: an older step never comes back"


def test_the_current_and_the_previous_step_only(open_house: House) -> None:
    house = open_house
    house.clock.advance(timedelta(minutes=5))
    kept, now = house.people["bob"], house.clock.now()
    assert not attempt(house, "bob", kept.code(now - timedelta(seconds=60)))
    assert not attempt(house, "bob", kept.code(now + timedelta(seconds=30)))
    assert attempt(house, "bob", kept.code(now - timedelta(seconds=30)))
    assert attempt(house, "bob", kept.code(now))


def many(house: House, name: str) -> int:
    house.clock.advance(timedelta(minutes=5))
    code = house.people[name].code(house.clock.now())
    with ThreadPoolExecutor(32) as pool:
        return sum(pool.map(lambda _: attempt(house, name, code), range(32)))


def test_thirty_two_at_once_give_exactly_one(open_house: House) -> None:
    assert many(open_house, "paula") == 1


def test_control_without_compare_and_set_more_than_one_wins(open_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody reads the last step before anybody writes it: what every project that was fixed had done."""
    with open_house.instance.database.reading() as session:
        read_before = {row.user_id: row.step for row in session.scalars(select(OneTimeStep))}

    def check_then_set(session: Session, user_id: str, step: int) -> bool:
        if read_before[user_id] >= step:
            return False
        session.execute(update(OneTimeStep).where(OneTimeStep.user_id == user_id).values(step=step))
        return True

    monkeypatch.setattr(signing_in, "burn_step", check_then_set)
    assert many(open_house, "hugo") > 1


def test_every_failure_is_the_same_error_and_leaves_the_same_leaf(open_house: House) -> None:
    house = open_house
    house.clock.advance(timedelta(minutes=5))
    code = house.people["alice"].code(house.clock.now())
    said = set()
    for name, passphrase, typed in (("nobody", "x", code), ("alice", "wrong", code), ("alice", house.people["alice"].passphrase, "000000")):
        with pytest.raises(SignInRefused) as refused:
            services.sign_in(house.instance, name, passphrase, typed, address="192.0.2.8")
        said.add(str(refused.value))
    assert said == {""}
    page = services.accesses.read(house.ada, services.drafts.AccessQuery(outcome="refused"))
    assert [(line.action, line.rule, line.dossiers) for line in page.lines[:3]] == [(page.lines[0].action, "", ())] * 3


def test_attempts_are_limited_by_account_and_by_address_alike_for_unknown_names(house: House) -> None:
    instance = replace(house.instance, limits=Limits(per_account=3, per_address=5))
    for name in ("nobody-at-all", "stella"):
        for _ in range(3):
            with pytest.raises(SignInRefused):
                services.sign_in(instance, name, "wrong", "000000", address=f"198.51.100.{len(name)}")
        with pytest.raises(TooManyAttempts) as limited:
            services.sign_in(instance, name, "wrong", "000000", address=f"198.51.100.{len(name)}")
        assert 0 < limited.value.retry_after <= instance.limits.window
    for count in range(5):
        with pytest.raises(SignInRefused):
            services.sign_in(instance, f"guess-{count}", "wrong", "000000", address="203.0.113.9")
    with pytest.raises(TooManyAttempts):
        services.sign_in(instance, "guess-5", "wrong", "000000", address="203.0.113.9")
