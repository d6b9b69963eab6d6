"""A small town for the access matrix: every profession certified and seated, a cell for each programme, one followed dossier in each with
something written in every volet, and everybody in the position where the matrix (domain 2.20) puts them.

Claire keeps the town's three cells, Vera that of the victims. Solène leads, Lucie (the other social worker) has a share and notes of her
own, Viola serves with Vera in the association's team, Lionel and Tania brought situations, Josiane prepares the meetings, Elsa is elected.
"""

import secrets
from datetime import date, timedelta

from casework import services
from casework.clock import ForwardClock
from casework.config import Config
from casework.services import Actor, Instance
from casework.services.access import find
from casework.services.drafts import ChildDraft, ReferralDraft
from casework.services.keys.boxes import give
from casework.services.keys.certificates import user_holder
from casework.services.membership.cells import NewCell
from casework.services.offices.foundation import Founder
from casework.services.record.views import RecordRow
from casework.services.sharing.extracts import ExtractDraft
from casework.services.unit import writing
from casework.vault.hybrid import HybridPrivateKey
from tests.house import CHEAP, END, START, House, Secrets, enrol
from tests.victims import called

TOWN, DEPARTMENT, COLLEGE = "Ville de Valmorel-sur-Orle", "Département de l’Orle", "Collège des Tilleuls"
DSDEN, BRIDGE, SHORE = "Services de l’éducation nationale de l’Orle", "Prévention Le Pont", "Association Rive d’Orle"
JUSTICE = "Tribunal de Valmorel-sur-Orle"
KINDS = {
    DEPARTMENT: "department", COLLEGE: "school", DSDEN: "education_authority", BRIDGE: "association", SHORE: "victim_association",
    JUSTICE: "justice", "Gendarmerie de l’Orle": "state_police", "Mission locale de l’Orle": "youth_employment",
    "Habitat de l’Orle": "landlord", "Bus de l’Orle": "transport", "Centre de consultations": "health",
}  # fmt: skip
PEOPLE = {
    "claire": ("coordinator", TOWN), "josiane": ("secretary", TOWN), "elsa": ("elected", TOWN), "marc": ("municipal_police", TOWN),
    "solene": ("social_worker", DEPARTMENT), "lucie": ("social_worker", DEPARTMENT), "karim": ("specialised_educator", BRIDGE),
    "agathe": ("school_head", COLLEGE), "thomas": ("school_staff", COLLEGE), "irene": ("school_nurse", COLLEGE),
    "helene": ("education_authority", DSDEN), "nadege": ("school_social_worker", DSDEN),
    "yann": ("state_police", "Gendarmerie de l’Orle"), "sonia": ("iscg", "Gendarmerie de l’Orle"),
    "pierre": ("prosecutor", JUSTICE), "judith": ("youth_justice", JUSTICE), "denis": ("probation", JUSTICE),
    "mylene": ("youth_employment", "Mission locale de l’Orle"), "lionel": ("landlord", "Habitat de l’Orle"),
    "tania": ("transport", "Bus de l’Orle"), "vera": ("victim_support", SHORE), "viola": ("victim_support", SHORE),
    "gilles": ("health", "Centre de consultations"), "ada": ("auditor", TOWN), "dora": ("dpo", TOWN),
}  # fmt: skip
PROGRAMMES = ("fragility", "school", "release", "domestic_violence")
SEATS = {
    "fragility": "josiane elsa marc solene lucie karim agathe thomas irene helene nadege yann sonia pierre judith mylene lionel tania"
    " gilles",
    "school": "josiane elsa marc solene lucie karim agathe thomas irene helene nadege judith mylene tania gilles",
    "release": "josiane elsa marc solene lucie karim yann pierre judith denis mylene lionel gilles",
    "domestic_violence": "josiane marc solene lucie nadege yann sonia pierre gilles viola",
}
STEWARDS = {"fragility": "claire", "school": "claire", "release": "claire", "domestic_violence": "vera"}
SENDERS = {"fragility": "lionel", "school": "tania", "release": "lionel", "domestic_violence": "yann"}
CALLED = "domestic_violence"
"""Its saisine is a call: nobody types the facts."""

BORN = {"fragility": date(2012, 4, 5), "school": date(2010, 4, 5), "release": date(1998, 4, 5)}
ROLES = {"josiane": "secretary", "elsa": "elected"}

