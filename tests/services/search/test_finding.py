"""Finding a dossier among one's own: by name, number, birth date, phone; what others hold is never there."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, text, update

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.ledger.leaf import Leaf
from casework.models.dossiers import Box
from casework.services import Actor
from casework.services.drafts import ListFilters
from tests.house import House


def found(who: Actor, typed: str) -> dict[str, tuple[str, ...]]:
    """Number -> why."""
    return {match.line.number: match.why for match in services.finding.search(who, typed).matches}


def newest(house: House) -> Leaf:
    with house.instance.database.reading() as session:
        return Leaf.decode(bytes(session.execute(text("SELECT body FROM ledger_leaf ORDER BY seq DESC LIMIT 1")).scalar_one()))


def questions(house: House, ask: Callable[[], object]) -> int:
    """How many statements the database was sent."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(house.instance.database.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(house.instance.database.engine, "before_cursor_execute", note)
    return len(sent)


def test_a_name_is_found_by_those_who_hold_it_and_by_nobody_else(house: House) -> None:
    number = house.follow("Quibérac-Lefèvre")
    for typed in ("lefebvre", "QUIBERAC", "le fevre theodule", "Quibérac-Lefèvre", "quibreac"):
        assert number in found(house.alice, typed)
        assert number in found(house.stella, typed)
        for who in (house.bob, house.charlie, house.sam, house.paula):
            assert number not in found(who, typed)
    for who in (house.ada, house.dora, house.oscar):
        with pytest.raises(NotFound):
            services.finding.search(who, "lefebvre")


def test_the_best_come_first_and_say_why(house: House) -> None:
    numbers = [house.follow(name) for name in ("Zubernald", "Zubernard", "Zubernaldo", "Zubernalt")]
    answer = services.finding.search(house.alice, "zubernald")
    assert [match.why for match in answer.matches] == [("name_exact",), ("name_prefix",), ("name_sound",), ("name_slip",)]
    assert [match.line.number for match in answer.matches] == [numbers[0], numbers[2], numbers[3], numbers[1]]
    assert answer.matches[0].born is not None


def test_number_birth_date_and_phone(house: House) -> None:
    number = house.follow("Quibérac-Numéro")
    services.records.add_contact(house.stella, number, "Téléphone", "+33 6 39 98 77 21")
    count = number.partition("-")[2]
    for typed in (number, count, count.lstrip("0"), f"n° {count}"):
        assert found(house.alice, typed)[number] == ("number",)
    assert found(house.alice, "05/04/2012")[number] == ("born",)
    assert number not in found(house.alice, "06/04/2012")
    assert found(house.alice, "quiberac numero 05/04/2012")[number] == ("born", "name_exact")
    for typed in ("06 39 98 77 21", "0639987721", "+33639987721", "0033 6 39 98 77 21", "06.39.98.77", "399877"):
        assert found(house.alice, typed) == {number: ("phone",)}
    assert dict(newest(house).dossiers)[number] == ("contact", "identity")


def test_a_phone_is_found_only_by_those_who_read_it(house: House) -> None:
    """Bob holds the identity and not the contacts; once they are shared, it is found."""
    number = house.follow("Quibérac-Téléphone")
    services.records.add_contact(house.stella, number, "Téléphone", "06 39 98 55 13")
    services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    assert number in found(house.bob, "quiberac telephone")
    assert number not in found(house.bob, "06 39 98 55 13")
    services.shares.give(house.stella, number, ["contact"], "bob", until=None)
    assert number in found(house.bob, "06 39 98 55 13")


def test_the_leaf_has_hits_and_dossiers_and_never_the_query(house: House) -> None:
    number = house.follow("Zarbouillet")
    found(house.alice, "zarbouillé")
    leaf = newest(house)
    assert (leaf.action, leaf.outcome, leaf.hits, leaf.dossiers) == ("dossier.search", "authorised", 1, ((number, ("identity",)),))
    assert "dossier.lead" in leaf.rule
    assert b"zarbouill" not in leaf.encode().lower()
    found(house.alice, "zzyzx")
    assert (newest(house).hits, newest(house).dossiers) == (0, ())


@pytest.mark.parametrize("typed", ["", "   ", "x", "é", "12", "....", "31/02/2010", "a" * 101, "x\u202ey", "\u200b\u200b"])
def test_what_cannot_be_looked_for_is_said(house: House, typed: str) -> None:
    """Beside the field; two digits are a number."""
    if typed == "12":
        assert isinstance(found(house.alice, typed), dict)
        return
    with pytest.raises(InvalidInput) as refused:
        services.finding.search(house.alice, typed)
    assert set(refused.value.problems) == {"typed"}


def test_an_ended_share_and_a_duty_box_find_nothing(house: House) -> None:
    number = house.follow("Zéphyrinette")
    services.shares.give(house.stella, number, ["identity"], "hugo", until=house.clock.now() + timedelta(days=2))
    assert number in found(house.hugo, "zephyrinette")
    with house.instance.database.writing() as session:  # control: the same box, on duty, is blind
        session.execute(update(Box).where(Box.title == "shared", Box.holder_id == house.hugo.user_id).values(title="duty"))
    assert number not in found(house.hugo, "zephyrinette")


