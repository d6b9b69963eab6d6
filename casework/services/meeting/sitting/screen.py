"""One file as the room sees it: opened kind by kind as the cut says, shortened for a wall, and never who reported."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select

from casework.charter import agree
from casework.models.dossiers import Compartment
from casework.models.meetings import Item, Seat, Task
from casework.models.people import Institution
from casework.services.access import Held
from casework.services.dossier import banners, contents
from casework.services.dossier.contents import OpenNote
from casework.services.meeting import notes
from casework.services.meeting.rows import SETTLED
from casework.services.meeting.sitting import projection, sheet
from casework.services.meeting.sitting.sitting_views import Projected, ShownNote, ShownTask, Stranger
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.reasons import choice
from casework.services.terms import PARIS
from casework.services.views import Field
from casework.vault.content import ContentKey

NEVER = frozenset({"reported_by"})
"""Fields that no room sees, whoever is in it."""

ALERTS = (banners.MAJORITY, banners.ADULT, banners.SILENCE)
LATEST, LONGEST = 3, 260
"""How many notes a wall shows, and how many characters of each."""

IDENTITY, DECISIONS = "identity", "decisions"


def projected(held: Held, item: Item, cut: projection.Cut, place: int, everybody: Sequence[Seat]) -> Projected:
    """The item as the cut lets the room see it, and the trace of every compartment shown."""
    unit, dossier = held.unit, held.dossier
    keys = _keys(held, cut)
    unit.trace.show(dossier.number, *(compartment.kind for compartment in held.compartments if compartment.id in keys))
    opened = [note for note in contents.notes(held, keys) if note.row.compartment_id in keys] if keys else []
    who = _identity(held, keys)
    birth = contents.born(who)
    whole = cut.state == projection.ALL
    words = unit.charter.vocabulary
    leads = professionals(unit.session, unit.instance.anchor, [dossier.lead_id] if whole and dossier.lead_id else [])
    fresh, decided = _latest(held, opened)
    return Projected(
        item=item.id,
        number=dossier.number,
        place=place,
        state=cut.state,
        kept=item.shown == projection.NUMBER,
        question=_question(held, item) if projection.asks(cut, item) else "",
        strangers=tuple(_strangers(held, cut, everybody)),
        born=birth.year if birth else None,
        age=banners.age_of(held, who),
        sex=who["sex"] if who else "",
        first_name=who["first_name"] if who else "",
        status=choice(words.statuses, dossier.status),
        lead=leads[dossier.lead_id].name if dossier.lead_id in leads else "",
        next_date=dossier.next_date if whole else None,
        informed=_informed(held, item) if whole else "",
        alerts=tuple((each.code, each.on) for each in banners.banners_of(held, who, opened) if each.code in ALERTS) if who else (),
        kinds=tuple(agree(words.kinds[kind].label, "n") for kind in cut.kinds),
        sections=tuple(_sections(held, keys)),
        decisions=tuple(decided),
        notes=tuple(fresh),
        tasks=tuple(_tasks(held, opened)) if DECISIONS in cut.kinds else (),
        settled=item.status == SETTLED,
    )


def _keys(held: Held, cut: projection.Cut) -> dict[str, ContentKey]:
    """Compartment id -> key, of the kinds in the cut."""
    places = [place for kind in cut.kinds if (place := held.compartment(kind)) is not None]
    return {place.id: key for place in places if (key := held.key(place)) is not None}


def _identity(held: Held, keys: Mapping[str, ContentKey]) -> dict[str, str] | None:
    place = held.compartment(IDENTITY)
    if place is None or place.id not in keys:
        return None
    return next(iter(contents.rows_of(held, place, keys[place.id])), None)


def _question(held: Held, item: Item) -> str:
    note = notes.questions_of(held.unit, [item]).get(item.id)
    return (notes.question(held, note) or "") if note is not None else ""


def _informed(held: Held, item: Item) -> str:
    """Whether the person was informed, and else why not yet."""
    rules = held.unit.charter.meetings
    if item.informed is None:
        return ""
    label = agree(rules.informed[item.informed].label, "n")
    return f"{label} : {agree(rules.deferrals[item.deferral].label, 'n')}" if item.deferral else label


def _sections(held: Held, keys: Mapping[str, ContentKey]) -> Iterator[tuple[str, tuple[Field, ...]]]:
    """Labelled values of each compartment but identity, which is told by its year alone."""
    for place in _in_order(held, keys):
        if place.kind in contents.MODELS and place.kind != IDENTITY:
            found: list[Field] = []
            for texts in contents.rows_of(held, place, keys[place.id]):
                found += contents.labelled(held, place.kind, {name: text for name, text in texts.items() if name not in NEVER})
            if found:
                yield agree(held.unit.charter.vocabulary.kinds[place.kind].label, "n"), tuple(found)


def _in_order(held: Held, keys: Mapping[str, ContentKey]) -> list[Compartment]:
    return sorted((each for each in held.compartments if each.id in keys), key=lambda each: projection.PROJECTED.index(each.kind))


def _latest(held: Held, opened: Sequence[OpenNote]) -> tuple[list[ShownNote], list[ShownNote]]:
    """The newest notes, then the newest decisions, shortened; what was corrected is left out, and so is who wrote."""
    kinds = held.unit.charter.vocabulary.entry_kinds
    places = {each.id: each.kind for each in held.compartments}
    corrected = {note.row.corrects_id for note in opened}
    fresh: list[ShownNote] = []
    decided: list[ShownNote] = []
    for note in opened:
        if note.row.id not in corrected:
            label = kinds[note.row.kind].label if note.row.kind in kinds else note.row.kind
            into = decided if places[note.row.compartment_id] == DECISIONS else fresh
            into.append(ShownNote(label, note.row.occurred_on, _short(note.body)))
    return fresh[:LATEST], decided[:LATEST]


def _short(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rsplit(" ", 1)[0].rstrip(" ,;:.") + " …"


def _tasks(held: Held, opened: Sequence[OpenNote]) -> Iterator[ShownTask]:
    unit = held.unit
    rows = unit.session.scalars(select(Task).where(Task.dossier_id == held.dossier.id, Task.status == "open").order_by(Task.due)).all()
    people = professionals(unit.session, unit.instance.anchor, [row.owner_id for row in rows if row.owner_id])
    houses = {row.institution_id for row in rows if row.institution_id}
    named = {each.id: each.name for each in unit.session.scalars(select(Institution).where(Institution.id.in_(houses)))} if houses else {}
    words = {note.row.id: note.body for note in opened}
    today = unit.now.astimezone(PARIS).date()
    for row in rows:
        owner = people.get(row.owner_id, UNKNOWN).name if row.owner_id else named.get(row.institution_id or "", "")
        yield ShownTask(owner, row.due, row.due < today, _short(words.get(row.entry_id or "", "")))


def _strangers(held: Held, cut: projection.Cut, everybody: Sequence[Seat]) -> Iterator[Stranger]:
    if not cut.strangers:
        return
    by_id = {each.id: each for each in sheet.places(held.unit, list(everybody))}
    for each in cut.strangers:
        yield Stranger(each.seat, by_id[each.seat].name, by_id[each.seat].institution, each.may)
