"""Each profession of the matrix on each programme, in a real browser: comes in, finds the dossier or not, sees and writes what it may.

A usual run draws one programme for each profession, by the printed seed; `--prove` walks every pair.
"""

import random
import re
from collections.abc import Callable, Iterator

import pytest

from casework import services
from casework.cli.db import upgrade
from casework.services.offices.foundation import prepare_folder
from tests.house import House, config_for
from tests.journeys.conftest import NewContext
from tests.journeys.matrix import FIRST_PAGES, ROOMS, ROWS, WAITING, May, Row
from tests.journeys.professions import PROGRAMMES, build, marks, orientation
from tests.journeys.test_one_code_at_once import served
from tests.journeys.town import Town
from tests.journeys.visitor import Accessible, Visitor, Wire, words
from tests.sampling import Sampler

Pair = tuple[Row, str]
VOLETS = {
    "Identité": "identity", "Coordonnées": "contact", "Décisions (N0)": "decisions", "Partagé avec la cellule (N1)": "confidential",
    "École": "school", "Justice": "judicial", "Mise en sécurité": "safety", "Entre travailleurs sociaux (N2)": "social",
    "Mes notes, moi seule (N3)": "sealed", "Mes notes, moi seul (N3)": "sealed", "Partie partagée": "extract",
}  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One pair for each profession, or all of them."""
    if "pair" in metafunc.fixturenames:
        options = metafunc.config.option
        pairs = [(row, programme) for row in ROWS for programme in PROGRAMMES] if options.prove else list(drawn(options.seed))
        metafunc.parametrize("pair", pairs, ids=[f"{row.profession}-{row.position}-{programme}" for row, programme in pairs])


def drawn(seed: int) -> Iterator[Pair]:
    """For each profession a programme where the matrix gives it something, if there is one."""
    for profession in dict.fromkeys(row.profession for row in ROWS):
        every = [(row, programme) for row in ROWS if row.profession == profession for programme in PROGRAMMES]
        given = [(row, programme) for row, programme in every if programme in row.may]
        yield random.Random(f"{seed} {profession}").choice(given or every)  # noqa: S311  # repeatable on purpose


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The town of every profession, on SQLite."""
    config = config_for(tmp_path_factory.mktemp("professions"))
    prepare_folder(config)
    upgrade(config.database_url)
    built = build(config)
    yield built
    built.instance.close()


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    """Where it is served."""
    with served(house) as url:
        yield url


@pytest.fixture(scope="module")
def came_in() -> set[str]:
    """Professions whose first page was looked at already."""
    return set()


@pytest.fixture
def comes_in(
    house: House, address: str, came_in: set[str], new_context: NewContext, wire: Wire, accessible: Accessible
) -> Callable[[Row], Visitor]:
    """`comes_in(row)`: signed in, at their first page, which the accessibility rules look at once for each profession."""

    def enter(row: Row) -> Visitor:
        page = new_context().new_page()
        visitor = Visitor(page, Town(address, house.instance.config.instance, []), wire, accessible)
        secret = services.sessions.start(house.actors[row.person])
        page.context.add_cookies([{"name": "sid", "value": secret, "url": address, "sameSite": "Strict"}])
        page.goto(f"{address}/")
        if row.profession not in came_in:
            visitor.looks()
            came_in.add(row.profession)
        return visitor

    return enter


def test_the_matrix(pair: Pair, house: House, comes_in: Callable[[Row], Visitor], sample: Sampler) -> None:
    row, programme = pair
    may, number = row.in_(programme), house.numbers[programme]
    somebody = comes_in(row)
    assert somebody.path == FIRST_PAGES.get(row.profession, "/jour")
    learns_nothing_forbidden(somebody, row)
    finds(somebody, row, house)
    if may.listed:
        opens(somebody, row, programme, number)
        may_write(somebody, may, row, number)
    if may.follows:
        follows(somebody, row, number)
    is_refused(somebody, row, house, sample)


