"""Builds the town from nothing to its last act, then verifies what it built. Nothing half-built is ever kept."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta

from casework import ledger
from casework.cli.demo import accompaniment, meetings, papers, permanences, place
from casework.cli.demo.calendar import Calendar
from casework.cli.demo.founding import found_town
from casework.cli.demo.life import Life
from casework.cli.demo.mornings import everybody_looks
from casework.cli.demo.names import dice
from casework.cli.demo.replay import Replay
from casework.cli.demo.script import LAST_DAY, DossierPlan, PlannedStep, merged, plan
from casework.config import Config
from casework.errors import CaseworkError
from casework.ledger import headfile
from casework.models.base import recorded_models
from casework.models.database import Database
from casework.services.offices.foundation import prepare_folder
from casework.vault.passphrase import Hashing

SEED = 20260302
YOUNGEST = 6
BACK = timedelta(days=275)
"""The town begins nine months before it is built; its last act lies a week back."""

LAST_MEETING, NEXT_MEETING = timedelta(days=6), timedelta(days=2)
"""How long before the building the cell of the North met, and how long after it the next meeting is."""

LAST_LOOK = timedelta(days=4)
"""How long before the building the leads look ahead; the acts of the script have ended by then."""

LAST_NIGHT = timedelta(hours=38)
"""How long before the building somebody on call opened an accès urgent, which waits for its review."""

Act = tuple[DossierPlan, PlannedStep]
Show = Callable[[Sequence[Act]], AbstractContextManager[Iterable[Act]]]


class BuildFailed(CaseworkError):
    """The town was built but is not as it must be. It is started over next time."""


def build(
    config: Config,
    *,
    dossiers: int,
    migrate: Callable[[str], object],
    seed: int = SEED,
    now: datetime | None = None,
    hashing: Hashing | None = None,
    show: Show = nullcontext,
) -> None:
    """Build a town of so many dossiers in a place that is empty or a demo town's.

    migrate: makes the tables at a database URL. now: the moment of building. show: wraps the acts, to show how far it is.
    Raises BuildFailed when the ledger does not verify or a confidential value is found in the clear.
    """
    built_at = now or datetime.now(UTC)
    start = (built_at - BACK).date()
    plans = plan(dossiers, seed, start=start, youngest=YOUNGEST)
    with place.under_construction(config):
        prepare_folder(config)
        migrate(config.database_url)
        town = found_town(config, start=start, hashing=hashing or Hashing())
        try:
            replay = Replay(town, start, plans)
            _live(replay, Life(town, dice(seed, "life")), Calendar(town, start), merged(plans), show)
            permanences.receive(town)
            met = meetings.hold(town, plans, replay.numbers, built_at - LAST_MEETING)
            replay.look_ahead(built_at - LAST_LOOK)
            asked = meetings.prepare_next(town, plans, replay.numbers, _afternoon(built_at + NEXT_MEETING))
            called, typed = accompaniment.accompany(town, plans, replay.numbers)
            everybody_looks(town)
            replay.a_night(built_at - LAST_NIGHT)
            permanences.say_who_came(town)
        finally:
            town.instance.close()
        truth = papers.truth(replay.numbers, plans, met) + papers.of_calls(called)
        _verify_ledger(config)
        _look_for_leaks(config, papers.values(truth) | set(asked) | typed)
        papers.write(config.instance / papers.TRUTH, truth)
        papers.write(config.instance / papers.ACCOUNTS, papers.accounts(town.kept, plans))


def _live(replay: Replay, life: Life, calendar: Calendar, acts: Sequence[Act], show: Show) -> None:
    with show(acts) as shown:
        for dossier, step in shown:
            calendar.until(step.day)
            life.before(step, replay.numbers.get(dossier.index))
            replay.play(dossier, step)
            life.after(dossier, step, replay.numbers[dossier.index])
    calendar.until(LAST_DAY)


def _afternoon(moment: datetime) -> datetime:
    """Two o'clock of that day: a meeting of the cell."""
    return moment.replace(hour=13, minute=0, second=0, microsecond=0)


def _verify_ledger(config: Config) -> None:
    """Verify the log from its first leaf and keep its head, as `casework ledger verify` would."""
    database = Database(config.database_url)
    try:
        with database.reading() as session:
            report = ledger.verify(session, saved=None, recorded=recorded_models())
    finally:
        database.close()
    if not report.ok or report.head is None:
        raise BuildFailed(f"Le journal de la ville ne se vérifie pas : {report.errors} erreurs, {report.findings[:3]}.")
    headfile.save_head(config.saved_head, report.head)


def _look_for_leaks(config: Config, values: set[str]) -> None:
    found = papers.leaks(config.instance, values)
    if found:
        places = ", ".join(f"{leak.path.name} à l’octet {leak.offset}" for leak in found[:5])
        raise BuildFailed(f"Des valeurs confidentielles sont lisibles sans clé ({len(found)}) : {places}.")
