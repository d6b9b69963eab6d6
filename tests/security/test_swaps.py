"""A value moved, swapped or put back alone does not open; a stray box is an alarm; nothing is sealed to an uncertified key."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import TamperedError, UncertifiedKey
from casework.ledger import verify
from casework.models.base import recorded_models
from casework.models.cells import RingEpoch, RingMember
from casework.models.content import Entry
from casework.models.dossiers import Box, CompartmentVersion
from casework.models.people import Certificate
from casework.services.keys.keychain import box_context
from casework.vault.hybrid import HybridPrivateKey
from tests.house import House


def tamper(house: House, statement: str, values: tuple[Any, ...] = ()) -> None:
    """Write behind the application's back, as a database administrator would: triggers and guards do not see it."""
    with closing(sqlite3.connect(house.instance.config.instance / "casework.db")) as raw, raw:
        for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {trigger}")
        assert raw.execute(statement, values).rowcount > 0, "the attack must hit something"


def rows(house: House, model: type[Any]) -> list[Any]:
    with house.instance.database.reading() as session:
        return list(session.scalars(select(model)).all())


@pytest.fixture
def case(fresh_house: House) -> tuple[House, str, str, str]:
    """A house, a dossier of Alice's, and two notes in it."""
    number = fresh_house.follow("Quibérac-Échange")
    first = fresh_house.note(fresh_house.alice, number, "La première note.", compartment="confidential")
    second = fresh_house.note(fresh_house.alice, number, "La seconde note.", compartment="confidential")
    return fresh_house, number, first, second


Attack = Callable[[House, str, str], None]


def swap_bodies(house: House, first: str, second: str) -> None:
    bodies = {each.id: each.body for each in rows(house, Entry)}
    tamper(house, "UPDATE entry SET body = ? WHERE id = ?", (bodies[second], first))


def put_one_note_in_place_of_another(house: House, first: str, second: str) -> None:
    row = next(each for each in rows(house, Entry) if each.id == second)
    tamper(
        house,
        "UPDATE entry SET body = ?, submission = 'x', written_at = ? WHERE id = ?",
        (row.body, row.written_at.strftime("%Y-%m-%d %H:%M:%S.%f"), first),
    )


def change_author(house: House, first: str, second: str) -> None:
    tamper(house, "UPDATE entry SET author_id = ? WHERE id = ?", (house.bob.user_id, first))


def change_date(house: House, first: str, second: str) -> None:
    tamper(house, "UPDATE entry SET occurred_on = '2020-01-01' WHERE id = ?", (first,))


def flip_a_bit(house: House, first: str, second: str) -> None:
    body = bytearray(next(each.body for each in rows(house, Entry) if each.id == first))
    body[len(body) // 2] ^= 1
    tamper(house, "UPDATE entry SET body = ? WHERE id = ?", (bytes(body), first))


def claim_a_deposit(house: House, first: str, second: str) -> None:
    tamper(house, "UPDATE entry SET key_version = 0 WHERE id = ?", (first,))


def raise_the_version(house: House, first: str, second: str) -> None:
    tamper(house, "UPDATE entry SET version = 2 WHERE id = ?", (first,))


@pytest.mark.parametrize(
    "attack", [swap_bodies, put_one_note_in_place_of_another, change_author, change_date, flip_a_bit, claim_a_deposit, raise_the_version]
)
def test_a_touched_row_does_not_open_and_is_found(case: tuple[House, str, str, str], attack: Attack) -> None:
    house, number, first, second = case
    house.open(house.alice, number)
    attack(house, first, second)
    with pytest.raises(TamperedError):
        house.open(house.alice, number)
    with house.instance.database.reading() as session:
        assert verify(session, saved=None, recorded=recorded_models()).errors


def test_a_box_moved_to_another_compartment_is_an_alarm(case: tuple[House, str, str, str]) -> None:
    """An administrator turns Bob's own box into one on the identity of Alice's dossier."""
    house, number, *_ = case
    house.follow("Quibérac-Autre", lead="bob")
    alices = next(each for each in rows(house, Box) if each.holder_id == house.alice.user_id)
    bobs = next(each for each in rows(house, Box) if each.holder_id == house.bob.user_id)
    tamper(house, "UPDATE box SET compartment_id = ? WHERE id = ?", (alices.compartment_id, bobs.id))
    with pytest.raises(TamperedError):
        house.open(house.bob, number)


@pytest.mark.parametrize("change", ["title = 'steward'", "until = '2030-01-01 00:00:00'", "reference = 'x'"])
def test_a_box_whose_title_or_end_was_changed_does_not_open(case: tuple[House, str, str, str], change: str) -> None:
    house, number, *_ = case
    tamper(house, f"UPDATE box SET {change} WHERE holder_id = ? AND title = 'lead'", (house.alice.user_id,))  # our own words
    with pytest.raises(TamperedError):
        house.open(house.alice, number)


def test_nothing_is_sealed_to_a_swapped_public_key(case: tuple[House, str, str, str]) -> None:
    house, number, *_ = case
    mallory = HybridPrivateKey.generate()
    tamper(house, "UPDATE user_keys SET public = ? WHERE user_id = ?", (mallory.public, house.bob.user_id))
    services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    box = next(each for each in rows(house, Box) if each.holder_id == house.bob.user_id)
    context = box_context(house.instance.anchor.instance, box)
    with pytest.raises(TamperedError):
        mallory.open(box.sealed, context)
    assert house.bob.keyring.private.open(box.sealed, context), "control: the certified key opens it"


SEALING: dict[type[Any], Callable[[House, str], object]] = {
    Certificate: lambda house, number: services.shares.give(house.stella, number, ["identity"], "bob", until=None),
    CompartmentVersion: lambda house, number: house.note(house.hugo, number, "Dépôt.", compartment="confidential"),
    RingEpoch: lambda house, _: house.refer(house.hugo, "Quibérac-Anneau"),
}
"""What each kind of signed statement is sealed to by."""


@pytest.mark.parametrize("table", list(SEALING))
def test_a_statement_without_a_valid_signature_is_sealed_to_by_nobody(case: tuple[House, str, str, str], table: type[Any]) -> None:
    house, number, *_ = case
    services.shares.give(house.stella, number, ["identity"], "hugo", until=None)
    whose = f" WHERE subject_id = '{house.bob.user_id}'" if table is Certificate else ""
    tamper(house, f"UPDATE {table.__tablename__} SET signature = zeroblob(64){whose}")  # our own table names
    with pytest.raises(UncertifiedKey):
        SEALING[table](house, number)


def test_a_member_slipped_into_a_ring_has_no_place_there(case: tuple[House, str, str, str]) -> None:
    house, number, *_ = case
    stewards = next(each for each in rows(house, RingMember) if each.holder_id == house.stella.user_id)
    tamper(
        house,
        "INSERT INTO ring_member (id, epoch_id, holder_id, to_ring, sealed, rewrapped, mac) VALUES ('f', ?, ?, 0, ?, 0, ?)",
        (stewards.epoch_id, house.bob.user_id, stewards.sealed, stewards.mac),
    )
    with pytest.raises(TamperedError):
        services.dossiers.open(house.bob, number)
    assert number not in {line.number for line in services.dossiers.list_mine(house.bob).lines}


def test_an_account_without_a_certificate_gets_nothing(case: tuple[House, str, str, str]) -> None:
    house, number, *_ = case
    tamper(house, "DELETE FROM certificate WHERE subject_id = ?", (house.bob.user_id,))
    with pytest.raises(UncertifiedKey):
        services.shares.give(house.stella, number, ["identity"], "bob", until=None)
