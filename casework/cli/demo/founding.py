"""Founds the town: instance, institutions, accounts and cells, each act by the person whose act it is."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pyotp

from casework import services
from casework.cli.demo.people import BY_USERNAME, CELLS, INSTITUTIONS, PERSONAS, TOWN, Cell, Persona, stewards
from casework.clock import ForwardClock
from casework.config import Config
from casework.errors import SignInRefused
from casework.services import Actor, Instance
from casework.services.membership.cells import NewCell
from casework.services.offices.accounts import NewAccount, fingerprint
from casework.services.offices.foundation import Founder
from casework.services.offices.passphrases import suggestion
from casework.vault.hybrid import HybridPrivateKey
from casework.vault.passphrase import Hashing
from casework.vault.sessionkeys import as_base32
from casework.vault.userkeys import Enrolled

OPENING = time(7, 30, tzinfo=UTC)
CELL_ACT = "Délibération du conseil local, séance 1"
TERM = timedelta(days=364)
"""Of every habilitation: a year at most (charter, article 2)."""

MISTYPED = ("agathe.roquebel", "marc.plessandre")
"""Who types a wrong code the first time: the access log of a real town has such lines."""

_INSTITUTION = {each.key: each for each in INSTITUTIONS}


@dataclass(frozen=True, slots=True)
class Kept:
    """What a person keeps of their account. totp_secret: base32."""

    passphrase: str
    totp_secret: str


@dataclass(slots=True)
class Town:
    """The founded town: everybody signed in once, on a clock that lies months back. cells: key -> id.

    until: the earliest end of what lets people in; nothing is shared for longer.
    """

    instance: Instance
    clock: ForwardClock
    until: datetime
    kept: dict[str, Kept]
    actors: dict[str, Actor]
    cells: dict[str, str]

    def at(self, moment: datetime) -> None:
        """Move the clock to that moment, unless it is there already."""
        self.clock.move_to(max(self.clock.now(), moment))

    def wait(self, seconds: int) -> None:
        """Let some time go by, as between two acts of one person."""
        self.clock.advance(timedelta(seconds=seconds))


def found_town(config: Config, *, start: date, hashing: Hashing) -> Town:
    """Found the town in an empty, migrated database. Its clock starts on `start`.

    Cells that open later are founded by `open_cell` when their day comes.

    The private half of the recovery key is thrown away here: in the demo town nobody's keys can be recovered.
    """
    clock = ForwardClock(datetime.combine(start, OPENING))
    until = clock.now() + TERM
    officer = next(each for each in PERSONAS if each.profession == "officer")
    words = suggestion()
    home = _INSTITUTION[officer.institution]
    founder = Founder(officer.username, officer.name, officer.gender, officer.function, home.name, home.kind, words, _act(officer), until)
    recovery = HybridPrivateKey.generate().public
    enrolled = services.foundation.found(
        config, name=TOWN, founder=founder, recovery_public=recovery, demo=True, clock=clock, hashing=hashing
    )
    town = Town(Instance.open(config, clock=clock, hashing=hashing), clock, until, {}, {}, {})
    try:
        _keep(town, officer, words, enrolled)
        _settle(town, town.actors[officer.username], officer)
    except BaseException:
        town.instance.close()
        raise
    return town


def _settle(town: Town, chief: Actor, officer: Persona) -> None:
    for institution in INSTITUTIONS:
        if institution.key != officer.institution:
            services.accounts.add_institution(chief, institution.name, institution.kind)
    for persona in PERSONAS:
        if persona is not officer:
            town.wait(240)
            _account(town, chief, persona)
    for cell in CELLS:
        if not cell.opens:
            open_cell(town, cell)
    _oversight(town)
    for persona in PERSONAS:
        if not persona.seats:
            _sign_in(town, persona.username)


def _account(town: Town, chief: Actor, persona: Persona) -> None:
    """The officer opens an account, the person makes their keys, both compare the fingerprint, the officer certifies."""
    new = NewAccount(
        persona.username, persona.name, persona.gender, persona.function, persona.profession, _INSTITUTION[persona.institution].name
    )
    code, words = services.accounts.create(chief, new), suggestion()
    town.wait(120)
    enrolled = services.accounts.enrol(town.instance, persona.username, code, words)
    aloud = fingerprint(enrolled.stored.public, enrolled.stored.signing_public)
    services.accounts.certify(chief, persona.username, aloud, act=_act(persona), until=town.until, charter_sheet=_act(persona))
    town.kept[persona.username] = Kept(words, as_base32(enrolled.totp_seed))


def _keep(town: Town, persona: Persona, words: str, enrolled: Enrolled) -> None:
    town.kept[persona.username] = Kept(words, as_base32(enrolled.totp_seed))
    _sign_in(town, persona.username)


def _sign_in(town: Town, username: str) -> Actor:
    """The person's actor, which lasts for the whole build; their passphrase is stretched once only."""
    if username not in town.actors:
        town.wait(95)
        kept = town.kept[username]
        code = pyotp.TOTP(kept.totp_secret).at(town.clock.now())
        if username in MISTYPED:
            _mistype(town, username, code)
        town.actors[username] = services.sign_in(town.instance, username, kept.passphrase, code)
    return town.actors[username]


