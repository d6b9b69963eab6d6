"""The tail stays short: no function over 60 lines, no file over 350, no view over 25."""

import ast
from collections.abc import Iterator

from tests.architecture.tree import Function, Module, modules, planted

LONGEST_FUNCTION = 60
LONGEST_FILE = 350
LONGEST_VIEW = 25
ROUTES = {"route", "get", "post", "put", "delete", "patch"}


def length(node: Function) -> int:
    """Lines from the first to the last, decorators apart."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def is_view(module: Module, node: Function) -> bool:
    """A function of `web` that carries a route."""
    calls = [decorator.func for decorator in node.decorator_list if isinstance(decorator, ast.Call)]
    return module.path.startswith("casework/web/") and any(isinstance(call, ast.Attribute) and call.attr in ROUTES for call in calls)


def too_long(module: Module) -> Iterator[str]:
    """One sentence for each thing in this module that is over its limit."""
    lines = module.text.count("\n")
    if lines > LONGEST_FILE:
        yield f"{module.path}: {lines} lines, at most {LONGEST_FILE}"
    for node in module.functions():
        limit = LONGEST_VIEW if is_view(module, node) else LONGEST_FUNCTION
        if length(node) > limit:
            yield f"{module.path}:{node.lineno} {node.name}: {length(node)} lines, at most {limit}"


def test_nothing_is_too_long() -> None:
    """Everywhere in the code and its tests."""
    found = [sentence for module in modules("casework", "migrations", "tests", "benchmarks", "scripts") for sentence in too_long(module)]
    assert not found, "\n".join(found)


def test_control_a_long_function_is_found() -> None:
    """61 lines."""
    assert list(too_long(planted("def long() -> None:\n" + "    pass\n" * LONGEST_FUNCTION)))


def test_control_a_long_view_is_found() -> None:
    """26 lines are too many with a route, and fine without."""
    body = "def show() -> None:\n" + "    pass\n" * LONGEST_VIEW
    assert list(too_long(planted("@pages.get('/dossiers')\n" + body)))
    assert not list(too_long(planted(body)))


def test_control_a_long_file_is_found() -> None:
    """351 lines."""
    assert list(too_long(planted("A = 1\n" * (LONGEST_FILE + 1))))
