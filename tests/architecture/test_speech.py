"""The code explains itself: docstrings and types on what is public, a reason beside every waiver, no print but from a command."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from tests.architecture.tree import Function, Module, modules, planted

EVERYTHING = ("casework", "migrations", "tests", "benchmarks", "scripts")
WAIVER = re.compile(r"#\s*(?:type:\s*ignore|noqa|ruff:\s*noqa|pragma)\b", re.IGNORECASE)
REASONED = re.compile(r"#\s*(?:type:\s*ignore\[[\w,\s-]+\]|noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)\s*(?:#|-|—)\s*\w+.*\s\w+", re.IGNORECASE)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")  # what this looks for
SKIPPING = {"skip", "skipif", "importorskip", "xfail", "SkipTest", "skipTest"}
SELF = "tests/architecture/test_speech.py"


def public(body: list[ast.stmt]) -> Iterator[Function | ast.ClassDef]:
    """Public functions and classes of a module or class, and of its public classes."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def is_variant(node: Function | ast.ClassDef) -> bool:
    """An overload or a setter: its first form carries the docstring. A nested `class Meta` is a library's setting."""
    marks = {ast.unparse(decorator).rsplit(".", 1)[-1] for decorator in node.decorator_list}
    return bool(marks & {"overload", "setter", "deleter"}) or node.name == "Meta"


def untold(module: Module) -> Iterator[str]:
    """Public things without a docstring, public functions without types."""
    for node in public(module.tree.body):
        if not is_variant(node) and not ast.get_docstring(node):
            yield f"{module.path}:{node.lineno} {node.name}: no docstring"
        if isinstance(node, Function) and not typed(node):
            yield f"{module.path}:{node.lineno} {node.name}: not annotated"


def typed(node: Function) -> bool:
    """Every argument but self and cls, and the result."""
    given = node.args.posonlyargs + node.args.args + node.args.kwonlyargs + [a for a in (node.args.vararg, node.args.kwarg) if a]
    return node.returns is not None and all(a.annotation for a in given if a.arg not in {"self", "cls"})


def printed(module: Module) -> Iterator[str]:
    """Calls of print outside the commands."""
    if module.path.startswith("casework/cli/") or "print" not in module.text:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield f"{module.path}:{node.lineno} prints"


def bare_waivers(module: Module) -> Iterator[str]:
    """Waivers without a code or without a reason, and marks of unfinished work."""
    if not WAIVER.search(module.text) and not UNFINISHED.search(module.text):
        return
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        if token.type != tokenize.COMMENT:
            continue
        if WAIVER.search(token.string) and not REASONED.search(token.string):
            yield f"{module.path}:{token.start[0]} waives without a reason: {token.string}"
        if UNFINISHED.search(token.string):
            yield f"{module.path}:{token.start[0]} is unfinished: {token.string}"


def skips(module: Module) -> Iterator[str]:
    """Tests that may choose not to run."""
    if not any(name in module.text for name in SKIPPING):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in SKIPPING:
            yield f"{module.path}:{node.lineno} may skip: {ast.unparse(node)}"


def test_public_code_explains_itself() -> None:
    """Docstrings and annotations, everywhere but in the tests, whose names speak."""
    found = [sentence for module in modules("casework", "benchmarks", "scripts") for sentence in untold(module)]
    assert not found, "\n".join(found)


def test_only_commands_print() -> None:
    """Whoever prints elsewhere writes into a log that nobody guards."""
    found = [sentence for module in modules("casework", "migrations") for sentence in printed(module)]
    assert not found, "\n".join(found)


def test_every_waiver_has_a_reason() -> None:
    """A code, then why, on the same line."""
    found = [sentence for module in modules(*EVERYTHING) if module.path != SELF for sentence in bare_waivers(module)]
    assert not found, "\n".join(found)


def test_no_test_is_skipped() -> None:
    """What is missing is installed, or the run fails and says so."""
    found = [sentence for module in modules("tests") for sentence in skips(module)]
    assert not found, "\n".join(found)


def test_control_a_skip_is_found() -> None:
    """As a call and as a mark."""
    assert list(skips(planted("pytest.skip('no server')")))
    assert list(skips(planted("@pytest.mark.skipif(True)\ndef test_x(): ...")))


def test_control_silence_is_found() -> None:
    """Without docstring, without types, in a method too; private ones are free."""
    assert len(list(untold(planted("def show(actor):\n    pass\n")))) == 2
    assert list(untold(planted('class Page:\n    """A page."""\n    def show(self) -> None:\n        pass\n')))
    assert not list(untold(planted('def show(actor: str) -> None:\n    """Shows."""\ndef _own():\n    pass\n')))


def test_control_a_print_is_found() -> None:
    """In a screen; in a command it may stay."""
    assert list(printed(planted("print('x')")))
    assert not list(printed(planted("print('x')", "casework/cli/planted.py")))


@pytest.mark.parametrize(
    "comment", ["# noqa", "# noqa: S101", "# type: ignore", "# type: ignore[arg-type]", "# TODO later", "# ruff: noqa"]
)
def test_control_a_bare_waiver_is_found(comment: str) -> None:
    """With neither code nor reason, or with a code alone."""
    assert list(bare_waivers(planted(f"A = 1  {comment}\n")))


@pytest.mark.parametrize("comment", ["# noqa: S101  # pytest is assert", "# type: ignore[misc] - Flask-Login has no types", "# a remark"])
def test_control_a_reasoned_waiver_passes(comment: str) -> None:
    """The three ways people write it."""
    assert not list(bare_waivers(planted(f"A = 1  {comment}\n")))
