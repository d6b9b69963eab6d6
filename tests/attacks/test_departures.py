"""Somebody who left a cell and kept all they ever had: ring secrets, compartment keys, a view of the database. Later words stay closed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from casework import services
from casework.errors import TamperedError
from casework.models.base import new_id
from casework.models.cells import Ring, RingEpoch, RingMember
from casework.models.dossiers import Box, Compartment, Dossier
from casework.services.keys.keychain import HolderKey, Keychain, box_context
from casework.services.membership import turnover
from casework.services.unit import reading
from casework.vault import aead
from casework.vault.content import ContentKey
from tests.attacks.sql import HybridPrivateKey, bodies, insert, row, rows, tamper
from tests.house import END, House
from tests.services.membership.test_cell_ring import WORDS, opened, sealed
from tests.services.membership.test_service_rings import safe, team
from tests.urgently import on_call

LATER = "Bruvelot-après le départ."
Leave = Callable[[House], None]
Kept = dict[str, HybridPrivateKey]


def keep(house: House, who: str) -> Kept:
    """What somebody takes home: their own private key, and the secret of every ring they are in, by holder."""
    actor = house.actors[who]
    with reading(actor, "day.read") as unit:
        keychain = Keychain(unit)
        rings = {epoch: HybridPrivateKey(keychain.ring_secret(epoch)) for epoch in keychain.holders[1:]}
    return {actor.user_id: actor.keyring.private} | rings


def loot(house: House, kept: Kept, number: str) -> list[ContentKey]:
    """The keys that open with it, in the database as it is now."""
    found, instance = [], house.instance.anchor.instance
    parts = {each.id for each in rows(house, Compartment, dossier_id=row(house, Dossier, number=number).id)}
    for box in (each for each in rows(house, Box) if each.compartment_id in parts and each.holder_id in kept):
        holder, context = HolderKey(box.holder_id, kept[box.holder_id]), box_context(instance, box)
        secret = aead.decrypt(holder.wrapping, box.sealed, context) if box.rewrapped else holder.private.open(box.sealed, context)
        found.append(ContentKey(secret, instance=instance, scope=box.compartment_id, version=box.key_version))
    return found


def read_by(house: House, keys: list[ContentKey]) -> set[str]:
    """Every note that lies under one of these keys."""
    return {body for key in keys for body in bodies(house, key)}


def steward(house: House) -> None:
    """Sam keeps the north cell too."""
    services.cells.admit(house.stella, house.cells["nord"], "sam", "steward", act="acte 5", until=END)


def service(house: House) -> None:
    """Bob is of the team that keeps `safety`."""
    team(house)


def duty(house: House) -> None:
    """Bob is on call, with Alice."""
    on_call(house, "alice", "bob")


def nothing(_house: House) -> None:
    """The house as it is."""


CASES = [
    pytest.param(steward, "sam", "confidential", "stella", id="steward"),
    pytest.param(nothing, "elsa", "decisions", "stella", id="elected"),
    pytest.param(duty, "bob", "confidential", "stella", id="on call"),
    pytest.param(service, "bob", "safety", "alice", id="service"),
    pytest.param(nothing, "alice", "confidential", "stella", id="lead"),
]


@pytest.mark.parametrize("turned", [True, False], ids=["turned", "control"])
@pytest.mark.parametrize(("before", "who", "kind", "writer"), CASES)
def test_who_left_opens_nothing_written_later(
    lone_house: House, monkeypatch: pytest.MonkeyPatch, before: Leave, who: str, kind: str, writer: str, turned: bool
) -> None:
    """Control: where nothing turns, what they kept opens what is written after they left."""
    house = lone_house
    before(house)
    number = house.follow("Quibérac-Gardé")
    if kind == "safety":
        safe(house, number)
    house.note(house.actors[writer], number, "Avant.", compartment=kind)
    kept = keep(house, who)
    keys = loot(house, kept, number)
    assert "Avant." in read_by(house, keys)
    if not turned:
        monkeypatch.setattr(turnover, "settle_pending", lambda *_, **__: 0)
        monkeypatch.setattr("casework.services.keys.epochs.due", lambda _: None)
    services.departures.end(house.stella, house.cells["nord"], house.actors[who].user_id)
    if turned:
        services.turnover.settle_pending(house.alice)
        assert [services.turnover.settle_pending(each) for each in (house.stella, house.alice)][1] == 0
        assert services.turnover.settle_pending(house.stella) == 0, "nothing waits any more"
    house.note(house.actors[writer], number, LATER, compartment=kind)
    assert (LATER in read_by(house, [*keys, *loot(house, kept, number)])) is not turned
    assert LATER in [each.body for each in house.open(house.actors[writer], number).timeline]
    assert "Avant." in [each.body for each in house.open(house.actors[writer], number).timeline]


def test_the_rings_of_who_stays_still_open_everything(fresh_house: House) -> None:
    """After two departures: the elected one, who is on call, a steward admitted later, texts of the cell sealed before."""
    house, nord = fresh_house, fresh_house.cells["nord"]
    steward(house)
    on_call(house, "alice", "bob")
    number, kept = house.follow("Quibérac-Restent"), sealed(house)
    for who in ("sam", "hugo"):
        services.departures.end(house.stella, nord, house.actors[who].user_id)
    assert house.open(house.elsa, number).person
    assert opened(house.elsa, kept) == opened(house.bob, kept) == WORDS
    steward(house)
    assert house.open(house.sam, number).person
    assert opened(house.sam, kept) == WORDS
    holders = {each.holder_id for each in rows(house, Box)}
    newest = {max(rows(house, RingEpoch, ring_id=ring.id), key=lambda each: each.number).id for ring in rows(house, Ring)}
    assert holders <= newest | {each.user_id for each in house.actors.values()}, "nothing is sealed to a former secret"


def test_texts_of_the_cell_written_later_stay_closed(fresh_house: House) -> None:
    """With the raw secret of the cell's ring. Control: what was sealed before opens with it."""
    house = fresh_house
    before, kept = sealed(house), keep(house, "hugo")
    services.departures.end(house.stella, house.cells["nord"], house.hugo.user_id)
    after = sealed(house)
    assert before[0] in kept
    assert after[0] not in kept
    assert opened(house.alice, before) == opened(house.alice, after) == WORDS


