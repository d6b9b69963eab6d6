"""The convocation: keys near the day and not before, what leaves the house, and what a change or a cancellation does."""

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.attention import Alert
from casework.models.dossiers import Box
from casework.models.meetings import MeetingNote
from casework.services.attention import mail
from casework.services.meeting.drafts import ItemDraft
from tests.house import House
from tests.services.meeting import preparation as prep
from tests.services.meeting.room import reads, secretary

IDENTITY = frozenset({"identity"})


def test_nobody_reads_before_the_days_then_own_items_only(house: House) -> None:
    """Twenty days ahead: a number. Near: who it is about, after a steward opened the page. Hugo's item is not Bob's."""
    number, other = house.follow("Brindavant"), house.follow("Brindapres", lead="bob")
    made = prep.convened(house, number, other, people=("hugo", "bob", "paula"), days=20)
    _only(house, made, {number: ("Hugo",), other: ("Bob",)})
    assert [(each.number, each.person) for each in prep.own(house.hugo, made).items] == [(number, None)]
    assert reads(house, "hugo", number) == frozenset()
    house.clock.advance(timedelta(days=14))
    assert prep.agenda(house.stella, made).pending
    assert prep.own(house.hugo, made).items[0].person is None
    services.convening.catch_up(house.stella, made)
    assert not prep.agenda(house.stella, made).pending
    assert [(each.number, each.person) for each in prep.own(house.hugo, made).items] == [(number, "Théodule Brindavant")]
    assert reads(house, "hugo", number) == IDENTITY
    assert reads(house, "hugo", other) == frozenset()
    assert prep.own(house.paula, made).items == ()
    assert reads(house, "paula", number) == frozenset()


def _only(house: House, made: str, wanted: dict[str, tuple[str, ...]]) -> None:
    shown = prep.agenda(house.stella, made)
    seats = {each.name: each.id for each in shown.seats}
    drafts = [
        ItemDraft(each.id, each.question or "", each.informed, tuple(seats[name] for name in wanted[each.number]), each.question_id)
        for each in shown.items
    ]
    services.briefing.prepare(house.stella, made, drafts)


def test_convened_near_the_day_gives_at_once(house: House) -> None:
    """Within the seven days, and to those concerned alone; unticking them ends it."""
    number = house.follow("Brindesuite")
    made = prep.convened(house, number, people=("alice", "hugo", "paula"))
    assert reads(house, "hugo", number) == IDENTITY
    assert reads(house, "paula", number) == frozenset()
    _only(house, made, {number: ("Paula",)})
    assert reads(house, "hugo", number) == frozenset()
    assert reads(house, "paula", number) == IDENTITY


def test_who_is_not_convened_any_more_loses_the_keys_and_is_told(house: House) -> None:
    """Taken off the list; somebody new gets theirs in the same act."""
    number = house.follow("Brindeparti")
    made = prep.convened(house, number, people=("hugo",))
    services.convening.choose(house.stella, made, prep.ids(house, "alice"))
    assert reads(house, "hugo", number) == frozenset()
    with pytest.raises(NotFound):
        services.agendas.read(house.hugo, made)
    assert "meeting_released" in _alerts(house, "hugo", made)
    assert "meeting_convened" in _alerts(house, "alice", made)


def test_a_withdrawn_item_closes_at_once(house: House) -> None:
    """For those who had it by that title only: its lead reads on."""
    number = house.follow("Brinderetrait")
    made = prep.convened(house, number)
    before = reads(house, "alice", number)
    services.agenda_items.withdraw(house.stella, made, prep.item(house.stella, made, number).id)
    assert reads(house, "hugo", number) == frozenset()
    assert reads(house, "alice", number) == before


def test_moving_far_away_ends_the_keys_until_the_day_is_near(house: House) -> None:
    """Everybody is told; the calendar's event is the same with a higher sequence; the secretary keeps what she has."""
    number = house.follow("Brindebouge")
    serge = secretary(house)
    made = prep.convened(house, number)
    first = services.convening.calendar(house.hugo, made).decode()
    services.convening.change(house.stella, made, prep.draft(house, days=40))
    assert reads(house, "hugo", number) == frozenset()
    assert reads(house, "serge", number) == {"identity", "decisions"}
    second = services.convening.calendar(serge, made).decode()
    assert _line(first, "UID") == _line(second, "UID")
    assert int(_line(second, "SEQUENCE")) > int(_line(first, "SEQUENCE"))
    assert _line(first, "DTSTART") != _line(second, "DTSTART")
    assert "meeting_moved" in _alerts(house, "hugo", made)
    with pytest.raises(NotFound):
        services.convening.change(serge, made, prep.draft(house, days=41))


