"""P3, verb by verb: with every check of the charter saying yes, no service verb gives an outsider a piece of a confidential value.

Neither in what it gives back nor in what it raises; whatever it wrote is undone before the next. A new verb is called by itself, and fails
the test where nobody says what it takes, or whether it shows anything.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import true

from casework.charter import Charter, Verdict
from casework.services import Actor, Limits
from tests.house import House
from tests.house_fixtures import Templates, copy_house
from tests.sampling import Sampler
from tests.security import secrets_town
from tests.security.every_verb import Verb, said, verbs
from tests.security.secrets_town import Ids

OUTSIDERS = ("paula", "sam", "ada")
"""A member of the cell who holds nothing of these dossiers, the coordinator of another cell, the auditor."""
YES = Verdict(True, "yes", "oui", "aucun")
UNLIMITED = Limits(per_account=10**6, per_address=10**6, per_urgent=10**6)
VERBS = verbs()
PIECES = secrets_town.pieces()

SHOWN = {
    "agendas.read": ("stella", "child"), "booking.read": ("alice", "child"), "calling_up.page": ("stella", "child"),
    "conflicts.prepare": ("bob", "child"), "day.read": ("alice", "child"), "deciding.prepare": ("stella", "child"),
    "dossiers.list_mine": ("alice", "child"), "dossiers.open": ("viola", "victim"),
    "entries.compose": ("alice", "child"),
    "examination.prepare": ("stella", "waiting"), "examination.waiting": ("stella", "waiting"), "examined.read": ("stella", "child"),
    "extracts.prepare": ("alice", "child"), "field_history.read": ("viola", "victim"), "finding.search": ("alice", "child"),
    "following.read": ("alice", "child"), "lifecycle.releading": ("stella", "child"),
    "minutes.read": ("alice", "child"), "orientations.inbox": ("alice", "child"), "papers.releve": ("stella", "child"),
    "reaching.letter": ("viola", "victim"), "reaching.prepare": ("viola", "victim"), "receiving.read": ("celia", "child"),
    "records.compare": ("viola", "victim"), "records.compose": ("viola", "victim"), "records.index": ("viola", "victim"),
    "releases.prepare": ("viola", "victim"), "reporting.prepare": ("alice", "child"),
    "shares.prepare": ("alice", "child"),
    "showing.call_and_look": ("stella", "child"), "showing.look": ("stella", "child"),
    "tasks.board": ("alice", "child"), "urgent.read": ("bob", "child"),
    "extracts.preview": ("alice", "child"), "linking.prepare": ("stella", "child"), "offering.prepare": ("alice", "child"),
    "offering.preview": ("alice", "child"), "week.week": ("alice", "child"),
    "walling.page": ("stella", "child"), "withdrawing.prepare": ("alice", "child"),
}  # fmt: skip
"""Verb -> somebody to whom the same call shows a value, and of which dossier: the control."""

_SILENT = """
accesses.read accounts.create accounts.enrol accounts.reissue agreements.prepare attendance.add_guest booking.book booking.move
booking.prepare calling_up.call calling_up.call_list catalogue.find catalogue.read cell_rosters.admission cell_rosters.mine
cell_rosters.page cells.found closing.prepare convening.calendar convening.cancel convening.change convening.choose
convening.convene convening.invitations core.page covering.uncover danger.guide danger.prepare danger.report
deciding.meeting_of_item duty.mine duty.page enrolment.begin enrolment.resume entering.enter entries.write
extracts.give figures.mine figures.read hearings.of_item importing.apply importing.preview intake.prepare intake.send
keeping.compose keeping.ending keeping.make making.make overrides.read overrides.waiting papers.agenda papers.attendance
papers.blank_decisions preparing.create preparing.draft_of preparing.mine preparing.new profile.of purging.prepare reaching.plan
referrals.prepare referrals.send releases.warn rosters.account rosters.directory rosters.officer_lists saved_drafts.mine
saved_drafts.opened sending.propose sending.send sent.follow sent.mine service_rings.make service_rings.page sessions.resume
sessions.start shares.give shares.preview sheet.read showing.follow showing.way_back sign_in signatures.page signed_sheets.page
signed_sheets.scan staying.prepare staying.review today.sheet upkeep.add upkeep.compose urgent.desk urgent.open urgent.own_reason
urgent_review.read urgent_review.waiting visits.read watching.page
"""
SILENT = frozenset(_SILENT.split())
"""Verbs that give something back in which no value stands, to nobody of this town: ids, counts, lists, rules, what one typed oneself."""


@dataclass
class Town:
    """The house, the three dossiers, the database as it was."""

    house: House
    ids: dict[str, Ids]
    pristine: sqlite3.Connection

    def actor(self, name: str) -> Actor:
        """Somebody whom no limit stops."""
        actor = self.house.actors[name]
        return replace(actor, instance=replace(actor.instance, limits=UNLIMITED))

    def gives(self, verb: Verb, who: str, which: str) -> frozenset[str]:
        """The pieces of values in what a verb gives back, or raises; it is then as if it had not been done."""
        act = verb.by(self.actor(who), self.ids[which])
        text = said(_outcome(act))
        with closing(sqlite3.connect(self.house.instance.config.instance / "casework.db")) as file:
            self.pristine.backup(file)
        return frozenset(piece for piece in PIECES if piece in text)


def _outcome(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Exception as problem:  # noqa: BLE001  # whatever is raised may hold a value
        return problem


@pytest.fixture(scope="module")
def town(house_template: Templates, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Built once; what a verb asks is the same on both databases."""
    house = copy_house("sqlite", house_template, request, tmp_path_factory.mktemp("verbs"))
    ids = secrets_town.built(house)
    pristine = sqlite3.connect(":memory:")
    with closing(sqlite3.connect(house.instance.config.instance / "casework.db")) as file:
        file.backup(pristine)
    yield Town(house, ids, pristine)
    house.instance.close()
    pristine.close()


