"""Duty and accès urgent: blind everywhere else, half an hour, announced at once, reviewed by somebody else."""

from datetime import date, timedelta

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound, TooManyAttempts
from casework.models.dossiers import Box
from casework.services.emergency.views import UrgentView
from tests.attacks.sql import rows, tamper
from tests.attacks.test_what_leaves_say import newest
from tests.house import House
from tests.urgently import WHY, access_row, asked, enter, named, on_call, told


def kinds(view: UrgentView) -> list[str]:
    return [section.kind for section in view.sections]


def test_by_number_it_shows_identity_and_confidential_and_nothing_else(house: House) -> None:
    number = house.follow("Quibérac-Astreinte")
    house.note(house.alice, number, "Le père est joignable au dépôt.", compartment="confidential")
    house.note(house.alice, number, "Accueil de jour décidé.", kind="decision", compartment="decisions")
    house.note(house.alice, number, "Entre nous.", compartment="social")
    on_call(house, "bob")
    view = services.urgent.read(house.bob, enter(house.bob, number))
    assert view.person == "Théodule Quibérac-Astreinte"
    assert kinds(view) == ["identity", "confidential"]
    assert [note.body for note in view.timeline] == ["Le père est joignable au dépôt."]
    assert view.left == 30
    assert newest(house).dossiers == ((number, ("confidential", "identity")),)
    assert newest(house).action == "urgent.read"


@pytest.mark.parametrize("typed", ["Quibérac-Nuit", "QUIBERAC NUIT", "quibérac-nuit"])
def test_by_exact_name_and_birth_date(house: House, typed: str) -> None:
    if not any(line.person == "Théodule Quibérac-Nuit" for line in services.dossiers.list_mine(house.stella).lines):
        house.follow("Quibérac-Nuit")
    on_call(house, "bob")
    (access,) = services.urgent.open(house.bob, named(typed))
    assert services.urgent.read(house.bob, access).person == "Théodule Quibérac-Nuit"


def test_nearly_is_not_exactly_and_every_refusal_is_the_same(house: House) -> None:
    house.follow("Quibérac-Exact")
    on_call(house, "bob")
    refused = [
        named("Quibérac"),
        named("Quiberac-Exacte"),
        asked(first_name="Théo", last_name="Quibérac-Exact", birth_date=date(2012, 4, 5)),
        asked(first_name="Théodule", last_name="Quibérac-Exact", birth_date=date(2012, 4, 6)),
        asked("2026-9999"),
    ]
    for each in refused:
        with pytest.raises(NotFound) as problem:
            services.urgent.open(house.bob, each)
        assert str(problem.value) == "urgent.open"
        assert (newest(house).outcome, newest(house).dossiers) == ("refused", ())
    services.urgent.open(house.bob, named("Quibérac-Exact"))


def test_guessing_is_limited(fresh_house: House) -> None:
    house = fresh_house
    house.follow("Quibérac-Essais")
    on_call(house, "bob")
    for guess in range(house.instance.limits.per_urgent):
        with pytest.raises(NotFound):
            services.urgent.open(house.bob, named(f"Quibérac-{guess}"))
    with pytest.raises(TooManyAttempts):
        services.urgent.open(house.bob, named("Quibérac-Essais"))
    house.clock.advance(timedelta(minutes=16))
    assert services.urgent.open(house.bob, named("Quibérac-Essais"))


def test_the_same_form_again_buys_no_further_guesses(fresh_house: House) -> None:
    """A double click announces nothing, so it must not start the count of guesses afresh. Control: an access that is announced does."""
    house = fresh_house
    number = house.follow("Quibérac-Double")
    on_call(house, "bob")
    tries = house.instance.limits.per_urgent - 1
    for _ in range(2):  # a minute later it is another access, and announced
        enter(house.bob, number)
        for guess in range(tries):
            with pytest.raises(NotFound):
                services.urgent.open(house.bob, named(f"Quibérac-{guess}"))
        house.clock.advance(timedelta(minutes=1, seconds=1))
    enter(house.bob, number)
    for guess in range(tries):
        with pytest.raises(NotFound):
            services.urgent.open(house.bob, named(f"Quibérac-{guess}"))
    enter(house.bob, number)
    with pytest.raises(TooManyAttempts):
        services.urgent.open(house.bob, named("Quibérac-Encore"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "   \n "}, "text"),
        ({"text": "fugue"}, "text"),
        ({"text": "fugue" + " " * 40 + "."}, "text"),
        ({"text": "x" * 501}, "text"),
        ({"reason": "curiosity"}, "reason"),
        ({"number": ""}, "number"),
        ({"last_name": "Quibérac"}, "number"),
    ],
)
def test_a_reason_is_chosen_and_typed(house: House, change: dict[str, str], field: str) -> None:
    number = house.follow("Quibérac-Motif")
    on_call(house, "bob")
    with pytest.raises(InvalidInput) as problem:
        services.urgent.open(house.bob, asked(**({"number": number} | change)))
    assert set(problem.value.problems) == {field}
    assert not told(house, number)