def test_a_cancelled_meeting_opens_nothing_and_keeps_no_question(house: House) -> None:
    """Keys, questions and answers go; whoever was convened is told and takes it out of the calendar."""
    number = house.follow("Brindannule")
    made = prep.convened(house, number)
    found = prep.item(house.stella, made, number)
    services.briefing.prepare(house.stella, made, [ItemDraft(found.id, "Où dort-il ?", "", found.concerned)])
    services.answering.answer(house.hugo, made, found.id, "known")
    services.convening.cancel(house.stella, made)
    assert reads(house, "hugo", number) == frozenset()
    with house.instance.database.reading() as session:
        assert session.scalars(select(Box).where(Box.reference == made)).all() == []
        assert session.scalars(select(MeetingNote).where(MeetingNote.meeting_id == made)).all() == []
    assert "STATUS:CANCELLED" in services.convening.calendar(house.hugo, made).decode()
    assert "meeting_cancelled" in _alerts(house, "hugo", made)


def test_a_meeting_without_people_or_past_is_not_convened(house: House) -> None:
    """Each with its sentence; and a secretary convenes none."""
    made = services.preparing.create(house.stella, prep.draft(house))
    with pytest.raises(InvalidInput, match="form"):
        services.convening.convene(house.stella, made)
    services.convening.choose(house.stella, made, prep.ids(house, "bob"))
    with pytest.raises(NotFound):
        services.convening.convene(secretary(house), made)


def test_what_leaves_the_house_names_nobody(fresh_house: House, tmp_path: Path) -> None:
    """E-mail and calendar: cell, day, place, and where to sign in. Control: the page behind the sign-in names him."""
    house = fresh_house
    object.__setattr__(house.instance.config.mail, "folder", tmp_path / "mail")
    services.accounts.address(house.oscar, "hugo", " hugo@example.org ")
    number = house.follow("Brindecourrier")
    made = prep.meeting(house, number, people=("hugo", "bob"), days=5)
    assert services.convening.convene(house.stella, made) == mail.Posted(1, 0)
    (letter,) = (tmp_path / "mail").iterdir()
    message = message_from_bytes(letter.read_bytes(), policy=policy.default)
    attached = next(message.iter_attachments()).get_content()
    whole = str(message["Subject"]) + message.get_body().get_content() + str(attached)  # type: ignore[union-attr]  # it has a text
    for secret in ("Brindecourrier", "Théodule", number, "absenteeism", "Absentéisme"):
        assert secret not in whole
    assert message["To"] == "hugo@example.org"
    assert f"/reunions/{made}" in whole
    assert prep.own(house.hugo, made).items[0].person == "Théodule Brindecourrier"


def test_a_relay_that_does_not_answer_is_told_and_nothing_else_fails(fresh_house: House) -> None:
    """The meeting is convened all the same."""
    house = fresh_house
    for name, value in (("relay", "127.0.0.1:9"), ("security", "none")):
        object.__setattr__(house.instance.config.mail, name, value)
    services.accounts.address(house.oscar, "hugo", " hugo@example.org ")
    made = prep.meeting(house, people=("hugo",), days=5)
    assert services.convening.convene(house.stella, made) == mail.Posted(0, 1)
    assert prep.agenda(house.stella, made).head.status.code == "convened"


@pytest.mark.parametrize("wrong", ["hugo", "hugo@example", "a b@example.org", "a@example.org\nBcc: b@example.org", "é@example.org"])
def test_an_address_that_a_relay_would_misread_is_refused(house: House, wrong: str) -> None:
    """No second header, no second recipient. Control above: a plain one is taken."""
    with pytest.raises(InvalidInput, match="email"):
        services.accounts.address(house.oscar, "hugo", wrong)


def _alerts(house: House, name: str, made: str) -> set[str]:
    with house.instance.database.reading() as session:
        user = house.actors[name].user_id
        return set(session.scalars(select(Alert.kind).where(Alert.recipient_id == user, Alert.reference == made)))


def _line(calendar: str, name: str) -> str:
    return next(line.partition(":")[2] for line in calendar.splitlines() if line.startswith(f"{name}:"))
