"""A double click: the second changes nothing and lands where the first did. And what an item's list of people says."""

import pytest
from sqlalchemy import func, select

from casework import services
from casework.errors import NotFound
from casework.models.attention import Alert
from casework.services.meeting.drafts import ItemDraft
from tests.house import House
from tests.services.meeting import preparation as prep


def alerts(house: House) -> int:
    """How many alerts there are."""
    with house.instance.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Alert)) or 0


def test_cancelled_twice_is_cancelled_once(fresh_house: House) -> None:
    house = fresh_house
    made = prep.convened(house, house.follow("Brindeux"))
    services.convening.cancel(house.stella, made)
    before = alerts(house)
    assert services.convening.cancel(house.stella, made).sent == 0
    assert alerts(house) == before, "nobody is told again"
    with pytest.raises(NotFound):
        services.convening.cancel(house.alice, made)


def test_coming_after_all_twice_is_said_once(fresh_house: House) -> None:
    house = fresh_house
    made = prep.convened(house, house.follow("Brindevient"))
    services.answering.excuse(house.hugo, made)
    services.answering.come(house.hugo, made)
    before, seat = alerts(house), prep.seat_of(house, made, "hugo")
    services.answering.come(house.hugo, made)
    assert (alerts(house), prep.seat_of(house, made, "hugo").version) == (before, seat.version)


@pytest.mark.parametrize("accepted", [True, False])
def test_a_deputy_is_settled_once(fresh_house: House, accepted: bool) -> None:
    house = fresh_house
    made = prep.convened(house, house.follow("Brindeplace"), people=("alice", "hugo"))
    services.answering.excuse(house.alice, made, house.bob.user_id)
    seat = prep.seat_of(house, made, "alice")
    services.answering.settle_deputy(house.stella, made, seat.id, accepted=accepted)
    settled = prep.seat_of(house, made, "alice")
    services.answering.settle_deputy(house.stella, made, seat.id, accepted=not accepted)
    again = prep.seat_of(house, made, "alice")
    assert (again.status, again.version) == (settled.status, settled.version), "what is settled stays"


def test_an_item_taken_off_twice_is_off(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Brindeparti")
    made = prep.meeting(house, number, people=("hugo",))
    found = prep.item(house.stella, made, number)
    for _ in range(2):
        services.agenda_items.withdraw(house.stella, made, found.id)
    assert prep.agenda(house.stella, made).items == ()
    with pytest.raises(NotFound):
        services.agenda_items.withdraw(house.stella, made, "0" * 32)


def test_somebody_who_may_know_nothing_is_left_out_and_the_steward_is_told_so_without_a_name(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Brindelien")
    made = prep.meeting(house, number, people=("hugo", "paula"))
    services.conflicts.declare_for(house.stella, number, "paula")
    found = prep.item(house.stella, made, number)
    hugo, paula = (prep.seat_of(house, made, name).id for name in ("hugo", "paula"))
    assert services.briefing.prepare(house.stella, made, [ItemDraft(found.id, "", "", (hugo,))])
    assert not services.briefing.prepare(house.stella, made, [ItemDraft(found.id, "", "", (hugo, paula))])
    assert prep.item(house.stella, made, number).names == ("Hugo",)


def test_stewards_keep_every_item_and_are_listed_for_none(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Brindetient")
    made = prep.meeting(house, number, people=("hugo", "stella"))
    shown = prep.agenda(house.stella, made)
    assert [each.name for each in shown.seats if each.steward] == ["Stella"]
    assert "Stella" not in shown.items[0].names
