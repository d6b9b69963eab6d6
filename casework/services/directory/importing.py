"""A table of services: first what it would do, nothing written; then one act that does exactly that, or shows anew what it would do now.

Between the two nothing is kept here: the lines to be written wait in the page, and are read again as if they were new.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from casework import sheets
from casework.errors import InvalidInput
from casework.models.base import new_id
from casework.models.directory import Service
from casework.services.actor import Actor
from casework.services.directory import checking, lines, upkeep
from casework.services.directory.rows import KEEP, draft_of, identity, keeping, signatories, today, write
from casework.services.directory.views import Addition, Change, ImportPlan, Refusal, ServiceDraft
from casework.services.unit import Unit, reading, writing
from casework.wording import says

SHOWN = 200
"""Characters of a refused cell that are shown again."""
UNREADABLE = {
    "empty": says("Ce fichier est vide."),
    "size": says("Ce fichier est trop volumineux : 2 Mo au plus."),
    "type": says("Ce fichier n’est pas un tableau. Envoyez un fichier XLSX, ODS ou CSV."),
    "old": says("Ce fichier est protégé, ou d’un format ancien. Enregistrez-le en XLSX ou en ODS, sans mot de passe."),
    "macro": says("Ce fichier contient des macros. Enregistrez-le en XLSX ou en ODS, sans macro."),
    "rows": says("Ce fichier compte plus de %(most)s lignes. Partagez-le en plusieurs fichiers.", most=sheets.MAX_ROWS),
    "columns": says("Ce fichier compte plus de %(most)s colonnes.", most=sheets.MAX_COLUMNS),
    "locked": says("Ce fichier est protégé par un mot de passe. Enregistrez-le sans mot de passe."),
    "broken": says("Ce fichier ne se lit pas : il est abîmé, ou trop grand une fois ouvert."),
}

Line = tuple[int, tuple[str, ...]]


@dataclass(slots=True)
class _Sorted:
    """Lines, each where it belongs. new, other: what would be written, by line."""

    new: list[tuple[int, ServiceDraft]] = field(default_factory=list)
    other: list[tuple[int, Service, ServiceDraft]] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)


def preview(actor: Actor, data: bytes) -> ImportPlan:
    """What a table would change. Nothing is written. Raises InvalidInput (`file`) when it cannot be read at all, NotFound."""
    with reading(actor, KEEP) as unit:
        unit.require(keeping(unit))
        plan = _plan(unit, _read(data))
        unit.trace.hits = len(plan.added) + len(plan.changed)
        return plan


def apply(actor: Actor, rows: str, digest: str) -> ImportPlan | None:
    """Write what a preview said; None when it is done. The plan as it is now, and nothing written, when it is no longer that one.

    Raises InvalidInput (`file`) for rows that no preview made, NotFound.
    """
    with writing(actor, KEEP) as unit:
        unit.require(keeping(unit))
        given = _given(rows)
        plan = _plan(unit, given)
        if plan.digest != digest or plan.refused:
            return plan
        sorted_ = _sort(unit, given)
        known = signatories(unit)
        for _, draft in sorted_.new:
            row = Service(id=new_id(), version=1, state_on=today(unit))
            write(unit, row, draft, known)
            unit.session.add(row)
        for _, row, draft in sorted_.other:
            row.version += 1
            write(unit, row, draft, known)
        unit.trace.facts |= {"added": len(sorted_.new), "changed": len(sorted_.other)}
        return None


def _read(data: bytes) -> list[Line]:
    try:
        return sheets.read(data)
    except sheets.Unreadable as problem:
        if problem.code == "formula":
            raise InvalidInput({"file": _formula(problem.where)}) from problem
        raise InvalidInput({"file": UNREADABLE[problem.code]}) from problem


def _formula(where: str) -> str:
    if where:
        return says("La cellule %(where)s contient une formule. Remplacez les formules par leurs valeurs, puis recommencez.", where=where)
    return says("Ce fichier contient une formule. Remplacez les formules par leurs valeurs, puis recommencez.")


def _given(rows: str) -> list[Line]:
    """The lines that a page brings back. Believed no more than a file."""
    try:
        found = json.loads(rows)
        given = [(int(number), tuple(str(cell) for cell in cells)) for number, cells in found]
        "".join(cell for _, cells in given for cell in cells).encode()  # half a character is none
    except (ValueError, TypeError, OverflowError, RecursionError) as problem:
        raise InvalidInput({"file": says("Cet envoi ne se lit pas. Choisissez à nouveau le fichier.")}) from problem
    if len(given) > sheets.MAX_ROWS + 1:
        raise InvalidInput({"file": UNREADABLE["rows"]})
    return given


def _plan(unit: Unit, given: Sequence[Line]) -> ImportPlan:
    if not given:
        raise InvalidInput({"file": UNREADABLE["empty"]})
    sorted_ = _sort(unit, given)
    wanted = {line for line, _ in sorted_.new} | {line for line, _, _ in sorted_.other}
    kept = [given[0], *(each for each in given[1:] if each[0] in wanted)]
    return ImportPlan(
        added=tuple(Addition(line, draft.name, draft.institution) for line, draft in sorted_.new),
        changed=tuple(_change(unit, *each) for each in sorted_.other),
        unchanged=sorted_.unchanged,
        refused=tuple(sorted_.refused),
        headings=tuple(given[0][1]),
        rows=json.dumps(kept, ensure_ascii=False, separators=(",", ":")),
        digest=_digest(sorted_),
    )


def _sort(unit: Unit, given: Sequence[Line]) -> _Sorted:
    """Every line after the headings. The directory is read once."""
    fields = lines.columns(given[0][1])
    there = {row.identity: row for row in unit.session.scalars(select(Service))}
    seen: dict[str, int] = {}
    found = _Sorted()
    for number, cells in given[1:]:
        draft, wrong = lines.draft(unit.charter, dict(zip(fields, _padded(cells, len(fields)), strict=True)))
        draft = checking.cleaned(draft)
        key = identity(draft.name, draft.institution)
        row = there.get(key)
        if row is not None and not wrong and row.closed_at is None and key not in seen and draft == draft_of(row):
            found.unchanged += 1
        elif reasons := _reasons(unit, draft, wrong, row, seen.get(key), len(cells) > len(fields)):
            found.refused.append(Refusal(number, tuple(cell[:SHOWN] for cell in cells), tuple(reasons)))
            continue
        elif row is None:
            found.new.append((number, draft))
        else:
            found.other.append((number, row, draft))
        seen[key] = number
    return found


def _padded(cells: Sequence[str], length: int) -> list[str]:
    """As many cells as there are headings."""
    return [*cells[:length], *("" for _ in range(length - len(cells)))]


def _reasons(unit: Unit, draft: ServiceDraft, wrong: dict[str, str], row: Service | None, before: int | None, wider: bool) -> list[str]:
    """Why a line is not taken: (heading): (sentence). Empty when it is."""
    if wider:
        return [says("Cette ligne a plus de cellules qu’il n’y a de titres.")]
    found = checking.problems(unit.charter, draft) | wrong
    if row is not None and row.closed_at is not None:
        found["name"] = upkeep.taken(row)
    elif before is not None:
        found["name"] = says("Ce service est déjà à la ligne %(line)s.", line=before)
    elif not found and (row is None or (row.state, row.state_until) != (draft.state, draft.state_until)):
        found |= upkeep.past(unit, draft)
    return [says("%(column)s : %(what)s", column=lines.HEADINGS[name], what=found[name]) for name in lines.HEADINGS if name in found]


def _change(unit: Unit, number: int, row: Service, draft: ServiceDraft) -> Change:
    before = draft_of(row)
    names = [name for name in lines.HEADINGS if getattr(before, name) != getattr(draft, name)]
    changed = ((lines.HEADINGS[name], lines.told(unit.charter, before, name), lines.told(unit.charter, draft, name)) for name in names)
    return Change(number, draft.name, draft.institution, tuple(changed))


def _digest(sorted_: _Sorted) -> str:
    """The same for the same changes to the same rows, whatever the lines' order and numbers."""
    parts: Iterable[str] = (
        *(repr(("+", draft)) for _, draft in sorted_.new),
        *(repr((row.id, row.version, draft)) for _, row, draft in sorted_.other),
    )
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()
