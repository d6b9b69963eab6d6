"""A child in danger: everybody is told to whom to turn; that it was done is recorded, and nothing of what was said."""

from datetime import timedelta
from typing import Any

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.services.dossier.entries import new_submission
from casework.services.safety.views import DangerDraft
from casework.services.terms import PARIS
from tests.services.safety.place import Place


def draft(place: Place, **changes: Any) -> DangerDraft:
    typed: dict[str, Any] = {
        "to": "crip",
        "day": place.house.clock.now().astimezone(PARIS).date(),
        "receipt": "AR 2026-118",
        "submission": new_submission(),
    }
    return DangerDraft(**{**typed, **changes})


@pytest.mark.parametrize("who", ["hugo", "alice", "viola", "elsa", "dora"])
def test_everybody_is_told_to_whom_to_turn(place: Place, who: str) -> None:
    found = services.danger.guide(place.house.actors[who])
    assert [who.code for who, _ in found.recipients] == ["crip", "prosecutor"]
    assert all(lines for _, lines in found.recipients)


def test_a_report_is_a_note_with_a_day_and_a_receipt(place: Place) -> None:
    filled = draft(place)
    written = services.danger.report(place.house.alice, place.child, filled)
    assert services.danger.report(place.house.alice, place.child, filled) == written, "a double click is one"
    (note,) = [each for each in place.house.open(place.house.alice, place.child).timeline if each.id == written]
    assert (note.kind.code, note.compartment.code) == ("danger_report", "confidential")
    assert note.body.endswith("Référence du récépissé : AR 2026-118.")
    assert "CRIP" in note.body


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"to": "maire"}, "to"), ({"receipt": "x" * 61}, "receipt"), ({"day": None}, "day"), ({"submission": "x"}, "submission")],
)
def test_what_cannot_be_taken_is_said_at_its_field(place: Place, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as found:
        services.danger.report(place.house.alice, place.child, draft(place, **changes))
    assert list(found.value.problems) == [field]
    tomorrow = place.house.clock.now().astimezone(PARIS).date() + timedelta(days=1)
    with pytest.raises(InvalidInput):
        services.danger.report(place.house.alice, place.child, draft(place, day=tomorrow))


def test_nobody_records_one_on_a_file_that_is_not_theirs(place: Place) -> None:
    with pytest.raises(NotFound):
        services.danger.prepare(place.house.charlie, place.child)
