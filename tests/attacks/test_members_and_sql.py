"""The second round: the hand in the database belongs to a member of the cell, who is not on the case, or to another cell's steward."""

from contextlib import suppress

from casework import services
from casework.errors import CaseworkError, TamperedError
from casework.models.base import new_id
from casework.models.content import EntryKey
from casework.models.dossiers import Box, Compartment, Dossier
from casework.services.dossier.contents import deposit_context
from casework.services.keys.certificates import current_epoch
from tests.attacks.sql import HybridPrivateKey, bodies, insert, row, rows, statement, tamper
from tests.attacks.test_planted_compartments import SECRET, plant
from tests.house import END, House


def test_a_member_plants_no_compartment_in_somebody_elses_case(fresh_house: House) -> None:
    """Bob sits in the cell but not on the case; what he signs about a compartment of this dossier must count for nothing."""
    number = fresh_house.follow("Quibérac-Voisin")
    fresh_house.note(fresh_house.stella, fresh_house.follow("Quibérac-Vrai"), SECRET, compartment="judicial")  # control
    key = plant(fresh_house, number, "judicial", "bob")
    with suppress(CaseworkError):
        fresh_house.note(fresh_house.stella, number, SECRET, compartment="judicial")
    assert SECRET not in bodies(fresh_house, key)


def test_a_member_publishes_no_key_version_in_somebody_elses_case(fresh_house: House) -> None:
    """The same for a second key version, which a depositor cannot compare with the key."""
    house, mine = fresh_house, HybridPrivateKey.generate()
    number = house.follow("Quibérac-Version")
    services.shares.give(house.stella, number, ["identity"], "hugo", until=None)
    house.note(house.hugo, number, "Vu au collège.", compartment="confidential")  # control
    compartment = row(house, Compartment, kind="confidential", dossier_id=row(house, Dossier, number=number).id)
    signed = statement(house, "bob", kind="compartment", subject=compartment.id, public=mine.public, claims={"version": "3"})
    insert(
        house, "compartment_version", id=new_id(), version=1, compartment_id=compartment.id, number=3,
        maker_id=house.bob.certificate_id, statement=signed.statement, signature=signed.signature,
    )  # fmt: skip
    with suppress(CaseworkError):
        house.note(house.hugo, number, SECRET, compartment="confidential")
    opened = []
    for each in rows(house, EntryKey, holder="compartment"):
        with suppress(TamperedError):
            opened.append(mine.open(each.sealed, deposit_context(house.instance.anchor.instance, each.entry_id, "compartment")))
    assert not opened


def test_readers_bear_their_certified_names(fresh_house: House) -> None:
    """Paula reads; her row says that she is called Bob. The form must not promise « Bob » to whoever writes."""
    house = fresh_house
    number = house.follow("Quibérac-Enseigne")
    services.shares.give(house.stella, number, ["identity", "decisions"], "paula", until=None)
    assert "Paula" in promised(house, number), "control"
    tamper(house, "UPDATE user_account SET name = 'Bob' WHERE id = ?", (house.paula.user_id,))
    named: set[str] = set()
    with suppress(CaseworkError):
        named = promised(house, number)
    assert "Bob" not in named


def promised(house: House, number: str) -> set[str]:
    """Whom the form names to Alice as readers of decisions."""
    form = services.entries.compose(house.alice, number)
    return {reader.name for each in form.compartments if each.kind == "decisions" for reader in each.readers}


def test_a_dossier_moved_to_another_cell_is_sealed_to_nobody_there(fresh_house: House) -> None:
    """Stella is steward of both cells, Sam of one. He moves a saisine of the other cell to his own, and she writes in it."""
    house = fresh_house
    services.cells.admit(house.sam, house.cells["sud"], "stella", "steward", act="acte 5", until=END)
    house.note(house.stella, house.refer(house.hugo, "Quibérac-Vrai"), SECRET, compartment="decisions")  # control
    number = house.refer(house.hugo, "Quibérac-Déplacé")
    tamper(house, "UPDATE dossier SET cell_id = ? WHERE number = ?", (house.cells["sud"], number))
    with suppress(CaseworkError):
        house.note(house.stella, number, SECRET, compartment="decisions")
    read: list[str] = []
    with suppress(CaseworkError):
        read = [each.body for each in house.open(house.sam, number).timeline]
    assert SECRET not in read
    assert not [box for box in rows(house, Box, title="steward") if box.holder_id == _ring(house, "sud")]


def _ring(house: House, cell: str) -> str:
    with house.instance.database.reading() as session:
        epoch = current_epoch(session, "stewards", house.cells[cell])
    assert epoch is not None
    return epoch.id
