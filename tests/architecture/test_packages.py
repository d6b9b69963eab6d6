"""What ships and what it stands on: licences that fit, metadata that agrees, a wheel with its folders."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml

import casework
from tests.architecture.tree import ROOT, kept_files

# Compatible with the EUPL-1.2 for what is installed beside it: permissive ones, and weak copyleft in files of its own.
ALLOWED = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL[- ]2\.0|Mozilla Public License 2\.0|LGPL|Zlib|0BSD|Unlicense|EUPL)",
    re.IGNORECASE,
)
REFUSED = re.compile(r"\b(AGPL|(?<!L)GPL|Proprietary|Commercial|SSPL|BUSL)|(?<!Lesser )General Public", re.IGNORECASE)


PUBLIC_CODE = {  # what publiccode.yml 0.4 makes mandatory
    "publiccodeYmlVersion",
    "name",
    "url",
    "platforms",
    "categories",
    "developmentStatus",
    "softwareType",
    "description",
    "legal",
    "maintenance",
    "localisation",
}
LOCKS = ("requirements.lock", "requirements-dev.lock")


def locked(lock: str) -> set[str]:
    """Names in a lock file."""
    return set(re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))


def licence(package: metadata.Distribution) -> str:
    """What a package says of its licence: the expression, its classifiers, the free text's first line, else its licence file's title."""
    for field in ("License-Expression", "Classifier", "License"):
        said = [value.split("\n")[0] for value in package.metadata.get_all(field) or [] if field != "Classifier" or "License ::" in value]
        if said:
            return "; ".join(said)
    texts = [path.read_text() for path in package.files or [] if path.name.upper().startswith("LICEN")]
    return next((" ".join(text.split())[:60] for text in texts if text.strip()), "nothing")


def fits(said: str) -> bool:
    """Whether this licence is on the list. A choice (`A OR B`) fits if one of them does."""
    return any(ALLOWED.search(choice) and not REFUSED.search(choice) for choice in re.split(r"\s+OR\s+|;", said))


def test_every_dependency_has_a_licence_that_fits() -> None:
    """Read from what is installed here."""
    installed = {re.sub(r"[-_.]+", "-", found.metadata["Name"].lower()): found for found in metadata.distributions()}
    names = locked("requirements-dev.lock") & installed.keys()
    assert len(names) > 40
    said = {name: licence(installed[name]) for name in names}
    assert not {name: text for name, text in said.items() if not fits(text)}


def test_every_direct_dependency_is_locked() -> None:
    """And what the demo runs on is part of what is tested."""
    runtime = locked("requirements.lock")
    assert runtime < locked("requirements-dev.lock")
    wanted = {re.split(r"[<>=\[;]", line)[0].lower() for line in project()["dependencies"]}
    assert wanted <= runtime


def test_both_locks_agree() -> None:
    """The demo runs on the versions that were tested."""
    pins = [dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)) for lock in LOCKS]
    assert {name: version for name, version in pins[0].items() if pins[1][name] != version} == {}


def project() -> dict[str, Any]:
    """The project table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def test_metadata_agree() -> None:
    """publiccode.yml, pyproject.toml, CHANGELOG.md and LICENSE speak of one thing."""
    public = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert public["legal"]["license"] == project()["license"] == "EUPL-1.2"
    assert public["softwareVersion"] == casework.__version__ == metadata.version("casework")
    assert public.keys() >= PUBLIC_CODE
    assert all(len(text["shortDescription"]) <= 150 <= len(text["longDescription"]) for text in public["description"].values())
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in (ROOT / "LICENSE").read_text(encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what git keeps, with a local file that must not ship."""
    for path in kept_files():
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    (tmp_path / "policies" / "town.local.yaml").write_text("secret: 1\n", encoding="utf-8")
    return tmp_path


def build_wheel(checkout: Path) -> subprocess.CompletedProcess[str]:
    """Build a wheel with the locked hatchling, without the network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]
    return subprocess.run(command, cwd=checkout, check=False, capture_output=True, text=True)


def test_the_wheel_brings_its_folders(checkout: Path) -> None:
    """Templates, policies and migrations, as they are here, and no local file."""
    assert build_wheel(checkout).returncode == 0
    (wheel,) = (checkout / "dist").glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    kinds = {".html", ".cedar", ".yaml", ".mako", ".py"}
    kept = [path.relative_to(ROOT) for path in kept_files()]
    wanted = {f"casework/{path}" for path in kept if path.parts[0] in {"templates", "policies", "migrations"} and path.suffix in kinds}
    assert wanted
    assert wanted <= names
    assert not [name for name in names if ".local." in name]


def test_control_an_empty_folder_fails_the_build(checkout: Path) -> None:
    """A wheel without its law must not exist."""
    shutil.rmtree(checkout / "policies")
    result = build_wheel(checkout)
    assert result.returncode != 0
    assert "policies/ has nothing to ship" in result.stdout + result.stderr


@pytest.mark.parametrize(
    "said", ["GPL-3.0-or-later", "AGPL-3.0", "nothing", "License :: OSI Approved :: GNU General Public License v3 (GPLv3)"]
)
def test_control_a_licence_that_does_not_fit(said: str) -> None:
    """Positive control, an unstated licence among them."""
    assert not fits(said)
