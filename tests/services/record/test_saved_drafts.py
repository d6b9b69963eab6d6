"""Drafts: sealed to their author, taken up by nobody else, kept also when the session has just ended, gone in time."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from casework import services
from casework.errors import InvalidInput, SessionEnded, TamperedError, TooManyAttempts
from casework.jobs.system import System
from casework.models.attention import Draft
from casework.services.offices import sessions
from casework.services.offices.sweeping import sweep
from casework.services.record import saved_drafts
from casework.services.record.saved_drafts import draft_context
from casework.vault import sessionkeys
from tests.house import House

TYPED = (("body", "Reçue avec sa mère, quai Neuf."), ("kind", "observation"), ("kind", "deux fois"))
NEEDLE = "quai Neuf"


@pytest.fixture(autouse=True)
def nothing_kept(request: pytest.FixtureRequest) -> None:
    """Each test begins without drafts and without counted keepings."""
    for name in {"house", "fresh_house", "lone_house"} & set(request.fixturenames):
        built: House = request.getfixturevalue(name)
        built.clock.advance(timedelta(minutes=11))
        with built.instance.database.writing() as session:
            session.execute(delete(Draft))


def rows(house: House) -> list[Draft]:
    with house.instance.database.reading() as session:
        return list(session.scalars(select(Draft)).all())


def test_a_draft_comes_back_to_its_author_as_it_was(house: House) -> None:
    at = saved_drafts.keep(house.alice, "note", "2026-0001", TYPED)
    found = saved_drafts.opened(house.alice, "note", "2026-0001")
    assert found is not None
    assert (found.fields, found.saved_at) == (TYPED, at)
    saved_drafts.keep(house.alice, "note", "2026-0001", [("body", "Autre texte.")])
    assert len(rows(house)) == 1
    saved_drafts.drop(house.alice, "note", "2026-0001")
    saved_drafts.drop(house.alice, "note", "2026-0001")
    assert saved_drafts.opened(house.alice, "note", "2026-0001") is None
    assert rows(house) == []


def test_nobody_else_has_it_and_no_other_form(house: House) -> None:
    saved_drafts.keep(house.alice, "note", "2026-0001", TYPED)
    assert saved_drafts.opened(house.bob, "note", "2026-0001") is None
    for form, place in (("note", "2026-0002"), ("correction", "2026-0001"), ("identity", "2026-0001")):
        assert saved_drafts.opened(house.alice, form, place) is None
    assert saved_drafts.mine(house.bob) == ()


def test_a_row_moved_to_somebody_or_somewhere_else_does_not_open(house: House) -> None:
    """And with the key it was sealed for, in the place it was sealed for, it does (positive control)."""
    saved_drafts.keep(house.alice, "note", "2026-0001", TYPED)
    (row,) = rows(house)
    instance = house.instance.anchor.instance
    right = draft_context(instance, house.alice.user_id, "note", "2026-0001")
    assert NEEDLE.encode() in house.alice.keyring.private.open(row.sealed, right)
    for actor, context in (
        (house.bob, right),
        (house.alice, draft_context(instance, house.alice.user_id, "note", "2026-0002")),
        (house.alice, draft_context(instance, house.bob.user_id, "note", "2026-0001")),
    ):
        with pytest.raises(TamperedError):
            actor.keyring.private.open(row.sealed, context)
    with house.instance.database.writing() as session:
        session.get_one(Draft, row.id).user_id = house.bob.user_id
    assert saved_drafts.opened(house.bob, "note", "2026-0001") is None
    assert rows(house) == []


def test_a_stolen_database_shows_no_draft(fresh_house: House) -> None:
    saved_drafts.keep(fresh_house.alice, "referral", "", TYPED)
    fresh_house.instance.close()
    path = fresh_house.instance.config.database_url.removeprefix("sqlite:///")
    with open(path, "rb") as file:  # noqa: PTH123  # bytes as a thief has them
        stolen = file.read()
    assert NEEDLE.encode() not in stolen
    assert fresh_house.alice.user_id.encode() in stolen  # control: what is in the clear is found


def test_lengths_say_little(house: House) -> None:
    sizes = set()
    for count, text in enumerate(("", "court", "x" * 700)):
        saved_drafts.keep(house.alice, "note", f"2026-{count}", [("body", text)])
    sizes = {len(row.sealed) for row in rows(house)}
    assert len(sizes) == 1


@pytest.mark.parametrize(
    ("form", "place", "fields"),
    [("rumour", "", ()), ("", "", ()), ("note", "2026/0001", ()), ("note", "x" * 33, ()), ("note", "2026-0001", [("body", "é" * 33_000)])],
)
def test_what_is_no_form_or_too_long_is_not_kept(house: House, form: str, place: str, fields: list[tuple[str, str]]) -> None:
    with pytest.raises(InvalidInput):
        saved_drafts.keep(house.alice, form, place, fields)
    assert rows(house) == []


def test_keeping_is_limited(house: House) -> None:
    for count in range(saved_drafts.MOST):
        saved_drafts.keep(house.alice, "note", f"2026-{count}", TYPED)
    with pytest.raises(InvalidInput):
        saved_drafts.keep(house.alice, "note", "2026-more", TYPED)
    assert len(rows(house)) == saved_drafts.MOST
    for _ in range(saved_drafts.PER_WINDOW - saved_drafts.MOST - 1):
        saved_drafts.keep(house.alice, "note", "2026-1", TYPED)
    with pytest.raises(TooManyAttempts):
        saved_drafts.keep(house.alice, "note", "2026-1", TYPED)


def idle(house: House) -> str:
    """Alice signed in, and then went away too long; somebody else's request has wiped her session since."""
    secret = sessions.start(house.alice)
    house.clock.advance(timedelta(seconds=house.instance.limits.idle))
    with pytest.raises(SessionEnded):
        sessions.resume(house.instance, secret)
    return secret


