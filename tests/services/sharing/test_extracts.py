"""An extract shows what was chosen, byte for byte, and nothing else of the dossier to whoever holds nothing else."""

import secrets
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import InvalidInput, NotFound, UncertifiedKey
from casework.models.dossiers import Compartment, CompartmentVersion
from casework.services.sharing.extracts import ExtractDraft
from casework.services.unit import writing
from tests.house import END, House

CHOSEN = "Rendez-vous tenu le 3 mars ; prochain passage attendu mardi."
INTRO = "Pour préparer votre passage de mardi."
KEPT = ("Brouvelas n’est pas pour elle.", "Décision qui reste ici.", "Entre pairs seulement.", "Pour moi seule.")


def leaves(view: Any) -> Iterator[Any]:
    """Every value in a view, at any depth."""
    if is_dataclass(view):
        for each in fields(view):
            yield from leaves(getattr(view, each.name))
    elif isinstance(view, tuple | list | set | frozenset):
        for one in view:
            yield from leaves(one)
    else:
        yield view


def written(house: House, number: str) -> None:
    house.note(house.alice, number, CHOSEN, compartment="confidential")
    house.note(house.alice, number, KEPT[0], compartment="confidential")
    house.note(house.alice, number, KEPT[1], compartment="decisions", kind="decision")
    house.note(house.alice, number, KEPT[2], compartment="social")
    house.note(house.alice, number, KEPT[3], compartment="sealed")


def draft(
    house: House, number: str, *, to: str = "paula", texts: tuple[str, ...] = (CHOSEN,), intro: str = INTRO, who: str = "alice"
) -> ExtractDraft:
    """The pieces with these texts."""
    offer = services.extracts.prepare(house.actors[who], number)
    pieces = tuple(each.id for each in offer.pieces if each.text in texts)
    return ExtractDraft(to, pieces, intro, END, secrets.token_hex(16))


def test_the_reader_gets_what_was_chosen_byte_for_byte(house: House) -> None:
    number = house.follow("Extrait-Quibérac")
    written(house, number)
    asked = draft(house, number)
    promised = services.extracts.preview(house.alice, number, asked)
    services.extracts.give(house.alice, number, asked)
    shown = house.open(house.paula, number)
    (section,) = shown.sections
    assert section.fields == promised.items
    assert [each.value for each in section.fields] == [INTRO, CHOSEN]
    assert section.until == END
    line = next(each for each in services.dossiers.list_mine(house.paula).lines if each.number == number)
    told = {str(each) for view in (shown, line) for each in leaves(view) if isinstance(each, str | date | datetime)} - {""}
    label = "Observation, " + house.clock.now().strftime("%d/%m/%Y")
    assert told == {
        number, "Situation de fragilité", "Cellule nord", "open", "en cours", INTRO, CHOSEN, "Présentation", label, str(END), "Alice",
        "extract", "Partie partagée", section.hint, section.reason.says if section.reason else "", "Charte, art. 7 et 22",
        "read.addressed", "dossier.addressed", shown.reason.says, "dossier.withdraw", *({str(shown.looked_at)} if shown.looked_at else ()),
    }  # fmt: skip
    assert (shown.person, shown.lead, shown.participants, shown.timeline, line.person, line.lead) == (None, None, (), (), None, None)


def test_the_name_goes_only_when_it_is_chosen(house: House) -> None:
    number = house.follow("Extrait-Nommé")
    written(house, number)
    services.extracts.give(house.alice, number, draft(house, number, texts=("Extrait-Nommé", "Théodule")))
    (section,) = house.open(house.paula, number).sections
    assert {each.value for each in section.fields} == {INTRO, "Extrait-Nommé", "Théodule"}
    assert house.open(house.paula, number).person is None


def test_nothing_else_opens_with_it(house: House) -> None:
    number = house.follow("Extrait-Rien")
    written(house, number)
    services.extracts.give(house.alice, number, draft(house, number))
    for verb in (services.shares.prepare, services.extracts.prepare, services.entries.compose):
        with pytest.raises(NotFound):
            verb(house.paula, number)
    with pytest.raises(NotFound):
        services.shares.give(house.paula, number, ["extract"], "bob", until=END)
    asked = services.drafts.ListFilters(overdue=False, lead="none")
    assert number not in {each.number for each in services.dossiers.list_mine(house.paula, asked=asked).lines}


