"""The directory on both databases: who reads and keeps it, what finds a service, what may stand in it, and what closing leaves."""

from dataclasses import replace
from datetime import date

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.services.directory.views import DirectoryQuery, ServiceDraft
from casework.services.drafts import AccessQuery
from tests.house import House

FORUM = ServiceDraft(
    name="Forum Emploi des Cœurs Vaillants",
    institution="Association L’Étape",
    needs=("training", "rights"),
    programmes=("fragility",),
    age_min=16,
    age_max=25,
    about="Atelier du mardi",
    address="3 rue de l’Écluse",
    sector="Nord",
    hours="mardi, 9 h à 12 h",
    phone="02 61 91 00 01",
)


def found(house: House, **asked: object) -> list[str]:
    """Names that Alice finds."""
    return [each.name for each in services.catalogue.find(house.alice, DirectoryQuery(**asked)).services]  # type: ignore[arg-type]  # by name


@pytest.fixture
def forum(house: House) -> str:
    """One service; closed again by its name, so that each test starts without it."""
    page = services.catalogue.find(house.stella, DirectoryQuery(words="forum coeurs vaillants"))
    return page.services[0].id if page.services else services.upkeep.add(house.stella, FORUM)


@pytest.mark.parametrize("words", ["forum", "COEURS", "cœur emploi", "etape", "écluse rue", "ETAPE forum", "nord", "acces aux droits"])
def test_words_are_found_without_accents_and_case(house: House, forum: str, words: str) -> None:
    assert FORUM.name in found(house, words=words)


@pytest.mark.parametrize("words", ["forum absent", "sud", "%", "forum_emploi zzz"])
def test_other_words_find_nothing(house: House, forum: str, words: str) -> None:
    assert (FORUM.name in found(house, words=words)) is (words == "%")  # a sign is no word: nothing is asked


@pytest.mark.parametrize(
    ("asked", "answers"),
    [
        ({"need": "training"}, True), ({"need": "housing"}, False), ({"need": "train"}, True), ({"programme": "fragility"}, True),
        ({"programme": "school"}, False), ({"sector": "Nord"}, True), ({"sector": "Sud"}, False), ({"age": 16}, True),
        ({"age": 15}, False), ({"age": 26}, False), ({"need": "rights", "programme": "fragility", "sector": "Nord", "age": 20}, True),
    ],
)  # fmt: skip
def test_filters(house: House, forum: str, asked: dict[str, object], answers: bool) -> None:
    """What is in no list filters nothing."""
    assert (FORUM.name in found(house, **asked)) is answers


def test_a_service_for_everybody_answers_to_every_public_and_sector(house: House) -> None:
    services.upkeep.add(house.stella, replace(FORUM, name="Pour tous", programmes=(), sector="", age_min=None, age_max=None))
    for asked in ({"programme": "release"}, {"sector": "Sud"}, {"age": 80}):
        assert "Pour tous" in found(house, words="pour tous", **asked)


