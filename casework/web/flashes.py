"""Notices shown once on the next page. The cookie carries their codes only, never a word of a dossier."""

from flask import flash, get_flashed_messages
from flask_babel import lazy_gettext as _

NOTICES = {
    "signed-out": _("Vous avez quitté casework. À bientôt."),
    "session-ended": _("Votre session est terminée. Reconnectez-vous pour continuer."),
    "draft-kept": _("Votre session était terminée. Ce que vous veniez d’envoyer est gardé : reconnectez-vous pour le retrouver."),
    "draft-lost": _("Votre session était terminée depuis trop longtemps : ce que vous veniez d’envoyer n’a pas pu être gardé."),
    "draft-gone": _("Le brouillon est effacé."),
    "record-saved": _("La fiche est à jour. L’historique garde ce qui a changé."),
    "date-planned": _("La prochaine date est fixée."),
    "dossier-closed": _("Le dossier est clôturé."),
    "account-certified": _("Les clés de la personne sont certifiées."),
    "office-renewed": _("L’habilitation est renouvelée."),
    "institution-added": _("L’institution est inscrite."),
    "cell-founded": _("La cellule est fondée. Les personnes choisies la prennent en charge à leur prochaine connexion."),
    "cell-taken": _("Vous tenez la cellule : ses clés sont faites."),
    "elected-on": _("Les personnes élues admises lisent désormais l’identité et les décisions."),
    "member-admitted": _("La personne est habilitée dans la cellule."),
    "member-ended": _("L’habilitation a pris fin."),
    "enrolment-over": _("Cet enrôlement n’est plus en cours. Recommencez avec un nouveau code, remis par l’officier ou l’officière."),
    "enrolment-done": _("Vos clés sont faites. Connectez-vous une fois que l’officier ou l’officière les a certifiées."),
    "charter-signed": _("Votre signature de la charte est enregistrée."),
    "complement-added": _("Le complément est déposé. La personne référente et la coordination sont prévenues."),
    "referral-examined": _("L’issue est enregistrée. La personne qui a saisi la cellule est prévenue."),
    "child-protection": _("L’issue est enregistrée. Transmettez maintenant l’information préoccupante à la CRIP : rien ne part d’ici."),
    "lead-named": _("La personne référente est désignée et prévenue."),
    "volet-shared": _("Le partage est fait. La personne est prévenue."),
    "share-ended": _("Le partage a pris fin."),
    "extract-given": _("La partie choisie est adressée. La personne est prévenue."),
    "withdrawn": _("Vous vous êtes retiré·e : ce dossier vous est fermé, et la coordination est prévenue."),
    "link-declared": _("Le lien personnel est enregistré : le dossier est fermé à ce membre."),
    "keys-turned": _("Les clés sont renouvelées."),
    "keys-none": _("Aucune clé ne restait à renouveler."),
    "team-made": _("L’équipe est faite."),
    "team-joined": _("La personne est entrée dans l’équipe."),
    "team-stand-in": _("Le remplacement est enregistré. Il commence et prend fin de lui-même."),
    "team-left": _("La personne a quitté l’équipe, qui a une nouvelle clé."),
    "duty-composed": _("L’astreinte est à jour."),
    "urgent-opened": _("L’accès urgent est ouvert et annoncé."),
    "urgent-reviewed": _("La revue est enregistrée."),
    "entry-written": _("La note est enregistrée."),
    "entry-corrected": _("La correction est enregistrée. La note d’origine reste visible."),
}


def leave(code: str) -> None:
    """Leave a notice for the next page. Raises KeyError for an unknown code."""
    flash(code if code in NOTICES else NOTICES[code])


def taken() -> list[str]:
    """The notices waiting for this page, as sentences; they are gone afterwards."""
    return [str(NOTICES[code]) for code in get_flashed_messages() if code in NOTICES]
