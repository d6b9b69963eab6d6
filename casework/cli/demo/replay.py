"""Replays the script through the application's own verbs, each act by its author at its planned moment."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from casework import services
from casework.cli.demo.founding import Town
from casework.cli.demo.names import Person
from casework.cli.demo.people import VICTIMS
from casework.cli.demo.script import DossierPlan, PlannedStep
from casework.services import Actor
from casework.services.drafts import ChildDraft, EntryDraft, ExaminationDraft, ReferralDraft
from casework.services.emergency.urgent import UrgentRequest
from casework.services.record.views import RecordRow
from casework.services.sharing.extracts import ExtractDraft
from casework.services.support.drafts import CallDraft

FIRST_MEETING = timedelta(days=28)
"""How long after it was taken up a dossier is looked at again, unless somebody plans another day."""

FORGETFUL = 6
"""One dossier in so many has a date gone by: somebody forgot, as happens."""

CALLED_AT_NIGHT = "Appel de la personne au numéro d’astreinte, elle demande où se rendre cette nuit et qui prévenir."

HOURS = ("mon,tue,wed,thu,fri 09:00-11:30", "tue,thu 14:00-17:00", "mon,tue,thu,fri 08:30-12:00")
"""When a safe contact may be called, in the form they are stored."""

_OWNED = frozenset({"social", "sealed"})


class Replay:
    """The town at work. numbers: index of a dossier's plan -> its number."""

    def __init__(self, town: Town, start: date, plans: Sequence[DossierPlan]) -> None:
        self.town = town
        self._plans = plans
        self._younger = {dossier.elder: dossier for dossier in plans if dossier.elder is not None}
        self._urgent: dict[int, str] = {}
        self.numbers: dict[int, str] = {}
        self._start = datetime.combine(start, time(), tzinfo=UTC)
        self._entries: dict[tuple[int, int], str] = {}
        self._made: dict[int, dict[tuple[str, str], str]] = {}
        self._postponed: dict[int, list[tuple[PlannedStep, str]]] = {}
        self._acts: dict[str, Callable[[Actor, DossierPlan, PlannedStep], None]] = {
            "refer": self._refer,
            "call": self._call,
            "sibling": self._sibling,
            "complement": self._complement,
            "take_up": self._take_up,
            "examine": self._examine,
            "relead": self._relead,
            "contact": self._contact,
            "schooling": self._schooling,
            "measure": self._measure,
            "safe": self._safe,
            "extract": self._extract,
            "withdraw": self._withdraw,
            "settle": self._settle,
            "urgent": self._open_urgently,
            "review": self._review,
            "note": self._note,
            "correct": self._note,
            "share": self._share,
            "plan": self._plan,
            "close": self._close,
        }

    def play(self, dossier: DossierPlan, step: PlannedStep) -> None:
        """One act. What somebody meant to share before it existed is shared as soon as it does."""
        self.town.at(self._start + timedelta(days=step.day, minutes=step.minute))
        self._acts[step.act](self.town.actors[step.username], dossier, step)
        self._share_postponed(dossier)

    def look_ahead(self, monday: datetime) -> None:
        """The last working days before the town is handed over: leads set the next date of what is open, a few forget."""
        self.town.at(monday)
        for dossier in self._plans:
            if dossier.ends == "open" and (dossier.index + 2) % FORGETFUL:
                self.town.wait(60)
                day = self._today() + timedelta(days=4 + dossier.index * 5 % 45)
                services.lifecycle.plan(self.town.actors[dossier.last_lead], self.numbers[dossier.index], day)

    def a_night(self, moment: datetime) -> None:
        """Somebody on call in domestic violence opens the dossier of a colleague; nobody has reviewed it yet."""
        self.town.at(moment)
        for dossier in self._plans:
            duty = [username for username in VICTIMS.duty if username != dossier.last_lead]
            if dossier.cell == VICTIMS.key and dossier.ends == "open" and not any(step.act == "withdraw" for step in dossier.steps):
                actor, number = self.town.actors[duty[-1]], self.numbers[dossier.index]
                opened = services.urgent.open(actor, UrgentRequest(number, "", "", None, "urgent_call", CALLED_AT_NIGHT))
                self.town.wait(40)
                services.urgent.read(actor, opened[0])
                return

    def _refer(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        motives = step.extra["motives"]
        assert isinstance(motives, tuple)  # noqa: S101 - the script's vocabulary says so
        younger = self._younger.get(dossier.index)
        together = [dossier, *([younger] if younger else [])]
        draft = ReferralDraft(
            cell=self.town.cells[dossier.cell], children=tuple(_child(each.person) for each in together),
            origin=str(step.extra["origin"]), motives=motives, facts=step.text, informed=bool(step.extra["informed"]),
            submission=services.entries.new_submission(),
        )  # fmt: skip
        for each, number in zip(together, services.referrals.send(actor, draft).numbers, strict=True):
            self.numbers[each.index] = number
            self._made[each.index] = {}
            self._note_made(each, "identity", step.username)
            self._note_made(each, "confidential", step.username)

    def _call(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        """With the person's agreement; the service completes the safe contact."""
        motives, needs, person, contacts = step.extra["motives"], step.extra["needs"], dossier.person, dossier.contacts
        assert isinstance(motives, tuple)  # noqa: S101 - the script's vocabulary says so
        assert isinstance(needs, tuple)  # noqa: S101 - so it says of these as well
        draft = CallDraft(
            self.town.cells[dossier.cell], "given", services.entries.new_submission(), origin=str(step.extra["origin"]), motives=motives,
            channel="call", value=contacts.phones[0], code_word=contacts.code_words[0], last_name=person.last_name,
            first_name=person.first_name, birth_date=person.birth_date.isoformat(), sex=person.sex, commune=person.commune, needs=needs,
        )  # fmt: skip
        self.numbers[dossier.index] = services.intake.send(actor, draft).number
        self._made[dossier.index] = {}
        for kind in ("identity", "confidential", "safety"):
            self._note_made(dossier, kind, step.username)

    def _sibling(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        """The sender re-reads what was sent about the second child."""
        services.dossiers.open(actor, self.numbers[dossier.index])

    def _complement(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        services.complements.add(actor, self.numbers[dossier.index], step.text, services.entries.new_submission())

    def _examine(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        twin = self.numbers[dossier.twin] if dossier.twin is not None else ""
        outcome = str(step.extra["outcome"])
        if outcome == "duplicate" and not twin:
            outcome = "not_retained"
        services.examination.prepare(actor, self.numbers[dossier.index])
        self.town.wait(150)
        draft = ExaminationDraft(outcome, redirected_to=str(step.extra.get("redirected_to", "")), duplicate_of=twin)
        services.examination.decide(actor, self.numbers[dossier.index], draft)

    def _relead(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        services.lifecycle.relead(actor, self.numbers[dossier.index], str(step.extra["to"]))

    def _withdraw(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        services.conflicts.withdraw(actor, self.numbers[dossier.index])

    def _settle(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        services.conflicts.settle(actor, self.numbers[dossier.index])

    def _open_urgently(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        request = UrgentRequest(self.numbers[dossier.index], "", "", None, str(step.extra["reason"]), step.text)
        (self._urgent[dossier.index],) = services.urgent.open(actor, request)
        self.town.wait(50)
        services.urgent.read(actor, self._urgent[dossier.index])

    def _review(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        services.urgent_review.read(actor, self._urgent[dossier.index])
        self.town.wait(120)
        services.urgent_review.decide(actor, self._urgent[dossier.index], str(step.extra["finding"]))

    def _take_up(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        services.lifecycle.take_up(actor, self.numbers[dossier.index], dossier.lead, self._today() + FIRST_MEETING)
        for kind in services.lifecycle.FROM_THE_START:
            self._note_made(dossier, kind, step.username)

    def _contact(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        contacts = dossier.contacts
        groups = (("Téléphone", contacts.phones), ("Adresse", contacts.addresses), ("Représentant légal", contacts.representatives))
        for label, values in groups:
            for value in values:
                services.records.add_contact(actor, self.numbers[dossier.index], label, value)
                self.town.wait(20)
        self._note_made(dossier, "contact", step.username)

    def _schooling(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        place, absences = str(step.extra["establishment"]), str(step.extra["absences"])
        services.records.set_schooling(actor, self.numbers[dossier.index], place, step.text, absences)
        self._note_made(dossier, "school", step.username)

    def _measure(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        """What the judicial authority told: a measure, its dates, the obligations that help."""
        since, lasts = self._today() - timedelta(days=3), timedelta(days=int(str(step.extra["lasts"])))
        label = self._listed(actor, dossier, "judicial", "label", str(step.extra["label"]), "other")
        texts = {"label": label, "since": since.isoformat(), "until": (since + lasts).isoformat(), "obligations": step.text}
        services.records.write(actor, self.numbers[dossier.index], "judicial", [RecordRow("", 0, texts)])
        self._note_made(dossier, "judicial", step.username)

    def _safe(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        """How to reach somebody without endangering them. Chosen codes vary; what is typed belongs to one dossier alone."""
        contacts, turn = dossier.contacts, dossier.index
        channel = ("call", "message", "third_person", "call")[turn % 4]
        texts = {
            "channel": self._listed(actor, dossier, "safety", "channel", channel, "call"),
            "value": contacts.phones[0],
            "hours": HOURS[turn % len(HOURS)],
            "code_word": contacts.code_words[0],
            "limits": self._listed(
                actor, dossier, "safety", "limits", "no_message", "Ne pas laisser de message. Ne pas écrire au domicile."
            ),
            "address": contacts.addresses[0],
            "not_to_inform": contacts.not_to_inform[0],
        }
        number = self.numbers[dossier.index]
        told = next(iter(services.records.compose(actor, number, "safety").rows), RecordRow("", 0, {}))
        services.records.write(actor, number, "safety", [RecordRow(told.id, told.version, texts)])
        self._note_made(dossier, "safety", step.username)

    def _listed(self, actor: Actor, dossier: DossierPlan, kind: str, column: str, wanted: str, otherwise: str) -> str:
        """The code, when the closed list of the field has it."""
        page = services.records.compose(actor, self.numbers[dossier.index], kind)
        codes = {option.code for field in page.fields if field.column == column for option in field.options}
        self.town.wait(60)
        return wanted if wanted in codes else otherwise

    def _extract(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        """First and last name, and the last decision: what somebody needs who meets the person."""
        number, until = self.numbers[dossier.index], self._until(step)
        pieces = services.extracts.prepare(actor, number).pieces
        decision = next(piece for piece in pieces if piece.text in {each.text for each in dossier.steps if each.compartment == "decisions"})
        names = [piece for piece in pieces if piece.text in (dossier.person.first_name, dossier.person.last_name)]
        chosen = tuple(piece.id for piece in (*names, decision))
        draft = ExtractDraft(str(step.extra["to"]), chosen, step.text, until, services.entries.new_submission())
        services.extracts.preview(actor, number, draft)
        self.town.wait(60)
        services.extracts.give(actor, number, draft)

    def _note(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        number, corrected = self.numbers[dossier.index], None
        if step.act == "correct":
            corrected = self._entries[dossier.index, int(str(step.extra["of"]))]
        form = services.entries.compose(actor, number, corrected)
        readers = next(each.digest for each in form.compartments if each.kind == step.compartment)
        self.town.wait(90)
        draft = EntryDraft(step.kind, step.compartment, self._today(), step.text, services.entries.new_submission(), readers, corrected)
        self._entries[dossier.index, _place(dossier, step)] = services.entries.write(actor, number, draft)
        self._note_made(dossier, step.compartment, step.username)

    def _share(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        kinds = step.extra["kinds"]
        assert isinstance(kinds, tuple)  # noqa: S101 - the script's vocabulary says so
        there = [kind for kind in kinds if self._maker(dossier, kind, step.username)]
        if there:
            services.shares.give(actor, self.numbers[dossier.index], there, str(step.extra["to"]), until=self._until(step))
        self._postponed.setdefault(dossier.index, []).extend((step, kind) for kind in kinds if kind not in there)

    def _share_postponed(self, dossier: DossierPlan) -> None:
        """A receiver who made the compartment holds it already."""
        for step, kind in self._postponed.pop(dossier.index, []):
            maker, to = self._maker(dossier, kind, step.username), str(step.extra["to"])
            if maker is None:
                self._postponed.setdefault(dossier.index, []).append((step, kind))
            elif maker != to and self._until(step) > self.town.clock.now() + timedelta(days=1):
                self.town.wait(60)
                number = self.numbers[dossier.index]
                services.shares.give(self.town.actors[step.username], number, [kind], to, until=self._until(step))

    def _plan(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        in_days = timedelta(days=int(str(step.extra["in_days"])))
        services.lifecycle.plan(actor, self.numbers[dossier.index], self._today() + in_days)

    def _close(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        self._postponed.pop(dossier.index, None)
        services.lifecycle.close(actor, self.numbers[dossier.index], str(step.extra["reason"]))

    def _today(self) -> date:
        return self.town.clock.now().astimezone(services.entries.PARIS).date()

    def _until(self, step: PlannedStep) -> datetime:
        return min(self._start + timedelta(days=step.day + int(str(step.extra["days"]))), self.town.until)

    def _maker(self, dossier: DossierPlan, kind: str, username: str) -> str | None:
        """Who made the compartment that this person may share, None while there is none."""
        return self._made[dossier.index].get((kind, username if kind in _OWNED else ""))

    def _note_made(self, dossier: DossierPlan, kind: str, username: str) -> None:
        self._made[dossier.index].setdefault((kind, username if kind in _OWNED else ""), username)


def _child(person: Person) -> ChildDraft:
    return ChildDraft(person.first_name, person.last_name, person.sex, person.birth_date, person.commune)


def _place(dossier: DossierPlan, step: PlannedStep) -> int:
    """The index of an act in its dossier: what a correction names."""
    return next(index for index, each in enumerate(dossier.steps) if each is step)
