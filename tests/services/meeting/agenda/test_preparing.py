"""Preparing a meeting: its seats, its items, what proposes them, and what no channel lets in."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.meetings import Item
from casework.services.meeting.decisions.outcome_views import ReportDraft
from casework.services.meeting.drafts import ItemDraft
from casework.services.meeting.views import Agenda
from casework.services.unit import writing
from tests.house import House
from tests.services.meeting import preparation as prep
from tests.services.meeting.outcome import close, decide, sitting, task
from tests.services.meeting.room import secretary


def test_the_core_and_the_stewards_are_seated_at_once(house: House) -> None:
    """Set once, convened to every meeting; somebody of elsewhere is refused."""
    services.core.compose(house.stella, house.cells["nord"], prep.ids(house, "hugo"))
    with pytest.raises(InvalidInput):
        services.core.compose(house.stella, house.cells["nord"], prep.ids(house, "charlie"))
    made = services.preparing.create(house.stella, prep.draft(house))
    assert {each.name for each in prep.agenda(house.stella, made).seats} == {"Hugo", "Stella"}
    services.core.compose(house.stella, house.cells["nord"], [])


def test_blocks_say_who_is_proposed_and_why(house: House) -> None:
    """The lead and the sender of an item; each person stands in one block."""
    number = house.follow("Brindesol")
    made = prep.meeting(house, number)
    blocks = services.convening.invitations(house.stella, made).blocks
    people = {each.name: (block.code, each.why) for block in blocks for each in block.people}
    assert people["Alice"] == ("proposed", "Référent·e de parcours")
    assert people["Hugo"][0] == "proposed"
    assert people["Bob"] == ("programme", "")
    assert people["Paula"] == ("town", ""), "nothing proposes her"
    assert people["Stella"][0] == "core"
    assert len(people) == sum(len(block.people) for block in blocks)


def test_what_was_told_not_done_is_proposed_once(house: House) -> None:
    """Until the next meeting that deals with the dossier is closed. Control: a result that was done proposes nothing."""
    failed, done = house.follow("Brinderaté"), house.follow("Brindefait")
    room = sitting(house, {failed: ["alice"], done: ["alice"]}, people=["hugo"])
    for number in (failed, done):
        decide(room, number, actions=(task(house, "hugo", "Passer à l’adresse."),))
    close(room)
    house.clock.advance(timedelta(minutes=5))
    lines = {each.number: each.id for each in services.tasks.board(house.hugo).mine}
    services.reporting.report(house.hugo, lines[failed], ReportDraft("not_done", "Personne à l’adresse."))
    services.reporting.report(house.hugo, lines[done], ReportDraft("done", "Vue."))
    made = services.preparing.create(house.stella, prep.draft(house, days=5))
    found = {each.number: (each.origin.code, each.on) for each in prep.agenda(house.stella, made).proposals}
    assert found.get(failed) == ("unfinished", None)
    assert done not in found
    house.clock.advance(timedelta(minutes=5))
    again = sitting(house, {failed: ["alice"]})
    decide(again, failed)
    close(again)
    assert failed not in {each.number for each in prep.agenda(house.stella, made).proposals}


def test_what_asks_to_be_examined_is_proposed_with_its_reason(house: House) -> None:
    """A saisine that waits; a review due at the latest seven days after the meeting; not one that is due later."""
    received, due, later = house.refer(house.hugo, "Brindeau"), house.follow("Brindevent"), house.follow("Brindeloin")
    made = services.preparing.create(house.stella, prep.draft(house, days=20))
    day = (house.clock.now() + timedelta(days=20)).date()
    services.lifecycle.plan(house.alice, due, day + timedelta(days=7), seen="2026-09-01")
    services.lifecycle.plan(house.alice, later, day + timedelta(days=9), seen="2026-09-01")
    found = {each.number: each.origin.code for each in prep.agenda(house.stella, made).proposals}
    assert found[received] == "received"
    assert found[due] == "review"
    assert later not in found
    every = services.agendas.read(house.stella, made, every=True)
    assert isinstance(every, Agenda)
    assert [each.origin.code for each in every.proposals if each.number == later] == ["added"]
    assert len(every.proposals) == len({each.number for each in every.proposals})


def test_a_secretary_sees_numbers_until_a_steward_confirms(house: House) -> None:
    """Number, reason and dates before; identity and N0 after. Control: the steward sees who it is all along."""
    serge, number = secretary(house), house.follow("Brindesac")
    made = services.preparing.create(serge, prep.draft(house))
    services.agenda_items.add(serge, made, [number])
    before = prep.item(serge, made, number)
    assert (before.person, before.status) == (None, "proposed")
    assert prep.item(house.stella, made, number).person == "Théodule Brindesac"
    with pytest.raises(NotFound):
        services.agenda_items.confirm(serge, made)
    with pytest.raises(NotFound):
        services.dossiers.open(serge, number)
    assert services.agenda_items.confirm(house.stella, made) == 1
    assert prep.item(serge, made, number).person == "Théodule Brindesac"
    sections = {each.kind for each in services.dossiers.open(serge, number).sections if each.readable}
    assert sections == {"identity", "decisions"}
    services.agenda_items.withdraw(house.stella, made, before.id)
    with pytest.raises(NotFound):
        services.dossiers.open(serge, number)


@pytest.mark.parametrize("kind", ["plenary", "watch"])
def test_no_dossier_enters_a_meeting_that_takes_none(house: House, kind: str) -> None:
    """The verb refuses it, nothing is proposed, and the database refuses the row."""
    number = house.follow(f"Brinde{kind}")
    made = services.preparing.create(house.stella, prep.draft(house, kind=kind))
    for actor in (house.stella, secretary(house)):
        with pytest.raises(NotFound):
            services.agenda_items.add(actor, made, [number])
    assert prep.agenda(house.stella, made).proposals == ()
    with pytest.raises(IntegrityError):
        _plant(house, made, number)
    assert prep.agenda(house.stella, made).items == ()


def test_control_a_nominative_meeting_takes_it(house: House) -> None:
    """The same three ways, on an ordinary meeting."""
    number, other = house.follow("Brindecontrole"), house.follow("Brindebis")
    made = services.preparing.create(house.stella, prep.draft(house))
    assert services.agenda_items.add(house.stella, made, [number]) == 1
    _plant(house, made, other)
    assert {each.number for each in prep.agenda(house.stella, made).items} == {number, other}


def _plant(house: House, made: str, number: str) -> None:
    """An item written past the service."""
    with writing(house.stella, "meeting.prepare") as unit:
        dossier = unit.session.query(Dossier).filter_by(number=number).one()
        unit.session.add(
            Item(
                id=new_id(),
                version=1,
                meeting_id=made,
                nominative=True,
                dossier_id=dossier.id,
                position=9,
                origin="added",
                status="proposed",
                shown="all",
                author_id=house.stella.user_id,
            )
        )


def test_unknown_closed_and_foreign_numbers_are_one_refusal(house: House) -> None:
    """Nothing is learnt by trying; none of the others is added."""
    number, foreign = house.follow("Brindok"), house.follow("Brindailleurs", cell="sud", lead="charlie", steward="sam")
    made = services.preparing.create(house.stella, prep.draft(house))
    said = []
    for wrong in (foreign, "2026-9999"):
        with pytest.raises(InvalidInput) as refused:
            services.agenda_items.add(house.stella, made, [number, wrong])
        said.append(refused.value.problems["numbers"].replace(wrong, ""))
    assert said[0] == said[1]
    assert prep.agenda(house.stella, made).items == ()


def test_a_dossier_is_once_on_an_agenda_and_may_come_back(house: House) -> None:
    """Twice the same number is one item; what was taken off is put back in the same row."""
    number = house.follow("Brindetour")
    made = prep.meeting(house, number)
    assert services.agenda_items.add(house.stella, made, [number, number]) == 0
    first = prep.item(house.stella, made, number)
    services.agenda_items.withdraw(house.stella, made, first.id)
    assert services.agenda_items.add(house.stella, made, [number]) == 1
    assert prep.item(house.stella, made, number).id == first.id


def test_items_are_ordered_by_hand_and_by_groups(house: House) -> None:
    """A place; then by groups, so that the school may leave early, and the agenda says so."""
    numbers = [house.follow(f"Brindordre{index}") for index in range(3)]
    made = prep.meeting(house, *numbers, people=("alice", "hugo"))
    third = prep.item(house.stella, made, numbers[2])
    services.agenda_items.move(house.stella, made, third.id, 1)
    assert [each.number for each in prep.agenda(house.stella, made).items] == [numbers[2], numbers[0], numbers[1]]
    shown = prep.agenda(house.stella, made)
    seats = {each.name: each.id for each in shown.seats}
    drafts = [ItemDraft(each.id, concerned=tuple(seats[n] for n in _needed(each.number, numbers))) for each in shown.items]
    services.briefing.prepare(house.stella, made, drafts)
    services.agenda_items.regroup(house.stella, made)
    items = prep.agenda(house.stella, made).items
    assert items[0].number == numbers[1]
    assert items[0].leave == ("Collège des Tilleuls",)


def _needed(number: str, numbers: list[str]) -> tuple[str, ...]:
    return ("Stella", "Alice", "Hugo") if number == numbers[1] else ("Stella", "Alice")


def test_only_those_who_prepare_see_a_prepared_meeting(house: House) -> None:
    """Not a member with a seat, not another cell's steward, not an auditor. Control: once convened, the member does."""
    made = prep.meeting(house, people=("alice",))
    for actor in (house.alice, house.bob, house.sam, house.charlie, house.ada):
        with pytest.raises(NotFound):
            services.agendas.read(actor, made)
        with pytest.raises(NotFound):
            services.agenda_items.add(actor, made, ["2026-0001"])
    services.convening.convene(house.stella, made)
    assert services.agendas.read(house.alice, made).head.place == "Salle du conseil"
    with pytest.raises(NotFound):
        services.agendas.read(house.bob, made)
    assert [each.id for each in services.preparing.mine(house.alice).coming][-1:] == [made]
    assert made not in {each.id for each in services.preparing.mine(house.bob).coming}


def test_what_is_typed_about_a_meeting_is_checked(house: House) -> None:
    """A day that is past, no place, an unknown kind: each beside its field."""
    past = prep.draft(house, starts_at=house.clock.now() - timedelta(hours=1), kind="party")
    with pytest.raises(InvalidInput) as refused:
        services.preparing.create(house.stella, past)
    assert set(refused.value.problems) == {"kind", "day"}
