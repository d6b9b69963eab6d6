"""What absent people answered since: it joins the next meeting of the dossier once, with the words for who may read them."""

from datetime import date, timedelta

import pytest

from casework import services
from casework.services.meeting.decisions import late_answers
from casework.services.meeting.decisions.outcome_views import ReportDraft
from casework.services.meeting.views import LateAnswer
from tests.house import House
from tests.services.meeting import preparation as prep
from tests.services.meeting.outcome import close, decide, sitting, task

SAID = "La famille a reçu le dossier d’inscription."


def asked(house: House, name: str) -> tuple[str, str]:
    """A meeting that asked Bob, who was absent; the dossier's number and the question's id."""
    number = house.follow(name)
    room = sitting(house, {number: ["hugo"]}, people=["bob"])
    decide(room, number, questions=(task(house, "bob", "L’inscription est-elle faite ?", due=date(2026, 3, 20)),))
    close(room)
    house.clock.advance(timedelta(minutes=5))
    line = next(each for each in services.tasks.board(house.bob).mine if each.number == number)
    return number, line.id


def answers(house: House, made: str, number: str) -> tuple[LateAnswer, ...]:
    """What the agenda shows of it."""
    return prep.item(house.stella, made, number).late


def test_an_answer_joins_the_next_meeting_and_leaves_after_it(fresh_house: House) -> None:
    house = fresh_house
    number, question = asked(house, "Brindetard")
    made = prep.convened(house, number, people=("hugo",))
    assert answers(house, made, number) == (), "nobody has answered yet"
    services.reporting.report(house.bob, question, ReportDraft("done", SAID))
    (found,) = answers(house, made, number)
    assert (found.who, found.on, found.text) == ("Bob", house.clock.now().date(), SAID)
    house.clock.advance(timedelta(minutes=5))
    room = sitting(house, {number: ["hugo"]})
    decide(room, number)
    close(room)
    assert answers(house, prep.meeting(house, number, people=("hugo",)), number) == (), "it was there when the dossier was examined"


def test_the_words_are_for_those_who_read_the_decisions(fresh_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who answered, and when, is on the agenda all the same. Control: she reads the decisions, and the words are there."""
    house = fresh_house
    number, question = asked(house, "Brindemot")
    services.reporting.report(house.bob, question, ReportDraft("done", SAID))
    made = prep.meeting(house, number, people=("hugo",))
    assert [each.text for each in answers(house, made, number)] == [SAID]
    monkeypatch.setattr(late_answers, "DECISIONS", "school")
    assert [(each.who, each.text) for each in answers(house, made, number)] == [("Bob", None)]
