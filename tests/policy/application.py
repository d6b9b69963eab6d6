"""The town in which the rows of decisions.yaml are tried: everybody, one cell for each programme, one dossier for each status.

Every dossier has every kind of compartment, each with an unmistakable word in a note and in its fields, and the test keeps their keys:
so a row can give anybody a real box, under any title, and only the charter stands between them and the word.
"""

import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from math import prod
from pathlib import Path

from sqlalchemy import select

from casework import services
from casework.charter import Charter, Situation
from casework.charter.situation import NONE
from casework.charter.verdicts import Verdicts
from casework.cli.db import upgrade
from casework.clock import ForwardClock
from casework.models.base import new_id
from casework.models.content import Entry
from casework.models.dossiers import Compartment, Dossier
from casework.models.people import User
from casework.services import Actor, Instance
from casework.services.access import OWNED
from casework.services.dossier.contents import MODELS
from casework.services.keys import compartments
from casework.services.keys.compartments import Grant
from casework.services.keys.sealing import layout, seal
from casework.services.membership.cells import NewCell
from casework.services.offices.accounts import OFFICES, NewAccount, fingerprint, signature, signed_habilitation
from casework.services.offices.foundation import Founder, prepare_folder
from casework.services.unit import Unit, writing
from casework.vault.content import ContentKey
from casework.vault.hybrid import HybridPrivateKey
from tests.house import CHEAP, END, START, House, Secrets, config_for, enrol

TOWN = "Ville de Valmorel-sur-Orle"
KEEPERS = {"coordinator": "claire", "victim_support": "violette"}
"""Who keeps the cells, by the profession that the charter lets take charge of them."""
AUTHOR, RECEIVER, NEWCOMER, UNCERTIFIED = "marthe", "rachel", "nora", "ines"
"""An author of N2 and N3, somebody to share with, somebody to admit, keys to certify: none of them is ever a row's person."""
OFFICER = "officer"
FIELDS = {
    "identity": {"first_name": "Zéphyrin", "sex": "m", "birth_date": "2005-04-05", "commune": "Valmorel-sur-Orle", "last_name": ""},
    "contact": {"label": "phone", "value": ""},
    "confidential": {"origin": "school", "motives": "absenteeism", "informed": "yes", "facts": ""},
    "school": {"establishment": ""},
    "judicial": {"label": "other", "obligations": ""},
    "safety": {"channel": "call", "value": ""},
    "extract": {"label": "Note", "text": ""},
}
"""A row of each compartment that has fields; the empty one holds the word."""


@dataclass(frozen=True, slots=True)
class Part:
    """A compartment of a dossier, its key in hand. owner: user id, or the share of an extract."""

    id: str
    owner: str
    key: ContentKey
    word: str


@dataclass
class Town:
    """The founded instance and what the test knows of it."""

    house: House
    law: Charter
    keepers: dict[str, str]
    parts: dict[tuple[str, str, str], Part] = field(default_factory=dict)
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)
    dossiers: dict[tuple[str, str], str] = field(default_factory=dict)
    read_aloud: str = ""
    pristine: sqlite3.Connection | None = None

    @property
    def file(self) -> Path:
        """The database."""
        return self.house.instance.config.instance / "casework.db"

    def keeper(self, programme: str) -> Actor:
        """Whoever keeps the cell of a programme."""
        return self.house.actors[self.keepers[programme]]

    @cached_property
    def generous(self) -> Charter:
        """The law with every verdict a yes, for controls."""
        return generous(self.law)

    def remember(self) -> None:
        """Keep the whole database as it is now."""
        self.pristine = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self.file)) as file:
            file.backup(self.pristine)

    def restore(self) -> None:
        """Put the whole database back as it was: rows of decisions do not see each other."""
        assert self.pristine is not None
        with closing(sqlite3.connect(self.file)) as file:
            self.pristine.backup(file)

    def close(self) -> None:
        """Close both databases."""
        self.house.instance.close()
        if self.pristine is not None:
            self.pristine.close()