def _mistype(town: Town, username: str, code: str) -> None:
    try:
        services.sign_in(town.instance, username, town.kept[username].passphrase, code[::-1] if code != code[::-1] else "000000")
    except SignInRefused:
        town.wait(5)


def open_cell(town: Town, cell: Cell) -> None:
    """Founded empty by the officer; its first steward takes charge, admits the others, names who is on call; a service makes its team."""
    first, *deputies = stewards(cell.key)
    new = NewCell(cell.key, cell.name, cell.programme, TOWN, (first.username,), CELL_ACT, town.clock.now() + TERM, CELL_ACT)
    town.wait(900)
    town.cells[cell.key] = services.cells.found(officer(town), new)
    steward = _sign_in(town, first.username)
    services.cells.take_charge(steward, town.cells[cell.key])
    for persona in (each for each in PERSONAS if each.sits_in(cell.key) and each is not first):
        town.wait(60)
        admit(town, steward, cell, persona, sheet=_act(persona))
    for persona in (*deputies, *(each for each in PERSONAS if each.sits_in(cell.key))):
        _sign_in(town, persona.username)
    if cell.elected_ring:
        services.rings.switch_on_elected(steward, town.cells[cell.key])
    if cell.service:
        _team(town, cell)
    on_call(town, cell)


def admit(town: Town, steward: Actor, cell: Cell, persona: Persona, *, sheet: str = "") -> None:
    """Into the cell, in the role of their seat, for the term of the day."""
    role = next(seat.role for seat in persona.seats if seat.cell == cell.key)
    services.cells.admit(
        steward, town.cells[cell.key], persona.username, role, act=_act(persona), until=town.clock.now() + TERM, charter_sheet=sheet
    )


def on_call(town: Town, cell: Cell) -> None:
    """The duty of the cell, composed by its first steward; nothing where it has none."""
    if cell.duty:
        people = [town.actors[username].user_id for username in cell.duty]
        services.duty.compose(town.actors[stewards(cell.key)[0].username], town.cells[cell.key], people)


def officer(town: Town) -> Actor:
    """The officer's actor."""
    return town.actors[next(each.username for each in PERSONAS if each.profession == "officer")]


def renew_offices(town: Town) -> None:
    """A new term for the officer, the data-protection officer and the auditors."""
    for persona in PERSONAS:
        if persona.profession in {"officer", "dpo", "auditor"}:
            town.wait(30)
            services.accounts.renew(officer(town), persona.username, act=_act(persona), until=town.clock.now() + TERM)


def _team(town: Town, cell: Cell) -> None:
    """The service that keeps `safety`: everybody of that institution who sits there."""
    first, *others = [town.actors[each.username] for each in PERSONAS if each.institution == cell.service and each.sits_in(cell.key)]
    services.service_rings.make(first, town.cells[cell.key], [each.user_id for each in others])


def _oversight(town: Town) -> None:
    watchers = [each.username for each in PERSONAS if each.profession == "auditor"]
    for persona in PERSONAS:
        if persona.profession == "dpo":
            services.rings.open_oversight(_sign_in(town, persona.username), watchers)


def _act(persona: Persona) -> str:
    """Reference of the paper by which somebody is let in and signs the charter."""
    return f"Arrêté d’habilitation {1 + list(BY_USERNAME).index(persona.username):02d}"