FOR_ALL = "identity decisions"
FOR_SCHOOL = "identity decisions school"
FOR_SOCIAL = "identity contact decisions confidential school"
SHARES = {
    "fragility": {
        FOR_ALL: "marc karim yann judith", FOR_SCHOOL: "agathe thomas helene mylene", FOR_SOCIAL: "lucie nadege sonia",
    },
    "school": {FOR_ALL: "marc karim judith", FOR_SCHOOL: "agathe thomas helene mylene", FOR_SOCIAL: "lucie nadege"},
    "release": {
        FOR_ALL: "marc karim yann judith mylene", "identity decisions judicial": "pierre denis",
        "identity contact decisions confidential": "lucie",
    },
    "domestic_violence": {FOR_ALL: "yann", "identity decisions confidential": "lucie nadege sonia", "judicial": "viola"},
}  # fmt: skip
PEERS = {"fragility": "nadege sonia", "school": "nadege", "release": "", "domestic_violence": "nadege sonia"}
ADDRESSED = {"fragility": "pierre irene gilles", "school": "irene gilles", "release": "gilles", "domestic_violence": "pierre gilles"}

NAMES = {"fragility": "Ombrelune", "school": "Vaucresset", "release": "Tardivelle", "domestic_violence": "Solmenac"}
PLACES = {"fragility": "quai Neuf", "school": "rue des Tilleuls", "release": "place du Four", "domestic_violence": "allée des Saules"}
SAID = {
    "contact": "12, {}",
    "decisions": "Décidé : un relais par semaine, {}.",
    "confidential": "La situation inquiète depuis janvier, {}.",
    "school": "Lycée fictif, {}",
    "judicial": "Se présenter chaque mois, {}.",
    "safety": "Par la voisine, {}",
    "social": "Entre pairs : le budget est très serré, {}.",
    "sealed": "Pour moi : revoir l’aînée, {}.",
    "extract": "Pour préparer votre passage, {}.",
}
ABSENT = {"school": {"judicial"}, "release": {"school"}, "domestic_violence": {"contact", "school"}}
"""Volets without a field in a programme: nothing stands there."""


def marks(programme: str) -> dict[str, str]:
    """Kind -> the words that stand in that volet of the programme's dossier and nowhere else."""
    said = {kind: text.format(PLACES[programme]) for kind, text in SAID.items() if kind not in ABSENT.get(programme, ())}
    return {"identity": NAMES[programme], **said}


def build(config: Config) -> House:
    """Found the town, people it and write its dossiers: `house.numbers` has the number of each programme's, and of `other <programme>`."""
    clock, recovery = ForwardClock(START), HybridPrivateKey.generate()
    founder = Founder("oscar", "Oscar", "m", "officier d’habilitation", TOWN, "town", "phrase oscar", "acte 1", END)
    kept = services.foundation.found(
        config, name="Valmorel-sur-Orle", founder=founder, recovery_public=recovery.public, demo=True, clock=clock, hashing=CHEAP
    )
    instance = Instance.open(config, clock=clock, hashing=CHEAP)
    house = House(instance, clock, {"oscar": Secrets("phrase oscar", kept.totp_seed, kept.recovery_sheet)}, {}, {}, recovery)
    house.actors["oscar"] = house.sign_in("oscar")
    for name, kind in KINDS.items():
        services.accounts.add_institution(house.oscar, name, kind)
    for name, (profession, institution) in PEOPLE.items():
        enrol(house, name, profession, institution)
    for programme in PROGRAMMES:
        _found_cell(house, programme)
    house.actors |= {name: house.sign_in(name) for name in PEOPLE if name not in house.actors}
    services.service_rings.make(house.vera, house.cells["domestic_violence"], [house.viola.user_id])
    for programme in PROGRAMMES:
        _follow(house, programme)
    clock.advance(timedelta(minutes=20))  # who sent a saisine re-reads it for a quarter of an hour
    return house


def _found_cell(house: House, programme: str) -> None:
    name, code = STEWARDS[programme], programme.replace("_", "-")
    new = NewCell(code, f"Cellule {code}", programme, "Valmorel-sur-Orle", (name,), "acte 3", END, "acte 3")
    cell = house.cells[programme] = services.cells.found(house.oscar, new)
    steward = house.actors.setdefault(name, house.sign_in(name))
    services.cells.take_charge(steward, cell)
    for each in SEATS[programme].split():
        services.cells.admit(steward, cell, each, ROLES.get(each, "member"), act="acte 4", until=END, charter_sheet="acte 4")
    if "elsa" in SEATS[programme]:
        services.rings.switch_on_elected(steward, cell)


