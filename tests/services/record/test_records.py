"""The record: written under a version check, by those who keep it, in the fields of the programme and no others."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from casework import services
from casework.errors import CaseworkError, InvalidInput, NotFound, StaleVersion
from casework.services.record import records
from casework.services.record.views import RecordRow
from tests.house import House


def typed(house: House, who: str, number: str, kind: str = "identity", **changes: str) -> RecordRow:
    """The first row of a form as that person has it before them, with what they change."""
    row = records.compose(house.actors[who], number, kind).rows[0]
    return replace(row, texts={**row.texts, **changes})


def now(house: House, number: str, kind: str = "identity") -> dict[str, str]:
    """What the steward reads."""
    return dict(records.compose(house.stella, number, kind).rows[0].texts)


def contacts(house: House, number: str) -> dict[str, str]:
    """Coordinates on the dossier's page."""
    section = next(each for each in house.open(house.alice, number).sections if each.kind == "contact")
    return {field.label: field.value for field in section.fields}


def test_identity_is_changed_and_the_page_shows_it(house: House) -> None:
    number = house.follow("Quibérac-Change")
    records.write(house.alice, number, "identity", [typed(house, "alice", number, commune="Pont-l’Orle", birth_date="06/04/2012")])
    assert now(house, number)["commune"] == "Pont-l’Orle"
    assert now(house, number)["birth_date"] == "2012-04-06"
    assert records.compose(house.alice, number, "identity").rows[0].version == 2


def test_saving_without_a_change_writes_nothing(house: House) -> None:
    number = house.follow("Quibérac-Même")
    records.write(house.alice, number, "identity", [typed(house, "alice", number)])
    assert records.compose(house.alice, number, "identity").rows[0].version == 1


def test_the_second_to_save_writes_nothing_and_sees_both_texts(house: House) -> None:
    number = house.follow("Quibérac-Deux")
    first = typed(house, "alice", number, commune="Pont-l’Orle", last_name="Quibérac-Trois")
    second = typed(house, "stella", number, commune="Saint-Aubin", first_name="Théo")
    records.write(house.alice, number, "identity", [first])
    with pytest.raises(StaleVersion):
        records.write(house.stella, number, "identity", [second])
    assert now(house, number)["commune"] == "Pont-l’Orle"
    clash = records.compare(house.stella, number, "identity", [second])
    (row,) = clash.rows
    assert row.by == "Alice"
    assert row.at is not None
    seen = {each.column: (each.before, each.now, each.typed, each.ask) for each in row.fields}
    assert seen == {
        "commune": ("Valmorel-sur-Orle", "Pont-l’Orle", "Saint-Aubin", True),
        "last_name": ("Quibérac-Deux", "Quibérac-Trois", "Quibérac-Deux", False),
    }
    (ready,) = clash.page.rows
    records.write(house.stella, number, "identity", [ready])
    found = now(house, number)
    assert (found["commune"], found["last_name"], found["first_name"]) == ("Saint-Aubin", "Quibérac-Trois", "Théo")


def both_at_once(house: House, number: str, *texts: str) -> list[str]:
    """Alice and Stella save at the same moment, from the same version; what became of each."""
    forms = [typed(house, who, number, commune=text) for who, text in zip(("alice", "stella"), texts, strict=True)]
    ready = Barrier(2)

    def save(who: str, form: RecordRow) -> str:
        ready.wait(timeout=30)
        try:
            records.write(house.actors[who], number, "identity", [form])
        except CaseworkError as problem:
            return type(problem).__name__
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(save, ("alice", "stella"), forms))


@pytest.mark.races
def test_of_two_at_once_exactly_one_is_saved(house: House) -> None:
    number = house.follow("Quibérac-Ensemble")
    for count in range(5):
        assert both_at_once(house, number, f"Nord {count}", f"Sud {count}") == ["StaleVersion", "saved"]
        assert now(house, number)["commune"] in {f"Nord {count}", f"Sud {count}"}


