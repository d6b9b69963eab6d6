"""What the verifier can say: a closed list of findings, each with one French sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from casework.ledger.journal import Head

KEPT = 1_000
"""Findings kept for printing; the others are only counted, so that a wrecked log does not fill the memory."""

SENTENCES: Mapping[str, str] = {
    "leaf.missing": "Des lignes manquent dans le journal.",
    "leaf.duplicate": "Deux lignes portent le même rang.",
    "leaf.stray": "Une ligne porte un rang impossible.",
    "leaf.hash": "Les octets de la ligne ne correspondent plus à son empreinte.",
    "leaf.unreadable": "Les octets de la ligne ne sont pas ceux d’une ligne du journal.",
    "leaf.column": "Une colonne de recherche ne dit pas ce que disent les octets de la ligne.",
    "leaf.dossiers": "L’index des dossiers ne dit pas ce que disent les octets de la ligne.",
    "index.stray": "L’index des dossiers cite une ligne qui n’existe pas.",
    "genesis.missing": "Le journal ne commence pas par l’acte de fondation.",
    "genesis.repeated": "Un second acte de fondation apparaît dans le journal.",
    "head.missing": "La tête du journal a disparu.",
    "head.size": "Le nombre de lignes n’est pas celui de la tête : des lignes ont été ajoutées ou retirées.",
    "head.root": "L’empreinte de l’ensemble n’est pas celle de la tête : des lignes ont été modifiées, déplacées, ajoutées ou retirées.",
    "head.frontier": "La tête du journal a été modifiée.",
    "saved.size": "Le journal est plus court que lors d’une vérification passée : sa fin a été coupée, ou une sauvegarde remise en place.",
    "saved.root": "Le journal n’est plus celui d’une vérification passée : des lignes d’alors ont été réécrites.",
    "row.older": "La fiche a été remise dans un état ancien.",
    "row.changed": "La fiche a été modifiée sans que le journal le sache.",
    "row.missing": "La fiche a disparu sans que le journal le sache.",
    "row.back": "La fiche, supprimée selon le journal, est revenue.",
    "row.unrecorded": "La fiche existe, mais aucune ligne du journal n’en parle.",
    "row.unreadable": "La fiche ne se lit plus : une valeur n’a plus le bon type.",
    "clock.back": "L’horloge a reculé entre deux lignes.",
    "table.unknown": "Le journal parle d’une table qui n’est pas vérifiée ici.",
}

WARNINGS = frozenset({"clock.back", "table.unknown"})
"""Findings that can have an innocent cause; alone, they leave the log verified."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. place: a position, a range `12-14`, `table/id`, or empty."""

    code: str
    place: str

    @property
    def says(self) -> str:
        """The French sentence."""
        return SENTENCES[self.code]

    @property
    def warning(self) -> bool:
        """Whether it alone leaves the log verified."""
        return self.code in WARNINGS


@dataclass(slots=True)
class Findings:
    """Collects findings while verifying."""

    kept: list[Finding] = field(default_factory=list)
    errors: int = 0
    warnings: int = 0

    def add(self, code: str, place: str | int = "") -> None:
        """Note a finding. Raises KeyError for a code outside SENTENCES."""
        finding = Finding(code, str(place)) if code in SENTENCES else None
        if finding is None:
            raise KeyError(code)
        if finding.warning:
            self.warnings += 1
        else:
            self.errors += 1
        if len(self.kept) < KEPT:
            self.kept.append(finding)


@dataclass(frozen=True, slots=True)
class Report:
    """The verifier's answer. head: what was recomputed from the leaves, worth saving when `ok`; None for a log without leaves.

    errors, warnings: how many in all; `findings` holds the first KEPT of them.
    """

    head: Head | None
    findings: tuple[Finding, ...]
    errors: int
    warnings: int

    @property
    def ok(self) -> bool:
        """Whether nothing was found but warnings."""
        return self.errors == 0
