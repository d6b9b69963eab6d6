"""The third round: planted boxes, members and services, a moved programme, and what outlives a departure or a second post."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from casework import services
from casework.errors import CaseworkError, InvalidInput, NotFound, SessionEnded, TamperedError, UncertifiedKey
from casework.models.base import new_id
from casework.models.cells import Habilitation, Ring, RingEpoch, RingMember
from casework.models.content import ContactPoint, SafeContact
from casework.models.dossiers import Box, Compartment, CompartmentVersion, Dossier
from casework.services.dossier.entries import new_submission
from casework.services.drafts import ExaminationDraft
from casework.services.keys.certificates import ring_claims, trusted_stewards
from casework.services.record.views import RecordRow
from tests.attacks.sql import HybridPrivateKey, insert, row, rows, statement, tamper
from tests.house import END, House
from tests.services.membership.test_service_rings import safe, team
from tests.services.referral.test_referrals_safety import saisine, victims
from tests.services.referral.test_referrals_safety import team as association
from tests.urgently import asked, enter, on_call

__all__ = ["victims"]


def part(house: House, number: str, kind: str) -> Any:
    """The compartment's row."""
    return row(house, Compartment, kind=kind, dossier_id=row(house, Dossier, number=number).id)


def holders(house: House, number: str, kind: str) -> set[str]:
    """Who has a box of it, rings by their epoch."""
    return {each.holder_id for each in rows(house, Box, compartment_id=part(house, number, kind).id)}


def retained(house: House, who: str, number: str) -> None:
    """Examined and retained by whoever keeps the cell, who leads it."""
    draft = ExaminationDraft("retained", who, house.clock.now().date() + timedelta(days=30))
    services.examination.decide(house.actors[who], number, draft)


def test_a_turn_makes_no_planted_share_true(fresh_house: House) -> None:
    """A row that says « shared with Paula » opens nothing, until a keeper seals the next key to everybody whom a row names."""
    house = fresh_house
    number = house.refer(house.hugo, "Quibérac-Faux")
    insert(
        house, "box", id=new_id(), compartment_id=part(house, number, "identity").id, key_version=1, holder_id=house.paula.user_id,
        to_ring=0, title="shared", reference="0" * 32, sealed=b"x", rewrapped=0, mac=b"x",
    )  # fmt: skip
    with suppress(CaseworkError):
        services.lifecycle.take_up(house.stella, number, "alice", house.clock.now().date() + timedelta(days=30))
    with pytest.raises(CaseworkError):
        house.open(house.paula, number)


def test_a_true_share_outlives_a_turn(fresh_house: House) -> None:
    """Control: what a keeper gave stays when keys turn."""
    house = fresh_house
    number = house.follow("Quibérac-Vrai")
    services.shares.give(house.stella, number, ["identity"], "paula", until=None)
    services.conflicts.withdraw(house.alice, number)
    services.conflicts.settle(house.stella, number)
    assert house.open(house.paula, number).person == "Théodule Quibérac-Vrai"


def test_a_new_secret_of_a_service_is_not_sealed_to_a_planted_member(fresh_house: House) -> None:
    """Charlie, of the same institution and of another cell, is written into the team by an administrator."""
    house = fresh_house
    for name in ("charlie",):
        services.cells.admit(house.stella, house.cells["nord"], name, "member", act="acte 7", until=END)
    team(house, "alice", "bob", "charlie")
    number = house.follow("Quibérac-Équipe")
    safe(house, number)
    epoch = row(house, RingMember, holder_id=house.bob.user_id, to_ring=False, starts=None, epoch_id=_service_epoch(house)).epoch_id
    insert(house, "ring_member", id=new_id(), epoch_id=epoch, holder_id=house.paula.user_id, to_ring=0, sealed=b"x", rewrapped=0, mac=b"x")
    with suppress(CaseworkError):
        services.service_rings.remove(house.alice, house.cells["nord"], house.charlie.user_id)
    team_epochs = {each.id for each in rows(house, RingEpoch, ring_id=row(house, Ring, kind="service").id)}
    planted = [each for each in rows(house, RingMember, holder_id=house.paula.user_id) if each.epoch_id in team_epochs]
    assert [each.sealed for each in planted] in ([], [b"x"])


def _service_epoch(house: House) -> str:
    ring = row(house, Ring, kind="service")
    return str(max(rows(house, RingEpoch, ring_id=ring.id), key=lambda each: each.number).id)


def planted_service(house: House, who: str, cell: str) -> str:
    """A service ring of a cell, signed by somebody certified who never sat in it. Returns the id of its epoch."""
    actor, mine = house.actors[who], HybridPrivateKey.generate()
    ring = Ring(id=new_id(), kind="service", cell_id=house.cells[cell], institution_id=actor.institution_id, dossier_id=None)
    epoch = new_id()
    signed = statement(house, who, kind="ring", subject=epoch, public=mine.public, claims=ring_claims(ring, 1))
    insert(house, "ring", id=ring.id, kind="service", cell_id=ring.cell_id, institution_id=ring.institution_id)
    insert(
        house, "ring_epoch", id=epoch, version=1, ring_id=ring.id, number=1, maker_id=actor.certificate_id,
        statement=signed.statement, signature=signed.signature, recovery_box=b"x",
    )  # fmt: skip
    return epoch


