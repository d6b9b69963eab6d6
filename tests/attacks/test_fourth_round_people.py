"""The fourth round, with people: ids of elsewhere in an address, an owner who writes, keys that are due, hostile input, two at once."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casework import services
from casework.errors import CaseworkError, InvalidInput, NotFound
from casework.jobs.system import System
from casework.models.attention import Alert
from casework.models.base import new_id
from casework.models.dossiers import Box, Compartment, Dossier
from casework.models.meetings import Decision, Minutes, Task
from casework.services.attention import mail
from casework.services.meeting.decisions.outcome_views import ReportDraft
from casework.services.meeting.drafts import PointDraft
from casework.services.meeting.reminding import remind
from casework.services.meeting.sitting.sitting_views import GuestDraft
from tests.attacks.sql import insert, row, rows, tamper
from tests.house import House
from tests.services.meeting import preparation as prep
from tests.services.meeting.outcome import SOON, close, decide, draft, minutes, sitting, task
from tests.services.meeting.room import Room, reads

CANARY = "Bruvelot-Zwölf-4410"


def due(house: House, number: str) -> None:
    """Somebody who held every key of a dossier has left, and nobody has turned them yet."""
    tamper(house, "UPDATE compartment SET turn_due = 1 WHERE dossier_id = ?", (row(house, Dossier, number=number).id,))


def test_two_notes_in_one_act_under_a_key_that_is_due(fresh_house: House) -> None:
    """A decision with two actions turns the key at its first word: what follows is under the new one, and all who may read read it all."""
    house = fresh_house
    number = house.follow("Quibérac-Dû")
    house.note(house.stella, number, "Avant.", kind="decision", compartment="decisions")
    room = sitting(house, {number: ["hugo"]})
    due(house, number)
    words = {"Décidé.", "Un.", "Deux."}
    decide(room, number, text="Décidé.", actions=(task(house, "alice", "Un."), task(house, "hugo", "Deux.")))
    place = row(house, Compartment, dossier_id=row(house, Dossier, number=number).id, kind="decisions")
    assert not place.turn_due, "turned once"
    versions = {each.key_version for each in rows(house, Box, compartment_id=place.id)}
    assert versions == {2}
    for who in (house.stella, house.alice, house.elsa, house.hugo):
        assert {"Avant.", *words} <= {each.body for each in house.open(who, number).timeline}, who.name
    close(room)
    for who in (house.stella, house.alice, house.elsa):
        assert {"Avant.", *words} <= {each.body for each in house.open(who, number).timeline}, who.name
    assert {each.text for each in services.tasks.board(house.alice).mine} == {"Un."}
    house.note(house.stella, number, "Après.", compartment="decisions")
    assert {each.key_version for each in rows(house, Box, compartment_id=place.id)} == {2}, "and not at every note"


def test_who_carries_an_action_enters_no_decision(fresh_house: House) -> None:
    """The owner's right to write is for the result of the action: the form of a note does not take a « décision » from them."""
    house = fresh_house
    number = house.follow("Quibérac-Porteur")
    room = sitting(house, {number: ["paula"]})
    decide(room, number, actions=(task(house, "paula", "Passer."),))
    close(room)
    with pytest.raises(CaseworkError):
        house.note(house.paula, number, "Fausse décision.", kind="decision", compartment="decisions")
    (mine,) = services.tasks.board(house.paula).mine
    services.reporting.report(house.paula, mine.id, ReportDraft("done", "Vu."))
    assert "Vu." in {each.body for each in house.open(house.alice, number).timeline}, "control"


