"""Documents keep their word: links lead somewhere, and every command they show exists."""

from pathlib import Path

import pytest

from casework.cli import main
from tests.architecture.commands import broken_commands, broken_links, commands
from tests.architecture.tree import ROOT, kept_files, text_of

PAGES = [path for path in kept_files() if path.suffix == ".md"]


def test_links_lead_somewhere() -> None:
    """Files and headings; addresses elsewhere are not asked."""
    assert PAGES
    found = [sentence for page in PAGES for sentence in broken_links(page)]
    assert not found, "\n".join(found)


def test_commands_exist() -> None:
    """Scripts, and words and options after `casework`."""
    found = [f"{page.name}: {sentence}" for page in PAGES for sentence in broken_commands(ROOT, text_of(page), main)]
    assert not found, "\n".join(found)


def test_the_first_page_shows_the_two_commands() -> None:
    """What a fresh machine needs is on the first page."""
    shown = set(commands(text_of(ROOT / "README.md")))
    assert {"scripts/demo", "scripts/test"} <= shown


@pytest.mark.parametrize("text", ["[a](nowhere.md)", "[a](#nowhere)", "![a](nowhere.png)"])
def test_control_a_dead_link_is_found(tmp_path: Path, text: str) -> None:
    """Positive control."""
    page = tmp_path / "page.md"
    page.write_text(f"# Here\n\n[fine](#here) {text}\n", encoding="utf-8")
    assert len(list(broken_links(page))) == 1


@pytest.mark.parametrize("line", ["scripts/nothing", "casework nothing", "casework policy nothing", "casework policy check --nothing"])
def test_control_an_invented_command_is_found(line: str) -> None:
    """In a block and in running text."""
    assert list(broken_commands(ROOT, f"```sh\n{line}\n```\n", main))
    assert list(broken_commands(ROOT, f"Run `{line}` now.", main))
