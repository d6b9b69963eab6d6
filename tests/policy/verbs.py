"""What somebody does for each action of the charter: the real verb of the application. True when it did what the action says.

A refusal (NotFound, SessionEnded) or a word that is not shown is a denial; anything else that goes wrong is a fault of the row.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from casework.charter import Charter
from casework.charter.verdicts import Verdicts
from casework.errors import NotFound, SessionEnded
from tests.policy import on_cells, on_dossiers, on_meetings, on_support
from tests.policy.places import Place

Verb = Callable[[Place], bool]
NEVER_ASKED = {
    "session.sign_in": "a gate and no rule: nobody is signed in yet, the habilitation decides",
    "session.sign_out": "leaving is always possible",
}
"""Actions of which no verb asks the table: a row about them is kept by gates, or by another action."""


def let(place: Place) -> bool:
    """Whether the application let the row's person do it."""
    try:
        return VERBS[place.row.action](place)
    except (NotFound, SessionEnded):
        return False


def without(law: Charter, action: str, rule: str) -> Charter:
    """The same law, in which that rule permits this action no more."""
    now = law.decisions[action]
    fewer = [law.default if found.rule == rule else found for found in now.verdicts]
    return replace(law, decisions={**law.decisions, action: Verdicts(now.words, now.numbers, fewer)})


VERBS: Mapping[str, Verb] = {
    "compartment.keep": on_dossiers.keep,
    "compartment.read": on_dossiers.read,
    "compartment.know": on_dossiers.know,
    "history.read": on_dossiers.history,
    "entry.write": on_dossiers.note,
    "record.write": on_dossiers.record,
    "share.give": on_dossiers.share,
    "share.end": on_dossiers.unshare,
    "dossier.list": on_dossiers.in_list,
    "dossier.open": on_dossiers.opened,
    "dossier.relead": on_dossiers.relead,
    "dossier.withdraw": on_dossiers.withdraw,
    "dossier.close": on_dossiers.close,
    "dossier.plan": on_dossiers.plan,
    "referral.examine": on_dossiers.examine,
    "referral.follow": on_dossiers.follow,
    "referral.add": on_dossiers.complement,
    "referral.send": on_cells.refer,
    "extract.give": on_dossiers.extract,
    "extract.end": on_dossiers.unextract,
    "conflict.settle": on_dossiers.settle,
    "urgent.open": on_dossiers.urgent,
    "urgent.read": on_dossiers.urgent_read,
    "urgent.review": on_cells.review,
    "cell.read": on_cells.cell_page,
    "cell.take_charge": on_cells.take_charge,
    "cell.found": on_cells.found,
    "member.admit": on_cells.admit,
    "member.end": on_cells.end_member,
    "ring.elected": on_cells.elected,
    "ring.service": on_cells.service,
    "ring.stand_in": on_cells.stand_in,
    "ring.duty": on_cells.duty,
    "ring.turn": on_cells.turn_rings,
    "ring.cell": on_cells.cell_texts,
    "keys.turn": on_dossiers.turn_keys,
    "ring.oversight": on_cells.oversight,
    "account.read": on_cells.accounts,
    "account.create": on_cells.create,
    "account.certify": on_cells.certify,
    "institution.create": on_cells.institution,
    "ledger.read": on_cells.journal,
    "directory.read": on_cells.look_up,
    "directory.keep": on_cells.list_service,
    "meeting.confirm": on_meetings.confirm,
    "meeting.answer": on_meetings.answer,
    "meeting.show": on_meetings.show,
    "meeting.decide": on_meetings.decide,
    "meeting.read": on_meetings.see,
    "meeting.prepare": on_meetings.prepare,
    "meeting.convene": on_meetings.convene,
    "meeting.attend": on_meetings.attend,
    "meeting.open": on_meetings.open_it,
    "meeting.close": on_meetings.close,
    "task.report": on_meetings.report,
    "task.list": on_meetings.tasks,
    "point.report": on_meetings.report_point,
    "figures.read": on_meetings.figures,
    "agreement.record": on_support.agree,
    "agreement.withdraw": on_support.end_follow_up,
    "orientation.give": on_support.pass_on,
    "orientation.follow": on_support.follow,
    "orientation.receive": on_support.receive,
    "orientation.inbox": on_support.inbox,
    "partner.link": on_support.link,
    "contact.plan": on_support.reach,
    "danger.guide": on_support.guide,
    "danger.report": on_support.report_danger,
    "release.warn": on_support.warn,
    "addressing.set": on_support.set_addressing,
    "purge.review": on_support.review,
    "wall.set": on_support.wall,
    "wall.link": on_support.set_apart,
    "wall.stay": on_support.stay,
    "permanence.read": on_support.week,
    "permanence.keep": on_support.keep_permanence,
    "dossier.search": on_cells.search,
    "day.read": on_cells.day,
    "draft.write": on_cells.draft,
    "charter.sign": on_cells.sign,
    "session.sign_in": on_cells.sign_in,
    "session.sign_out": on_cells.sign_out,
}