def persona(profession: str) -> str:
    """The user name of the row's person of that profession."""
    return "oscar" if profession == OFFICER else profession.replace("_", "-")


def generous(law: Charter) -> Charter:
    """The same law, in which every verdict is a yes, also for positions that an action does not know."""
    yes = next(found for verdicts in law.decisions.values() for found in verdicts.values() if found.permitted)
    decisions = {}
    for action, verdicts in law.decisions.items():
        profession, positions, *others = verdicts.words
        every = positions if positions == (NONE,) else tuple(dict.fromkeys((*positions, *law.vocabulary.positions)))
        words = (profession, every, *others)
        decisions[action] = Verdicts(words, [0] * prod(map(len, words)), [yes])
    return replace(law, decisions=decisions)


def build(folder: Path) -> Town:
    """The whole town."""
    house = _founded(folder)
    law = house.instance.charter
    town = Town(house, law, {each: KEEPERS[_keeping(law, each)] for each in law.programmes})
    _people(town)
    _cells(town)
    for programme in law.programmes:
        _dossiers(town, programme)
    town.remember()
    return town


def _founded(folder: Path) -> House:
    config = config_for(folder)
    prepare_folder(config)
    upgrade(config.database_url)
    clock, recovery = ForwardClock(START), HybridPrivateKey.generate()
    founder = Founder("oscar", "Oscar", "m", "officier d’habilitation", TOWN, "town", "phrase oscar", "acte 1", END)
    kept = services.foundation.found(
        config, name="Valmorel-sur-Orle", founder=founder, recovery_public=recovery.public, demo=True, clock=clock, hashing=CHEAP
    )
    limits = services.Limits(per_address=10**6, per_urgent=10**6)  # everybody is at one address, and on call all day
    instance = Instance.open(config, clock=clock, hashing=CHEAP, limits=limits)
    house = House(instance, clock, {"oscar": Secrets("phrase oscar", kept.totp_seed, kept.recovery_sheet)}, {}, {}, recovery)
    house.actors["oscar"] = house.sign_in("oscar")
    return house


def _keeping(law: Charter, programme: str) -> str:
    """A profession that the charter lets take charge of a cell of this programme."""
    return next(each for each in law.professions("cell.take_charge", Situation("", "steward", programme)) if each in KEEPERS)


def _people(town: Town) -> None:
    """One person of each profession, the keepers and the others, all certified; one whose keys still wait."""
    house = town.house
    others = {name: profession for profession, name in KEEPERS.items()} | dict.fromkeys((AUTHOR, RECEIVER, NEWCOMER), "social_worker")
    everybody = {persona(each): each for each in town.law.vocabulary.professions if each != OFFICER} | others
    for name, profession in everybody.items():
        enrol(house, name, profession, TOWN)
    account = NewAccount(UNCERTIFIED, "Inès", "f", "éducatrice", "specialised_educator", TOWN)
    keys = services.accounts.enrol(house.instance, UNCERTIFIED, services.accounts.create(house.oscar, account), "phrase ines").stored
    town.read_aloud = fingerprint(keys.public, keys.signing_public)


def _cells(town: Town) -> None:
    """For each programme a cell and one that nobody has taken charge of yet; and one elsewhere, which everybody is in."""
    house, first = town.house, next(iter(town.law.programmes))
    for code in ("elsewhere", *town.law.programmes, *(f"vacant-{each}" for each in town.law.programmes)):
        programme = first if code == "elsewhere" else code.removeprefix("vacant-")
        stewards = (town.keepers[programme],)
        new = NewCell(code.replace("_", "-"), f"Cellule {code}", programme, "Valmorel-sur-Orle", stewards, "acte 3", END, "feuille 3")
        house.cells[code] = services.cells.found(house.oscar, new)
    for name in town.keepers.values():
        house.actors[name] = house.actors.get(name) or house.sign_in(name)
    for programme in town.law.programmes:
        services.cells.take_charge(town.keeper(programme), house.cells[programme])
    _let_everybody_in(town, town.keeper(first))
    for name in house.people:
        house.actors[name] = house.actors.get(name) or house.sign_in(name)
    for programme in town.law.programmes:
        for name in (AUTHOR, RECEIVER):
            services.cells.admit(town.keeper(programme), house.cells[programme], name, "member", act="acte 4", until=END)


