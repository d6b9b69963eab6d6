"""The templates and files as they are written."""

import re
from pathlib import Path

import pytest

from casework.resources import PACKAGE, resource_dir
from tests.web.conftest import SignedIn
from tests.web.standin import NUMBER

WRITTEN = sorted(resource_dir("templates").rglob("*.html"))
STATIC = sorted((PACKAGE / "web" / "static").iterdir())
FORBIDDEN = re.compile(
    r"\|\s*safe|autoescape\s+false|\bMarkup\b|<style|\sstyle=|\son[a-z]+=\"|javascript:|data:|secret partagé|\btu\b", re.IGNORECASE
)
ELSEWHERE = re.compile(
    r"(?:https?:)?//[a-z][\w-]*\.|@import|url\(|\beval\b|innerHTML|outerHTML|insertAdjacentHTML|document\.write|localStorage|sessionStorage"
)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_templates_trust_nothing(path: Path) -> None:
    """Everything is escaped; nothing is inline; no word the house does not use."""
    assert not FORBIDDEN.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", STATIC, ids=lambda path: path.name)
def test_files_ask_for_nothing_elsewhere(path: Path) -> None:
    """No other host, no store in the browser, no text taken for marks."""
    assert not ELSEWHERE.findall(path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", ""))


@pytest.mark.parametrize("bad", ["{{ x|safe }}", '<p style="a">', '<a onclick="a">', '<img src="data:,">', "le secret partagé", "tu peux"])
def test_control_what_is_forbidden_is_found(bad: str) -> None:
    """One of each."""
    assert FORBIDDEN.search(bad)


def test_control_what_leads_elsewhere_is_found() -> None:
    """A font, a script, a store."""
    for bad in ("url(x.woff)", "//cdn.example/x.js", "https://fonts.example", "localStorage.x = 1", "a.innerHTML = b"):
        assert ELSEWHERE.search(bad)


@pytest.mark.parametrize(
    "path", ["/dossiers", f"/dossiers/{NUMBER}", f"/dossiers/{NUMBER}/notes/nouvelle", "/saisines/nouvelle", "/confidentialite"]
)
def test_every_page_has_its_landmarks(signed_in: SignedIn, path: str) -> None:
    """One heading of the first rank, a way past the head, a language, unique ids, and a label for each control."""
    page = signed_in("maelle").get(path).text
    assert page.count("<h1") == page.count("<main") == page.count("<footer class") == 1
    assert '<a class="skip" href="#contenu">' in page
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert all(place in ids for place in re.findall(r'aria-(?:labelledby|describedby)="([^" ]+)', page))
    controls = re.findall(r'<(?:select|textarea|input)[^>]*\sid="([^"]+)"', page)
    assert all(f'for="{control}"' in page or re.search(rf'<label[^>]*><input[^>]*id="{control}"', page) for control in controls)
