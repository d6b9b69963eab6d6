"""PostgreSQL: whoever takes several dossiers takes them in the order of their numbers, and what hangs on one after it, in one order too.

Otherwise the database ends one of two people who wait for each other. In each test somebody holds the first of two: whoever wants both
waits for it, and holds nothing of the second meanwhile.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from casework import services
from casework.jobs.system import System
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.orientations import PartnerLink
from casework.models.support import Agreement
from casework.services.meeting import rows as meeting_rows
from casework.services.orientation import ending
from casework.services.partner import subjects
from casework.services.support import erasing
from casework.services.unit import writing
from tests.attacks.sql import row, rows
from tests.attacks.test_interleaved_writes import POSTGRESQL, Waiting
from tests.house import House
from tests.services.meeting.outcome import close, decide, sitting
from tests.services.meeting.room import convene
from tests.services.partner import partners

HELD = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
Act = Callable[[], object]


def due(house: House, number: str, *, days: int) -> None:
    """Its agreement was to be there that many days ago."""
    with writing(house.stella, "agreement.record") as unit:
        unit.session.add(
            Agreement(
                id=new_id(), version=1, dossier_id=row(house, Dossier, number=number).id, referral_id=None, state="not_sought",
                reason="danger", due=unit.now.date() - timedelta(days=days), recorded_at=unit.now, author_id=house.stella.user_id,
            )
        )  # fmt: skip


def second_is_free(house: House, first: str, second: str, act: Act) -> bool:
    """Somebody holds the first dossier; `act` begins, and waits. Whether nobody holds the second. The act then comes to its end."""
    problems: list[Exception] = []

    def do() -> None:
        try:
            act()
        except Exception as problem:  # noqa: BLE001  # told below
            problems.append(problem)

    engine, thread = house.instance.database.engine, Thread(target=do)
    one = text("SELECT id FROM dossier WHERE number = :number FOR UPDATE")
    try_it = text("SELECT id FROM dossier WHERE number = :number FOR UPDATE NOWAIT")
    with engine.connect() as holding, engine.connect() as asking:
        holding.execute(one, {"number": first})
        thread.start()
        assert _somebody_waits(asking), "nobody waits"
        try:
            asking.execute(try_it, {"number": second})
            free = True
        except DBAPIError:
            free = False
        asking.rollback()
        holding.rollback()
    thread.join()
    assert not problems, problems
    return free


def _somebody_waits(asking: Any) -> bool:
    for _ in range(300):
        if asking.execute(HELD).scalar_one():
            return True
        asking.rollback()
        asking.execute(text("SELECT pg_sleep(0.01)"))
    return False


def night(house: House, first: str, second: str) -> Act:
    """The job that erases what nobody agreed to; the second one’s last day was the earlier one."""
    due(house, first, days=2)
    due(house, second, days=9)
    return lambda: erasing.erase_unagreed(System(house.instance))


def opened(house: House, first: str, second: str) -> Act:
    """A meeting whose agenda begins with the second."""
    room = convene(house, {second: ["alice"], first: ["alice"]})
    return lambda: services.opening.open(house.stella, room.meeting, "2468", "2468")


def closed(house: House, first: str, second: str) -> Act:
    """Likewise, both decided."""
    room = sitting(house, {second: ["alice"], first: ["alice"]})
    for number in (second, first):
        decide(room, number)
    return lambda: close(room)


def added(house: House, first: str, second: str) -> Act:
    """Two numbers put on an agenda, the second one first."""
    room = convene(house, {}, people=["alice"], status="prepared")
    return lambda: services.agenda_items.add(house.stella, room.meeting, [second, first])


@POSTGRESQL
@pytest.mark.parametrize("several", [night, opened, closed, added])
def test_several_dossiers_are_taken_in_the_order_of_their_numbers(lone_house: House, several: Callable[[House, str, str], Act]) -> None:
    house = lone_house
    first, second = house.follow("Quibérac-Premier"), house.follow("Ploumanac-Second")
    assert first < second
    assert second_is_free(house, first, second, several(house, first, second))


@POSTGRESQL
def test_control_taken_in_the_order_of_an_agenda_the_second_is_held(lone_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house = lone_house
    first, second = house.follow("Quibérac-Premier"), house.follow("Ploumanac-Second")
    act = opened(house, first, second)
    monkeypatch.setattr(meeting_rows, "hold", lambda *_: None)
    assert not second_is_free(house, first, second, act)


@pytest.fixture(autouse=True)
def any_dossier_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ordinary dossiers stand for those that took a call: of others the night erases none."""
    monkeypatch.setattr(erasing, "takes_calls", lambda _programme: True)


@POSTGRESQL
@pytest.mark.parametrize("ordered", [True, False])
def test_a_partner_who_answers_and_the_job_that_erases_do_not_stop_each_other(
    lone_house: House, monkeypatch: pytest.MonkeyPatch, *, ordered: bool
) -> None:
    """Control: the links taken away before the orientations are held, the database ends one of the two."""
    house = lone_house
    number = house.follow("Quibérac-Erreur")
    about = partners.orientation(house.alice, number)
    cookie = partners.enter(house, services.making.make(house.alice, about))
    due(house, number, days=2)
    if not ordered:
        end_all = ending.end_all

        def links_first(at: Any, dossier: Dossier, **more: Any) -> int:
            erasing.call_off(at.session, dossier)
            return int(end_all(at, dossier, **more))

        monkeypatch.setattr(ending, "end_all", links_first)
    job = Waiting(house, monkeypatch, subjects, "find", lambda: erasing.erase_unagreed(System(house.instance)))
    stopped: Exception | None = None
    try:
        services.visits.answer(house.instance, cookie, partners.accept())
    except DBAPIError as problem:
        stopped = problem
    problems = stopped, job.end()
    assert any(isinstance(each, DBAPIError) for each in problems) is not ordered
    assert not ordered or (problems == (None, None) and not rows(house, PartnerLink))
