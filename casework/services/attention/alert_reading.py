"""What asks for my attention: the alerts I have not seen, and saying that I saw one."""

from collections.abc import Sequence

from sqlalchemy import select

from casework.errors import NotFound
from casework.models.attention import Alert
from casework.models.dossiers import Conflict, Dossier
from casework.services.actor import Actor
from casework.services.unit import Unit, writing

SHOWN = 30


def unseen(unit: Unit) -> Sequence[Alert]:
    """My newest alerts not seen yet. Those about somebody to whom I have a personal link, or of a cell I have left, stay silent."""
    linked = select(Dossier.number).join(Conflict, Conflict.dossier_id == Dossier.id).where(Conflict.user_id == unit.actor.user_id)
    query = select(Alert).where(Alert.recipient_id == unit.actor.user_id, Alert.seen_at.is_(None), Alert.number.not_in(linked))
    if all(each.cell_id for each in unit.facts.admissions):  # an office looks at every cell
        query = query.where(Alert.number.not_in(select(Dossier.number).where(Dossier.cell_id.not_in(unit.facts.cells))))
    return unit.session.scalars(query.order_by(Alert.created_at.desc(), Alert.id).limit(SHOWN)).all()


def see(actor: Actor, alert_id: str) -> None:
    """Note that I saw one of my alerts. Once is enough. Raises NotFound for somebody else's or an unknown one."""
    with writing(actor, "day.read") as unit:
        unit.require([unit.situation()])
        alert = unit.session.get(Alert, alert_id)
        if alert is None or alert.recipient_id != actor.user_id:
            raise NotFound(unit.action)
        alert.seen_at = alert.seen_at or unit.now
