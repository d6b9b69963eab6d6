"""Field ciphertexts and row seals: what is bound, that a single flipped bit is refused, and that the format stays what it is."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import TamperedError
from casework.vault.content import PAD_STEP, ContentKey
from tests.sampling import Sampler

SECRET = bytes(range(32))
CLEAR = ("observation", "a" * 32, None, 1, 1772442000.0)
TEXTS = ["La première colonne.", "La seconde, é ŭ œ."]
COLUMNS = ("first", "second")


def key(**changes: object) -> ContentKey:
    place: dict[str, object] = {"instance": "town", "scope": "compartment", "version": 1} | changes
    return ContentKey(SECRET, **place)  # type: ignore[arg-type]  # the table above


def sealed() -> list[bytes]:
    return key().seal_row("table", COLUMNS, "row", CLEAR, TEXTS)


def opened(
    blobs: list[bytes], with_key: ContentKey | None = None, *, table: str = "table", row: str = "row", clear: tuple[object, ...] = CLEAR
) -> list[str]:
    return (with_key or key()).reader(table, COLUMNS).open(row, clear, blobs)  # type: ignore[arg-type]  # tampered on purpose


def test_what_was_sealed_opens() -> None:
    assert opened(sealed()) == TEXTS


@pytest.mark.parametrize(
    "elsewhere",
    [
        lambda blobs: opened(blobs, key(instance="other town")),
        lambda blobs: opened(blobs, key(scope="other compartment")),
        lambda blobs: opened(blobs, key(version=2)),
        lambda blobs: opened(blobs, ContentKey(bytes(32), instance="town", scope="compartment", version=1)),
        lambda blobs: opened(blobs, table="other"),
        lambda blobs: opened(blobs, row="other"),
        lambda blobs: opened(blobs[::-1]),
        lambda blobs: opened([blobs[0], sealed()[1]]),
        lambda blobs: opened([sealed()[0], blobs[1]]),
    ],
)
def test_moved_swapped_or_mixed_it_does_not_open(elsewhere: Callable[[list[bytes]], list[str]]) -> None:
    with pytest.raises(TamperedError):
        elsewhere(sealed())


@pytest.mark.parametrize("place", range(len(CLEAR)))
def test_every_clear_column_is_under_the_seal(place: int) -> None:
    changed = tuple("x" if index == place else value for index, value in enumerate(CLEAR))
    with pytest.raises(TamperedError):
        opened(sealed(), clear=changed)


@pytest.mark.prove
def test_every_flipped_bit_is_refused(sample: Sampler) -> None:
    blobs = sealed()
    bits = [(number, bit) for number, blob in enumerate(blobs) for bit in range(len(blob) * 8)]
    for number, bit in sample(bits, 200):
        touched = bytearray(blobs[number])
        touched[bit // 8] ^= 1 << bit % 8
        with pytest.raises(TamperedError):
            opened([bytes(touched) if index == number else blob for index, blob in enumerate(blobs)])


@given(st.text())
def test_any_text_comes_back_and_its_length_says_little(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    (blob,) = key().seal_row("table", ("only",), "row", CLEAR, [text])
    assert key().reader("table", ("only",)).open("row", CLEAR, [blob]) == [text]
    assert (len(blob) - 29) % PAD_STEP == 0


def test_no_nonce_twice() -> None:
    nonces = {blob[1:13] for _ in range(500) for blob in sealed()}
    assert len(nonces) == 1000


def test_the_format_is_what_it_was() -> None:
    """A row sealed on 2026-11-22: whoever changes the bytes must find a way for the rows that exist."""
    first = bytes.fromhex(FIRST)
    assert key().reader("table", ("only",)).open("row", CLEAR, [first]) == ["Ancien."]


FIRST = (
    "016d454d4a0c699a9c18a1d20e76a57f30647335a6eda5366533dddfa973decf0cc3ce21502bf231e828f96381e007db3d74c49b92b84c0e6a1f64e8"
    "d750b48c097ca72b9c8ed64a486abe6b09bc97407c1ce67566c14c71d1a7f3c68c"
)