def test_a_term_that_lapsed_turns_in_the_next_keepers_session(fresh_house: House) -> None:
    """Nobody ends anything: the date passes, the sweep deletes the membership, and the next steward who comes finds it all the same."""
    house = fresh_house
    until = house.clock.now() + (END - house.clock.now()) / 10
    services.cells.admit(house.stella, house.cells["nord"], "sam", "steward", act="acte 5", until=until)
    number = house.follow("Quibérac-Terme")
    kept = keep(house, "sam")
    keys = loot(house, kept, number)
    house.clock.advance(until - house.clock.now())
    tamper(house, "DELETE FROM ring_member WHERE holder_id = ?", (house.sam.user_id,))
    assert services.turnover.settle_pending(house.stella) > 0
    house.note(house.stella, number, LATER, compartment="confidential")
    assert LATER not in read_by(house, [*keys, *loot(house, kept, number)])


def test_the_work_is_done_in_slices(fresh_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without time the rings turn and nothing else; whoever keeps the cell opens all the same, and the next session does the rest."""
    house = fresh_house
    steward(house)
    numbers = [house.follow(f"Quibérac-Tranche{place}") for place in range(3)]
    kept = keep(house, "sam")
    with monkeypatch.context() as patch:
        patch.setattr(turnover, "ON_LEAVING", -1.0)
        services.departures.end(house.stella, house.cells["nord"], house.sam.user_id)
    assert all(loot(house, kept, each) for each in numbers)
    services.cells.admit(house.stella, house.cells["nord"], "stella", "steward", act="acte 6", until=END + timedelta(days=5))
    assert all(house.open(house.stella, each).person for each in numbers)
    assert services.turnover.settle_pending(house.stella) == 3
    assert services.turnover.settle_pending(house.stella) == 0
    assert not any(loot(house, kept, each) for each in numbers)
    former = min(
        rows(house, RingEpoch, ring_id=row(house, Ring, kind="stewards", cell_id=house.cells["nord"]).id), key=lambda each: each.number
    )
    assert [each.to_ring for each in rows(house, RingMember, epoch_id=former.id)] == [True], "the newer secret alone keeps the former one"


def test_a_stray_box_is_an_alarm_and_hinders_no_other_dossier(fresh_house: House) -> None:
    """A row that says « shared with Paula » in one dossier: its keys wait, the other's turn."""
    house = fresh_house
    steward(house)
    bad, good = house.follow("Quibérac-Faux"), house.follow("Quibérac-Sain")
    part = row(house, Compartment, kind="identity", dossier_id=row(house, Dossier, number=bad).id)
    insert(
        house, "box", id=new_id(), compartment_id=part.id, key_version=1, holder_id=house.paula.user_id, to_ring=0, title="shared",
        reference="0" * 32, sealed=b"x", rewrapped=0, mac=b"x",
    )  # fmt: skip
    kept = keep(house, "sam")
    services.departures.end(house.stella, house.cells["nord"], house.sam.user_id)
    assert loot(house, kept, bad)
    assert not loot(house, kept, good)
    with pytest.raises(TamperedError):
        services.turnover.turn_keys(house.stella, bad)


def test_a_planted_person_on_call_gets_no_seat(fresh_house: House) -> None:
    """Nobody but those on call holds their secret: who they are is what the composition signed says, not a row."""
    house = fresh_house
    on_call(house, "alice", "bob")
    epoch = row(house, RingEpoch, ring_id=row(house, Ring, kind="duty").id).id
    insert(house, "ring_member", id=new_id(), epoch_id=epoch, holder_id=house.stella.user_id, to_ring=0, sealed=b"x", rewrapped=0, mac=b"x")
    services.departures.end(house.stella, house.cells["nord"], house.bob.user_id)
    newest = max(rows(house, RingEpoch, ring_id=row(house, Ring, kind="duty").id), key=lambda each: each.number)
    assert {each.holder_id for each in rows(house, RingMember, epoch_id=newest.id)} == {house.alice.user_id}


def test_what_an_author_shared_turns_when_they_next_write(fresh_house: House) -> None:
    """Her N2 note was shared with Bob: only she can turn its key."""
    house = fresh_house
    number = house.follow("Quibérac-Social")
    house.note(house.alice, number, "Avant.", compartment="social")
    services.shares.give(house.alice, number, ["social"], "bob", until=None)
    kept = keep(house, "bob")
    keys = loot(house, kept, number)
    assert "Avant." in read_by(house, keys)
    services.departures.end(house.stella, house.cells["nord"], house.bob.user_id)
    house.note(house.alice, number, LATER, compartment="social")
    assert LATER not in read_by(house, [*keys, *loot(house, kept, number)])
    assert {"Avant.", LATER} <= {each.body for each in house.open(house.alice, number).timeline}


def test_a_reduced_ring_turns_as_well(fresh_house: House) -> None:
    """Bob has a personal link; Sam, who sat in the reduced ring of that dossier, leaves."""
    house = fresh_house
    steward(house)
    number = house.follow("Quibérac-Réduit")
    services.conflicts.declare_for(house.stella, number, "bob")
    services.conflicts.settle_pending(house.stella)
    kept = keep(house, "sam")
    keys = loot(house, kept, number)
    assert keys
    services.departures.end(house.stella, house.cells["nord"], house.sam.user_id)
    house.note(house.stella, number, LATER, compartment="confidential")
    assert LATER not in read_by(house, [*keys, *loot(house, kept, number)])
    assert house.open(house.elsa, number).person
    assert services.conflicts.settle_pending(house.stella) == services.turnover.settle_pending(house.stella) == 0
