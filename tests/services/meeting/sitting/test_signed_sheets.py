"""The attendance sheet signed on paper: who hands it in and who gets it back, what is taken, sealed, replaced, and what it changes not."""

import secrets
from datetime import timedelta

import pytest
from sqlalchemy import delete, make_url, update

from casework import services
from casework.errors import InvalidInput, NotFound, TamperedError
from casework.ledger import verify
from casework.models.base import recorded_models
from casework.models.meetings import Hearing, SheetScan, SignedSheet
from casework.services.meeting.sitting.sitting_views import SheetDraft
from tests.attacks.sql import row, rows
from tests.house import House
from tests.models.test_deleted import tables_with
from tests.services.meeting.outcome import arrive, close, decide, sitting
from tests.services.meeting.room import Room, convene, reads, secretary

CANARY = b"Canari-Ondine-Trebuchet-signature"
PDF = b"%PDF-1.4\n" + CANARY + b"\nstartxref\n9\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0" + CANARY + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + CANARY + b"\x00\x00\x00\x00IEND\xaeB`\x82"


def draft(house: House, data: bytes = PDF, *, seen: int = 0, **changes: object) -> SheetDraft:
    """A sheet as the form brings it."""
    typed = {"reference": "FP-2026-14", "signed_on": house.clock.now().date(), "data": data, "seen": seen}
    return SheetDraft(**{**typed, **changes})  # type: ignore[arg-type]  # as a form would send it


def held(house: House, *names: str) -> tuple[Room, str]:
    """A meeting under way about one dossier that these people are concerned by."""
    number = house.follow(f"Feuille-{secrets.token_hex(3)}")
    return sitting(house, {number: list(names)}), number


def test_whoever_keeps_the_sheet_hands_it_in_and_gets_it_back(house: House) -> None:
    """During the sitting and after its close; steward and secretary, the same bytes; each answer leaves one line."""
    room, number = held(house, "bob")
    serge = secretary(house)
    services.signed_sheets.record(serge, room.meeting, draft(house))
    decide(room, number)
    close(room)
    for keeper in (house.stella, serge):
        before = _leaves(house)
        found = services.signed_sheets.scan(keeper, room.meeting)
        assert (found.data, found.media_type, found.suffix) == (PDF, "application/pdf", "pdf")
        assert _leaves(house) == before + 2, "one for the scan, one for the question"
    kept = services.signed_sheets.page(house.stella, room.meeting).kept
    assert kept is not None
    assert (kept.reference, kept.by, kept.version) == ("FP-2026-14", "Serge", 1)
    assert kept.until is not None
    assert kept.until - house.clock.now().date() == house.instance.charter.meetings.sheets


def _leaves(house: House) -> int:
    return services.accesses.read(house.ada, services.drafts.AccessQuery()).count


def test_nobody_else_hands_one_in_or_gets_one(house: House) -> None:
    """Bob, who sits there and holds the cell's ring; Charlie and Sam of elsewhere; the elected; offices. Control: Stella."""
    room, _ = held(house, "bob")
    services.signed_sheets.record(house.stella, room.meeting, draft(house))
    for stranger in (house.bob, house.charlie, house.sam, house.elsa, house.ada, house.dora, house.oscar):
        for verb in (services.signed_sheets.scan, services.signed_sheets.page):
            with pytest.raises(NotFound):
                verb(stranger, room.meeting)
        with pytest.raises(NotFound):
            services.signed_sheets.record(stranger, room.meeting, draft(house, JPEG, seen=1))
        with pytest.raises(NotFound):
            services.signed_sheets.tick(stranger, room.meeting, {room.seats["bob"]: (False, True)})
    assert services.signed_sheets.scan(house.stella, room.meeting).data == PDF
    assert room.seat("bob").signed is None