def _follow(house: House, programme: str) -> None:
    """A saisine taken up, written in and shared; and another one that waits."""
    steward, words = house.actors[STEWARDS[programme]], marks(programme)
    number = house.numbers[programme] = _refer(house, programme, house.actors[SENDERS[programme]], words["identity"], words["confidential"])
    house.numbers[f"other {programme}"] = _refer(house, programme, steward, f"Autre{NAMES[programme]}", "Un autre fait.")
    services.lifecycle.take_up(steward, number, "solene", date(2026, 9, 1))
    _write(house, programme, number, steward)
    _share(house, programme, number, steward)
    _on_the_agenda(house, number, steward)


def _refer(house: House, programme: str, sender: Actor, last_name: str, facts: str) -> str:
    cell = house.cells[programme]
    if programme == CALLED:
        return services.intake.send(sender, called(house, programme, last_name, marks(programme)["safety"], first_name="Théodule")).number
    lists = services.referrals.prepare(sender, cell)
    child = ChildDraft("Théodule", last_name, "m", BORN[programme], "Valmorel-sur-Orle")
    draft = ReferralDraft(
        cell=cell, children=(child,), origin=lists.origins[0].code, motives=(lists.motives[0].code,), facts=facts, informed=True,
        submission=secrets.token_hex(16),
    )  # fmt: skip
    return services.referrals.send(sender, draft).number


def _write(house: House, programme: str, number: str, steward: Actor) -> None:
    """Something in every volet but those of the social workers."""
    words = marks(programme)
    house.note(steward, number, words["decisions"], kind="decision", compartment="decisions")
    house.note(house.solene, number, orientation(programme), kind="decision", compartment="decisions")
    if "contact" in words:
        services.records.add_contact(house.solene, number, "address", words["contact"])
    if "school" in words:
        services.records.set_schooling(house.solene, number, words["school"], "", "")
    if "judicial" in words:
        services.records.write(steward, number, "judicial", [_row(steward, number, "judicial", obligations=words["judicial"])])
    if programme == CALLED:  # there safety came with the call, and no facts did
        house.note(steward, number, words["confidential"], compartment="confidential")
    else:
        services.records.write(house.solene, number, "safety", [_row(house.solene, number, "safety", value=words["safety"])])


def orientation(programme: str) -> str:
    """The decision that is copied for those to whom a part is addressed."""
    return f"Orientation proposée, {PLACES[programme]}."


def _row(actor: Actor, number: str, kind: str, **texts: str) -> RecordRow:
    """A new row of a record: the first code of each closed list, and these texts."""
    form = services.records.compose(actor, number, kind)
    codes = {field.column: field.options[0].code for field in form.fields if field.options}
    return RecordRow("", 0, codes | texts)


def _share(house: House, programme: str, number: str, steward: Actor) -> None:
    """Volets for those whom the charter lets read them, N2 for named peers, a part for those who hold nothing else."""
    words = marks(programme)
    for kinds, people in SHARES[programme].items():
        for name in people.split():
            services.shares.give(steward, number, kinds.split(), name, until=None)
    for kind in ("social", "sealed"):
        house.note(house.lucie, number, words[kind], compartment=kind)
    for name in PEERS[programme].split():
        services.shares.give(house.lucie, number, ["social"], name, until=None)
    for name in ADDRESSED[programme].split():
        offer = services.extracts.prepare(house.solene, number)
        pieces = tuple(each.id for each in offer.pieces if each.text == orientation(programme))
        services.extracts.give(house.solene, number, ExtractDraft(name, pieces, words["extract"], END, secrets.token_hex(16)))


def _on_the_agenda(house: House, number: str, steward: Actor) -> None:
    """The secretary's boxes on a dossier of the agenda. Meetings will give them; until then the test does, with the steward's keys."""
    with writing(steward, "share.give") as unit:
        held = find(unit, number)
        holder = user_holder(unit.session, unit.instance.anchor, house.josiane.user_id)
        for kind in ("identity", "decisions"):
            unit.require(held.situations(kind))
            compartment = held.compartment(kind)
            content = held.key(compartment) if compartment else None
            assert compartment
            assert content
            give(unit, compartment, content, holder, "secretary")
