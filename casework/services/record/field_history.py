"""The history of a volet: who changed which field when, from what to what. Who reads the volet reads its history."""

from collections.abc import Iterator, Mapping

from casework.errors import NotFound
from casework.models.dossiers import Compartment
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.dossier import contents
from casework.services.dossier.contents import MODELS, OpenNote
from casework.services.dossier.dossier_page import person_of
from casework.services.offices.people import UNKNOWN, Professional, professionals
from casework.services.reasons import choice
from casework.services.record.record_access import HISTORY, has_past
from casework.services.record.record_clash import steps
from casework.services.record.record_fields import shown
from casework.services.record.versions import Past, past_of
from casework.services.record.views import Change, FieldChange, HistoryPage
from casework.services.unit import reading
from casework.services.views import Choice


def read(actor: Actor, number: str, kind: str = "") -> HistoryPage:
    """Newest first, of one volet or of all that one reads. A version that does not verify is there and says so.

    Raises NotFound for a dossier one may not open, and for a volet one does not read.
    """
    with reading(actor, HISTORY) as unit:
        held = find(unit, number)
        open_to_me = [each for each in held.compartments if has_past(held, each)]
        mine = [each for each in open_to_me if kind in ("", each.kind)]
        if not mine:
            raise NotFound(unit.action)
        titles = frozenset(box.title for box in held.boxes[mine[0].id])
        unit.require(held.situations(mine[0].kind, titles))
        person, words = person_of(held), unit.charter.vocabulary.kinds
        unit.trace.show(number, *(each.kind for each in mine), *(("identity",) if person else ()))
        changes = [change for each in mine for change in _changes(held, each)]
        newest = sorted(changes, key=lambda change: (change.at is None, change.at or unit.now, change.version), reverse=True)
        kinds = dict.fromkeys(code for code in words if code in {each.kind for each in open_to_me})
        return HistoryPage(
            number=number,
            person=person,
            kind=choice(words, kind, actor.gender) if kind else None,
            kinds=tuple(choice(words, code, actor.gender) for code in kinds),
            changes=tuple(newest),
        )


def _changes(held: Held, compartment: Compartment) -> Iterator[Change]:
    """Of the fields, then of the notes that were corrected."""
    key = held.key(compartment)
    if key is None:
        return
    model = MODELS.get(compartment.kind)
    past = past_of(held, model, compartment, key) if model is not None else []
    notes = {each.row.id: each for each in contents.notes(held, {compartment.id: key}) if each.row.compartment_id == compartment.id}
    authors = {each.by for each in past if each.by} | {each.row.author_id for each in notes.values()}
    people = professionals(held.unit.session, held.unit.instance.anchor, authors)
    for former, each in steps(past):
        yield _change(held, compartment, people, former, each)
    for note in notes.values():
        if note.row.corrects_id in notes:
            yield _corrected(_volet(held, compartment), people, notes[note.row.corrects_id], note)


def _volet(held: Held, compartment: Compartment) -> Choice:
    return choice(held.unit.charter.vocabulary.kinds, compartment.kind, held.unit.actor.gender)


def _change(held: Held, compartment: Compartment, people: Mapping[str, Professional], former: Past | None, each: Past) -> Change:
    who, volet = people.get(each.by or "", UNKNOWN), _volet(held, compartment)
    if each.texts is None:
        return Change(volet, "unverified", each.version, who.name, who.function, each.at, ())
    fields = tuple(_fields(held, compartment, former, each.texts))
    what = "created" if each.version == 1 else "changed" if any(each.texts.values()) else "emptied"
    return Change(volet, what, each.version, who.name, who.function, each.at, fields)


def _fields(held: Held, compartment: Compartment, former: Past | None, texts: Mapping[str, str]) -> Iterator[FieldChange]:
    """The fields that changed; after a version that does not verify, all of them, from an unknown value."""
    table = contents.table_of(MODELS[compartment.kind]).name
    declared, words = held.unit.charter.programmes[held.dossier.programme].fields, held.unit.charter.vocabulary
    before = {} if former is None else former.texts
    for column, text in texts.items():
        field = declared.get(f"{table}.{column}")
        old = None if before is None else before.get(column, "")
        if field is not None and old != text:
            yield FieldChange(field.label, None if old is None else shown(words, table, column, old), shown(words, table, column, text))


def _corrected(volet: Choice, people: Mapping[str, Professional], former: OpenNote, note: OpenNote) -> Change:
    who = people.get(note.row.author_id, UNKNOWN)
    return Change(
        volet, "corrected", note.row.version, who.name, who.function, note.row.written_at, (FieldChange("Note", former.body, note.body),)
    )
