"""Every form of the application, filled in: the service verb it must reach, and what is typed."""

from typing import Any, NamedTuple

from tests.web.standin import NUMBER
from tests.web.test_referrals import TYPED

ID = "a" * 32
DAY = "2026-12-24"
ADDRESSES = {
    "number": NUMBER,
    "cell": "c1",
    "member": ID,
    "account": ID,
    "access": ID,
    "kind": "identity",
    "service": ID,
    "meeting": ID,
    "item": ID,
    "task": ID,
    "contact": ID,
    "referral": ID,
    "answer": ID,
    "permanence": ID,
    "moment": "2026-11-24T0900",
    "week": "2026-s48",
    "day": "2026-11-24",
    "slot": ID,
}
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
SUPPORT = {
    "/saisir/appel": Filled("intake.send", {"cell": "c1", "agreement": "given", "submission": "7" * 32}),
    dossier("accord"): Filled("agreements.record", {"state": "given"}),
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
    dossier("separation"): Filled("walling.set", {"who": "Paul Destrée", "reason": "relative"}),
    dossier("separation/levee"): Filled("walling.lift", {"personne": "paul"}),
    dossier("separation/dossier"): Filled("linking.prepare", {"other": "2026-0043"}),
    dossier("separation/dossier/confirmation"): Filled("linking.link", {"other": "2026-0043", "mine": "2026-0043"}),
    dossier("separation/dossier/fin"): Filled("unlinking.unlink", {"apart": "2026-0043", "ending": "mistake"}),
    dossier("deux-cotes"): Filled("staying.stay", {"other": "2026-0043", "listed": NUMBER, "reason": "handover", "text": "Relais."}),
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
OUTCOMES = {
    f"/reunions/{ID}/points/{ID}/decision": Filled("deciding.decide", {"outcome": "continued", "next_date": DAY, "version": "0"}),
    f"/reunions/{ID}/cloture": Filled("closing.close", {"seen": "1" * 32}),
    f"/actions/{ID}": Filled("reporting.report", {"status": "done", "text": "Vu."}),
}
WHEN = {"day": DAY, "hour": "14:00", "place": "Salle du conseil"}
POINT = {"place": "Square", "trouble": "Feux", "action": "Passages", "owner": ID, "due": DAY}
PREPARING = {
    "/reunions/nouvelle": Filled("preparing.create", {**WHEN, "cell": "c1", "kind": "ordinary"}),
    "/reunions/urgente": Filled("calling_up.call", {**WHEN, "cell": "c1", "caller": "mayor", "reason": "danger", "numbers": NUMBER}),
    f"/reunions/{ID}/changer": Filled("convening.change", WHEN),
    f"/reunions/{ID}/annulation": Filled("convening.cancel", {"confirmed": "y"}),
    f"/reunions/{ID}/convocation": Filled("convening.convene", {}),
    f"/reunions/{ID}/ordre-du-jour": Filled("agenda_items.add", {"numbers": NUMBER}),
    f"/reunions/{ID}/ordre-du-jour/confirmation": Filled("agenda_items.confirm", {}),
    f"/reunions/{ID}/ordre-du-jour/ordre": Filled("agenda_items.move", {"item": ID, "place": "2", "haut": "1"}),
    f"/reunions/{ID}/ordre-du-jour/retrait": Filled("agenda_items.withdraw", {"item": ID}),
    f"/reunions/{ID}/points": Filled("briefing.prepare", {"items-0-item": ID, "items-0-question": "Où ?"}),
    f"/reunions/{ID}/points-sans-personne": Filled("points.write", POINT),
    f"/reunions/{ID}/points-sans-personne/retrait": Filled("points.drop", {"point": ID}),
    f"/reunions/{ID}/convoques": Filled("convening.choose", {"people": ID}),
    f"/reunions/{ID}/appels": Filled("calling_up.reach", {"seat": ID, "joint": "1"}),
    f"/reunions/{ID}/reponses": Filled("answering.answer_all", {f"answer-{ID}": "known"}),
    f"/reunions/{ID}/absence": Filled("answering.excuse", {}),
    f"/reunions/{ID}/remplacement": Filled("answering.settle_deputy", {"seat": ID, "accepter": "1"}),
    "/cellules/c1/noyau": Filled("core.compose", {"people": ID}),
    f"/comptes/{ID}/courriel": Filled("accounts.address", {"email": "nina@example.org"}),
}
SEANCE = f"/reunions/{ID}/seance"
GUEST = {"name": "Nina", "profession": "school_staff", "charter_date": "2026-11-01", "charter_reference": "CH-2026-14"}
SITTING = {
    f"{SEANCE}/ouvrir": Filled("opening.open", {"code": "2580", "repeated": "2580"}),
    f"{SEANCE}/aller": Filled("showing.call_place", {"place": "2"}),
    f"{SEANCE}/sortie": Filled("attendance.leave", {"seat": ID}),
    f"{SEANCE}/couvrir": Filled("covering.has_code", {}),  # nothing is covered before a code was chosen
    f"{SEANCE}/presence": Filled("attendance.keep", {f"etat-{ID}": "present", f"vu-{ID}": "convened"}),
    f"{SEANCE}/presence/remplacement": Filled("attendance.replace", {"replaced": ID, "deputy": ID}),
    f"{SEANCE}/presence/invite": Filled("attendance.add_guest", GUEST),
    f"/reunions/{ID}/feuille-signee": Filled(
        "signed_sheets.record", {"reference": "FP-2026-14", "signed_on": DAY, "scan": (__file__, "feuille.pdf"), "version": "0"}
    ),
    f"/reunions/{ID}/feuille-signee/signatures": Filled("signed_sheets.tick", {f"vu-{ID}": "", f"signe-{ID}": "1"}),
    f"/reunions/{ID}/points/{ID}/appel": Filled("showing.call", {}),
    f"/reunions/{ID}/points/{ID}/affichage": Filled("showing.keep_to_number", {"montrer": "number"}),
    f"/reunions/{ID}/points/{ID}/association": Filled("showing.associate", {"seat": ID}),
    f"/reunions/{ID}/points/{ID}/retrait": Filled("showing.withdraw", {}),
    "/ecran": Filled("covering.covered", {"code": "2580"}),
    "/ecran/couvrir": Filled("covering.cover", {"page": "/dossiers"}),
}
ORIENTATION = {
    "need": "housing", "to": f"link::{ID}", "agreement": "given", "pieces": ID, "intro": "Mardi.", "submission": "6" * 32,
}  # fmt: skip
ORIENTATIONS = {
    dossier("orientation"): Filled("offering.preview", ORIENTATION),
    dossier("orientation/envoi"): Filled("sending.send", ORIENTATION),
    f"/orientations/{ID}": Filled("following.take", {"step": "withdrawn", "reason": "person", "seen": "2"}),
    f"/orientations/{ID}/accord": Filled("following.agree_later", {"state": "given"}),
    f"/orientations/{ID}/contact": Filled("following.pass_on", {"contact": ID}),
    f"/orientations/recues/{ID}": Filled("receiving.take", {"step": "accepted", "seen": "3"}),
    dossier("sortie"): Filled("releases.warn", {"text": "Le service en est averti.", "submission": "7" * 32}),
    dossier("arret"): Filled("withdrawing.withdraw", {}),
    dossier("revue"): Filled("purging.decide", {"finding": "erase"}),
}
SERVICE = {"name": "Club", "institution": "Club", "needs": "leisure", "phone": "02 61 91 00 03", "state": "open", "version": "1"}
DIRECTORY = {
    "/annuaire/recherche": Filled("catalogue.find", {"mots": "club"}),
    "/annuaire/nouveau": Filled("upkeep.add", SERVICE),
    f"/annuaire/{ID}/modifier": Filled("upkeep.change", SERVICE),
    f"/annuaire/{ID}/fermeture": Filled("upkeep.close", {}),
    f"/annuaire/{ID}/reouverture": Filled("upkeep.reopen", {}),
    "/annuaire/import": Filled("importing.apply", {"rows": "[]", "digest": "0"}),
}
PERMANENCE = {
    "place": "Point-justice", "weekday": "1", "starts": "09:00", "ends": "12:00", "minutes": "30", "since": DAY, "cell": "c1",
}  # fmt: skip
PERMANENCES = {
    "/permanences/nouvelle": Filled("keeping.make", PERMANENCE),
    f"/permanences/{ID}/fin": Filled("keeping.end", {"until": DAY, "version": "1"}),
    f"/permanences/{ID}/creneaux/2026-11-24T0900": Filled("booking.book", {"words": "nouvelle personne"}),
    f"/permanences/rendez-vous/{ID}/deplacement": Filled("booking.move", {"slot": f"{ID}.2026-11-24T0900", "version": "1"}),
    f"/permanences/rendez-vous/{ID}/annulation": Filled("booking.cancel", {"version": "1"}),
    "/permanences/2026-s48": Filled("booking.attend", {"venue": f"{ID}.1"}),
}
PARTNERS = {
    "/lien": Filled("entering.enter", {"secret": "a" * 22, "code": "47 30 92 18"}),
    "/lien/visite": Filled("visits.answer", {"answer": "accepted"}),
    "/lien/quitter": Filled("visits.leave", {}),
    f"/orientations/{ID}/lien": Filled("making.make", {}),
    f"/orientations/{ID}/lien/fin": Filled("making.end", {}),
    f"/actions/{ID}/lien": Filled("making.make", {}),
    f"/actions/{ID}/lien/fin": Filled("making.end", {}),
    f"/actions/{ID}/lien/reprise/{ID}": Filled("watching.take_over", {}),
}
REACH = {"channel": "call", "purpose": "news", "day": DAY, "hour": "09:30"}
SAFETY = {
    dossier("joindre"): Filled("reaching.plan", REACH),
    dossier(f"joindre/{ID}"): Filled("reaching.mark", {"state": "done"}),
    "/consigne": Filled("addressing.set", {"number": NUMBER, "through": "Mme Fictive, 06 39 98 55 02"}),
    "/consigne/levee": Filled("addressing.lift", {"lifted": NUMBER}),
    dossier("enfant-en-danger"): Filled("danger.report", {"to": "crip", "day": "2026-11-20", "submission": "8" * 32}),
}
FORMS = {
    **DOOR, **WORK, **REFERRALS, **SUPPORT, **SHARING, **RINGS, **OFFICES, **OUTCOMES, **PREPARING, **SITTING, **DIRECTORY, **ORIENTATIONS,
    **PERMANENCES, **PARTNERS, **SAFETY,
}  # fmt: skip
