"""A call as its page sends it, and a house whose victims' cell takes calls: Paula of the police and Igor, ISCG, are members of it."""

import secrets
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from casework import services
from casework.models.support import RefusalCount
from casework.services import Actor
from casework.services.support.drafts import CallDraft, MeasureDraft
from casework.services.support.views import CallReceipt
from tests import victims
from tests.house import END, House, enrol

NUMBER, CODE_WORD = "06 39 98 55 21", "le colis bleu"


def ready(house: House) -> House:
    """The victims' cell, once for a house."""
    if "igor" not in house.actors:
        cell = victims.found_cell(house)
        enrol(house, "igor", "iscg", "Département de l’Orle")
        for name, sheet in (("igor", "acte 9"), ("paula", "acte 9")):
            services.cells.admit(house.vera, cell, name, "member", act="acte 9", until=END, charter_sheet=sheet)
        house.actors["igor"] = house.sign_in("igor")
    return house


def call(house: House, **changes: Any) -> CallDraft:
    """What was noted: everything a call may say."""
    typed = CallDraft(
        cell=house.cells["appui"], agreement="given", submission=secrets.token_hex(16), origin="national_police",
        motives=("partner_violence",), channel="call", value=NUMBER, hours="mardi et jeudi 9h-11h30", code_word=CODE_WORD,
        introduction="Claire, de la médiathèque", limits=("no_message", "no_letter"), interpreter="portugais",
        must_not_answer="le beau-frère", not_to_inform="la belle-famille", last_name="Quibérac-Appel", first_name="Armande", sex="f",
        commune="Valmorel-sur-Orle", needs=("rights", "housing"), oriented=("housing",),
        measures=(MeasureDraft("protection_order", "01/02/2026", ""), MeasureDraft()), children="2018, 2015",
    )  # fmt: skip
    return replace(typed, **changes)


def noted(house: House, sender: Actor, **changes: Any) -> CallReceipt:
    """Send a call."""
    return services.intake.send(sender, call(house, **changes))


def unsought(house: House, sender: Actor, **changes: Any) -> str:
    """A call whose agreement was not sought; returns the dossier's number."""
    return noted(house, sender, agreement="not_sought", reason="danger", **changes).number


def said(house: House, reader: Actor, number: str) -> dict[str, dict[str, str]]:
    """Kind -> label -> value of everything somebody reads in a dossier's volets."""
    view = house.open(reader, number)
    return {each.kind: {str(field.label): str(field.value) for field in each.fields} for each in view.sections if each.readable}


def refusals(house: House) -> int:
    """The counter of this month."""
    with house.instance.database.reading() as session:
        return session.scalar(select(RefusalCount.count).where(RefusalCount.cell_id == house.cells["appui"])) or 0