def test_a_search_asks_as_often_for_many_as_for_few(house: House) -> None:
    few = questions(house, lambda: found(house.charlie, "quiberac"))
    for index in range(12):
        house.follow(f"Quibérac-Sud-{index}", lead="charlie", cell="sud", steward="sam")
    found(house.charlie, "quiberac")  # boxes are re-wrapped on first use
    assert questions(house, lambda: found(house.charlie, "quiberac")) <= few + 8
    once = questions(house, lambda: found(house.charlie, "quiberac"))
    for index in range(12):
        house.follow(f"Quibérac-Sud-{index}", lead="charlie", cell="sud", steward="sam")
    found(house.charlie, "quiberac")
    assert questions(house, lambda: found(house.charlie, "quiberac")) == once


def listed(who: Actor, page: int = 1, **asked: object) -> list[str]:
    return [line.number for line in services.dossiers.list_mine(who, page, ListFilters(**asked)).lines]  # type: ignore[arg-type]  # by name, from the test


def test_filters_narrow_and_count(house: House) -> None:
    """State, lead, cell, programme, late: each alone, and an unknown code lets nothing pass."""
    waiting, mine = house.refer(house.hugo, "Quibérac-Filtre"), house.follow("Quibérac-Filtre")
    late, tomorrow = house.refer(house.hugo, "Quibérac-Tard"), house.clock.now().date() + timedelta(days=1)
    services.lifecycle.take_up(house.stella, late, "bob", tomorrow)
    house.clock.advance(timedelta(days=3))
    everything = services.dossiers.list_mine(house.stella)
    for asked, inside, outside in (
        ({"status": "received"}, waiting, mine),
        ({"status": "open"}, mine, waiting),
        ({"lead": "none"}, waiting, mine),
        ({"lead": "others"}, mine, waiting),
        ({"overdue": True}, late, mine),
    ):
        page = services.dossiers.list_mine(house.stella, 1, ListFilters(**asked, order="number"))
        numbers = [line.number for line in page.lines]
        assert inside in numbers
        assert outside not in numbers
        assert page.count < page.total == everything.total
        assert newest(house).hits == page.count
    assert mine in listed(house.alice, lead="me", order="number")
    assert listed(house.stella, lead="me") == listed(house.stella, status="nonsense") == listed(house.stella, cell="sud") == []
    assert listed(house.stella, cell="nord", programme="fragility") == [line.number for line in everything.lines]
    assert [each.code for each in everything.offers["cell"]] == ["nord"]


def test_orders(house: House) -> None:
    """By name in memory, by what last happened where I may read, by number; pages go on where the last one ended."""
    names = ("Ézéchiel", "eyrignac", "Ézanno")
    for name in names:
        house.follow(f"Aaa {name}")
    shown = [line.person or "" for line in services.dossiers.list_mine(house.stella, 1, ListFilters(order="name")).lines]
    assert [name for name in shown if "Aaa" in name] == [f"Théodule Aaa {name}" for name in ("eyrignac", "Ézanno", "Ézéchiel")]
    old = house.follow("Quibérac-Ancien")
    house.clock.advance(timedelta(days=1))
    assert listed(house.alice, order="number")[0] == old
    new = house.follow("Quibérac-Récent")
    house.clock.advance(timedelta(days=1))
    assert listed(house.alice, order="activity")[:2] == [new, old]
    house.note(house.alice, old, "Vue.", compartment="confidential")
    assert listed(house.alice, order="activity")[:2] == [old, new]
    page = services.dossiers.list_mine(house.alice, 1, ListFilters(order="activity"))
    assert page.lines[0].active_at == house.clock.now()
    pages = [number for index in range(1, page.pages + 1) for number in listed(house.alice, index, order="name")]
    assert len(pages) == len(set(pages)) == page.count


def test_the_order_tells_nothing_about_notes_of_others(house: House) -> None:
    """Bob writes for himself alone: on Alice's list nothing moves. Control: on his own it does."""
    first, second = house.follow("Quibérac-Un"), house.follow("Quibérac-Deux")
    for number in (first, second):
        services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    house.clock.advance(timedelta(days=1))
    house.note(house.bob, first, "Pour moi.", compartment="sealed")
    before = [number for number in listed(house.alice, order="activity") if number in {first, second}]
    assert before == [second, first]
    assert listed(house.bob, order="activity")[0] == first


def test_names_are_in_no_statement(house: House) -> None:
    """What is typed stays in memory: no statement and no parameter holds it."""
    house.follow("Zarbouillon")
    seen: list[str] = []
    event.listen(house.instance.database.engine, "before_cursor_execute", lambda *given: seen.append(repr(given[2:4])))
    found(house.alice, "zarbouillon")
    assert seen
    assert not [each for each in seen if re.search("zarbouillon", each, re.IGNORECASE)]
