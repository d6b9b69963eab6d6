"""What is wrong with a saisine, all at once: every field, every child, in the words of the programme it is sent to."""

from collections.abc import Iterator
from datetime import date, datetime

from casework.charter import Charter, Programme
from casework.charter.programmes import OLDEST
from casework.services.drafts import ChildDraft, ReferralDraft
from casework.services.terms import PARIS
from casework.services.typed import MAX_FACTS, MAX_NAME, clean, is_submission, problem
from casework.wording import says

MAX_CHILDREN = 6
MAX_CONTACT = 200
MINORITY = 18
"""Years."""

LIST = says("Choisissez dans la liste.")


def contact_kind(programme: Programme) -> str:
    """Where a saisine's contact goes: `contact`, or `safety` in a programme that keeps no other, or nowhere (empty)."""
    return next((kind for kind in ("contact", "safety") if programme.has(kind)), "")


def follows_minors(programme: Programme) -> bool:
    """Whether children may be among its people."""
    return programme.minimum_age < MINORITY


def follows_youth(programme: Programme) -> bool:
    """Whether its people are children and young people, and nobody else."""
    return follows_minors(programme) and programme.maximum_age < OLDEST


def problems(charter: Charter, programme: Programme, draft: ReferralDraft, *, now: datetime, contact: str) -> dict[str, str]:
    """Field -> sentence; those of a child are named `children-0-last_name`. contact: what may be told, as `contact_kind`."""
    found = dict(_shared(programme, draft))
    for index, child in enumerate(draft.children):
        for name, sentence in _child(charter, programme, child, now=now, contact=contact):
            found[f"children-{index}-{name}"] = sentence
    return found


def _shared(programme: Programme, draft: ReferralDraft) -> Iterator[tuple[str, str]]:
    if programme.refusal:
        yield "cell", programme.refusal
    if draft.origin not in programme.origins:
        yield "origin", LIST
    if not draft.motives or not set(draft.motives) <= set(programme.motives):
        yield "motives", says("Cochez au moins un motif de la liste.")
    if wrong := problem(clean(draft.facts), MAX_FACTS, lines=True):
        yield "facts", wrong
    if not is_submission(draft.submission):
        yield "submission", says("Ce formulaire n’est plus valable : rechargez la page.")
    if not 1 <= len(draft.children) <= MAX_CHILDREN:
        yield "children", says("Une saisine concerne de une à %(most)s personnes.", most=MAX_CHILDREN)


def _child(charter: Charter, programme: Programme, child: ChildDraft, *, now: datetime, contact: str) -> Iterator[tuple[str, str]]:
    for name, text in (("last_name", child.last_name), ("first_name", child.first_name), ("commune", child.commune)):
        if wrong := problem(clean(text), MAX_NAME):
            yield name, wrong
    if child.sex not in charter.vocabulary.sexes:
        yield "sex", LIST
    if wrong := birth_problem(programme, child.birth_date, now.astimezone(PARIS).date()):
        yield "birth_date", wrong
    said = clean(child.contact)
    if said and not contact:
        yield "contact", says("Personne ne garde encore ce contact ici : transmettez-le de vive voix à la cellule.")
    elif said and (wrong := problem(said, MAX_CONTACT)):
        yield "contact", wrong


def birth_problem(programme: Programme, birth: date | None, today: date) -> str | None:
    """What is wrong with a birth date, or None. It may be missing where a programme has no ages of its own."""
    if birth is None and programme.ageless:
        return None  # nobody is turned away for their age: it need not be known
    if birth is None:
        return says("Indiquez une date, par exemple 12/03/2010.")
    if birth > today:
        return says("Cette date est à venir.")
    age = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    if not programme.follows(age):
        return says("Ce programme suit des personnes %(ages)s.", ages=programme.ages)
    return None
