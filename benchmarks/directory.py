"""Searching a directory of 2,000 services, as a page asks for it: words and filters, on both databases, the leaf included."""

import time
from collections.abc import Iterator
from itertools import cycle
from statistics import quantiles

from benchmarks.places import house_at, on_both
from benchmarks.report import Figure
from casework import services
from casework.cli.server import settle
from casework.services.directory.lines import HEADINGS
from casework.services.directory.views import DirectoryQuery
from tests.house import House

SERVICES = 2000
SEARCHES = 200
LIMIT = 0.05  # seconds, 95th percentile

QUERIES = (
    DirectoryQuery(),
    DirectoryQuery(words="écoute quai"),
    DirectoryQuery(words="rien de tel"),
    DirectoryQuery(need="housing", sector="Nord"),
    DirectoryQuery(words="relais", programme="fragility", age=17),
    DirectoryQuery(page=50),
)
NEEDS = ("Écoute", "Logement ou hébergement", "Formation ou emploi / Accès aux droits", "Médiation")
PUBLICS = ("", "Situation de fragilité", "Violences conjugales et intrafamiliales")
SECTORS = ("Nord", "Sud", "")


def figures() -> list[Figure]:
    """The 95th percentile on both databases."""
    return on_both(_figures)


def _figures(name: str, url: str | None) -> Iterator[Figure]:
    with house_at(url) as house:
        _fill(house)
        settle()
        spent = sorted(_searches(house))
    yield Figure(f"{name}: search over {SERVICES:,} services", quantiles(spent, n=20)[-1], LIMIT, "s")


def _fill(house: House) -> None:
    plan = services.importing.preview(house.stella, _table().encode())
    assert len(plan.added) == SERVICES, plan.refused[:3]
    services.importing.apply(house.stella, plan.rows, plan.digest)


def _table() -> str:
    lines = [";".join(HEADINGS.values())]
    for number in range(SERVICES):
        values = {
            "name": f"Relais {number} du quai {number % 97}",
            "institution": f"Association {number % 211}",
            "needs": NEEDS[number % len(NEEDS)],
            "programmes": PUBLICS[number % len(PUBLICS)],
            "age_min": "16" if number % 2 else "",
            "address": f"{number} quai de l’Écluse, Valmorel-sur-Orle",
            "sector": SECTORS[number % len(SECTORS)],
            "hours": "lundi au vendredi, 9 h à 17 h",
            "about": "Accueil sans rendez-vous, aide aux démarches et ateliers du mercredi",
        }
        lines.append(";".join(values.get(name, "") for name in HEADINGS))
    return "\n".join(lines)


def _searches(house: House) -> Iterator[float]:
    for _, query in zip(range(SEARCHES), cycle(QUERIES), strict=False):
        begin = time.perf_counter()
        services.catalogue.find(house.alice, query)
        yield time.perf_counter() - begin
