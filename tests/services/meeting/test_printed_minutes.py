"""A relevé leaves the house as it was drawn: what its page shows, number for number, for its reader and for nobody else."""

import pytest

from casework import paper
from casework.errors import NotFound
from casework.services.meeting import papers
from casework.services.meeting.decisions import minutes
from casework.web import paper_sheets
from tests.house import House
from tests.jobs.test_sweep import newest_leaf
from tests.paper.reading import NUMBER, Printed, read
from tests.services.meeting.outcome import close, decide, sitting, task
from tests.services.meeting.room import Room

NAMES = ("Quibérac-Relevé", "Quibérac-Autre")
MINE, THEIRS = "Appeler *la* conseillère #3", "Voir le logeur"


@pytest.fixture(scope="module")
def room(house: House) -> Room:
    """Two decisions: Hugo's school is concerned by the first, where it carries an action; the second is the social workers' alone."""
    first, second = (house.follow(name) for name in NAMES)
    room = sitting(house, {first: ["alice", "hugo"], second: ["alice"]})
    decide(room, first, actions=(task(house, "hugo", MINE), task(house, "alice", THEIRS)))
    decide(room, second, actions=(task(house, "alice", THEIRS),))
    close(room)
    return room


def printed(room: Room, name: str) -> Printed:
    """Somebody's relevé on paper."""
    return read(paper.press(paper_sheets.minutes(papers.releve(room.house.actors[name], room.meeting))))


@pytest.mark.parametrize("name", ["hugo", "alice", "stella"])
def test_on_paper_is_what_the_page_shows(room: Room, name: str) -> None:
    """The same numbers in the same order, the same words; no name of a followed person."""
    shown, found = minutes.read(room.house.actors[name], room.meeting), printed(room, name)
    assert found.numbers == [line.number for line in shown.lines]
    for words in (*(line.outcome for line in shown.lines), *(action.text for action in shown.actions)):
        assert words in found.text
    assert not [each for each in NAMES if each in found.text]


def test_an_institution_prints_its_own_and_nothing_else(room: Room) -> None:
    """The school: its item, its action. Control: the steward's has both."""
    first, second = room.items
    school, whole = printed(room, "hugo"), printed(room, "stella")
    assert (school.numbers, set(NUMBER.findall(school.text))) == ([first], {first})
    assert MINE in school.text
    assert THEIRS not in school.text
    assert whole.numbers == [first, second]
    assert MINE in whole.text
    assert THEIRS in whole.text


def test_printing_leaves_a_line_that_says_so(room: Room) -> None:
    """The same as the page's, and the channel; who has no relevé prints none."""
    papers.releve(room.house.hugo, room.meeting)
    leaf = newest_leaf(room.house)
    assert (leaf.action, leaf.meeting, leaf.facts) == ("meeting.read", room.meeting, {"channel": "pdf"})
    assert [number for number, _ in leaf.dossiers] == [next(iter(room.items))]
    minutes.read(room.house.hugo, room.meeting)
    assert newest_leaf(room.house).facts == {}
    for name in ("bob", "charlie", "ada"):
        with pytest.raises(NotFound):
            papers.releve(room.house.actors[name], room.meeting)
