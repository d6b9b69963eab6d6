"""Canonical JSON, the RFC 6962 tree, and what a leaf may hold."""

from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import ledger
from casework.ledger import canonical
from casework.ledger.merkle import EMPTY_ROOT, Tree, leaf_hash, node_hash
from tests.ledger.model import START, leaf

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-canonical.LARGEST, canonical.LARGEST) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), each, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_canonical_bytes_read_back_and_are_the_only_ones(value: Any) -> None:
    data = canonical.encode(value)
    assert canonical.decode(data) == value
    with pytest.raises(ValueError, match="canonical"):
        canonical.decode(data + b" ")


def test_keys_sort_as_rfc_8785_says() -> None:
    """The example of RFC 8785 §3.2.3: an emoji (a surrogate pair in UTF-16) comes before U+FB33."""
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    expected = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(canonical.decode(canonical.encode(dict.fromkeys(keys)))) == expected


@pytest.mark.parametrize("value", [1.5, {1: 2}, b"x", {"a": object()}])
def test_other_types_have_no_canonical_form(value: object) -> None:
    with pytest.raises(TypeError):
        canonical.encode(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), "\ud800"])
def test_values_other_readers_would_change_are_refused(value: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # two sorts of message
        canonical.encode(value)


@pytest.mark.parametrize(
    "data", [b'{"a":1,"a":1}', b'{"b":1,"a":1}', b"1.0", b"1e2", b'"\\u0041"', b"\xff", b"NaN", b"", b"9007199254740992"]
)
def test_bytes_that_are_not_canonical_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the JSON reader has words of its own
        canonical.decode(data)


def recursive_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962 §2.1, word by word: a second implementation."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(recursive_root(leaves[:split]), recursive_root(leaves[split:]))


def test_tree_agrees_with_the_definition_at_every_size() -> None:
    tree, bodies = Tree.empty(), []
    assert tree.root() == EMPTY_ROOT == recursive_root([])
    for number in range(130):
        bodies.append(str(number).encode())
        tree = Tree.stored(tree.size, tree.frontier())
        tree.append(leaf_hash(bodies[-1]))
        assert tree.root() == recursive_root(bodies)


def test_frontier_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="fit"):
        Tree.stored(3, b"\x00" * 32)


def test_leaf_reads_back() -> None:
    written = leaf(3, writes=(ledger.RowWrite("note", "1", 2, "0" * 64, gone=True),), hits=4, facts={"reason": "meeting", "days": 30})
    assert ledger.Leaf.decode(written.encode()) == written


@pytest.mark.parametrize(
    "changes",
    [
        {"at": datetime(2026, 1, 1)},  # noqa: DTZ001  # naive on purpose
        {"outcome": "perhaps"},
        {"facts": {"note": "Léa Martin a téléphoné"}},
        {"facts": {"note": "x" * 129}},
        {"facts": {"Note": "x"}},
        {"facts": {"note": 1.5}},
        {"rule": "la référente"},
        {"dossiers": (("Jean Dupont", ("identity",)),)},
        {"dossiers": (("2026-1", ()), ("2026-1", ()))},
        {"hits": -1},
        {"writes": (ledger.RowWrite("note", "1", 1, "short"),)},
    ],
    ids=str,
)
def test_leaf_refuses_sentences_names_and_what_it_could_not_read_back(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # several messages; what matters is below
        leaf(1, **changes)
    assert "Martin" not in str(refused.value)
    assert "Dupont" not in str(refused.value)


@pytest.mark.parametrize(
    "data", [b"{}", b"[]", b"null", leaf(1).encode().replace(b'"v":1', b'"v":2'), leaf(1).encode().replace(b"2026-03", b"2026-13")]
)
def test_other_bytes_are_no_leaf(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the JSON reader has words of its own
        ledger.Leaf.decode(data)


def test_moment_has_always_six_digits() -> None:
    assert b'"at":"2026-03-02T08:31:00.000000Z"' in leaf(1).encode()
    assert START.microsecond == 0
