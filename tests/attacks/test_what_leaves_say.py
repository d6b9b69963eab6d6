"""A leaf says what was shown: no more, no less."""

from datetime import timedelta

from sqlalchemy import text

from casework import services
from casework.ledger.leaf import Leaf
from tests.house import House


def newest(house: House) -> Leaf:
    with house.instance.database.reading() as session:
        return Leaf.decode(bytes(session.execute(text("SELECT body FROM ledger_leaf ORDER BY seq DESC LIMIT 1")).scalar_one()))


def test_a_form_without_the_name_leaves_no_line_about_the_name(house: House) -> None:
    """Paula holds `decisions` alone: the form shows her no identity."""
    number = house.follow("Quibérac-Feuille")
    services.shares.give(house.stella, number, ["decisions"], "paula", until=None)
    assert services.entries.compose(house.alice, number).person, "control: the lead sees the name"
    assert newest(house).dossiers == ((number, ("identity",)),)
    assert services.entries.compose(house.paula, number).person is None
    assert newest(house).dossiers == ((number, ()),)


def test_a_list_that_shows_names_its_rule(house: House) -> None:
    """Hugo's page shows the saisine he sent: the leaf says by which rule."""
    house.refer(house.hugo, "Quibérac-Règle")
    house.clock.advance(timedelta(hours=1))  # his quarter of an hour is over: he follows, and re-reads no more
    assert services.dossiers.list_mine(house.hugo).sent
    assert newest(house).rule == "referral.reporter"
