"""What is asked of a passphrase, and what is proposed."""

import pytest

from casework.services.offices import passphrases

ABOUT = ("claire.vasselane", "Valmorel-sur-Orle")


@pytest.mark.parametrize(
    "weak",
    [
        "", "treize signes", "aaaaaaaaaaaaaaaaaaaa", "abcabcabcabcabc", "motdepasse1234567", "azertyuiopqsdfg", "12345678901234",
        "claire.vasselane1", "Valmorel-sur-Orle 2026", "x" * 1025,
    ],
)  # fmt: skip
def test_guessable_ones_are_refused(weak: str) -> None:
    """Too short, repeated, a row of keys, a common word, the name or the town."""
    assert passphrases.problem(weak, ABOUT)


@pytest.mark.parametrize("good", ["un cheval vert dans la cour", "Loubiac-2026-vert!", "lanterne-marée-0"])
def test_ones_own_words_are_taken(good: str) -> None:
    """Length without a pattern is what can be measured."""
    assert passphrases.problem(good, ABOUT) is None


def test_a_proposed_one_is_taken_and_never_the_same() -> None:
    """Six words of two syllables: 79.7 bits."""
    proposed = {passphrases.suggestion() for _ in range(200)}
    assert len(proposed) == 200
    assert all(passphrases.problem(each, ABOUT) is None for each in proposed)
    assert passphrases.BITS > 79
