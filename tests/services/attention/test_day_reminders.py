"""What is due and reminded of stands once in a day: as a due line while it is near, and never again once it is over."""

from datetime import date

import pytest

from casework import services
from casework.jobs.system import System
from casework.services.attention import alert_reading
from casework.services.meeting import reminding
from casework.services.meeting.decisions.outcome_views import ReportDraft
from tests.house import House
from tests.services.meeting.outcome import close, decide, sitting, task


def owed(house: House, name: str) -> str:
    """An action that Hugo carries, due the day after tomorrow; its id."""
    number = house.follow(name)
    room = sitting(house, {number: ["alice"]}, people=["hugo"])
    decide(room, number, actions=(task(house, "hugo", "Appeler le collège.", due=date(2026, 3, 3)),))
    close(room)
    return next(each.id for each in services.tasks.board(house.hugo).mine if each.number == number)


def told(house: House) -> tuple[list[str], list[str]]:
    """Hugo's day: what is due, and the reminders among his alerts."""
    day = services.day.read(house.hugo)
    return [each.code for each in day.due], [each.kind for each in day.alerts if each.kind in alert_reading.DATED or "task_" in each.kind]


def test_a_reminded_action_stands_once_and_goes_with_its_result(fresh_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: without the question, it stands among the alerts as well."""
    house = fresh_house
    action = owed(house, "Quibérac-Rappel")
    assert reminding.remind(System(house.instance)).due == 1
    assert told(house) == (["task"], [])
    with monkeypatch.context() as patched:
        patched.setattr(alert_reading, "DATED", frozenset[str]())
        assert told(house) == (["task"], ["task_due"])
    services.reporting.report(house.hugo, action, ReportDraft("done", "C’est fait."))
    assert told(house) == ([], [])
