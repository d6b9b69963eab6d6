"""Turning keys: everybody who may hold the new one does, what was written before stays readable, and a kept key is worth nothing after."""

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import TamperedError
from casework.models.content import Entry
from casework.models.dossiers import Box, Compartment
from casework.services.access import find
from casework.services.dossier.contents import table_of
from casework.services.keys import turning
from casework.services.keys.sealing import text_opener
from casework.services.unit import reading, writing
from casework.vault.content import ContentKey
from tests.house import END, House

BEFORE, AFTER, DEPOSITED = "Avant le renouvellement.", "Après le renouvellement.", "Déposée sans lire."


def turn(house: House, number: str) -> None:
    """Stella turns every key she keeps."""
    with writing(house.stella, "dossier.plan") as unit:
        turning.turn(find(unit, number))


def kept_key(house: House, number: str, kind: str = "confidential") -> ContentKey:
    """The raw key, as Alice could have kept it."""
    with reading(house.alice, "dossier.open") as unit:
        held = find(unit, number)
        compartment = held.compartment(kind)
        assert compartment is not None
        key = held.key(compartment)
        assert key is not None
        return key


def opened_with(house: House, key: ContentKey) -> list[str]:
    """The bodies that a thief with the database and one raw key can open."""
    with house.instance.database.reading() as session:
        rows = session.execute(select(table_of(Entry)).where(Entry.compartment_id == key.scope)).all()
    read, found = text_opener(Entry, key), []
    for row in rows:
        try:
            found.append(read(row))
        except TamperedError:
            continue
    return found


def bodies(house: House, number: str) -> set[str]:
    return {entry.body for entry in house.open(house.alice, number).timeline}


def test_the_lead_reads_what_came_before_and_after(house: House) -> None:
    number = house.follow("Quibérac-Tour")
    house.note(house.alice, number, BEFORE, compartment="confidential")
    services.shares.give(house.stella, number, ["identity"], "paula", until=END)
    house.note(house.paula, number, DEPOSITED, compartment="confidential")
    turn(house, number)
    turn(house, number)
    house.note(house.alice, number, AFTER, compartment="confidential")
    house.note(house.paula, number, f"{DEPOSITED} Encore.", compartment="confidential")
    assert bodies(house, number) == {BEFORE, AFTER, DEPOSITED, f"{DEPOSITED} Encore."}
    assert house.open(house.paula, number).person is not None  # a share lives through the turn


@pytest.mark.parametrize("turned", [True, False])
def test_a_kept_key_opens_nothing_written_later(house: House, turned: bool) -> None:
    """The control is the same dossier without the turn."""
    number = house.follow("Quibérac-Clé")
    house.note(house.alice, number, BEFORE, compartment="confidential")
    key = kept_key(house, number)
    if turned:
        turn(house, number)
    house.note(house.alice, number, AFTER, compartment="confidential")
    assert opened_with(house, key) == ([BEFORE] if turned else [BEFORE, AFTER])


def test_no_box_of_an_older_version_is_left(house: House) -> None:
    number = house.follow("Quibérac-Boîte")
    turn(house, number)
    with house.instance.database.reading() as session:
        query = select(Box.key_version).join(Compartment, Compartment.id == Box.compartment_id)
        versions = set(session.scalars(query.where(Compartment.id == kept_key(house, number).scope)))
    assert versions == {kept_key(house, number).version}


def test_a_missing_older_version_is_told(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Trou")
    house.note(house.alice, number, BEFORE, compartment="confidential")
    turn(house, number)
    house.open(house.alice, number)
    with house.instance.database.engine.connect().execution_options() as connection:
        raw = connection.connection.cursor()
        raw.execute("UPDATE compartment_version SET previous = NULL WHERE number > 1")
        connection.connection.commit()
    with pytest.raises(TamperedError):
        house.open(house.alice, number)
