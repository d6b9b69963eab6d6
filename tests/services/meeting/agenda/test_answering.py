"""Before the meeting, by those who are convened: answers for the keepers alone, absences and deputies; and nothing in the clear."""

import pytest
from sqlalchemy import update

from casework import services
from casework.errors import InvalidInput, NotFound, TamperedError
from casework.models.meetings import MeetingNote
from casework.services.meeting.drafts import ItemDraft, PointDraft
from casework.services.terms import PARIS
from tests.house import House
from tests.services.meeting import preparation as prep
from tests.services.meeting.room import reads, secretary


def test_an_answer_is_read_by_its_author_and_the_keepers(house: House) -> None:
    """Changeable; the last one counts. The secretary and the others convened do not see it."""
    number = house.follow("Brindereponse")
    serge = secretary(house)
    made = prep.convened(house, number, people=("hugo", "alice"))
    found = prep.item(house.stella, made, number)
    services.answering.answer(house.hugo, made, found.id, "known")
    services.answering.answer(house.hugo, made, found.id, "aloud")
    assert prep.own(house.hugo, made).items[0].answer == "aloud"
    assert [(each.who, each.answer.code) for each in prep.item(house.stella, made, number).answers] == [("Hugo", "aloud")]
    assert prep.item(serge, made, number).answers == ()
    assert prep.own(house.alice, made).items[0].answer == ""
    with pytest.raises(InvalidInput):
        services.answering.answer(house.hugo, made, found.id, "maybe")


def test_only_those_concerned_answer_and_only_before_the_meeting(house: House) -> None:
    """Not Paula, who sits there for another item; not the lead by that title alone; not before it is convened. Control: Hugo."""
    number = house.follow("Brindautre")
    made = prep.meeting(house, number, people=("hugo", "paula"), days=5)
    found = prep.item(house.stella, made, number)
    for actor in (house.hugo, house.paula, house.alice):
        with pytest.raises(NotFound):
            services.answering.answer(actor, made, found.id, "known")
    services.convening.convene(house.stella, made)
    for actor in (house.paula, house.alice, house.stella, house.bob):
        with pytest.raises(NotFound):
            services.answering.answer(actor, made, found.id, "known")
    services.answering.answer(house.hugo, made, found.id, "known")


def test_the_question_is_read_by_those_concerned(house: House) -> None:
    """Stella writes it; Hugo reads it, Paula does not even see the item; an emptied one is gone."""
    number = house.follow("Brindequestion")
    made = prep.convened(house, number, people=("hugo", "paula"))
    found = prep.item(house.stella, made, number)
    services.briefing.prepare(house.stella, made, [ItemDraft(found.id, "Vient-il en cours ?", "informed", found.concerned)])
    assert prep.own(house.hugo, made).items[0].question == "Vient-il en cours ?"
    assert prep.own(house.hugo, made).items[0].told == "Personne informée"
    assert prep.own(house.paula, made).items == ()
    again = prep.item(house.stella, made, number)
    assert (again.question, again.informed, again.told) == ("Vient-il en cours ?", "informed", "Personne informée")
    with pytest.raises(InvalidInput, match="items-0-question"):
        services.briefing.prepare(house.stella, made, [ItemDraft(found.id, "Une autre", "", found.concerned)])
    services.briefing.prepare(house.stella, made, [ItemDraft(found.id, "", "danger", found.concerned, again.question_id)])
    last = prep.item(house.stella, made, number)
    assert (last.question, last.informed) == ("", "danger")
    assert prep.own(house.hugo, made).items[0].told == last.told
    assert last.told not in ("", "Personne informée"), "deferred, and why"


def test_the_row_of_a_question_does_not_open_elsewhere(fresh_house: House) -> None:
    """Moved to another item of the same dossier's meeting, or under another author: refused. Control: untouched, it opens."""
    house = fresh_house
    number, other = house.follow("Brindescelle"), house.follow("Brindedeux")
    made = prep.meeting(house, number, other, people=("hugo",))
    first, second = prep.agenda(house.stella, made).items
    services.briefing.prepare(house.stella, made, [ItemDraft(first.id, "Vient-il en cours ?"), ItemDraft(second.id)])
    assert prep.item(house.stella, made, first.number).question == "Vient-il en cours ?"
    for change in ({"item_id": second.id}, {"item_id": first.id, "author_id": house.bob.user_id}):
        with house.instance.database.writing() as session:
            session.execute(update(MeetingNote).values(**change))
        with pytest.raises(TamperedError):
            services.agendas.read(house.stella, made)


