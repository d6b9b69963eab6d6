"""What somebody types at length survives the end of their session: every form with room for it keeps drafts, or says why not."""

import ast
import importlib
from collections.abc import Iterable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Form, StringField, TextAreaField

from tests.architecture.tree import Function, Module, modules, planted

NOT_KEPT = {
    "walls.link": "its page is reached by posting only, and a draft would name two separated dossiers together",
    "walls.stay": "a draft would name two separated dossiers together",
    "calling_up.call": "the text is numbers of dossiers, chosen and sent at once",
    "directory_upkeep.add": "what a public service does: no word about a person",
    "directory_upkeep.change": "what a public service does: no word about a person",
}
"""Views that take a long text and keep no draft of it, and why."""


def roomy(fields: Iterable[Any]) -> bool:
    """Whether one of these fields, unbound as a class declares them, is a long text; forms within the form included."""
    for field in fields:
        kind, given = getattr(field, "field_class", None), getattr(field, "args", ())
        if isinstance(kind, type) and issubclass(kind, TextAreaField):
            return True
        inner = [each for each in given if isinstance(each, type) and issubclass(each, Form)]
        if any(roomy(vars(each).values()) for each in inner) or roomy(each for each in given if hasattr(each, "field_class")):
            return True
    return False


def long_forms(home: ModuleType | SimpleNamespace) -> frozenset[str]:
    """Names, in a module of screens, of the forms with a long text; inherited fields included."""
    classes = [(name, each) for name, each in vars(home).items() if isinstance(each, type) and issubclass(each, FlaskForm)]
    return frozenset(name for name, each in classes if roomy(field for base in each.__mro__ for field in vars(base).values()))


def reached(module: Module, node: Function, seen: frozenset[str] = frozenset()) -> Iterator[Function]:
    """A function, and those of its module that it names, on and on."""
    yield node
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    for other in module.functions():
        if other.name in names - seen - {node.name}:
            yield from reached(module, other, seen | names)


def fills(node: Function, long: frozenset[str]) -> bool:
    """Whether it reads one of these forms from what was sent: a form made with `formdata=None` is shown empty."""
    calls = [each for each in ast.walk(node) if isinstance(each, ast.Call) and not each.args and not each.keywords]
    return any(isinstance(each.func, ast.Name) and each.func.id in long for each in calls)


def posts(node: Function) -> bool:
    """Whether it is a view that a form is sent to."""
    calls = [each.func for each in node.decorator_list if isinstance(each, ast.Call)]
    return any(isinstance(each, ast.Attribute) and each.attr == "post" for each in calls)


def taking(module: Module, long: frozenset[str]) -> Iterator[Function]:
    """The views of a module that take a long text."""
    for node in module.functions():
        if posts(node) and any(fills(each, long) for each in reached(module, node)):
            yield node


def found() -> Iterator[tuple[str, Any]]:
    """`module.view` and the view, for each that takes a long text."""
    for module in (each for each in modules("casework") if each.path.startswith("casework/web/")):
        name = module.path.removesuffix(".py").replace("/", ".")
        home = importlib.import_module(name)
        for node in taking(module, long_forms(home)):
            yield f"{name.rpartition('.')[2]}.{node.name}", getattr(home, node.name)


def test_every_long_text_is_kept_or_says_why_not() -> None:
    """And the list of exceptions does not outlive its reasons."""
    every = dict(found())
    lost = {name for name, view in every.items() if not hasattr(view, "casework_keeps")}
    assert lost == set(NOT_KEPT), sorted(lost ^ set(NOT_KEPT))
    assert {"sent.add", "tasks.report", "releases.warn", "urgent.enter", "reaching.plan", "entries.write"} <= set(every) - lost


def test_control_a_form_that_keeps_nothing_is_found() -> None:
    """A long text of its own, inherited or within; a short one is not."""

    class Long(FlaskForm):  # type: ignore[misc]  # the library has no types
        text = TextAreaField()

    class Heir(Long):
        name = StringField()

    class Short(FlaskForm):  # type: ignore[misc]  # the library has no types
        name = StringField()

    long = long_forms(SimpleNamespace(Long=Long, Heir=Heir, Short=Short))
    assert long == {"Long", "Heir"}
    source = "@screen.post('/x')\ndef save():\n    filled = {}()\n"
    assert [node.name for node in taking(planted(source.format("Heir")), long)] == ["save"]
    assert not list(taking(planted(source.format("Short")), long))
    assert [
        node.name for node in taking(planted("def _read():\n    return Long()\n@screen.post('/x')\ndef save():\n    _read()\n"), long)
    ] == ["save"]
