"""Relevés: each institution's holds what concerns it, compared item by item with the decision table, and nothing else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import services
from casework.charter import Situation
from casework.errors import NotFound, TamperedError
from casework.models.meetings import Minutes, MinutesCopy
from tests.house import House
from tests.sampling import Sampler
from tests.services.meeting.outcome import close, decide, minutes, sitting, task

PEOPLE = ("alice", "bob", "hugo", "paula", "elsa")
HOUSES = {"alice": "dep", "bob": "dep", "hugo": "school", "paula": "town", "elsa": "town", "stella": "town"}


def lawful(house: House, name: str, position: str, kind: str) -> bool:
    """What the decision table says of somebody's profession, for an open dossier of fragility."""
    asked = Situation(house.actors[name].profession, position, "fragility", "open", kind)
    return house.instance.charter.check("compartment.read", asked).permitted


def test_each_reader_gets_what_the_table_allows_and_nothing_else(house: House, sample: Sampler) -> None:
    """Every pair of concerned person and owner, on one agenda: lines, words and actions follow from seats, tasks and the table alone."""
    pairs = [(concerned, owner) for concerned in PEOPLE for owner in (*PEOPLE, "")]
    pairs = [each for each in sample(pairs, 9) if not each[1] or lawful(house, each[1], "owner", "extract")]
    agenda = {house.follow(f"Rascasse{place}"): pair for place, pair in enumerate(pairs)}
    room = sitting(house, {number: [concerned] for number, (concerned, _) in agenda.items()}, people=PEOPLE)
    for number, (_, owner) in agenda.items():
        decide(room, number, text=f"Mots {number}.", actions=(task(house, owner, f"Action {number}."),) if owner else ())
    close(room)
    for name in PEOPLE:
        seen = minutes(room, name)
        lines, actions = {each.number: each for each in seen.lines}, {each.number: each for each in seen.actions}
        for number, (concerned, owner) in agenda.items():
            invited, carries = HOUSES[concerned] == HOUSES[name], bool(owner) and HOUSES[owner] == HOUSES[name]
            assert (number in lines) == (invited or carries)
            assert (number in actions) == carries
            if number in lines:
                words = lawful(house, name, "convened" if invited else "owner", "decisions")
                assert lines[number].words == (f"Mots {number}." if words else "")
                assert lines[number].outcome == "Poursuivie"
            if carries:
                assert actions[number].text == (f"Action {number}." if owner == name or lawful(house, name, "owner", "extract") else "")
        assert "Rascasse" not in repr(seen)
    whole = services.minutes.read(house.stella, room.meeting)
    assert whole.whole
    assert {each.number: each.words for each in whole.lines} == {number: f"Mots {number}." for number in agenda}


def test_the_table_has_both_answers(house: House) -> None:
    """The control: somebody's words are cut, somebody's are not, so that the property above is no tautology."""
    answers = {lawful(house, name, position, "decisions") for name in PEOPLE for position in ("convened", "owner")}
    assert answers == {True, False}


def test_nobody_without_a_copy_reads_one(house: House) -> None:
    number = house.follow("Sandre")
    room = sitting(house, {number: ["alice"]})
    with pytest.raises(NotFound):  # before the close there is none
        minutes(room, "alice")
    decide(room, number)
    close(room)
    assert minutes(room, "alice").lines
    for name in ("hugo", "charlie", "sam", "ada"):
        with pytest.raises(NotFound):
            minutes(room, name)


def test_a_releve_is_read_for_its_time_and_no_longer(house: House) -> None:
    number = house.follow("Tanche")
    room = sitting(house, {number: ["alice"]})
    decide(room, number)
    close(room)
    with house.instance.database.reading() as session:
        row = session.scalars(select(Minutes).where(Minutes.meeting_id == room.meeting)).first()
        assert row is not None
        until = row.drawn_at + house.instance.charter.meetings.minutes
    assert minutes(room, "alice").until == until
    assert until - house.clock.now() <= timedelta(days=365)


def test_once_its_time_is_over_a_releve_is_not_read_though_it_is_still_there(fresh_house: House) -> None:
    """The sweep has not passed. Control: until then it is read. A law with a shorter time, so that nobody's term ends first."""
    house = fresh_house
    number = house.follow("Tanche")
    room = sitting(house, {number: ["alice"]})
    decide(room, number)
    close(room)
    law = house.instance.charter
    brief = replace(house.instance, charter=replace(law, meetings=replace(law.meetings, minutes=timedelta(days=90))))
    until = minutes(room, "alice").until - law.meetings.minutes + timedelta(days=90)
    house.clock.move_to(until - timedelta(minutes=5))
    house.actors["alice"] = replace(house.sign_in("alice"), instance=brief)
    assert minutes(room, "alice").until == until, "control"
    house.clock.move_to(until)
    house.actors["alice"] = replace(house.sign_in("alice"), instance=brief)
    with pytest.raises(NotFound):
        minutes(room, "alice")
    with house.instance.database.reading() as session:
        assert session.scalars(select(Minutes.id).where(Minutes.meeting_id == room.meeting)).all(), "control: it is still there"


def test_a_copy_opens_for_its_reader_in_its_place_only(house: House) -> None:
    """Bytes moved to another reader's copy do not open, though both are convened."""
    number = house.follow("Vandoise")
    room = sitting(house, {number: ["alice", "bob"]})
    decide(room, number)
    close(room)
    assert minutes(room, "alice").lines
    assert minutes(room, "bob").lines
    with house.instance.database.writing() as session:
        query = select(MinutesCopy).join(Minutes, Minutes.id == MinutesCopy.minutes_id).where(Minutes.meeting_id == room.meeting)
        copies = {each.holder_id: each for each in session.scalars(query)}
        copies[house.alice.user_id].sealed = copies[house.bob.user_id].sealed
    with pytest.raises(TamperedError):
        minutes(room, "alice")


def test_whoever_has_a_personal_link_learns_nothing_from_it(house: House) -> None:
    kept, linked = house.follow("Chabot"), house.follow("Chevesne")
    room = sitting(house, {kept: ["alice", "hugo"], linked: ["alice", "hugo"]})
    services.conflicts.declare_for(house.stella, linked, "hugo")
    for number in (kept, linked):
        decide(room, number, actions=(task(house, "alice", "Visiter."),))
    close(room)
    assert [each.number for each in minutes(room, "hugo").lines] == [kept]
    assert {each.number for each in minutes(room, "alice").lines} == {kept, linked}
