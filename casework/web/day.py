"""« Mon jour »: the first page of whoever has a seat in a cell."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, ngettext
from flask_babel import lazy_gettext as _

from casework import services
from casework.services.attention.views import AlertLine
from casework.web import fields, guard
from casework.web.guard import guarded

screen = Blueprint("day", __name__)

DUE = {
    "next_date": _("Prochaine date"),
    "examine": _("Saisine à examiner"),
    "no_lead": _("Référent·e à désigner"),
    "conflict": _("Lien personnel déclaré : clés à renouveler"),
    "habilitation": _("Habilitation qui prend fin"),
    "review": _("Accès urgent à revoir"),
    "task": _("Action confiée par la cellule"),
    "orientation_received": _("Orientation reçue, à accepter ou décliner"),
    "orientation_outcome": _("Rendez-vous passé : dites ce qu’il en est"),
    "orientation_silent": _("Orientation sans réponse"),
    "absent": _("Rendez-vous manqué à la permanence : voyez ce qu’il faut proposer"),
    "orientation_missed": _("Rendez-vous d’orientation manqué : voyez ce qu’il faut proposer"),
    "orientation_contact": _("L’orientation en cours porte un contact qui a changé : à transmettre"),
    "purge": _("Dossier à revoir avant son effacement"),
    "measure_end": _("Mesure qui prend fin"),
    "contact": _("Personne à joindre, comme vous l’avez prévu"),
    "notice": _("Personne à informer de la décision"),
    "meeting": _("Vous y êtes attendu·e"),
}
"""What is due, by the code of `services.attention.day_due`."""

ALERTS: dict[str, LazyString] = {
    "urgent_access": _("Un accès urgent a été ouvert sur ce dossier."),
    "complement": _("La personne à l’origine de la saisine a ajouté un complément."),
    "referral_answered": _("Votre saisine a été examinée."),
    "lead_named": _("Vous êtes désormais la personne référente de ce dossier."),
    "lead_ended": _("Vous n’êtes plus la personne référente de ce dossier."),
    "lead_left": _("La personne référente a quitté la cellule : le dossier attend qu’on en désigne une autre."),
    "conflict": _("Un lien personnel a été déclaré sur ce dossier."),
    "agreement_due": _("L’accord de la personne reste à obtenir : sans lui, ce dossier sera effacé dans les trois jours."),
    "agreement_missing": _("L’accord de la personne n’a pas été obtenu à temps : ce dossier est effacé."),
    "wall": _("Ce dossier a été fermé à quelqu’un qui ne doit rien en savoir."),
    "link_over": _("Deux dossiers séparés ne le sont plus."),
    "both_sides": _("Quelqu’un reste des deux côtés de deux dossiers séparés."),
    "unverified": _(
        "Le certificat d’un compte ne se vérifie pas : des données ont été modifiées hors de casework. Faites vérifier le journal."
    ),
    "conflict_unsettled": _("Un lien personnel a été déclaré ; les clés de ce dossier restent à renouveler."),
    "share_given": _("Un volet de ce dossier vous a été ouvert."),
    "share_ended": _("Un partage qui vous ouvrait ce dossier a pris fin."),
    "notice_due": _("La cellule a décidé : la personne reste à informer. Notez ensuite l’information donnée."),
    "task_reported": _("Le résultat d’une action a été donné."),
    "addressing_set": _("Une consigne d’adressage est posée sur ce dossier : lisez par qui passer avant d’écrire à un parent."),
    "contact_override": _("Une précaution du contact sûr a été outrepassée : à revoir."),
    "minutes_ready": _("Le relevé de décisions de la réunion est prêt."),
    "extract_given": _("Une partie de ce dossier vous a été adressée."),
    "partner_answered": _("Un partenaire sans compte a répondu par le lien."),
    "partner_reported": _("Une institution sans compte a répondu par le lien."),
    "meeting_convened": _("Vous êtes convoqué·e à une réunion de la cellule."),
    "meeting_moved": _("Une réunion de la cellule a changé de jour, d’heure ou de lieu."),
    "meeting_cancelled": _("Une réunion de la cellule est annulée."),
    "meeting_released": _("Vous n’êtes plus attendu·e à une réunion de la cellule."),
    "meeting_excused": _("La liste des présences annoncées d’une réunion a changé."),
    "orientation_sent": _("Une orientation est adressée à votre service."),
    "orientation_step": _("Une orientation a une nouvelle étape."),
    "orientation_news": _("Une orientation adressée à votre service a une nouvelle étape."),
    "orientation_over": _("Une orientation adressée à votre service est terminée."),
    "orientation_silent": _("Une orientation envoyée reste sans réponse depuis une semaine."),
    "orientation_passed": _("Un rendez-vous d’orientation est passé : dites ce qu’il en est."),
    "orientation_contact": _("L’orientation en cours porte un contact qui a changé : transmettez le nouveau."),
    "agreement_withdrawn": _("La personne a mis fin au suivi : le dossier est clos, et à revoir avant son effacement."),
    "task_due": _("Ce que la cellule vous a confié arrive à son terme."),
    "task_late": _("Ce que la cellule vous a confié a dépassé son terme : dites ce qu’il en est."),
    "task_over": _("Ce que la cellule vous avait confié est terminé : vous n’avez plus rien à faire."),
    "release_alert": _("Une sortie de détention est annoncée : lisez l’alerte dans le dossier."),
    "measure_ending": _("Une mesure prend bientôt fin : préparez la suite."),
    "measure_over": _("Une mesure a pris fin."),
    "meeting_unconvened": _("Une réunion a lieu dans les sept jours et n’est pas convoquée."),
    "meeting_keys_due": _(
        "Une réunion approche, ses membres ne voient pas encore leurs points : la coordination les ouvre en se connectant."
    ),
    "meeting_forgotten": _("Une réunion est restée ouverte : ses accès ont pris fin, il reste à la clore."),
}
"""What an alert says, by its kind."""

DUE_PAGES = {
    "next_date": "dossiers.read",
    "examine": "examinations.form",
    "no_lead": "examinations.lead",
    "conflict": "dossiers.read",
    "habilitation": "cells.mine",
    "review": "urgent.reviews",
    "task": "tasks.mine",
    "orientation_received": "orientations.mine",
    "orientation_outcome": "orientations.mine",
    "orientation_silent": "orientations.mine",
    "absent": "dossiers.read",
    "orientation_missed": "orientations.mine",
    "orientation_contact": "orientations.mine",
    "purge": "endings.review",
    "measure_end": "dossiers.read",
    "contact": "reaching.form",
    "notice": "dossiers.read",
    "meeting": "meetings.mine",
}
"""Where what is due is done."""

NUMBERED = frozenset({"dossiers.read", "examinations.form", "examinations.lead", "sent.read", "endings.review", "reaching.form"})

ALERT_PAGES = {
    "referral_answered": "sent.read",
    "conflict_unsettled": "",
    "contact_override": "reaching.overridden",
    "both_sides": "walls.stays",
    "unverified": "",
    "link_over": "",
    "agreement_missing": "",
    "task_due": "tasks.mine",
    "task_late": "tasks.mine",
    "task_over": "tasks.mine",
    "orientation_sent": "orientations.mine",
    "orientation_step": "orientations.mine",
    "orientation_news": "orientations.mine",
    "orientation_over": "orientations.mine",
    "orientation_silent": "orientations.mine",
    "orientation_passed": "orientations.mine",
    "orientation_contact": "orientations.mine",
    "agreement_withdrawn": "endings.review",
    "meeting_released": "",
    "meeting_unconvened": "meetings.mine",
    "meeting_forgotten": "meetings.mine",
}
"""Where an alert leads, when the dossier itself does not open or is not what it is about."""

MEETING_ALERTS = frozenset({"meeting_convened", "meeting_moved", "meeting_cancelled", "meeting_excused", "meeting_keys_due"})
"""Alerts that lead to the page of a meeting."""

OTHER = _("Ce dossier demande votre attention.")


@screen.get("/jour")
@guarded("day.read")
def today() -> ResponseReturnValue:
    """What is due, what waits for my answer, what changed. A steward's visit gives the keys that meetings near are owed."""
    services.due_keys.settle_pending(guard.actor())
    shown = services.day.read(guard.actor())
    return render_template(
        "day/today.html",
        shown=shown,
        today=guard.today(),
        labels=DUE,
        due=[(each, _when(each.code, each.days), _address(DUE_PAGES.get(each.code, ""), each.number)) for each in shown.due],
        alerts=[(each, ALERTS.get(each.kind, OTHER), _alert_address(each)) for each in shown.alerts],
        settle=any(each.code == "conflict" for each in shown.due),
        quiet=not (shown.due or shown.alerts or shown.changed),
    )


