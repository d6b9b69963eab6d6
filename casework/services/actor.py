"""Who acts: a signed-in person with an unlocked keyring, frozen and detached from the database."""

from dataclasses import dataclass, field

from casework.services.instance import Instance
from casework.vault.userkeys import Keyring


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person. `profession` and `institution_id` are those of the certificate, not of a row anybody could change."""

    instance: Instance = field(repr=False)
    user_id: str
    name: str
    gender: str
    function: str
    profession: str
    institution_id: str
    institution: str
    certificate_id: str
    keyring: Keyring = field(repr=False)
