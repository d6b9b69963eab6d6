"""An orientation that a meeting decided is proposed, and is sent after the close like any other."""

import pytest

from casework import services
from casework.errors import NotFound
from casework.models.orientations import ReferralOut
from casework.models.people import Institution
from casework.services.meeting.decisions.outcome_views import ReferralRow
from casework.services.orientation.views import OrientationQuery
from tests.attacks.sql import row, rows
from tests.house import House
from tests.services.meeting.outcome import close, decide, sitting
from tests.services.orientation.oriented import CHOSEN, DEPARTMENT, draft, followed, states, town


def test_decided_in_a_meeting_then_sent(house: House) -> None:
    place = town(house)
    number = followed(house, "Décidée-Orientation")
    institution = row(house, Institution, name=DEPARTMENT).id
    room = sitting(house, {number: ["alice"]})
    decide(room, number, referrals=(ReferralRow(institution, "housing"),))
    assert house.open(house.alice, number).orientations == (), "it stands once the meeting is closed"
    (found,) = rows(house, ReferralOut, institution_id=institution, service_id=None)
    with pytest.raises(NotFound):
        services.following.read(house.alice, found.id)
    close(room)
    (line,) = house.open(house.alice, number).orientations
    assert (line.id, line.status.code, line.to) == (found.id, "proposed", DEPARTMENT)
    assert [each.waits for each in services.orientations.inbox(house.alice).sent if each.id == found.id] == ["send"]
    offer = services.offering.prepare(house.alice, number, OrientationQuery(), found.id)
    assert (offer.need, offer.decided) == ("housing", DEPARTMENT)
    ring = offer.services[0]
    assert ring.code == f"ring:{place.ring}:", "the team of the institution that was decided, service of the directory or not"
    services.sending.send(house.alice, number, draft(place, number, referral=found.id, to=ring.code))
    assert states(place, found.id) == ["proposed", "sent"]
    assert [each.value for each in services.receiving.read(house.charlie, found.id).items][-1] == CHOSEN
