"""What documents promise: their links, and the commands in their code blocks."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from tests.architecture.tree import text_of

FENCE = re.compile(r"^```(?P<kind>[\w-]*)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(?P<command>(?:scripts/|casework )[^`\n]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(?P<title>.+?)\s*$", re.MULTILINE)
SHELLS = {"", "sh", "bash", "shell", "console"}


def anchor(title: str) -> str:
    """The anchor that a heading gets: lower case, hyphens, no punctuation."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def prose(text: str) -> str:
    """The document without its code blocks."""
    return FENCE.sub("", text)


def broken_links(page: Path) -> Iterator[str]:
    """Links to files or headings that are not there. Addresses elsewhere are not asked."""
    for match in LINK.finditer(prose(text_of(page))):
        target, _, heading = match["target"].partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        aim = (page.parent / target).resolve() if target else page
        if not aim.exists():
            yield f"{page.name}: no file {target}"
        elif heading and heading not in {anchor(found["title"]) for found in HEADING.finditer(prose(text_of(aim)))}:
            yield f"{page.name}: no heading {match['target']}"


def commands(text: str) -> Iterator[str]:
    """Lines that start with `scripts/` or `casework`, in shell blocks and in running text, settings in front taken off."""
    for block in FENCE.finditer(text):
        if block["kind"] in SHELLS:
            for line in block["body"].splitlines():
                plain = re.sub(r"^(?:\$ )?(?:[A-Z_]+=\S+ )*", "", line.strip())
                if plain.startswith(("scripts/", "casework ")):
                    yield plain
    for match in INLINE.finditer(prose(text)):
        yield match["command"]


def broken_commands(root: Path, text: str, program: click.Command) -> Iterator[str]:
    """Commands of a document that do not exist: an unknown script, an unknown word after `casework`."""
    for line in commands(text):
        words = shlex.split(line, comments=True)
        if words[0].startswith("scripts/"):
            if not (root / words[0]).exists():
                yield f"no such script: {line}"
        elif not is_command(program, words[1:]):
            yield f"no such command: {line}"


def is_command(program: click.Command, words: list[str]) -> bool:
    """Whether these words lead through the groups to a command; options of that command are checked by name."""
    current = program
    for word in words:
        if word.startswith("--"):
            if word.partition("=")[0] not in options(current):
                return False
        elif isinstance(current, click.Group):
            found = current.get_command(click.Context(current), word)
            if found is None:
                return False
            current = found
    return True


def options(command: click.Command) -> set[str]:
    """The long names of a command's options."""
    return {name for parameter in command.params for name in parameter.opts + parameter.secondary_opts} | {"--help"}
