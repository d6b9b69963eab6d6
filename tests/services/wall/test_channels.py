"""Every other channel: lists, counts, searches, the day, agendas, the auditor's journal. Before the wall each of them tells."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.services.drafts import AccessQuery
from tests.house import House
from tests.services.meeting.room import convene
from tests.services.wall.town import apart, listed, second_steward, wall
from tests.urgently import named, on_call

NAME = "Quibérac-Canal"


def telling(house: House, number: str, meeting: str) -> dict[str, Callable[[], str]]:
    """What Sam, a steward on call, may ask for without naming the dossier, each as text; a refusal says nothing."""
    sam = house.sam
    asked: dict[str, Callable[[], object]] = {
        "list": lambda: services.dossiers.list_mine(sam),
        "search": lambda: services.finding.search(sam, NAME).matches,
        "search by number": lambda: services.finding.search(sam, number).matches,
        "day": lambda: services.day.read(sam),
        "agenda": lambda: services.agendas.read(sam, meeting),
        "urgent desk": lambda: services.urgent.desk(sam).mine,
        "urgent by name": lambda: services.urgent.open(sam, named(NAME)),
        "new agenda": lambda: services.agendas.read(sam, meeting, every=True),
        "received": lambda: services.examination.waiting(sam),
        "walls": lambda: services.walling.page(sam, number),
    }

    def quiet(ask: Callable[[], object]) -> Callable[[], str]:
        def said() -> str:
            try:
                return str(ask())
            except (NotFound, InvalidInput, TypeError):
                return ""

        return said

    return {name: quiet(ask) for name, ask in asked.items()}


@pytest.fixture
def town(fresh_house: House) -> tuple[House, str, str]:
    """Sam is a second steward and on call; a meeting is about the dossier."""
    house = fresh_house
    second_steward(house)
    house.actors["sam"] = house.sign_in("sam")
    number = house.follow(NAME)
    services.turnover.settle_pending(house.stella)
    on_call(house, "sam")
    return house, number, convene(house, {number: ["alice"]}).meeting


def test_nothing_tells_of_it(town: tuple[House, str, str]) -> None:
    house, number, meeting = town
    before = {name: said() for name, said in telling(house, number, meeting).items()}
    told = {name for name, text in before.items() if number in text or NAME in text or (name == "urgent by name" and text)}
    assert told >= {"list", "search", "search by number", "agenda", "urgent by name", "walls"}, "control"
    wall(house, number, "sam")
    for name, said in telling(house, number, meeting).items():
        text = said()
        assert number not in text, name
        assert NAME not in text, name
        assert name != "urgent by name" or not text


def test_the_sender_of_a_saisine_loses_it_from_their_list(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow(NAME)
    assert number in str(services.sent.mine(house.hugo)), "control"
    wall(house, number, "hugo")
    assert number not in str(services.sent.mine(house.hugo))
    with pytest.raises(NotFound):
        services.sent.follow(house.hugo, number)


def test_somebody_alike_behind_a_wall_is_no_duplicate(town: tuple[House, str, str]) -> None:
    house, number, _ = town
    twin = house.refer(house.hugo, NAME)
    assert number in str(services.examination.prepare(house.sam, twin)), "control"
    wall(house, number, "sam")
    assert number not in str(services.examination.prepare(house.sam, twin))
    assert number in str(services.examination.prepare(house.stella, twin)), "control: another steward is told"


def test_the_auditor_reads_numbers_but_not_of_the_file_they_are_walled_off_from(fresh_house: House) -> None:
    house = fresh_house
    number, other = house.follow(NAME), house.follow("Ploumanac-Autre")
    assert services.accesses.read(house.ada, AccessQuery(dossier=number)).count, "control"
    wall(house, number, "ada")
    assert services.accesses.read(house.ada, AccessQuery(dossier=number)).count == 0
    page = services.accesses.read(house.ada, AccessQuery())
    assert all(number not in line.dossiers for line in page.lines)
    assert any(other in line.dossiers for line in page.lines), "control"


def test_a_refusal_names_the_number_for_the_auditor(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow(NAME)
    wall(house, number, "bob")
    with pytest.raises(NotFound):
        house.open(house.bob, number)
    newest = services.accesses.read(house.ada, AccessQuery(dossier=number)).lines[0]
    assert (newest.person, newest.authorised, newest.rule) == ("Bob", False, "gate.conflict")


def test_who_stays_on_both_sides_sees_one_in_every_list(fresh_house: House) -> None:
    house = fresh_house
    hers, his = house.follow("Quibérac-Elle"), house.follow("Quibérac-Lui", lead="bob")
    room = convene(house, {hers: ["alice"], his: ["bob"]})
    both = str(services.agendas.read(house.stella, room.meeting))
    assert hers in both, "control"
    assert his in both, "control"
    apart(house, hers, his, listed=his)
    assert listed(house, "stella") & {hers, his} == {his}
    found = services.finding.search(house.stella, "Quibérac")
    assert (found.count, hers in str(found)) == (1, False)
    agenda = str(services.agendas.read(house.stella, room.meeting))
    assert his in agenda
    assert hers not in agenda
    assert hers not in str(services.day.read(house.stella))
    view = house.open(house.stella, hers)
    assert view.person
    assert his not in str(view)


def test_the_cost_of_an_ordinary_request(fresh_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """One statement answers for walls and links together, whatever there is of them."""
    from tests.web.costs import Meter  # noqa: PLC0415  # the meter of the walk over the routes

    house = fresh_house
    hers, his, third = house.follow("Quibérac-Elle"), house.follow("Ploumanac-Lui", lead="bob"), house.follow("Chevesne")
    meter = Meter(house, monkeypatch)

    def cost() -> list[int]:
        house.clock.advance(timedelta(seconds=1))
        counted = []
        for ask in (lambda: house.open(house.stella, third), lambda: services.dossiers.list_mine(house.stella)):
            ask()
            with meter.measure() as once:
                ask()
            counted.append(once.statements)
        return counted

    without = cost()
    apart(house, hers, his)
    assert cost() == without
