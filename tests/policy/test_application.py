"""The rows of decisions.yaml, run against the application: somebody is put in the position of the row, keys in hand, and does it.

Every row with --prove; otherwise a seeded sample that always has every action both ways, every profession, position and kind, and every
cell of the access matrix (domain 2.20).
"""

import random
import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress

import pytest

from casework.charter import Situation, load
from casework.charter.decisions import Decision, read_decisions
from casework.errors import CaseworkError
from casework.resources import resource_dir
from tests.policy.application import Town, build
from tests.policy.on_dossiers import other_pages
from tests.policy.places import GUEST, PARTNER, WITHOUT_BOX, by_orientation, put
from tests.policy.verbs import NEVER_ASKED, VERBS, let, without
from tests.sampling import Sampler

pytestmark = pytest.mark.prove  # rows are drawn while tests are collected, not by the fixture `sample`

LAW = load(resource_dir("policies"))
ROWS = read_decisions(resource_dir("policies"), LAW, [])
SAMPLE, CONTROLS, UNREAD = 120, 30, 8


UNLISTED = ("social", "sealed")
"""Of N2 and N3 no other page shows anything, nor does a duty box, whatever the charter says: the control has nothing to find."""


def features(row: Decision) -> Iterator[tuple[str, ...]]:
    """What a sample must not miss: each of these has a row in it."""
    yield "action", row.action, str(row.permitted)
    yield from (("word", name, word) for name, word in row.situation._asdict().items())
    yield from (("matrix", *cell) for cell in re.findall(r"D 2\.20 ([^:;]+) : (voit|écrit|jamais)", row.source))


def chosen(rows: list[Decision], seed: int, size: int) -> list[Decision]:
    """In a seeded order, every row that has something new, then others up to `size`; given back in the order of the file."""
    order = random.Random(seed).sample(rows, len(rows))  # noqa: S311  # repeatable on purpose
    seen: set[tuple[str, ...]] = set()
    needed: list[Decision] = []
    others: list[Decision] = []
    for row in order:
        here = set(features(row))
        (others if here <= seen else needed).append(row)
        seen |= here
    return sorted([*needed, *others[: max(0, size - len(needed))]], key=lambda row: row.line)


GUARDED: dict[str, Callable[[str, Situation], bool]] = {
    "the sealed archive has a gate of its own, at a partner’s door too": lambda _action, at: at.status == "archived",
    "without a box there is nothing to open or to list": lambda action, at: (
        (at.position in WITHOUT_BOX and action == "compartment.read") or (at.position in (*WITHOUT_BOX, GUEST) and action == "dossier.list")
    ),
    "a saisine is followed by whoever sent it": lambda action, at: (
        at.position == "member" and action in {"referral.follow", "referral.add"}
    ),
    "one refers to a cell one is in": lambda action, at: at.position == "none" and action == "referral.send",
    "a signed habilitation as steward is asked for besides": lambda action, at: (
        at.position != "steward"
        and action in {"member.admit", "member.end", "cell.take_charge", "ring.elected", "ring.turn", "meeting.confirm"}
    ),
    "a meeting is seen, and its points are reported, in a cell one is in": lambda action, at: (
        at.position == "none" and action in {"meeting.read", "point.report"}
    ),
    "an agenda takes what is under way, and of what is over nothing is decided": lambda action, at: (
        at.status == "closed" and action in {"meeting.confirm", "meeting.decide"}
    ),
    "a lead is believed when a steward named them, and the last holder of a part is not put aside": lambda action, at: (
        at.position == "lead" and action == "dossier.relead"
    ),
    "a duty box is blind outside an accès urgent": lambda action, at: (
        at.position == "duty" and action in {"history.read", "dossier.list", "share.give"}
    ),
    "N2 is found by its author only when it is given or taken back": lambda action, at: (
        at.kind == "social" and at.position != "author" and action in {"share.give", "share.end"}
    ),
    "before a meeting the page says who it is about, and no more": lambda action, at: (
        at.position == "convened" and action == "compartment.know"
    ),
    "a partner’s box opens at the orientation’s own door and nowhere else": lambda action, at: (
        at.position == PARTNER and action in {"compartment.read", "dossier.list"} and not by_orientation(action, at)
    ),
    "an orientation is received by whom it was addressed to": lambda action, at: at.position != PARTNER and action == "orientation.receive",
    "nobody is reached without the mise en sécurité": lambda action, at: (
        action == "contact.plan" and at.position in (*WITHOUT_BOX, PARTNER)
    ),
    "permanences are those of a service’s ring one serves in": lambda action, at: (
        at.position != "service" and action in {"permanence.read", "permanence.keep"}
    ),
    "a saisine is examined once": lambda action, at: action == "referral.examine" and at.status == "open",
    "nothing is handed to a partner before the dossier was examined": lambda action, at: (
        at.status == "received" and action == "partner.link"
    ),
    "there is no such form": lambda action, at: (
        action == "record.write" and (at.kind == "decisions" or (at.kind, at.programme) == ("contact", "domestic_violence"))
    ),
}
"""Denials that something else holds as well: under a charter that says yes they are refused all the same."""


