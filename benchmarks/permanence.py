"""The week of a service with 200 appointments, each with another dossier whose name is shown: the whole page, the leaf included."""

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from datetime import time as hour
from statistics import quantiles

from benchmarks.places import house_at, on_both
from benchmarks.report import Figure
from casework import services
from casework.cli.server import settle
from casework.services.permanence.views import BookingDraft, PermanenceDraft
from casework.services.terms import PARIS
from casework.web import create_app
from tests.house import House

DAYS, SLOTS, MINUTES = 5, 40, 15
APPOINTMENTS = DAYS * SLOTS
MONDAY = date(2026, 3, 9)
ROUNDS = 100
LIMIT = 0.15  # seconds, 95th percentile


def figures() -> list[Figure]:
    """The 95th percentile on both databases."""
    return on_both(_figures)


def _figures(name: str, url: str | None) -> Iterator[Figure]:
    with house_at(url) as house:
        _fill(house)
        settle()
        spent = list(_weeks(house))
    yield Figure(f"{name}: week with {APPOINTMENTS} appointments", quantiles(spent, n=20)[-1], LIMIT, "s")


def _fill(house: House) -> None:
    services.service_rings.make(house.alice, house.cells["nord"], [house.bob.user_id])
    for weekday in range(DAYS):
        draft = PermanenceDraft(house.cells["nord"], "Point-justice", weekday, "08:00", "18:00", MINUTES, MONDAY)
        place, begin = services.keeping.make(house.alice, draft), datetime.combine(MONDAY + timedelta(days=weekday), hour(8), tzinfo=PARIS)
        for slot in range(SLOTS):
            number = house.follow(f"Quibérac-{weekday}-{slot}")
            services.booking.book(house.alice, place, begin + timedelta(minutes=MINUTES * slot), BookingDraft(number))


def _weeks(house: House) -> Iterator[float]:
    client = create_app(house.instance).test_client()
    client.set_cookie("sid", services.sessions.start(house.alice))
    for _ in range(ROUNDS):  # the first included, which re-wraps what others had sealed to a public key
        begin = time.perf_counter()
        answer = client.get("/permanences/2026-s11")
        spent = time.perf_counter() - begin
        assert answer.status_code == 200
        assert answer.text.count("Quibérac-") == APPOINTMENTS
        yield spent
