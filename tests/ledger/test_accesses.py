"""The auditor's questions."""

from datetime import timedelta
from typing import Any

import pytest

from casework import ledger
from casework.models.database import Database
from tests.ledger.conftest import LEAVES
from tests.ledger.model import START


@pytest.mark.parametrize(
    "asked",
    [
        {"actor": "actor-2"},
        {"outcome": "refused"},
        {"number": "2026-0001"},
        {"number": "2026-9004", "outcome": "failed"},
        {"since": START + timedelta(minutes=20), "until": START + timedelta(minutes=33)},
        {"number": "2026-4444"},
    ],
    ids=str,
)
def test_filters_give_what_the_leaves_say(filled: Database, asked: dict[str, Any]) -> None:
    def matches(leaf: ledger.Leaf) -> bool:
        return (
            leaf.actor == asked.get("actor", leaf.actor)
            and leaf.outcome == asked.get("outcome", leaf.outcome)
            and ("number" not in asked or asked["number"] in dict(leaf.dossiers))
            and asked.get("since", leaf.at) <= leaf.at < asked.get("until", leaf.at + timedelta(1))
        )

    with filled.reading() as session:
        everything, count = ledger.accesses(session, limit=1_000)
        found, found_count = ledger.accesses(session, **asked, limit=1_000)
    assert count == len(everything) == LEAVES
    assert [each.seq for each in everything] == list(reversed(range(LEAVES)))
    assert found == tuple(each for each in everything if matches(each.leaf))
    assert found_count == len(found)


def test_pages_follow_each_other(filled: Database) -> None:
    with filled.reading() as session:
        whole, _ = ledger.accesses(session, outcome="refused", limit=1_000)
        first, count = ledger.accesses(session, outcome="refused", limit=7)
        second, _ = ledger.accesses(session, outcome="refused", offset=7, limit=7)
    assert first + second == whole[:14]
    assert count == len(whole)
