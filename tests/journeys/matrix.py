"""The access matrix of domain 2.20 as sentences to check, written by hand and apart from the charter: who reads, writes and keeps what.

Each row quotes its line of the matrix; where `design.md` is stricter or newer the row follows it and says so. A programme that a row does
not name is one where these people have no seat, or hold nothing: there they find nothing at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.journeys.professions import PEOPLE, PROGRAMMES


@dataclass(frozen=True, slots=True)
class May:
    """What somebody may do in one programme's dossier: volets they read, volets their note form offers, records they bring up to date.

    listed: it stands among their dossiers. follows: they sent its saisine, learn its state and may add to it.
    """

    reads: str = ""
    notes: str = ""
    records: str = ""
    listed: bool = True
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody of a profession in a position, and what they may do by programme."""

    person: str
    position: str
    may: Mapping[str, May]

    @property
    def profession(self) -> str:
        """The code of their profession."""
        return PEOPLE.get(self.person, ("officer", ""))[0]

    def in_(self, programme: str) -> May:
        """What they may do there."""
        return self.may.get(programme, NOTHING)


NOTHING = May(listed=False)
REPORTED = May(listed=False, follows=True)
N0 = "identity decisions"
SOCIAL = "identity contact decisions confidential"
"""What a social worker reads besides the school; in domestic violence nobody keeps `contact` (design §2)."""

SOCIAL_NOTES = "decisions confidential safety social sealed"
"""N1 to N3; `safety` as a deposit (design §4: others may deposit into it)."""

PUPIL, PUPIL_NOTES = "identity decisions school", "decisions confidential school"
LETTER, LETTER_ANSWER = May("extract"), May("extract", "decisions")


def _everywhere(may: May, *but: str) -> dict[str, May]:
    return {each: may for each in PROGRAMMES if each not in but}


VICTIMS = "domestic_violence"
STEWARD_NOTES = "decisions confidential judicial safety"
PUPILS = {"fragility": May(PUPIL, PUPIL_NOTES, "school"), "school": May(PUPIL, PUPIL_NOTES, "school")}

