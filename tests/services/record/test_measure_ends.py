"""The last day of a measure: proposed by law, kept as a day and a dossier, taken back when it is emptied or the follow-up ends."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import InvalidInput
from casework.jobs.system import System
from casework.models.attention import Alert
from casework.models.base import Base
from casework.models.support import MeasureEnd
from casework.services.record import measure_ends, measure_reminding, records
from casework.services.record.views import RecordRow
from tests.house import House
from tests.victims import follow, found_cell


@pytest.fixture
def cell(fresh_house: House) -> House:
    """A house with the victims' cell."""
    found_cell(fresh_house)
    return fresh_house


def measure(label: str, since: str = "2026-03-02", until: str = "", obligations: str = "") -> RecordRow:
    """A line to add."""
    return RecordRow("", 0, {"label": label, "since": since, "until": until, "obligations": obligations})


def written(house: House, number: str, *rows: RecordRow) -> list[RecordRow]:
    """Save these lines as the association does, and read them again."""
    records.write(house.vera, number, "judicial", rows)
    return list(records.compose(house.vera, number, "judicial").rows)


def typed(row: RecordRow, **texts: str) -> RecordRow:
    """The line as somebody sends it back."""
    return replace(row, texts={**row.texts, **texts}, remarks={})


def ends(house: House) -> list[date]:
    """Every end that is kept, in order."""
    with house.instance.database.reading() as session:
        return list(session.scalars(select(MeasureEnd.due).order_by(MeasureEnd.due)))


def told(house: House) -> list[tuple[str, str]]:
    """For whom an alert waits, and its kind."""
    names = {actor.user_id: name for name, actor in house.actors.items()}
    with house.instance.database.reading() as session:
        rows = session.scalars(select(Alert).where(Alert.kind.in_((measure_reminding.ENDING, measure_reminding.OVER))))
        return sorted((names[row.recipient_id], row.kind) for row in rows)


def night(house: House, **later: int) -> list[tuple[str, str]]:
    """So much later, the job runs; who has been told."""
    house.clock.advance(timedelta(**later))
    measure_reminding.remind(System(house.instance))
    return told(house)


def test_the_law_proposes_the_last_day_and_anybody_may_change_it(cell: House) -> None:
    number = follow(cell, "Aubrezac-Ordonnance")
    (row,) = written(cell, number, measure("protection_order"))
    assert row.texts["until"] == "2027-03-02"
    assert "12 mois" in row.remarks["until"]
    (row,) = written(cell, number, typed(row, until="01/12/2026"))
    assert (row.texts["until"], dict(row.remarks), ends(cell)) == ("2026-12-01", {}, [date(2026, 12, 1)])
    (row,) = written(cell, number, typed(row, until=""))
    assert (row.texts["until"], ends(cell)) == ("", []), "what somebody emptied stays empty"
    (row,) = written(cell, number, typed(row, since="2026-03-05"))
    assert (row.texts["until"], ends(cell)) == ("2027-03-05", [date(2027, 3, 5)])


def test_a_measure_without_a_legal_length_has_the_end_that_is_typed_or_none(cell: House) -> None:
    number = follow(cell, "Aubrezac-Libre")
    (row,) = written(cell, number, measure("no_contact"))
    assert (row.texts["until"], ends(cell)) == ("", [])
    written(cell, number, typed(row, until="2026-01-15", since=""))
    assert ends(cell) == [], "an end that is past reminds nobody"


def test_the_same_form_twice_makes_one_measure(cell: House) -> None:
    number = follow(cell, "Aubrezac-Double")
    assert records.write(cell.vera, number, "judicial", [measure("immediate_order")])
    records.write(cell.vera, number, "judicial", [measure("immediate_order")])
    assert ends(cell) == [date(2026, 3, 8)]


