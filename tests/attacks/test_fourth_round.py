"""The fourth round, in the meeting room: rows an administrator plants, a secretary who looks, a personal link, a bad network."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from casework import services
from casework.errors import CaseworkError, NotFound
from casework.models.base import new_id
from casework.models.dossiers import Box, Compartment, Dossier
from casework.models.meetings import Item, Meeting, Minutes, Seat
from casework.services.meeting.decisions.outcome_views import ReportDraft
from casework.services.meeting.drafts import ItemDraft, MeetingDraft, PointDraft, UrgentDraft
from casework.services.meeting.sitting.sitting_views import GuestDraft
from tests.attacks.sql import insert, row, rows, tamper
from tests.house import END, House
from tests.services.meeting import preparation as prep
from tests.services.meeting.outcome import SOON, close, decide, minutes, sitting, task
from tests.services.meeting.room import convene, reads, secretary


def holders(house: House, number: str) -> set[str]:
    """Who has a box of a dossier by a meeting."""
    parts = {each.id for each in rows(house, Compartment, dossier_id=row(house, Dossier, number=number).id)}
    return {each.holder_id for each in rows(house, Box, title="convened") if each.compartment_id in parts}


def planted_item(house: House, meeting: str, number: str, *seats: str) -> str:
    """An item that an administrator writes, with the seats it concerns."""
    item = new_id()
    insert(
        house, "meeting_item", id=item, version=1, meeting_id=meeting, nominative=1, dossier_id=row(house, Dossier, number=number).id,
        position=9, origin="added", status="confirmed", shown="all", author_id=house.stella.user_id,
    )  # fmt: skip
    for seat in seats:
        insert(house, "item_seat", id=new_id(), version=1, item_id=item, seat_id=seat, origin="convened")
    return item


def test_a_dossier_of_another_cell_planted_on_an_agenda_is_given_to_nobody(fresh_house: House) -> None:
    """Stella keeps both cells; an administrator writes a dossier of the south on an agenda of the north, and whom it concerns."""
    house = fresh_house
    services.cells.admit(house.sam, house.cells["sud"], "stella", "steward", act="acte 7", until=END)
    house.actors["stella"] = house.sign_in("stella")
    theirs, ours = house.follow("Quibérac-Sud", lead="charlie", cell="sud", steward="sam"), house.follow("Quibérac-Nord")
    room = convene(house, {ours: ["bob"]}, people=["alice"])
    item = planted_item(house, room.meeting, theirs, room.seats["bob"])
    with suppress(CaseworkError):
        services.opening.open(house.stella, room.meeting, "2468", "2468")
    with suppress(CaseworkError):
        services.showing.call(house.stella, room.meeting, item)
    assert house.bob.user_id not in holders(house, theirs)
    assert house.bob.user_id in holders(house, ours), "control"
    with pytest.raises(CaseworkError):
        house.open(house.bob, theirs)


@pytest.mark.parametrize("kind", ["plenary", "watch"])
def test_a_plenary_turned_nominative_takes_no_dossier(fresh_house: House, kind: str) -> None:
    """One column written over: the law says which kinds take dossiers, not the row. Control: an ordinary one takes it, and gives keys."""
    house = fresh_house
    number, ours = house.follow("Quibérac-Plénière"), house.follow("Quibérac-Ordinaire")
    made = prep.meeting(house, people=("bob",), kind=kind, days=1)
    services.agenda_items.add(house.stella, prep.meeting(house, people=("bob",), days=1), [number])  # control
    sitting(house, {ours: ["bob"]})
    assert holders(house, ours) == {house.bob.user_id}, "control"
    services.convening.convene(house.stella, made)
    tamper(house, "UPDATE meeting SET nominative = 1 WHERE id = ?", (made,))
    with pytest.raises(CaseworkError):
        services.agenda_items.add(house.stella, made, [number])
    planted_item(house, made, number, row(house, Seat, meeting_id=made, user_id=house.bob.user_id).id)
    house.clock.advance(timedelta(hours=23))
    house.actors["stella"] = house.sign_in("stella")
    with suppress(CaseworkError):
        services.opening.open(house.stella, made, "2468", "2468")
    assert not holders(house, number)


def test_a_seat_moved_to_another_institution_gets_no_minutes_of_it(fresh_house: House) -> None:
    """Bob's seat says he is of the school: what concerns Hugo is not drawn for him. Control: with the seat as it was, Hugo has his."""
    house = fresh_house
    number = house.follow("Quibérac-École")
    room, untouched = (sitting(house, {number: ["hugo"]}, people=["bob"]) for _ in range(2))
    for each in (room, untouched):
        decide(each, number, actions=(task(house, "hugo", "Appeler la famille."),))
    close(untouched)
    assert [each.number for each in minutes(untouched, "hugo").lines] == [number], "control"
    tamper(house, "UPDATE meeting_seat SET institution_id = ? WHERE id = ?", (house.hugo.institution_id, room.seats["bob"]))
    with suppress(CaseworkError):
        close(room)
    with suppress(NotFound):
        assert not minutes(room, "bob").lines
    assert row(house, Meeting, id=room.meeting).status == "closed", "control: the relevés were drawn all the same"
    assert [each.number for each in minutes(room, "hugo").lines] == [number], "control"


