"""A small house for tests: one founded instance, its people signed in once, and the shortest way to each verb.

Alice leads (social worker), Bob sits in the cell (social worker), Charlie must be refused (social worker of the other cell).
Stella is steward of the north cell, Oscar the officer, Hugo the school head, Paula the police officer, Elsa the elected member,
Ada the auditor, Dora the data-protection officer, Sam the steward of the south cell.
"""

import base64
import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyotp

from casework import services
from casework.clock import ForwardClock
from casework.config import Config, load_config
from casework.services import Actor, Instance, Limits
from casework.services.drafts import ChildDraft, EntryDraft, ReferralDraft
from casework.services.membership.cells import NewCell
from casework.services.offices.accounts import NewAccount, fingerprint
from casework.services.offices.foundation import Founder
from casework.services.views import DossierView
from casework.vault.hybrid import HybridPrivateKey
from casework.vault.passphrase import Hashing

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
END = START + timedelta(days=300)
CHEAP = Hashing(memory_kib=64, iterations=1, lanes=1)
"""Argon2id parameters for tests, passed in code only."""

PEOPLE = {
    "stella": ("coordinator", "Ville de Valmorel-sur-Orle"),
    "sam": ("coordinator", "Ville de Valmorel-sur-Orle"),
    "alice": ("social_worker", "Département de l’Orle"),
    "bob": ("social_worker", "Département de l’Orle"),
    "charlie": ("social_worker", "Département de l’Orle"),
    "hugo": ("school_head", "Collège des Tilleuls"),
    "paula": ("municipal_police", "Ville de Valmorel-sur-Orle"),
    "elsa": ("elected", "Ville de Valmorel-sur-Orle"),
    "ada": ("auditor", "Ville de Valmorel-sur-Orle"),
    "dora": ("dpo", "Ville de Valmorel-sur-Orle"),
}
WOMEN = {"stella", "alice", "paula", "elsa", "ada", "dora"}
NORTH = {"alice": "member", "bob": "member", "hugo": "member", "paula": "member", "elsa": "elected"}
SOUTH = {"charlie": "member"}


@dataclass(frozen=True)
class Secrets:
    """What a person keeps: passphrase, TOTP seed, recovery sheet."""

    passphrase: str
    seed: bytes
    sheet: str

    def code(self, moment: datetime) -> str:
        """The one-time code of a moment."""
        return pyotp.TOTP(base64.b32encode(self.seed).decode()).at(moment)


@dataclass
class House:
    """A founded instance with its people, on either database."""

    instance: Instance
    clock: ForwardClock
    people: dict[str, Secrets]
    actors: dict[str, Actor]
    cells: dict[str, str]
    recovery: HybridPrivateKey
    numbers: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        """`house.alice` is Alice, signed in."""
        try:
            actor: Actor = self.__dict__["actors"][name]
        except KeyError as missing:
            raise AttributeError(name) from missing
        return actor

    def sign_in(self, name: str, **changes: str) -> Actor:
        """Sign somebody in with a fresh code; `passphrase` or `code` may be changed."""
        self.clock.advance(timedelta(seconds=61))
        kept = self.people[name]
        typed = {"passphrase": kept.passphrase, "code": kept.code(self.clock.now())} | changes
        return services.sign_in(self.instance, name, typed["passphrase"], typed["code"], address="192.0.2.1")

    def refer(self, sender: Actor, last_name: str, *, cell: str = "nord", facts: str = "Absences répétées depuis janvier.") -> str:
        """Send a saisine about an invented child; returns the dossier's number."""
        child = ChildDraft("Théodule", last_name, "m", date(2012, 4, 5), "Valmorel-sur-Orle")
        draft = ReferralDraft(
            cell=self.cells[cell], children=(child,), origin="school", motives=("absenteeism",), facts=facts, informed=True,
            submission=secrets.token_hex(16),
        )  # fmt: skip
        return services.referrals.send(sender, draft).number

    def follow(self, last_name: str, *, lead: str = "alice", cell: str = "nord", steward: str = "stella") -> str:
        """A dossier referred by a member (or the steward), taken up, with a lead."""
        sender = self.hugo if cell == "nord" else self.actors[steward]
        number = self.refer(sender, last_name, cell=cell)
        services.lifecycle.take_up(self.actors[steward], number, lead, date(2026, 9, 1))
        return number

    def draft(
        self, actor: Actor, number: str, body: str, *, kind: str = "observation", compartment: str, corrects: str | None = None
    ) -> EntryDraft:
        """A note as the form would send it."""
        form = services.entries.compose(actor, number, corrects)
        readers = {each.kind: each.digest for each in form.compartments}
        return EntryDraft(
            kind=kind, compartment=compartment, occurred_on=self.clock.now().date(), body=body, submission=secrets.token_hex(16),
            readers=readers.get(compartment, ""), corrects=corrects,
        )  # fmt: skip

    def note(
        self, actor: Actor, number: str, body: str, *, kind: str = "observation", compartment: str, corrects: str | None = None
    ) -> str:
        """Write a note; returns its id."""
        draft = self.draft(actor, number, body, kind=kind, compartment=compartment, corrects=corrects)
        return services.entries.write(actor, number, draft)

    def open(self, actor: Actor, number: str) -> DossierView:
        """Open a dossier."""
        return services.dossiers.open(actor, number)

    def reopened(self, config: Config) -> "House":
        """The same house over a copy of its folder and database: people stay signed in."""
        clock = ForwardClock(self.clock.now())
        instance = Instance.open(config, clock=clock, hashing=CHEAP, limits=self.instance.limits, law=self.instance.charter)
        actors = {name: replace(actor, instance=instance) for name, actor in self.actors.items()}
        return House(instance, clock, dict(self.people), actors, self.cells, self.recovery, dict(self.numbers))


