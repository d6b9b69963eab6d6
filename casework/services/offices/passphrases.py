"""Passphrases: what is asked of one, and one that can be proposed. Domain 4.5 (CNIL, délibération 2022-100): 80 bits of entropy.

Six generated words of two syllables have 79.7 bits. Of one's own words length is asked, and that it is not easily guessed: nothing but
length can be measured honestly.
"""

import math
import re
import secrets
import unicodedata
from collections.abc import Iterable

from casework.wording import says

SHORTEST = 14
"""Characters. With three classes of them, 14 are the 80 bits of the délibération; below that nothing reaches them."""

LONGEST = 1024
DISTINCT = 8
"""Different characters at least: « aaaaaaaaaaaaaa » is long and no passphrase."""

SEQUENCES = ("abcdefghijklmnopqrstuvwxyz", "azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm", "01234567890123456789")
COMMON = ("motdepasse", "password", "azerty", "qwerty", "123456", "bonjour", "soleil", "jetaime", "loulou", "doudou", "iloveyou", "admin")
"""The beginnings of every list of guessed passwords, without their ends."""

_ONSETS = ("b", "d", "f", "g", "j", "l", "m", "n", "r", "s", "t", "v", "br", "ch", "cl", "dr", "fl", "gr", "pl", "tr")
_VOWELS = ("a", "i", "o", "u", "on")
_WORDS, _SYLLABLES = 6, 2

BITS = _WORDS * _SYLLABLES * math.log2(len(_ONSETS) * len(_VOWELS))
"""How hard a proposed one is to guess for somebody who knows how it was made."""


def suggestion() -> str:
    """Six invented words with hyphens, for instance « fladon-migru-… », from the system's own randomness."""
    return "-".join("".join(_syllable() for _ in range(_SYLLABLES)) for _ in range(_WORDS))


def problem(passphrase: str, about: Iterable[str]) -> str | None:
    """A sentence in French about why this passphrase is refused, or None. about: user name, town: what anybody would try first."""
    if len(passphrase) < SHORTEST:
        return says("Cette phrase compte %(count)s caractères : il en faut au moins %(least)s.", count=len(passphrase), least=SHORTEST)
    if len(passphrase) > LONGEST:
        return says("Cette phrase est trop longue : %(most)s caractères au plus.", most=LONGEST)
    plain = _plain(passphrase)
    if len(set(plain)) < DISTINCT or _repeats(plain):
        return says("Cette phrase se répète : choisissez des mots différents.")
    named = [_plain(part) for word in about for part in re.split(r"[\s.\-@’']+", word)]
    guessed = [*(each for each in named if len(each) >= 4), *COMMON]
    left = plain
    for each in sorted(guessed, key=len, reverse=True):
        left = left.replace(each, "")
    if any(left and left in each for each in SEQUENCES) or len(left) < SHORTEST - 4:
        return says("Cette phrase se devine : ni votre nom, ni la ville, ni une suite de touches, ni un mot de passe courant.")
    return None


def _plain(text: str) -> str:
    """Letters and digits only, in lower case, without accents."""
    apart = unicodedata.normalize("NFKD", text.lower())
    return "".join(sign for sign in apart if sign.isalnum())


def _repeats(text: str) -> bool:
    """Whether a text is one piece said again and again."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, len(text) // 2 + 1))


def _syllable() -> str:
    return secrets.choice(_ONSETS) + secrets.choice(_VOWELS)