@pytest.mark.parametrize("who", ["paula", "charlie"])
def test_a_service_planted_from_another_cell_gets_nothing(victims: House, who: str) -> None:
    """The police officer of the town's cell has an administrator write a « service » into the cell for victims."""
    house = victims
    epoch = planted_service(house, who, "vif")
    number = ""
    with suppress(CaseworkError):
        number = services.intake.send(house.igor, saisine(house)).number
    assert not [each for each in rows(house, Box) if each.holder_id == epoch], number


def test_a_dossier_is_not_handed_to_another_service_by_a_column(victims: House) -> None:
    """Two services sit in the cell; the column that names the one that follows her is moved to the other."""
    house = victims
    association(house)
    number = services.intake.send(house.vera, saisine(house)).number
    services.service_rings.make(house.igor, house.cells["vif"], [house.alice.user_id])
    other = row(house, Ring, kind="service", institution_id=house.igor.institution_id)
    tamper(house, "UPDATE dossier SET service_ring_id = ? WHERE number = ?", (other.id, number))
    epoch = row(house, RingEpoch, ring_id=other.id).id
    with suppress(CaseworkError):
        retained(house, "vera", number)
    for kind in ("identity", "confidential", "safety"):
        assert epoch not in holders(house, number, kind)
    tamper(house, "UPDATE dossier SET service_ring_id = ? WHERE number = ?", (_ring_of(house, "vera"), number))
    if row(house, Dossier, number=number).status == "received":
        retained(house, "vera", number)
    assert house.open(house.wanda, number).person, "control: her own service"


def _ring_of(house: House, who: str) -> str:
    return str(row(house, Ring, kind="service", institution_id=house.actors[who].institution_id, dossier_id=None).id)


def test_nobody_deposits_under_a_key_planted_by_somebody_of_a_claimed_service(fresh_house: House) -> None:
    """The dossier's column names a ring of the town; a police officer of the town then signs the next version of `safety`."""
    house = fresh_house
    team(house)
    number = house.follow("Quibérac-Clé")
    safe(house, number)
    compartment = part(house, number, "safety")
    mine = HybridPrivateKey.generate()
    ring = new_id()
    insert(house, "ring", id=ring, kind="service", cell_id=house.cells["nord"], institution_id=house.paula.institution_id)
    tamper(house, "UPDATE dossier SET service_ring_id = ? WHERE number = ?", (ring, number))
    signed = statement(house, "paula", kind="compartment", subject=compartment.id, public=mine.public, claims={"version": "2"})
    insert(
        house, "compartment_version", id=new_id(), version=1, compartment_id=compartment.id, number=2,
        maker_id=house.paula.certificate_id, statement=signed.statement, signature=signed.signature, previous=b"x",
    )  # fmt: skip
    with pytest.raises(CaseworkError):
        house.note(house.stella, number, "Elle dort chez sa sœur.", compartment="safety")
    assert len(rows(house, CompartmentVersion, compartment_id=compartment.id)) == 2


def test_a_cell_keeps_the_programme_it_was_founded_with(victims: House) -> None:
    """Written over, « violences » would be a cell that may be opened to elected people."""
    house = victims
    association(house)
    number = services.intake.send(house.vera, saisine(house)).number
    retained(house, "vera", number)
    services.shares.give(house.vera, number, ["identity"], "alice", until=None)
    house.actors["alice"] = house.sign_in("alice")
    services.signatures.sign(house.alice, read=True)
    assert number in [each.number for each in services.dossiers.list_mine(house.alice).lines], "control"
    tamper(house, "UPDATE dossier SET programme = 'fragility' WHERE number = ?", (number,))
    for look in (lambda: house.open(house.vera, number), lambda: services.dossiers.list_mine(house.alice)):
        with pytest.raises(TamperedError):
            look()
    tamper(house, "UPDATE cell SET programme = 'fragility' WHERE id = ?", (house.cells["vif"],))
    with house.instance.database.reading() as session, pytest.raises(UncertifiedKey):
        trusted_stewards(session, house.instance.anchor, house.cells["vif"])


def test_an_outcome_that_somebody_wrote_is_no_decision(fresh_house: House) -> None:
    """The steward's own decision must not be taken for a second click on it."""
    house = fresh_house
    number = house.refer(house.hugo, "Quibérac-Issue")
    tamper(house, "UPDATE dossier SET outcome = 'not_retained' WHERE number = ?", (number,))
    services.examination.decide(house.stella, number, ExaminationDraft("not_retained"))
    assert row(house, Dossier, number=number).status == "closed"


