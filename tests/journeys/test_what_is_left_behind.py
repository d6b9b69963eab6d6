"""After everybody's day: what the screens showed stands on screens alone. Run last, it looks at what the other journeys left behind."""

import json
import os
import subprocess

import pytest

from tests.architecture.tree import ROOT
from tests.canaries import find_canaries
from tests.cli.process import COMMAND
from tests.journeys.conftest import SignIn
from tests.journeys.crawl import Crawl, addresses, crawl
from tests.journeys.notes import begin_note, save, unheard_of
from tests.journeys.town import Town
from tests.journeys.visitor import Wire

STEWARDS = ("claire.vasselane", "hugues.tremarelle", "bruno.estrevalle", "marion.saulnaie")
SOCIAL_WORKERS = ("solene.maurepin", "lucie.brancelot", "yanis.corvelac")
OTHERS = ("fabien.courtemer", "elise.fontarelle", "celia.pontavel", "gisele.rouvrenac", "laure.debrenne")
"""Who reads what stays between social workers, or keeps a safe contact."""
PAPERS = {"accounts.json", "truth.json"}


@pytest.fixture(scope="module")
def everything_seen() -> list[Crawl]:
    """What the crawls of this module brought home."""
    return []


def test_every_value_is_on_some_screen_exactly_as_stored(sign_in: SignIn, town: Town, everything_seen: list[Crawl]) -> None:
    """Between them, stewards, social workers and the service that follows victims see every name, phone, address and note of the town."""
    for username in (*STEWARDS, *SOCIAL_WORKERS, *OTHERS):
        visitor = sign_in(username=username)
        everything_seen.append(crawl(visitor, addresses(visitor)))
    shown = "\n".join(page for brought in everything_seen for address, page in brought.pages.items())
    for paper in town.truth():
        for group in ("names", "phones", "addresses", "notes"):
            assert [value for value in paper[group] if value not in shown] == [], (paper["number"], group)


def test_none_is_in_an_address_a_title_or_a_header(
    town: Town, wire: Wire, everything_seen: list[Crawl], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nothing that a history, a proxy or a log might keep."""
    assert wire.said
    said = wire.said.union(*(brought.around for brought in everything_seen))
    kept = tmp_path_factory.mktemp("wire") / "said"
    kept.write_text("\n".join(sorted(said)), encoding="utf-8")
    assert find_canaries([kept], town.secrets()) == []


def test_none_is_at_rest_nor_in_the_log(sign_in: SignIn, town: Town) -> None:
    """Every byte of instance folder, runtime folder and the server's two outputs, after one more note was written."""
    lead = sign_in(username=SOCIAL_WORKERS[0])
    lead.goes_to("/dossiers")
    lead.presses(
        lead.page.locator("tbody tr").filter(has_text="référente de parcours").filter(has_text="en cours").first.locator("a.row-link")
    )
    begin_note(lead, unheard_of())
    save(lead)
    files = [path for path in town.instance.rglob("*") if path.is_file() and path.name not in PAPERS]
    assert {"casework.db", "instance.json"} <= {path.name for path in files}
    assert "GET" in town.log.read_text(encoding="utf-8")
    assert find_canaries([*files, town.runtime, town.log], town.secrets()) == []


def test_control_the_search_finds_what_is_there(town: Town) -> None:
    """In the very file that lists them."""
    found = {value for _, value, _ in find_canaries([town.instance / "truth.json"], town.secrets())}
    assert {value for paper in town.truth() for value in paper["notes"]} <= found
    assert json.loads((town.instance / "truth.json").read_text(encoding="utf-8"))


def test_the_ledger_still_verifies(town: Town) -> None:
    """Leaf by leaf and row by row, beside the running server."""
    environment = os.environ | {"CASEWORK_INSTANCE": str(town.instance), "CASEWORK_RUNTIME_DIR": str(town.runtime)}
    command = [COMMAND, "ledger", "verify"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
