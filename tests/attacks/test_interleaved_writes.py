"""PostgreSQL lets two writers read the same dossier before either commits: what the second decided must still be true when it writes."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from casework import services
from casework.errors import CaseworkError, InvalidInput, NotFound
from casework.models.content import Entry
from casework.models.dossiers import Box, Dossier
from casework.models.orientations import ReferralStep
from casework.models.support import AddressingRule
from casework.services.dossier import entries
from casework.services.meeting.decisions.outcome_views import ReportDraft
from casework.services.referral import examination
from casework.services.safety.addressing import ConsigneDraft
from casework.services.sharing import conflicts
from casework.services.unit import Unit
from casework.services.wall import linking, staying
from casework.services.wall.linking import LinkDraft
from casework.services.wall.walling import WallDraft
from tests.attacks.sql import row, rows
from tests.attacks.test_fifth_round import by_link
from tests.house import House
from tests.services.orientation import oriented
from tests.services.partner.partners import orientation
from tests.services.safety.place import founded
from tests.services.wall.town import apart, second_steward, stay

POSTGRESQL = pytest.mark.parametrize("lone_house", ["postgresql"], indirect=True)


def in_the_middle(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, act: Any) -> None:
    """The first time `module.name` is called, somebody else does `act` to its end before it goes on."""
    original = getattr(module, name)
    done: list[bool] = []

    def other() -> None:
        with suppress(CaseworkError, DBAPIError):  # having to wait, or being told to come back, is an answer
            act()

    def step(*given: Any) -> Any:
        found = original(*given)
        if not done:
            done.append(True)
            thread = Thread(target=other)
            thread.start()
            thread.join()
        return found

    monkeypatch.setattr(module, name, step)


class Waiting:
    """Somebody who begins `act` as soon as `module.name` is done for the first time, and waits there. Whoever held them up goes on then."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, act: Callable[[], object]) -> None:
        self._house, self._act = house, act
        self._thread = Thread(target=self._do)
        self.problem: Exception | None = None
        original = getattr(module, name)

        def step(*given: Any, **more: Any) -> Any:
            found = original(*given, **more)
            if self._thread.ident is None:
                self._thread.start()
                assert self._waits(), "nobody waits"
            return found

        monkeypatch.setattr(module, name, step)

    def end(self) -> Exception | None:
        """Let them come to their end; what stopped them, if anything did."""
        self._thread.join()
        return self.problem

    def _do(self) -> None:
        try:
            self._act()
        except (CaseworkError, DBAPIError) as problem:
            self.problem = problem

    def _waits(self) -> bool:
        asked = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        for _ in range(200):
            with self._house.instance.database.reading() as session:
                if session.execute(asked).scalar_one():
                    return True
            time.sleep(0.01)
        return False


@contextmanager
def locks(house: House) -> Iterator[list[str]]:
    """The tables of which rows are held on purpose, in order."""
    held: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FOR UPDATE" in statement:
            of = re.search(r"FOR UPDATE OF (\w+)", statement) or re.search(r"FROM (\w+)", statement)
            held.append(of[1] if of else "")

    engine = house.instance.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield held
    event.remove(engine, "before_cursor_execute", note)


