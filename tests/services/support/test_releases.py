"""A release from prison: told by a person on her dossier, to those who follow her; nothing ever comes from another dossier."""

import secrets
from datetime import date

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.attention import Alert
from casework.services.drafts import ChildDraft, ReferralDraft
from casework.services.membership.cells import NewCell
from casework.services.record.views import RecordRow
from casework.services.support import releases
from casework.services.support.releases import ReleaseDraft
from tests.house import END, House
from tests.victims import follow, found_cell


@pytest.fixture
def cell(fresh_house: House) -> House:
    """A house with the victims' cell."""
    found_cell(fresh_house)
    return fresh_house


def alert(text: str = "Le parquet l’a annoncée au service.", day: date | None = date(2026, 5, 4)) -> ReleaseDraft:
    """What somebody types."""
    return ReleaseDraft(day, text, secrets.token_hex(16))


def told(house: House) -> list[tuple[str, str]]:
    """For whom an alert about a release waits, and its number."""
    names = {actor.user_id: name for name, actor in house.actors.items()}
    with house.instance.database.reading() as session:
        return sorted((names[row.recipient_id], row.number) for row in session.scalars(select(Alert).where(Alert.kind == releases.TOLD)))


def wish(house: House, number: str, said: str) -> None:
    """Note what she wishes, in the safe contact."""
    page = services.records.compose(house.viola, number, "safety")
    row = page.rows[0] if page.rows else RecordRow("", 0, {"channel": "call"})
    texts = {**row.texts, "channel": "call", "release_wish": said}
    services.records.write(house.viola, number, "safety", [RecordRow(row.id, row.version, texts)])


def test_the_page_says_first_whether_she_wishes_to_be_told(cell: House) -> None:
    number = follow(cell, "Quibérac-Souhait")
    assert releases.prepare(cell.viola, number).wish == "unsaid"
    wish(cell, number, "yes")
    assert releases.prepare(cell.viola, number).wish == "yes"
    wish(cell, number, "no")
    assert releases.prepare(cell.viola, number).wish == "no"


def test_the_alert_lies_among_what_protects_her_and_her_service_is_told_by_a_number(cell: House) -> None:
    number = follow(cell, "Quibérac-Sortie", lead="viola")
    typed = alert()
    first = releases.warn(cell.vera, number, typed)
    assert releases.warn(cell.vera, number, typed) == first, "a double click"
    assert told(cell) == [("viola", number)]
    (note,) = [each for each in cell.open(cell.viola, number).timeline if each.kind.code == releases.KIND]
    assert note.compartment.code == "safety"
    assert note.body == "Sortie annoncée pour le 04/05/2026. Le parquet l’a annoncée au service."


def test_what_is_wrong_is_said_in_its_field_and_nothing_is_written(cell: House) -> None:
    number = follow(cell, "Quibérac-Faute")
    for draft, field in ((alert("x" * 201), "text"), (alert(""), "text"), (alert(day=date(2036, 1, 1)), "day")):
        with pytest.raises(InvalidInput) as problem:
            releases.warn(cell.viola, number, draft)
        assert set(problem.value.problems) == {field}
    assert told(cell) == []


def test_it_is_no_kind_of_note_and_no_other_programme_has_it(cell: House) -> None:
    number, child = follow(cell, "Quibérac-Nature"), cell.follow("Quibérac-Enfant")
    assert releases.KIND not in {each.code for each in services.entries.compose(cell.viola, number).kinds}
    for actor in (cell.stella, cell.alice):
        with pytest.raises(NotFound):
            releases.prepare(actor, child)
        with pytest.raises(NotFound):
            releases.warn(actor, number, alert())


def test_a_dossier_of_another_cell_changes_nothing_on_hers(cell: House) -> None:
    """He, of the same name, comes out of prison in the release cell of the town, is closed there with his measure: nothing moves here.

    Control: typed on her dossier, the alert is there.
    """
    number = follow(cell, "Quibérac-Même")
    new = NewCell("sortie", "Cellule sortie", "release", "Valmorel-sur-Orle", ("stella",), "acte 3", END, "acte 3")
    cell.cells["sortie"] = services.cells.found(cell.oscar, new)
    cell.actors["stella"] = cell.sign_in("stella")
    services.cells.take_charge(cell.stella, cell.cells["sortie"])
    services.cells.admit(cell.stella, cell.cells["sortie"], "alice", "member", act="acte 4", until=END, charter_sheet="acte 4")
    before = cell.open(cell.viola, number)
    man = ChildDraft("Théodule", "Quibérac-Même", "m", date(1988, 4, 5), "Valmorel-sur-Orle")
    draft = ReferralDraft(
        cell=cell.cells["sortie"], children=(man,), origin="probation", motives=("release_housing",), facts="Un logement à trouver.",
        informed=True, submission=secrets.token_hex(16),
    )  # fmt: skip
    other = services.referrals.send(cell.stella, draft).number
    services.lifecycle.take_up(cell.stella, other, "alice", date(2026, 9, 1))
    row = RecordRow("", 0, {"label": "plain_release", "since": "2026-03-02", "until": "2026-03-20", "obligations": ""})
    services.records.write(cell.stella, other, "judicial", [row])
    after = cell.open(cell.viola, number)
    assert (after.timeline, after.sections, after.banners) == (before.timeline, before.sections, before.banners)
    assert told(cell) == []
    releases.warn(cell.viola, number, alert())
    assert told(cell) == [("vera", number)]
