"""An action of an institution in which nobody has an account: asked in a meeting, answered by a link, taken over in one act."""

from datetime import date, timedelta

import pytest

from casework import services
from casework.errors import InvalidInput, LinkRefused, NotFound
from casework.models.meetings import Task
from casework.models.people import Institution
from casework.services.meeting.decisions import carrying
from casework.services.meeting.decisions.outcome_views import ReportDraft, TaskRow
from casework.services.partner.views import TASK, About, PartnerDraft
from tests.attacks.sql import row, rows
from tests.house import House
from tests.services.meeting.outcome import SOON, close, decide, sitting, task
from tests.services.partner.partners import ACTION, enter

QUAY = "Atelier du quai"
SAID = "Visite faite, une place lui est gardée."


@pytest.fixture(scope="module")
def decided(house: House) -> tuple[str, About]:
    """Dossier number and the action that a meeting gave to the workshop, which signed nothing of the cell's."""
    services.accounts.add_institution(house.oscar, QUAY, "association")
    quay = row(house, Institution, name=QUAY).id
    number = house.follow("Quibérac-Action")
    room = sitting(house, {number: ["alice"]})
    given = TaskRow(ACTION, f"{carrying.OUTSIDE}{quay}", SOON)
    with pytest.raises(InvalidInput) as wrong:  # an institution of the cell answers by somebody with an account
        decide(room, number, actions=(TaskRow(ACTION, f"{carrying.OUTSIDE}{house.hugo.institution_id}", SOON),))
    assert set(wrong.value.problems) == {"actions-0-owner"}
    decide(room, number, actions=(given, task(house, "alice", "Appeler le club.")))
    decide(room, number, actions=(given, task(house, "alice", "Appeler le club.")), version=1)
    close(room)
    return number, About(TASK, row(house, Task, institution_id=quay, status="open").id)


def test_the_board_names_the_institution_and_leads_to_the_link(house: House, decided: tuple[str, About]) -> None:
    number, about = decided
    found = [each for each in services.tasks.board(house.stella).cells if each.number == number]
    (line,) = [each for each in found if each.id == about.id]
    assert (line.owner, line.institution, line.outside, line.reportable, line.text) == (QUAY, "", True, True, ACTION)
    assert [each.outside for each in found if each.id != about.id] == [False]


def test_a_partner_tells_a_result_and_the_steward_takes_it_over(house: House, decided: tuple[str, About]) -> None:
    number, about = decided
    cookie = enter(house, services.making.make(house.stella, about))
    page = services.visits.read(house.instance, cookie)
    assert [each.value for each in page.items] == [number, ACTION, f"{SOON:%d/%m/%Y}"]
    assert ([each.code for each in page.answers], page.longest) == (["told"], 200)
    services.visits.answer(house.instance, cookie, PartnerDraft("told", result="will_do", on=date(2026, 3, 20)))
    assert [each.takes for each in services.watching.page(house.stella, about).answers] == [False]
    house.clock.advance(timedelta(minutes=1))
    cookie = enter(house, services.making.make(house.stella, about))
    services.visits.answer(house.instance, cookie, PartnerDraft("told", result="done", on=date(2026, 3, 2), text=SAID))
    newest, former = services.watching.page(house.stella, about).answers
    assert (newest.takes, newest.text, former.takes) == (True, SAID, False)
    with pytest.raises(NotFound):
        services.watching.take_over(house.stella, about.id, former.id)
    with pytest.raises(NotFound):
        services.watching.take_over(house.alice, about.id, newest.id)  # she leads: she neither holds the extract nor reports
    services.watching.take_over(house.stella, about.id, newest.id)
    found = row(house, Task, id=about.id)
    assert (found.status, found.told_by, found.reported_by) == ("done", "link", house.stella.user_id)
    assert any(SAID in each.body for each in house.open(house.alice, number).timeline)
    with pytest.raises(InvalidInput):
        services.making.make(house.stella, about)


@pytest.mark.usefixtures("decided")
def test_an_owner_with_an_account_gets_no_link(house: House) -> None:
    own = next(each.id for each in rows(house, Task, owner_id=house.alice.user_id))
    with pytest.raises(InvalidInput):
        services.making.make(house.stella, About(TASK, own))
    assert services.watching.page(house.stella, About(TASK, own)).why


def test_a_result_told_meanwhile_shuts_the_link(house: House) -> None:
    """By telephone, while the link is on its way."""
    services.accounts.add_institution(house.oscar, "Atelier de la rive", "association")
    shore = row(house, Institution, name="Atelier de la rive").id
    number = house.follow("Quibérac-Rive")
    room = sitting(house, {number: ["alice"]})
    decide(room, number, actions=(TaskRow(ACTION, f"{carrying.OUTSIDE}{shore}", SOON),))
    close(room)
    about = About(TASK, row(house, Task, institution_id=shore).id)
    made = services.making.make(house.stella, about)
    cookie = enter(house, made)
    assert services.visits.read(house.instance, cookie).items, "control"
    told = ReportDraft("done", "", "phone", house.clock.now().date())
    services.reporting.report(house.stella, about.id, told)
    with pytest.raises(LinkRefused):
        services.visits.read(house.instance, cookie)
    with pytest.raises(LinkRefused):
        enter(house, made)