@POSTGRESQL
def test_no_note_is_written_after_the_dossier_was_closed(lone_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house = lone_house
    number = house.follow("Quibérac-Fermeture")
    reason = next(iter(house.instance.charter.vocabulary.closing_reasons))
    draft = house.draft(house.alice, number, "Trop tard.", compartment="confidential")
    in_the_middle(monkeypatch, entries, "readers_of", lambda: services.lifecycle.close(house.stella, number, reason))
    with suppress(CaseworkError, DBAPIError):
        services.entries.write(house.alice, number, draft)
    assert not (row(house, Dossier, number=number).status == "closed" and rows(house, Entry, author_id=house.alice.user_id))


@POSTGRESQL
def test_a_situation_taken_up_twice_has_one_lead(lone_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both volets that every open dossier has are there already, so no constraint of the database comes to the rescue."""
    house = lone_house
    number = house.refer(house.hugo, "Quibérac-Deux-Leads")
    services.records.add_contact(house.stella, number, "Téléphone", "06 39 98 00 00")
    house.note(house.stella, number, "Examinée.", compartment="decisions")
    in_the_middle(monkeypatch, examination, "chosen", lambda: services.lifecycle.take_up(house.stella, number, "bob", date(2026, 9, 1)))
    with suppress(CaseworkError, DBAPIError):
        services.lifecycle.take_up(house.stella, number, "alice", date(2026, 9, 1))
    assert {box.holder_id for box in rows(house, Box, title="lead")} == {row(house, Dossier, number=number).lead_id}


def two_stewards(house: House) -> tuple[str, str]:
    """Two dossiers that Stella and Sam both keep, by the ring of stewards: no box of Sam's own goes when he is shut out."""
    second_steward(house)
    house.actors["sam"] = house.sign_in("sam")
    both = house.follow("Quibérac-Attente"), house.follow("Ploumanac-Attente", lead="bob")
    services.turnover.settle_pending(house.stella)
    return both


@POSTGRESQL
@pytest.mark.parametrize(
    ("shut", "asked_again", "written"),
    [
        ("wall", True, False),
        ("link", True, False),
        ("withdrawn", True, False),
        ("somebody else", True, True),  # control: waiting alone stops nobody
        ("wall", False, True),  # control: what was answered before the wait says nothing of the wall
    ],
)
def test_who_waits_for_a_wall_stands_before_it(
    lone_house: House, monkeypatch: pytest.MonkeyPatch, shut: str, *, asked_again: bool, written: bool
) -> None:
    house = lone_house
    hers, his = two_stewards(house)
    given = len(rows(house, Box, holder_id=house.hugo.user_id))
    sides = {each.username: each.side for each in services.linking.prepare(house.stella, hers, his).people} | {"sam": linking.UNDECIDED}
    acts: dict[str, Callable[[], object]] = {
        "wall": lambda: services.walling.set(house.stella, hers, WallDraft("sam", "relative")),
        "link": lambda: services.linking.link(house.stella, hers, his, LinkDraft(sides, None, stay(hers))),
        "withdrawn": lambda: services.conflicts.withdraw(house.sam, hers),
        "somebody else": lambda: services.walling.set(house.stella, hers, WallDraft("paula", "relative")),
    }
    if not asked_again:
        monkeypatch.setattr(Unit, "ask_again", lambda _unit: None)
    module, name = (staying, "keep_place") if shut == "link" else (conflicts, "shut")
    sam = Waiting(house, monkeypatch, module, name, lambda: services.shares.give(house.sam, hers, ["identity"], "hugo", until=None))
    acts[shut]()
    assert (type(sam.end()) is NotFound) is not written
    assert (len(rows(house, Box, holder_id=house.hugo.user_id)) > given) is written


@POSTGRESQL
@pytest.mark.parametrize(("who", "taken"), [("celia", False), ("paula", True)])
def test_an_orientations_recipient_who_waits_for_a_wall_takes_no_step(
    lone_house: House, monkeypatch: pytest.MonkeyPatch, who: str, *, taken: bool
) -> None:
    """Control: the wall that was waited for was somebody else's."""
    house = lone_house
    place = oriented.town(house)
    number = oriented.followed(house, "Quibérac-Passage")
    referral = oriented.sent(place, number)
    services.receiving.read(house.celia, referral)
    celia = Waiting(house, monkeypatch, conflicts, "shut", lambda: services.receiving.take(house.celia, referral, "accepted"))
    services.walling.set(house.stella, number, WallDraft(who, "relative"))
    assert (celia.end() is None) is taken
    assert bool(rows(house, ReferralStep, referral_id=referral, step="accepted")) is taken


@POSTGRESQL
@pytest.mark.parametrize(("who", "kept"), [("viola", False), ("paula", True)])
def test_a_consigne_waits_for_what_shuts_its_author_out(
    lone_house: House, monkeypatch: pytest.MonkeyPatch, who: str, *, kept: bool
) -> None:
    """They are told nothing, whatever became of it. Control: the wall that was waited for was somebody else's."""
    house, child = lone_house, founded(lone_house).child
    draft = ConsigneDraft(child, "Mme Fictive, marraine")
    viola = Waiting(house, monkeypatch, conflicts, "shut", lambda: services.addressing.set(house.viola, draft))
    services.walling.set(house.stella, child, WallDraft(who, "relative"))
    assert viola.end() is None
    assert bool(rows(house, AddressingRule)) is kept


@POSTGRESQL
@pytest.mark.parametrize("sorted_first", [True, False])
def test_two_who_set_two_dossiers_apart_from_either_end_do_not_stop_each_other(
    lone_house: House, monkeypatch: pytest.MonkeyPatch, *, sorted_first: bool
) -> None:
    """Control: taken in the order in which they were typed, the database ends one of the two."""
    house = lone_house
    hers, his = two_stewards(house)
    sides = {each.username: each.side for each in services.linking.prepare(house.stella, hers, his).people}
    if not sorted_first:
        monkeypatch.setattr(linking, "hold", lambda *_: None)
    sam = Waiting(house, monkeypatch, linking, "find", lambda: services.linking.link(house.sam, his, hers, LinkDraft({}, hers)))
    stopped: Exception | None = None
    try:
        services.linking.link(house.stella, hers, his, LinkDraft(sides, None, stay(hers)))
    except DBAPIError as problem:
        stopped = problem
    problems = stopped, sam.end()
    assert any(isinstance(each, DBAPIError) for each in problems) is not sorted_first
    assert not sorted_first or isinstance(problems[1], InvalidInput)


@POSTGRESQL
def test_everybody_holds_the_dossier_before_what_hangs_on_it(lone_house: House) -> None:
    """Orientations and actions; the recipient too. Control: these are held as well, after it."""
    house = lone_house
    place = oriented.town(house)
    number = oriented.followed(house, "Quibérac-Ordre")
    referral, about = oriented.sent(place, number), orientation(house.alice, number)
    action = by_link(house, house.follow("Quibérac-Action"))
    told = ReportDraft("done", "C’est fait.", told_by="phone", told_on=date(2026, 3, 2))
    services.receiving.read(house.celia, referral)
    acts: dict[str, Callable[[], object]] = {
        "a link": lambda: services.making.make(house.alice, about),
        "its end": lambda: services.making.end(house.alice, about),
        "a step received": lambda: services.receiving.take(house.celia, referral, "accepted"),
        "a step sent": lambda: services.following.take(house.alice, referral, "withdrawn", reason="person"),
        "a link to an action": lambda: services.making.make(house.stella, action),
        "a result": lambda: services.reporting.report(house.stella, action.id, told),
    }
    for what, act in acts.items():
        with locks(house) as held:
            act()
        assert next(each for each in held if each in ("dossier", "referral_out", "task")) == "dossier", what
        assert {"referral_out", "task"} & {*held}, f"control: {what}"


@POSTGRESQL
def test_two_are_held_in_one_order_by_who_stays(lone_house: House) -> None:
    """Whichever is typed first, one statement holds both before anything else is held."""
    house = lone_house
    hers, his = two_stewards(house)
    for number in (hers, his):
        services.shares.give(house.stella, number, ["identity"], "hugo", until=None)
    apart(house, hers, his, sides={"hugo": "both"})
    asked: list[object] = []

    def note(_connection: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        if "FOR UPDATE OF dossier" in statement:
            asked.append(({hers, his} <= set(given.values()), "ORDER BY dossier.number" in statement))

    event.listen(house.instance.database.engine, "before_cursor_execute", note)
    services.staying.stay(house.hugo, his, hers, stay(his))
    assert asked[0] == (True, True)
    assert len(asked) == 3, "control: each is held once more at its own door"