@pytest.mark.races
def test_control_without_the_check_one_text_is_lost(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    number = house.follow("Quibérac-Perdu")
    monkeypatch.setattr(records, "_changes", lambda *_, **__: True)
    assert both_at_once(house, number, "Nord", "Sud") == ["saved", "saved"]


def test_two_first_saves_of_one_row_make_one_row(house: House) -> None:
    number = house.follow("Quibérac-École")
    mine = RecordRow("", 0, {"establishment": "Collège des Tilleuls", "level": "5e", "absences": ""})
    records.write(house.alice, number, "school", [mine])
    with pytest.raises(StaleVersion):
        records.write(house.stella, number, "school", [replace(mine, texts={**mine.texts, "level": "4e"})])
    clash = records.compare(house.stella, number, "school", [replace(mine, texts={**mine.texts, "level": "4e"})])
    assert [(each.column, each.now, each.typed) for each in clash.rows[0].fields] == [("level", "5e", "4e")]
    records.write(house.stella, number, "school", clash.page.rows)
    assert now(house, number, "school")["level"] == "4e"
    assert len(records.compose(house.stella, number, "school").rows) == 1


def test_contact_points_are_added_changed_and_emptied(house: House) -> None:
    number = house.follow("Quibérac-Contact")
    services.records.add_contact(house.alice, number, "phone", "06 39 98 11 22 (mère)")
    services.records.add_contact(house.alice, number, "Adresse", "3, rue des Charpentiers")
    assert contacts(house, number) == {"Téléphone": "06 39 98 11 22 (mère)", "Adresse": "3, rue des Charpentiers"}
    rows = records.compose(house.alice, number, "contact").rows
    gone = next(row for row in rows if row.texts["label"] == "phone")
    moved = next(row for row in rows if row.texts["label"] == "address")
    records.write(
        house.alice, number, "contact",
        [replace(gone, texts={"label": "", "value": ""}), replace(moved, texts={"label": "address", "value": "5, quai Neuf"}),
         RecordRow("", 0, {"label": "", "value": ""})],
    )  # fmt: skip
    assert contacts(house, number) == {"Adresse": "5, quai Neuf"}
    assert len(records.compose(house.alice, number, "contact").rows) == 1


def test_a_row_somebody_else_changed_and_i_did_not_stays_theirs(house: House) -> None:
    number = house.follow("Quibérac-Voisin")
    services.records.add_contact(house.alice, number, "phone", "06 39 98 11 22")
    services.records.add_contact(house.alice, number, "email", "a@exemple.test")
    seen = records.compose(house.stella, number, "contact").rows
    phone, email = sorted(seen, key=lambda row: row.texts["label"], reverse=True)
    records.write(house.alice, number, "contact", [replace(phone, texts={"label": "phone", "value": "06 39 98 33 44"})])
    records.write(house.stella, number, "contact", [phone, replace(email, texts={"label": "email", "value": "b@exemple.test"})])
    assert contacts(house, number) == {"Téléphone": "06 39 98 33 44", "Adresse électronique": "b@exemple.test"}


def test_every_problem_is_said_at_once(house: House) -> None:
    number = house.follow("Quibérac-Fautes")
    bad = typed(house, "alice", number, last_name="x" * 81, first_name="", birth_date="31/02/2012", sex="z", commune="Val\u202emorel")
    with pytest.raises(InvalidInput) as problem:
        records.write(house.alice, number, "identity", [bad])
    assert set(problem.value.problems) == {"0-last_name", "0-first_name", "0-birth_date", "0-sex", "0-commune"}
    with pytest.raises(InvalidInput):
        records.write(house.alice, number, "identity", [typed(house, "alice", number, commune="Val\ufffdmorel")])
    assert now(house, number)["last_name"] == "Quibérac-Fautes"


@pytest.mark.parametrize("kind", ["decisions", "confidential", "social", "sealed", "forged", ""])
def test_a_volet_without_fields_has_no_form(house: House, kind: str) -> None:
    number = house.follow(f"Quibérac-Sans-{kind or 'rien'}")
    for verb in (lambda: records.compose(house.alice, number, kind), lambda: records.write(house.alice, number, kind, [])):
        with pytest.raises(NotFound):
            verb()


@pytest.mark.parametrize("who", ["charlie", "bob", "elsa", "ada", "hugo", "paula"])
def test_who_does_not_keep_the_record_does_not_change_it(house: House, who: str) -> None:
    number = house.follow(f"Quibérac-Tiers-{who}")
    form = typed(house, "alice", number, commune="Ailleurs")
    for verb in (records.write, records.compare):
        with pytest.raises(NotFound):
            verb(house.actors[who], number, "identity", [form])
    assert now(house, number)["commune"] == "Valmorel-sur-Orle"


def test_a_forged_row_or_version_changes_nothing(house: House) -> None:
    number, other = house.follow("Quibérac-Ici"), house.follow("Quibérac-Là")
    elsewhere = typed(house, "alice", other, commune="Ailleurs")
    with pytest.raises(NotFound):
        records.write(house.alice, number, "identity", [elsewhere])
    for version in (0, 2, 99, -1):
        with pytest.raises(StaleVersion):
            records.write(house.alice, number, "identity", [replace(typed(house, "alice", number, commune="Ailleurs"), version=version)])
        records.compare(house.alice, number, "identity", [replace(typed(house, "alice", number, commune="Ailleurs"), version=version)])
    assert now(house, number)["commune"] == "Valmorel-sur-Orle"


def test_the_steward_keeps_justice_and_a_measure_says_no_offence(house: House) -> None:
    number = house.follow("Quibérac-Mesure")
    measure = RecordRow("", 0, {"label": "probation", "since": "01/02/2026", "until": "2027-02-01", "obligations": "Suivi par le SPIP."})
    with pytest.raises(InvalidInput):
        records.write(house.stella, number, "judicial", [replace(measure, texts={**measure.texts, "until": "2025-01-01"})])
    records.write(house.stella, number, "judicial", [measure])
    page = next(each for each in house.open(house.stella, number).sections if each.kind == "judicial")
    assert page.fields[0].value == "Sursis probatoire"
    assert "01/02/2026" in [field.value for field in page.fields]
