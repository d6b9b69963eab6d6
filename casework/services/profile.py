"""Who is signed in, and which rooms of the house the charter opens to their profession."""

from casework.services.actor import Actor
from casework.services.views import Profile

DOORS = ("dossier.list", "referral.send", "ledger.read")


def of(actor: Actor) -> Profile:
    """The header of every page. Tells nothing about any dossier, so it leaves no leaf."""
    charter = actor.instance.charter
    doors = frozenset(action for action in DOORS if charter.combinations(action, actor.profession))
    return Profile(actor.name, actor.function, actor.institution, doors)
