"""Who acts when nobody is signed in."""

from dataclasses import dataclass, field

from casework.services.instance import Instance


@dataclass(frozen=True, slots=True)
class System:
    """The actor of jobs. It has no keyring, so that no job can open anything; in the ledger its lines have no person."""

    instance: Instance = field(repr=False)
