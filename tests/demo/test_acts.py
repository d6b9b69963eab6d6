"""Every act of the demo town is one its author may do, by the charter and by the titles given before."""

from dataclasses import replace

import pytest

from casework.charter import Charter, Situation, load
from casework.cli.demo.people import BY_USERNAME, CELL, stewards
from casework.cli.demo.script import DossierPlan, PlannedStep
from tests.demo.test_content import ROOT, town, tuple_of

ASKED = {
    "take_up": "referral.examine",
    "examine": "referral.examine",
    "complement": "referral.add",
    "relead": "dossier.relead",
    "close": "dossier.close",
    "plan": "dossier.plan",
    "withdraw": "dossier.withdraw",
    "settle": "conflict.settle",
    "extract": "extract.give",
    "urgent": "urgent.open",
    "review": "urgent.review",
    "refer": "referral.send",
    "call": "referral.send",
    "sibling": "dossier.open",
    "contact": "record.write",
    "safe": "record.write",
    "measure": "record.write",
    "schooling": "record.write",
    "note": "entry.write",
    "correct": "entry.write",
}
PLACES = {"contact": "contact", "safe": "safety", "measure": "judicial", "schooling": "school"}


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> Charter:
    """The charter of the tree."""
    return load(ROOT / "policies", tmp_path_factory.mktemp("law"))


class Dossier:
    """What the titles of everybody are while a dossier is replayed."""

    def __init__(self, law: Charter, plan: DossierPlan) -> None:
        self.law, self.plan, self.status, self.lead = law, plan, "received", ""
        self.shares: set[tuple[str, str]] = set()
        self.addressed: set[str] = set()
        self.wrote: set[str] = set()
        self.gone: set[str] = set()

    def positions(self, username: str) -> set[str]:
        """Every position of somebody now."""
        cell, persona = CELL[self.plan.cell], BY_USERNAME[username]
        held = {
            "steward": persona in stewards(cell.key),
            "lead": username == self.lead,
            "shared": any(to == username for to, _ in self.shares),
            "addressed": username in self.addressed,
            "author": username in self.wrote | {self.plan.sender},
            "reporter": username == self.plan.sender,
            "service": bool(cell.service) and persona.institution == cell.service,
            "duty": username in cell.duty,
            "member": persona.sits_in(cell.key),
        }
        return set() if username in self.gone else {name for name, has in held.items() if has} | {"none"}

    def may(self, action: str, username: str, kind: str = "none") -> bool:
        """Whether the charter permits it under one of their positions."""
        profession, programme = BY_USERNAME[username].profession, self.plan.programme
        asked = [Situation(profession, each, programme, self.status, kind) for each in self.positions(username)]
        return self.law.check_any(action, asked).permitted

    def allows(self, step: PlannedStep) -> bool:
        """Whether this act is one its author may do now."""
        me, kind = step.username, PLACES.get(step.act, step.compartment or "none")
        if step.act == "share":
            return all(self.shareable(step, str(each)) for each in tuple_of(step.extra["kinds"]))
        if step.act == "relead":
            to = Situation(BY_USERNAME[str(step.extra["to"])].profession, "lead", self.plan.programme, "open", "decisions")
            return self.may(ASKED[step.act], me) and self.law.check("entry.write", to).permitted
        return self.may(ASKED[step.act], me, kind)

    def shareable(self, step: PlannedStep, kind: str) -> bool:
        """The giver may give that kind and the receiver may read it."""
        to = Situation(BY_USERNAME[str(step.extra["to"])].profession, "shared", self.plan.programme, self.status, kind)
        return self.may("share.give", step.username, kind) and self.law.check("compartment.read", to).permitted

    def goes_on(self, step: PlannedStep) -> None:
        """What this act changes."""
        if step.act == "take_up":
            self.status, self.lead = "open", self.plan.lead
        elif step.act in ("close", "examine"):
            self.status = "closed"
        elif step.act == "relead":
            self.lead = str(step.extra["to"])
        elif step.act == "withdraw":
            self.gone.add(step.username)
        elif step.act == "share":
            self.shares |= {(str(step.extra["to"]), str(kind)) for kind in tuple_of(step.extra["kinds"])}
        elif step.act == "extract":
            self.addressed.add(str(step.extra["to"]))
        elif step.compartment in ("social", "sealed"):
            self.wrote.add(step.username)


def impossible(law: Charter, plan: DossierPlan) -> list[PlannedStep]:
    """Acts that the charter refuses when the dossier is replayed; all of them when it does not end as it promises."""
    dossier, refused = Dossier(law, plan), []
    for step in plan.steps:
        if not dossier.allows(step):
            refused.append(step)
        dossier.goes_on(step)
    return refused if dossier.status == plan.ends and dossier.lead == plan.last_lead else list(plan.steps)


def test_every_act_is_one_its_author_may_do(law: Charter) -> None:
    """In order, with the titles given before; and the story ends in the state it promises."""
    assert not [(dossier.story, step.act, step.who, step.day) for dossier in town() for step in impossible(law, dossier)]


def test_control_an_impossible_act_is_found(law: Charter) -> None:
    """Writing before the take-up, a police officer in the social compartment, a story cut short."""
    dossier = next(one for one in town() if one.story == "n2_entre_travailleurs_sociaux")
    assert impossible(law, replace(dossier, steps=(dossier.steps[0], *dossier.steps[4:])))
    stranger = replace(dossier.steps[5], username="marc.plessandre")
    assert impossible(law, replace(dossier, steps=(*dossier.steps[:5], stranger, *dossier.steps[6:])))
    assert impossible(law, replace(dossier, steps=dossier.steps[:5]))
