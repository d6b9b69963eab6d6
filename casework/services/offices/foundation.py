"""Founding an instance: its folder and secrets, its trust anchor, its founding officer, and the first leaves of its ledger."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from casework import charter
from casework.clock import Clock, SystemClock
from casework.config import Config, make_secret, private_dir
from casework.errors import ConfigurationError
from casework.ledger import Genesis, Leaf, append, genesis, row_write
from casework.models.base import Recorded, new_id
from casework.models.cells import CharterSignature, Habilitation
from casework.models.database import Database
from casework.models.history import AUTHOR
from casework.models.people import Certificate, Institution, OneTimeStep, User
from casework.resources import resource_dir
from casework.services.instance import recovery_statement, write_instance_file
from casework.services.keys.keyrows import key_row
from casework.services.membership.admissions import statement
from casework.services.membership.standing import OFFICE
from casework.vault import trust, userkeys
from casework.vault.passphrase import Hashing
from casework.vault.userkeys import Enrolled, Keyring

FOUND = "instance.found"
OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Founder:
    """The founding officer, who certifies the keys of others and opens no dossier."""

    username: str
    name: str
    gender: str
    function: str
    institution: str
    institution_kind: str
    passphrase: str
    act: str
    until: datetime


def found(
    config: Config,
    *,
    name: str,
    founder: Founder,
    recovery_public: bytes,
    demo: bool,
    clock: Clock | None = None,
    hashing: Hashing | None = None,
) -> Enrolled:
    """Found an instance in a migrated, empty database. Returns what only the founding officer keeps.

    recovery_public: the public half of the recovery key, made on another machine.
    Raises ConfigurationError when there is an instance already.
    """
    prepare_folder(config)
    if (config.instance / "instance.json").exists():
        raise ConfigurationError(f"There is an instance in {config.instance} already.")
    now = (clock or SystemClock()).now()
    user_id, instance_id = new_id(), new_id()
    draft = trust.TrustAnchor(instance_id, b"", recovery_public)
    enrolled = userkeys.enrol(user_id, founder.passphrase, pepper=config.pepper, hashing=hashing or Hashing(), anchor=draft)
    anchor = trust.TrustAnchor(instance_id, enrolled.stored.signing_public, recovery_public)
    keyring = _keyring(user_id, founder.passphrase, enrolled, config.pepper)
    law = charter.load(resource_dir("policies"), config.policies_cache)
    database = Database(config.database_url)
    try:
        with database.writing() as session:
            session.info[AUTHOR] = {"actor": user_id, "action": FOUND}
            genesis(session, Genesis(instance_id, anchor.founder, anchor.recovery, demo), at=now, charter=law.version)
            rows = _founder_rows(user_id, founder, enrolled, keyring, anchor, law.text_version, now)
            for row in rows:
                session.add(row)
                session.flush()
            writes = tuple(row_write(row) for row in rows if isinstance(row, Recorded))
            leaf = Leaf(
                at=now, action=FOUND, outcome="authorised", purpose="foundation", rule="", charter=law.version, actor=user_id,
                institution=None, writes=writes,
            )  # fmt: skip
            append(session, leaf)
    finally:
        database.close()
    write_instance_file(config.instance, name, anchor, keyring.signing.sign(recovery_statement(anchor)))
    return enrolled


def prepare_folder(config: Config) -> Path:
    """Make the instance's folder (0700) and the secrets that are missing."""
    private_dir(config.instance)
    for secret in (config.pepper_file, config.web_secret_file):
        if not secret.exists():
            make_secret(secret)
    return config.instance


def _keyring(user_id: str, passphrase: str, enrolled: Enrolled, pepper: bytes) -> Keyring:
    user_key = userkeys.unlock(user_id, passphrase, enrolled.stored, pepper=pepper)
    if user_key is None:
        raise ConfigurationError("The founding officer's keys do not open.")
    return userkeys.keyring(user_id, user_key, enrolled.stored)


def _founder_rows(
    user_id: str, founder: Founder, enrolled: Enrolled, keyring: Keyring, anchor: trust.TrustAnchor, charter_version: str, now: datetime
) -> list[object]:
    institution = Institution(id=new_id(), version=1, name=founder.institution, kind=founder.institution_kind)
    user = User(
        id=user_id, version=1, username=founder.username, name=founder.name, gender=founder.gender, function=founder.function,
        profession=OFFICER, institution_id=institution.id, created_at=now,
    )  # fmt: skip
    keys = enrolled.stored
    signed = trust.certificate(
        keyring.signing, instance=anchor.instance, kind=trust.USER, subject=user_id, public=keys.public, signing=keys.signing_public,
        claims={"profession": OFFICER, "institution": institution.id, "username": founder.username, "name": founder.name,
                "issued": now.isoformat()},
    )  # fmt: skip
    certificate = Certificate(
        id=new_id(), version=1, subject_id=user_id, issuer_id=None, statement=signed.statement, signature=signed.signature, created_at=now
    )
    admission = keyring.sign(dict(statement(anchor.instance, user_id, None, OFFICE, founder.until)))
    habilitation = Habilitation(
        id=new_id(), version=1, user_id=user_id, cell_id=None, role=OFFICE, starts=now - timedelta(seconds=1), until=founder.until,
        act=founder.act, signer_id=certificate.id, statement=admission.statement, signature=admission.signature,
    )  # fmt: skip
    signature = CharterSignature(
        id=new_id(), version=1, user_id=user_id, charter=charter_version, reference=founder.act, recorded_by=user_id, signed_at=now
    )
    step = OneTimeStep(user_id=user_id, step=0)
    return [institution, user, key_row(user_id, keys), step, certificate, habilitation, signature]
