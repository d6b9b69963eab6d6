"""Actions: what an owner keeps, who reads which words, how a result is told, and that telling it ends what was kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.dossiers import Box
from casework.models.meetings import Task
from casework.services.meeting.decisions.outcome_views import ReportDraft, TaskLine
from tests.house import House, enrol
from tests.services.meeting.outcome import arrive, close, decide, sitting, task
from tests.services.meeting.room import reads

NAME = "Ombrine-Tâche"


def owned(house: House, owner: str = "hugo", *, kind: str = "actions", text: str = "Appeler le collège.") -> tuple[str, TaskLine]:
    """A closed meeting that asked somebody for something: the dossier's number and the line on their list."""
    number = house.follow(NAME)
    room = sitting(house, {number: ["alice"]}, people=[owner])
    asked: dict[str, Any] = {kind: (task(house, owner, text, due=date(2026, 3, 20)),)}
    decide(room, number, **asked)
    close(room)
    return number, next(each for each in services.tasks.board(house.actors[owner]).mine if each.number == number)


def nurse(house: House) -> str:
    """A school nurse of the cell: the charter lets them carry an action, and read the extract alone."""
    if "nora" not in house.actors:
        enrol(house, "nora", "school_nurse", "Collège des Tilleuls")
        until = house.clock.now() + timedelta(days=200)
        services.cells.admit(house.stella, house.cells["nord"], "nora", "member", act="acte 8", until=until, charter_sheet="acte 8")
        house.actors["nora"] = house.sign_in("nora")
    return "nora"


@pytest.mark.parametrize("owner", ["hugo", "paula", "bob"])
def test_an_owner_keeps_what_the_charter_lets_their_profession_read(house: House, owner: str) -> None:
    number, line = owned(house, owner)
    assert reads(house, owner, number) == {"extract", "identity", "decisions"}
    assert (line.text, line.mine, line.reportable) == ("Appeler le collège.", True, True)


def test_an_owner_of_the_extract_alone_sees_no_more_than_an_addressee(house: House) -> None:
    owner = nurse(house)
    number, line = owned(house, owner)
    assert reads(house, owner, number) == {"extract"}
    shown = house.open(house.actors[owner], number)
    assert shown.part_only
    assert (shown.person, shown.lead, shown.participants, shown.next_date) == (None, None, (), None)
    assert [(each.label, each.value) for each in shown.sections[0].fields][1:] == [("Action", line.text), ("Échéance", "20/03/2026")]
    assert NAME not in repr(services.tasks.board(house.actors[owner])) + repr(services.day.read(house.actors[owner]))


def test_telling_the_result_ends_what_was_kept(house: House) -> None:
    number, line = owned(house)
    services.reporting.report(house.hugo, line.id, ReportDraft("done", "Mère jointe."))
    services.reporting.report(house.hugo, line.id, ReportDraft("done", "Mère jointe."))  # a double click
    assert reads(house, "hugo", number) == frozenset()
    with house.instance.database.reading() as session:
        assert session.scalars(select(Box.id).where(Box.reference == line.id)).all() == []
    bodies = [each.body for each in house.open(house.alice, number).timeline if each.kind.code == "action_result"]
    assert bodies == ["Mère jointe."]
    (done,) = [each for each in services.tasks.board(house.hugo).done if each.id == line.id]
    assert (done.status, done.text) == ("done", None)


def test_one_task_told_leaves_the_other(house: House) -> None:
    number = house.follow(NAME)
    room = sitting(house, {number: ["alice", "hugo"]})
    decide(room, number, actions=(task(house, "hugo", "Une."), task(house, "hugo", "Deux.")))
    close(room)
    first, second = [each for each in services.tasks.board(house.hugo).mine if each.number == number]
    services.reporting.report(house.hugo, first.id, ReportDraft("not_done", "Personne à l’adresse."))
    assert "extract" in reads(house, "hugo", number)
    assert second.id in [each.id for each in services.tasks.board(house.hugo).mine]


def test_a_steward_notes_what_was_told_by_telephone(house: House) -> None:
    number, line = owned(house)
    page = services.reporting.prepare(house.stella, line.id)
    assert page.telephone
    with pytest.raises(InvalidInput) as problem:
        services.reporting.report(house.stella, line.id, ReportDraft("done", "Fait."))
    assert set(problem.value.problems) == {"told_by", "told_on"}
    services.reporting.report(house.stella, line.id, ReportDraft("done", "Fait.", "phone", house.clock.now().date()))
    with house.instance.database.reading() as session:
        row = session.get_one(Task, line.id)
        assert (row.status, row.told_by, row.reported_by) == ("done", "phone", house.stella.user_id)
    assert reads(house, "hugo", number) == frozenset()


def test_nobody_else_tells_it(house: House) -> None:
    _, line = owned(house)
    for name in ("alice", "bob", "charlie", "sam", "elsa"):
        with pytest.raises(NotFound):
            services.reporting.report(house.actors[name], line.id, ReportDraft("done", "Non."))


def test_the_institution_sees_number_date_and_state_without_words(house: House) -> None:
    number, line = owned(house, "bob")
    colleague = [each for each in services.tasks.board(house.alice).institution if each.id == line.id]
    assert [each.text for each in colleague] == ["Appeler le collège."]  # she leads and reads the dossier
    services.lifecycle.relead(house.stella, number, "hugo")
    colleague = [each for each in services.tasks.board(house.alice).institution if each.id == line.id]
    assert [(each.number, each.text) for each in colleague] == [(number, None)]
    assert line.id not in repr(services.tasks.board(house.charlie))  # of the same institution, in another cell


def test_a_question_to_somebody_absent_is_answered_and_joins_the_next_item(house: House) -> None:
    number, line = owned(house, kind="questions", text="Vient-il en cours ?")
    assert line.kind == "question"
    services.reporting.report(house.hugo, line.id, ReportDraft("done", "Oui, depuis lundi."))
    room = sitting(house, {number: ["alice"]})
    arrive(room, "alice")
    page = services.deciding.prepare(house.stella, room.meeting, room.items[number])
    assert [(each.text, each.result, each.status) for each in page.former] == [("Vient-il en cours ?", "Oui, depuis lundi.", "done")]


def test_a_task_is_not_there_before_the_close(house: House) -> None:
    number = house.follow(NAME)
    room = sitting(house, {number: ["alice", "hugo"]})
    decide(room, number, actions=(task(house, "hugo", "Appeler."),))
    assert number not in repr(services.tasks.board(house.hugo))
    close(room)
    assert number in repr(services.tasks.board(house.hugo))


def test_what_is_due_or_late_is_on_the_day(house: House) -> None:
    number, _ = owned(house)
    house.clock.advance(timedelta(days=20))
    house.actors["hugo"] = house.sign_in("hugo")
    assert ("task", number) in [(each.code, each.number) for each in services.day.read(house.hugo).due]
    assert any(each.late for each in services.tasks.board(house.hugo).mine if each.number == number)