def outsiders(room: Room, item: str, taken: str, seat: str) -> list[Callable[[Any], object]]:
    """Every door of a meeting, with true ids."""
    made, now = room.meeting, room.house.clock.now()
    return [
        lambda who: services.agendas.read(who, made),
        lambda who: services.convening.invitations(who, made),
        lambda who: services.convening.choose(who, made, [who.user_id]),
        lambda who: services.convening.convene(who, made),
        lambda who: services.convening.calendar(who, made),
        lambda who: services.convening.cancel(who, made),
        lambda who: services.calling_up.call_list(who, made),
        lambda who: services.calling_up.reach(who, made, seat, reached=True),
        lambda who: services.answering.answer(who, made, item, "known"),
        lambda who: services.answering.excuse(who, made),
        lambda who: services.answering.settle_deputy(who, made, seat, accepted=True),
        lambda who: services.opening.open(who, made, "2468", "2468"),
        lambda who: services.showing.look(who, made),
        lambda who: services.showing.call(who, made, item),
        lambda who: services.showing.follow(who, made),
        lambda who: services.showing.associate(who, made, item, seat),
        lambda who: services.showing.withdraw(who, made, item),
        lambda who: services.showing.keep_to_number(who, made, item),
        lambda who: services.sheet.read(who, made),
        lambda who: services.attendance.keep(who, made, {seat: ("present", "left")}),
        lambda who: services.attendance.replace(who, made, seat, who.user_id),
        lambda who: services.attendance.add_guest(who, made, GuestDraft("N", "municipal_police", "", now.date(), "CH-1")),
        lambda who: services.deciding.prepare(who, made, item),
        lambda who: services.deciding.decide(who, made, item, draft()),
        lambda who: services.closing.prepare(who, made),
        lambda who: services.closing.close(who, made, [], ""),
        lambda who: services.minutes.read(who, made),
        lambda who: services.papers.agenda(who, made),
        lambda who: services.papers.blank_decisions(who, made),
        lambda who: services.papers.attendance(who, made),
        lambda who: services.papers.releve(who, made),
        lambda who: services.points.write(who, made, PointDraft("a", "b", "c", who.user_id, SOON)),
        lambda who: services.reporting.prepare(who, taken),
        lambda who: services.reporting.report(who, taken, ReportDraft("done", "Fait.")),
        lambda who: services.figures.read(who, room.house.cells["nord"]),
    ]


def opens(door: Callable[[Any], object], who: Any) -> bool:
    """Whether a door answered anything but that there is nothing."""
    try:
        door(who)
    except NotFound:
        return False
    return True


def test_true_ids_open_no_door_to_who_is_elsewhere(fresh_house: House) -> None:
    """A colleague of another cell, its steward, a colleague of the cell who is not convened; during the meeting and after it."""
    house = fresh_house
    number = house.follow("Quibérac-Adresse")
    room = sitting(house, {number: ["hugo"]}, people=["hugo"])
    decide(room, number, actions=(task(house, "hugo", "Appeler."),))
    taken = row(house, Task, meeting_id=room.meeting).id
    doors = outsiders(room, room.items[number], taken, room.seats["hugo"])
    for shut in (False, True):
        for who in (house.charlie, house.sam, house.paula):
            for place, door in enumerate(doors):
                if who is house.paula and place == len(doors) - 1:
                    continue  # figures of her own cell, without names, are every member's
                assert not opens(door, who), f"door {place} opened to {who.name}"
        if not shut:
            assert services.showing.follow(house.hugo, room.meeting).mine is False, "control: a door opens to who is there"
            close(room)
    assert minutes(room, "hugo").lines, "control"


def test_nothing_of_another_meeting_is_decided_here(fresh_house: House) -> None:
    house = fresh_house
    one, two = house.follow("Quibérac-Un"), house.follow("Quibérac-Deux")
    here, there = sitting(house, {one: ["alice"]}), sitting(house, {two: ["alice"]})
    attempts: tuple[Callable[[], object], ...] = (
        lambda: services.deciding.decide(house.stella, here.meeting, there.items[two], draft()),
        lambda: services.deciding.decide(house.stella, here.meeting, here.items[one], draft(copies=(there.items[two],))),
        lambda: services.showing.call(house.stella, here.meeting, there.items[two]),
        lambda: services.showing.associate(house.stella, here.meeting, here.items[one], there.seats["alice"]),
        lambda: services.attendance.replace(house.stella, here.meeting, there.seats["alice"], house.bob.user_id),
        lambda: services.answering.answer(house.alice, here.meeting, there.items[two], "known"),
    )
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
    assert not rows(house, Decision)
    services.deciding.decide(house.stella, here.meeting, here.items[one], draft())
    assert len(rows(house, Decision)) == 1, "control"


