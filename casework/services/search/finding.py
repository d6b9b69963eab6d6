"""Finding one of my dossiers by a name, a number, a birth date or a phone.

Over my boxes only: the identity of each dossier I hold is opened and compared in memory, and nothing about names is stored for it. What
was typed goes nowhere: not into the leaf, which has the number of hits and the dossiers shown, nor into a log.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from casework.errors import InvalidInput
from casework.models.content import ContactPoint, SafeContact, SealedRow
from casework.services.access import Held
from casework.services.actor import Actor
from casework.services.keys.keychain import Keychain
from casework.services.search.asking import Question, understand
from casework.services.search.names import MAX_QUERY, Rank, order
from casework.services.search.shelf import IDENTITY, Shelf, Texts, lines, visible
from casework.services.typed import clean, problem
from casework.services.unit import Unit, reading
from casework.services.views import DossierLine, Found, Match
from casework.wording import says

SEARCH = "dossier.search"
SHOWN = 30
"""Most dossiers that one answer shows: who finds more refines."""

PHONES: Mapping[str, type[SealedRow]] = {"contact": ContactPoint, "safety": SafeContact}
"""Where phones are; opened only when one is looked for, and only where I may read it."""

NOTHING = says("Écrivez au moins deux lettres d’un nom, un numéro de dossier, une date de naissance ou six chiffres d’un téléphone.")
WHY = {Rank.EXACT: "name_exact", Rank.PREFIX: "name_prefix", Rank.SOUND: "name_sound", Rank.SLIP: "name_slip"}


class _Hit(NamedTuple):
    """A dossier that answers; the smaller, the better."""

    rank: Rank
    name: tuple[str, str]
    number: str
    held: Held
    born: str
    why: tuple[str, ...]
    kinds: tuple[str, ...]


def search(actor: Actor, typed: str) -> Found:
    """My dossiers that answer, the best first: equal names, then beginnings, then what sounds alike, then one letter apart.

    Raises InvalidInput when nothing in `typed` can be looked for, NotFound for professions that have no dossiers.
    """
    with reading(actor, SEARCH) as unit:
        verdict = unit.require([unit.situation()])
        question = _question(typed)
        keychain = Keychain(unit)
        shelf = Shelf(unit, keychain, visible(unit, keychain), {**IDENTITY, **PHONES} if question.phone else IDENTITY)
        hits = sorted(_hits(shelf, question), key=lambda hit: (hit.rank, hit.name, hit.number))
        unit.trace.hits = len(hits)
        unit.trace.rule, unit.trace.rules = "", {verdict.rule}  # the leaf names the rule of the search and those of its lines
        shown = hits[:SHOWN]
        answers = zip(shown, lines(unit, shelf, [hit.held for hit in shown]), strict=True)
        return Found(tuple(_match(unit, hit, line) for hit, line in answers), len(hits))


def _question(typed: str) -> Question:
    text = clean(typed)
    wrong = problem(text, MAX_QUERY) if text else NOTHING
    question = understand(text) if wrong is None else None
    if question is None or not question.asks():
        raise InvalidInput({"typed": wrong or NOTHING})
    return question


def _hits(shelf: Shelf, question: Question) -> Iterator[_Hit]:
    for held in shelf:
        texts = shelf.identity(held)
        if texts is None:
            continue  # listed by a title that does not read the identity: there is nothing to compare
        found = _answers(shelf, held, question, texts)
        if found is not None:
            rank, why, kinds = found
            yield _Hit(rank, order(texts["first_name"], texts["last_name"]), held.dossier.number, held, texts["birth_date"], why, kinds)


def _answers(shelf: Shelf, held: Held, question: Question, texts: Texts) -> tuple[Rank, tuple[str, ...], tuple[str, ...]] | None:
    """How well a dossier answers, why, and by which further compartments; None as soon as something asked for is not so."""
    rank, why, kinds = Rank.EXACT, [], []
    if question.count:
        if not question.is_number(held.dossier.number):
            return None
        why.append("number")
    if question.born:
        if question.born != texts["birth_date"]:
            return None
        why.append("born")
    if question.name:
        named = question.name.rank(texts["first_name"], texts["last_name"])
        if named is None:
            return None
        rank = named
        why.append(WHY[named])
    if question.phone:
        kinds = [kind for kind in PHONES if any(question.is_phone(row["value"]) for row in shelf.texts(held, kind))]
        if not kinds:
            return None
        why.append("phone")
    return rank, tuple(why), tuple(kinds)


def _match(unit: Unit, hit: _Hit, line: DossierLine) -> Match:
    unit.trace.show(hit.number, *hit.kinds)
    return Match(line, date.fromisoformat(hit.born) if hit.born else None, hit.why)