def test_after_the_idle_limit_it_is_still_sealed_to_its_author(house: House) -> None:
    secret = idle(house)
    assert saved_drafts.keep_after(house.instance, secret, "note", "2026-0001", TYPED)
    found = saved_drafts.opened(house.alice, "note", "2026-0001")
    assert found is not None
    assert found.fields == TYPED
    with pytest.raises(SessionEnded):
        sessions.resume(house.instance, secret)


def test_what_remains_of_an_ended_session_opens_nothing(house: House) -> None:
    secret = sessions.start(house.alice)
    row = house.instance.sessions.find(sessionkeys.session_id(secret))
    assert row is not None
    assert row.locked in house.instance.sessions.path.read_bytes()
    house.clock.advance(timedelta(seconds=house.instance.limits.idle))
    with pytest.raises(SessionEnded):
        sessions.resume(house.instance, secret)
    assert row.locked not in house.instance.sessions.path.read_bytes()
    assert house.instance.sessions.find(row.id) is None


@pytest.mark.parametrize("how", ["absolute", "signed_out", "signed_in_again", "never"])
def test_of_a_session_that_is_gone_nothing_is_kept(house: House, how: str) -> None:
    secret = idle(house) if how != "never" else "never-there"
    if how == "absolute":
        house.clock.advance(timedelta(seconds=house.instance.limits.absolute))
    elif how != "never":
        sessions.end(house.instance, secret)
    assert not saved_drafts.keep_after(house.instance, secret, "note", "2026-0001", TYPED)
    assert rows(house) == []


def test_a_living_session_is_no_ended_one(house: House) -> None:
    secret = sessions.start(house.alice)
    assert not saved_drafts.keep_after(house.instance, secret, "note", "2026-0001", TYPED)


def test_keeping_late_is_limited_too(house: House) -> None:
    secret = idle(house)
    for _ in range(saved_drafts.PER_WINDOW):
        saved_drafts.keep_after(house.instance, secret, "note", "2026-0001", TYPED)
    with pytest.raises(TooManyAttempts):
        saved_drafts.keep_after(house.instance, secret, "note", "2026-0001", TYPED)


def test_my_list_forgets_dossiers_that_are_no_longer_mine(house: House) -> None:
    number = house.follow("Quibérac-Brouillon")
    services.shares.give(house.stella, number, ["identity"], "bob", until=house.clock.now() + timedelta(days=1))
    saved_drafts.keep(house.bob, "note", number, TYPED)
    saved_drafts.keep(house.bob, "note", "2026-9999", TYPED)
    saved_drafts.keep(house.bob, "referral", "", TYPED)
    assert {(line.form, line.place) for line in saved_drafts.mine(house.bob)} == {("note", number), ("referral", "")}
    house.clock.advance(timedelta(days=2))
    assert [(line.form, line.place) for line in saved_drafts.mine(house.bob)] == [("referral", "")]
    assert {row.form for row in rows(house)} == {"referral"}


def test_after_seven_days_it_is_gone(house: House) -> None:
    saved_drafts.keep(house.alice, "note", "2026-0001", TYPED)
    house.clock.advance(timedelta(days=6))
    assert sweep(System(house.instance)).drafts == 0
    house.clock.advance(timedelta(days=1))
    assert saved_drafts.opened(house.alice, "note", "2026-0001") is None
    assert sweep(System(house.instance)).drafts == 1
    assert rows(house) == []


def test_each_keeping_and_opening_leaves_a_line_without_a_word(house: House) -> None:
    query = services.drafts.AccessQuery()
    before = services.accesses.read(house.ada, query).count
    saved_drafts.keep(house.alice, "note", "2026-0001", TYPED)
    saved_drafts.opened(house.alice, "note", "2026-0001")
    saved_drafts.opened(house.alice, "note", "2026-0002")
    page = services.accesses.read(house.ada, query)
    assert page.count == before + 3
    assert [line.dossiers for line in page.lines[:2]] == [(), ()]
