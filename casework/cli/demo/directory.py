"""The town's directory: thirty invented services, imported from a table by a steward as a real one would be, and one that closed since."""

import re
from datetime import date, timedelta
from pathlib import Path

from casework import services
from casework.cli.demo.founding import Town
from casework.cli.demo.people import NORTH, stewards
from casework.services.directory.views import DirectoryQuery
from casework.services.terms import PARIS

TABLE = Path(__file__).with_name("annuaire.csv")
CLOSED = "Ludothèque"
_AHEAD = re.compile(r"\{\+(\d+)\}")


def fill_directory(town: Town) -> None:
    """Preview, act, and the closing of one service. Raises InvalidInput when the table is not what the application reads."""
    steward = town.actors[stewards(NORTH.key)[0].username]
    plan = services.importing.preview(steward, table(town.clock.now().astimezone(PARIS).date()).encode())
    if plan.refused:
        raise ValueError(f"the town's directory has lines that the application refuses: {plan.refused[:3]}")
    town.wait(180)
    services.importing.apply(steward, plan.rows, plan.digest)
    town.wait(60)
    (closed,) = services.catalogue.find(steward, DirectoryQuery(words=CLOSED)).services
    services.upkeep.close(steward, closed.id)


def table(day: date) -> str:
    """The table with its dates: {+40} is forty days after `day`."""
    return _AHEAD.sub(lambda found: f"{day + timedelta(days=int(found[1])):%d/%m/%Y}", TABLE.read_text(encoding="utf-8"))
