"""The charter, read on screen and signed by the person themself. Until it is signed in its current version nothing else is open."""

import re
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.errors import InvalidInput
from casework.models.cells import CharterSignature
from casework.services.actor import Actor
from casework.services.offices.accounts import signature
from casework.services.offices.views import Block, CharterView
from casework.services.unit import writing
from casework.wording import says

ON_SCREEN = "screen"
"""Reference of a signature given here. On paper it is that of the signed sheet."""

MARKS = (("# ", "title"), ("## ", "heading"), ("- ", "item"))


def page(actor: Actor) -> CharterView:
    """The charter's text. It tells nothing about anybody, so it leaves no leaf."""
    law = actor.instance.charter
    with actor.instance.database.reading() as session:
        signed = current(session, actor.user_id, law.text_version)
        return CharterView(law.text_version, tuple(blocks(law.text)), signed.signed_at if signed else None)


def sign(actor: Actor, *, read: bool) -> None:
    """Sign the charter in its current version; to sign twice changes nothing. Raises InvalidInput unless it was said to be read."""
    with writing(actor, "charter.sign") as unit:
        unit.require([unit.situation()])
        if not read:
            raise InvalidInput({"read": says("Cochez la case pour signer : sans signature, aucun dossier ne s’ouvre.")})
        if current(unit.session, actor.user_id, unit.charter.text_version) is None:
            unit.session.add(signature(unit, actor.user_id, ON_SCREEN))


def current(session: Session, user_id: str, version: str) -> CharterSignature | None:
    """The signature of this version, if it is the last one this person gave."""
    last = session.scalar(
        select(CharterSignature).where(CharterSignature.user_id == user_id).order_by(CharterSignature.signed_at.desc()).limit(1)
    )
    return last if last is not None and last.charter == version else None


def blocks(text: str) -> Iterator[Block]:
    """Titles, headings, items and paragraphs of a Markdown text, as plain text: nothing in it becomes markup on a page."""
    for paragraph in re.split(r"\n\s*\n|\n(?=#|- )|(?<=\n)(?=- )", text):
        lines = paragraph.strip().split("\n")
        kind = next((kind for mark, kind in MARKS if lines[0].startswith(mark)), "text")
        if kind in {"title", "heading"}:
            yield Block(kind, _plain(lines[0].lstrip("# ")))
            lines = lines[1:]
            kind = "text"
        rest = " ".join(line.strip() for line in lines)
        if rest:
            yield Block(kind, _plain(rest.removeprefix("- ")))


def _plain(text: str) -> str:
    """Without the marks of emphasis, and with typographic apostrophes."""
    return re.sub(r"\*+([^*]+)\*+", r"\1", text).replace("'", "’")