def config_for(folder: Path, database_url: str | None = None) -> Config:
    """Settings of a test instance."""
    settings = {"CASEWORK_INSTANCE": str(folder / "instance"), "CASEWORK_RUNTIME_DIR": str(folder / "run")}
    return load_config(settings | ({"CASEWORK_DATABASE_URL": database_url} if database_url else {}))


def build(config: Config, *, limits: Limits | None = None) -> House:
    """Found an instance in a migrated database and people it through the services."""
    clock, recovery = ForwardClock(START), HybridPrivateKey.generate()
    founder = Founder("oscar", "Oscar", "m", "officier d’habilitation", "Ville de Valmorel-sur-Orle", "town", "phrase oscar", "acte 1", END)
    kept = services.foundation.found(
        config, name="Valmorel-sur-Orle", founder=founder, recovery_public=recovery.public, demo=True, clock=clock, hashing=CHEAP
    )
    instance = Instance.open(config, clock=clock, hashing=CHEAP, limits=limits)
    house = House(instance, clock, {"oscar": Secrets("phrase oscar", kept.totp_seed, kept.recovery_sheet)}, {}, {}, recovery)
    house.actors["oscar"] = house.sign_in("oscar")
    services.accounts.add_institution(house.oscar, "Département de l’Orle", "department")
    services.accounts.add_institution(house.oscar, "Collège des Tilleuls", "school")
    for name, (profession, institution) in PEOPLE.items():
        enrol(house, name, profession, institution)
    _found_cell(house, "nord", "stella", NORTH)
    _found_cell(house, "sud", "sam", SOUTH)
    for name in PEOPLE:
        if name not in house.actors:
            house.actors[name] = house.sign_in(name)
    services.rings.switch_on_elected(house.stella, house.cells["nord"])
    services.rings.open_oversight(house.dora, ["ada"])
    return house


def enrol(house: House, name: str, profession: str, institution: str) -> None:
    """Open an account, make the person's keys, certify them."""
    account = NewAccount(name, name.capitalize(), "f" if name in WOMEN else "m", profession, profession, institution)
    code = services.accounts.create(house.oscar, account)
    kept = services.accounts.enrol(house.instance, name, code, f"phrase {name}")
    house.people[name] = Secrets(f"phrase {name}", kept.totp_seed, kept.recovery_sheet)
    read_aloud = fingerprint(kept.stored.public, kept.stored.signing_public)
    services.accounts.certify(house.oscar, name, read_aloud, act="acte 2", until=END, charter_sheet="acte 2")


def _found_cell(house: House, code: str, steward: str, members: dict[str, str]) -> None:
    new = NewCell(code, f"Cellule {code}", "fragility", "Valmorel-sur-Orle", (steward,), "acte 3", END, "acte 3")
    house.cells[code] = services.cells.found(house.oscar, new)
    house.actors[steward] = house.sign_in(steward)
    services.cells.take_charge(house.actors[steward], house.cells[code])
    for name, role in members.items():
        services.cells.admit(house.actors[steward], house.cells[code], name, role, act="acte 4", until=END, charter_sheet="acte 4")
