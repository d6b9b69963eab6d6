"""An agreement is obtained in time, or nothing of the person opens any more: with every key of everybody in hand."""

import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Any, Never

import pytest
from sqlalchemy import select

from casework import ledger, services
from casework.errors import InvalidInput, NotFound, TamperedError
from casework.jobs.system import System
from casework.models.attention import Alert, Draft
from casework.models.base import new_id, recorded_models
from casework.models.content import Entry, EntryKey, Person
from casework.models.dossiers import Box, Compartment, CompartmentVersion, Dossier
from casework.models.history import past_table
from casework.models.orientations import ReferralOut, ReferralStep
from casework.models.support import Agreement
from casework.services.dossier import contents
from casework.services.keys.keychain import Keychain
from casework.services.keys.sealing import open_row
from casework.services.offices.sweeping import sweep
from casework.services.support import agreements, erasing
from casework.services.support.erasing import DUE, GONE, Unagreed, erase_unagreed
from casework.services.unit import reading, writing
from casework.vault import aead
from casework.vault.hybrid import HybridPrivateKey
from tests.house import House
from tests.jobs.test_sweep import newest_leaf
from tests.services.support.calls import noted, ready, refusals, said, unsought

NIGHT = timedelta(days=1)


@pytest.fixture
def town(lone_house: House) -> House:
    """A house of this test alone, whose victims' cell takes calls."""
    return ready(lone_house)


def openable(house: House, number: str) -> set[str]:
    """Kinds of a dossier's volets of which anybody opens a row, whatever the charter says: every account's keys are in hand."""
    found: set[str] = set()
    for actor in house.actors.values():
        with house.instance.database.reading() as session:
            unit = services_unit(actor, session)
            keychain = Keychain(unit)
            query = select(Box, Compartment).join(Compartment, Compartment.id == Box.compartment_id).join(Dossier)
            for box, compartment in session.execute(query.where(Dossier.number == number, Box.holder_id.in_(keychain.holders))):
                try:
                    key = keychain.open(box, compartment)
                except (TamperedError, NotFound):
                    continue
                for model in (contents.MODELS.get(compartment.kind), *contents.BESIDE.get(compartment.kind, ())):
                    table = contents.table_of(model) if model else None
                    rows = session.execute(select(table).where(table.c.compartment_id == compartment.id)).all() if table is not None else []
                    found |= {compartment.kind for row in rows if model and open_row(model, row, keychain.at_version(key, row.key_version))}
    return found


def services_unit(actor: services.Actor, session: Any) -> Any:
    """A unit of work that asks nobody."""
    from casework.services.unit import Unit  # noqa: PLC0415  # an attacker's own

    return Unit(actor, "day.read", session)


def row_of(house: House, number: str) -> Dossier:
    """The dossier's row."""
    with house.instance.database.reading() as session:
        return session.scalars(select(Dossier).where(Dossier.number == number)).one()


def told(house: House, kind: str) -> list[tuple[str, str]]:
    """(recipient's user name, number) of the alerts of a kind."""
    names = {actor.user_id: name for name, actor in house.actors.items()}
    with house.instance.database.reading() as session:
        return sorted((names[each.recipient_id], each.number) for each in session.scalars(select(Alert).where(Alert.kind == kind)))


def night(house: House) -> Unagreed:
    """What the job does now."""
    return erase_unagreed(System(house.instance))


def test_without_agreement_nothing_opens_the_day_after_the_last_one(town: House) -> None:
    """The last day itself it still opens; the next morning no key of anybody does, and the ledger still verifies."""
    number = unsought(town, town.igor)
    services.complements.add(town.igor, number, "Elle a rappelé.", secrets.token_hex(16))
    due = town.clock.now().date() + timedelta(days=15)
    assert services.agreements.prepare(town.vera, number).due == due
    assert [each.on for each in town.open(town.vera, number).banners if each.code == "agreement"] == [due]
    town.clock.advance(15 * NIGHT)
    assert night(town).erased == 0
    assert openable(town, number) == {"identity", "confidential", "judicial", "safety"}
    services.saved_drafts.keep(town.vera, "note", number, [("body", "Brouillon.")])
    town.clock.advance(NIGHT)
    assert night(town).erased == 1
    leaf = newest_leaf(town)
    assert (leaf.action, leaf.actor, leaf.outcome) == (erasing.ACTION, None, "authorised")
    assert [name for name, _ in leaf.dossiers] == [number]
    assert {each.table for each in leaf.writes} >= {"dossier", "measure_end"}
    assert openable(town, number) == set()
    left(town, number)
    for actor in (town.vera, town.viola, town.igor):
        with pytest.raises(NotFound):
            town.open(actor, number)
    with pytest.raises(NotFound):
        services.sent.follow(town.igor, number)
    assert told(town, GONE) == [("vera", number)]
    assert night(town) == Unagreed(0, 0)
    with town.instance.database.reading() as session:
        assert ledger.verify(session, saved=None, recorded=recorded_models()).ok


