"""Every verb of the services, and plausible arguments for it. What it takes that nobody spoke of here stops the test."""

import inspect
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache, partial
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from casework import services
from casework.services import Actor, Instance
from casework.services.drafts import ListFilters
from casework.services.partner.views import About
from casework.vault.passphrase import Hashing
from tests.house import END
from tests.security.secrets_town import BORN, IDENTITY, Ids

NOT_SAID = object()
NOBODY = "f" * 32
DAY, SOON, MOMENT = date(2026, 3, 10), date(2026, 9, 1), datetime(2026, 3, 10, 10, tzinfo=UTC)
SUBJECTS = (Actor, Instance)
"""Who a verb is of: its first parameter. What takes a unit or a session is a part of verbs, and no door."""

NO_VERBS = {
    "accounts.enrolment_leaf": "a leaf, made of a row",
    "covering.take_screen": "of a session's own secret, which an outsider has not",
}
"""Functions that begin like one and are none."""

TEXTS = {
    "absences": "12", "act": "acte 9", "action": "meeting.prepare", "address": "192.0.2.7", "agreement": "given", "body": "Revu.",
    "caller": "mayor", "charter_sheet": "acte 9", "charter_reference": "CH-1", "channel": "call", "closing_reason": "achieved",
    "code": "known", "commune": "Valmorel-sur-Orle", "compartment": "confidential", "corrects": "", "cookie": "a" * 43, "digest": "0",
    "email": "nina@example.org", "ending": "mistake", "ends": "12:00", "establishment": "Collège", "facts": "Absences.",
    "first_name": "Nina",
    "form": "note", "function": "agente", "gender": "f", "informed": "yes", "institution": "Ville de Valmorel-sur-Orle", "intro": "Mardi.",
    "label": "Téléphone", "last_name": "Novak", "lead": "sam", "level": "4e", "name": "Nina Novak", "need": "housing", "origin": "school",
    "outcome": "continued", "passphrase": "lanterne-marée-0", "place": "Salle", "profession": "social_worker", "programme": "fragility",
    "purpose": "news", "question": "Où ?", "read_aloud": "x", "readers": "", "reason": "danger", "receipt": "1", "recipient": "person",
    "reference": "CH-1", "repeated": "known", "role": "member", "rows": "[]", "sector": "", "seen": "", "session": "", "sex": "m",
    "starts": "09:00", "state": "given", "status": "done", "step": "accepted", "text": "Une phrase assez longue pour un motif.",
    "through": "Mme Fictive", "trouble": "Feux", "typed": IDENTITY[1], "unasked": "", "username": "bob", "value": "02 61 91 00 99",
    "who": "Bob", "words": "nouvelle personne", "finding": "erase", "deputy_id": "", "secret": "a" * 22, "act_": "", "listed": "",
}  # fmt: skip
"""Name of a parameter, or of a field of a draft -> what an outsider may well write there."""

OF_THE_HOUSE = {
    "account_id", "alert_id", "answer_id", "item", "item_id", "meeting_id", "owner", "point_id", "referral", "referral_id", "seat_id",
    "share", "slot_id", "task_id", "access_id", "contact_id", "user_id", "service_id", "permanence_id", "piece",
    "cell_id", "sheet_id", "id",
}  # fmt: skip
"""Names of ids: what belongs to the dossier where there is one, else somebody who is there, else nobody's."""

VALUES: Mapping[str, Any] = {
    "absent": (), "birth_date": BORN, "came": True, "confirmed": True, "accepted": True, "charter_date": DAY, "data": b"nom;institution\n",
    "day": DAY, "due": SOON, "every": True, "fields": (("body", "Vu."),), "kinds": ["identity", "confidential"], "meets_at": MOMENT,
    "minutes": 30, "motives": ("absenteeism",), "next_date": SOON, "occurred_on": DAY, "only": False, "page": 1, "planned_for": MOMENT,
    "printed": False, "reached": True, "read": True, "rest": (), "seconds": None, "since": DAY, "starts_at": MOMENT, "told_on": DAY,
    "at": MOMENT,    "until": None, "informed": True, "place": 1, "seen": 1, "usernames": ["bob"], "weekday": 1,
    "on": DAY, "signed_on": DAY, "version": 1,
    "items": (), "last": True, "upto": None,
}  # fmt: skip


