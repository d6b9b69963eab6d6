"""Nothing is read without a trace: the ledger broken, no verb gives anything and none writes; refusals survive the rollback."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import func, select

from casework import services
from casework.errors import LedgerUnavailable, NotFound
from casework.models.content import Entry
from casework.models.dossiers import Dossier
from casework.models.ledger import ledger_leaf
from casework.services import unit
from casework.services.drafts import AccessQuery
from casework.services.unit import writing
from tests.house import House


def leaves(house: House) -> int:
    with house.instance.database.reading() as session:
        return session.scalar(select(func.count()).select_from(ledger_leaf)) or 0


@pytest.fixture(scope="module")
def number(house: House) -> str:
    """A dossier of Alice's."""
    return house.follow("Quibérac-Journal")


def break_ledger(house: House) -> None:
    """The head row is spoilt: no leaf can be appended any more. Done behind the application's back."""
    with closing(sqlite3.connect(house.instance.config.instance / "casework.db")) as raw, raw:
        raw.execute("UPDATE ledger_head SET frontier = x'00'")


def test_with_the_ledger_broken_nothing_is_shown_and_nothing_written(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Casse")
    draft = house.draft(house.alice, number, "Ne sera pas écrit.", compartment="confidential")
    assert house.open(house.alice, number).person  # control: with the ledger whole, it is shown
    break_ledger(house)
    for verb in (
        lambda: services.dossiers.open(house.alice, number),
        lambda: services.dossiers.list_mine(house.alice),
        lambda: services.entries.compose(house.alice, number),
        lambda: services.entries.write(house.alice, number, draft),
        lambda: services.accesses.read(house.ada, AccessQuery()),
        lambda: services.dossiers.open(house.charlie, number),
        lambda: house.sign_in("alice"),
    ):
        with pytest.raises(LedgerUnavailable):
            verb()
    with house.instance.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == 0


def test_one_leaf_for_each_answer(house: House, number: str) -> None:
    draft = house.draft(house.alice, number, "Une note.", compartment="confidential")
    for verb in (
        lambda: services.dossiers.open(house.alice, number),
        lambda: services.dossiers.list_mine(house.alice),
        lambda: services.entries.compose(house.alice, number),
        lambda: services.entries.write(house.alice, number, draft),
        lambda: services.accesses.read(house.ada, AccessQuery()),
        lambda: services.referrals.prepare(house.hugo),
    ):
        before = leaves(house)
        verb()
        assert leaves(house) == before + 1


@pytest.mark.parametrize("who", ["charlie", "bob", "ada", "oscar"])
def test_a_refusal_survives_the_rollback_and_names_no_compartment(house: House, number: str, who: str) -> None:
    before = leaves(house)
    for asked in (number, "2026-7777"):
        with pytest.raises(NotFound):
            services.dossiers.open(house.actors[who], asked)
        with pytest.raises(NotFound):
            services.entries.compose(house.actors[who], asked)
    assert leaves(house) == before + 4
    page = services.accesses.read(house.ada, AccessQuery(dossier=number, outcome="refused"))
    assert (page.lines[0].person, page.lines[0].compartments, page.lines[0].authorised) == (house.actors[who].name, (), False)
    assert not services.accesses.read(house.ada, AccessQuery(dossier="2026-7777")).lines, "a typed number never enters the ledger"


def test_a_write_that_fails_halfway_leaves_nothing_but_its_leaf(house: House, number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = house.draft(house.alice, number, "À moitié.", compartment="social")
    before = leaves(house)

    def broken(*_: object) -> None:
        raise RuntimeError("the disk, say")

    with monkeypatch.context() as patch:
        patch.setattr(unit, "row_write", broken)
        with pytest.raises(RuntimeError):
            services.entries.write(house.alice, number, draft)
    assert leaves(house) == before + 1
    view = house.open(house.alice, number)
    assert "social" not in [section.kind for section in view.sections]
    services.entries.write(house.alice, number, draft)  # control: the same draft goes through afterwards
    assert "social" in [section.kind for section in house.open(house.alice, number).sections]


def test_an_unversioned_change_of_a_recorded_row_is_refused(house: House, number: str) -> None:
    with pytest.raises(RuntimeError, match="row version"):
        close_without_a_version(house, number)


def close_without_a_version(house: House, number: str) -> None:
    with writing(house.stella, "dossier.plan") as at_work:
        at_work.session.scalars(select(Dossier).where(Dossier.number == number)).one().status = "closed"
