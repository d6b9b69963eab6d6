"""Every error the house raises on purpose. The web turns each into one page; none carries personal data."""

from collections.abc import Mapping


class CaseworkError(Exception):
    """Root of the house's own errors. Messages are for people and never hold a name or a confidential value."""


class ConfigurationError(CaseworkError):
    """The instance cannot start; the message is one sentence that says what to do."""


class NotFound(CaseworkError):
    """Unknown or forbidden: from outside the two are the same thing (404)."""


class ThroughSomebody(NotFound):
    """One knows of the person and must not reach them oneself: one neutral sentence, whatever the reason."""


class PersonLeft(NotFound):
    """The person withdrew their agreement: nothing more is passed on. Told to whoever follows the file, and to nobody else."""


class SignInRefused(CaseworkError):
    """Unknown user, wrong passphrase or wrong code: one error, one sentence, one cost."""


class TooManyAttempts(CaseworkError):
    """Sign-in is limited for this account or this address.

    retry_after: seconds until another attempt is looked at.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many sign-in attempts")
        self.retry_after = retry_after


class SessionEnded(CaseworkError):
    """No live session for this secret: signed out, idle too long, too old, or never there."""


class ScreenCovered(CaseworkError):
    """The screen of this session is covered: nobody acts through it before the code uncovers it.

    meeting: the id of the meeting whose screen it is.
    """

    def __init__(self, meeting: str) -> None:
        super().__init__("the screen is covered")
        self.meeting = meeting


class InvalidInput(CaseworkError):
    """What was typed cannot be taken. Nothing was written.

    problems: field name -> sentence in French, shown beside the field.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("invalid input: " + ", ".join(sorted(problems)))
        self.problems = dict(problems)


class LinkRefused(CaseworkError):
    """A partner's link, code or visit that opens nothing: unknown, wrong, over or ended meanwhile. One error, one page, one cost."""


class ReadersChanged(CaseworkError):
    """Between the form and the button, the people who will read the entry changed. Nothing was written."""


class StaleVersion(CaseworkError):
    """Somebody else saved the same row since the form was opened. Nothing was written."""


class DecidedMeanwhile(StaleVersion, NotFound):
    """The saisine has an outcome already, and the actor may open its dossier and read which. Where nobody catches it: not found."""


class TamperedError(CaseworkError):
    """Stored bytes do not open under the key and place they claim. Never shown as an empty value."""


class UncertifiedKey(CaseworkError):
    """A public key without a valid certificate chain to the founding officer: nothing is sealed to it."""


class LedgerUnavailable(CaseworkError):
    """The trace could not be made durable, so nothing was shown or written (503)."""
