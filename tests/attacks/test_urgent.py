"""Attacks on rings, duty and accès urgent. Each has its control: where the hand does not reach, the same door opens."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from casework import services
from casework.errors import CaseworkError, NotFound, TamperedError
from casework.ledger import verify
from casework.models.base import new_id
from casework.models.cells import Ring, RingEpoch, RingMember
from casework.models.dossiers import Box, UrgentAccess
from casework.services.keys.certificates import current_epoch
from tests.attacks.sql import HybridPrivateKey, insert, row, rows, seal_to, statement, tamper
from tests.house import House
from tests.services.membership.test_service_rings import reads_safety, stand_in_for
from tests.urgently import access_row, enter, named, on_call


@pytest.fixture
def night(fresh_house: House) -> tuple[House, str, str]:
    """Bob is on call in the north, and has opened an accès urgent."""
    number = fresh_house.follow("Quibérac-Nuit")
    on_call(fresh_house, "bob")
    return fresh_house, number, enter(fresh_house.bob, number)


def test_another_cells_duty_does_not_open_it(night: tuple[House, str, str]) -> None:
    house, number, _ = night
    on_call(house, "charlie", cell="sud", steward="sam")
    southern = house.follow("Quibérac-Sud", lead="charlie", cell="sud", steward="sam")
    for asked in (number, "2026-9999"):
        with pytest.raises(NotFound):
            enter(house.charlie, asked)
    with pytest.raises(NotFound):
        services.urgent.open(house.charlie, named("Quibérac-Nuit"))
    assert enter(house.charlie, southern), "control: their own cell's"


def test_after_thirty_minutes_the_door_is_shut(night: tuple[House, str, str]) -> None:
    house, _, access = night
    house.clock.advance(timedelta(minutes=29))
    assert services.urgent.read(house.bob, access).person, "control"
    house.clock.advance(timedelta(minutes=1))
    with pytest.raises(NotFound):
        services.urgent.read(house.bob, access)


def test_hours_moved_in_the_database_open_nothing(night: tuple[House, str, str]) -> None:
    house, _, access = night
    house.clock.advance(timedelta(minutes=31))
    later = (house.clock.now() + timedelta(hours=1)).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    tamper(house, "UPDATE urgent_access SET until = ? WHERE id = ?", (later, access))
    with pytest.raises(TamperedError):
        services.urgent.read(house.bob, access)


def test_somebody_elses_access_is_nobodys(night: tuple[House, str, str]) -> None:
    house, _, access = night
    on_call(house, "bob", "alice")
    for other in (house.alice, house.stella, house.charlie, house.dora):
        for look in (services.urgent.read, services.urgent.own_reason):
            with pytest.raises(NotFound):
                look(other, access)
    assert services.urgent.read(house.bob, access).person, "control"


def test_only_the_protection_officer_reviews_and_never_their_own(night: tuple[House, str, str]) -> None:
    house, _, access = night
    for other in (house.bob, house.stella, house.ada, house.oscar, house.alice):
        for look in (
            lambda who: services.urgent_review.read(who, access),
            lambda who: services.urgent_review.decide(who, access, "justified"),
        ):
            with pytest.raises(NotFound):
                look(other)
    tamper(house, "UPDATE urgent_access SET user_id = ? WHERE id = ?", (house.dora.user_id, access))
    with pytest.raises(NotFound):
        services.urgent_review.decide(house.dora, access, "justified")
    tamper(house, "UPDATE urgent_access SET user_id = ? WHERE id = ?", (house.bob.user_id, access))
    services.urgent_review.decide(house.dora, access, "justified")


def test_a_reason_changed_in_the_database_does_not_open_and_is_found(night: tuple[House, str, str]) -> None:
    house, _, access = night
    assert services.urgent_review.read(house.dora, access).text, "control"
    tamper(house, "UPDATE urgent_access SET reason = 'danger_now' WHERE id = ?", (access,))
    for look in (
        lambda: services.urgent_review.read(house.dora, access),
        lambda: services.urgent_review.decide(house.dora, access, "justified"),
        lambda: services.urgent.own_reason(house.bob, access),
    ):
        with pytest.raises(TamperedError):
            look()
    assert _found(house)


def test_a_review_written_behind_the_ledgers_back_is_found(night: tuple[House, str, str]) -> None:
    house, _, access = night
    assert not _found(house), "control"
    tamper(house, "UPDATE urgent_access SET reviewed_at = opened_at, finding = 'justified' WHERE id = ?", (access,))
    assert _found(house)


def _found(house: House) -> bool:
    with house.instance.database.reading() as session:
        return not verify(session, saved=None, recorded=[UrgentAccess]).ok


def test_a_reason_of_another_access_opens_nowhere_else(night: tuple[House, str, str]) -> None:
    house, _, access = night
    second = enter(house.bob, house.follow("Quibérac-Autre"))
    tamper(house, "UPDATE urgent_access SET for_oversight = ? WHERE id = ?", (access_row(house, access).for_oversight, second))
    with pytest.raises(TamperedError):
        services.urgent_review.read(house.dora, second)


def test_a_forged_place_in_the_duty_ring_opens_nothing(night: tuple[House, str, str]) -> None:
    """Paula writes herself into the table; what she seals to herself is not the ring's secret."""
    house, number, _ = night
    with house.instance.database.reading() as session:
        epoch = current_epoch(session, "duty", house.cells["nord"])
    assert epoch is not None
    mine, member = row(house, RingMember, epoch_id=epoch.id, holder_id=house.bob.user_id), new_id()
    insert(
        house, "ring_member", id=member, epoch_id=epoch.id, holder_id=house.paula.user_id, to_ring=0, sealed=mine.sealed,
        rewrapped=0, mac=mine.mac,
    )  # fmt: skip
    for look in (lambda: enter(house.paula, number), lambda: services.urgent.desk(house.paula)):
        with pytest.raises(CaseworkError):
            look()
    assert enter(house.bob, number), "control"


