"""What the room's screen says in words: birth year that agrees, alerts, and the state of what is shown."""

from dataclasses import dataclass

from flask_babel import gettext, ngettext

from casework.services.meeting.sitting.sitting_views import Projected, Sitting
from casework.web import dates, i18n
from casework.wording import agreed


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences of one item. born: « née en 2012, 13 ans »; empty where identity is not shown."""

    born: str = ""
    alerts: tuple[str, ...] = ()


def of(shown: Sitting) -> Words:
    """The sentences of what is on the screen; none before the first call."""
    return Words(_born(shown.item), tuple(_alert(*each) for each in shown.item.alerts)) if shown.item else Words()


def _born(item: Projected) -> str:
    if item.born is None or item.age is None:
        return ""
    said = agreed(gettext("{née|né|né·e} en %(year)s", year=item.born), item.sex if item.sex in ("f", "m") else "n")
    return f"{said}, {ngettext('%(num)s an', '%(num)s ans', item.age)}"


def _alert(code: str, on: object) -> str:
    day = dates.day(on, i18n.language()) if on is not None else ""  # type: ignore[arg-type]  # an alert's day, or none
    match code:
        case "majority":
            return str(gettext("18 ans le %(on)s : préparer l’information et l’accord de la personne.", on=day))
        case "adult":
            return str(gettext("18 ans depuis le %(on)s : informer la personne, demander son accord.", on=day))
        case _:
            return str(gettext("Aucun contact noté depuis le %(on)s.", on=day))
