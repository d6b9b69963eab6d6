"""Two people saved one row: the three texts of each field side by side, and the form that loses none of them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from casework.services.access import Held
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.record.record_fields import RECORDS, RecordKind, shown
from casework.services.record.versions import Past, past_of
from casework.services.record.views import FieldClash, RecordRow, RowClash

Texts = Mapping[str, str]


def untouched(held: Held, kind: str, row: RecordRow) -> bool:
    """Whether a row comes back exactly as it was when the form was opened."""
    compartment = held.compartment(kind)
    key = held.key(compartment) if compartment is not None else None
    if compartment is None or key is None:
        return False
    base = _base(past_of(held, RECORDS[kind].model, compartment, key), row)
    return base is not None and all(base.get(column, "") == text for column, text in row.texts.items())


def merge(
    held: Held, spec: RecordKind, present: Sequence[RecordRow], typed: Sequence[RecordRow], past: Sequence[Past]
) -> tuple[tuple[RecordRow, ...], tuple[RowClash, ...]]:
    """The rows of the form over the present versions, and what differs in those that moved on.

    What only the others changed is taken over; what both changed keeps the text typed here, and is asked. A row that somebody added to a
    volet of one row counts as that row.
    """
    columns = [rule.column for rule in spec.declared(held.unit.charter.programmes[held.dossier.programme])]
    now = {row.id: row for row in present}
    alone = present[0] if present and not spec.many else None
    rows: list[RecordRow] = []
    clashes: list[RowClash] = []
    for row in typed:
        there = now.pop(row.id, None) or (alone if not row.id else None)
        if there is None or there.version == row.version:
            rows.append(row)
            continue
        base = _base(past, row)
        fields = tuple(_fields(held, spec, columns, (base, there.texts, row.texts)))
        rows.append(RecordRow(there.id, there.version, _merged(columns, base, there.texts, row.texts)))
        if fields:
            clashes.append(_clash(held, len(rows) - 1, there, past, fields))
    rows += [row for row in now.values() if spec.many and any(row.texts.values())]
    return tuple(rows), tuple(clashes)


def _base(past: Sequence[Past], row: RecordRow) -> Texts | None:
    return next((each.texts for each in past if (each.row, each.version) == (row.id, row.version)), {} if not row.id else None)


def _merged(columns: Sequence[str], base: Texts | None, there: Texts, typed: Texts) -> dict[str, str]:
    """Theirs where I changed nothing, mine everywhere else."""
    return {column: there[column] if _mine_is_old(base, typed, column) else typed.get(column, "") for column in columns}


def _mine_is_old(base: Texts | None, typed: Texts, column: str) -> bool:
    return base is not None and typed.get(column, "") == base.get(column, "")


def _fields(held: Held, spec: RecordKind, columns: Sequence[str], three: tuple[Texts | None, Texts, Texts]) -> list[FieldClash]:
    """The fields that somebody else changed, or that differ and cannot be told apart."""
    base, there, typed = three
    labels, words = held.unit.charter.programmes[held.dossier.programme].fields, held.unit.charter.vocabulary
    found: list[FieldClash] = []
    for column in columns:
        mine = typed.get(column, "")
        if there[column] in (mine, None if base is None else base.get(column, "")):
            continue
        texts = [shown(words, spec.table, column, text) for text in (base.get(column, "") if base else "", there[column], mine)]
        before = None if base is None else texts[0]
        label = labels[f"{spec.table}.{column}"].label
        found.append(FieldClash(column, label, before, texts[1], texts[2], ask=not _mine_is_old(base, typed, column), stored=there[column]))
    return found


def _clash(held: Held, place: int, there: RecordRow, past: Sequence[Past], fields: tuple[FieldClash, ...]) -> RowClash:
    last = next((each for each in past if (each.row, each.version) == (there.id, there.version)), None)
    by = last.by if last is not None and last.by else ""
    people = professionals(held.unit.session, held.unit.instance.anchor, [by] if by else [])
    return RowClash(place, people.get(by, UNKNOWN).name, last.at if last else None, fields)


def steps(past: Sequence[Past]) -> list[tuple[Past | None, Past]]:
    """Each version with the one before it, of the same row."""
    before = [None, *past]
    return [
        (former if former is not None and former.row == each.row else None, each) for former, each in pairwise(before) if each is not None
    ]
