"""P2: a session is split. Store alone or cookie alone opens nothing; both do, until sign-out or expiry."""

import base64
from dataclasses import replace
from datetime import timedelta

import pytest

from casework import services
from casework.errors import SessionEnded
from casework.vault import sessionkeys
from tests.house import House
from tests.security.thief import Thief


def plunder(house: House, secret: str, *, cookie: bool) -> set[str]:
    thief = Thief(house.instance)
    row = house.instance.sessions.find(sessionkeys.session_id(secret))
    if row is not None:
        thief.steal_session(row, secret if cookie else None)
    if cookie:
        thief.steal_cookie(secret)
    return thief.plunder().texts


def test_store_without_cookie_opens_nothing_and_with_it_opens(house: House) -> None:
    house.follow("Quibérac-Session")
    secret = services.sessions.start(house.alice)
    assert plunder(house, secret, cookie=False) == set()
    assert "Quibérac-Session" in plunder(house, secret, cookie=True)


def test_after_sign_out_not_even_the_bytes_are_there(house: House) -> None:
    secret = services.sessions.start(house.alice)
    row = house.instance.sessions.find(sessionkeys.session_id(secret))
    assert row is not None
    assert row.locked in house.instance.sessions.path.read_bytes()
    services.sessions.end(house.instance, secret)
    assert plunder(house, secret, cookie=True) == set()
    assert row.locked not in house.instance.sessions.path.read_bytes()
    with pytest.raises(SessionEnded):
        services.sessions.resume(house.instance, secret)


@pytest.mark.parametrize("wait", ["idle", "absolute"])
def test_after_expiry_another_request_is_enough_to_wipe_it(house: House, wait: str) -> None:
    secret = services.sessions.start(house.alice)
    limits = house.instance.limits
    if wait == "absolute":
        for _ in range(limits.absolute // limits.idle * 2 - 1):
            house.clock.advance(timedelta(seconds=limits.idle // 2))
            services.sessions.resume(house.instance, secret)
    house.clock.advance(timedelta(seconds=limits.idle // 2 if wait == "absolute" else limits.idle))
    with pytest.raises(SessionEnded):
        services.sessions.resume(house.instance, "somebody else's request")
    assert house.instance.sessions.find(sessionkeys.session_id(secret)) is None
    with pytest.raises(SessionEnded):
        services.sessions.resume(house.instance, secret)


def test_control_a_user_key_kept_under_the_cookie_alone_would_open(house: House) -> None:
    """The thief does use the bytes of a cookie whose row is gone: a user key that is the cookie's own secret opens everything."""
    house.follow("Quibérac-Témoin")
    thief = Thief(house.instance)
    thief.steal_cookie(base64.urlsafe_b64encode(house.alice.keyring.user_key).decode().rstrip("="))
    assert "Quibérac-Témoin" in thief.plunder().texts


def test_a_session_row_moved_to_another_user_does_not_open(house: House) -> None:
    secret = services.sessions.start(house.alice)
    row = house.instance.sessions.find(sessionkeys.session_id(secret))
    assert row is not None
    house.instance.sessions.delete(row.id)
    house.instance.sessions.put(replace(row, user_id=house.stella.user_id))
    with pytest.raises(SessionEnded):
        services.sessions.resume(house.instance, secret)
    house.instance.sessions.delete(row.id)
    house.instance.sessions.put(row)
    assert services.sessions.resume(house.instance, secret).user_id == house.alice.user_id
