"""Several children in one form, without JavaScript: a button that adds one or takes one away, and every word that was typed stays."""

import re

from werkzeug.datastructures import MultiDict

MOST = 6
NAME = re.compile(r"children-(\d{1,3})-(\w+)")
FOLLOW = ("last_name", "commune")
"""What a child has in common with the one before, most of the time."""

Typed = MultiDict[str, str]


def reshaped(sent: Typed) -> tuple[Typed, str]:
    """The form as it was sent, its children numbered 0, 1, …; with one more or one less when such a button was pressed.

    Second: where the focus goes then, the id of a control; empty when the form was sent to be read.
    """
    kept: Typed = MultiDict((name, text) for name, text in sent.items(multi=True) if not NAME.fullmatch(name))
    blocks = _blocks(sent)
    focus = "add" if {"add", "remove"} & set(sent) else ""
    if "remove" in sent and len(blocks) > 1:
        blocks = [block for place, block in enumerate(blocks) if str(place) != sent["remove"]]
    elif "add" in sent and len(blocks) < MOST:
        blocks.append({name: blocks[-1].get(name, []) for name in FOLLOW} if blocks else {})
        focus = f"children-{len(blocks) - 1}-first_name"
    for place, block in enumerate(blocks):
        for name, texts in block.items():
            kept.setlist(f"children-{place}-{name}", texts)
    return kept, focus


def _blocks(sent: Typed) -> list[dict[str, list[str]]]:
    """What was sent of each child; what came twice stays twice, for the form to say so."""
    found: dict[int, dict[str, list[str]]] = {}
    for name, texts in sent.lists():
        if part := NAME.fullmatch(name):
            found.setdefault(int(part[1]), {})[part[2]] = texts
    return [block for _, block in sorted(found.items())][:MOST]
