"""The files of a checkout, and its Python as syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the top and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree, made for whom the text alone does not answer: it costs more than all else."""
        return ast.parse(self.text, self.path)

    def functions(self) -> Iterator[Function]:
        """Every function, method and nested function."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))


def kept_files(root: Path = ROOT) -> list[Path]:
    """Files that git keeps or would keep: what is ignored is nobody's business."""
    command = ["git", "-c", f"safe.directory={root}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.split("\0")
    return [root / name for name in sorted(set(names)) if name and (root / name).is_file()]


def text_of(path: Path) -> str:
    """A file's text; of a picture or a font, what can be read of it."""
    return path.read_text(encoding="utf-8", errors="replace")


def modules(*folders: str, root: Path = ROOT) -> Iterator[Module]:
    """The Python files of these top-level folders."""
    for path in kept_files(root):
        name = path.relative_to(root).as_posix()
        if name.endswith(".py") and name.split("/")[0] in folders:
            yield Module(name, text_of(path))


def planted(text: str, path: str = "casework/web/planted.py") -> Module:
    """A module with a violation in it, for the positive controls."""
    return Module(path, text)