@screen.post("/jour/vu")
@guarded("day.read")
def seen() -> ResponseReturnValue:
    """One alert was seen: it leaves the day."""
    services.alert_reading.see(guard.actor(), fields.once("alerte"))
    return redirect(url_for("day.today", _anchor="attend"), 303)


def _address(endpoint: str, number: str) -> str:
    """The page of that name, for that dossier where it is one of a dossier; empty for none."""
    if not endpoint:
        return ""
    takes_number = endpoint in NUMBERED
    return url_for(endpoint, number=number) if takes_number else url_for(endpoint)


def _alert_address(alert: AlertLine) -> str:
    if alert.kind == "minutes_ready":
        return url_for("decisions.minutes", meeting=alert.reference) if alert.reference else ""
    if alert.kind == "partner_answered" and alert.reference:
        return url_for("partner_links.form", referral=alert.reference)
    if alert.kind == "partner_reported" and alert.reference:
        return url_for("partner_links.of_task", task=alert.reference)
    if alert.kind in MEETING_ALERTS and alert.reference:
        return url_for("meetings.read", meeting=alert.reference)
    if alert.kind in ALERT_PAGES:
        return _address(ALERT_PAGES[alert.kind], alert.number)
    if alert.kind == "urgent_access" and "urgent.review" in guard.doors():
        return _address("urgent.reviews", "")
    return _address("dossiers.read", alert.number) if alert.openable else ""


def _when(code: str, days: int) -> str:
    """How long that is, as one says it."""
    if days < 0:
        late: str = ngettext("en retard d’un jour", "en retard de %(num)s jours", -days)
        return late
    if code in ("no_lead", "conflict"):
        return ""
    if days == 0:
        return str(gettext("aujourd’hui"))
    if days == 1:
        return str(gettext("demain"))
    left: str = gettext("dans %(days)s jours", days=days)
    return left
