"""The sharing screen's verbs: what is offered, what the preview promises, what is given, and until when."""

import secrets
from datetime import timedelta

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound
from tests.house import END, House
from tests.services.wall.town import wall


def test_the_offer_says_who_may_receive_what(house: House) -> None:
    number = house.follow("Partageur")
    offer = services.shares.prepare(house.alice, number)
    assert [each.kind for each in offer.volets] == ["identity", "contact", "decisions", "confidential", "school"]
    people = {each.person.name: each for each in offer.people}
    assert people["Bob"].kinds[0] == "identity"
    assert set(people["Paula"].kinds) == {"identity", "decisions"}
    assert not people["Stella"].kinds
    assert people["Elsa"].why
    assert "Alice" not in people
    assert offer.until == (house.clock.now() + timedelta(days=92)).date()


def test_the_preview_is_what_the_person_then_sees(house: House) -> None:
    number = house.follow("Partageur-Avant")
    house.note(house.alice, number, "Une.", compartment="decisions", kind="decision")
    house.note(house.alice, number, "Deux.", compartment="decisions", kind="decision")
    house.note(house.alice, number, "Non.", compartment="confidential")
    house.note(house.alice, number, "Sociale.", compartment="social")
    seen = services.shares.preview(house.alice, number, ["identity", "decisions"], "bob", until=END)
    with pytest.raises(NotFound):
        house.open(house.bob, number)
    services.shares.give(house.alice, number, ["identity", "decisions"], "bob", until=END)
    shown = house.open(house.bob, number)
    assert [each.label for each in seen.volets] == [each.label for each in shown.sections if each.readable]
    assert sum(each.notes for each in seen.volets) == len(shown.timeline) == 2
    assert list(seen.known) == [each.label for each in shown.sections if not each.readable]
    assert seen.named == (shown.person is not None)


def test_a_double_click_makes_one_share_and_ending_it_ends_it(house: House) -> None:
    number = house.follow("Partageur-Double")
    form = secrets.token_hex(16)
    ids = {services.shares.give(house.alice, number, ["identity"], "bob", until=END, submission=form) for _ in range(3)}
    given = services.shares.prepare(house.alice, number).given
    assert [each.id for each in given] == list(ids)
    assert given[0].name == "Bob"
    services.shares.end(house.alice, number, given[0].id)
    assert not services.shares.prepare(house.alice, number).given
    with pytest.raises(NotFound):
        house.open(house.bob, number)


@pytest.mark.parametrize(("days", "message"), [(-1, "passée"), (301, "prend fin le")])
def test_a_date_that_cannot_be_is_refused(house: House, days: int, message: str) -> None:
    number = house.follow(f"Partageur-Date-{days}")
    for verb in (services.shares.give, services.shares.preview):
        with pytest.raises(InvalidInput) as problem:
            verb(
                house.alice,
                number,
                ["identity"],
                "bob",
                until=(END if days > 0 else house.clock.now()) + timedelta(days=1 if days > 0 else days),
            )
        assert message in problem.value.problems["until"]


def test_no_share_outlives_the_habilitation(house: House) -> None:
    number = house.follow("Partageur-Fin")
    services.shares.give(house.alice, number, ["identity"], "bob", until=None)
    assert services.shares.prepare(house.alice, number).given[0].until == END


def test_own_social_notes_go_to_named_peers_by_their_author_alone(house: House) -> None:
    number = house.follow("Partageur-N2")
    house.note(house.alice, number, "Entre pairs.", compartment="social")
    assert "social" in {each.kind for each in services.shares.prepare(house.alice, number).volets}
    assert "social" not in {each.kind for each in services.shares.prepare(house.stella, number).volets}
    with pytest.raises(InvalidInput) as problem:
        services.shares.give(house.alice, number, ["social"], "paula", until=END)
    assert "charte" in problem.value.problems["kinds"]
    services.shares.give(house.alice, number, ["identity", "social"], "bob", until=END)
    assert "Entre pairs." in [note.body for note in house.open(house.bob, number).timeline]
    assert not services.shares.prepare(house.stella, number).given, "a steward may not end what holds an author's own"


@pytest.mark.parametrize("to", ["charlie", "alice", "nobody", ""])
def test_outsiders_and_oneself_are_refused(house: House, to: str) -> None:
    number = house.follow(f"Partageur-Qui-{to or 'vide'}")
    with pytest.raises(InvalidInput) as problem:
        services.shares.give(house.alice, number, ["identity"], to, until=END)
    assert "to" in problem.value.problems


@pytest.mark.parametrize("kinds", [["judicial"], ["sealed"], ["forged"], ["identity", "judicial"]])
def test_what_one_may_not_give_is_not_there(house: House, kinds: list[str]) -> None:
    number = house.follow(f"Partageur-Quoi-{'-'.join(kinds)}")
    with pytest.raises(NotFound):
        services.shares.give(house.alice, number, kinds, "bob", until=END)
    with pytest.raises(NotFound):
        house.open(house.bob, number)


def test_a_reader_by_share_is_offered_nothing(house: House) -> None:
    number = house.follow("Partageur-Lecteur")
    services.shares.give(house.alice, number, ["identity"], "bob", until=END)
    for verb in (services.shares.prepare, services.extracts.prepare):
        with pytest.raises(NotFound):
            verb(house.bob, number)


def test_nobody_is_told_that_an_account_is_kept_apart(fresh_house: House) -> None:
    """A name typed past the list, of somebody who is walled off, is answered like one that nobody has. Control: until then it is shared."""
    house, said = fresh_house, []
    number = house.follow("Quibérac-Tue")
    services.shares.preview(house.alice, number, ["identity"], "bob", until=None)
    wall(house, number, "bob")
    for who in ("bob", "nobody"):
        with pytest.raises(InvalidInput) as refused:
            services.shares.give(house.alice, number, ["identity"], who, until=None)
        said.append(refused.value.problems)
    assert said[0] == said[1]
