"""Who works in the fictional town: cells, institutions and accounts. Everything here is public inside the application.

No followed person appears in this file, and no word of it may appear in a followed person's confidential values.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

TOWN = "Valmorel-sur-Orle"
NOTICE = "Valmorel-sur-Orle est une ville fictive : personnes, adresses, numéros et situations y sont inventés."

Gender = Literal["f", "m", "n"]
Profession = Literal["coordinator", "school_head", "social_worker", "municipal_police", "elected", "auditor", "dpo", "officer"]
Position = Literal["member", "lead", "steward", "elected", "auditor", "dpo", "officer"]
Role = Literal["steward", "member", "elected"]


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution of the town, in clear in the directory. `kind` is one of the keys the directory groups by."""

    key: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A working group. `elected_ring`: whether elected members may read there, which its stewards decide."""

    key: str
    name: str
    territory: str
    elected_ring: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """What somebody is in one cell. `deputy` marks a steward who stands in for the first one."""

    cell: str
    role: Role
    deputy: bool = False


@dataclass(frozen=True, slots=True)
class Persona:
    """An account of the town. `position` is the one told in the table of accounts; `seats` are the admissions to make."""

    username: str
    name: str
    gender: Gender
    profession: Profession
    function: str
    institution: str
    position: Position
    seats: tuple[Seat, ...] = ()

    def sits_in(self, cell: str) -> bool:
        """Whether this person has a seat in the cell of that key."""
        return any(seat.cell == cell for seat in self.seats)


NORTH = Cell("nord", "Cellule pluridisciplinaire Nord", "Quartiers nord, de la gare au plateau", elected_ring=True)
SOUTH = Cell("sud", "Cellule pluridisciplinaire Sud", "Quartiers sud, du canal aux faubourgs", elected_ring=False)
CELLS = (NORTH, SOUTH)

INSTITUTIONS = (
    Institution("ville", "Ville de Valmorel-sur-Orle", "town"),
    Institution("police", "Police municipale de Valmorel-sur-Orle", "municipal_police"),
    Institution("college-nord", "Collège des Trois-Écluses", "school"),
    Institution("college-sud", "Collège du Grand-Lavoir", "school"),
    Institution("departement", "Maison départementale des solidarités de l’Orle", "department"),
    Institution("prevention", "Association Passerelles de l’Orle", "association"),
    Institution("ethique", "Comité d’éthique de la prévention", "town"),
)

INSTITUTION_KINDS = frozenset(institution.kind for institution in INSTITUTIONS)

PERSONAS = (
    Persona("noemie.darquelin", "Noémie Darquelin", "f", "officer", "Directrice générale adjointe, habilitations", "ville", "officer"),
    Persona("basile.ormeval", "Basile Ormeval", "m", "dpo", "Délégué à la protection des données", "ville", "dpo"),
    Persona("irene.castelbrun", "Irène Castelbrun", "f", "auditor", "Membre du comité d’éthique", "ethique", "auditor"),
    Persona(
        "claire.vasselane",
        "Claire Vasselane",
        "f",
        "coordinator",
        "Coordonnatrice de la cellule Nord",
        "ville",
        "steward",
        (Seat("nord", "steward"),),
    ),
    Persona(
        "hugues.tremarelle",
        "Hugues Trémarelle",
        "m",
        "coordinator",
        "Coordonnateur de la cellule Sud, suppléant au Nord",
        "ville",
        "steward",
        (Seat("sud", "steward"), Seat("nord", "steward", deputy=True)),
    ),
    Persona(
        "lucie.brancelot",
        "Lucie Brancelot",
        "f",
        "social_worker",
        "Assistante sociale de secteur",
        "departement",
        "lead",
        (Seat("nord", "member"),),
    ),
    Persona(
        "yanis.corvelac",
        "Yanis Corvelac",
        "m",
        "social_worker",
        "Éducateur de prévention spécialisée",
        "prevention",
        "lead",
        (Seat("sud", "member"),),
    ),
    Persona(
        "solene.maurepin",
        "Solène Maurepin",
        "f",
        "social_worker",
        "Éducatrice de prévention spécialisée",
        "prevention",
        "lead",
        (Seat("nord", "member"), Seat("sud", "member")),
    ),
    Persona(
        "agathe.roquebel",
        "Agathe Roquebel",
        "f",
        "school_head",
        "Principale de collège",
        "college-nord",
        "member",
        (Seat("nord", "member"),),
    ),
    Persona(
        "denis.fauveliere",
        "Denis Fauvelière",
        "m",
        "school_head",
        "Principal de collège",
        "college-sud",
        "lead",
        (Seat("sud", "member"),),
    ),
    Persona(
        "marc.plessandre",
        "Marc Plessandre",
        "m",
        "municipal_police",
        "Chef de service de police municipale",
        "police",
        "member",
        (Seat("nord", "member"), Seat("sud", "member")),
    ),
    Persona(
        "ines.gardavoine",
        "Inès Gardavoine",
        "f",
        "municipal_police",
        "Brigadière de police municipale",
        "police",
        "member",
        (Seat("nord", "member"), Seat("sud", "member")),
    ),
    Persona(
        "odile.sermanges",
        "Odile Sermanges",
        "f",
        "elected",
        "Adjointe déléguée à la prévention",
        "ville",
        "elected",
        (Seat("nord", "elected"),),
    ),
)

BY_USERNAME = MappingProxyType({persona.username: persona for persona in PERSONAS})


def members(cell: str, profession: Profession) -> tuple[Persona, ...]:
    """The people of that profession who sit in the cell, in the order of `PERSONAS`, deputies last."""
    found = [persona for persona in PERSONAS if persona.profession == profession and persona.sits_in(cell)]
    return tuple(sorted(found, key=lambda persona: any(seat.cell == cell and seat.deputy for seat in persona.seats)))


def public_words() -> tuple[str, ...]:
    """Every text of this file that the application may show to somebody without a dossier."""
    cells = [text for cell in CELLS for text in (cell.key, cell.name, cell.territory)]
    institutions = [text for institution in INSTITUTIONS for text in (institution.key, institution.name)]
    accounts = [text for persona in PERSONAS for text in (persona.username, persona.name, persona.function)]
    return (TOWN, NOTICE, *cells, *institutions, *accounts)