def _let_everybody_in(town: Town, keeper: Actor) -> None:
    """A habilitation elsewhere and a signature, so that the gates are open and the charter is what answers."""
    with writing(keeper, "member.admit") as unit:
        for user in unit.session.scalars(select(User).where(User.profession.not_in(OFFICES), User.username != UNCERTIFIED)).all():
            if user.username not in KEEPERS.values():
                cell = town.house.cells["elsewhere"]
                unit.session.add(signed_habilitation(unit, user.id, cell, "member", act="acte 5", until=END))
                unit.session.add(signature(unit, user.id, "feuille 5"))


def _dossiers(town: Town, programme: str) -> None:
    for owned, actor in ((False, town.keeper(programme)), (True, town.house.actors[AUTHOR])):
        with writing(actor, "referral.send") as unit:
            for status in town.law.vocabulary.statuses:
                dossier = unit.session.get(Dossier, town.dossiers.get((programme, status), "")) or _dossier(unit, town, programme, status)
                for kind in town.law.vocabulary.kinds:
                    if (kind in OWNED) == owned:
                        owner = actor.user_id if owned else new_id() if kind == "extract" else ""
                        town.parts[programme, status, kind] = fill(unit, dossier, kind, owner)


def _dossier(unit: Unit, town: Town, programme: str, status: str) -> Dossier:
    number = f"2026-{9000 + len(town.numbers)}"
    dossier = Dossier(
        id=new_id(), version=1, number=number, cell_id=town.house.cells[programme], programme=programme, status=status,
        received_at=unit.now - timedelta(days=3), reporter_id=town.house.actors[RECEIVER].user_id, submission=secrets.token_hex(16),
    )  # fmt: skip
    if status != "received":
        dossier.outcome, dossier.opened_at = "retained", unit.now - timedelta(days=2)
    if status in {"closed", "archived"}:
        dossier.closed_at = unit.now - timedelta(days=1)
    unit.session.add(dossier)
    unit.session.flush()
    town.numbers[programme, status], town.dossiers[programme, status] = number, dossier.id
    return dossier


def fill(unit: Unit, dossier: Dossier, kind: str, owner: str) -> Part:
    """A compartment made by the unit's actor, with a note and a row of fields that hold its word. An author keeps a box of their own."""
    grants = [Grant(owner, to_ring=False, title="author")] if kind in OWNED else []
    key = compartments.make(unit, dossier, kind, grants, owner="" if kind in OWNED else owner)
    word = f"Quibus-{dossier.programme}-{dossier.status}-{kind}"
    if kind in OWNED:
        word += "-de-l-autrice"
    if kind in FIELDS:
        model = MODELS[kind]
        row = model(id=new_id(), version=1, compartment_id=key.scope)  # type: ignore[call-arg]  # the mixin has no columns, its models do
        texts = {column: text or word for column, text in FIELDS[kind].items()}
        seal(row, key, dict.fromkeys(layout(model).confidential, "") | texts)
        unit.session.add(row)
    note = Entry(
        id=new_id(), version=1, kind="observation", author_id=unit.actor.user_id, occurred_on=unit.now.date(), written_at=unit.now,
        corrects_id=None, submission=secrets.token_hex(16), compartment_id=key.scope,
    )  # fmt: skip
    seal(note, key, {"body": word})
    unit.session.add(note)
    unit.session.flush()
    unit.trace.show(dossier.number, kind)  # the history believes what the ledger states of this dossier
    return Part(key.scope, unit.session.get_one(Compartment, key.scope).owner_id, key, word)
