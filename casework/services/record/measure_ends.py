"""The last day of a measure: proposed by law, kept in the clear as a day and a dossier, so that a reminder needs no key.

Which measure it is stays sealed. Source: domain 3.13 and 3.14, charter article 27.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import delete, select

from casework.charter import Charter, Situation
from casework.charter.programmes import Programme
from casework.models.attention import Alert
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.support import MeasureEnd
from casework.services.access import Held
from casework.services.record.record_fields import Rule
from casework.services.record.views import RecordRow
from casework.services.terms import PARIS
from casework.services.unit import Unit
from casework.wording import says

JUDICIAL = "judicial"

DEVICES = frozenset({"emergency_phone", "distance_device"})
"""Protection devices: that one was given and until when, and nothing more. Number, place and alerts belong to those who run them."""


def with_end(unit: Unit, row: RecordRow, before: RecordRow | None) -> RecordRow:
    """The row with the last day by law, where its kind has one, its first day is said and its last day is not.

    Proposed when the kind or the first day is new: whoever empties the last day afterwards keeps it empty.
    """
    texts, last = row.texts, legal_end(unit, row.texts)
    told = before is not None and all(before.texts.get(name) == texts.get(name) for name in ("label", "since"))
    if last is None or texts.get("until") or told:
        return row
    return replace(row, texts={**texts, "until": last.isoformat()})


def legal_end(unit: Unit, texts: Mapping[str, str]) -> date | None:
    """The last day by law of a measure with that kind and first day; None where the law names none."""
    length, first = unit.charter.support.measure_lengths.get(texts.get("label", "")), _day(texts.get("since", ""))
    return length.after(first) if length is not None and first is not None else None


def remark(unit: Unit, texts: Mapping[str, str]) -> str:
    """What stands beside a last day that is the one the law names; empty for any other."""
    last = legal_end(unit, texts)
    if last is None or texts.get("until") != last.isoformat():
        return ""
    length = unit.charter.support.measure_lengths[texts["label"]]
    said = _said(length.months, length.days)
    return says("Proposé : %(length)s, la durée prévue par la loi. Vous pouvez changer cette date.", length=said)


def hint(unit: Unit, programme: Programme, rule: Rule) -> str:
    """What stands under a field of a measure in this programme."""
    if rule.column == "label" and DEVICES & programme.measures.keys():
        return says("D’un téléphone ou d’un bracelet : jamais le numéro, le lieu ni les alertes.")
    if rule.column == "until" and unit.charter.support.measure_lengths.keys() & programme.measures.keys():
        return says("Laissée vide, la fin prévue par la loi est proposée, pour les mesures qui en ont une.")
    return rule.hint


def only_the_gift(texts: Mapping[str, str]) -> str | None:
    """What is wrong with the obligations of a protection device, or None: nothing is noted of one but that it was given, and until when."""
    if texts.get("label") in DEVICES and texts.get("obligations"):
        return says("Pour ce dispositif, notez seulement qu’il est attribué et son échéance : ni numéro, ni lieu, ni alerte.")
    return None


def may_be_told(charter: Charter, dossier: Dossier, profession: str, position: str) -> bool:
    """Whether somebody in that position may learn that a measure ends, and when: they read what justice told, or they may know that it is
    there and their profession is one to which it can be given. A school head who leads is told nothing."""
    here = Situation(profession, position, dossier.programme, dossier.status, JUDICIAL)
    if charter.check("compartment.read", here).permitted:
        return True
    given = charter.check("compartment.read", here._replace(position="shared"))
    return given.permitted and charter.check("compartment.know", here).permitted


def keep(held: Held, measure_id: str, until: str) -> None:
    """The end of this measure is that day from now on; there is none when it is empty or past. Reminders of another day are taken back.

    The caller has required an action and writes the sealed row in the same unit.
    """
    session, last = held.unit.session, _day(until)
    if last is not None and last < held.unit.now.astimezone(PARIS).date():
        last = None
    known = session.scalars(select(MeasureEnd).where(MeasureEnd.measure_id == measure_id)).one_or_none()
    if known is not None and known.due == last:
        return
    if known is not None:
        _forget(held.unit, known)
    if last is not None:
        session.add(MeasureEnd(id=new_id(), version=1, dossier_id=held.dossier.id, measure_id=measure_id, due=last))


def close(held: Held) -> None:
    """The follow-up is over: nobody is reminded of its measures any more."""
    for row in held.unit.session.scalars(select(MeasureEnd).where(MeasureEnd.dossier_id == held.dossier.id)):
        _forget(held.unit, row)


def _forget(unit: Unit, row: MeasureEnd) -> None:
    unit.session.delete(row)
    unit.session.flush()  # one end a measure: the next one comes after this one has gone
    unit.session.execute(delete(Alert).where(Alert.reference == row.id), execution_options={"synchronize_session": False})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _said(months: int, days: int) -> str:
    if not months:
        return says("%(count)s jours", count=days)
    return says("%(count)s mois", count=months) if not days else says("%(months)s mois et %(days)s jours", months=months, days=days)
