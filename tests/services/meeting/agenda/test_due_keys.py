"""Keys that a meeting near is owed: given when any steward signs in or opens « Mon jour », and told of while nobody did."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from casework import services
from casework.jobs.system import System
from casework.models.attention import Alert
from casework.models.dossiers import Box
from casework.services.meeting.giving import NOT_GIVEN
from casework.services.meeting.reminding import remind
from tests.house import House
from tests.services.meeting import preparation as prep
from tests.services.meeting.room import reads, secretary
from tests.web.test_real import enter, leaves

IDENTITY = frozenset({"identity"})
BEFORE = timedelta(days=12, hours=23, minutes=50)
"""From the convocation, twenty days ahead, until ten minutes before its members may see anything."""


@pytest.fixture
def far(house: House) -> Iterator[tuple[str, str]]:
    """A dossier on the agenda of a meeting in twenty days, by whose item Hugo is concerned; cancelled afterwards."""
    number = house.follow("Brindechamp")
    made = prep.convened(house, number, people=("hugo", "paula"), days=20)
    yield number, made
    services.convening.cancel(house.stella, made)


def told(house: House, made: str, name: str) -> list[bool]:
    """Whether each alert about the keys of this meeting, for this person, is still to be seen."""
    with house.instance.database.reading() as session:
        query = select(Alert.seen_at).where(Alert.kind == NOT_GIVEN, Alert.reference == made)
        return [seen is None for seen in session.scalars(query.where(Alert.recipient_id == house.actors[name].user_id))]


def given(house: House, made: str) -> int:
    """Boxes by this meeting."""
    with house.instance.database.reading() as session:
        return len(session.scalars(select(Box.id).where(Box.reference == made, Box.title == "convened")).all())


def test_a_steward_opens_their_day_and_members_read_not_before(house: House, far: tuple[str, str]) -> None:
    """Her day alone, not the meeting's page. Ten minutes before the seven days it gives nothing; once given, it writes nothing more."""
    number, made = far
    house.clock.advance(BEFORE)
    stella = enter(house, "stella")
    assert stella.get("/jour").status_code == 200
    assert (reads(house, "hugo", number), given(house, made)) == (frozenset(), 0)
    assert [each.person for each in prep.own(house.hugo, made).items] == [None]
    house.clock.advance(timedelta(minutes=15))
    assert reads(house, "hugo", number) == frozenset(), "time alone gives nothing"
    assert stella.get("/jour").status_code == 200
    assert reads(house, "hugo", number) == IDENTITY
    assert [each.person for each in prep.own(house.hugo, made).items] == ["Théodule Brindechamp"]
    assert reads(house, "paula", number) == frozenset(), "convened, and not concerned"
    before, boxes = leaves(house), given(house, made)
    assert services.due_keys.settle_pending(house.stella) == 0
    assert (leaves(house) - 1, given(house, made)) == (before, boxes)


def test_signing_in_gives_as_well_and_only_to_a_steward_of_the_cell(house: House, far: tuple[str, str]) -> None:
    """Neither the member nor the steward of another cell gives, whichever page they open."""
    number, made = far
    house.clock.advance(BEFORE + timedelta(minutes=15))
    for stranger in ("hugo", "sam"):
        enter(house, stranger).get("/jour")
    assert given(house, made) == 0
    assert services.due_keys.settle_pending(house.stella, seconds=-1) == 0, "bounded in time: the rest waits for the next page"
    assert given(house, made) == 0
    enter(house, "stella")
    assert reads(house, "hugo", number) == IDENTITY


def test_those_who_prepare_are_told_while_nobody_did(house: House, far: tuple[str, str]) -> None:
    """Once, steward and secretary, by the nightly job, which has no key; the giving makes it go. Not before the days, not of one given."""
    _, made = far
    serge, system = secretary(house), System(house.instance)
    remind(system)
    assert told(house, made, "stella") == []
    house.clock.advance(BEFORE + timedelta(minutes=15))
    assert [remind(system).not_given for _ in range(2)] == [2, 0]
    assert (told(house, made, "stella"), told(house, made, "serge"), told(house, made, "hugo")) == ([True], [True], [])
    shown = enter(house, "serge").get("/jour").text
    assert "ses membres ne voient pas encore leurs points" in shown
    assert services.day.read(serge).alerts[0].reference == made
    enter(house, "stella")
    assert (told(house, made, "stella"), told(house, made, "serge")) == ([False], [False])
    assert remind(system).not_given == 0


def test_nobody_is_told_of_a_meeting_that_gives_nothing(house: House) -> None:
    """Its items concern nobody who comes, or whom the charter lets read. Control: the test above."""
    number = house.follow("Brindevide")
    made = prep.convened(house, number, people=("paula",), days=8)
    house.clock.advance(timedelta(days=2))
    remind(System(house.instance))
    assert told(house, made, "stella") == []
    services.convening.cancel(house.stella, made)
