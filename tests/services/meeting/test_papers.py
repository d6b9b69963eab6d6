"""What is printed of a meeting: exact numbers for those who prepare it, no name of a followed person, one leaf for each sheet."""

from datetime import date

import pytest

from casework import paper, services
from casework.errors import NotFound
from casework.models.base import new_id
from casework.models.meetings import Item, Point, Seat
from casework.services import Actor
from casework.services.meeting import papers
from casework.services.membership import cell_ring
from casework.services.unit import writing
from casework.web import paper_sheets
from tests.house import House
from tests.jobs.test_sweep import newest_leaf
from tests.paper.reading import Printed, read
from tests.services.meeting.room import PREPARE, Room, convene, secretary

NAMES = ("Quibérac-Papier", "Quibérac-Lavoir", "Quibérac-Retrait", "Quibérac-Propose")
CHILD = "Théodule"


@pytest.fixture(scope="module")
def room(house: House) -> Room:
    """Four dossiers: one told about, one deferred, one withdrawn, one only proposed; a guest, and a point without a person."""
    numbers = [house.follow(name) for name in NAMES]
    room = convene(house, dict.fromkeys(numbers, ("alice", "bob")), people=["hugo", "paula"])
    room.change(Item, room.items[numbers[0]], informed="informed")
    room.change(Item, room.items[numbers[1]], informed="deferred", deferral="danger")
    room.change(Item, room.items[numbers[2]], status="withdrawn")
    room.change(Item, room.items[numbers[3]], status="proposed")
    room.change(Seat, room.seats["paula"], status="excused")
    with writing(room.steward, PREPARE) as unit:
        seat = Seat(
            id=new_id(), meeting_id=room.meeting, user_id=None, institution_id=room.house.hugo.institution_id, profession="health",
            status="present", charter_reference="feuille 12", charter_date=date(2026, 3, 2), version=1,
        )  # fmt: skip
        seat.epoch_id, seat.name_sealed = cell_ring.seal(
            unit, house.cells["nord"], {"name": "Ondine Vernay"}, table="meeting_seat", row_id=seat.id
        )
        epoch, sealed = cell_ring.seal(unit, house.cells["nord"], {"place": "Lavoir"}, table="meeting_point", row_id="p")
        unit.session.add(seat)
        unit.session.add(
            Point(
                id=new_id(), meeting_id=room.meeting, author_id=room.steward.user_id, written_at=unit.now, epoch_id=epoch, sealed=sealed,
                version=1,
            )
        )  # fmt: skip
    return room


def printed(sheet: paper.Sheet) -> Printed:
    """The sheet as a reader gets it; no name of a followed person is ever in it."""
    pdf = paper.press(sheet)
    found = read(pdf)
    assert not [name for name in (*NAMES, CHILD) if name in found.text or name.encode() in pdf]
    return found


def expected(room: Room) -> list[str]:
    """Numbers on the agenda."""
    return list(room.items)[:2]


def test_the_agenda_is_numbers_and_nothing_else(room: Room) -> None:
    """In order; told or deferred, never why; the point is counted, its place not told."""
    found = printed(paper_sheets.agenda(services.papers.agenda(room.steward, room.meeting)))
    assert found.numbers == expected(room)
    for words in ("Personne informée", "Information différée", "Un point, à lire à l’écran", "Salle des mariages"):
        assert words in found.text
    assert "danger" not in found.text
    assert "Lavoir" not in found.text


def test_control_a_name_on_a_sheet_would_be_found(room: Room) -> None:
    """The reader of these tests sees names where there are some."""
    shown = services.papers.attendance(room.steward, room.meeting)
    assert "Alice" in printed(paper_sheets.attendance(shown)).text


def test_the_blank_sheet_has_every_number_once_and_every_outcome_to_tick(room: Room) -> None:
    """And lines for those who are expected."""
    shown = services.papers.blank_decisions(room.steward, room.meeting)
    found = printed(paper_sheets.blank_decisions(shown))
    assert found.numbers == expected(room)
    for outcome in room.house.instance.charter.meetings.outcomes.values():
        assert found.text.count(outcome.label) == len(expected(room))
    assert shown.seats == 4 + papers.SPARE_SEATS


def test_the_attendance_sheet_names_professionals_and_guests(room: Room) -> None:
    """Not who is excused; a guest with the charter they signed; no dossier at all."""
    found = printed(paper_sheets.attendance(services.papers.attendance(room.steward, room.meeting)))
    for words in (
        "Alice",
        "Bob",
        "Hugo",
        "Collège des Tilleuls",
        "Ondine Vernay",
        "feuille 12",
        "2 mars 2026",
        "professionnel·le de santé",
    ):
        assert words in found.text, words
    assert "Paula" not in found.text
    assert found.numbers == []


@pytest.mark.parametrize("verb", [papers.agenda, papers.blank_decisions, papers.attendance])
def test_who_prepares_prints_and_nobody_else(room: Room, verb: papers.Printing) -> None:
    """The secretary too; a convened member, a stranger, the steward of another cell and the auditor get nothing."""
    serge = secretary(room.house)
    assert verb(serge, room.meeting).head.place == "Salle des mariages"
    house = room.house
    for actor in (house.bob, house.charlie, house.sam, house.ada, house.elsa):
        with pytest.raises(NotFound):
            verb(actor, room.meeting)
    with pytest.raises(NotFound):
        verb(room.steward, "nulle-part")


def test_each_sheet_leaves_its_line(room: Room) -> None:
    """Meeting, numbers shown, and the channel; the attendance names no dossier."""
    assert leaf_of(room, papers.agenda, room.steward) == ("meeting.prepare", room.meeting, expected(room), {"channel": "pdf"})
    assert leaf_of(room, papers.blank_decisions, room.steward) == ("meeting.prepare", room.meeting, expected(room), {"channel": "pdf"})
    assert leaf_of(room, papers.attendance, room.steward) == ("meeting.attend", room.meeting, [], {"channel": "pdf"})


def leaf_of(room: Room, verb: papers.Printing, actor: Actor) -> tuple[str, str | None, list[str], dict[str, str | int]]:
    """What the newest line says after a verb."""
    verb(actor, room.meeting)
    leaf = newest_leaf(room.house)
    assert not [kinds for _, kinds in leaf.dossiers if kinds]
    return leaf.action, leaf.meeting, sorted(number for number, _ in leaf.dossiers), dict(leaf.facts)
