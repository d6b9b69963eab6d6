"""The record, its history and drafts of the stand-in town: views only."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from casework.services import views
from casework.services.record import saved_drafts
from casework.services.record import views as views_records

FIELDS = (
    views_records.RecordField("last_name", "Nom", "line", True, "", ()),
    views_records.RecordField("birth_date", "Date de naissance", "day", True, "", ()),
    views_records.RecordField("sex", "Sexe", "choice", True, "", (views.Choice("m", "Masculin"),)),
)
ROW = views_records.RecordRow("a" * 32, 3, {"last_name": "Brindavoine-Achouri", "birth_date": "2011-04-17", "sex": "m"})
IDENTITY = views.Choice("identity", "Identité")


def rooms(town: Any, now: datetime) -> dict[str, SimpleNamespace]:
    """What the screens call. `town.asked` keeps it."""

    def ask(*given: Any, **_named: Any) -> datetime:
        town.asked.append(given[1:])
        return now

    page = views_records.RecordPage("2026-0042", "Lorenzo Brindavoine-Achouri", IDENTITY, False, FIELDS, (ROW,))
    index = views_records.RecordIndex(
        page.number, page.person, (IDENTITY,), True, True, now.date(), (views.Choice("achieved", "Objectif atteint"),)
    )
    past = views_records.HistoryPage(page.number, page.person, None, (IDENTITY,), ())
    return {
        "records": SimpleNamespace(index=lambda *_: index, compose=lambda *_: page, write=ask),
        "lifecycle": SimpleNamespace(plan=ask, close=ask),
        "field_history": SimpleNamespace(read=lambda *_: past),
        "saved_drafts": SimpleNamespace(
            FORMS=saved_drafts.FORMS, keep=ask, keep_after=lambda *_: False, opened=lambda *_: None, drop=ask, mine=lambda _: ()
        ),
    }