@dataclass(frozen=True)
class Verb:
    """A public function of the services."""

    name: str
    act: Callable[..., Any]

    @property
    def shows(self) -> bool:
        """Whether it gives something back that could hold a value: more than nothing, a yes, a count, a moment."""
        return get_type_hints(self.act).get("return") not in (type(None), bool, int, datetime)

    @property
    def asks(self) -> bool:
        """Whether it takes anything besides who does it: else it is the same for every dossier."""
        return len(inspect.signature(self.act).parameters) > 1

    def by(self, actor: Actor, ids: Ids) -> Callable[[], Any]:
        """The verb as somebody would do it with this dossier. Fails for what nobody spoke of."""
        first, *others = inspect.signature(self.act).parameters.values()
        hints = _hints(self.act)
        given = {each.name: argument(self.name, each.name, hints[each.name], each.default, ids) for each in others}
        return partial(self.act, actor if hints[first.name] is Actor else actor.instance, **given)


def verbs() -> dict[str, Verb]:
    """All of them, by module and name."""
    return {each.name: each for each in _verbs() if each.name not in NO_VERBS}


def _verbs() -> Iterator[Verb]:
    yield Verb("sign_in", services.sign_in)
    for name in services.__all__:
        module = getattr(services, name)
        for each, act in vars(module).items() if inspect.ismodule(module) else ():
            if inspect.isfunction(act) and act.__module__ == module.__name__ and not each.startswith("_"):
                names = list(inspect.signature(act).parameters)
                if names and _hints(act).get(names[0]) in SUBJECTS:
                    yield Verb(f"{name}.{each}", act)


