"""Somebody in conflict who keeps all they ever had: a ring's secret, a raw key, a charter that says yes. Later words stay closed."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import ColumnElement, or_, select, true

from casework import services
from casework.charter import Charter, Verdict
from casework.errors import CaseworkError, NotFound
from casework.models.cells import Ring, RingEpoch, RingMember
from casework.models.dossiers import Box, Compartment, Conflict
from casework.services import apart
from casework.services.keys import keychain
from casework.services.keys.keychain import Keychain
from tests.house import END, House
from tests.security.test_p3_keys_not_courtesy import everything
from tests.services.membership.test_service_rings import safe, team

YES = Verdict(True, "yes", "oui", "aucun")
NEW, DEPOSITED, MADE_AFTER, DECIDED = "Bruvelot-nouvelle.", "Cadrigal-déposée.", "Drumanche-après.", "Estivoire-décidée."


@pytest.fixture
def two(fresh_house: House) -> House:
    """The north cell has a second steward, Sam."""
    services.cells.admit(fresh_house.stella, fresh_house.cells["nord"], "sam", "steward", act="acte 5", until=END)
    return fresh_house


def no_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every check of the charter says yes, the gate is open, and boxes count in spite of the link."""
    monkeypatch.setattr(Charter, "check", lambda *_: YES)
    monkeypatch.setattr(Charter, "check_any", lambda *_: YES)
    monkeypatch.setattr(Charter, "gate", lambda *_: None)
    monkeypatch.setattr(Charter, "list_filter", lambda *_, **__: true())
    monkeypatch.setattr(apart, "load", lambda *_: apart.Apart({}, {}, {}))

    def live(self: Keychain, **_: bool) -> ColumnElement[bool]:
        return Box.holder_id.in_(self.holders) & or_(Box.until.is_(None), Box.until > self._unit.now)

    monkeypatch.setattr(keychain.Keychain, "live", live)


def later(house: House, number: str) -> None:
    """A note, a deposit, a compartment that did not exist, a decision: all after the conflict."""
    house.note(house.alice, number, NEW, compartment="confidential")
    services.shares.give(house.stella, number, ["identity"], "hugo", until=END)
    house.note(house.hugo, number, DEPOSITED, compartment="confidential")
    house.note(house.stella, number, MADE_AFTER, compartment="judicial")
    house.note(house.alice, number, DECIDED, compartment="decisions")


def memberships(house: House, who: str) -> Iterator[str]:
    with house.instance.database.reading() as session:
        query = select(Ring.dossier_id).join(RingEpoch, RingEpoch.ring_id == Ring.id).join(RingMember, RingMember.epoch_id == RingEpoch.id)
        yield from (each or "" for each in session.scalars(query.where(RingMember.holder_id == house.actors[who].user_id)))


def test_a_steward_who_kept_the_ring_reads_nothing_later(two: House, monkeypatch: pytest.MonkeyPatch) -> None:
    number = two.follow("Quibérac-Lien")
    services.conflicts.withdraw(two.sam, number)
    assert services.conflicts.settle_pending(two.stella) == 1
    later(two, number)
    assert list(memberships(two, "sam")).count("") >= 2, "he keeps the secrets of his two cells"
    assert not [each for each in memberships(two, "sam") if each], "and is in no reduced ring"
    no_guard(monkeypatch)
    said = everything(two, "sam", number)
    assert not [text for text in (NEW, DEPOSITED, MADE_AFTER, DECIDED) if text in said]


def test_control_without_settling_the_same_person_reads_it_all(two: House, monkeypatch: pytest.MonkeyPatch) -> None:
    number = two.follow("Quibérac-Lien")
    services.conflicts.withdraw(two.sam, number)
    later(two, number)
    no_guard(monkeypatch)
    said = everything(two, "sam", number)
    assert all(text in said for text in (NEW, DEPOSITED, DECIDED))


def test_the_gate_alone_is_enough_while_nobody_has_settled(two: House) -> None:
    number = two.follow("Quibérac-Lien")
    services.conflicts.withdraw(two.sam, number)
    later(two, number)
    assert NEW not in everything(two, "sam", number)


def test_an_elected_member_in_conflict_holds_no_box_through_the_ring(two: House, monkeypatch: pytest.MonkeyPatch) -> None:
    number = two.follow("Quibérac-Lien")
    services.conflicts.declare_for(two.stella, number, "elsa")
    services.conflicts.settle_pending(two.stella)
    later(two, number)
    no_guard(monkeypatch)
    assert DECIDED not in everything(two, "elsa", number)


def test_a_second_keeper_in_conflict_leaves_the_reduced_ring(two: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sam was in the reduced ring; when he has a link too, its next epoch is made without him."""
    number = two.follow("Quibérac-Lien")
    services.conflicts.declare_for(two.stella, number, "bob")
    services.conflicts.settle_pending(two.stella)
    services.conflicts.withdraw(two.sam, number)
    services.conflicts.settle_pending(two.stella)
    later(two, number)
    no_guard(monkeypatch)
    assert NEW not in everything(two, "sam", number)


def test_a_link_may_not_be_lifted_by_who_has_it(two: House) -> None:
    number = two.follow("Quibérac-Lien")
    services.conflicts.withdraw(two.sam, number)
    for verb in (
        lambda: services.conflicts.settle(two.sam, number),
        lambda: services.conflicts.declare_for(two.sam, number, "alice"),
        lambda: services.shares.give(two.sam, number, ["identity"], "bob", until=None),
        lambda: services.lifecycle.relead(two.sam, number, "bob"),
    ):
        with pytest.raises(CaseworkError):
            verb()
    with suppress(CaseworkError):
        two.open(two.sam, number)
        raise AssertionError("the gate did not hold")
    with two.instance.database.reading() as session:
        assert session.scalar(select(Conflict.settled_at)) is None


@pytest.mark.parametrize("settled", [True, False])
def test_a_colleague_of_the_service_reads_nothing_later(two: House, monkeypatch: pytest.MonkeyPatch, settled: bool) -> None:
    """The service makes its ring anew for this dossier, then the stewards seal the rest to it. Control: unsettled, he reads."""
    team(two)
    number = two.follow("Quibérac-Service")
    safe(two, number)
    assert two.open(two.bob, number).person
    services.conflicts.withdraw(two.bob, number)
    if settled:
        assert services.conflicts.settle_pending(two.alice) == 1
        assert services.conflicts.settle_pending(two.alice) == 0
        assert services.conflicts.settle_pending(two.stella) == 1
    two.note(two.alice, number, NEW, compartment="safety")
    assert NEW in [note.body for note in two.open(two.alice, number).timeline]
    no_guard(monkeypatch)
    assert (NEW in everything(two, "bob", number)) is not settled


def test_what_a_lead_alone_can_open_is_not_lost_with_them(two: House) -> None:
    """Without a service the lead keeps `safety`: the box stays, shut by the gate."""
    number = two.follow("Quibérac-Seule")
    safe(two, number)
    services.conflicts.withdraw(two.alice, number)
    services.conflicts.settle_pending(two.stella)
    with two.instance.database.reading() as session:
        kept = select(Compartment.kind).join(Box, Box.compartment_id == Compartment.id)
        assert list(session.scalars(kept.where(Box.holder_id == two.alice.user_id))) == ["safety"]
    with pytest.raises(NotFound):
        two.open(two.alice, number)