def test_a_deputy_is_of_ones_own_institution(fresh_house: House) -> None:
    house = fresh_house
    made = prep.convened(house, house.follow("Quibérac-Adjointe"), people=("alice", "hugo"))
    for wrong in (house.paula.user_id, house.charlie.user_id, house.hugo.user_id, "0" * 32):
        with pytest.raises(InvalidInput):
            services.answering.excuse(house.alice, made, wrong)
    services.answering.excuse(house.alice, made, house.bob.user_id)
    assert prep.seat_of(house, made, "alice").proposed_id == house.bob.user_id, "control"


@pytest.mark.parametrize("title", ["convened", "owner", "secretary"])
def test_a_planted_box_of_a_meeting_opens_nothing(fresh_house: House, title: str) -> None:
    """Nobody gave it: an alarm, and no key when keys turn."""
    house = fresh_house
    number = house.follow("Quibérac-Boîte")
    room = sitting(house, {number: ["hugo"]})
    place = row(house, Compartment, dossier_id=row(house, Dossier, number=number).id, kind="identity")
    insert(
        house, "box", id=new_id(), compartment_id=place.id, key_version=1, holder_id=house.bob.user_id, to_ring=0, title=title,
        reference=room.meeting, sealed=b"x", rewrapped=0, mac=b"x",
    )  # fmt: skip
    with pytest.raises(CaseworkError):
        house.open(house.bob, number)
    due(house, number)
    with suppress(CaseworkError):
        services.turnover.turn_keys(house.stella, number)
    assert [each.sealed for each in rows(house, Box, compartment_id=place.id, holder_id=house.bob.user_id)] in ([], [b"x"])
    assert "identity" in reads(house, "hugo", number), "control"


