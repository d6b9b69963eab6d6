"""The direction of imports: the contract of pyproject.toml holds, and a planted step backwards breaks it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, kept_files

BACKWARDS = {
    "casework/models/planted.py": ["import casework.services", "import casework.vault", "import flask"],
    "casework/vault/planted.py": ["import casework.models", "import casework.clock", "import sqlalchemy"],
    "casework/services/planted.py": ["import casework.web", "from flask import request"],
    "casework/charter/planted.py": ["import casework.ledger", "import casework.services"],
    "casework/web/planted.py": [
        "import casework.models",
        "import casework.vault",
        "import sqlalchemy",
        "import casework.ledger",
        "import typst",
    ],
    "casework/paper/planted.py": ["import casework.services", "import casework.models", "import casework.clock", "import flask"],
    "casework/jobs/planted.py": ["import casework.web", "from werkzeug.http import dump_cookie"],
    "casework/cli/planted.py": ["import flask"],
    "casework/planted.py": ["import os"],  # a module on no layer
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the contract over the house in this folder, in a process of its own."""
    program = "import sys; sys.path.insert(0, ''); from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    return subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the package and its contract."""
    for path in kept_files():
        name = path.relative_to(ROOT)
        if name.parts[0] == "casework" or str(name) == "pyproject.toml":
            (tmp_path / name.parent).mkdir(parents=True, exist_ok=True)
            shutil.copy(path, tmp_path / name)
    return tmp_path


def test_imports_go_one_way(house: Path) -> None:
    """web, cli, jobs -> services -> charter, ledger -> models, vault -> ground; Flask in web alone."""
    result = lint_imports(house)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("path", "statement"), [(path, line) for path, lines in BACKWARDS.items() for line in lines])
def test_control_a_step_backwards_breaks_the_contract(house: Path, path: str, statement: str) -> None:
    """Positive control: each planted import is named in the verdict."""
    (house / path).write_text(f"{statement}\n", encoding="utf-8")
    result = lint_imports(house)
    assert result.returncode == 1
    assert "planted" in result.stdout, result.stdout + result.stderr
