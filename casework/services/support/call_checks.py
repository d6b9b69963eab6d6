"""What a call says, checked all at once: every field by the rules of the record it will be part of, in the words of its programme."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from casework.charter import Charter, Programme
from casework.services.record.record_fields import RECORDS, checked
from casework.services.referral.referral_checks import LIST, birth_problem
from casework.services.support.drafts import CallDraft
from casework.services.support.typed_hours import understood
from casework.services.support.words import GIVEN, NEEDS, NOT_SOUGHT, TOLD
from casework.services.typed import clean, is_submission
from casework.wording import says

MAX_CHILDREN, MAX_MEASURES = 8, 3
GROWN_UP = 25
"""Years: who is older is no child in the home."""

NO_NUMBER = frozenset({"in_person", "none"})
"""Channels that need no number."""

SAFE = ("channel", "value", "hours", "introduction", "code_word", "must_not_answer", "limits", "interpreter", "not_to_inform")
"""Fields of a safe contact that a call may say; a protected address is written by the service, later."""

MISSING: Mapping[str, str] = MappingProxyType(
    {
        "channel": says("Choisissez comment la joindre."),
        "last_name": says("Saisissez le nom."),
        "first_name": says("Saisissez le prénom."),
        "commune": says("Saisissez la commune."),
        "sex": says("Indiquez le sexe, ou « Non renseigné »."),
        "label": says("Choisissez de quelle mesure il s’agit."),
    }
)
"""What is said of a field that is left empty."""

YEAR = re.compile(r"\d+")


@dataclass(slots=True)
class Checked:
    """The texts to seal, by the table they go to, and what is wrong, by field."""

    person: dict[str, str] = field(default_factory=dict)
    safety: dict[str, str] = field(default_factory=dict)
    situation: dict[str, str] = field(default_factory=dict)
    request: dict[str, str] = field(default_factory=dict)
    measures: list[dict[str, str]] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


def check(charter: Charter, programme: Programme, draft: CallDraft, *, today: date, keeps_contact: bool) -> Checked:
    """Everything about a call that may be kept. keeps_contact: whether a service is there to keep `safety`."""
    return _Check(charter, programme, draft, today).run(keeps_contact=keeps_contact)


class _Check:
    """One call, looked at field by field."""

    def __init__(self, charter: Charter, programme: Programme, draft: CallDraft, today: date) -> None:
        self.charter, self.programme, self.draft, self.today = charter, programme, draft, today
        self.found = Checked()

    def run(self, *, keeps_contact: bool) -> Checked:
        """Every field; of the safe contact only what somebody would keep."""
        draft, found = self.draft, self.found
        found.problems.update(self._shared())
        informed = "yes" if draft.agreement == GIVEN else "no"
        found.situation = {"origin": draft.origin, "motives": " ".join(dict.fromkeys(draft.motives)), "informed": informed}
        if keeps_contact:
            self._safety()
        self._person()
        found.request = {
            "needs": " ".join(code for code in NEEDS if code in draft.needs),
            "oriented": " ".join(code for code in NEEDS if code in draft.oriented and code in draft.needs),
            "children": self._children(),
        }
        self._measures()
        return found

    def _shared(self) -> Iterator[tuple[str, str]]:
        programme, draft = self.programme, self.draft
        if programme.refusal:
            yield "cell", programme.refusal
        if draft.origin not in programme.origins:
            yield "origin", says("Choisissez qui oriente la personne.")
        if not set(draft.motives) <= set(programme.motives):
            yield "motives", LIST
        if draft.agreement not in TOLD:
            yield "agreement", says("Dites ce que la personne a répondu, ou que la question n’a pas été posée.")
        if draft.agreement == NOT_SOUGHT and draft.reason not in self.charter.support.unasked:
            yield "reason", says("Choisissez pourquoi l’accord n’a pas été demandé.")
        if not set(draft.needs) <= set(NEEDS):
            yield "needs", LIST
        elif not draft.needs:
            yield "needs", says("Indiquez au moins un besoin.")
        if not is_submission(draft.submission):
            yield "submission", says("Ce formulaire n’est plus valable : rechargez la page.")

    def _safety(self) -> None:
        draft, problems = self.draft, self.found.problems
        typed = {name: str(getattr(draft, name)) for name in SAFE if name not in ("limits", "hours")}
        hours = understood(clean(draft.hours))
        if hours is None:
            problems["hours"] = says("Écrivez des jours et des heures, par exemple : mardi et jeudi 9h-11h30 ; samedi 10h-12h.")
        typed |= {"limits": " ".join(draft.limits), "hours": hours or ""}
        self.found.safety = self._fields("safety", typed, only=SAFE)
        if not draft.value.strip() and draft.channel not in NO_NUMBER:
            problems.setdefault("value", says("Indiquez le numéro ou l’adresse où la joindre."))

    def _person(self) -> None:
        names = ("last_name", "first_name", "birth_date", "sex", "commune")
        self.found.person = self._fields("identity", {name: getattr(self.draft, name) for name in names})
        born, problems = self.found.person.get("birth_date", ""), self.found.problems
        if "birth_date" not in problems:
            wrong = birth_problem(self.programme, date.fromisoformat(born) if born else None, self.today)
            problems |= {"birth_date": wrong} if wrong else {}

    def _fields(self, kind: str, typed: Mapping[str, str], *, only: tuple[str, ...] = (), prefix: str = "") -> dict[str, str]:
        """The texts of one row, checked by the rules of its record."""
        texts = {}
        for rule in RECORDS[kind].declared(self.programme):
            if not only or rule.column in only:
                text, wrong = checked(self.charter.vocabulary, self.programme, rule, typed.get(rule.column, ""), self.today)
                texts[rule.column] = text
                if wrong:
                    self.found.problems.setdefault(prefix + rule.column, wrong if text else MISSING.get(rule.column, wrong))
        return texts

    def _children(self) -> str:
        """Years of birth, in their order: « 2015, 2018 »."""
        typed, problems, newest = self.draft.children, self.found.problems, self.today.year
        years = YEAR.findall(typed)
        rest = YEAR.sub("", typed).replace("et", "").strip(" ,;.\n\r\t")
        if rest or not all(len(year) == 4 and newest - GROWN_UP <= int(year) <= newest for year in years):
            problems["children"] = says("Écrivez les années de naissance, par exemple : 2015, 2018.")
        elif len(years) > MAX_CHILDREN:
            problems["children"] = says("Huit enfants au plus.")
        return " ".join(sorted(years))

    def _measures(self) -> None:
        found = self.found
        for place, each in enumerate(self.draft.measures):
            typed = {"label": each.label, "since": each.since, "until": each.until}
            if not any(text.strip() for text in typed.values()):
                continue
            prefix = f"measures-{place}-"
            texts = self._fields("judicial", typed, prefix=prefix)
            if texts.get("until") and texts["until"] < texts.get("since", ""):
                found.problems.setdefault(f"{prefix}until", says("La fin précède le début."))
            found.measures.append(texts)
        if len(found.measures) > MAX_MEASURES:
            found.problems["measures"] = says("Trois mesures au plus : la fiche du dossier prend les suivantes.")
