"""A woman whose safe contact Viola keeps, passed on to the service of the south cell or to a partner without an account."""

import secrets
from dataclasses import dataclass

from casework import services
from casework.services.orientation.views import OrientationDraft, OrientationQuery, ReceivedView
from casework.services.safety.views import CallNow
from tests.house import House
from tests.services.orientation.oriented import CLUB, Town, town
from tests.services.safety.place import Place, founded

LABEL = "Contact sûr"


@dataclass
class Passing:
    """The person's file, and the service that receives."""

    place: Place
    town: Town

    @property
    def house(self) -> House:
        """Who acts."""
        return self.place.house

    def draft(self, *labels: str, to: str = "") -> OrientationDraft:
        """What Viola's form sends: the pieces of these labels."""
        offer = services.offering.prepare(self.house.viola, self.place.number, OrientationQuery("housing"))
        pieces = tuple(each.id for each in offer.pieces if each.label in labels)
        assert len(pieces) == len(labels)
        link = next(each.code for each in offer.services if each.name == CLUB)
        goes = {"": self.town.to, "link": link}.get(to, to)
        return OrientationDraft("housing", goes, pieces, "Elle attend votre appel.", "given", "", secrets.token_hex(16))

    def sent(self, *labels: str, to: str = "") -> str:
        """Send an orientation as Viola; its id."""
        return services.sending.send(self.house.viola, self.place.number, self.draft(*labels, to=to))

    def received(self, referral: str) -> ReceivedView:
        """What Charlie of the receiving service sees."""
        return services.receiving.read(self.house.charlie, referral)

    def line(self, referral: str) -> CallNow:
        """The first line of Charlie's page."""
        found = self.received(referral).call
        assert found is not None
        return found

    def renew(self, referral: str) -> None:
        """Viola passes the new contact on, as her page shows it."""
        renewal = services.following.read(self.house.viola, referral).renewal
        assert renewal is not None
        services.following.pass_on(self.house.viola, referral, renewal.id)


def passing(house: House) -> Passing:
    """Once for a house."""
    return Passing(founded(house), town(house))
