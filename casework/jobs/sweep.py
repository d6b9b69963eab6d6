"""The nightly sweep: what ended by itself goes, what a meeting leaves is destroyed, and people are reminded of what is due."""

from dataclasses import dataclass

from casework.config import Config
from casework.jobs.system import System
from casework.services import Instance
from casework.services.meeting import destroying, reminding
from casework.services.meeting.destroying import Destroyed
from casework.services.meeting.reminding import Reminded
from casework.services.offices import sweeping
from casework.services.offices.sweeping import Swept
from casework.services.orientation import reminding as following
from casework.services.orientation.reminding import Followed
from casework.services.partner import ending
from casework.services.partner.ending import Ended
from casework.services.permanence import forgetting
from casework.services.permanence.forgetting import Forgotten
from casework.services.record import measure_reminding
from casework.services.record.measure_reminding import MeasuresTold
from casework.services.support import erasing
from casework.services.support.erasing import Unagreed


@dataclass(frozen=True, slots=True)
class Night:
    """What one night did; each part has its own line in the ledger."""

    swept: Swept
    destroyed: Destroyed
    reminded: Reminded
    links: Ended
    measures: MeasuresTold
    unagreed: Unagreed
    orientations: Followed
    appointments: Forgotten


def run(config: Config) -> Night:
    """Open the instance, do the parts one after the other, close it.

    Closing folds SQLite's write-ahead log into the file, so that what was destroyed is in neither. Raises ConfigurationError when the
    instance cannot be opened; a part that fails leaves those before it done.
    """
    instance = Instance.open(config)
    try:
        system = System(instance)
        return Night(
            swept=sweeping.sweep(system),
            destroyed=destroying.destroy(system),
            reminded=reminding.remind(system),
            links=ending.end(system),
            measures=measure_reminding.remind(system),
            unagreed=erasing.erase_unagreed(system),
            orientations=following.follow(system),
            appointments=forgetting.forget(system),
        )
    finally:
        instance.close()
