"""Signing in costs the same whatever was wrong, and never more memory than two Argon2 computations take."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from casework import services
from casework.errors import SignInRefused
from casework.services import Limits
from casework.services.offices import signing_in, throttle
from casework.vault import passphrase
from casework.vault.passphrase import Hashing
from tests.attacks.sql import tamper
from tests.house import CHEAP, House, enrol

AT_ONCE = 8
OLD = Hashing(CHEAP.memory_kib, 2, CHEAP.lanes)
"""Under which some accounts made their keys, years ago."""
NAMES = [f"personne-{number}" for number in range(60)]
Cost = tuple[int, int, int]
"""Memory in KiB, passes, lanes."""


class Meter:
    """Stands before the one Argon2 of the house: what each computation cost, and how many ran at the same moment."""

    def __init__(self, *, slowed: float = 0) -> None:
        self.costs: list[Cost] = []
        self.most = self._running = 0
        self._slowed, self._lock = slowed, threading.Lock()
        self._argon = Argon2id

    def __call__(self, **given: Any) -> "Meter.Counted":
        """As `Argon2id(…)`."""
        self.costs.append((given["memory_cost"], given["iterations"], given["lanes"]))
        return Meter.Counted(self, self._argon(**given))

    @contextmanager
    def running(self) -> Iterator[None]:
        """While a computation runs."""
        with self._lock:
            self._running += 1
            self.most = max(self.most, self._running)
        time.sleep(self._slowed)
        yield
        with self._lock:
            self._running -= 1

    class Counted:
        """One computation."""

        def __init__(self, meter: "Meter", argon: Any) -> None:
            self.meter, self.argon = meter, argon

        def derive(self, typed: bytes) -> bytes:
            """As Argon2id's own."""
            with self.meter.running():
                derived: bytes = self.argon.derive(typed)
                return derived


def cost_of(house: House, monkeypatch: pytest.MonkeyPatch, name: str, typed: str, code: str) -> list[Cost]:
    """What one refused sign-in computes."""
    meter = Meter()
    with monkeypatch.context() as patch:
        patch.setattr(passphrase, "Argon2id", meter)
        with pytest.raises(SignInRefused):
            services.sign_in(house.instance, name, typed, code, address="192.0.2.9")
    return meter.costs


def failures(house: House) -> tuple[tuple[str, str, str], ...]:
    """Unknown name, wrong passphrase, wrong code."""
    house.clock.advance(timedelta(minutes=5))
    right, code = house.people["alice"].passphrase, house.people["alice"].code(house.clock.now())
    wrong = f"{(int(code) + 1) % 10**6:06}"
    return ("nobody", right, code), ("alice", "wrong", code), ("alice", right, wrong)


def test_unknown_name_wrong_passphrase_and_wrong_code_cost_the_same(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """One computation each, with the same parameters."""
    one = [(CHEAP.memory_kib, CHEAP.iterations, CHEAP.lanes)]
    assert [cost_of(house, monkeypatch, *given) for given in failures(house)] == [one, one, one]


def test_control_without_the_hash_for_an_unknown_name_it_costs_less(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual mistake: nobody of that name, so nothing to compute."""
    unlock = signing_in._unlock
    monkeypatch.setattr(signing_in, "_unlock", lambda *given: unlock(*given) if given[3] else None)
    costs = [len(cost_of(house, monkeypatch, *given)) for given in failures(house)]
    assert costs == [0, 1, 1]


def aged(house: House) -> House:
    """Three people's keys are of another time. Nobody is limited."""
    tamper(house, "UPDATE user_keys SET iterations = ? WHERE user_id IN (SELECT user_id FROM user_keys ORDER BY user_id LIMIT 3)", (2,))
    return replace(house, instance=replace(house.instance, limits=Limits(per_account=1000, per_address=1000)))


def passes(house: House, monkeypatch: pytest.MonkeyPatch, names: list[str]) -> list[int]:
    """Of one computation for each of these names: how many passes it took."""
    costs = [cost_of(house, monkeypatch, name, "wrong", "000000") for name in names]
    assert all(len(each) == 1 and each[0][::2] == (CHEAP.memory_kib, CHEAP.lanes) for each in costs)
    return [passed for ((_, passed, _),) in costs]


def test_names_of_nobody_cost_what_accounts_cost(fresh_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some made their keys under other parameters: as large a share of unknown names costs that, the same at each try."""
    house = aged(fresh_house)
    known = passes(house, monkeypatch, sorted(house.people))
    unknown = passes(house, monkeypatch, NAMES)
    assert sorted(known) == sorted([2] * 3 + [CHEAP.iterations] * (len(known) - 3))
    assert set(unknown) == set(known)
    assert abs(unknown.count(2) / len(unknown) - 3 / len(known)) < 0.2
    assert passes(house, monkeypatch, NAMES) == unknown


def test_control_with_todays_parameters_alone_the_others_are_told_by_their_cost(
    fresh_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one would write first."""
    monkeypatch.setattr(signing_in, "_drawn_hashing", lambda instance, _: instance.hashing)
    house = aged(fresh_house)
    assert set(passes(house, monkeypatch, NAMES)) == {CHEAP.iterations}
    assert set(passes(house, monkeypatch, sorted(house.people))) == {CHEAP.iterations, 2}


def test_one_more_account_changes_what_few_names_cost(fresh_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise an unknown name were told by trying it twice."""
    house = aged(fresh_house)
    before = [signing_in._drawn_hashing(house.instance, name) for name in NAMES]
    enrol(house, "nadia", "social_worker", "Département de l’Orle")
    after = [signing_in._drawn_hashing(house.instance, name) for name in NAMES]
    assert {OLD, CHEAP} == set(before) == set(after)
    assert sum(old != new for old, new in zip(before, after, strict=True)) <= len(NAMES) // 10


def most_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> int:
    """Eight people sign in at the same moment: how many computations ran at once."""
    instance = replace(house.instance, limits=Limits(per_account=1000, per_address=1000))
    meter = Meter(slowed=0.05)
    monkeypatch.setattr(passphrase, "Argon2id", meter)

    def attempt(number: int) -> None:
        with pytest.raises(SignInRefused):
            services.sign_in(instance, f"nobody-{number}", "wrong", "000000", address="192.0.2.9")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(attempt, range(AT_ONCE)))
    assert len(meter.costs) == AT_ONCE
    return meter.most


def test_at_most_two_are_computed_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each waits for its slot, and all are answered."""
    assert house.instance.limits.hashes == 2
    assert most_at_once(house, monkeypatch) <= 2


def test_control_without_slots_more_are(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same people, nobody waiting."""
    monkeypatch.setattr(throttle, "hashing_slot", lambda _: nullcontext())
    assert most_at_once(house, monkeypatch) > 2
