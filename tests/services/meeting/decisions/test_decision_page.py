"""The page on which a decision is typed: the question that was asked stands there, and who is in the room is offered first."""

from casework import services
from casework.services.meeting.drafts import ItemDraft
from tests.house import House
from tests.services.meeting.outcome import arrive
from tests.services.meeting.room import convene

QUESTION = "Qui revoit la famille avant juin ?"


def test_the_question_is_repeated_and_who_is_there_comes_first(house: House) -> None:
    number = house.follow("Quibérac-Page")
    room = convene(house, {number: ["alice", "hugo"]}, people=["bob", "paula"])
    concerned = (room.seats["alice"], room.seats["hugo"])
    services.briefing.prepare(room.steward, room.meeting, [ItemDraft(room.items[number], QUESTION, "", concerned)])
    services.opening.open(room.steward, room.meeting, "2468", "2468")
    page = services.deciding.prepare(room.steward, room.meeting, room.items[number])
    assert page.question is None, "nobody said who is there: what may be shown is not known"
    names = [each.label.partition(",")[0] for each in page.owners]
    assert names[0] == "Stella", "she opened the meeting: she is there, the others have not been ticked yet"
    assert names[1:] == sorted(names[1:])
    arrive(room, "alice", "hugo")
    assert services.deciding.prepare(room.steward, room.meeting, room.items[number]).question == QUESTION
