"""Notices shown once on the next page. The cookie carries their codes only, never a word of a dossier."""

from flask import flash, get_flashed_messages
from flask_babel import lazy_gettext as _

NOTICES = {
    "signed-out": _("Vous avez quitté casework. À bientôt."),
    "session-ended": _("Votre session est terminée. Reconnectez-vous pour continuer."),
    "entry-written": _("La note est enregistrée."),
    "entry-corrected": _("La correction est enregistrée. La note d’origine reste visible."),
}


def leave(code: str) -> None:
    """Leave a notice for the next page. Raises KeyError for an unknown code."""
    flash(code if code in NOTICES else NOTICES[code])


def taken() -> list[str]:
    """The notices waiting for this page, as sentences; they are gone afterwards."""
    return [str(NOTICES[code]) for code in get_flashed_messages() if code in NOTICES]