def test_an_end_moved_in_the_database_opens_nothing(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Heure")
    sitting(house, {number: ["hugo"]})
    assert "identity" in reads(house, "hugo", number), "control"
    tamper(house, "UPDATE box SET until = '2027-03-02 09:00:00.000000' WHERE title = 'convened'")
    with pytest.raises(CaseworkError):
        reads(house, "hugo", number)


def test_a_personal_link_said_after_the_meeting_shuts_task_minutes_and_key(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Lien")
    room = sitting(house, {number: ["bob"]})
    decide(room, number, actions=(task(house, "bob", "Appeler."),))
    close(room)
    (mine,) = services.tasks.board(house.bob).mine
    assert minutes(room, "bob").lines, "control"
    services.conflicts.declare_for(house.stella, number, "bob")
    assert not services.tasks.board(house.bob).mine
    assert not minutes(room, "bob").lines
    assert not minutes(room, "bob").actions
    for attempt in (
        lambda: services.reporting.report(house.bob, mine.id, ReportDraft("done", "Vu.")),
        lambda: services.reporting.prepare(house.bob, mine.id),
        lambda: house.open(house.bob, number),
    ):
        with pytest.raises(NotFound):
            attempt()
    services.conflicts.settle(house.stella, number)
    assert not [each for each in rows(house, Box, holder_id=house.bob.user_id) if each.reference == mine.id and each.title != "owner"]
    held = {each.compartment_id for each in rows(house, Box, holder_id=house.bob.user_id)}
    kept = {each.id for each in rows(house, Compartment) if each.kind in ("identity", "decisions")}
    assert not held & kept


def test_two_closings_at_once_close_once(house: House) -> None:
    """On SQLite and on PostgreSQL."""
    number = house.follow(f"Quibérac-{new_id()[:6]}")
    room = sitting(house, {number: ["alice"]})
    decide(room, number, actions=(task(house, "alice", "Appeler."),))
    seen, failed = services.closing.prepare(house.stella, room.meeting).seen, []

    def shut() -> None:
        try:
            services.closing.close(house.stella, room.meeting, [], seen)
        except CaseworkError as problem:
            failed.append(problem)

    both = [threading.Thread(target=shut) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert not failed
    drawn = rows(house, Minutes, meeting_id=room.meeting)
    assert len(drawn) == len({each.institution_id for each in drawn})
    assert (
        len([each for each in rows(house, Compartment, kind="extract") if each.owner_id == row(house, Task, meeting_id=room.meeting).id])
        == 1
    )


def test_words_of_a_meeting_are_in_no_byte(fresh_house: House) -> None:
    """Point, guest, decision, task and result, with the control that the place of the meeting, which is clear, is found."""
    house = fresh_house
    number = house.follow("Quibérac-Canari")
    room = sitting(house, {number: ["alice"]})
    services.points.write(
        house.stella, room.meeting, PointDraft(f"{CANARY}-lieu", f"{CANARY}-trouble", f"{CANARY}-geste", house.bob.user_id, SOON)
    )
    services.attendance.add_guest(
        house.stella, room.meeting, GuestDraft(f"{CANARY}-invité", "municipal_police", "", house.clock.now().date(), "CH-7")
    )
    decide(room, number, text=f"{CANARY}-décision", actions=(task(house, "alice", f"{CANARY}-action"),))
    close(room)
    mine = next(each for each in services.tasks.board(house.alice).mine if each.number)
    services.reporting.report(house.alice, mine.id, ReportDraft("done", f"{CANARY}-résultat"))
    bytes_ = b"".join(each.read_bytes() for each in Path(house.instance.config.instance).rglob("*") if each.is_file())
    assert b"Salle des mariages" in bytes_, "control"
    assert CANARY.encode() not in bytes_


def test_a_table_with_numbers_that_are_none_is_refused_not_broken(fresh_house: House) -> None:
    house = fresh_house
    for wrong in ("[[Infinity, []]]", "[[1e999, []]]", "[[NaN, []]]", '[[1, ["\\ud800"]]]', "[" * 3000, '[["9' + "9" * 5000 + '", []]]'):
        with pytest.raises(InvalidInput):
            services.importing.apply(house.stella, wrong, "x")


def test_nobody_is_reminded_of_what_was_not_handed_out_or_is_not_theirs(fresh_house: House) -> None:
    """Before the close an action is words on a form; and of a person to whom its owner has a link, not even the number goes."""
    house, tomorrow = fresh_house, fresh_house.clock.now().date() + timedelta(days=1)
    one, two = house.follow("Quibérac-Rappel"), house.follow("Quibérac-Ex")
    room = sitting(house, {one: ["bob"], two: ["bob"]})
    for number in (one, two):
        decide(room, number, actions=(task(house, "bob", "Appeler.", due=tomorrow),))
    assert remind(System(house.instance)).due == 0
    close(room)
    services.conflicts.declare_for(house.stella, two, "bob")
    assert remind(System(house.instance)).due == 1
    assert [each.number for each in rows(house, Alert, kind="task_due")] == [one], "control: the other one"


@pytest.mark.parametrize("wrong", ["a@b.fr\nBcc: x@y.fr", "a@b.fr\r\nX: y"])
def test_a_header_in_an_address_or_a_subject_is_no_message_and_hinders_no_other(house: House, tmp_path: Path, wrong: str) -> None:
    """Convocations leave after the meeting is convened: nothing may break there. An administrator wrote the address."""
    config = house.instance.config
    config = replace(config, mail=replace(config.mail, folder=tmp_path, sender="casework@example.org"))
    right = mail.Message("bob@example.org", "Convocation", "Bonjour.")
    posted = mail.post(config, [replace(right, to=wrong), replace(right, subject=wrong), right], at=house.clock.now())
    assert (posted.sent, posted.failed) == (1, 2)
    (kept,) = tmp_path.iterdir()
    assert b"To: bob@example.org" in kept.read_bytes(), "control"


def test_what_an_author_keeps_is_turned_for_the_author_alone(fresh_house: House) -> None:
    """Bob's own notes under a key that is due: neither lost to him nor handed to the social worker who leads."""
    house = fresh_house
    number = house.follow("Quibérac-Propre")
    services.shares.give(house.stella, number, ["identity", "confidential"], "bob", until=None)
    house.note(house.bob, number, "Avant.", compartment="social")
    place = row(house, Compartment, dossier_id=row(house, Dossier, number=number).id, kind="social")
    due(house, number)
    house.note(house.bob, number, "Après.", compartment="social")
    assert {(each.holder_id, each.title, each.key_version) for each in rows(house, Box, compartment_id=place.id)} == {
        (house.bob.user_id, "author", 2)
    }
    assert {"Avant.", "Après."} <= {each.body for each in house.open(house.bob, number).timeline}