def held_and_denied(row: Decision) -> bool:
    """Whether the person has a box of what the row does not let them read, outside the sealed archive."""
    at = row.situation
    held = at.position not in (*WITHOUT_BOX, GUEST) and at.status != "archived"
    return row.action == "compartment.read" and not row.permitted and held


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Rows and their controls, by this run's seed."""
    seed, whole = metafunc.config.option.seed, metafunc.config.option.prove
    sample = Sampler(seed, whole=whole)
    sets = {
        "row": lambda: ROWS if whole else chosen(ROWS, seed, SAMPLE),
        "denied": lambda: sample([row for row in ROWS if not row.permitted], CONTROLS),
        "permitted": lambda: asked(seed),
        "unread": lambda: sample([row for row in ROWS if held_and_denied(row)], UNREAD),
    }
    for name in sets.keys() & set(metafunc.fixturenames):
        rows = sets[name]()
        metafunc.parametrize(name, rows, ids=[f"line {row.line}: {row.action}" for row in rows])


def asked(seed: int) -> list[Decision]:
    """For every action that a verb asks, one row that permits it. An author knows what they read: that is another action's permit."""
    order = random.Random(seed).sample(ROWS, len(ROWS))  # noqa: S311  # repeatable on purpose
    permits = {row.action: row for row in order if row.permitted and row.situation.position != "author"}
    return sorted((row for action, row in permits.items() if action not in NEVER_ASKED), key=lambda row: row.line)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The town, built once."""
    town = build(tmp_path_factory.mktemp("rows"))
    yield town
    town.close()


@pytest.fixture
def town(built: Town) -> Town:
    """The town as it was built: a row sees nothing of the others."""
    built.restore()
    return built


def test_every_action_has_a_verb() -> None:
    assert set(VERBS) == set(LAW.vocabulary.actions)
    assert set(NEVER_ASKED) <= set(VERBS)


def test_a_sample_misses_no_action_no_word_and_no_cell_of_the_matrix() -> None:
    everything = {feature for row in ROWS for feature in features(row)}
    assert {feature for row in chosen(ROWS, 1, SAMPLE) for feature in features(row)} == everything


def test_the_application_does_as_the_row_says(town: Town, row: Decision) -> None:
    """A permit: the verb does it, and what is read is there. A denial: it refuses, or the word is nowhere in what it shows."""
    assert let(put(town, row)) is row.permitted


def test_control_under_a_charter_that_says_yes_the_same_person_does_it(town: Town, denied: Decision) -> None:
    """The box was real, and nothing but the charter stood before the word; or something else did, and the table says what."""
    place, done = put(town, denied).under(town.generous), False
    guards = [why for why, applies in GUARDED.items() if applies(denied.action, denied.situation)]
    with suppress(CaseworkError) if guards else nullcontext():
        done = let(place)
    assert done is not bool(guards), guards


def test_control_without_its_rule_the_same_verb_refuses(town: Town, permitted: Decision) -> None:
    """Every verb asks for its own action: take the permit away and nothing else, and it does not happen."""
    assert not let(put(town, permitted).under(without(town.law, permitted.action, permitted.rule)))


def test_no_other_page_shows_what_the_row_denies(town: Town, unread: Decision) -> None:
    """Neither list nor search, day, history or form. The control is the same person under a charter that says yes."""
    place = put(town, unread)
    assert place.word not in other_pages(place)
    at = unread.situation
    unlisted = at.kind in UNLISTED or at.position == "duty" or (at.position == PARTNER and not by_orientation(unread.action, at))
    assert unlisted or place.word in other_pages(place.under(town.generous))


@pytest.mark.parametrize("action", NEVER_ASKED)
def test_what_no_verb_asks_is_said_and_true(town: Town, action: str) -> None:
    """The table of exceptions does not outlive its reasons: once a verb asks, the row above has its control."""
    row = next(row for row in ROWS if row.action == action and row.permitted)
    assert let(put(town, row).under(without(town.law, action, row.rule)))
