"""A French text in the code says that it is the house’s own: `_()` in the screens, `says()` elsewhere. Else English pages keep it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from casework.resources import PACKAGE
from tests.architecture.tree import ROOT

SPEAKING = sorted([*(PACKAGE / "services").glob("*.py"), *(PACKAGE / "web").glob("*.py"), PACKAGE / "charter" / "programmes.py"])
MARKS = {"_", "gettext", "lazy_gettext", "ngettext", "says", "Wording"}
FRENCH = re.compile(
    r"[a-zà-ÿ]’[a-zà-ÿ]|\b[a-z]*[àâçéèêëîïôùûœ][a-zéè]* [a-zà-ÿ]|\b(?:Choisissez|Cochez|Indiquez|Écrivez|Cette|Votre|Aucune?)\b"
    r"|\b(?:le|la|les|des|une?|du|est|vous|cette|pour) [a-zé]+ .*\.$"
)
KEPT = {
    "Déjà suivie : dossier ": "a note that is sealed: content, not a screen",
    "Adresse inconnue.\n": "the language of an unknown address is in doubt with the rest",
}
"""French that is no message, and why."""


def unspoken(source: str) -> Iterator[str]:
    """The French texts of a module that no mark makes a message; docstrings are not texts."""
    tree = ast.parse(source)
    marked = {id(part) for call in ast.walk(tree) if isinstance(call, ast.Call) and _name(call.func) in MARKS for part in ast.walk(call)}
    told = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in marked | told and FRENCH.search(each.value):
            yield each.value


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_french_text_is_a_message(path: Path) -> None:
    """Services and screens."""
    assert [text for text in unspoken(path.read_text(encoding="utf-8")) if text not in KEPT] == []


@pytest.mark.parametrize(
    "text", ["Choisissez dans la liste.", "Ce n’est pas le bon code.", "Un remplacement dure un an au plus.", "à enrôler"]
)
def test_control_a_bare_sentence_is_found(text: str) -> None:
    """As a plain string, as a part of a formatted one; not in its mark, not in a docstring."""
    assert list(unspoken(f'raise InvalidInput({{"a": "{text}"}})'))
    assert list(unspoken(f'x = f"{text} {{y}}" + f"{{y}} {text}"'))
    assert not list(unspoken(f'"""{text}"""\nx = says("{text}")\ny = _("{text}")'))
