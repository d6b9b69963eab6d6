"""No file names a machine it was written on, or a place that packages came from."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, kept_files, text_of

# Put together from pieces, so that this file does not find itself.
MACHINE = re.compile(r"(?<![\w./-])/(?:" + "work|farm|root" + r")/|/tmp/" + "bash_")
REGISTRY = re.compile(
    r"https?://[\w.-]*(?:" + "|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.", "deb" + r"ian\.org", "yarn" + "pkg"]) + ")"
)
ADDRESS = re.compile(r"https?://|--index-url|--extra-index-url|--find-links|\"resolved\"")
LOCKS = re.compile(r"(?:\.lock|-lock\.json|requirements[\w.-]*\.txt)$")


def addresses(name: str, text: str) -> Iterator[str]:
    """One sentence for each line that names a machine's path or a registry; in a lock, any address."""
    for number, line in enumerate(text.splitlines(), 1):
        if MACHINE.search(line):
            yield f"{name}:{number} names a path of a machine"
        if REGISTRY.search(line) or (LOCKS.search(name) and ADDRESS.search(line)):
            yield f"{name}:{number} names where packages come from"


def test_no_file_names_a_machine_or_a_registry() -> None:
    """Every file that git keeps."""
    found = [sentence for path in kept_files() for sentence in addresses(path.relative_to(ROOT).as_posix(), text_of(path))]
    assert not found, "\n".join(found)


def test_every_locked_package_has_a_hash() -> None:
    """pip refuses otherwise, but only on the machine that installs."""
    for lock in ("requirements.lock", "requirements-dev.lock"):
        blocks = re.split(r"\n(?=\S)", (ROOT / lock).read_text(encoding="utf-8").strip())
        assert len(blocks) > 20
        assert all("--hash=sha256:" in block for block in blocks), lock


def test_resolvers_that_write_addresses_stay_out() -> None:
    """uv's own lock formats hold the registry of whoever wrote them; git ignores them."""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"uv.lock", "pylock.toml"} <= set(ignored)
    assert not [path for path in kept_files() if path.name in {"uv.lock", "pylock.toml"}]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("docs/a.md", "see /" + "work/notes"),
        ("docs/a.md", "cp x /" + "root/"),
        ("a.py", "https://files.python" + "hosted.org/x"),
        ("requirements.lock", "--index-url https://mirror.example/simple"),
        ("package-lock.json", '"resolved": "x"'),
    ],
)
def test_control_an_address_is_found(name: str, line: str) -> None:
    """Positive control."""
    assert list(addresses(name, line))


@pytest.mark.parametrize("line", ["casework/web/work/x", "https://example.org/root/", "the work/life balance", str(Path("docs") / "work")])
def test_control_ordinary_words_pass(line: str) -> None:
    """The words alone are no path of a machine."""
    assert not list(addresses("docs/a.md", line))
