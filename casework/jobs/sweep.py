"""The nightly sweep: what ended by itself goes."""

from casework.config import Config
from casework.jobs.system import System
from casework.services import Instance
from casework.services.offices import sweeping
from casework.services.offices.sweeping import Swept


def run(config: Config) -> Swept:
    """Open the instance, sweep once, close it. Raises ConfigurationError when the instance cannot be opened."""
    instance = Instance.open(config)
    try:
        return sweeping.sweep(System(instance))
    finally:
        instance.close()
