"""Gates come before the law and are facts, not rules: what time or life changes.

Each gate is a pure predicate over `Standing`; the sentences that go with a refusal are data (charter.yaml).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from casework.charter.situation import Verdict
from casework.charter.vocabulary import Action


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts about one person at one moment, and about the dossier in question if there is one.

    starts, ends: the habilitation lives from `starts` (included) to `ends` (excluded), aware datetimes; None: there is none.
    signed: the text version of the charter that was signed last, or None.
    archived: the dossier in question lies in the sealed archive.
    conflict: a personal link to the person of the dossier in question was declared.
    """

    active: bool
    starts: datetime | None = None
    ends: datetime | None = None
    signed: str | None = None
    archived: bool = False
    conflict: bool = False


def account_closed(standing: Standing) -> bool:
    """The account was deactivated. Source: domain 4.7."""
    return not standing.active


def habilitation_over(standing: Standing, now: datetime) -> bool:
    """No habilitation, or not yet, or not any more. Without an end there is none: a habilitation ends by itself (domain 4.7)."""
    if standing.starts is None or standing.ends is None:
        return True
    return not standing.starts <= now < standing.ends


def signature_missing(standing: Standing, text_version: str) -> bool:
    """The charter was not signed, or not in its current version (domain 2.2)."""
    return standing.signed != text_version


def dossier_archived(standing: Standing) -> bool:
    """The dossier lies in the sealed archive: opened by another, motivated act only (domain 1.12)."""
    return standing.archived


def personal_link(standing: Standing) -> bool:
    """Somebody who has a personal link to the person stays out, whatever their titles (domain 3.18)."""
    return standing.conflict


@dataclass(frozen=True, slots=True)
class Gates:
    """The gates of one charter. `verdicts`: gate name -> the refusal it gives."""

    text_version: str
    verdicts: Mapping[str, Verdict]

    def refusal(self, action: Action, standing: Standing, now: datetime) -> Verdict | None:
        """The refusal of the first closed gate on the way to `action`, or None when all are open."""
        shut = {
            "account": account_closed(standing),
            "habilitation": habilitation_over(standing, now),
            "signature": signature_missing(standing, self.text_version),
            "archived": dossier_archived(standing),
            "conflict": personal_link(standing),
        }
        return next((self.verdicts[name] for name in action.gates if shut[name]), None)
