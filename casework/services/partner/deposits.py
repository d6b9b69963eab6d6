"""A partner's answer: sealed to the extract's own deposit key, proven by the extract's key. Whoever has the database alone makes none.

The row is bound by a MAC under the extract's key: only somebody to whom the link opened it, or who holds it, could have written it.
"""

import json
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.errors import TamperedError, UncertifiedKey
from casework.models.dossiers import CompartmentVersion
from casework.models.orientations import PartnerAnswer
from casework.services.instance import Instance
from casework.services.keys.certificates import certified_user, chain
from casework.vault import trust
from casework.vault.content import ContentKey
from casework.vault.packing import Part, pack

ANSWER = "partner-answer"
MAC_BYTES = 32
PAD_STEP = 1024
"""Every answer has the same length: its fields are short, and their length says nothing."""

Links = tuple[trust.Signed, ...]


def published(session: Session, instance: Instance, content: ContentKey) -> Links:
    """The certified deposit key of an extract, when it is that of the key in hand and no later version stands.

    Raises UncertifiedKey otherwise: after a key was turned, what was wrapped before opens nothing new.
    """
    newest = session.scalars(
        select(CompartmentVersion)
        .where(CompartmentVersion.compartment_id == content.scope)
        .order_by(CompartmentVersion.number.desc())
        .limit(1)
    ).one()
    certified_user(session, instance.anchor, newest.maker_id)
    links = (trust.Signed(newest.statement, newest.signature), *chain(session, newest.maker_id))
    stated = instance.anchor.verify(links)
    wanted = (trust.COMPARTMENT, content.scope, {"version": str(content.version)}, content.deposit.public)
    if newest.number != content.version or (stated.kind, stated.subject, stated.claims, stated.public) != wanted:
        raise UncertifiedKey("an extract whose key is not the one it publishes")
    return links


def put(session: Session, instance: Instance, content: ContentKey, row: PartnerAnswer, said: Mapping[str, str]) -> None:
    """Seal an answer into its row, which has all its clear columns already. Raises UncertifiedKey as `published`."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    padded = text.ljust(-(-len(text) // PAD_STEP) * PAD_STEP)
    blob = instance.anchor.seal(published(session, instance, content), padded, _context(instance, row))
    row.sealed = content.mac(ANSWER, *_parts(row), blob) + blob


def opened(instance: Instance, content: ContentKey, row: PartnerAnswer) -> dict[str, str]:
    """What a partner wrote, by field. content: the extract's key at the row's version.

    Raises TamperedError for a row that nobody sealed who held the key, or that was moved or changed.
    """
    if (row.compartment_id, row.key_version) != (content.scope, content.version):
        raise TamperedError("an answer of another extract")
    mac, blob = row.sealed[:MAC_BYTES], row.sealed[MAC_BYTES:]
    content.check_mac(ANSWER, mac, *_parts(row), blob)
    said = json.loads(content.deposit.open(blob, _context(instance, row)))
    return {str(name): str(value) for name, value in said.items()}


def _context(instance: Instance, row: PartnerAnswer) -> bytes:
    return pack(ANSWER, instance.anchor.instance, row.id, row.compartment_id, row.key_version)


def _parts(row: PartnerAnswer) -> tuple[Part, ...]:
    """The clear columns that the MAC covers; the key's own place covers extract and version."""
    return (row.id, row.version, row.referral_id, row.task_id, row.link_id, row.received_at.isoformat())
