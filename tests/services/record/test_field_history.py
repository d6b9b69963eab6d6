"""Who changed which field when, from what to what: for those who read the volet, and never with a hole left unsaid."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from casework import services
from casework.errors import NotFound
from casework.services.record import field_history, records
from casework.services.record.views import Change
from tests.house import House
from tests.services.record.test_records import typed


def change(house: House, who: str, number: str, commune: str) -> None:
    """One more version of the identity."""
    records.write(house.actors[who], number, "identity", [typed(house, who, number, commune=commune)])


def history(house: House, who: str, number: str, kind: str = "identity") -> tuple[Change, ...]:
    """The changes that person reads."""
    return field_history.read(house.actors[who], number, kind).changes


def told(each: Change) -> tuple[str, str, list[tuple[str, str | None, str]]]:
    """What, by whom, from what to what."""
    return each.what, each.by, [(field.label, field.before, field.after) for field in each.fields]


def test_each_change_says_who_and_from_what_to_what(house: House) -> None:
    number = house.follow("Quibérac-Histoire")
    change(house, "alice", number, "Pont-l’Orle")
    change(house, "stella", number, "Saint-Aubin")
    third, second, first = history(house, "alice", number)
    assert told(third) == ("changed", "Stella", [("Commune de résidence", "Pont-l’Orle", "Saint-Aubin")])
    assert told(second) == ("changed", "Alice", [("Commune de résidence", "Valmorel-sur-Orle", "Pont-l’Orle")])
    assert (first.what, first.by) == ("created", "Hugo")
    assert ("Date de naissance", "", "05/04/2012") in told(first)[2]
    assert third.at is not None
    assert second.at is not None
    assert third.at >= second.at


def test_older_key_versions_open_too(house: House) -> None:
    """Taking the dossier up, or a conflict, turns keys; what was sealed before still opens."""
    number = house.follow("Quibérac-Tour")
    services.records.add_contact(house.alice, number, "phone", "06 39 98 11 22")
    row = records.compose(house.alice, number, "contact").rows[0]
    records.write(house.alice, number, "contact", [replace(row, texts={"label": "", "value": ""})])
    emptied, created = history(house, "stella", number, "contact")
    assert told(emptied) == ("emptied", "Alice", [("Nature", "Téléphone", ""), ("Coordonnée", "06 39 98 11 22", "")])
    assert created.what == "created"


def test_a_corrected_note_keeps_the_fact(house: House) -> None:
    number = house.follow("Quibérac-Note")
    first = house.note(house.alice, number, "Rendez-vous le 3 mars.", compartment="confidential")
    house.note(house.alice, number, "Rendez-vous le 4 mars.", compartment="confidential", corrects=first)
    corrected = next(each for each in history(house, "stella", number, "confidential") if each.what == "corrected")
    assert told(corrected) == ("corrected", "Alice", [("Note", "Rendez-vous le 3 mars.", "Rendez-vous le 4 mars.")])


@pytest.mark.parametrize("who", ["charlie", "bob", "paula", "ada"])
def test_who_does_not_read_the_volet_reads_no_history(house: House, who: str) -> None:
    number = house.follow(f"Quibérac-Autre-{who}")
    with pytest.raises(NotFound):
        history(house, who, number)
    assert history(house, "alice", number)


def test_a_reader_of_another_volet_gets_nothing(house: House) -> None:
    number = house.follow("Quibérac-Un-Volet")
    services.records.add_contact(house.alice, number, "phone", "06 39 98 11 22")
    services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    assert history(house, "bob", number)
    for kind in ("contact", "confidential", "school", "sealed", "forged"):
        with pytest.raises(NotFound):
            history(house, "bob", number, kind)


def test_the_elected_reads_no_history_of_what_she_does_not_read(house: House) -> None:
    number = house.follow("Quibérac-Élue")
    with pytest.raises(NotFound):
        history(house, "elsa", number, "confidential")


def attack(house: House, statement: str, **values: object) -> None:
    """Write into the history behind the application's back, its triggers taken away first."""
    with house.instance.database.engine.connect() as connection:
        raw = connection.connection.cursor()
        raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'person_version'")
        for (name,) in raw.fetchall():
            raw.execute(f'DROP TRIGGER "{name}"')
        raw.execute(statement, values)
        connection.connection.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE person_version SET commune = randomblob(93) WHERE version = 2 AND id = :row",
        "UPDATE person_version AS p SET commune = (SELECT commune FROM person_version WHERE version = 3 AND id = p.id) WHERE version = 2",
        "DELETE FROM person_version WHERE version = 2 AND id = :row",
        "UPDATE person_version SET version = 7 WHERE version = 2 AND id = :row",
    ],
    ids=["overwritten", "swapped", "deleted", "renumbered"],
)
def test_an_altered_version_is_said_and_not_hidden(fresh_house: House, statement: str) -> None:
    number = fresh_house.follow("Quibérac-Altéré")
    change(fresh_house, "alice", number, "Pont-l’Orle")
    change(fresh_house, "alice", number, "Saint-Aubin")
    row = records.compose(fresh_house.alice, number, "identity").rows[0].id
    attack(fresh_house, statement, row=row)
    found = {each.version: each for each in history(fresh_house, "alice", number)}
    assert found[2].what == "unverified"
    assert found[2].fields == ()
    assert ("Commune de résidence", None, "Saint-Aubin") in told(found[3])[2]
    assert found[1].what == "created"


def test_control_what_was_not_altered_verifies(fresh_house: House) -> None:
    number = fresh_house.follow("Quibérac-Intact")
    change(fresh_house, "alice", number, "Pont-l’Orle")
    attack(fresh_house, "UPDATE person_version SET version = version WHERE id = :row", row="nobody")
    assert [each.what for each in history(fresh_house, "alice", number)] == ["changed", "created"]


def test_the_trace_names_the_dossier_and_the_volet(house: House) -> None:
    number = house.follow("Quibérac-Trace")
    history(house, "alice", number)
    line = next(each for each in services.accesses.read(house.ada, services.drafts.AccessQuery(dossier=number)).lines)
    assert line.dossiers == (number,)
    assert "Identité" in line.compartments


def test_who_wrote_is_what_the_ledger_says(fresh_house: House) -> None:
    """The name in the history's own transaction row is no proof: forging it changes nothing on screen."""
    number = fresh_house.follow("Quibérac-Auteur")
    change(fresh_house, "alice", number, "Pont-l’Orle")
    with fresh_house.instance.database.engine.connect() as connection:
        raw = connection.connection.cursor()
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'transaction'").fetchall():
            raw.execute(f'DROP TRIGGER "{name}"')
        raw.execute('UPDATE "transaction" SET actor = ?', (fresh_house.bob.user_id,))
        connection.connection.commit()
        assert connection.execute(text('SELECT DISTINCT actor FROM "transaction"')).scalars().all() == [fresh_house.bob.user_id]
    assert [each.by for each in history(fresh_house, "alice", number)] == ["Alice", "Hugo"]