def test_a_saisine_does_not_point_to_a_dossier_of_another_cell(victims: House) -> None:
    """Vera keeps two cells: the readers of one are not told that somebody is followed in the other."""
    house = victims
    association(house)
    there = services.intake.send(house.igor, saisine(house)).number
    house.actors["vera"] = house.sign_in("vera")
    new = services.cells.NewCell("vif2", "Autre", "domestic_violence", "Valmorel-sur-Orle", ("vera",), "acte 9", END, "feuille 9")
    house.cells["vif2"] = services.cells.found(house.oscar, new)
    services.cells.take_charge(house.vera, house.cells["vif2"])
    here = services.intake.send(house.vera, replace(saisine(house), cell=house.cells["vif2"])).number
    with pytest.raises(InvalidInput):
        services.examination.decide(house.vera, here, ExaminationDraft("duplicate", duplicate_of=there))


def test_who_left_a_cell_hears_no_more_of_it(fresh_house: House) -> None:
    """A complement arrives after the lead left: the number and that something came are the cell's."""
    house = fresh_house
    number = house.follow("Quibérac-Parti", lead="alice")
    services.complements.add(house.hugo, number, "Un fait nouveau.", new_submission())
    assert number in [each.number for each in services.day.read(house.alice).alerts], "control"
    services.cells.admit(house.sam, house.cells["sud"], "alice", "member", act="acte 8", until=END)
    services.departures.end(house.stella, house.cells["nord"], house.alice.user_id)
    services.complements.add(house.hugo, number, "Un autre.", new_submission())
    assert number not in [each.number for each in services.day.read(house.alice).alerts]


def test_the_same_form_posted_twice_adds_one_contact(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Double")
    for _ in range(2):
        services.records.write(house.alice, number, "contact", [RecordRow("", 0, {"label": "phone", "value": "06 39 98 00 01"})])
    assert len(rows(house, ContactPoint)) == 1


def test_the_elected_ring_is_sealed_to_nobody_a_row_alone_admits(fresh_house: House) -> None:
    house = fresh_house
    services.cells.admit(house.sam, house.cells["sud"], "elsa", "elected", act="acte 8", until=END)
    real = row(house, Habilitation, user_id=house.elsa.user_id, cell_id=house.cells["sud"])
    insert(
        house, "habilitation", id=new_id(), version=1, user_id=house.paula.user_id, cell_id=house.cells["sud"], role="elected",
        starts=str(house.clock.now())[:19], until="2026-12-01 00:00:00", act="x", signer_id=real.signer_id, statement=real.statement,
        signature=real.signature,
    )  # fmt: skip
    services.rings.switch_on_elected(house.sam, house.cells["sud"])
    ring = row(house, Ring, kind="elected", cell_id=house.cells["sud"])
    members = {each.holder_id for each in rows(house, RingMember, epoch_id=row(house, RingEpoch, ring_id=ring.id).id)}
    assert house.elsa.user_id in members, "control"
    assert house.paula.user_id not in members


def test_leaving_shuts_the_open_session_the_urgent_access_and_the_shares(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Fermé")
    team(house)
    services.shares.give(house.stella, number, ["identity", "decisions"], "bob", until=None)
    on_call(house, "bob")
    access = enter(house.bob, number)
    assert services.urgent.read(house.bob, access).person, "control"
    assert house.open(house.bob, number).person, "control"
    services.departures.end(house.stella, house.cells["nord"], house.bob.user_id)
    for attempt in (
        lambda: services.urgent.read(house.bob, access),
        lambda: house.open(house.bob, number),
        lambda: services.urgent.open(house.bob, _again(number)),
        lambda: services.service_rings.page(house.bob, house.cells["nord"]),
    ):
        with pytest.raises((NotFound, SessionEnded)):
            attempt()
    assert not rows(house, RingMember, holder_id=house.bob.user_id)
    assert not [each for each in rows(house, Box) if each.holder_id == house.bob.user_id]


def _again(number: str) -> Any:
    return asked(number)


def test_safety_turns_when_its_service_first_writes_after_the_examination(victims: House) -> None:
    """Igor, who sent the saisine, keeps the raw key of `safety`: what is written after the examination must not lie under it.

    Igor sits as a second steward and serves in no ring: his examination leaves `safety` as it was sent.
    """
    house = victims
    association(house)
    services.departures.end(house.vera, house.cells["vif"], house.igor.user_id)
    services.cells.admit(house.vera, house.cells["vif"], "igor", "steward", act="acte 9", until=END)
    number = services.intake.send(house.igor, saisine(house)).number
    retained(house, "igor", number)
    assert house.open(house.wanda, number).person
    page = services.records.compose(house.wanda, number, "safety")
    form = page.rows[0]
    lists = {each.column: each.options[0].code for each in page.fields if each.options}
    changed = dict(form.texts) | lists | {"value": "06 39 98 00 99"}
    services.records.write(house.wanda, number, "safety", [RecordRow(form.id, form.version, changed)])
    assert row(house, SafeContact, compartment_id=part(house, number, "safety").id).key_version > 1
