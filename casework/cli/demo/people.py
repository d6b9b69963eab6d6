"""Who works in the fictional town: cells, institutions and accounts. Everything here is public inside the application.

No followed person appears in this file, and no word of it may appear in a followed person's confidential values.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

TOWN = "Valmorel-sur-Orle"
NOTICE = "Valmorel-sur-Orle est une ville fictive : personnes, adresses, numéros et situations y sont inventés."

Gender = Literal["f", "m", "n"]
Position = Literal["member", "lead", "steward", "elected", "auditor", "dpo", "officer"]
Role = Literal["steward", "secretary", "member", "elected"]


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution of the town, in clear in the directory. `kind` is one of the keys the directory groups by."""

    key: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A working group. `elected_ring`: whether elected members may read there, which its stewards decide.

    opens: day of the town on which it is founded. duty: user names of those on call. service: the institution whose team keeps `safety`.
    """

    key: str
    name: str
    territory: str
    programme: str
    elected_ring: bool = False
    opens: int = 0
    duty: tuple[str, ...] = ()
    service: str = ""


@dataclass(frozen=True, slots=True)
class Seat:
    """What somebody is in one cell. `deputy` marks a steward who stands in for the first one, `left` a seat given up during the story."""

    cell: str
    role: Role = "member"
    deputy: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class Persona:
    """An account of the town. `position` is the one told in the table of accounts; `seats` are the admissions to make."""

    username: str
    name: str
    gender: Gender
    profession: str
    function: str
    institution: str
    position: Position
    seats: tuple[Seat, ...] = ()

    def sits_in(self, cell: str) -> bool:
        """Whether this person has, or had, a seat in the cell of that key."""
        return any(seat.cell == cell for seat in self.seats)

    def stays_in(self, cell: str) -> bool:
        """Whether this person sits there to the end of the story."""
        return any(seat.cell == cell and not seat.left for seat in self.seats)


NORTH = Cell(
    "nord",
    "Cellule pluridisciplinaire Nord",
    "Quartiers nord, de la gare au plateau",
    "fragility",
    elected_ring=True,
    duty=("claire.vasselane", "lucie.brancelot", "solene.maurepin"),
)
SOUTH = Cell("sud", "Cellule pluridisciplinaire Sud", "Quartiers sud, du canal aux faubourgs", "school")
RELEASE = Cell("sortie", "Cellule Sortie de détention", "Toute la commune", "release")
VICTIMS = Cell(
    "victimes",
    "Cellule Violences conjugales et intrafamiliales",
    "Toute la commune",
    "domestic_violence",
    opens=98,
    duty=("marion.saulnaie", "celia.pontavel", "laure.debrenne"),
    service="rive-claire",
)
CELLS = (NORTH, SOUTH, RELEASE, VICTIMS)
CELL = MappingProxyType({cell.key: cell for cell in CELLS})

INSTITUTIONS = (
    Institution("ville", "Ville de Valmorel-sur-Orle", "town"),
    Institution("police", "Police municipale de Valmorel-sur-Orle", "municipal_police"),
    Institution("college-nord", "Collège des Trois-Écluses", "school"),
    Institution("college-sud", "Collège du Grand-Lavoir", "school"),
    Institution("departement", "Maison départementale des solidarités de l’Orle", "department"),
    Institution("prevention", "Association Passerelles de l’Orle", "association"),
    Institution("ethique", "Comité d’éthique de la prévention", "town"),
    Institution("ccas", "CCAS de Valmorel-sur-Orle", "welfare_centre"),
    Institution("dsden", "Services départementaux de l’éducation nationale de l’Orle", "education_authority"),
    Institution("mission-locale", "Mission locale des Pays de l’Orle", "youth_employment"),
    Institution("pjj", "Protection judiciaire de la jeunesse de l’Orle", "justice"),
    Institution("spip", "SPIP de l’Orle", "justice"),
    Institution("parquet", "Tribunal judiciaire de Valmorel, parquet", "justice"),
    Institution("commissariat", "Commissariat de Valmorel-sur-Orle", "state_police"),
    Institution("rive-claire", "Association Rive Claire, aide aux victimes", "victim_association"),
    Institution("bailleur", "Orle Habitat", "landlord"),
    Institution("ados", "Maison des adolescents de l’Orle", "health"),
)

INSTITUTION_KINDS = frozenset(institution.kind for institution in INSTITUTIONS)

_N, _S, _R, _V = Seat("nord"), Seat("sud"), Seat("sortie"), Seat("victimes")

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
        "bruno.estrevalle",
        "Bruno Estrévalle",
        "m",
        "coordinator",
        "Coordonnateur de la cellule Sortie de détention",
        "ville",
        "steward",
        (Seat("sortie", "steward"),),
    ),
    Persona(
        "marion.saulnaie",
        "Marion Saulnaie",
        "f",
        "victim_support",
        "Directrice du service d’aide aux victimes",
        "rive-claire",
        "steward",
        (Seat("victimes", "steward"),),
    ),
    Persona(
        "josiane.pellerive", "Josiane Pellerive", "f", "secretary", "Secrétaire de cellule", "ville", "member", (Seat("nord", "secretary"),)
    ),
    Persona("lucie.brancelot", "Lucie Brancelot", "f", "social_worker", "Assistante sociale de secteur", "departement", "lead", (_N,)),
    Persona(
        "yanis.corvelac", "Yanis Corvelac", "m", "specialised_educator", "Éducateur de prévention spécialisée", "prevention", "lead", (_S,)
    ),
    Persona(
        "solene.maurepin",
        "Solène Maurepin",
        "f",
        "social_worker",
        "Assistante sociale, prévention spécialisée",
        "prevention",
        "lead",
        (_N, _S),
    ),
    Persona(
        "fabien.courtemer",
        "Fabien Courtemer",
        "m",
        "social_worker",
        "Assistant de service social",
        "ccas",
        "lead",
        (Seat("nord", left=True), _R),
    ),
    Persona("agathe.roquebel", "Agathe Roquebel", "f", "school_head", "Principale de collège", "college-nord", "member", (_N,)),
    Persona("denis.fauveliere", "Denis Fauvelière", "m", "school_head", "Principal de collège", "college-sud", "lead", (_S,)),
    Persona("karim.dolmartin", "Karim Dolmartin", "m", "school_staff", "Conseiller principal d’éducation", "college-sud", "lead", (_S,)),
    Persona(
        "elise.fontarelle",
        "Élise Fontarelle",
        "f",
        "school_social_worker",
        "Assistante sociale en faveur des élèves",
        "dsden",
        "member",
        (_S,),
    ),
    Persona(
        "regis.montauclair",
        "Régis Montauclair",
        "m",
        "education_authority",
        "Chargé de l’assiduité auprès du DASEN",
        "dsden",
        "member",
        (_S,),
    ),
    Persona("nadia.brevelin", "Nadia Brévelin", "f", "youth_employment", "Conseillère en insertion", "mission-locale", "lead", (_S, _R)),
    Persona("thierry.coudreval", "Thierry Coudreval", "m", "youth_justice", "Éducateur de milieu ouvert", "pjj", "member", (_N, _R)),
    Persona(
        "sandra.quillembois",
        "Sandra Quillembois",
        "f",
        "probation",
        "Conseillère d’insertion et de probation",
        "spip",
        "lead",
        (_R,),
    ),
    Persona("pascale.hautelin", "Pascale Hautelin", "f", "prosecutor", "Vice-procureure", "parquet", "member", (_R, _V)),
    Persona(
        "marc.plessandre", "Marc Plessandre", "m", "municipal_police", "Chef de service de police municipale", "police", "member", (_N, _S)
    ),
    Persona("ines.gardavoine", "Inès Gardavoine", "f", "municipal_police", "Brigadière de police municipale", "police", "member", (_N, _S)),
    Persona(
        "julien.marchelade", "Julien Marchelade", "m", "state_police", "Référent violences intrafamiliales", "commissariat", "member", (_V,)
    ),
    Persona("celia.pontavel", "Célia Pontavel", "f", "victim_support", "Juriste d’aide aux victimes", "rive-claire", "lead", (_V,)),
    Persona("gisele.rouvrenac", "Gisèle Rouvrenac", "f", "victim_support", "Accueillante, aide aux victimes", "rive-claire", "lead", (_V,)),
    Persona("laure.debrenne", "Laure Debrenne", "f", "iscg", "Intervenante sociale au commissariat", "departement", "lead", (_V,)),
    Persona("edwige.tournelac", "Edwige Tournelac", "f", "landlord", "Chargée de tranquillité résidentielle", "bailleur", "member", (_N,)),
    Persona("muriel.santerac", "Muriel Santérac", "f", "health", "Accueil et orientation des adolescents", "ados", "member", (_N,)),
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


def members(cell: str, *professions: str) -> tuple[Persona, ...]:
    """The people of those professions who sit in the cell to the end, in the order of `PERSONAS`."""
    return tuple(persona for persona in PERSONAS if persona.profession in professions and persona.stays_in(cell))


def stewards(cell: str) -> tuple[Persona, ...]:
    """Who keeps the cell, deputies last."""
    found = [(seat.deputy, persona) for persona in PERSONAS for seat in persona.seats if seat.cell == cell and seat.role == "steward"]
    return tuple(persona for _, persona in sorted(found, key=lambda each: each[0]))


def leavers(cell: str) -> tuple[Persona, ...]:
    """Who leaves the cell during the story."""
    return tuple(persona for persona in PERSONAS if persona.sits_in(cell) and not persona.stays_in(cell))


def public_words() -> tuple[str, ...]:
    """Every text of this file that the application may show to somebody without a dossier."""
    cells = [text for cell in CELLS for text in (cell.key, cell.name, cell.territory)]
    institutions = [text for institution in INSTITUTIONS for text in (institution.key, institution.name)]
    accounts = [text for persona in PERSONAS for text in (persona.username, persona.name, persona.function)]
    return (TOWN, NOTICE, *cells, *institutions, *accounts)
