"""The night deletes links that are over, with their keys, and says how many."""

from datetime import timedelta

from casework import services
from casework.jobs.system import System
from casework.ledger import accesses
from casework.models.orientations import PartnerLink, ReferralOut
from casework.services.partner import ending
from casework.services.partner.ending import Ended
from casework.services.unit import writing
from tests.attacks.sql import row, rows
from tests.house import House
from tests.services.partner.partners import enter, orientation


def test_links_go_when_their_time_or_their_reason_is_over(house: House) -> None:
    numbers = [house.follow(f"Quibérac-Nuit-{name}") for name in "ABC"]
    old, ended, living = (orientation(house.alice, number) for number in numbers)
    services.making.make(house.alice, old)
    house.clock.advance(timedelta(hours=71))
    services.making.make(house.alice, ended)
    kept = services.making.make(house.alice, living)
    enter(house, kept)
    with writing(house.alice, "orientation.follow") as unit:
        found = unit.session.get_one(ReferralOut, ended.id)
        found.status, found.version = "withdrawn", found.version + 1
    house.clock.advance(timedelta(hours=1))
    assert ending.end(System(house.instance)) == Ended(expired=1, over=1, visits=1)
    assert [each.referral_id for each in rows(house, PartnerLink)] == [living.id]
    link = row(house, PartnerLink)
    assert (link.visit_hash, link.visit_wrapped, link.visit_until) == (None, None, None)
    with house.instance.database.reading() as session:
        (last,), _ = accesses(session, limit=1)
    assert (last.leaf.action, last.leaf.actor, dict(last.leaf.facts)) == ("jobs.links", None, {"expired": 1, "over": 1, "visits": 1})
    assert enter(house, kept), "control: the living one still opens"
