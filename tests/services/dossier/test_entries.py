"""Writing a note: where it goes, who will read it, corrections, double clicks, deposits, bad input."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound, ReadersChanged
from tests.house import House


def readers(house: House, who: str, number: str, compartment: str) -> list[str]:
    form = services.entries.compose(house.actors[who], number)
    return [each.name for choice in form.compartments if choice.kind == compartment for each in choice.readers]


def test_who_will_read_is_who_can_read(house: House) -> None:
    number = house.follow("Quibérac-Readers")
    assert readers(house, "alice", number, "confidential") == ["Alice", "Stella"]
    assert readers(house, "alice", number, "decisions") == ["Alice", "Elsa", "Stella"]
    assert readers(house, "alice", number, "social") == readers(house, "alice", number, "sealed") == ["Alice"]
    house.note(house.alice, number, "Décision prise.", kind="decision", compartment="decisions")
    promised = readers(house, "alice", number, "decisions")
    can = [name.capitalize() for name in house.actors if _reads(house, name, number, "Décision prise.")]
    assert sorted(can) == promised


def _reads(house: House, name: str, number: str, body: str) -> bool:
    try:
        return body in [note.body for note in house.open(house.actors[name], number).timeline]
    except NotFound:
        return False


def test_the_default_follows_the_kind_and_is_never_n3_nor_unshared(house: House) -> None:
    number = house.follow("Quibérac-Default")
    form = services.entries.compose(house.alice, number)
    assert form.defaults["action_result"] == "decisions"
    assert form.defaults["observation"] == "confidential"
    services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    house.note(house.alice, number, "Entre pairs.", compartment="social")
    services.shares.give(house.alice, number, ["social"], "bob", until=None)
    assert services.entries.compose(house.alice, number).defaults["observation"] == "social"
    assert "sealed" not in services.entries.compose(house.alice, number).defaults.values()


def test_a_change_of_readers_between_form_and_button_writes_nothing(house: House) -> None:
    number = house.follow("Quibérac-Changed")
    draft = house.draft(house.alice, number, "Ce que Bob ne devait pas lire.", compartment="confidential")
    services.shares.give(house.stella, number, ["identity", "confidential"], "bob", until=None)
    with pytest.raises(ReadersChanged):
        services.entries.write(house.alice, number, draft)
    assert house.open(house.alice, number).timeline == ()


@pytest.mark.races
def test_a_double_click_makes_one_note(house: House) -> None:
    number = house.follow("Quibérac-Double")
    draft = house.draft(house.alice, number, "Une seule fois.", compartment="confidential")
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: services.entries.write(house.alice, number, draft), range(8)))
    assert len(ids) == 1
    assert [note.body for note in house.open(house.alice, number).timeline] == ["Une seule fois."]


def test_a_correction_is_a_new_note_and_the_old_one_stays(house: House) -> None:
    number = house.follow("Quibérac-Correction")
    first = house.note(house.alice, number, "Rendez-vous le 3 mars.", compartment="confidential")
    second = house.note(house.alice, number, "Rendez-vous le 4 mars.", compartment="confidential", corrects=first)
    found = {note.id: note for note in house.open(house.alice, number).timeline}
    assert found[first].corrected_by == second
    assert found[second].corrects == first
    with pytest.raises(NotFound):
        house.note(house.stella, number, "Pas la mienne.", compartment="confidential", corrects=first)


def test_a_deposit_is_read_by_the_compartment_and_by_its_author_alone(house: House) -> None:
    number = house.follow("Quibérac-Deposit")
    house.note(house.alice, number, "Ce que la cellule sait.", compartment="confidential")
    services.shares.give(house.stella, number, ["identity"], "hugo", until=None)
    services.shares.give(house.stella, number, ["identity"], "paula", until=None)
    house.note(house.hugo, number, "Ce que le collège dépose.", compartment="confidential")
    for who in (house.alice, house.stella):
        assert {note.body for note in house.open(who, number).timeline} == {"Ce que la cellule sait.", "Ce que le collège dépose."}
    assert [note.body for note in house.open(house.hugo, number).timeline] == ["Ce que le collège dépose."]
    assert house.open(house.paula, number).timeline == ()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"body": "   "}, "body"),
        ({"body": "x" * 4001}, "body"),
        ({"body": "caché\u202e"}, "body"),
        ({"kind": "rumour"}, "kind"),
        ({"occurred_on": None}, "occurred_on"),
    ],
)
def test_bad_input_says_where_and_writes_nothing(house: House, change: dict[str, object], field: str) -> None:
    number = house.follow(f"Quibérac-Bad-{field}-{len(str(change))}")
    tomorrow = (house.clock.now() + timedelta(days=1)).date()
    draft = house.draft(house.alice, number, "Texte.", compartment="confidential")
    with pytest.raises(InvalidInput) as problem:
        services.entries.write(house.alice, number, replace(draft, **{name: value or tomorrow for name, value in change.items()}))  # type: ignore[arg-type]  # the table above
    assert set(problem.value.problems) == {field}
    assert house.open(house.alice, number).timeline == ()


@pytest.mark.parametrize("compartment", ["judicial", "school", "forged", ""])
def test_a_compartment_one_may_not_write_to_is_not_there(house: House, compartment: str) -> None:
    number = house.follow(f"Quibérac-Forged-{compartment or 'empty'}")
    draft = house.draft(house.alice, number, "Texte.", compartment="confidential")
    with pytest.raises((NotFound, ReadersChanged, InvalidInput)):
        services.entries.write(house.alice, number, replace(draft, compartment=compartment))
    assert house.open(house.alice, number).timeline == ()
