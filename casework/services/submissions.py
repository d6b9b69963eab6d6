"""One form, one row: what makes a double click one note, and never swallows another text."""

import hmac
from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from casework.errors import InvalidInput
from casework.services.actor import Actor
from casework.vault import aead
from casework.vault.packing import Part, pack
from casework.wording import says

Done = TypeVar("Done")

SPENT = says("Ce formulaire n’est plus valable : rechargez la page.")


def once(send: Callable[[], Done]) -> Done:
    """What a form does, once. The same form twice at once: the second finds what the first has just committed.

    Raises InvalidInput (`submission`) where what it made does not exist for its sender any more: it is not made again.
    """
    try:
        return send()
    except IntegrityError:
        pass
    try:
        return send()
    except IntegrityError as spent:
        raise InvalidInput({"submission": SPENT}) from spent


def token(actor: Actor, form: str, typed: Sequence[Part]) -> str:
    """What is stored, uniquely, for a form sent with this content: 32 hexadecimal characters.

    The same form sent twice gives the same token; another text, dossier or author gives another. It is keyed by the author's own key, so
    that nobody can try texts against it.
    """
    key = aead.derive(actor.keyring.private.secret, "submission")
    return hmac.digest(key, pack(form, *typed), "sha256").hex()[:32]


TAIL = 2
"""Characters that tell the children of one saisine apart: what stands before them is the same for all."""


def family(submission: str) -> str:
    """What the submissions of one saisine have in common."""
    return submission[:-TAIL]


def of_child(token: str, index: int) -> str:
    """The submission of one child of a saisine, from the token of the whole."""
    return f"{family(token)}{index:0{TAIL}x}"