def test_minutes_moved_to_another_meeting_or_day_does_not_open(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Relevé")
    one, two = (sitting(house, {number: ["alice"]}) for _ in range(2))
    for room in (one, two):
        decide(room, number)
        close(room)
    assert minutes(one, "alice").lines, "control"
    tamper(house, "UPDATE minutes SET meeting_id = ? WHERE meeting_id = ? AND institution_id IS NULL", ("0" * 32, two.meeting))
    tamper(house, "UPDATE minutes SET meeting_id = ? WHERE meeting_id = ? AND institution_id IS NULL", (two.meeting, one.meeting))
    with pytest.raises(CaseworkError):
        services.minutes.read(house.stella, two.meeting)
    mine = row(house, Minutes, meeting_id=one.meeting, institution_id=house.alice.institution_id)
    tamper(house, "UPDATE minutes SET drawn_at = '2027-03-02 09:00:00.000000' WHERE id = ?", (mine.id,))
    with pytest.raises(CaseworkError):
        minutes(one, "alice")


def test_a_secretary_learns_nothing_of_a_number_before_a_steward_confirms(fresh_house: House) -> None:
    """One number on an empty agenda: who is proposed, and why, would say who follows, and who was asked what."""
    house = fresh_house
    serge, number = secretary(house), house.follow("Quibérac-Curieux")
    room = sitting(house, {number: ["alice"]})
    decide(room, number, questions=(task(house, "alice", "Où en est-on ?"),))
    close(room)
    house.clock.advance(timedelta(minutes=5))
    (asked,) = services.tasks.board(house.alice).mine
    services.reporting.report(house.alice, asked.id, ReportDraft("done", "Vue."))
    made = services.preparing.create(serge, prep.draft(house))
    services.agenda_items.add(serge, made, [number])
    assert not [each for block in services.convening.invitations(serge, made).blocks for each in block.people if each.why]
    assert not prep.item(serge, made, number).late
    services.agenda_items.confirm(house.stella, made)
    assert [each for block in services.convening.invitations(serge, made).blocks for each in block.people if each.why], "control"
    assert prep.item(serge, made, number).late, "control"


def test_a_personal_link_said_before_the_meeting_hides_the_item(fresh_house: House) -> None:
    """Bob is convened for it, then says who it is: on his pages the dossier is not there, not even its number."""
    house = fresh_house
    number, other = house.follow("Quibérac-Ex"), house.follow("Quibérac-Autre")
    made = prep.convened(house, number, other, people=("alice", "bob"))
    items = rows(house, Item, meeting_id=made)
    seat = prep.seat_of(house, made, "bob")
    assert services.briefing.prepare(house.stella, made, [ItemDraft(each.id, concerned=(seat.id,)) for each in items])
    assert {each.number for each in prep.own(house.bob, made).items} == {number, other}, "control"
    services.conflicts.declare_for(house.stella, number, "bob")
    assert [each.number for each in prep.own(house.bob, made).items] == [other]
    house.clock.advance(timedelta(days=5))
    house.actors["stella"], house.actors["bob"] = house.sign_in("stella"), house.sign_in("bob")
    services.opening.open(house.stella, made, "2468", "2468")
    for each in items:
        services.showing.call(house.stella, made, each.id)
        shown = services.showing.follow(house.bob, made)
        assert bool(shown.number) is shown.mine is (each.dossier_id == row(house, Dossier, number=other).id)
    with pytest.raises(CaseworkError):
        reads(house, "bob", number)


def test_a_steward_with_a_personal_link_is_not_told_what_was_decided(fresh_house: House) -> None:
    """Sam keeps the cell as well: agenda, closing page, sheets and relevé say nothing of his ex-partner's dossier but its number."""
    house = fresh_house
    services.cells.admit(house.stella, house.cells["nord"], "sam", "steward", act="acte 7", until=END)
    house.actors["sam"] = house.sign_in("sam")
    number = house.follow("Quibérac-Ex")
    room = sitting(house, {number: ["alice"]}, people=["sam"])
    services.conflicts.declare_for(house.stella, number, "sam")
    decide(room, number, "child_protection", next_date=None, actions=(task(house, "alice", "Joindre la famille."),))
    line = services.closing.prepare(house.stella, room.meeting).lines[0]
    assert line.outcome, "control"
    line = services.closing.prepare(house.sam, room.meeting).lines[0]
    assert (line.outcome, line.actions, line.questions, line.referrals, line.stands) == ("", (), (), (), None)
    shown = prep.item(house.sam, room.meeting, number)
    assert (shown.person, shown.names, shown.answers, shown.late, shown.due, shown.informed) == (None, (), (), (), None, "")
    with pytest.raises(NotFound):
        services.showing.call(house.sam, room.meeting, room.items[number])
    close(room)
    assert minutes(room, "stella").lines, "control"
    assert not minutes(room, "sam").lines
    assert not services.tasks.board(house.sam).cells


def test_a_meeting_opened_a_day_late_still_gives_the_identity(fresh_house: House) -> None:
    """What the convocation gave has ended by then: an expired box must not be taken for one that opens."""
    house = fresh_house
    number = house.follow("Quibérac-Retard")
    made = prep.convened(house, number, people=("hugo",), days=1)
    house.clock.advance(timedelta(days=1, hours=13))
    house.actors["stella"], house.actors["hugo"] = house.sign_in("stella"), house.sign_in("hugo")
    services.opening.open(house.stella, made, "2468", "2468")
    assert "identity" in reads(house, "hugo", number)


def test_the_same_form_twice_makes_one_meeting_one_point_one_guest(fresh_house: House) -> None:
    """A button pressed twice where the network is bad."""
    house = fresh_house
    number = house.follow("Quibérac-Double")
    now = house.clock.now()
    draft = MeetingDraft(house.cells["nord"], "urgent", now + timedelta(hours=1), "Mairie", "", "mayor", "danger")
    made = {services.calling_up.call(house.stella, UrgentDraft(draft, (number,), ()))[0] for _ in range(2)}
    assert len(made) == 1
    (meeting,) = made
    assert len({services.preparing.create(house.stella, prep.draft(house, starts_at=now + timedelta(days=9))) for _ in range(2)}) == 1
    point = PointDraft("Parc", "Bruit le soir", "Passer vers 22 h", house.bob.user_id, SOON)
    for _ in range(2):
        services.points.write(house.stella, meeting, point)
    assert len(prep.agenda(house.stella, meeting).points) == 1
    guest = GuestDraft("Rosalinde Quibérac", "specialised_educator", "", now.date(), "CH-2026-14")
    assert len({services.attendance.add_guest(house.stella, meeting, guest) for _ in range(2)}) == 1
    assert services.attendance.add_guest(house.stella, meeting, replace(guest, name="Autre")), "control: somebody else has a seat"
    assert len([each for each in rows(house, Seat, meeting_id=meeting) if each.user_id is None]) == 2
    prepared = prep.meeting(house, people=("bob",))
    for _ in range(2):
        services.convening.convene(house.stella, prepared)
    assert row(house, Meeting, id=prepared).status == "convened"
