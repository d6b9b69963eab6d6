"""The sweep takes what ended and nothing else, leaves one line, and works where no key can be had (security.md P9)."""

import sqlite3
from dataclasses import fields
from datetime import timedelta
from typing import Any, Never

import pytest
from sqlalchemy import func, select, text

from casework import ledger, services
from casework.errors import LedgerUnavailable, NotFound
from casework.jobs.system import System
from casework.models.base import recorded_models
from casework.models.cells import RingMember
from casework.models.dossiers import Box
from casework.models.people import Enrolment
from casework.services.offices.accounts import NewAccount
from casework.services.offices.sweeping import Swept, sweep
from casework.vault import aead
from casework.vault.hybrid import HybridPrivateKey
from tests.house import END, House


def counted(house: House) -> tuple[int, int, int]:
    """Boxes, ring memberships and enrolment codes there are."""
    with house.instance.database.reading() as session:
        boxes, members, codes = (session.scalar(select(func.count()).select_from(each)) for each in (Box, RingMember, Enrolment))
        return boxes or 0, members or 0, codes or 0


def newest_leaf(house: House) -> ledger.Leaf:
    """The last line of the ledger."""
    with house.instance.database.reading() as session:
        return ledger.accesses(session, limit=1)[0][0].leaf


def test_what_ended_goes_and_what_lives_stays(lone_house: House) -> None:
    """In turn: nothing to do, a sender's quarter of an hour, a share, an enrolment code, a session, every habilitation.

    One saisine is taken up, which ends its sender's boxes at once; the other waits, and the sweep ends them.
    """
    system, clock = System(lone_house.instance), lone_house.clock
    number = lone_house.follow("Quibérac-Balai")
    lone_house.refer(lone_house.hugo, "Quibérac-Attente")
    services.sessions.start(lone_house.alice)
    services.accounts.create(lone_house.oscar, NewAccount("nina", "Nina", "f", "agente", "social_worker", "Département de l’Orle"))
    services.shares.give(lone_house.alice, number, ["identity"], "bob", until=clock.now() + timedelta(days=30))
    before = counted(lone_house)
    assert sweep(system) == Swept(0, 0, 0, 0, 0, 0)
    assert counted(lone_house) == before

    clock.advance(timedelta(minutes=31))
    quarter = sweep(system)
    assert quarter.boxes > 0
    assert quarter == Swept(quarter.boxes, 0, 0, 1, 0, 0)
    assert lone_house.open(lone_house.bob, number).person is not None

    clock.advance(timedelta(days=30))
    month = sweep(system)
    assert month == Swept(1, 0, 1, 0, 0, 0)
    with pytest.raises(NotFound):
        lone_house.open(lone_house.bob, number)
    assert lone_house.open(lone_house.alice, number).person is not None

    clock.move_to(END)
    year = sweep(system)
    assert year.members > 0
    assert year.unheld_rings > 0
    boxes, members, codes = counted(lone_house)
    assert (before[0] - boxes, before[1] - members, before[2] - codes) == (quarter.boxes + 1 + year.boxes, year.members, 1)


def test_one_line_says_what_went(lone_house: House) -> None:
    """Counts and closed words; the ledger verifies afterwards."""
    lone_house.refer(lone_house.hugo, "Quibérac-Trace")
    lone_house.clock.advance(timedelta(minutes=16))
    swept = sweep(System(lone_house.instance))
    leaf = newest_leaf(lone_house)
    assert (leaf.action, leaf.outcome, leaf.actor, leaf.institution, leaf.hits) == ("jobs.sweep", "authorised", None, None, swept.boxes)
    assert leaf.facts == {
        "boxes": swept.boxes, "members": 0, "enrolments": 0, "sessions": 0, "unheld_compartments": 0, "unheld_rings": 0, "drafts": 0,
    }  # fmt: skip
    with lone_house.instance.database.reading() as session:
        assert ledger.verify(session, saved=None, recorded=recorded_models()).ok
    assert services.accesses.read(lone_house.ada, services.drafts.AccessQuery()).lines[0].action


def test_p9_no_key_is_needed(lone_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every opening of the vault made to raise, the sweep does its work; a verb that opens something fails (positive control)."""

    def locked(*_: Any, **__: Any) -> Never:
        raise PermissionError("the vault is locked")

    number = lone_house.follow("Quibérac-Coffre")
    lone_house.refer(lone_house.hugo, "Quibérac-Attente")
    lone_house.clock.advance(timedelta(minutes=16))
    monkeypatch.setattr(aead, "decrypt", locked)
    monkeypatch.setattr(HybridPrivateKey, "open", locked)
    with pytest.raises(PermissionError):
        lone_house.open(lone_house.alice, number)
    assert sweep(System(lone_house.instance)).boxes > 0
    assert [each.name for each in fields(System)] == ["instance"]


def test_without_a_trace_nothing_goes(fresh_house: House) -> None:
    """The leaf cannot be written: the boxes stay. With the ledger back in place they go (positive control)."""
    fresh_house.refer(fresh_house.hugo, "Quibérac-Reste")
    fresh_house.clock.advance(timedelta(minutes=16))
    before = counted(fresh_house)
    path = fresh_house.instance.config.database_url.removeprefix("sqlite:///")
    hide(path, "ledger_head", "hidden_head")
    with pytest.raises(LedgerUnavailable):
        sweep(System(fresh_house.instance))
    assert counted(fresh_house) == before
    hide(path, "hidden_head", "ledger_head")
    assert sweep(System(fresh_house.instance)).boxes > 0


def hide(path: str, table: str, name: str) -> None:
    """Rename a table behind the application's back."""
    connection = sqlite3.connect(path)
    connection.execute(f"ALTER TABLE {table} RENAME TO {name}")
    connection.close()


def test_versions_are_no_business_of_the_sweep(lone_house: House) -> None:
    """History has no `until`."""
    lone_house.follow("Quibérac-Passé")
    lone_house.clock.move_to(END)
    with lone_house.instance.database.reading() as session:
        before = session.scalar(text("SELECT count(*) FROM person_version"))
    sweep(System(lone_house.instance))
    with lone_house.instance.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM person_version")) == before
