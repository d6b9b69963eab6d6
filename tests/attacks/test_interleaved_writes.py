"""PostgreSQL lets two writers read the same dossier before either commits: what the second decided must still be true when it writes."""

from contextlib import suppress
from datetime import date
from threading import Thread
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from casework import services
from casework.errors import CaseworkError
from casework.models.content import Entry
from casework.models.dossiers import Box, Dossier
from casework.services.dossier import entries
from casework.services.referral import examination
from tests.attacks.sql import row, rows
from tests.house import House

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
