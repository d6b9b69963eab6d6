"""Dates as people read them, in Paris time. Own month names: Babel takes longer for 200 dates than the whole page does."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
FRENCH = ("", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")
ENGLISH = ("", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
WEEKDAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
SPACE = "\N{NO-BREAK SPACE}"


def day(value: date, lang: str = "fr") -> str:
    """A calendar day: « 1er mars 2026 », "1 March 2026"."""
    if lang == "en":
        return f"{value.day}{SPACE}{ENGLISH[value.month]} {value.year}"
    return f"{'1er' if value.day == 1 else value.day}{SPACE}{FRENCH[value.month]} {value.year}"


def weekday(value: date, lang: str = "fr") -> str:
    """A calendar day with its name: « mardi 24 novembre 2026 », "Tuesday 24 November 2026"."""
    return f"{WEEKDAYS['en' if lang == 'en' else 'fr'][value.weekday()]}{SPACE}{day(value, lang)}"


def local(value: datetime) -> datetime:
    """The same moment on a Paris clock. `value` is timezone-aware."""
    return value.astimezone(PARIS)


def clock_time(value: datetime, lang: str = "fr") -> str:
    """The hour in Paris: « 14 h 05 », "14:05"."""
    here = value.astimezone(PARIS)
    if lang == "en":
        return f"{here.hour}:{here.minute:02}"
    return f"{here.hour}{SPACE}h{SPACE}{here.minute:02}"


def end_time(value: datetime, lang: str = "fr") -> str:
    """The hour in Paris that something lasts until: a day ends at « minuit », at "midnight"."""
    if local(value).time() == time():
        return "midnight" if lang == "en" else "minuit"
    return clock_time(value, lang)


def end_day(value: datetime) -> date:
    """The day in Paris that something lasts until: midnight belongs to the day that ends."""
    return local(value - datetime.resolution).date()


def moment(value: datetime, lang: str = "fr") -> str:
    """Day and hour in Paris: « 22 novembre 2026 à 14 h 05 ». `value` is timezone-aware."""
    here = value.astimezone(PARIS)
    return f"{day(here, lang)}{', ' if lang == 'en' else ' à '}{clock_time(here, lang)}"