@pytest.fixture
def charter_says_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every check, filter and gate of the charter lets everybody do everything."""
    monkeypatch.setattr(Charter, "check", lambda *_: YES)
    monkeypatch.setattr(Charter, "check_any", lambda *_: YES)
    monkeypatch.setattr(Charter, "gate", lambda *_: None)
    monkeypatch.setattr(Charter, "list_filter", lambda *_, **__: true())


@pytest.mark.prove
@pytest.mark.usefixtures("charter_says_yes")
def test_no_verb_gives_an_outsider_a_piece_of_a_value(town: Town, sample: Sampler) -> None:
    """Each with the ids of three dossiers; one of the outsiders, and all of them with --prove."""
    leaks = [
        (name, who, which, sorted(found)[:3])
        for who in sample(OUTSIDERS, 1)
        for name, verb in VERBS.items()
        for which in (town.ids if verb.asks else ("child",))
        if (found := town.gives(verb, who, which))
    ]
    assert not leaks


def test_control_the_same_call_shows_it_to_whoever_it_is_for(town: Town) -> None:
    silent = [name for name, (who, which) in SHOWN.items() if not town.gives(VERBS[name], who, which)]
    assert not silent


def test_every_verb_that_gives_something_back_is_spoken_of() -> None:
    """A new one shows something of a dossier, and has its control; or it shows nothing, and says so."""
    showing = {name for name, verb in VERBS.items() if verb.shows}
    assert showing == set(SHOWN) | SILENT
    assert not set(SHOWN) & SILENT


def test_control_a_verb_with_an_argument_that_nobody_spoke_of_is_found(town: Town) -> None:
    def new_verb(actor: Actor, unheard_of: str) -> str:
        return actor.name + unheard_of

    with pytest.raises(AssertionError, match="unheard_of"):
        Verb("new.verb", new_verb).by(town.actor("sam"), town.ids["child"])


@pytest.mark.parametrize("planted", [{"text": ("", "drusq")}, ValueError("Quibvrac"), b"zormkemtuzh", (secrets_town.BORN,)])
def test_control_a_piece_is_found_wherever_it_stands(planted: Any) -> None:
    text = said(planted)
    assert any(piece in text for piece in PIECES)
