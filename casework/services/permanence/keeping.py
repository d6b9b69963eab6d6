"""Keeping permanences: a member of the service's ring says where and when it receives, and when that ends."""

from datetime import date, datetime, time

from sqlalchemy import func, select

from casework.models.base import new_id
from casework.models.permanences import Permanence, Slot
from casework.services import terms, typed
from casework.services.actor import Actor
from casework.services.permanence import times
from casework.services.permanence.teams import KEEP, permanence_of, teams
from casework.services.permanence.views import EndForm, Keeping, PermanenceDraft
from casework.services.unit import Unit, reading, writing
from casework.services.views import Choice
from casework.wording import says

MAX_PLACE = 120
SHORTEST, LONGEST = 10, 120
"""Minutes of a slot."""
WEEK = 7
COMING = ("booked",)


def compose(actor: Actor) -> Keeping:
    """What the form of a new permanence offers. Raises NotFound for whoever serves in no ring."""
    with reading(actor, KEEP) as unit:
        cells = [team.cell for team in teams(unit).values()]
        return Keeping(tuple(sorted((Choice(each.id, each.name) for each in cells), key=lambda each: each.label)), times.today(unit.now))


def make(actor: Actor, draft: PermanenceDraft) -> str:
    """Receive at a place, on a day of the week, from an hour to an hour. Returns its id. Raises NotFound, InvalidInput."""
    with writing(actor, KEEP) as unit:
        found = teams(unit)
        place, first, last = typed.clean(draft.place), times.hour(draft.starts), times.hour(draft.ends)
        wrong = _problems(unit, draft, first, last)
        wrong["place"] = typed.problem(place, MAX_PLACE)
        wrong["cell"] = None if draft.cell in found else says("Choisissez la cellule.")
        terms.refuse(wrong)
        row = Permanence(
            id=new_id(), version=1, cell_id=draft.cell, institution_id=actor.institution_id, place=place, weekday=draft.weekday,
            starts=f"{first:%H:%M}", ends=f"{last:%H:%M}", minutes=draft.minutes, since=draft.since, author_id=actor.user_id,
        )  # fmt: skip
        unit.session.add(row)
        unit.trace.facts["permanence"] = row.id
        return row.id


def ending(actor: Actor, permanence_id: str) -> EndForm:
    """A permanence, to be ended. Raises NotFound, also for one of another service."""
    with reading(actor, KEEP) as unit:
        row, _team = permanence_of(unit, teams(unit), permanence_id)
        taken, last = _taken(unit, row.id, times.today(unit.now))
        return EndForm(times.view(row), taken, last, times.today(unit.now))


def end(actor: Actor, permanence_id: str, until: date | None, *, seen: int) -> None:
    """Receive there until a day, that day included. seen: the version that was shown.

    Raises NotFound, InvalidInput for a past day, appointments after it, or when somebody else was faster.
    """
    with writing(actor, KEEP) as unit:
        row, _team = permanence_of(unit, teams(unit), permanence_id)
        terms.refuse({"form": says("Cette permanence a été modifiée entre-temps. Rouvrez la page.") if row.version != seen else None})
        if until is None or until < times.today(unit.now):
            terms.refuse({"until": says("Cette date est passée.") if until else says("Indiquez le dernier jour.")})
            return
        if until - times.today(unit.now) > terms.LONGEST:
            terms.refuse({"until": says("Choisissez un jour à moins d’un an d’aujourd’hui.")})
        taken, last = _taken(unit, row.id, until + times.DAY)
        if taken and last is not None:
            terms.refuse(
                {"until": says("Un rendez-vous est pris après ce jour, le %(day)s : déplacez-le ou annulez-le d’abord.", day=last)}
            )
        row.until, row.version = until, row.version + 1


def _problems(unit: Unit, draft: PermanenceDraft, first: time | None, last: time | None) -> dict[str, str | None]:
    found: dict[str, str | None] = {
        "weekday": None if draft.weekday in range(WEEK) else says("Choisissez le jour."),
        "starts": None if first else says("Indiquez l’heure de début, par exemple 9:00."),
        "ends": None if last else says("Indiquez l’heure de fin, par exemple 12:00."),
        "minutes": None,
        "since": None if draft.since else says("Indiquez le premier jour."),
    }
    if draft.minutes is None or not SHORTEST <= draft.minutes <= LONGEST:
        found["minutes"] = says("Un rendez-vous dure de %(least)s à %(most)s minutes.", least=SHORTEST, most=LONGEST)
    elif first and last and (last.hour - first.hour) * 60 + last.minute - first.minute < draft.minutes:
        found["ends"] = says("Entre ces deux heures, aucun rendez-vous ne tient.")
    if draft.since and abs(draft.since - times.today(unit.now)) > terms.LONGEST:
        found["since"] = says("Choisissez un jour à moins d’un an d’aujourd’hui.")
    return found


def _taken(unit: Unit, permanence_id: str, day: date) -> tuple[int, date | None]:
    """Appointments from a day on, and the day of the latest."""
    query = select(func.count(), func.max(Slot.starts_at)).where(Slot.permanence_id == permanence_id, Slot.state.in_(COMING))
    row = unit.session.execute(query.where(Slot.starts_at >= times.midnight(day))).one()
    last: datetime | None = row[1]
    return row[0], last.astimezone(terms.PARIS).date() if last else None
