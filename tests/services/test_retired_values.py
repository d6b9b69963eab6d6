"""A value that its list lost and a row still has: it is shown by its code, no page breaks on it, and nothing vanishes."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from casework import services
from casework.charter import Charter
from casework.services.actor import Actor
from casework.services.reasons import choice, label
from casework.services.record import record_fields
from tests.house import House
from tests.services.meeting.outcome import SOON, decide, sitting


def less(words: Mapping[str, Any], code: str) -> Mapping[str, Any]:
    """A list that lost one of its values."""
    assert code in words
    return MappingProxyType({each: word for each, word in words.items() if each != code})


def under(actor: Actor, law: Charter) -> Actor:
    """The same person, under another charter."""
    return replace(actor, instance=replace(actor.instance, charter=law))


def test_a_code_of_no_list_is_its_own_label(house: House) -> None:
    origins = house.instance.charter.vocabulary.origins
    assert label(origins, "school") == choice(origins, "school").label != "school"
    assert label(less(origins, "school"), "school") == choice(less(origins, "school"), "school").label == "school"


def test_a_retired_origin_or_motive_stays_in_the_file(house: House) -> None:
    """Beside those that the list still has."""
    words = house.instance.charter.vocabulary
    fewer = replace(words, origins=less(words.origins, "school"), motives=less(words.motives, "absenteeism"))
    assert record_fields.shown(fewer, "situation", "origin", "school") == "school"
    shown = record_fields.shown(fewer, "situation", "motives", "absenteeism isolation")
    assert "absenteeism" in shown
    assert label(words.motives, "isolation") in shown
    assert record_fields.shown(words, "situation", "origin", "school") != "school"


def test_the_pages_of_a_meeting_open_all_the_same(house: House) -> None:
    """With the outcome and what is missing both retired; the control is the label under the whole list."""
    number = house.refer(house.hugo, "Ombrine-Retirée")
    room = sitting(house, {number: ["alice"]})
    decide(room, number, "postponed", missing="agreement", next_date=SOON)
    rules = house.instance.charter.meetings
    fewer = replace(rules, missing=less(rules.missing, "agreement"), outcomes=less(rules.outcomes, "postponed"))
    retired = under(room.steward, replace(house.instance.charter, meetings=fewer))
    assert services.closing.prepare(room.steward, room.meeting).lines[0].outcome == rules.outcomes["postponed"].label
    assert services.closing.prepare(retired, room.meeting).lines[0].outcome == "postponed"
    stands = services.deciding.prepare(retired, room.meeting, room.items[number]).stands
    assert stands is not None
    assert "postponed" in {text for _, text in stands.pairs}
