"""What is typed comes in by one door: every form of the web is a `OnceForm`, and nothing reads the first of two values in silence."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tests.architecture.tree import Module, modules, planted

DOOR = "casework/web/fields.py"
SENT = {"form", "values"}
"""Of a request: what was sent in its body. Addresses (`args`) change nothing."""


def other_bases(module: Module) -> Iterator[str]:
    """Uses of Flask-WTF's own form, which takes the first of two values and says nothing."""
    for node in ast.walk(module.tree):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name == "FlaskForm":
            yield f"{module.path}:{node.lineno} FlaskForm"  # type: ignore[attr-defined]  # a name stands on a line


def silent_readings(module: Module) -> Iterator[str]:
    """`request.form.get`, `request.form[…]`, `request.form.items()`: each takes the first of two. `fields.once` and `beside` do not."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Subscript) and _is_sent(node.value):
            yield f"{module.path}:{node.lineno} request.form[…]"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_sent(node.func.value):
            whole = any(each.arg == "multi" for each in node.keywords)
            if node.func.attr not in {"getlist", "lists"} and not (node.func.attr == "items" and whole):
                yield f"{module.path}:{node.lineno} request.form.{node.func.attr}"


def _is_sent(node: ast.expr) -> bool:
    """`request.form` or `request.values`."""
    return isinstance(node, ast.Attribute) and node.attr in SENT and isinstance(node.value, ast.Name) and node.value.id == "request"


@cache
def web() -> list[Module]:
    """The modules of the web but the door itself."""
    return [module for module in modules("casework") if module.path.startswith("casework/web/") and module.path != DOOR]


def test_every_form_says_what_came_twice() -> None:
    """By its base."""
    found = [sentence for module in web() for sentence in other_bases(module)]
    assert not found, "\n".join(found)


def test_nothing_takes_the_first_of_two_in_silence() -> None:
    """Where a view reads what was sent by hand."""
    found = [sentence for module in web() for sentence in silent_readings(module)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("text", ["class A(FlaskForm):\n    pass\n", "class A(flask_wtf.FlaskForm):\n    pass\n"])
def test_control_another_base_is_found(text: str) -> None:
    """A class of its own; one that stands on the house's is none."""
    assert list(other_bases(planted(text)))
    assert not list(other_bases(planted("class A(fields.OnceForm):\n    pass\n")))


@pytest.mark.parametrize("text", ["request.form.get('x')", "request.form['seat']", "request.values.get('x')", "request.form.items()"])
def test_control_a_silent_reading_is_found(text: str) -> None:
    """Each of the four ways; several that are ticked, and all pairs, are none."""
    assert list(silent_readings(planted(f"{text}\n")))
    for honest in (
        "request.form.getlist('people')",
        "request.form.items(multi=True)",
        "'tous' in request.form",
        "request.args.get('x')",
    ):
        assert not list(silent_readings(planted(f"{honest}\n")))