def test_n2_n3_and_safety_are_never_offered(house: House) -> None:
    number = house.follow("Extrait-Jamais")
    written(house, number)
    texts = {each.text for each in services.extracts.prepare(house.alice, number).pieces}
    assert CHOSEN in texts
    assert not texts & set(KEPT[2:])


def test_ending_deletes_the_box(house: House) -> None:
    number = house.follow("Extrait-Fin")
    written(house, number)
    share = services.extracts.give(house.alice, number, draft(house, number))
    assert [each.id for each in services.shares.prepare(house.stella, number).extracts] == [share]
    with pytest.raises(NotFound):
        services.extracts.end(house.paula, number, share)
    services.extracts.end(house.stella, number, share)
    with pytest.raises(NotFound):
        house.open(house.paula, number)
    assert any(each.kind == "extract" for each in house.open(house.alice, number).sections), "its giver still knows what was given"


def test_a_double_click_gives_once(house: House) -> None:
    number = house.follow("Extrait-Double")
    written(house, number)
    asked = draft(house, number)
    assert len({services.extracts.give(house.alice, number, asked) for _ in range(3)}) == 1
    assert len(house.open(house.paula, number).sections) == 1


def test_one_section_for_each_extract(house: House) -> None:
    number = house.follow("Extrait-Deux")
    written(house, number)
    services.extracts.give(house.alice, number, draft(house, number))
    services.extracts.give(house.stella, number, draft(house, number, texts=(KEPT[1],), intro="", who="stella"))
    assert {(each.owner, each.fields[-1].value) for each in house.open(house.paula, number).sections} == {
        ("Alice", CHOSEN),
        ("Stella", KEPT[1]),
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to": "bob2"}, "to"),
        ({"to": "elsa"}, "to"),
        ({"to": "stella"}, "to"),
        ({"intro": "x" * 301}, "intro"),
        ({"pieces": ()}, "pieces"),
        ({"pieces": ("f" * 32,)}, "pieces"),
        ({"submission": "court"}, "submission"),
        ({"until": datetime(2026, 1, 1, tzinfo=END.tzinfo)}, "until"),
    ],
)
def test_bad_input_says_where_and_gives_nothing(house: House, change: dict[str, Any], field: str) -> None:
    number = house.follow(f"Extrait-Faux-{field}-{len(str(change))}")
    written(house, number)
    asked = replace(draft(house, number), **change)
    for verb in (services.extracts.preview, services.extracts.give):
        with pytest.raises(InvalidInput) as problem:
            verb(house.alice, number, asked)
        assert set(problem.value.problems) == {field}
    with pytest.raises(NotFound):
        house.open(house.paula, number)


def test_what_the_charter_forbids_by_kind_is_not_copied_either(house: House) -> None:
    """What the prosecutor told does not reach the school by a copy."""
    number = house.follow("Extrait-Justice")
    house.note(house.stella, number, "Mesure communiquée.", compartment="judicial")
    with pytest.raises(InvalidInput) as problem:
        services.extracts.give(house.stella, number, draft(house, number, to="hugo", texts=("Mesure communiquée.",), who="stella"))
    assert "Justice" in problem.value.problems["pieces"]
    services.extracts.give(house.stella, number, draft(house, number, to="bob", texts=("Mesure communiquée.",), who="stella"))


def test_a_planted_letter_is_not_believed(fresh_house: House) -> None:
    """Anybody may seal to a public key; only a steward or a lead is believed to have given an extract."""
    house = fresh_house
    number = house.follow("Extrait-Planté")
    written(house, number)
    services.extracts.give(house.alice, number, draft(house, number))
    with writing(house.stella, "dossier.plan") as unit:
        planted = unit.session.scalars(
            select(CompartmentVersion)
            .join(Compartment, Compartment.id == CompartmentVersion.compartment_id)
            .where(Compartment.kind == "extract")
        ).one()
        planted.maker_id, planted.version = house.bob.certificate_id, planted.version + 1
    with pytest.raises(UncertifiedKey):
        house.open(house.paula, number)