def test_of_a_device_nothing_is_noted_but_that_it_was_given(cell: House) -> None:
    number = follow(cell, "Aubrezac-Téléphone")
    for device in measure_ends.DEVICES:
        with pytest.raises(InvalidInput) as problem:
            written(cell, number, measure(device, obligations="06 39 98 00 11"))
        assert set(problem.value.problems) == {"0-obligations"}
    (row,) = written(cell, number, measure("emergency_phone"))
    assert row.texts["until"] == "2026-09-02"
    written(cell, number, typed(row, label="no_contact", obligations="Ne pas paraître au domicile."))


def test_the_list_is_the_programmes_own(cell: House) -> None:
    offered = {
        each.column: {choice.code for choice in each.options}
        for each in records.compose(cell.stella, cell.follow("Aub"), "judicial").fields
    }
    assert offered["label"] == set(cell.instance.charter.programmes["fragility"].measures)
    with pytest.raises(InvalidInput):
        records.write(cell.stella, cell.follow("Aubrezac-Ailleurs"), "judicial", [measure("protection_order")])


def test_who_follows_is_told_before_and_on_the_day_once_each_and_nobody_else(cell: House) -> None:
    number = follow(cell, "Aubrezac-Rappel")
    written(cell, number, measure("protection_order", until="2026-06-30"))
    assert night(cell, days=89) == [], "the thirty-first day before"
    assert night(cell, days=1) == [("viola", "measure_ending")]
    assert night(cell, hours=1) == [("viola", "measure_ending")]
    assert [(each.code, each.number) for each in services.day.read(cell.sign_in("viola")).due] == [("measure_end", number)]
    assert services.day.read(cell.viola).alerts[:1] == () or services.day.read(cell.viola).alerts[0].kind != "measure_ending"
    assert night(cell, days=30) == [("viola", "measure_ending"), ("viola", "measure_over")]
    assert night(cell, days=3) == [("viola", "measure_ending"), ("viola", "measure_over")]
    assert "measure_over" in [each.kind for each in services.day.read(cell.sign_in("viola")).alerts]


def test_another_day_is_another_reminder_and_a_closed_dossier_has_none(cell: House) -> None:
    number = follow(cell, "Aubrezac-Prolongé", lead="viola")
    (row,) = written(cell, number, measure("protection_order", until="2026-03-20"))
    assert night(cell, days=1) == [("viola", "measure_ending")]
    (row,) = written(cell, number, typed(row, until="2026-03-25"))
    assert told(cell) == [], "what was said of the former day is taken back"
    assert night(cell, days=1) == [("viola", "measure_ending")]
    services.lifecycle.close(cell.vera, number, "achieved")
    assert (ends(cell), told(cell)) == ([], [])
    assert night(cell, days=30) == []


def test_a_personal_link_silences_and_the_stewards_are_told_instead(cell: House) -> None:
    number = follow(cell, "Aubrezac-Lien")
    written(cell, number, measure("protection_order", until="2026-03-20"))
    services.conflicts.declare_for(cell.vera, number, "viola")
    assert night(cell, days=1) == [("vera", "measure_ending")]


def test_a_lead_whose_profession_is_never_given_it_learns_nothing_of_it(cell: House) -> None:
    """A school head leads a child's dossier; the steward is told. Control: if nobody's profession were asked, he would be told."""
    number = cell.follow("Aubrezac-École", lead="hugo")
    records.write(cell.stella, number, "judicial", [measure("reparation", until="2026-03-20")])
    assert night(cell, days=1) == [("stella", "measure_ending")]
    assert "measure_end" not in [each.code for each in services.day.read(cell.sign_in("hugo")).due]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(measure_reminding, "may_be_told", lambda *_: True)
        assert ("hugo", "measure_ending") in night(cell, days=1)


def test_no_byte_at_rest_says_which_measure(cell: House) -> None:
    """The reminder is there, and which measure it is about is not. Control: the same search finds the word in a file that has it."""
    number = follow(cell, "Aubrezac-Chiffré")
    written(cell, number, measure("distance_device"))
    assert night(cell, days=170) == [("viola", "measure_ending")]
    words = ["distance_device", "Bracelet anti-rapprochement"]
    with cell.instance.database.reading() as session:
        rows = [repr(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    assert not [word for word in words for row in rows if word in row]
    assert [row for row in rows if number in row], "control"