ROWS = (
    # « toutes les situations de ses groupes : identité, origine, N0, N1 ; jamais N2/N3 » ; nothing of the victims (design)
    Row("claire", "steward", {
        "fragility": May(f"{SOCIAL} school judicial", STEWARD_NOTES, "identity contact school judicial"),
        "school": May(f"{SOCIAL} school", "decisions confidential safety", "identity contact school"),
        "release": May(f"{SOCIAL} judicial", STEWARD_NOTES, "identity contact judicial"),
    }),
    # not in the matrix; issue: « agenda, relevé ; identity and N0 of agenda dossiers only »
    Row("josiane", "secretary", _everywhere(May(N0, "decisions"))),
    # « liste N0 des résidents » ; no box in domestic violence (design)
    Row("elsa", "elected", _everywhere(May(N0), VICTIMS)),
    # « ses situations : identité, coordonnées, N0, N1, actions » ; safety kept without a service (design §4), what she addressed re-read
    Row("solene", "lead", {
        "fragility": May(f"{SOCIAL} school safety extract", SOCIAL_NOTES, "identity contact school safety"),
        "school": May(f"{SOCIAL} school safety extract", SOCIAL_NOTES, "identity contact school safety"),
        "release": May(f"{SOCIAL} safety extract", SOCIAL_NOTES, "identity contact safety"),
        VICTIMS: May("identity decisions confidential extract", SOCIAL_NOTES, "identity"),
    }),
    # « ses situations, espace social ; écrit N1 à N3 ; jamais le champ judiciaire sauf donné »
    Row("lucie", "shared", {
        "fragility": May(f"{SOCIAL} school social sealed", SOCIAL_NOTES),
        "school": May(f"{SOCIAL} school social sealed", SOCIAL_NOTES),
        "release": May(f"{SOCIAL} social sealed", SOCIAL_NOTES),
        VICTIMS: May("identity decisions confidential social sealed", SOCIAL_NOTES),
    }),
    # « N0 ; écrit N1 à son gré, N3 ; jamais le champ judiciaire »
    Row("karim", "shared", _everywhere(May(N0, "decisions confidential sealed"), VICTIMS)),
    # « élèves de son établissement : N0, données scolaires ; jamais justice, violences, notes sociales »
    Row("agathe", "shared", PUPILS),
    Row("thomas", "shared", PUPILS),
    Row("helene", "shared", PUPILS),
    # « comme travailleur social »
    Row("nadege", "shared", {
        "fragility": May(f"{SOCIAL} school social", SOCIAL_NOTES),
        "school": May(f"{SOCIAL} school social", SOCIAL_NOTES),
        VICTIMS: May("identity decisions confidential social", SOCIAL_NOTES),
    }),
    # « seulement ce qui lui est adressé » ; no N2 for her (design: « orientation reçue » only)
    Row("irene", "addressed", _everywhere(LETTER_ANSWER, "release", VICTIMS)),
    # « identité, N0 ; exposé factuel, actions ; jamais une situation de violences sans action » : here she holds no action
    Row("marc", "shared", _everywhere(May(N0, "decisions confidential"), VICTIMS)),
    # « idem, et violences pour le référent » ; may say how to reach somebody safely (domain 3.17), without reading it
    Row("yann", "shared", {
        "fragility": May(N0, "decisions confidential safety"),
        "release": May(N0, "decisions confidential safety"),
        VICTIMS: May(N0, "decisions confidential safety", follows=True),
    }),
    # « les situations qu'il apporte ou reçoit ; espace social ; N1 à N3 ; jamais la procédure »
    Row("sonia", "shared", {
        "fragility": May(f"{SOCIAL} school social", SOCIAL_NOTES),
        VICTIMS: May("identity decisions confidential social", SOCIAL_NOTES),
    }),
    # « ce qu'il demande ou reçoit ; peut avoir le N0 ; écrit l'information du parquet »
    Row("pierre", "addressed", {
        "fragility": LETTER, "release": May("identity decisions judicial", "judicial", "judicial"), VICTIMS: LETTER,
    }),
    # « ses mineurs ; “pris en charge PJJ” et action »
    Row("judith", "shared", _everywhere(May(N0, "decisions"), VICTIMS)),
    # « groupe à la demande de la justice seulement : mesure, obligations, dates utiles »
    Row("denis", "shared", {"release": May("identity decisions judicial", "decisions judicial", "judicial")}),
    # « ses jeunes : N0, situation scolaire et d'emploi ; jamais justice, violences »
    Row("mylene", "shared", {"fragility": May(PUPIL, "decisions"), "school": May(PUPIL, "decisions"), "release": May(N0, "decisions")}),
    # « seulement ce qu'il a adressé : reçu, orienté, clos ; jamais tout autre champ »
    Row("lionel", "reporter", {"fragility": REPORTED, "release": REPORTED}),
    Row("tania", "reporter", {"school": REPORTED}),
    # « ses victimes : contact sûr, mesures ; N1 à N3, règles de contact ; jamais les situations de jeunes »
    Row("vera", "steward", {
        VICTIMS: May(f"{N0} confidential judicial safety", f"{STEWARD_NOTES} social sealed", "identity judicial safety"),
    }),
    Row("viola", "service", {VICTIMS: May(f"{N0} confidential judicial safety", SOCIAL_NOTES, "safety")}),
    # « ce qui lui est adressé ; “orientation reçue” ; aucune donnée de santé »
    Row("gilles", "addressed", _everywhere(LETTER_ANSWER)),
    # « registres, journaux, jamais un contenu » ; « comptes, jamais un contenu »
    Row("ada", "office", {}),
    Row("dora", "office", {}),
    Row("oscar", "office", {}),
)  # fmt: skip

WAITING = {"claire": ("fragility", "school", "release"), "vera": (VICTIMS,), "viola": (VICTIMS,)}
"""Who finds a saisine that waits: its stewards; for victims the service too, to reach them safely (domain 3.18)."""

FIRST_PAGES = {"auditor": "/journal", "officer": "/comptes"}
"""Everybody else comes in at « Mon jour »."""

ROOMS = {
    "/journal": ("auditor", "dpo"),
    "/acces-urgents": ("dpo",),
    "/comptes": ("officer",),
    "/saisines": ("coordinator", "iscg", "victim_support"),
}
"""Who may enter these rooms: the trace, what was opened urgently, the accounts, the saisines to examine. Empty for whom keeps no cell."""