@cache
def _hints(act: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(act)


def argument(verb: str, name: str, hint: Any, default: Any, ids: Ids) -> Any:
    """What is given for one parameter, or one field of a draft. Fails for a name that nobody spoke of."""
    found = _particular(verb, name, hint, ids)
    if found is not NOT_SAID:
        return found
    made = next((each for each in (hint, *get_args(hint)) if is_dataclass(each)), None)
    if made is not None:
        one = _made(verb, made, ids)
        return one if made is hint or get_origin(hint) is UnionType else (one,)
    assert default is not inspect.Parameter.empty, f"say in tests/security/every_verb.py what {verb} may be given as {name}"
    return default


def _particular(verb: str, name: str, hint: Any, ids: Ids) -> Any:
    """By the verb and the name, by the dossier, by the name and what it may be."""
    if (verb, name) in PARTICULAR:
        return PARTICULAR[verb, name](ids)
    if name in ids.named and hint is not tuple:
        return ids.named[name]
    if name in PLURAL:
        return PLURAL[name](ids)
    if name in OF_THE_HOUSE:
        return NOBODY
    if hint in (str, str | None) and name in TEXTS:
        return TEXTS[name]
    if name in VALUES and hint is not str:
        return VALUES[name]
    return {"number": ids.number, "submission": secrets.token_hex(16)}.get(name, NOT_SAID)


def _made(verb: str, type_: Any, ids: Ids) -> Any:
    """A draft, its fields filled in likewise."""
    if type_ is About:
        return ids.named.get("about", About("referral", NOBODY))
    if type_ is Hashing:
        return Hashing()
    hints = get_type_hints(type_)
    given = {}
    for each in fields(type_):
        default = each.default if each.default is not MISSING else inspect.Parameter.empty
        if each.default_factory is not MISSING:
            default = each.default_factory()
        given[each.name] = argument(verb, each.name, hints[each.name], default, ids)
    return type_(**given)


PLURAL: Mapping[str, Callable[[Ids], Any]] = {
    "numbers": lambda ids: (ids.number,),
    "seat_ids": lambda ids: (ids.named.get("seat_id", NOBODY),),
    "user_ids": lambda _: (NOBODY,),
    "people": lambda _: (NOBODY,),
    "pieces": lambda ids: (ids.named.get("piece", NOBODY),),
    "chosen": lambda ids: {ids.named.get("seat_id", NOBODY): ("convened", "present")},
    "answers": lambda ids: {ids.named.get("item_id", NOBODY): "known"},
    "sides": lambda _: {},
    "texts": lambda _: {"label": "Téléphone"},
    "needs": lambda _: ("housing",),
    "stewards": lambda _: ("bob",),
    "to": lambda _: "bob",
    "mine": lambda ids: ids.number,
    "other": lambda ids: ids.named["other_number"],
    "dossier": lambda ids: ids.number,
    "undecided": lambda _: (),
}
PARTICULAR: Mapping[tuple[str, str], Callable[[Ids], Any]] = {
    ("accounts.add_institution", "kind"): lambda _: "school",
    ("calling_up.call", "kind"): lambda _: "urgent",
    ("closing.close", "seen"): lambda _: "0" * 32,
    ("convening.change", "kind"): lambda _: "ordinary",
    ("deciding.decide", "next_date"): lambda _: SOON,
    ("entries.write", "kind"): lambda _: "observation",
    ("following.agree_later", "state"): lambda _: "given",
    ("cells.admit", "until"): lambda _: END,
    ("cells.found", "until"): lambda _: END,
    ("dossiers.list_mine", "asked"): lambda _: ListFilters(),
    ("due_keys.settle_pending", "seconds"): lambda _: 5.0,
    ("extracts.give", "to"): lambda _: "hugo",
    ("extracts.preview", "to"): lambda _: "hugo",
    ("offering.prepare", "referral"): lambda _: "",
    ("offering.preview", "referral"): lambda _: "",
    ("offering.preview", "to"): lambda ids: f"ring:{ids.named['ring']}:{ids.named['service_id']}",
    ("sending.propose", "to"): lambda ids: f"ring:{ids.named['ring']}:{ids.named['service_id']}",
    ("sending.send", "referral"): lambda _: "",
    ("sending.send", "to"): lambda ids: f"ring:{ids.named['ring']}:{ids.named['service_id']}",
    ("today.sheet", "day"): lambda _: date(2026, 3, 3),
    ("week.week", "day"): lambda _: date(2026, 3, 3),
    ("following.take", "step"): lambda _: "withdrawn",
    ("following.take", "reason"): lambda _: "person",
    ("minutes.read", "meeting_id"): lambda ids: ids.named.get("over", NOBODY),
    ("papers.releve", "meeting_id"): lambda ids: ids.named.get("over", NOBODY),
    ("opening.open", "code"): lambda _: "2468",
    ("opening.open", "repeated"): lambda _: "2468",
    ("preparing.create", "kind"): lambda _: "ordinary",
    ("reaching.mark", "state"): lambda _: "done",
    ("reaching.plan", "reason"): lambda _: "",
    ("service_rings.stand_in", "starts"): lambda _: DAY,
    ("service_rings.stand_in", "until"): lambda _: SOON,
    ("unlinking.unlink", "reason"): lambda _: "mistake",
    ("urgent.open", "reason"): lambda _: "runaway",
    ("urgent.open", "first_name"): lambda _: "",
    ("urgent.open", "last_name"): lambda _: "",
    ("urgent_review.decide", "finding"): lambda _: "justified",
    ("visits.answer", "answer"): lambda _: "accepted",
    ("walling.set", "reason"): lambda _: "relative",
}
"""Verb and name -> where the name says something else than elsewhere."""


def said(thing: Any) -> str:
    """Every text, number, day and byte of what was given back or raised, in small letters."""
    return "\n".join(_words(thing, set())).casefold()


def _words(thing: Any, seen: set[int]) -> Iterator[str]:
    if isinstance(thing, str | int | float | date):
        yield str(thing)
    elif isinstance(thing, bytes):
        yield thing.decode("utf-8", "replace")
        yield thing.decode("utf-16-le", "replace")
    elif thing is not None and id(thing) not in seen:
        seen.add(id(thing))
        yield repr(thing)
        for part in _parts(thing):
            yield from _words(part, seen)


def _parts(thing: Any) -> Iterable[Any]:
    if isinstance(thing, BaseException):
        return (*thing.args, *vars(thing).values(), thing.__cause__, thing.__context__)
    if is_dataclass(thing):
        return (getattr(thing, each.name) for each in fields(thing))
    if isinstance(thing, Mapping):
        return (*thing, *thing.values())
    return thing if isinstance(thing, list | tuple | set | frozenset) else ()
