"""The week of a service with 200 appointments, each with another dossier whose name is shown: the whole page, the leaf included."""

import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from statistics import quantiles

from benchmarks.report import Figure
from casework import services
from casework.cli.db import upgrade
from casework.cli.server import settle
from casework.services.offices.foundation import prepare_folder
from casework.services.permanence.views import BookingDraft, PermanenceDraft
from casework.services.terms import PARIS
from casework.web import create_app
from tests import house as houses
from tests.house import House
from tests.postgres import throwaway_cluster

DAYS, SLOTS, MINUTES = 5, 40, 15
APPOINTMENTS = DAYS * SLOTS
MONDAY = date(2026, 3, 9)
ROUNDS = 100
LIMIT = 0.15  # seconds, 95th percentile


def figures() -> list[Figure]:
    """The 95th percentile on both databases."""
    found = [_figure("SQLite", None)]
    with throwaway_cluster(fsync=True) as cluster:
        found.append(_figure("PostgreSQL", cluster.create_database()))
    return found


def _figure(name: str, url: str | None) -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        config = houses.config_for(Path(folder), url)
        prepare_folder(config)
        upgrade(config.database_url)
        house = houses.build(config)
        try:
            _fill(house)
            settle()
            spent = list(_weeks(house))
        finally:
            house.instance.close()
    return Figure(f"{name}: week with {APPOINTMENTS} appointments", quantiles(spent, n=20)[-1], LIMIT, "s")


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
