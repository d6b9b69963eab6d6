"""Replays the script through the application's own verbs, each act by its author at its planned moment."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta

from casework import services
from casework.cli.demo.founding import Town
from casework.cli.demo.script import DossierPlan, PlannedStep
from casework.services import Actor
from casework.services.drafts import EntryDraft, ReferralDraft

FIRST_MEETING = timedelta(days=28)
"""How long after it was taken up a dossier is looked at again, unless somebody plans another day."""

FORGETFUL = 6
"""One dossier in so many has a date gone by: somebody forgot, as happens."""

_OWNED = frozenset({"social", "sealed"})


class Replay:
    """The town at work. numbers: index of a dossier's plan -> its number."""

    def __init__(self, town: Town, start: date) -> None:
        self.town = town
        self.numbers: dict[int, str] = {}
        self._start = datetime.combine(start, time(), tzinfo=UTC)
        self._entries: dict[tuple[int, int], str] = {}
        self._made: dict[int, dict[tuple[str, str], str]] = {}
        self._postponed: dict[int, list[tuple[PlannedStep, str]]] = {}
        self._acts: dict[str, Callable[[Actor, DossierPlan, PlannedStep], None]] = {
            "refer": self._refer,
            "take_up": self._take_up,
            "contact": self._contact,
            "schooling": self._schooling,
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

    def look_ahead(self, plans: Iterable[DossierPlan], monday: datetime) -> None:
        """The last working days before the town is handed over: leads set the next date of what is open, a few forget."""
        self.town.at(monday)
        for dossier in plans:
            acts = {step.act for step in dossier.steps}
            if "take_up" in acts and "close" not in acts and (dossier.index + 2) % FORGETFUL:
                self.town.wait(60)
                day = self._today() + timedelta(days=4 + dossier.index * 5 % 45)
                services.lifecycle.plan(self.town.actors[dossier.lead], self.numbers[dossier.index], day)

    def _refer(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        person, motives = dossier.person, step.extra["motives"]
        assert isinstance(motives, tuple)  # noqa: S101 - the script's vocabulary says so
        draft = ReferralDraft(
            cell=self.town.cells[dossier.cell], first_name=person.first_name, last_name=person.last_name, sex=person.sex,
            birth_date=person.birth_date, commune=person.commune, origin=str(step.extra["origin"]), motives=motives, facts=step.text,
            informed=bool(step.extra["informed"]), submission=services.entries.new_submission(),
        )  # fmt: skip
        self.numbers[dossier.index] = services.referrals.send(actor, draft).number
        self._made[dossier.index] = {}
        self._note_made(dossier, "identity", step.username)
        self._note_made(dossier, "confidential", step.username)

    def _take_up(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        services.lifecycle.take_up(actor, self.numbers[dossier.index], dossier.lead, self._today() + FIRST_MEETING)
        for kind in services.lifecycle.FROM_THE_START:
            self._note_made(dossier, kind, step.username)

    def _contact(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        contacts = dossier.contacts
        groups = (("Téléphone", contacts.phones), ("Adresse", contacts.addresses), ("Responsable légal", contacts.representatives))
        for label, values in groups:
            for value in values:
                services.records.add_contact(actor, self.numbers[dossier.index], label, value)
                self.town.wait(20)
        self._note_made(dossier, "contact", step.username)

    def _schooling(self, actor: Actor, dossier: DossierPlan, step: PlannedStep) -> None:
        place, absences = str(step.extra["establishment"]), str(step.extra["absences"])
        services.records.set_schooling(actor, self.numbers[dossier.index], place, step.text, absences)
        self._note_made(dossier, "school", step.username)

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
            elif maker != to:
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
        return self._start + timedelta(days=step.day + int(str(step.extra["days"])))

    def _maker(self, dossier: DossierPlan, kind: str, username: str) -> str | None:
        """Who made the compartment that this person may share, None while there is none."""
        return self._made[dossier.index].get((kind, username if kind in _OWNED else ""))

    def _note_made(self, dossier: DossierPlan, kind: str, username: str) -> None:
        self._made[dossier.index].setdefault((kind, username if kind in _OWNED else ""), username)


def _place(dossier: DossierPlan, step: PlannedStep) -> int:
    """The index of an act in its dossier: what a correction names."""
    return next(index for index, each in enumerate(dossier.steps) if each is step)
