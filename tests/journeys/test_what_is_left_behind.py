"""After everybody's day: what the screens showed stands on screens alone.

The same is asked of every served town once all of its journeys are over, whatever they typed: at the end of the fixture `town`.
"""

import json
import re

import pytest

from tests.canaries import find_canaries
from tests.journeys import remains
from tests.journeys.conftest import SignIn
from tests.journeys.crawl import ANYWHERE, DOSSIERS, Crawl, crawl
from tests.journeys.notes import begin_note, save, unheard_of
from tests.journeys.town import Town
from tests.journeys.visitor import Wire
from tests.sampling import Sampler

STEWARDS = ("claire.vasselane", "hugues.tremarelle", "bruno.estrevalle", "marion.saulnaie")
SOCIAL_WORKERS = ("solene.maurepin", "lucie.brancelot", "yanis.corvelac")
OTHERS = ("fabien.courtemer", "elise.fontarelle", "celia.pontavel", "gisele.rouvrenac", "laure.debrenne")
"""Who reads what stays between social workers, or keeps a safe contact."""
EVERYWHERE = ("claire.vasselane", "solene.maurepin", "celia.pontavel")
"""Who follows every link: a steward, a social worker and somebody of the victims' service come to every kind of page between them."""

WITHIN = re.compile(r"/dossiers/(\d{4}-\d{4})/")
SAMPLED = 12
"""Dossiers whose every page is opened in a sampled run; of the others the first page is, where all of it stands."""


@pytest.fixture(scope="module")
def everything_seen() -> list[Crawl]:
    """What the crawls of this module brought home."""
    return []


def test_every_value_is_on_some_screen_exactly_as_stored(
    sign_in: SignIn, town: Town, everything_seen: list[Crawl], sample: Sampler
) -> None:
    """Between them, stewards, social workers and the service that follows victims see every name, phone, address and note of the town."""
    anywhere, whole = sample(EVERYWHERE, 1), sample((paper["number"] for paper in town.truth()), SAMPLED)
    for username in (*STEWARDS, *SOCIAL_WORKERS, *OTHERS):
        only = ANYWHERE if username in anywhere else DOSSIERS
        everything_seen.append(crawl(sign_in(username=username), only=only, enough=lambda address: is_within_another(address, whole)))
    shown = "\n".join(page for brought in everything_seen for address, page in brought.pages.items())
    for paper in town.truth():
        for group in ("names", "phones", "addresses", "notes"):
            assert [value for value in paper[group] if value not in shown] == [], (paper["number"], group)


def is_within_another(address: str, whole: list[str]) -> bool:
    """Whether it is a page of a dossier beside its first, and the dossier none of these."""
    found = WITHIN.match(address)
    return found is not None and found[1] not in whole


def test_none_is_in_an_address_a_title_or_a_header(
    sign_in: SignIn, town: Town, wire: Wire, everything_seen: list[Crawl], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nothing that a history, a proxy or a log might keep."""
    lead = sign_in(username=SOCIAL_WORKERS[0])
    lead.goes_to("/dossiers")
    lead.presses(lead.page.locator("tbody a.row-link").first)
    assert any("/dossiers/" in said for said in wire.said)
    assert remains.on_the_wire(town, wire, tmp_path_factory.mktemp("wire"), (brought.around for brought in everything_seen)) == []


def test_none_is_at_rest_nor_in_the_log(sign_in: SignIn, town: Town) -> None:
    """Every byte of instance folder, runtime folder and the server's two outputs, after one more note was written."""
    lead = sign_in(username=SOCIAL_WORKERS[0])
    lead.goes_to("/dossiers")
    lead.presses(
        lead.page.locator("tbody tr").filter(has_text="référente de parcours").filter(has_text="en cours").first.locator("a.row-link")
    )
    begin_note(lead, unheard_of())
    save(lead)
    assert remains.at_rest(town) == []


def test_control_the_search_finds_what_is_there(town: Town) -> None:
    """In the very file that lists them."""
    found = {value for _, value, _ in find_canaries([town.instance / "truth.json"], town.secrets())}
    assert {value for paper in town.truth() for value in paper["notes"]} <= found
    assert json.loads((town.instance / "truth.json").read_text(encoding="utf-8"))


def test_the_ledger_still_verifies(town: Town) -> None:
    """Leaf by leaf and row by row, beside the running server."""
    code, said = remains.verified(town)
    assert code == 0, said