def test_without_an_oversight_ring_nothing_opens_and_it_says_so(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Seul")
    on_call(house, "bob")
    tamper(house, "UPDATE ring SET kind = 'gone' WHERE kind = 'oversight'")
    with pytest.raises(InvalidInput) as problem:
        services.urgent.open(house.bob, asked(number))
    assert "groupe de contrôle" in problem.value.problems["form"]
    assert not services.urgent.desk(house.bob).ready


def test_it_is_announced_at_once_with_a_code_and_no_word(house: House) -> None:
    number = house.follow("Quibérac-Annonce")
    services.shares.give(house.stella, number, ["identity", "decisions"], "paula", until=None)
    house.note(house.paula, number, "Vu place du Marché.", compartment="confidential")
    on_call(house, "bob")
    access = enter(house.bob, number)
    assert told(house, number) == {"dora", "stella", "alice", "paula"}
    leaf = newest(house)
    assert leaf.facts["reason"] == "runaway"
    assert WHY not in leaf.encode().decode()
    assert [(line.id, line.open, line.reviewed_at) for line in house.open(house.alice, number).urgent] == [(access, True, None)]
    assert house.open(house.elsa, number).urgent == ()


def test_its_author_re_reads_the_reason_and_dora_reviews_it(house: House) -> None:
    number = house.follow("Quibérac-Revue")
    on_call(house, "bob")
    access = enter(house.bob, number)
    assert services.urgent.own_reason(house.bob, access).text == WHY
    house.clock.advance(timedelta(hours=73))
    (waiting,) = [line for line in services.urgent_review.waiting(house.dora).waiting if line.id == access]
    assert waiting.overdue
    shown = services.urgent_review.read(house.dora, access)
    assert (shown.text, shown.access.person) == (WHY, "Bob")
    with pytest.raises(InvalidInput):
        services.urgent_review.decide(house.dora, access, "whatever")
    services.urgent_review.decide(house.dora, access, "justified")
    assert access_row(house, access).version == 2
    with pytest.raises(InvalidInput):
        services.urgent_review.decide(house.dora, access, "unjustified")
    assert access not in [line.id for line in services.urgent_review.waiting(house.dora).waiting]
    (line,) = house.open(house.alice, number).urgent
    assert line.reviewed_at is not None


def test_a_double_click_opens_it_once(house: House) -> None:
    number = house.follow("Quibérac-Deux")
    on_call(house, "bob")
    assert enter(house.bob, number) == enter(house.bob, number)
    assert len([each for each in services.urgent.desk(house.bob).mine if each.number == number]) == 1
    services.urgent.open(house.bob, asked(number, text="La mère rappelle : il a laissé un mot."))
    assert len([each for each in services.urgent.desk(house.bob).mine if each.number == number]) == 2, "another reason is another act"


def test_a_duty_box_is_blind_everywhere_else(house: House) -> None:
    """Control: the same box opens inside an accès urgent."""
    number = house.follow("Quibérac-Aveugle")
    on_call(house, "bob")
    services.shares.give(house.stella, number, ["decisions"], "bob", until=None)
    assert [each.kind for each in house.open(house.bob, number).sections if each.readable] == ["decisions"]
    assert house.open(house.bob, number).person is None
    page = services.dossiers.list_mine(house.bob)
    assert number not in [line.number for line in page.lines]
    with pytest.raises(NotFound):
        services.shares.give(house.bob, number, ["identity"], "hugo", until=None)
    form = services.entries.compose(house.alice, number)
    (choice,) = [each for each in form.compartments if each.kind == "confidential"]
    assert "Bob" not in [each.name for each in choice.readers]
    assert ("Astreinte", "une personne, par accès urgent seulement") in [(each.name, each.function) for each in choice.readers]
    assert "Membre de l’astreinte" not in str(house.open(house.alice, number).participants)
    view = services.urgent.read(house.bob, enter(house.bob, number))
    assert view.person == "Théodule Quibérac-Aveugle", "control"
    assert kinds(view) == ["identity", "confidential"], "what was shared with them otherwise is not shown here"


def test_who_is_on_call_is_what_the_steward_says_now(house: House) -> None:
    number = house.follow("Quibérac-Tour")
    on_call(house, "bob", "alice")
    access = enter(house.bob, number)
    on_call(house, "alice")
    for attempt in (
        lambda: services.urgent.read(house.bob, access),
        lambda: enter(house.bob, number),
        lambda: services.urgent.desk(house.bob),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert services.urgent.read(house.alice, enter(house.alice, number)).person
    later = house.follow("Quibérac-Après")
    assert services.urgent.read(house.alice, enter(house.alice, later)).person, "what comes later is sealed to them too"
    on_call(house)
    with pytest.raises(NotFound):
        enter(house.alice, number)


def test_five_at_most_whom_the_charter_lets_and_nobody_but_a_steward(house: House) -> None:
    here = house.cells["nord"]
    page = services.duty.page(house.stella, here)
    assert [each.name for each in page.candidates] == ["Alice", "Bob", "Stella"]
    for wrong in (["paula"], ["hugo"], ["charlie"], ["elsa"]):
        with pytest.raises(InvalidInput):
            on_call(house, *wrong)
    for stranger in ("alice", "sam", "dora", "oscar"):
        with pytest.raises(NotFound):
            on_call(house, "bob", steward=stranger)
    assert services.duty.MOST == 5


def test_a_closed_dossier_is_entered_no_more(house: House) -> None:
    number = house.follow("Quibérac-Clos")
    on_call(house, "bob")
    access = enter(house.bob, number)
    services.lifecycle.close(house.stella, number, next(iter(house.instance.charter.vocabulary.closing_reasons)))
    with pytest.raises(NotFound):
        services.urgent.read(house.bob, access)
    with pytest.raises(NotFound):
        enter(house.bob, number)


def test_the_person_linked_to_somebody_on_call_stays_out_of_their_reach(house: House) -> None:
    number, other = house.follow("Quibérac-Lien"), house.follow("Quibérac-Sans-lien")
    on_call(house, "bob")
    services.conflicts.declare_for(house.stella, number, "bob")
    with pytest.raises(NotFound):
        enter(house.bob, number)
    assert enter(house.bob, other), "control"
    on_call(house, "bob", "alice")
    assert not [box for box in rows(house, Box, title="duty") if box.holder_id == house.bob.user_id]
