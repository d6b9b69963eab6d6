"""The life of an orientation: who takes which step, once; what opens, and what does not any more; a turned ring keeps what it received."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from casework import services
from casework.errors import InvalidInput, NotFound, StaleVersion, TamperedError
from casework.jobs.system import System
from casework.ledger import accesses
from casework.models.attention import Alert
from casework.models.content import ExtractItem
from casework.models.dossiers import Box, Conflict
from casework.models.orientations import ReferralOut, ReferralStep
from casework.services.orientation import reminding
from casework.services.orientation.steps import RULES
from tests.attacks.sql import row, rows, tamper
from tests.house import END, House
from tests.services.orientation.oriented import CHOSEN, Town, draft, followed, sent, states, town

SOON = timedelta(days=3)


@pytest.fixture
def place(house: House) -> Town:
    return town(house)


def accepted(place: Town, last_name: str) -> str:
    referral = sent(place, followed(place.house, last_name))
    services.receiving.read(place.house.charlie, referral)
    services.receiving.take(place.house.charlie, referral, "accepted")
    return referral


def test_every_step_is_worded_and_none_leads_back() -> None:
    over = {"declined", "ended", "withdrawn"}
    for step, rule in RULES.items():
        assert not rule.after & over, step
        assert "proposed" not in rule.after or step in {"sent", "withdrawn"}


def test_a_whole_life(place: Town) -> None:
    house, referral = place.house, accepted(place, "Vie-Entière")
    meets = house.clock.now() + SOON
    services.receiving.take(house.celia, referral, "appointment", meets_at=meets)
    with pytest.raises(InvalidInput):
        services.receiving.take(house.celia, referral, "attended")
    services.following.take(house.alice, referral, "moved", meets_at=meets + SOON)
    house.clock.advance(SOON + SOON)
    services.receiving.take(house.charlie, referral, "missed", reason="transport")
    assert [each.reason for each in services.following.read(house.alice, referral).steps][-1] == "Empêchement de dernière heure"
    services.receiving.take(house.charlie, referral, "in_progress")
    services.receiving.take(house.charlie, referral, "ended", reason="housed")
    assert states(place, referral) == [
        "proposed", "sent", "received", "accepted", "appointment", "moved", "missed", "in_progress", "ended",
    ]  # fmt: skip
    (line,) = [each for each in services.orientations.inbox(house.charlie).received if each.id == referral]
    assert (line.over, line.status.label, line.reason, line.meets_at) == (True, "Terminée", "", None)


def test_after_the_end_nothing_opens(place: Town) -> None:
    house, referral = place.house, accepted(place, "Vie-Close")
    assert services.receiving.read(house.charlie, referral).items, "control: before the end they read"
    services.following.take(house.alice, referral, "withdrawn", reason="other_service")
    for name in ("charlie", "celia"):
        with pytest.raises(NotFound):
            services.receiving.read(house.actors[name], referral)
        (line,) = [each for each in services.orientations.inbox(house.actors[name]).received if each.id == referral]
        assert (line.over, line.reason) == (True, "")
    assert rows(house, Box, title="partner", reference=referral) == []
    assert services.following.read(house.alice, referral).items, "its sender knows what was sent"


def test_only_whose_turn_it_is(place: Town) -> None:
    house = place.house
    referral = sent(place, followed(house, "Vie-Tour"))
    with pytest.raises(NotFound):
        services.following.take(house.alice, referral, "accepted")
    with pytest.raises(NotFound):
        services.receiving.take(house.charlie, referral, "withdrawn", reason="mistake")
    with pytest.raises(InvalidInput):
        services.receiving.take(house.charlie, referral, "declined", reason="anything")
    with pytest.raises(StaleVersion):
        services.receiving.take(house.charlie, referral, "ended", reason="housed")
    for stranger in (house.bob, house.hugo, house.sam):
        with pytest.raises(NotFound):
            services.receiving.take(stranger, referral, "accepted")
        with pytest.raises(NotFound):
            services.following.take(stranger, referral, "withdrawn", reason="mistake")


@pytest.mark.races
def test_of_two_at_once_one_takes_the_step_and_the_second_is_told(place: Town) -> None:
    house, referral = place.house, sent(place, followed(place.house, "Vie-Ensemble"))
    services.receiving.read(house.charlie, referral)
    told: list[str] = []
    gate = Barrier(2)

    def act(name: str, step: str, reason: str) -> None:
        gate.wait()
        try:
            services.receiving.take(house.actors[name], referral, step, reason=reason, seen=3)
            told.append("done")
        except (StaleVersion, NotFound):  # after « déclinée » nothing opens any more
            told.append("told")

    both = [Thread(target=act, args=("charlie", "accepted", "")), Thread(target=act, args=("celia", "declined", "full"))]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(told) == ["done", "told"]
    assert len(states(place, referral)) == 4


def test_nothing_is_edited_once_it_left(place: Town) -> None:
    house = place.house
    number = followed(house, "Vie-Fixe")
    asked = draft(place, number)
    referral = services.sending.send(house.alice, number, asked)
    services.receiving.read(house.charlie, referral)
    services.receiving.take(house.charlie, referral, "accepted")
    before = services.receiving.read(house.celia, referral).items
    again = replace(asked, referral=referral, intro="Autre chose.")
    assert services.sending.send(house.alice, number, again) == referral
    assert services.receiving.read(house.celia, referral).items == before


def test_a_forged_row_opens_nothing(fresh_house: House) -> None:
    place = town(fresh_house)
    house = fresh_house
    referral, other = sent(place, followed(house, "Vie-Vraie")), sent(place, followed(house, "Vie-Autre"))
    services.receiving.read(house.charlie, referral)
    extract = row(house, ReferralOut, id=other).extract_id
    tamper(house, "UPDATE referral_out SET extract_id = ? WHERE id = ?", (extract, referral))
    with pytest.raises((NotFound, TamperedError)):
        services.receiving.read(house.charlie, referral)
    tamper(house, "UPDATE box SET reference = ? WHERE reference = ? AND title = 'partner'", (referral, other))
    with pytest.raises((NotFound, TamperedError)):
        services.receiving.read(house.charlie, referral)


def test_a_departed_member_of_the_receiving_service_opens_no_more(fresh_house: House) -> None:
    place = town(fresh_house)
    house, referral = fresh_house, sent(town(fresh_house), followed(fresh_house, "Vie-Partie"))
    assert services.receiving.read(house.celia, referral).items, "control: a member reads"
    (before,) = rows(house, Box, title="partner", reference=referral)
    services.cells.admit(house.stella, house.cells["nord"], "celia", "member", act="acte 9", until=END, charter_sheet="acte 9")
    services.departures.end(house.sam, house.cells["sud"], house.celia.user_id)
    with pytest.raises(NotFound):
        services.receiving.read(house.celia, referral)
    house.actors["charlie"] = house.sign_in("charlie")
    services.turnover.settle_pending(house.charlie)
    (after,) = rows(house, Box, title="partner", reference=referral)
    assert after.holder_id != before.holder_id, "sealed to the new secret of a ring of another cell"
    assert [each.value for each in services.receiving.read(house.charlie, referral).items][-1] == CHOSEN
    assert place.ring


def test_a_conflict_that_is_told_later_shuts_it(place: Town) -> None:
    house = place.house
    number = followed(house, "Vie-Lien")
    referral = sent(place, number, to="person:sam")
    assert services.receiving.read(house.sam, referral).items, "control"
    with house.instance.database.reading() as session:
        dossier_id = session.get_one(ReferralOut, referral).dossier_id
    with house.instance.database.writing() as session:
        session.add(
            Conflict(id="c" * 32, version=1, dossier_id=dossier_id, user_id=house.sam.user_id, declared_at=house.clock.now(), origin="wall")
        )
    with pytest.raises(NotFound):
        services.receiving.read(house.sam, referral)
    assert referral not in {each.id for each in services.orientations.inbox(house.sam).received}
    assert number not in str(services.day.read(house.sam))


def test_the_night_reminds_once_and_withdraws_what_was_never_agreed(fresh_house: House) -> None:
    place = town(fresh_house)
    house, system = fresh_house, System(fresh_house.instance)
    quiet = sent(place, followed(house, "Nuit-Silence"))
    unasked = sent(place, followed(house, "Nuit-Accord"), agreement="not_sought", unasked="minor")
    assert reminding.follow(system) == reminding.Followed(0, 0, 0), "control: nothing is due yet"
    house.clock.advance(timedelta(days=8))
    assert reminding.follow(system).silent == 2
    assert reminding.follow(system).silent == 0
    services.receiving.read(house.charlie, quiet)
    services.receiving.take(house.charlie, quiet, "accepted")
    services.receiving.take(house.charlie, quiet, "appointment", meets_at=house.clock.now() + SOON)
    house.clock.advance(timedelta(days=8))
    night = reminding.follow(system)
    assert (night.withdrawn, night.passed) == (1, 3), "Alice, Charlie and Celia"
    assert row(house, ReferralOut, id=unasked).reason == "no_agreement"
    assert rows(house, Box, title="partner", reference=unasked) == []
    assert {each.kind for each in rows(house, Alert, recipient_id=house.celia.user_id, reference=unasked)} == {
        "orientation_sent",
        "orientation_over",
    }
    assert rows(house, ReferralStep, referral_id=unasked)[-1].actor_id is None
    assert rows(house, ExtractItem)


def test_an_archived_dossier_is_shut_to_its_recipient_by_a_gate(fresh_house: House) -> None:
    """Closing withdraws what is under way; were a box left all the same, neither its law nor its key would do."""
    house, place = fresh_house, town(fresh_house)
    number = followed(house, "Vie-Archivée")
    referral = sent(place, number)
    assert services.receiving.read(house.charlie, referral).items, "control: before it they read"
    tamper(house, "UPDATE dossier SET status = 'archived' WHERE number = ?", (number,))
    assert rows(house, Box, title="partner", reference=referral), "control: the box is there"
    for refused in (
        lambda: services.receiving.read(house.charlie, referral),
        lambda: services.receiving.take(house.charlie, referral, "accepted"),
    ):
        with pytest.raises(NotFound):
            refused()
        with house.instance.database.reading() as session:
            (newest, *_), _more = accesses(session, number=number, limit=1)
        assert (newest.leaf.action, newest.leaf.outcome, newest.leaf.rule) == ("orientation.receive", "refused", "gate.archived")
