"""P1: a thief with the disk opens nothing; with one passphrase, exactly what that person's boxes and rings hold."""

import pytest

from casework import services
from casework.models.dossiers import Box
from casework.vault.packing import pack
from tests.house import PEOPLE, House
from tests.security.thief import Thief

HOLDINGS = {"stella": {"stewards:nord", "elected:nord"}, "sam": {"stewards:sud"}, "elsa": {"elected:nord"}}


@pytest.fixture(scope="module")
def lived_in(house: House) -> House:
    """A house with files of every kind: followed, shared, deposited, N2, N3, in both cells."""
    for count in range(4):
        number = house.follow(f"Quibérac-Nord-{count}", lead=("alice", "bob")[count % 2])
        lead = house.actors[("alice", "bob")[count % 2]]
        house.note(lead, number, f"Confidentiel {count}.", compartment="confidential")
        house.note(lead, number, f"Décision {count}.", kind="decision", compartment="decisions")
        house.note(lead, number, f"N2 {count}.", compartment="social")
        house.note(lead, number, f"N3 {count}.", compartment="sealed")
        services.records.add_contact(house.stella, number, "Téléphone", f"06 39 98 10 1{count}")
        services.shares.give(house.stella, number, ["identity"], "hugo", until=None)
        house.note(house.hugo, number, f"Dépôt {count}.", compartment="confidential")
        house.open(house.stella, number)
    house.follow("Quibérac-Sud", lead="charlie", cell="sud", steward="sam")
    return house


def test_without_a_passphrase_nothing_opens(lived_in: House) -> None:
    loot = Thief(lived_in.instance).plunder()
    assert loot.texts == set()
    assert loot.seeds == 0


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_with_one_passphrase_exactly_that_persons_boxes_open(lived_in: House, name: str) -> None:
    thief = Thief(lived_in.instance)
    thief.learn_passphrase(name, lived_in.people[name].passphrase)
    loot = thief.plunder()
    assert loot.compartments == held_by(lived_in, name)
    assert loot.seeds == 1


def held_by(house: House, name: str) -> set[str]:
    """Compartments in a person's boxes and in those of their rings, by the tables alone; of deposits, also the author's own."""
    thief = Thief(house.instance)
    user = next(row["id"] for row in thief.tables["user_account"] if row["username"] == name)
    holders = {user}
    for _ in range(3):
        holders |= {row["epoch_id"] for row in thief.tables["ring_member"] if row["holder_id"] in holders}
    boxed = {row["compartment_id"] for row in thief.tables[Box.__tablename__] if row["holder_id"] in holders}
    deposited = {row["entry_id"] for row in thief.tables["entry_key"]}
    own = {row["compartment_id"] for row in thief.tables["entry"] if row["id"] in deposited and row["author_id"] == user}
    written = {row.compartment_id for rows in thief.content.values() for row in rows}
    return (boxed | own) & written


def test_the_thief_is_no_fool(lived_in: House) -> None:
    """Positive control: leave one user key lying about in a column, and he opens what that user could."""
    thief = Thief(lived_in.instance)
    thief.keys.add(lived_in.alice.keyring.user_key)
    loot = thief.plunder()
    assert "N3 0." in loot.texts
    assert loot.compartments == held_by(lived_in, "alice")


def test_the_recovery_key_reaches_everything(lived_in: House) -> None:
    """Each user's key and each ring epoch are sealed to it: with it, and with it alone, nothing is lost."""
    thief = Thief(lived_in.instance)
    for row in thief.tables["user_keys"]:
        thief.keys.add(lived_in.recovery.open(row["recovery_box"], pack("recovery", "user", thief.instance, row["user_id"])))
    for row in thief.tables["ring_epoch"]:
        thief.keys.add(lived_in.recovery.open(row["recovery_box"], pack("recovery", "ring", thief.instance, row["id"])))
    loot = thief.plunder()
    everything = {row.compartment_id for rows in thief.content.values() for row in rows}
    assert loot.compartments == everything
