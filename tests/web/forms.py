"""Every form of the application, filled in: the service verb it must reach, and what is typed."""

from typing import Any, NamedTuple

from tests.web.standin import NUMBER
from tests.web.test_referrals import TYPED

ID = "a" * 32
DAY = "2026-12-24"
ADDRESSES = {"number": NUMBER, "cell": "c1", "member": ID, "account": ID, "access": ID, "kind": "identity"}
"""What stands in an address for each of its parts."""


class Filled(NamedTuple):
    """A form as an honest browser sends it, without its token."""

    verb: str
    typed: dict[str, Any]


def dossier(page: str) -> str:
    """A page of the dossier of the stand-in town."""
    return f"/dossiers/{NUMBER}/{page}"


DOOR = {
    "/connexion": Filled("sign_in", {"username": "aude", "passphrase": "lanterne-marée-0", "code": "123456"}),
    "/deconnexion": Filled("sessions.end", {}),
    "/enrolement": Filled("enrolment.begin", {"username": "nina", "code": "x", "passphrase": "y", "repeated": "y"}),
    "/enrolement/telephone": Filled("enrolment.confirm", {"code": "123456"}),
    "/enrolement/fin": Filled("enrolment.finish", {}),
    "/charte": Filled("signatures.sign", {"read": "y"}),
}
NOTE = {"kind": "observation", "compartment": "social", "occurred_on": "2026-11-20", "body": "Vu.", "submission": "1" * 32}
WORK = {
    dossier("notes/nouvelle"): Filled("entries.write", NOTE),
    dossier("fiche/identity"): Filled("records.write", {"r0-id": ID, "r0-version": "3", "r0-last_name": "Brindavoine"}),
    dossier("echeance"): Filled("lifecycle.plan", {"next_date": DAY, "seen": ""}),
    dossier("cloture"): Filled("lifecycle.close", {"reason": "achieved"}),
    dossier("reference"): Filled("lifecycle.relead", {"lead": "paul"}),
    "/dossiers/recherche": Filled("finding.search", {"typed": "brindavoine"}),
    "/brouillons": Filled("saved_drafts.keep", {"brouillon": "note", "lieu": NUMBER, "body": "Vu."}),
    "/brouillons/effacer": Filled("saved_drafts.drop", {"brouillon": "note", "lieu": NUMBER}),
    "/jour/vu": Filled("alert_reading.see", {"alerte": ID}),
}
REFERRALS = {
    "/saisines/nouvelle": Filled("referrals.send", {**TYPED, "cell": "c1", "submission": "2" * 32}),
    f"/saisines/{NUMBER}/complement": Filled("complements.add", {"body": "Revu.", "submission": "3" * 32}),
    f"/saisines/{NUMBER}/examen": Filled("examination.decide", {"outcome": "not_retained"}),
}
SHARE = {"to": "paul", "kinds": "identity", "until": DAY, "submission": "4" * 32}
EXTRACT = {"to": "paul", "pieces": ID, "until": DAY, "submission": "5" * 32}
SHARING = {
    dossier("partage"): Filled("shares.preview", SHARE),
    dossier("partage/confirmation"): Filled("shares.give", SHARE),
    dossier("partage/fin"): Filled("shares.end", {"partage": ID}),
    dossier("partie"): Filled("extracts.preview", EXTRACT),
    dossier("partie/confirmation"): Filled("extracts.give", EXTRACT),
    dossier("partie/fin"): Filled("extracts.end", {"partage": ID}),
    dossier("lien-personnel"): Filled("conflicts.withdraw", {}),
    dossier("lien-personnel/membre"): Filled("conflicts.declare_for", {"username": "paul", "sure": "y"}),
    "/liens-personnels/cles": Filled("conflicts.settle_pending", {}),
}
RINGS = {
    "/cellules/c1/equipe": Filled("service_rings.make", {"people": ID}),
    "/cellules/c1/equipe/arrivee": Filled("service_rings.join", {"person": ID}),
    "/cellules/c1/equipe/remplacement": Filled("service_rings.stand_in", {"person": ID, "starts": DAY, "until": DAY}),
    f"/cellules/c1/equipe/{ID}/fin": Filled("service_rings.remove", {"confirmed": "y"}),
    "/cellules/c1/astreinte": Filled("duty.compose", {"people": ID}),
    "/acces-urgent": Filled("urgent.open", {"number": NUMBER, "reason": "danger", "text": "Ce soir."}),
    f"/acces-urgents/{ID}": Filled("urgent_review.decide", {"finding": "justified"}),
}
ADMISSION = {"person": "paul", "role": "member", "act": "acte 9", "until": DAY}
CELL = {
    "name": "Est",
    "code": "est",
    "programme": "fragility",
    "commune": "Valmorel-sur-Orle",
    "stewards": "paul",
    "act": "9",
    "until": DAY,
}
ACCOUNT = {
    "name": "Nina", "username": "nina", "gender": "f", "function": "agente", "profession": "social_worker", "institution": "Ville",
}  # fmt: skip
OFFICES = {
    "/comptes/nouveau": Filled("accounts.create", ACCOUNT),
    f"/comptes/{ID}/code": Filled("accounts.reissue", {}),
    f"/comptes/{ID}/certifier": Filled("accounts.certify", {"fingerprint": "x"}),
    f"/comptes/{ID}/renouveler": Filled("accounts.renew", {"act": "acte 9", "until": DAY}),
    "/institutions/nouvelle": Filled("accounts.add_institution", {"name": "Ville", "kind": "town"}),
    "/cellules/nouvelle": Filled("cells.found", CELL),
    "/cellules/c1/prise-en-charge": Filled("cells.take_charge", {}),
    "/cellules/c1/elus": Filled("rings.switch_on_elected", {}),
    "/cellules/c1/admettre": Filled("cells.admit", ADMISSION),
    f"/cellules/c1/membres/{ID}/fin": Filled("departures.end", {"confirmed": "y"}),
}
FORMS = {**DOOR, **WORK, **REFERRALS, **SHARING, **RINGS, **OFFICES}
