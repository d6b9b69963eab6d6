"""Lists and answers to searches for the stand-in town: as far from the services as the screens can tell."""

from datetime import date

from casework.errors import InvalidInput
from casework.services import views
from casework.services.drafts import ListFilters

NO_FILTER = ListFilters()
ROOMS = frozenset({"day.read", "dossier.list", "dossier.search", "referral.send"})
OFFERS = {
    "status": (views.Choice("received", "reçue"), views.Choice("open", "en cours"), views.Choice("closed", "clôturée")),
    "programme": (views.Choice("fragility", "Situation de fragilité"),),
    "cell": (views.Choice("nord", "Cellule Orle-Nord"), views.Choice("port", "Cellule Vieux-Port")),
}
Lines = tuple[views.DossierLine, ...]


def listed(held: Lines, sent: tuple[views.SentReferral, ...], page: int, asked: ListFilters) -> views.DossierPage:
    """A page of these lines, which are said to be one of four when there are many. Of the filters the state alone is obeyed."""
    total = len(held) * (4 if len(held) > 5 else 1)
    held = tuple(line for line in held if asked.status in {"", line.status.code})
    pages = 4 if len(held) > 5 else 1
    return views.DossierPage(held, len(held) * pages, page, pages, sent if page == 1 else (), total, OFFERS)


def found(held: Lines, typed: str) -> views.Found:
    """« brind » finds two of forty, everything else nothing; a single letter is refused."""
    if len(typed.strip()) < 2:
        raise InvalidInput({"typed": "Écrivez au moins deux lettres d’un nom."})
    matches = tuple(views.Match(line, date(2011, 4, 17), ("name_sound", "born")) for line in held[:2] if "brind" in typed.lower())
    return views.Found(matches, 20 * len(matches))