def test_before_the_sitting_there_is_no_sheet(house: House) -> None:
    """Convened only; and a sitting without one has no scan to give and nobody to tick."""
    room = convene(house, {house.follow("Feuille-Avant"): ["bob"]})
    with pytest.raises(NotFound):
        services.signed_sheets.record(house.stella, room.meeting, draft(house))
    room, _ = held(house, "bob")
    assert services.signed_sheets.page(house.stella, room.meeting).kept is None
    with pytest.raises(NotFound):
        services.signed_sheets.scan(house.stella, room.meeting)
    with pytest.raises(NotFound):
        services.signed_sheets.tick(house.stella, room.meeting, {room.seats["bob"]: (False, True)})


@pytest.mark.parametrize(
    ("data", "media_type"), [(PDF, "application/pdf"), (JPEG, "image/jpeg"), (PNG, "image/png"), (JPEG + b"\0" * 200, "image/jpeg")]
)
def test_three_kinds_are_taken_by_their_own_bytes(house: House, data: bytes, media_type: str) -> None:
    room, _ = held(house, "bob")
    services.signed_sheets.record(house.stella, room.meeting, draft(house, data))
    found = services.signed_sheets.scan(house.stella, room.meeting)
    assert (found.data, found.media_type) == (data, media_type)


WRONG: list[tuple[str, object, str]] = [
    ("data", b"", "vide"),
    ("data", PDF[:-8], "incomplet"),
    ("data", JPEG[:-2], "incomplet"),
    ("data", PNG[:-3], "incomplet"),
    ("data", b"\xff\xd8\xff", "incomplet"),
    ("data", b"PK\x03\x04" + PDF, "ni un PDF"),
    ("data", b"<html>" + PDF, "ni un PDF"),
    ("data", b"GIF89a", "ni un PDF"),
    ("data", PDF[:-6] + b"\0" * (5 * 1024 * 1024) + b"%%EOF\n", "5 Mo"),
    ("reference", "Ondine Trébuchet", "rangé"),
    ("reference", "", "rangé"),
    ("signed_on", None, "jour"),
]


@pytest.mark.parametrize(("field", "value", "said"), WRONG, ids=[f"{field}-{place}" for place, (field, _, _) in enumerate(WRONG)])
def test_what_is_no_sheet_is_refused_at_its_field(house: House, field: str, value: object, said: str) -> None:
    """And nothing is kept. Control: the same, whole, is taken (above)."""
    room, _ = held(house, "bob")
    with pytest.raises(InvalidInput) as problem:
        services.signed_sheets.record(house.stella, room.meeting, draft(house, **{field: value}))  # type: ignore[arg-type]  # any field
    ((where, sentence),) = problem.value.problems.items()
    assert (where, said in sentence) == ("scan" if field == "data" else field, True)
    assert services.signed_sheets.page(house.stella, room.meeting).kept is None


def test_a_day_before_the_meeting_or_after_today_is_refused(house: House) -> None:
    room, _ = held(house, "bob")
    for days in (-3, 2):
        with pytest.raises(InvalidInput, match="signed_on"):
            services.signed_sheets.record(
                house.stella, room.meeting, draft(house, signed_on=house.clock.now().date() + timedelta(days=days))
            )


def test_one_scan_is_current_and_the_former_is_gone(lone_house: House) -> None:
    """Who and when are kept of each; the same twice is one act; nobody replaces what they have not seen."""
    house = lone_house
    room, _ = held(house, "bob")
    serge = secretary(house)
    for _twice in range(2):
        services.signed_sheets.record(serge, room.meeting, draft(house))
    former = row(house, SheetScan).sealed
    url = make_url(house.instance.config.database_url).render_as_string(hide_password=False)
    assert list(tables_with(url, former)) == ["sheet_scan"]
    with pytest.raises(InvalidInput, match="form"):
        services.signed_sheets.record(house.stella, room.meeting, draft(house, PNG))
    services.signed_sheets.record(house.stella, room.meeting, draft(house, PNG, seen=1))
    assert services.signed_sheets.scan(serge, room.meeting).data == PNG
    assert (row(house, SignedSheet).version, row(house, SignedSheet).recorded_by) == (2, house.stella.user_id)
    assert list(tables_with(url, former)) == []
    with house.instance.database.reading() as session:
        assert verify(session, saved=None, recorded=recorded_models()).ok