def finds(somebody: Visitor, row: Row, house: House) -> None:
    """Their list has exactly the dossiers that are theirs; partners and offices have no list at all."""
    expected = {house.numbers[each] for each in PROGRAMMES if row.in_(each).listed}
    expected |= {house.numbers[f"other {each}"] for each in WAITING.get(row.person, ())}
    if row.position in ("office", "reporter"):
        assert somebody.fetches("/dossiers")[0] == 404
        return
    somebody.page.goto(f"{somebody.town.url}/dossiers")
    mine = somebody.page.get_by_role("table", name="Les dossiers qui me sont ouverts").locator("a.row-link")
    assert {each.rpartition("/")[2] for each in mine.evaluate_all("all => all.map(each => each.href)")} == expected
    learns_nothing_forbidden(somebody, row)


def opens(somebody: Visitor, row: Row, programme: str, number: str) -> None:
    """Exactly the volets of the matrix: what stands in them is there, and nothing of the others in the whole page."""
    somebody.page.goto(f"{somebody.town.url}/dossiers/{number}")
    reads, whole = set(row.in_(programme).reads.split()), somebody.page.content()
    for kind, said in marks(programme).items():
        assert (said in whole) == (kind in reads), kind
    if reads == {"extract"}:
        assert orientation(programme) in words(somebody.page.locator("dl.letter"))
        assert somebody.page.locator(".volet").count() == 1
    else:
        assert volets(somebody, ".volet:not(.shut)") == reads
        assert volets(somebody, ".volet.shut") <= {"judicial", "safety", "school", "social"}, "of N3 nobody else ever knows"
    learns_nothing_forbidden(somebody, row)


def volets(somebody: Visitor, which: str) -> set[str]:
    """The kinds of these sections."""
    return {VOLETS[re.sub(r"\s+", " ", said).strip()] for said in somebody.page.locator(f"{which} h3").all_text_contents()}


def may_write(somebody: Visitor, may: May, row: Row, number: str) -> None:
    """The form for a note offers exactly the volets of the matrix, the record exactly its own; where there is none, no form either."""
    if may.notes:
        somebody.page.goto(f"{somebody.town.url}/dossiers/{number}/notes/nouvelle")
        offered = somebody.page.locator("[name=compartment]").evaluate_all("all => all.map(each => each.value)")
        assert set(offered) == set(may.notes.split())
        learns_nothing_forbidden(somebody, row)
    else:
        assert somebody.fetches(f"/dossiers/{number}/notes/nouvelle")[0] == 404
    _, index = somebody.fetches(f"/dossiers/{number}/fiche")
    assert set(re.findall(rf"/dossiers/{number}/fiche/(\w+)", index)) == set(may.records.split())


def follows(somebody: Visitor, row: Row, number: str) -> None:
    """The saisine they sent: received, passed on or closed; a field to add something; no field of the dossier."""
    somebody.page.goto(f"{somebody.town.url}/saisines/{number}")
    assert f"{number} orientée" in somebody.text
    assert somebody.page.get_by_label("Complément", exact=True).is_visible()
    learns_nothing_forbidden(somebody, row)


def is_refused(somebody: Visitor, row: Row, house: House, sample: Sampler) -> None:
    """What is never theirs is the page of a number that does not exist: other programmes, others' saisines, the journal, the accounts."""
    theirs = {each for each in PROGRAMMES if row.in_(each).listed} | {f"other {each}" for each in WAITING.get(row.person, ())}
    refused = sorted(house.numbers[each] for each in house.numbers.keys() - theirs)
    unknown = somebody.fetches("/dossiers/2026-9999")
    assert unknown[0] == 404
    for number in sample(refused, 3):
        assert somebody.fetches(f"/dossiers/{number}") == unknown, number
    for rest in sample(("notes/nouvelle", "fiche", "historique", "partage"), 1):
        assert somebody.fetches(f"/dossiers/{refused[-1]}/{rest}")[0] == 404, rest
    for room, professions in ROOMS.items():
        assert (somebody.fetches(room)[0] == 200) == (row.profession in professions), room


def learns_nothing_forbidden(somebody: Visitor, row: Row) -> None:
    """Of no programme a word of a volet that is not theirs, wherever it might stand in the page."""
    whole = somebody.page.content()
    for programme in PROGRAMMES:
        reads = row.in_(programme).reads.split()
        found = [kind for kind, said in marks(programme).items() if kind not in reads and said in whole]
        assert not found, (programme, somebody.path)