def test_who_may(house: House, forum: str) -> None:
    """Members read; stewards keep; offices do neither. A leaf each, with a count and never a word."""
    page = services.catalogue.find(house.alice, DirectoryQuery(words="forum"))
    assert (page.may_keep, services.catalogue.read(house.alice, forum).may_keep) == (False, False)
    assert services.catalogue.read(house.stella, forum).may_keep
    for act in (
        lambda: services.upkeep.add(house.alice, replace(FORUM, name="Autre")),
        lambda: services.upkeep.close(house.alice, forum),
        lambda: services.upkeep.compose(house.alice),
        lambda: services.importing.preview(house.alice, b"a;b"),
        lambda: services.importing.apply(house.alice, "[]", ""),
        lambda: services.catalogue.find(house.ada, DirectoryQuery()),
        lambda: services.catalogue.read(house.oscar, forum),
        lambda: services.catalogue.read(house.alice, "0" * 32),
    ):
        with pytest.raises(NotFound):
            act()
    assert services.accesses.read(house.ada, AccessQuery()).count > 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"), ({"name": "a" * 121}, "name"), ({"name": "a\u202eb"}, "name"), ({"institution": ""}, "institution"),
        ({"needs": ()}, "needs"), ({"needs": ("healing",)}, "needs"), ({"programmes": ("adults",)}, "programmes"),
        ({"age_min": 30}, "age_max"), ({"age_max": 121}, "age_max"), ({"age_min": -1}, "age_min"), ({"phone": "appelez Zoé"}, "phone"),
        ({"phone": "", "address": ""}, "address"), ({"state": "maybe"}, "state"), ({"hours": "x" * 201}, "hours"),
        ({"state": "full", "state_until": date(2026, 1, 1)}, "state_until"), ({}, "name"),
    ],
)  # fmt: skip
def test_what_a_service_may_not_say(house: House, forum: str, wrong: dict[str, object], field: str) -> None:
    """Beside its field; the same service twice is refused by its name, however it is spelt."""
    name = FORUM.name.upper() if not wrong else "Neuf"
    with pytest.raises(InvalidInput) as refused:
        services.upkeep.add(house.stella, replace(FORUM, **{"name": name, **wrong}))  # type: ignore[arg-type]  # wrong on purpose
    assert set(refused.value.problems) == {field}


def test_change_counts_versions_and_dates_the_capacity(house: House, forum: str) -> None:
    """Whoever was slower is told; the same again changes nothing; the past is refused for what is new only."""
    form = services.upkeep.compose(house.stella, forum)
    before = services.catalogue.read(house.stella, forum).service
    full = replace(form.draft, state="full", state_until=date(2026, 12, 24))
    services.upkeep.change(house.stella, forum, full, seen=form.version)
    after = services.catalogue.read(house.alice, forum).service
    assert (after.state.code, after.state_until, after.overdue) == ("full", date(2026, 12, 24), False)
    assert after.state_on >= before.state_on
    with pytest.raises(InvalidInput, match="form"):
        services.upkeep.change(house.stella, forum, full, seen=form.version)
    services.upkeep.change(house.stella, forum, full, seen=form.version + 1)
    assert services.upkeep.compose(house.stella, forum).version == form.version + 1
    services.upkeep.change(house.stella, forum, form.draft, seen=form.version + 1)


def test_a_closed_service_vanishes_from_choice_and_not_from_history(house: House, forum: str) -> None:
    services.upkeep.close(house.stella, forum)
    assert FORUM.name not in found(house)
    assert FORUM.name not in found(house, closed=True)  # a member does not ask for those
    assert FORUM.name in [each.name for each in services.catalogue.find(house.stella, DirectoryQuery(closed=True)).services]
    shown = services.catalogue.read(house.alice, forum).service
    assert shown.name == FORUM.name
    assert shown.closed_on is not None
    for act in (services.upkeep.close, services.upkeep.compose):
        with pytest.raises(NotFound):
            act(house.stella, forum)
    with pytest.raises(InvalidInput) as refused:
        services.upkeep.add(house.stella, FORUM)
    assert "fermé" in refused.value.problems["name"]
    services.upkeep.reopen(house.stella, forum)
    assert FORUM.name in found(house)
    with pytest.raises(NotFound):
        services.upkeep.reopen(house.stella, forum)


def test_a_signatory_is_recognised_by_its_name(house: House) -> None:
    from sqlalchemy import select  # noqa: PLC0415  # this test alone looks at rows

    from casework.models.directory import Service  # noqa: PLC0415  # the same

    made = services.upkeep.add(house.stella, replace(FORUM, name="Vie scolaire", institution="COLLEGE des Tilleuls"))
    with house.instance.database.reading() as session:
        assert session.scalar(select(Service.institution_id).where(Service.id == made)) is not None
