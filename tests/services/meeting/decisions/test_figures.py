"""« Chiffres », counted from the clear columns of a real house, and who may read them."""

import secrets
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest

from casework import services
from casework.errors import NotFound
from casework.ledger import queries
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.meetings import Meeting, Task
from casework.services.meeting.decisions.figures import FiguresLine, FiguresPage, Tally, year_of
from casework.services.unit import Unit, writing
from tests.house import House
from tests.services.support.calls import noted, ready

SPRING = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
MIDNIGHT_IN_PARIS = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
"""The first of July where the cell is."""
AUTUMN = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def counted(house: House) -> House:
    """Spring: seven received, six examined after 4 to 9 days and retained, one not; five closed. Summer: two received."""
    with writing(house.stella, "meeting.prepare") as unit:
        for delay in range(4, 10):
            _dossier(unit, house, SPRING, opened=SPRING + timedelta(days=delay), closed=delay > 4)
        _dossier(unit, house, SPRING, closed=True)
        for _ in range(2):
            _dossier(unit, house, MIDNIGHT_IN_PARIS)
        unit.session.flush()
        _tasks(unit, house)
    with writing(house.sam, "meeting.prepare") as unit:
        for _ in range(9):
            _dossier(unit, house, SPRING, cell="sud")
    house.clock.move_to(AUTUMN)
    return house


def _dossier(
    unit: Unit, house: House, received: datetime, *, opened: datetime | None = None, closed: bool = False, cell: str = "nord"
) -> None:
    outcome = "retained" if opened else "not_retained" if closed else None
    unit.session.add(
        Dossier(
            id=new_id(),
            version=1,
            number=f"2026-{secrets.randbelow(10**8):08}",
            cell_id=house.cells[cell],
            programme="fragility",
            status="closed" if closed else "open" if opened else "received",
            received_at=received,
            opened_at=opened,
            outcome=outcome,
            closed_at=SPRING + timedelta(days=30) if closed else None,
            reporter_id=house.hugo.user_id,
            submission=secrets.token_hex(16),
        )
    )


def _tasks(unit: Unit, house: House) -> None:
    """Eleven due in June: six done in time, one of them told by telephone and recorded later; five late or not done; one given up."""
    meeting = Meeting(
        id=new_id(), version=1, cell_id=house.cells["nord"], kind="ordinary", nominative=True, status="closed", starts_at=SPRING,
        place="Salle", author_id=house.stella.user_id,
    )  # fmt: skip
    unit.session.add(meeting)
    unit.session.flush()
    due, late = date(2026, 6, 15), datetime(2026, 6, 20, tzinfo=UTC)
    done = [("done", datetime(2026, 6, 15, 20, tzinfo=UTC), None)] * 5 + [("done", late, due)]
    others = [("open", None, None)] * 3 + [("not_done", due, None), ("done", late, None), ("dropped", None, None)]
    for status, reported, told in done + others:
        at = reported if isinstance(reported, datetime) else None
        unit.session.add(
            Task(
                id=new_id(),
                version=1,
                kind="action",
                meeting_id=meeting.id,
                due=due,
                status=status,
                author_id=house.stella.user_id,
                created_at=SPRING,
                reported_at=at,
                told_on=told,
            )
        )


def read(house: House, name: str = "stella", cell: str = "nord") -> FiguresPage:
    """As somebody reads them."""
    return services.figures.read(house.actors[name], house.cells[cell])


def test_quarters_are_counted_and_small_ones_hidden(counted: House) -> None:
    (year,) = read(counted).years
    assert year.year == 2026
    assert year.whole is None, "the year goes on"
    assert [line.quarter for line in year.quarters] == [1, 2, 3], "from the foundation, and what is over"
    spring, summer = year.quarters[1:]
    assert spring == FiguresLine(2, received=7, retained=6, closed=5, delay=7, due=11, in_time=6, late=5)
    assert summer == FiguresLine(3, *[None] * 7), "two received: fewer than five"