def test_an_answer_that_its_author_did_not_give_is_refused(fresh_house: House) -> None:
    """Anybody can seal to a public key: an answer whose author was changed does not open. Control: untouched, it does."""
    house = fresh_house
    number = house.follow("Brindefaux")
    made = prep.convened(house, number, people=("hugo", "alice"))
    found = prep.item(house.stella, made, number)
    services.answering.answer(house.hugo, made, found.id, "known")
    assert len(prep.item(house.stella, made, number).answers) == 1
    with house.instance.database.writing() as session:
        session.execute(update(MeetingNote).values(author_id=house.alice.user_id))
    with pytest.raises(TamperedError):
        services.agendas.read(house.stella, made)


def test_an_absence_ends_the_keys_and_a_deputy_takes_over(house: House) -> None:
    """Alice cannot come and proposes Bob, of her institution; nothing is his until Stella accepts."""
    number = house.follow("Brindabsence", lead="alice")
    made = prep.convened(house, number, people=("alice", "hugo"))
    before = reads(house, "alice", number)
    with pytest.raises(InvalidInput):
        services.answering.excuse(house.alice, made, house.paula.user_id)
    services.answering.excuse(house.alice, made, house.bob.user_id)
    assert reads(house, "alice", number) == before, "she leads it: that title is untouched"
    with pytest.raises(NotFound):
        services.agendas.read(house.bob, made)
    shown = next(each for each in prep.agenda(house.stella, made).seats if each.name == "Alice")
    assert (shown.status, shown.deputy) == ("excused", "Bob")
    services.answering.settle_deputy(house.stella, made, shown.id, accepted=True)
    assert [each.person for each in prep.own(house.bob, made).items] == ["Théodule Brindabsence"]
    assert reads(house, "bob", number) == {"identity"}
    assert prep.own(house.alice, made).items == ()
    assert prep.seat_of(house, made, "alice").status == "replaced"


def test_who_excuses_themselves_reads_no_more_and_may_come_back(house: House) -> None:
    """By this title only; a declined deputy leaves nothing behind."""
    number = house.follow("Brinderevient")
    made = prep.convened(house, number, people=("hugo",))
    services.answering.excuse(house.hugo, made)
    assert reads(house, "hugo", number) == frozenset()
    services.answering.come(house.hugo, made)
    assert prep.agenda(house.stella, made).pending
    services.convening.catch_up(house.stella, made)
    assert reads(house, "hugo", number) == {"identity"}


def test_a_point_without_a_person_is_for_the_members_of_the_cell(house: House) -> None:
    """On a meeting that takes no dossier; its owner has an action; taking it away takes the action too."""
    made = services.preparing.create(house.stella, prep.draft(house, kind="watch", days=5))
    services.convening.choose(house.stella, made, prep.ids(house, "paula"))
    due = house.clock.now().astimezone(PARIS).date()
    draft = PointDraft("Square des Tanneurs", "Feux de poubelles", "Passages du soir", house.paula.user_id, due)
    services.points.write(house.stella, made, draft)
    services.convening.convene(house.stella, made)
    (point,) = prep.own(house.paula, made).points
    assert (point.place, point.trouble, point.action) == ("Square des Tanneurs", "Feux de poubelles", "Passages du soir")
    assert point.owner.startswith("Paula")
    with pytest.raises(InvalidInput) as refused:
        services.points.write(house.stella, made, PointDraft("", "x", "y", "nobody", None))
    assert set(refused.value.problems) == {"place", "owner", "due"}
    services.points.drop(house.stella, made, point.id)
    assert prep.own(house.paula, made).points == ()


def test_what_is_typed_is_nowhere_in_the_clear(fresh_house: House) -> None:
    """Question, answer and point in the bytes of the database. Control: the meeting's place, which is clear on purpose, is found."""
    house = fresh_house
    number = house.follow("Brindecanari")
    made = prep.convened(house, number, people=("hugo",))
    found = prep.item(house.stella, made, number)
    services.briefing.prepare(house.stella, made, [ItemDraft(found.id, "Canari-question", "", found.concerned)])
    services.answering.answer(house.hugo, made, found.id, "aloud")
    due = house.clock.now().astimezone(PARIS).date()
    services.points.write(house.stella, made, PointDraft("Canari-place", "Canari-trouble", "Canari-action", house.hugo.user_id, due))
    folder = house.instance.config.instance
    raw = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"Canari" not in raw
    assert b"aloud" not in raw
    assert b"Salle du conseil" in raw