def test_a_duty_ring_of_ones_own_is_sealed_to_by_nobody(night: tuple[House, str, str]) -> None:
    """Paula makes a newer epoch that she signs herself: the next saisine must not be sealed to it."""
    house, _, _ = night
    ring, private = row(house, Ring, kind="duty", cell_id=house.cells["nord"]), HybridPrivateKey.generate()
    epoch = new_id()
    claims = {"ring": ring.id, "ring_kind": "duty", "cell": house.cells["nord"], "epoch": "2"}
    signed = statement(house, "paula", kind="ring", subject=epoch, public=private.public, claims=claims)
    insert(
        house, "ring_epoch", id=epoch, version=1, ring_id=ring.id, number=2, maker_id=house.paula.certificate_id,
        statement=signed.statement, signature=signed.signature, recovery_box=seal_to(private.public, b"x", b"x"),
    )  # fmt: skip
    with suppress(CaseworkError):
        house.refer(house.hugo, "Quibérac-Piège")
    assert not rows(house, Box, holder_id=epoch)


def test_a_service_of_ones_own_is_sealed_to_by_nobody(fresh_house: House) -> None:
    """The dossier's row is made to name a ring of the other cell: nothing more is sealed under it."""
    house = fresh_house
    today = house.clock.now().date()
    number = stand_in_for(house, today, today + timedelta(days=2))
    stolen = new_id()
    insert(house, "ring", id=stolen, kind="service", cell_id=house.cells["sud"], institution_id=house.paula.institution_id)
    assert reads_safety(house, "bob", number), "control"
    tamper(house, "UPDATE dossier SET service_ring_id = ? WHERE number = ?", (stolen, number))
    with pytest.raises(CaseworkError):
        on_call(house, "bob")


@pytest.mark.parametrize("moved", ["starts", "until"])
def test_a_stand_ins_days_moved_in_the_database_open_nothing(fresh_house: House, moved: str) -> None:
    house = fresh_house
    today = house.clock.now().date()
    number = stand_in_for(house, today + timedelta(days=3), today + timedelta(days=5))
    place = service_place(house, house.charlie.user_id)
    house.clock.advance(timedelta(days=1 if moved == "starts" else 10))
    there = house.clock.now() + timedelta(days=-1 if moved == "starts" else 1)
    tamper(house, f"UPDATE ring_member SET {moved} = ? WHERE id = ?", (_stored(there), place.id))
    with pytest.raises(TamperedError):
        house.open(house.charlie, number)
    stored = place.starts if moved == "starts" else place.until
    assert stored is not None
    tamper(house, f"UPDATE ring_member SET {moved} = ? WHERE id = ?", (_stored(stored), place.id))
    if moved == "starts":
        house.clock.advance(timedelta(days=3))
        assert reads_safety(house, "charlie", number), "control: on their own days it opens"


def service_place(house: House, user_id: str) -> RingMember:
    """Somebody's place in the ring of their service: everybody sits in the cell's ring as well."""
    epochs = {each.id for ring in rows(house, Ring, kind="service") for each in rows(house, RingEpoch, ring_id=ring.id)}
    found: list[RingMember] = [each for each in rows(house, RingMember, holder_id=user_id) if each.epoch_id in epochs]
    assert len(found) == 1
    return found[0]


def _stored(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def test_no_word_of_a_reason_lies_in_the_clear(night: tuple[House, str, str]) -> None:
    house, _, access = night
    shown = services.urgent.own_reason(house.bob, access).text
    with house.instance.database.reading() as session:
        bodies = [bytes(body) for (body,) in session.execute(text("SELECT body FROM ledger_leaf"))]
        stored = session.execute(text("SELECT * FROM urgent_access")).all()
    raw = b"".join([*bodies, *(value if isinstance(value, bytes) else str(value).encode() for each in stored for value in each)])
    assert shown.encode() not in raw
    assert b"runaway" in raw, "control: the code does"
    assert not [each for each in rows(house, RingEpoch) if each.id in shown]