def left(house: House, number: str) -> None:
    """Rows and their history are there, without a key: neither boxes, nor older keys, nor deposited notes' keys; nothing leads there."""
    dossier = row_of(house, number)
    assert (dossier.status, dossier.outcome, dossier.next_date) == ("archived", erasing.UNAGREED, None)
    with house.instance.database.reading() as session:
        inside = select(Compartment.id).where(Compartment.dossier_id == dossier.id)
        past = past_table(Person)
        assert session.scalar(select(past.c.id).where(past.c.compartment_id.in_(inside)).limit(1))
        assert session.scalar(select(Entry.id).where(Entry.compartment_id.in_(inside)))
        assert not session.scalars(select(Box).where(Box.compartment_id.in_(inside))).all()
        assert not session.scalars(
            select(EntryKey).join(Entry, Entry.id == EntryKey.entry_id).where(Entry.compartment_id.in_(inside))
        ).all()
        older = CompartmentVersion.compartment_id.in_(inside) & CompartmentVersion.previous.is_not(None)
        assert not session.scalars(select(CompartmentVersion).where(older)).all()
        assert not session.scalars(select(Draft).where(Draft.place == number)).all()


def test_older_keys_go_as_well(town: House) -> None:
    """A saisine that was taken up has turned keys: the one before lies wrapped under the new one, until it is erased."""
    number = unsought(town, town.igor)
    services.lifecycle.take_up(town.vera, number, "viola", town.clock.now().date() + timedelta(days=30))
    with town.instance.database.reading() as session:
        inside = select(Compartment.id).join(Dossier).where(Dossier.number == number)
        assert session.scalars(
            select(CompartmentVersion.id).where(CompartmentVersion.compartment_id.in_(inside), CompartmentVersion.previous.is_not(None))
        ).all()
    assert openable(town, number) >= {"identity", "safety"}
    services.agreements.record(town.viola, number, "refused")
    assert openable(town, number) == set()
    with town.instance.database.reading() as session:
        assert not session.scalars(
            select(CompartmentVersion.id).where(CompartmentVersion.compartment_id.in_(inside), CompartmentVersion.previous.is_not(None))
        ).all()


def test_obtained_in_time_it_stays(town: House) -> None:
    """Given by whoever keeps the cell; the banner goes, the reminder too, and no night erases anything."""
    number = unsought(town, town.igor)
    town.clock.advance(12 * NIGHT)
    assert night(town) == Unagreed(0, 1)
    services.agreements.record(town.vera, number, "given")
    services.agreements.record(town.vera, number, "given")
    assert told(town, DUE) == []
    assert not [each for each in town.open(town.vera, number).banners if each.code == "agreement"]
    town.clock.advance(30 * NIGHT)
    assert night(town) == Unagreed(0, 0)
    assert openable(town, number) >= {"identity", "safety"}
    for state in ("refused", "not_sought"):
        with pytest.raises(InvalidInput):
            services.agreements.record(town.vera, number, state)
    with pytest.raises(NotFound):
        services.agreements.prepare(town.vera, number)


def test_stewards_are_reminded_three_days_before_once(town: House) -> None:
    """Not four; nobody who does not keep the cell; a code and a number."""
    number = unsought(town, town.igor)
    town.clock.advance(11 * NIGHT)
    assert night(town).reminded == 0
    town.clock.advance(NIGHT)
    assert [night(town).reminded for _ in range(2)] == [1, 0]
    assert told(town, DUE) == [("vera", number)]


