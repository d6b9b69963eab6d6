"""« Mon jour » says whom one has to tell what was decided, and until when: one month at most, late ones first."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from casework import services
from casework.models.attention import Alert
from casework.services.attention.views import Due
from casework.services.meeting.decisions.effects import NOTICE as ALERT
from tests.house import House
from tests.services.meeting.outcome import after, close, decide, sitting

NOTICE = "notice"


def due(house: House, who: str) -> dict[str, Due]:
    """The notices somebody owes, by number."""
    return {each.number: each for each in services.day.read(house.actors[who]).due if each.code == NOTICE}


def decided(house: House, number: str, outcome: str, **given: Any) -> str:
    """A dossier that a sitting decided about, closed since."""
    room = sitting(house, {number: ["hugo"]})
    decide(room, number, outcome, **given)
    assert not any(number in due(house, who) for who in ("alice", "bob", "stella")), "until the close nothing is in effect"
    close(room)
    return number


def told(house: House, who: str, number: str) -> None:
    """The note that says so."""
    house.note(house.actors[who], number, "Dit à la mère au collège.", kind=NOTICE, compartment="decisions")


def alert_of(house: House, who: str, number: str) -> str:
    """The alert of this notice; its id."""
    with house.instance.database.reading() as session:
        mine = Alert.recipient_id == house.actors[who].user_id
        return session.scalars(select(Alert.id).where(mine, Alert.kind == ALERT, Alert.number == number)).one()


def test_the_lead_has_a_month_and_a_note_ends_it(house: House) -> None:
    """Thirty days from the close; late after them, and first of what is due. Nobody else has it; another note does not end it."""
    number = decided(house, house.refer(house.hugo, "Tanche"), "retained", lead="bob")
    line = due(house, "bob")[number]
    assert (line.days, line.person) == (30, "Théodule Tanche")
    assert not any(number in due(house, other) for other in ("alice", "stella", "hugo"))
    assert ALERT not in {each.kind for each in services.day.read(house.bob).alerts}, "said once, where it is due"
    house.note(house.bob, number, "Vu au collège.", compartment="decisions")
    after(house, 31)
    late = services.day.read(house.bob).due[0]
    assert (late.code, late.number, late.days) == (NOTICE, number, -1)
    told(house, "bob", number)
    assert number not in due(house, "bob")


def test_what_changes_nothing_for_the_person_is_not_due(house: House) -> None:
    """Control: the test above."""
    number = decided(house, house.follow("Omble"), "continued")
    assert number not in due(house, "alice")


def test_a_new_lead_takes_the_duty_over(house: House) -> None:
    """It is not lost with the one who had it; what was told before a later decision does not count for it."""
    number = decided(house, house.refer(house.hugo, "Perche"), "retained", lead="alice")
    services.lifecycle.relead(house.stella, number, "bob")
    assert (number in due(house, "alice"), number in due(house, "bob")) == (False, True)
    told(house, "bob", number)
    assert number not in due(house, "bob")
    house.clock.advance(timedelta(minutes=1))
    decided(house, number, "retained", lead="bob")
    assert number in due(house, "bob")


def test_where_nobody_writes_any_more_the_word_seen_ends_it(house: House) -> None:
    """A follow-up that ended keeps its lead's duty, and a saisine that was not retained whoever decided it."""
    ended = decided(house, house.follow("Sandre"), "closed", closing_reason="achieved", next_date=None)
    refused = decided(house, house.refer(house.hugo, "Vairon"), "not_retained", next_date=None)
    for who, number in (("alice", ended), ("stella", refused)):
        assert number in due(house, who)
        services.alert_reading.see(house.actors[who], alert_of(house, who, number))
        assert number not in due(house, who)


def test_nothing_of_a_dossier_one_may_not_see(house: House) -> None:
    """A personal link hides it from whoever has to tell. Control: without it, it is there."""
    number = decided(house, house.refer(house.hugo, "Rotengle"), "retained", lead="bob")
    assert number in due(house, "bob")
    services.conflicts.withdraw(house.bob, number)
    assert number not in due(house, "bob")
