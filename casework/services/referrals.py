"""« Saisir la cellule »: a situation arrives.

Its sender makes the compartments, seals them to the stewards, and re-reads for 15 minutes.
"""

from dataclasses import astuple
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casework.errors import InvalidInput
from casework.models.base import new_id
from casework.models.cells import Cell
from casework.models.content import Person, Situation
from casework.models.dossiers import Dossier, DossierCounter
from casework.services import compartments, submissions
from casework.services.actor import Actor
from casework.services.compartments import Grant, standing_grants
from casework.services.drafts import ReferralDraft
from casework.services.entries import PARIS
from casework.services.reasons import choices
from casework.services.sealing import seal
from casework.services.standing import MEMBER, STEWARD
from casework.services.typed import MAX_FACTS, MAX_NAME, clean, is_submission, problem
from casework.services.unit import Unit, reading, writing
from casework.services.views import Choice, Receipt, ReferralPreparation

SEND = "referral.send"
REREAD = timedelta(minutes=15)


def prepare(actor: Actor) -> ReferralPreparation:
    """The closed lists of the form, and the cells one may refer to. Raises NotFound when there is none."""
    with reading(actor, SEND) as unit:
        cells = _cells(unit)
        unit.require([unit.situation(_role(unit, cell), cell.programme) for cell in cells])
        words = unit.charter.vocabulary
        return ReferralPreparation(
            cells=tuple(Choice(cell.id, cell.name) for cell in cells),
            origins=choices(words.origins),
            motives=choices(words.motives),
            sexes=choices(words.sexes),
            max_facts=MAX_FACTS,
        )


def send(actor: Actor, draft: ReferralDraft) -> Receipt:
    """Send a saisine. The same submission twice makes one. Raises InvalidInput with what is wrong in each field."""
    try:
        return _send(actor, draft)
    except IntegrityError:  # the same form arrived twice at once: the other one has just been committed
        return _send(actor, draft)


def _send(actor: Actor, draft: ReferralDraft) -> Receipt:
    with writing(actor, SEND) as unit:
        cell = next((each for each in _cells(unit) if each.id == draft.cell), None)
        unit.require([unit.situation(_role(unit, cell), cell.programme)] if cell is not None else [])
        assert cell is not None  # noqa: S101 - without a cell there is no permit
        query = select(Dossier).where(Dossier.submission == _token(unit, draft), Dossier.reporter_id == actor.user_id)
        known = unit.session.scalars(query).first()
        dossier = known or _create(unit, cell, draft)
        return Receipt(dossier.number, cell.name, dossier.received_at)


def _create(unit: Unit, cell: Cell, draft: ReferralDraft) -> Dossier:
    texts = _checked(unit, cell, draft)
    dossier = Dossier(
        id=new_id(), version=1, number=_next_number(unit), cell_id=cell.id, programme=cell.programme, status="received",
        received_at=unit.now, reporter_id=unit.actor.user_id, submission=_token(unit, draft),
    )  # fmt: skip
    unit.session.add(dossier)
    unit.session.flush()
    unit.trace.show(dossier.number, "identity", "confidential")
    _add_row(unit, dossier, "identity", Person(id=new_id(), version=1), texts)
    _add_row(unit, dossier, "confidential", Situation(id=new_id(), version=1), texts)
    return dossier


def _token(unit: Unit, draft: ReferralDraft) -> str:
    typed = [str(value) for value in astuple(draft)]
    return submissions.token(unit.actor, draft.submission, typed)


def _add_row(unit: Unit, dossier: Dossier, kind: str, row: Person | Situation, texts: dict[str, str]) -> None:
    grants = list(standing_grants(unit, dossier, kind))
    if not unit.facts.cells_as(STEWARD).count(dossier.cell_id):
        grants.append(Grant(unit.actor.user_id, to_ring=False, title="author", until=unit.now + REREAD))
    content = compartments.make(unit, dossier, kind, grants)
    row.compartment_id = content.scope
    seal(row, content, texts)
    unit.session.add(row)


def _checked(unit: Unit, cell: Cell, draft: ReferralDraft) -> dict[str, str]:
    """The cleaned texts by column. Raises InvalidInput with every problem at once."""
    words, problems = unit.charter.vocabulary, {}
    texts = {"first_name": clean(draft.first_name), "last_name": clean(draft.last_name), "commune": clean(draft.commune)}
    for name, text in texts.items():
        if found := problem(text, MAX_NAME):
            problems[name] = found
    facts = clean(draft.facts)
    if found := problem(facts, MAX_FACTS, lines=True):
        problems["facts"] = found
    for name, value, allowed in (("sex", draft.sex, words.sexes), ("origin", draft.origin, words.origins)):
        if value not in allowed:
            problems[name] = "Choisissez dans la liste."
    if not draft.motives or not set(draft.motives) <= set(words.motives):
        problems["motives"] = "Cochez au moins un motif de la liste."
    if found := _age_problem(unit, cell, draft.birth_date):
        problems["birth_date"] = found
    if not is_submission(draft.submission):
        problems["submission"] = "Ce formulaire n’est plus valable : rechargez la page."
    if problems:
        raise InvalidInput(problems)
    return texts | {
        "sex": draft.sex,
        "birth_date": draft.birth_date.isoformat(),
        "origin": draft.origin,
        "motives": " ".join(dict.fromkeys(draft.motives)),
        "facts": facts,
        "reported_by": f"{unit.actor.name}, {unit.actor.function}",
        "informed": "yes" if draft.informed else "no",
    }


def _age_problem(unit: Unit, cell: Cell, birth: date) -> str | None:
    programme = unit.charter.programmes[cell.programme]
    today = unit.now.astimezone(PARIS).date()
    age = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    if birth > today:
        return "Cette date est à venir."
    if not programme.minimum_age <= age <= programme.maximum_age:
        return f"Ce programme suit des personnes de {programme.minimum_age} à {programme.maximum_age} ans."
    return None


def _cells(unit: Unit) -> list[Cell]:
    """The cells I am in and may refer to."""
    found = unit.session.scalars(select(Cell).where(Cell.id.in_(unit.facts.cells)).order_by(Cell.name))
    return [cell for cell in found if unit.check(SEND, [unit.situation(_role(unit, cell), cell.programme)]).permitted]


def _role(unit: Unit, cell: Cell) -> str:
    return STEWARD if cell.id in unit.facts.cells_as(STEWARD) else MEMBER


def _next_number(unit: Unit) -> str:
    """2026-0042: the year in Paris and the next count of that year."""
    year = unit.now.astimezone(PARIS).year
    counter = unit.session.get(DossierCounter, year, with_for_update=True)
    if counter is None:
        counter = DossierCounter(year=year, last=0)
        unit.session.add(counter)
    counter.last += 1
    return f"{year}-{counter.last:04d}"