def test_no_byte_of_it_is_in_the_clear_at_rest(lone_house: House) -> None:
    """On either engine, in every table. Control: the reference, which is clear on purpose, is found."""
    house = lone_house
    room, _ = held(house, "bob")
    services.signed_sheets.record(house.stella, room.meeting, draft(house))
    url = make_url(house.instance.config.database_url).render_as_string(hide_password=False)
    assert list(tables_with(url, b"FP-2026-14")) == ["signed_sheet"]
    for piece in (CANARY, CANARY[7:22], PDF[:9]):
        assert list(tables_with(url, piece)) == []
    raw = b"".join(path.read_bytes() for path in house.instance.config.instance.rglob("*") if path.is_file())
    assert CANARY not in raw
    assert CANARY[7:22] not in raw


@pytest.mark.parametrize("column", ["sealed", "sheet_id"])
def test_the_scan_of_another_meeting_does_not_take_its_place(fresh_house: House, column: str) -> None:
    """Its bytes under this row, or its row under this sheet. Control: untouched, both open."""
    house = fresh_house
    (mine, _), (other, _) = held(house, "bob"), held(house, "paula")
    services.signed_sheets.record(house.stella, mine.meeting, draft(house))
    services.signed_sheets.record(house.stella, other.meeting, draft(house, PNG))
    assert [services.signed_sheets.scan(house.stella, each.meeting).data for each in (mine, other)] == [PDF, PNG]
    sheets = {each.meeting_id: each.id for each in rows(house, SignedSheet)}
    ours, theirs = (row(house, SheetScan, sheet_id=sheets[each]) for each in (mine.meeting, other.meeting))
    with house.instance.database.writing() as session:
        if column == "sealed":
            session.execute(update(SheetScan).where(SheetScan.id == ours.id).values(sealed=theirs.sealed, epoch_id=theirs.epoch_id))
        else:
            session.execute(delete(SheetScan).where(SheetScan.id == ours.id))
            session.execute(update(SheetScan).where(SheetScan.id == theirs.id).values(sheet_id=ours.sheet_id))
    with pytest.raises(TamperedError):
        services.signed_sheets.scan(house.stella, mine.meeting)


def test_ticking_from_the_sheet_rewrites_nothing(house: House) -> None:
    """Who left before the item, or was not noted, did not read it, whatever they signed: no hearing, state or key comes of it."""
    number = house.follow("Feuille-Partie")
    room = sitting(house, {number: ["bob", "paula"]})
    arrive(room, "bob")
    services.attendance.leave(house.stella, room.meeting, [room.seats["bob"]])
    services.showing.call(house.stella, room.meeting, room.items[number])
    decide(room, number)
    close(room)
    services.signed_sheets.record(house.stella, room.meeting, draft(house))
    heard = [(each.id, each.seat_id, each.heard_at) for each in rows(house, Hearing, item_id=room.items[number])]
    ticks = {room.seats[name]: (False, True) for name in ("bob", "paula")}
    assert services.signed_sheets.tick(house.stella, room.meeting, ticks) == 2
    assert services.signed_sheets.tick(house.stella, room.meeting, {room.seats["bob"]: (False, False)}) == 0, "another's tick stays"
    assert [(each.id, each.seat_id, each.heard_at) for each in rows(house, Hearing, item_id=room.items[number])] == heard
    bob, paula = room.seat("bob"), room.seat("paula")
    assert (bob.status, bob.left_at is not None, bob.signed) == ("left", True, True)
    assert (paula.status, paula.arrived_at, paula.signed) == ("convened", None, True)
    assert reads(house, "paula", number) == frozenset()
    saw = services.hearings.of_item(house.ada, room.meeting, number)
    assert {each.name for each in saw.missed} >= {"Bob", "Paula"}
    assert {each.place.name: (each.signed, each.there) for each in services.signed_sheets.page(house.stella, room.meeting).people} == {
        "Bob": (True, True), "Paula": (True, False), "Stella": (False, True),
    }  # fmt: skip
    assert services.signed_sheets.tick(house.stella, room.meeting, {room.seats["bob"]: (True, False)}) == 1
    assert room.seat("bob").signed is False