def test_the_elected_of_the_commune_reads_the_same(counted: House) -> None:
    assert read(counted, "elsa") == read(counted)
    assert [each.id for each in services.figures.mine(counted.elsa)] == [counted.cells["nord"]]


@pytest.mark.parametrize("name", ["alice", "hugo", "paula", "sam", "charlie", "oscar", "ada", "dora"])
def test_nobody_else_does(counted: House, name: str) -> None:
    with pytest.raises(NotFound):
        read(counted, name)
    with suppress(NotFound):
        assert [each.id for each in services.figures.mine(counted.actors[name])] == [counted.cells["sud"]]
        assert name == "sam"


def test_an_unknown_cell_is_like_a_forbidden_one(counted: House) -> None:
    with pytest.raises(NotFound):
        services.figures.read(counted.stella, new_id())


def test_the_leaf_names_the_cell_and_no_dossier(counted: House) -> None:
    read(counted, "elsa")
    with counted.instance.database.reading() as session:
        (found,), _ = queries.accesses(session, limit=1)
    leaf = found.leaf
    assert (leaf.action, leaf.rule, leaf.dossiers) == ("figures.read", "figures.elected", ())
    assert leaf.facts == {"cell": counted.cells["nord"]}


def tally(received: int, delays: int = 0) -> Tally:
    """A quarter with so many received and examined."""
    return Tally(received, 0, 0, tuple(range(delays)), 0, 0)


YEARS = [
    ([tally(9, 5), tally(8, 6), tally(7, 7), tally(6, 5)], 30, 2),
    ([tally(9, 5), tally(8, 6), tally(7, 7), tally(2, 1)], None, None),
    ([tally(3, 2), tally(2, 1), tally(4, 3), tally(1, 1)], 10, 0),
    ([tally(1, 0), tally(0, 0), tally(1, 0), tally(1, 0)], None, None),
]
"""Quarters, then the year's number received and its delay."""


@pytest.mark.parametrize(("quarters", "received", "delay"), YEARS)
def test_a_year_that_is_over_has_totals_that_tell_nothing_more(quarters: list[Tally], received: int | None, delay: int | None) -> None:
    shown = year_of(2026, {(2026, number): each for number, each in enumerate(quarters, start=1)}, over=True)
    assert shown.whole is not None
    assert (shown.whole.received, shown.whole.delay) == (received, delay)
    assert [line.delay is None for line in shown.quarters] == [len(each.delays) < 5 for each in quarters]


def test_refusals_are_one_more_number_hidden_like_the_others() -> None:
    """Control: a year of which each quarter shows its own."""
    few, many = (9, 8, 7, 2), (9, 8, 7, 6)
    for counts, shown in ((few, [9, 8, 7, None, None]), (many, [9, 8, 7, 6, 30])):
        tallies = {(2026, number): Tally(0, 0, 0, (), 0, 0, refused) for number, refused in enumerate(counts, start=1)}
        year = year_of(2026, tallies, over=True)
        assert year.whole is not None
        assert [line.refused for line in (*year.quarters, year.whole)] == shown


def test_the_cell_that_notes_calls_counts_refusals_and_no_other_does(fresh_house: House) -> None:
    """Six in spring, four in summer; another cell neither has them nor the column."""
    house = ready(fresh_house)
    for moment, count in ((SPRING, 6), (MIDNIGHT_IN_PARIS, 4)):
        house.clock.move_to(moment)
        house.actors["igor"] = house.sign_in("igor")
        for _ in range(count):
            noted(house, house.igor, agreement="refused")
    house.clock.move_to(AUTUMN)
    for name in ("vera", "stella"):
        house.actors[name] = house.sign_in(name)
    page = read(house, "vera", "appui")
    assert page.refusals
    assert [line.refused for line in page.years[0].quarters] == [None, 6, None]
    other = read(house)
    assert not other.refusals
    assert [line.refused for line in other.years[0].quarters] == [None, None, None]
