"""Whoever writes in the database plants a compartment, or a key version, whose key they know: honest people must not write under it."""

from contextlib import suppress
from datetime import date

import pytest

from casework import services
from casework.errors import CaseworkError, TamperedError
from casework.models.base import new_id
from casework.models.cells import Ring, RingEpoch
from casework.models.content import Entry, EntryKey
from casework.models.dossiers import Box, Compartment, CompartmentVersion, Dossier
from casework.services.dossier.contents import deposit_context, deposited
from casework.services.keys.keychain import box_context, box_parts
from casework.services.keys.sealing import seal
from casework.vault import aead
from casework.vault.content import ContentKey
from tests.attacks.sql import HybridPrivateKey, bodies, insert, public_of, row, rows, seal_to, statement
from tests.house import House

SECRET = "Tramontine a été vue au tribunal."


def plant(house: House, number: str, kind: str, maker: str) -> ContentKey:
    """A compartment of this dossier, with a box for the stewards, made without the application. Only public keys are needed."""
    instance = house.instance.anchor.instance
    compartment = new_id()
    key = ContentKey(aead.new_key(), instance=instance, scope=compartment, version=1)
    ring = row(house, Ring, kind="stewards", cell_id=house.cells["nord"])
    epoch = row(house, RingEpoch, ring_id=ring.id)
    box = Box(
        id=new_id(), compartment_id=compartment, key_version=1, holder_id=epoch.id, to_ring=True, title="steward", reference="", until=None
    )
    planted = Compartment(
        id=compartment, dossier_id=row(house, Dossier, number=number).id, kind=kind, owner_id="", cell_id=house.cells["nord"]
    )
    insert(house, "compartment", id=compartment, version=1, dossier_id=planted.dossier_id, cell_id=planted.cell_id, kind=kind, owner_id="")
    signed = statement(house, maker, kind="compartment", subject=compartment, public=key.deposit.public, claims={"version": "1"})
    insert(
        house, "compartment_version", id=new_id(), version=1, compartment_id=compartment, number=1,
        maker_id=house.actors[maker].certificate_id, statement=signed.statement, signature=signed.signature,
    )  # fmt: skip
    insert(
        house, "box", id=box.id, compartment_id=compartment, key_version=1, holder_id=epoch.id, to_ring=1, title="steward", reference="",
        sealed=seal_to(public_of(house, epoch), key.secret, box_context(instance, box)),
        rewrapped=0, mac=key.mac("box", *box_parts(box, planted)),
    )  # fmt: skip
    return key


@pytest.mark.parametrize("maker", ["charlie", "ada"])
def test_a_steward_writes_nothing_under_a_planted_key(fresh_house: House, maker: str) -> None:
    """The maker is no member of the cell."""
    number = fresh_house.follow("Quibérac-Planté")
    fresh_house.note(fresh_house.stella, fresh_house.follow("Quibérac-Vrai"), SECRET, compartment="judicial")  # control
    key = plant(fresh_house, number, "judicial", maker)
    with suppress(CaseworkError):
        fresh_house.note(fresh_house.stella, number, SECRET, compartment="judicial")
    assert SECRET not in bodies(fresh_house, key)


def test_taking_a_situation_up_shares_no_planted_key(fresh_house: House) -> None:
    """`decisions` is planted while the saisine waits: the lead's decisions would lie under a stranger's key."""
    number = fresh_house.refer(fresh_house.hugo, "Quibérac-Attente")
    key = plant(fresh_house, number, "decisions", "charlie")
    with suppress(CaseworkError):
        services.lifecycle.take_up(fresh_house.stella, number, "alice", date(2026, 9, 1))
        fresh_house.note(fresh_house.alice, number, SECRET, compartment="decisions")
    assert SECRET not in bodies(fresh_house, key)


def test_a_deposit_is_not_sealed_to_a_planted_key_version(fresh_house: House) -> None:
    """Charlie, certified, of another cell, signs a third key version of a compartment he never held."""
    house = fresh_house
    number = house.follow("Quibérac-Dépôt")
    services.shares.give(house.stella, number, ["identity"], "hugo", until=None)
    compartment = row(house, Compartment, kind="confidential", dossier_id=row(house, Dossier, number=number).id)
    mine = HybridPrivateKey.generate()
    signed = statement(house, "charlie", kind="compartment", subject=compartment.id, public=mine.public, claims={"version": "3"})
    insert(
        house, "compartment_version", id=new_id(), version=1, compartment_id=compartment.id, number=3,
        maker_id=house.charlie.certificate_id, statement=signed.statement, signature=signed.signature,
    )  # fmt: skip
    with suppress(CaseworkError):
        house.note(house.hugo, number, SECRET, compartment="confidential")
    for each in rows(house, EntryKey, holder="compartment"):
        with pytest.raises(TamperedError):
            mine.open(each.sealed, deposit_context(house.instance.anchor.instance, each.entry_id, "compartment"))


def test_nobody_deposits_in_the_name_of_somebody_else(fresh_house: House) -> None:
    """The deposit key is public: with it and the database alone, a note "of Alice" appears in Alice's dossier, as a correction of hers."""
    house = fresh_house
    instance = house.instance.anchor.instance
    number = house.follow("Quibérac-Faux")
    real = house.note(house.alice, number, "Rien d’inquiétant.", compartment="confidential")
    assert ("Alice", "Rien d’inquiétant.") in {(each.author, each.body) for each in house.open(house.stella, number).timeline}, "control"
    compartment = row(house, Compartment, kind="confidential", dossier_id=row(house, Dossier, number=number).id)
    public = public_of(house, row(house, CompartmentVersion, compartment_id=compartment.id, number=2))
    forged = Entry(
        id=new_id(), version=1, kind="observation", author_id=house.alice.user_id, occurred_on=house.clock.now().date(),
        written_at=house.clock.now(), corrects_id=real, submission=new_id(), compartment_id=compartment.id,
    )  # fmt: skip
    own = deposited(aead.new_key(), instance, compartment.id, forged.id)
    seal(forged, own, {"body": SECRET})
    insert(
        house, "entry", id=forged.id, version=1, key_version=0, compartment_id=compartment.id, kind="observation",
        author_id=house.alice.user_id, occurred_on=forged.occurred_on.isoformat(),
        written_at=forged.written_at.strftime("%Y-%m-%d %H:%M:%S.%f"), corrects_id=real, submission=forged.submission, body=forged.body,
    )  # fmt: skip
    insert(
        house,
        "entry_key",
        entry_id=forged.id,
        holder="compartment",
        key_version=2,
        sealed=seal_to(public, own.secret, deposit_context(instance, forged.id, "compartment")),
        signature=b"x" * 64,
    )
    said: list[tuple[str, str]] = []
    with suppress(CaseworkError):
        said = [(each.author, each.body) for each in house.open(house.stella, number).timeline]
    assert ("Alice", SECRET) not in said
