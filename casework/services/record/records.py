"""The record of a dossier: identity, contact, school, judicial, safety, written under a version check by those who keep it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from casework.errors import InvalidInput, NotFound, StaleVersion
from casework.models.base import new_id
from casework.models.content import SealedRow
from casework.models.dossiers import Compartment
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.dossier.contents import table_of
from casework.services.dossier.dossier_page import person_of
from casework.services.keys import compartments, turning
from casework.services.keys.sealing import open_row, seal
from casework.services.orientation import contacts
from casework.services.reasons import choice, choices
from casework.services.record import measure_ends, record_clash
from casework.services.record.record_access import WRITE, editable
from casework.services.record.record_fields import CONTACTS, RECORDS, RecordKind, Rule, checked, options
from casework.services.record.versions import past_of
from casework.services.record.views import RecordClash, RecordField, RecordIndex, RecordPage, RecordRow
from casework.services.safety.safe_contact import SAFETY
from casework.services.typed import clean
from casework.services.unit import reading, writing
from casework.services.views import Choice
from casework.vault.content import ContentKey
from casework.wording import says

PARIS = ZoneInfo("Europe/Paris")


def index(actor: Actor, number: str) -> RecordIndex:
    """What of a dossier the actor may bring up to date. Raises NotFound when nothing is."""
    with reading(actor, "dossier.open") as unit:
        held = find(unit, number)
        unit.require(held.situations())
        words, programme = unit.charter.vocabulary.kinds, unit.charter.programmes[held.dossier.programme]
        kinds = tuple(choice(words, kind, actor.gender) for kind in RECORDS if editable(held, kind))
        plan, close = held.verdict("dossier.plan").permitted, held.verdict("dossier.close").permitted
        if not (kinds or plan or close):
            raise NotFound(unit.action)
        person = person_of(held)
        unit.trace.show(number, *(("identity",) if person else ()))
        reasons = choices(programme.closing_reasons)
        return RecordIndex(number, person, kinds, plan, close, held.dossier.next_date, reasons)


def compose(actor: Actor, number: str, kind: str) -> RecordPage:
    """The form of a volet, as it is now. Raises NotFound where it may not be written, or exists and may not be read."""
    with reading(actor, "dossier.open") as unit:
        held, spec = _door(find(unit, number), kind)
        unit.trace.show(number, kind, *(("identity",) if person_of(held) else ()))
        return _page(held, kind, spec, _shown_rows(spec, _present(held, kind, spec)))


def write(actor: Actor, number: str, kind: str, typed: Sequence[RecordRow]) -> bool:
    """Save the rows that were changed; a row typed without an id is added, one whose texts are all empty is emptied.

    Returns whether something was proposed that nobody typed: the last day of a measure, by law.

    A row to add that is there already, word for word, is a second post and adds nothing.
    Raises NotFound, InvalidInput with every problem at once (`<place>-<column>`), or StaleVersion, with nothing written, when somebody
    else saved one of the changed rows since it was read.
    """
    with writing(actor, WRITE) as unit:
        held, spec = _door(find(unit, number), kind)
        unit.require(held.situations(kind))
        wanted = _checked(held, spec, typed)
        present = {row.id: row for row in _present(held, kind, spec)}
        content = _content(held, kind)
        unit.trace.show(number, kind)
        proposed = False
        for sent in wanted:
            before = present.get(sent.id)
            if sent.id and before is None:
                raise NotFound(unit.action)
            row = measure_ends.with_end(unit, sent, before) if kind == measure_ends.JUDICIAL else sent
            twice = before is None and any(each.texts == dict.fromkeys(each.texts, "") | dict(row.texts) for each in present.values())
            if not twice and _changes(held, kind, before, row, occupied=bool(present)):
                stored = _put(held, spec, content, before, row)
                if kind == SAFETY and before is not None:
                    contacts.changed(held, before.texts, {**before.texts, **row.texts})
                if kind == measure_ends.JUDICIAL:
                    measure_ends.keep(held, stored, row.texts.get("until", ""))
                    proposed = proposed or row is not sent
        return proposed


def compare(actor: Actor, number: str, kind: str, typed: Sequence[RecordRow]) -> RecordClash:
    """After StaleVersion: what was there, what is there now, who saved it, and what was typed, ready to be saved over it.

    Raises NotFound as `compose` does.
    """
    with reading(actor, "dossier.open") as unit:
        held, spec = _door(find(unit, number), kind)
        unit.trace.show(number, kind, *(("identity",) if person_of(held) else ()))
        present = _present(held, kind, spec)
        compartment = held.compartment(kind)
        key = held.key(compartment) if compartment is not None else None
        past = past_of(held, spec.model, compartment, key) if compartment is not None and key is not None else []
        rules = spec.declared(unit.charter.programmes[held.dossier.programme])
        same = [RecordRow(row.id, row.version, _checked_row(held, rules, row)[0]) for row in typed]
        merged, clashes = record_clash.merge(held, spec, present, same, past)
        return RecordClash(_page(held, kind, spec, merged), clashes)


def add_contact(actor: Actor, number: str, label: str, value: str) -> None:
    """Add a phone, an address, a legal representative or an e-mail (code or label). Raises NotFound or InvalidInput."""
    code = next((code for code, name in CONTACTS.items() if name == clean(label)), label)
    try:
        write(actor, number, "contact", [RecordRow("", 0, {"label": code, "value": value})])
    except InvalidInput as found:
        raise InvalidInput({name.partition("-")[2]: sentence for name, sentence in found.problems.items()}) from found


def set_schooling(actor: Actor, number: str, establishment: str, level: str, absences: str) -> None:
    """Set the school situation; what was there stays in the history. Raises NotFound or InvalidInput."""
    rows = compose(actor, number, "school").rows
    former = rows[0] if rows else RecordRow("", 0, {})
    texts = {"establishment": establishment, "level": level, "absences": absences}
    write(actor, number, "school", [RecordRow(former.id, former.version, texts)])


def _door(held: Held, kind: str) -> tuple[Held, RecordKind]:
    if not editable(held, kind):
        raise NotFound(held.unit.action)
    held.unit.trace.rule = held.verdict(WRITE, kind).rule
    return held, RECORDS[kind]


def _present(held: Held, kind: str, spec: RecordKind) -> list[RecordRow]:
    """The opened rows of the volet, oldest first. In a write they are locked until it commits."""
    compartment = held.compartment(kind)
    key = held.key(compartment) if compartment is not None else None
    if compartment is None or key is None:
        return []
    table = table_of(spec.model)
    query = select(table).where(table.c.compartment_id == compartment.id).order_by(table.c.id)
    if held.unit.writes:
        query = query.with_for_update()
    rows = held.unit.session.execute(query).all()
    return [RecordRow(row.id, row.version, open_row(spec.model, row, held.keychain.at_version(key, row.key_version))) for row in rows]


def _shown_rows(spec: RecordKind, rows: Sequence[RecordRow]) -> tuple[RecordRow, ...]:
    """The rows of the form: emptied ones are history; a volet of one row always shows it."""
    return tuple(row for row in rows if not spec.many or any(row.texts.values()))


def _remarked(held: Held, kind: str, rows: Sequence[RecordRow]) -> tuple[RecordRow, ...]:
    """The rows of measures, each with what is to be said of its last day."""
    if kind != measure_ends.JUDICIAL:
        return tuple(rows)
    found = ((row, measure_ends.remark(held.unit, row.texts)) for row in rows)
    return tuple(replace(row, remarks={"until": said}) if said else row for row, said in found)


def _page(held: Held, kind: str, spec: RecordKind, rows: Sequence[RecordRow]) -> RecordPage:
    programme, words = held.unit.charter.programmes[held.dossier.programme], held.unit.charter.vocabulary
    fields = tuple(
        RecordField(
            column=rule.column,
            label=programme.fields[f"{spec.table}.{rule.column}"].label,
            shape=rule.shape,
            required=rule.required,
            hint=measure_ends.hint(held.unit, programme, rule) if kind == measure_ends.JUDICIAL else rule.hint,
            options=tuple(Choice(code, label) for code, label in options(words, programme, rule).items()),
        )
        for rule in spec.declared(programme)
    )
    label, remarked = choice(words.kinds, kind, held.unit.actor.gender), _remarked(held, kind, rows)
    return RecordPage(held.dossier.number, person_of(held), label, spec.many, fields, remarked)


def _checked(held: Held, spec: RecordKind, typed: Sequence[RecordRow]) -> list[RecordRow]:
    """What was typed, cleaned; rows that were never filled in are left out. Raises InvalidInput with every problem at once."""
    rules = spec.declared(held.unit.charter.programmes[held.dossier.programme])
    problems: dict[str, str] = {}
    wanted: list[RecordRow] = []
    for place, row in enumerate(typed):
        blank = not any(clean(row.texts.get(rule.column, "")) for rule in rules)
        if blank and spec.many:
            wanted += [RecordRow(row.id, row.version, {rule.column: "" for rule in rules})] if row.id else []
            continue
        texts, found = _checked_row(held, rules, row)
        problems |= {f"{place}-{column}": sentence for column, sentence in found.items()}
        wanted.append(RecordRow(row.id, row.version, texts))
    if problems:
        raise InvalidInput(problems)
    return wanted


def _checked_row(held: Held, rules: Sequence[Rule], row: RecordRow) -> tuple[dict[str, str], dict[str, str]]:
    unit = held.unit
    today, programme = unit.now.astimezone(PARIS).date(), unit.charter.programmes[held.dossier.programme]
    texts: dict[str, str] = {}
    problems: dict[str, str] = {}
    for rule in rules:
        texts[rule.column], found = checked(unit.charter.vocabulary, programme, rule, row.texts.get(rule.column, ""), today)
        if found:
            problems[rule.column] = found
    if not problems and texts.get("until") and texts["until"] < texts.get("since", ""):
        problems["until"] = says("La fin précède le début.")
    if too_much := measure_ends.only_the_gift(texts):
        problems["obligations"] = too_much
    return texts, problems


def _changes(held: Held, kind: str, before: RecordRow | None, row: RecordRow, *, occupied: bool) -> bool:
    """Whether there is something to save. Raises StaleVersion when somebody else saved the row since it was read."""
    if before is None:
        if occupied and not RECORDS[kind].many:
            raise StaleVersion
        return any(row.texts.values())
    if all(before.texts[column] == text for column, text in row.texts.items()):
        return False
    if before.version == row.version:
        return True
    if record_clash.untouched(held, kind, row):
        return False  # only the others changed this row: theirs stays
    raise StaleVersion


def _put(held: Held, spec: RecordKind, content: ContentKey, before: RecordRow | None, row: RecordRow) -> str:
    """Seal the whole row anew under the newest key version; returns its id. Columns of other programmes stay as they are."""
    session = held.unit.session
    columns = [column.name for column in table_of(spec.model).columns if column.info["class"] == "sealed"]
    texts = dict.fromkeys(columns, "") | dict(before.texts if before else {}) | dict(row.texts)
    if before is None:
        made: dict[str, Any] = {"id": new_id(), "version": 1, "compartment_id": content.scope}
        stored: SealedRow = spec.model(**made)
        seal(stored, content, texts)
        session.add(stored)
        return stored.id
    seal(session.get_one(spec.model, before.id), content, texts)
    return before.id


def _content(held: Held, kind: str) -> ContentKey:
    compartment: Compartment | None = held.compartment(kind)
    if compartment is None:
        return compartments.make_here(held, kind)
    content = held.key(compartment)
    if content is None:
        raise NotFound(held.unit.action)
    compartments.deposit_key(held, compartment, content)
    return turning.past_sender(held, compartment, content)
