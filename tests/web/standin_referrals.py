"""The saisine of the stand-in town: its form and its receipt, as the services would answer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from casework.services import views
from casework.services.referral.views import Receipt, ReferralPreparation

CELL, PROGRAMME = "Cellule Orle-Nord", "Situation de fragilité"

PREPARATION = ReferralPreparation(
    cells=(views.Choice("c1", "Cellule Orle-Nord"), views.Choice("c2", "Cellule Vieux-Port")),
    cell=views.Choice("c1", "Cellule Orle-Nord"),
    programme="Situation de fragilité",
    commune="Valmorel-sur-Orle",
    origins=(views.Choice("school", "Établissement scolaire"), views.Choice("landlord", "Bailleur")),
    motives=tuple(
        views.Choice(code, label)
        for code, label in (
            ("absenteeism", "Absences répétées à l’école"),
            ("dropout", "Décrochage, sans solution de formation"),
            ("isolation", "Isolement"),
            ("family_conflict", "Conflit familial"),
            ("bullying_target", "Personne visée par du harcèlement"),
        )
    ),
    sexes=(views.Choice("f", "Féminin"), views.Choice("m", "Masculin"), views.Choice("u", "Non renseigné")),
    contact="contact",
    minors=True,
    max_facts=500,
    max_children=6,
)


def referral_form(cell: str, problems: Mapping[str, str]) -> ReferralPreparation:
    """The lists of cell c1; of any other only the choice of the cell."""
    return replace(PREPARATION, problems=problems) if cell == "c1" else ReferralPreparation(PREPARATION.cells)


def receipt(sent_at: datetime, children: int) -> Receipt:
    """The receipt of a saisine about so many."""
    received = views.Choice("received", "reçue")
    lines = tuple(views.SentReferral(f"2026-00{87 + place}", CELL, sent_at, received) for place in range(children))
    return Receipt("2026-0087", lines, CELL, PROGRAMME, sent_at, date(2026, 12, 7), may_add=True, max_facts=500)
