"""Certificates of another person, or of another kind, put where a person's own belongs: nobody is sealed to or believed through them."""

import json
from contextlib import suppress

import pytest

from casework import services
from casework.errors import CaseworkError, TamperedError
from casework.models.base import new_id
from casework.models.cells import Ring, RingEpoch
from casework.models.dossiers import Box
from casework.models.people import Certificate
from casework.services.keys.certificates import ring_claims
from casework.services.keys.keychain import box_context
from tests.attacks.sql import HybridPrivateKey, insert, row, rows, statement
from tests.house import House

LATER = "2026-12-31 00:00:00.000000"


def certify(house: House, subject: str, signed: object, issuer: str | None) -> str:
    """A row of the table of certificates, newer than all others."""
    id_ = new_id()
    insert(
        house, "certificate", id=id_, version=1, subject_id=subject, issuer_id=issuer, statement=signed.statement,  # type: ignore[attr-defined]  # a Signed, loosely typed here
        signature=signed.signature, created_at=LATER,  # type: ignore[attr-defined]  # a Signed, loosely typed here
    )  # fmt: skip
    return id_


def share_with_bob(house: House) -> Box | None:
    """Stella shares an identity with Bob; the box that came of it."""
    number = house.follow("Quibérac-Part")
    with suppress(CaseworkError):
        services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    return next(iter(rows(house, Box, holder_id=house.bob.user_id)), None)


def opened(house: House, private: HybridPrivateKey, box: Box | None) -> bool:
    if box is None:
        return False
    try:
        private.open(box.sealed, box_context(house.instance.anchor.instance, box))
    except TamperedError:
        return False
    return True


def test_control_bob_opens_what_is_sealed_to_bob(fresh_house: House) -> None:
    assert opened(fresh_house, fresh_house.bob.keyring.private, share_with_bob(fresh_house))


def test_another_persons_certificate_is_not_bobs(fresh_house: House) -> None:
    """Charlie's own valid certificate is copied under Bob's id."""
    charlies = row(fresh_house, Certificate, subject_id=fresh_house.charlie.user_id)
    certify(fresh_house, fresh_house.bob.user_id, charlies, charlies.issuer_id)
    assert not opened(fresh_house, fresh_house.charlie.keyring.private, share_with_bob(fresh_house))


@pytest.mark.parametrize("kind", ["compartment", "ring"])
def test_a_certificate_that_is_not_of_a_user_is_nobodys(fresh_house: House, kind: str) -> None:
    """Everybody certified may sign statements about rings and compartments; one of them says that Bob's key is Charlie's."""
    house, mine = fresh_house, HybridPrivateKey.generate()
    signed = statement(
        house,
        "charlie",
        kind=kind,
        subject=house.bob.user_id,
        public=mine.public,
        claims={"profession": "social_worker", "institution": "x"},
    )
    certify(house, house.bob.user_id, signed, house.charlie.certificate_id)
    assert not opened(house, mine, share_with_bob(house))


def test_nobody_gives_themselves_a_profession(fresh_house: House) -> None:
    """Paula, police, signs a "compartment" certificate that says she is a coordinator."""
    house = fresh_house
    assert house.sign_in("paula").profession == "municipal_police", "control"
    keys = row(house, Certificate, subject_id=house.paula.user_id)
    stated = json.loads(keys.statement)
    signed = statement(
        house, "paula", kind="compartment", subject=house.paula.user_id, public=bytes.fromhex(stated["public"]),
        signing=bytes.fromhex(stated["signing"]), claims={"profession": "coordinator", "institution": stated["claim.institution"]},
    )  # fmt: skip
    certify(house, house.paula.user_id, signed, house.paula.certificate_id)
    profession = "municipal_police"
    with suppress(CaseworkError):
        profession = house.sign_in("paula").profession
    assert profession == "municipal_police"


def test_nobody_makes_a_ring_in_the_name_of_a_steward(fresh_house: House) -> None:
    """Ada, auditor, is made a steward by an admission signed "by Stella" with Ada's own key, then turns the stewards' ring."""
    house = fresh_house
    signing = house.ada.keyring.signing.public_key().public_bytes_raw()
    house.refer(house.hugo, "Quibérac-Vrai")
    true = row(house, RingEpoch, ring_id=row(house, Ring, kind="stewards", cell_id=house.cells["nord"]).id)
    assert rows(house, Box, holder_id=true.id), "control: a saisine is sealed to the ring as it was made"
    stella = statement(house, "ada", kind="compartment", subject=house.stella.user_id, public=b"", signing=signing, claims={})
    forged = new_id()
    insert(
        house, "certificate", id=forged, version=1, subject_id=house.ada.user_id, issuer_id=house.ada.certificate_id,
        statement=stella.statement, signature=stella.signature, created_at="2020-01-01 00:00:00.000000",
    )  # fmt: skip
    cell = house.cells["nord"]
    admission = house.ada.keyring.sign(
        {"instance": house.instance.anchor.instance, "user": house.ada.user_id, "cell": cell, "role": "steward", "until": "2030-01-01"}
    )
    insert(
        house, "habilitation", id=new_id(), version=1, user_id=house.ada.user_id, cell_id=cell, role="steward",
        starts="2026-03-03 00:00:00.000000", until="2026-03-04 00:00:00.000000", act="x", signer_id=forged, statement=admission.statement,
        signature=admission.signature,
    )  # fmt: skip
    ring, epoch, mine = row(house, Ring, kind="stewards", cell_id=cell), new_id(), HybridPrivateKey.generate()
    signed = statement(house, "ada", kind="ring", subject=epoch, public=mine.public, claims=ring_claims(ring, 2))
    insert(
        house, "ring_epoch", id=epoch, version=1, ring_id=ring.id, number=2, maker_id=house.ada.certificate_id, statement=signed.statement,
        signature=signed.signature, recovery_box=b"x",
    )  # fmt: skip
    assert row(house, RingEpoch, id=epoch).number == 2
    with suppress(CaseworkError):
        house.refer(house.hugo, "Quibérac-Anneau")
    assert not [box for box in rows(house, Box, holder_id=epoch) if opened(house, mine, box)]
