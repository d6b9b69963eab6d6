"""Passphrases one can read aloud: six invented words of two syllables, 79.7 bits from the system's own randomness."""

import math
import secrets

_ONSETS = ("b", "d", "f", "g", "j", "l", "m", "n", "r", "s", "t", "v", "br", "ch", "cl", "dr", "fl", "gr", "pl", "tr")
_VOWELS = ("a", "i", "o", "u", "on")
_WORDS, _SYLLABLES = 6, 2

BITS = _WORDS * _SYLLABLES * math.log2(len(_ONSETS) * len(_VOWELS))
"""How hard one is to guess for somebody who knows how it was made."""


def passphrase() -> str:
    """Six words with hyphens, for instance « fladon-migru-… »."""
    return "-".join("".join(_syllable() for _ in range(_SYLLABLES)) for _ in range(_WORDS))


def _syllable() -> str:
    return secrets.choice(_ONSETS) + secrets.choice(_VOWELS)