def test_a_row_that_somebody_wrote_erases_no_file_that_waits_for_no_agreement(town: House) -> None:
    """An administrator moves an agreement to another programme's dossier. Control: where it belongs, that night erases."""
    number, child = unsought(town, town.igor), town.follow("Quibérac-Accord")
    with writing(town.stella, "share.give") as unit:
        row = unit.session.scalars(select(Agreement).where(Agreement.dossier_id == row_of(town, number).id)).one()
        theirs, row.dossier_id, row.version = row.dossier_id, row_of(town, child).id, row.version + 1
    town.clock.advance(16 * NIGHT)
    assert night(town).erased == 0
    assert "identity" in openable(town, child)
    with writing(town.stella, "share.give") as unit:
        row = unit.session.scalars(select(Agreement)).one()
        row.dossier_id, row.version = theirs, row.version + 1
    assert night(town).erased == 1, "control"


def test_refused_afterwards_it_is_counted_once_like_during_the_call(town: House) -> None:
    """Control: given, nothing is counted; without an answer neither."""
    numbers, before = [unsought(town, town.igor) for _ in range(3)], refusals(town)
    town.clock.move_to(town.clock.now() + timedelta(minutes=5))
    services.agreements.record(town.vera, numbers[0], "given")
    assert refusals(town) == before
    services.agreements.record(town.vera, numbers[1], "refused")
    with suppress(NotFound):
        services.agreements.record(town.vera, numbers[1], "refused")
    assert refusals(town) == before + 1
    town.clock.move_to(town.clock.now() + timedelta(days=16))
    assert night(town).erased == 1
    assert refusals(town) == before + 1, "nobody said no"


def test_refused_afterwards_it_is_erased_at_once(town: House) -> None:
    """By whoever may record it, and by nobody else; its orientation is withdrawn with it, and the sweep raises no alarm."""
    number, other = unsought(town, town.igor), noted(town, town.igor).number
    dossier = row_of(town, number)
    with writing(town.vera, "dossier.plan") as unit:
        out = ReferralOut(
            id=new_id(), version=1, dossier_id=dossier.id, need="housing", status="sent", author_id=town.vera.user_id, created_at=unit.now
        )
        unit.session.add(out)
    for stranger in (town.bob, town.paula, town.igor, town.stella):
        with pytest.raises(NotFound):
            services.agreements.record(stranger, number, "refused")
    assert "identity" in said(town, town.vera, number)
    unheld = sweep(System(town.instance)).unheld_compartments
    services.agreements.record(town.vera, number, "refused")
    assert openable(town, number) == set()
    assert openable(town, other) >= {"identity", "safety"}
    assert newest_leaf(town).facts["agreement"] == "refused"
    with town.instance.database.reading() as session:
        orientation = session.get_one(ReferralOut, out.id)
        assert (orientation.status, orientation.reason) == ("withdrawn", "no_agreement")
        assert [
            each.step
            for each in session.scalars(select(ReferralStep).where(ReferralStep.referral_id == out.id).order_by(ReferralStep.position))
        ] == ["proposed", "withdrawn"]
        assert ledger.verify(session, saved=None, recorded=recorded_models()).ok
    assert sweep(System(town.instance)).unheld_compartments == unheld
    with pytest.raises(NotFound):
        services.agreements.record(town.vera, number, "refused")


def test_the_newest_counts_and_each_orientation_has_its_own(town: House) -> None:
    """A saisine's agreement says nothing of an orientation's."""
    number = unsought(town, town.igor)
    dossier = row_of(town, number)
    with reading(town.vera, "day.read") as unit:
        assert (row := agreements.state_of(unit, dossier.id)) is not None
        assert (row.state, row.reason) == ("not_sought", "danger")
        assert agreements.state_of(unit, dossier.id, new_id()) is None
    with pytest.raises(NotFound):
        services.agreements.record(town.vera, number, "given", referral_id=new_id())


def test_p9_no_key_is_needed(town: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever opens something fails: the night does its work all the same. Control: a page does not."""
    number = unsought(town, town.igor)
    town.clock.advance(16 * NIGHT)

    def closed(*_: object, **__: object) -> Never:
        raise AssertionError("a key was asked for")

    monkeypatch.setattr(aead, "decrypt", closed)
    monkeypatch.setattr(HybridPrivateKey, "open", closed)
    with pytest.raises(AssertionError):
        town.open(town.vera, number)
    assert night(town).erased == 1
