"""Every error becomes one page in the house's style. A page says what happened and what to do, never why somebody may not."""

import logging
import traceback
from dataclasses import dataclass

from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from werkzeug.exceptions import HTTPException, SecurityError

from casework.errors import (
    CaseworkError,
    InvalidInput,
    LedgerUnavailable,
    NotFound,
    PersonLeft,
    ReadersChanged,
    SessionEnded,
    TamperedError,
    TooManyAttempts,
    UncertifiedKey,
)
from casework.web import cookies, flashes, rooms

log = logging.getLogger("casework.errors")


@dataclass(frozen=True, slots=True)
class Sentence:
    """An error page: its heading, one sentence, and what to do next."""

    title: LazyString
    text: LazyString


NOT_FOUND = Sentence(
    _("Page introuvable"),
    _(
        "Cette page n’existe pas, ou elle ne vous est pas ouverte. "
        "Si vous attendiez un dossier, parlez-en à la coordonnatrice ou au coordonnateur de la cellule."
    ),
)
NO_DOSSIER = Sentence(
    NOT_FOUND.title,
    _("Ce dossier n’existe pas, ou il ne vous est pas ouvert. Un référent vous contactera."),
)
"""The neutral answer, the same for a number that nobody has, one that is not mine, and one behind a wall."""

PERSON_LEFT = Sentence(
    _("La personne a mis fin au suivi"),
    _(
        "Plus rien ne se transmet de ce dossier : ni orientation, ni lien. Rien n’a été enregistré. "
        "Un danger, un enfant à protéger : ce que la loi impose de signaler suit sa propre voie."
    ),
)
"""For whoever follows the dossier; everybody else reads the neutral answer."""

OF_A_DOSSIER = frozenset({"number", "item", "task", "access", "referral", "contact"})
"""Parts of an address that name a dossier, or something that belongs to one: all of them answer alike."""

PAGES: dict[int, Sentence] = {
    400: Sentence(
        _("Demande refusée"),
        _("Le formulaire a expiré ou n’a pas été compris. Rien n’a été enregistré. Revenez en arrière, rechargez la page et recommencez."),
    ),
    403: Sentence(_("Connexion non sécurisée"), _("Cette adresse ne répond qu’en connexion chiffrée. Rien n’a été affiché.")),
    404: NOT_FOUND,
    405: Sentence(_("Geste impossible"), _("Cette page ne se demande pas de cette façon. Rien n’a été enregistré.")),
    409: Sentence(_("Les lecteurs ont changé"), _("Rien n’a été enregistré. Revenez en arrière et recommencez.")),
    413: Sentence(
        _("Envoi trop volumineux"),
        _("Votre texte dépasse ce que casework accepte. Rien n’a été enregistré. Revenez en arrière et raccourcissez-le."),
    ),
    422: Sentence(_("Saisie à corriger"), _("Rien n’a été enregistré. Revenez en arrière et vérifiez votre saisie.")),
    429: Sentence(_("Trop d’essais"), _("Patientez quelques minutes avant de recommencer.")),
    500: Sentence(
        _("Une erreur s’est produite"),
        _(
            "Vérifiez si votre dernière action a été enregistrée avant de recommencer. "
            "Si l’erreur revient, prévenez la personne qui administre casework."
        ),
    ),
    503: Sentence(
        _("Service momentanément interrompu"),
        _(
            "Par sécurité, casework n’affiche et n’enregistre rien "
            "tant que la trace des accès ou l’intégrité des données n’est pas garantie. "
            "Prévenez la personne qui administre casework."
        ),
    ),
}


def install(app: Flask) -> None:
    """Turn errors into pages."""
    app.register_error_handler(NotFound, lambda _problem: page(404))
    app.register_error_handler(PersonLeft, lambda _problem: page(409, PERSON_LEFT))
    app.register_error_handler(SessionEnded, _signed_out)
    app.register_error_handler(LedgerUnavailable, _closed)
    app.register_error_handler(TamperedError, _closed)
    app.register_error_handler(UncertifiedKey, _closed)
    app.register_error_handler(TooManyAttempts, _too_many)
    app.register_error_handler(InvalidInput, lambda _problem: page(422))
    app.register_error_handler(ReadersChanged, lambda _problem: page(409))
    app.register_error_handler(SecurityError, _wrong_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, said: Sentence | None = None) -> Response:
    """The page of a status; statuses we never meant to give look like the nearest one we did. said: what this very error says instead."""
    shown = status if status in PAGES else 400 if status < 500 else 500
    usual = NO_DOSSIER if shown == 404 and OF_A_DOSSIER & set(request.view_args or {}) else PAGES[shown]
    return make_response(render_template("error.html", status=shown, sentence=said or usual, rooms=rooms.unmarked, here=""), shown)


def _http(problem: HTTPException) -> Response:
    return page(problem.code or 500)


def _wrong_host(_problem: SecurityError) -> Response:
    """A page would need addresses, and the host they belong to is the very thing in doubt."""
    return Response("Adresse inconnue.\n", 400, content_type="text/plain; charset=utf-8")


def _closed(problem: CaseworkError) -> Response:
    _note(problem)
    g.viewer = None
    return page(503)


def _too_many(problem: TooManyAttempts) -> Response:
    response = page(429)
    response.headers["Retry-After"] = str(problem.retry_after)
    return response


def _signed_out(_problem: SessionEnded) -> ResponseReturnValue:
    flashes.leave("session-ended")
    response = make_response(redirect(url_for("sign_in.form"), 303))
    cookies.take_secret(response)
    return response


def _unexpected(problem: Exception) -> Response:
    _note(problem)
    g.viewer = None
    return page(500)


def _note(problem: BaseException) -> None:
    """Log the kind of the error and where it arose. Its text may quote what somebody typed, so it stays out."""
    steps = [
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(problem.__traceback__)[-8:]
    ]
    log.error("%s at %s: %s", type(problem).__name__, request.url_rule or "-", " < ".join(reversed(steps)))
