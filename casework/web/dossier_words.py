"""What the page of a dossier says and leads to, beside what the dossier itself holds."""

from collections.abc import Collection

from flask import current_app, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from casework.services.views import Banner, DossierView, UrgentLine
from casework.web import dates

ACTS = (
    ("agreement.record", "agreements.ask", _("Consigner l’accord")),
    ("referral.examine", "examinations.form", _("Examiner la saisine")),
    ("dossier.relead", "examinations.lead", _("Désigner une autre personne référente")),
    ("contact.plan", "reaching.form", _("Joindre la personne")),
    ("record.write", "records.form", _("Modifier la fiche")),
    ("share.give", "shares.form", _("Partager")),
    ("orientation.give", "orientations.form", _("Orienter vers un service")),
    ("share.end", "shares.form", _("Partages en cours")),
    ("history.read", "histories.read", _("Historique")),
    ("agreement.withdraw", "endings.form", _("La personne arrête le suivi")),
    ("wall.set", "walls.form", _("Fermer ce dossier à quelqu’un")),
    ("wall.link", "walls.form", _("Séparer de l’autre dossier")),
    ("wall.stay", "walls.form", _("Rester des deux côtés")),
    ("release.warn", "releases.form", _("Alerter d’une sortie de détention")),
    ("danger.report", "safety.record", _("Enfant en danger")),
    ("dossier.withdraw", "conflicts.form", _("Lien personnel ? Je me retire")),
)
"""Action of the charter, page that performs it, and its name on the link: offered where the charter permits it."""


WITHDRAW, KEEPS = "dossier.withdraw", "conflict.settle"


def withdraws_here(may: Collection[str]) -> bool:
    """Whether one withdraws on the dossier's own page, in one click. Keepers have a page for it: it says when nobody would be left to turn
    the keys, and closes the dossier to a member as well."""
    return WITHDRAW in may and KEEPS not in may


def acts(may: Collection[str], number: str) -> list[tuple[str, str]]:
    """Address and name of each act that is open here."""
    allowed = set(may) - ({WITHDRAW} if withdraws_here(may) else set())
    shown: dict[str, str] = {}
    for action, endpoint, label in ACTS:
        if action in allowed and endpoint in current_app.view_functions:
            shown.setdefault(url_for(endpoint, number=number), str(label))
    return list(shown.items())


def banners(shown: DossierView, lang: str) -> list[str]:
    """What to know before reading on, as sentences. A code without a sentence says nothing."""
    urgent = [_urgent(line, lang) for line in shown.urgent if line.open or line.reviewed_at is None]
    return [*urgent, *(sentence for banner in shown.banners if (sentence := _sentence(banner, lang)))]


def _urgent(line: UrgentLine, lang: str) -> str:
    if line.open:
        hour = dates.clock_time(line.until, lang)
        return str(gettext("Accès urgent en cours : %(who)s lit ce dossier jusqu’à %(hour)s.", who=line.person, hour=hour))
    opened = dates.moment(line.opened_at, lang)
    return str(gettext("Accès urgent ouvert par %(who)s le %(opened)s : il reste à revoir.", who=line.person, opened=opened))


def _sentence(banner: Banner, lang: str) -> str:
    on = dates.day(banner.on, lang) if banner.on else ""
    match banner.code:
        case "conflict":
            said = gettext("Un lien personnel a été déclaré le %(on)s : les clés de ce dossier restent à renouveler.", on=on)
        case "majority":
            said = gettext(
                "La personne aura 18 ans le %(on)s. Préparez avec elle l’information et l’accord qu’elle donnera elle-même.", on=on
            )
        case "adult":
            said = gettext(
                "La personne a 18 ans depuis le %(on)s : informez-la, demandez son accord, puis décidez de clore ou de poursuivre.", on=on
            )
        case "agreement":
            said = gettext(
                "Accord de la personne à obtenir au plus tard le %(on)s. Sans lui, tout ce qui a été noté ici est effacé le lendemain.",
                on=on,
            )
        case "silence":
            said = gettext(
                "Aucun contact noté depuis le %(on)s, soit plus de 12 mois : faites le point, relancez le suivi ou proposez la clôture.",
                on=on,
            )
        case _:
            said = ""
    return str(said)
