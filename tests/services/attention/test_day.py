"""Mon jour: what is due, what waits, what changed, and nothing of what one may not read."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, select, text

from casework import services
from casework.errors import NotFound
from casework.ledger.leaf import Leaf
from casework.models.attention import Alert, LastLook
from casework.models.dossiers import Box, Conflict, Dossier
from casework.services.attention import alerts
from casework.services.attention.views import ChangedDossier, DayView, Due
from casework.services.unit import writing
from tests.house import END, House

A_MINUTE = timedelta(minutes=1)


def due(view: DayView, code: str) -> dict[str, Due]:
    """The due lines of one code, by number or name."""
    return {each.number or each.who: each for each in view.due if each.code == code}


def changed(view: DayView) -> dict[str, ChangedDossier]:
    """The dossiers that changed, by number."""
    return {each.number: each for each in view.changed}


def told(line: ChangedDossier) -> list[tuple[str, str, str]]:
    """Its changes, in short."""
    return [(each.code, each.what, each.who) for each in line.changes]


def newest(house: House) -> Leaf:
    """The last leaf of the ledger."""
    with house.instance.database.reading() as session:
        return Leaf.decode(bytes(session.execute(text("SELECT body FROM ledger_leaf ORDER BY seq DESC LIMIT 1")).scalar_one()))


def leaves(house: House) -> int:
    """How many there are."""
    with house.instance.database.reading() as session:
        return int(session.execute(text("SELECT count(*) FROM ledger_leaf")).scalar_one())


def questions(house: House) -> int:
    """How many statements Alice's day asks the database."""
    asked: list[str] = []
    engine = house.instance.database.engine

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        services.day.read(house.alice)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(asked)


def tell(house: House, who: str, kind: str, number: str = "", reference: str = "") -> str:
    """Leave an alert for somebody, as the verbs do; returns its id."""
    with writing(house.stella, "day.read") as unit:
        alerts.tell(unit, [house.actors[who].user_id], kind, number=number, reference=reference)
    with house.instance.database.reading() as session:
        query = select(Alert.id).where(Alert.recipient_id == house.actors[who].user_id, Alert.kind == kind, Alert.number == number)
        return str(session.scalars(query.order_by(Alert.created_at.desc())).first())


def link(house: House, who: str, number: str) -> None:
    """A personal link between somebody and a dossier, as its verb leaves it."""
    with writing(house.actors[who], "day.read") as unit:
        dossier = unit.session.scalars(select(Dossier).where(Dossier.number == number)).one()
        unit.session.add(Conflict(dossier_id=dossier.id, user_id=house.actors[who].user_id, declared_at=unit.now))


def test_a_lead_is_told_of_the_dates_of_the_week(house: House) -> None:
    late, soon, later = house.follow("Quibérac-Late"), house.follow("Quibérac-Soon"), house.follow("Quibérac-Later")
    today = house.clock.now().date()
    for number, days in ((late, -3), (soon, 7), (later, 8)):
        services.lifecycle.plan(house.alice, number, today + timedelta(days=days))
    found = due(services.day.read(house.alice), "next_date")
    assert found[late].days == -3
    assert (found[soon].days, found[soon].person) == (7, "Théodule Quibérac-Soon")
    assert later not in found
    for who in (house.stella, house.bob, house.charlie):
        assert not due(services.day.read(who), "next_date")


def test_a_steward_is_told_of_saisines_to_examine(house: House) -> None:
    number = house.refer(house.hugo, "Quibérac-Arrived")
    found = due(services.day.read(house.stella), "examine")[number]
    assert (found.days, found.person) == (15, "Théodule Quibérac-Arrived")
    for who in (house.sam, house.alice, house.hugo, house.dora, house.ada, house.elsa):
        assert number not in {each.number for each in services.day.read(who).due}


def test_a_steward_is_told_of_dossiers_whose_lead_has_left(house: House) -> None:
    number = house.follow("Quibérac-Alone", lead="bob")
    house.note(house.bob, number, "Point avec le collège.", compartment="decisions")
    assert number not in due(services.day.read(house.stella), "no_lead")
    services.departures.end(house.stella, house.cells["nord"], house.bob.user_id)
    assert number in due(services.day.read(house.stella), "no_lead")
    assert house.open(house.stella, number).lead is None, "who left follows nobody, though what they wrote stays"
    assert "lead_left" not in {each.kind for each in services.day.read(house.stella).alerts}  # she did it herself
    services.cells.admit(house.stella, house.cells["nord"], "bob", "member", act="acte 9", until=END)


def test_a_steward_is_told_of_a_conflict_to_settle_and_the_one_in_conflict_of_nothing(house: House) -> None:
    number = house.follow("Quibérac-Link")
    house.note(house.stella, number, "Point avec le collège.", compartment="decisions")
    services.lifecycle.plan(house.alice, number, house.clock.now().date())
    alert = tell(house, "alice", "complement", number)
    before = services.day.read(house.alice)
    assert number in due(before, "next_date")
    assert number in changed(before)
    assert alert in {each.id for each in before.alerts}
    link(house, "alice", number)
    after = services.day.read(house.alice)
    assert number not in {*due(after, "next_date"), *changed(after), *(each.number for each in after.alerts)}
    assert number in due(services.day.read(house.stella), "conflict")


def test_a_steward_is_told_of_habilitations_that_end(fresh_house: House) -> None:
    house = fresh_house
    assert not due(services.day.read(house.stella), "habilitation")
    house.clock.move_to(END - timedelta(days=20))
    assert set(due(services.day.read(house.stella), "habilitation")) >= {"Alice", "Hugo", "Stella"}
    assert not {"Alice", "Hugo"} & set(due(services.day.read(house.sam), "habilitation"))
    assert not due(services.day.read(house.alice), "habilitation")


def test_what_is_said_again_is_one_line_and_seen_once(fresh_house: House) -> None:
    """Two steps of one orientation are one line; a step of another orientation, or one that came after the page was read, is another."""
    house = fresh_house
    number = house.follow("Quibérac-Again")

    def step(reference: str) -> str:
        house.clock.advance(timedelta(minutes=1))
        return tell(house, "alice", "orientation_step", number, reference)

    def lines() -> list[str]:
        return [each.id for each in services.day.read(house.alice).alerts if each.kind == "orientation_step"]

    step("a" * 32)
    newest, other = step("a" * 32), step("b" * 32)
    assert lines() == [other, newest]
    his = tell(house, "bob", "orientation_step", number, "a" * 32)
    later = step("a" * 32)
    services.alert_reading.see(house.alice, newest)
    assert lines() == [later, other]
    services.alert_reading.see(house.alice, later)
    assert lines() == [other]
    assert his in {each.id for each in services.day.read(house.bob).alerts}, "what one saw, the other did not"


def test_alerts_wait_until_they_are_seen_by_the_one_they_are_for(fresh_house: House) -> None:
    house = fresh_house
    number = house.follow("Quibérac-Alert")
    alert = tell(house, "alice", "complement", number)
    his_alert = tell(house, "hugo", "complement", number)
    (line,) = (each for each in services.day.read(house.alice).alerts if each.id == alert)
    assert (line.kind, line.person, line.openable) == ("complement", "Théodule Quibérac-Alert", True)
    (his,) = (each for each in services.day.read(house.hugo).alerts if each.id == his_alert)
    assert (his.number, his.person, his.openable) == (number, None, False)
    for unknown in (alert, "0" * 32):
        with pytest.raises(NotFound):
            services.alert_reading.see(house.bob, unknown)
    for _twice in range(2):
        services.alert_reading.see(house.alice, alert)
    assert alert not in {each.id for each in services.day.read(house.alice).alerts}


def test_what_others_did_since_i_looked(house: House) -> None:
    number = house.follow("Quibérac-News")
    assert changed(services.day.read(house.alice))[number].looked_at is None
    house.open(house.alice, number)
    house.clock.advance(A_MINUTE)
    assert number not in changed(services.day.read(house.alice))
    house.note(house.stella, number, "Point avec le collège.", compartment="decisions")
    house.note(house.alice, number, "La mienne.", compartment="decisions")
    line = changed(services.day.read(house.alice))[number]
    assert told(line) == [("note", "Observation", "Stella")]
    assert line.changes[0].place == "Décisions (N0)"
    assert line.person == "Théodule Quibérac-News"
    house.clock.advance(A_MINUTE)
    view = house.open(house.alice, number)
    assert view.looked_at is not None
    assert number not in changed(services.day.read(house.alice))
    house.clock.advance(A_MINUTE)
    services.lifecycle.close(house.stella, number, "achieved")
    assert told(changed(services.day.read(house.alice))[number]) == [("status", "clôturée", "Stella")]


def test_a_new_lead_is_news_for_the_others(house: House) -> None:
    number = house.refer(house.hugo, "Quibérac-Named")
    services.lifecycle.take_up(house.stella, number, "alice", date(2026, 9, 1))
    day = services.day.read(house.alice)
    assert told(changed(day)[number]) == [("status", "en cours", "Stella")]
    assert ("lead_named", number) in {(each.kind, each.number) for each in day.alerts}
    assert told(changed(services.day.read(house.elsa))[number]) == [("status", "en cours", "Stella"), ("lead", "Alice", "Stella")]
    assert number not in changed(services.day.read(house.stella))


def test_nothing_of_what_one_may_not_read_is_told(house: House) -> None:
    """Bob reads the decisions only; Alice, who reads more, is the control."""
    number = house.follow("Quibérac-Partly")
    services.shares.give(house.stella, number, ["identity", "decisions"], "bob", until=None)
    for who in (house.alice, house.bob):
        house.open(who, number)
    house.clock.advance(A_MINUTE)
    house.note(house.stella, number, "Réservé à la cellule.", compartment="confidential")
    control = services.day.read(house.alice)
    assert told(changed(control)[number]) == [("note", "Observation", "Stella")]
    assert number not in changed(services.day.read(house.bob))
    assert number not in changed(services.day.read(house.charlie))
    house.note(house.stella, number, "Décidé.", kind="decision", compartment="decisions")
    line = changed(services.day.read(house.bob))[number]
    assert (told(line), line.more) == ([("note", "Décision", "Stella")], 0)


def test_boxes_on_duty_are_blind_here(fresh_house: House) -> None:
    """The same box under another title is the control."""
    house = fresh_house
    number = house.follow("Quibérac-Duty")
    services.shares.give(house.stella, number, ["identity", "decisions"], "bob", until=None)
    house.note(house.stella, number, "Décidé.", kind="decision", compartment="decisions")
    assert number in changed(services.day.read(house.bob))
    with house.instance.database.writing() as session:
        for box in session.scalars(select(Box).where(Box.holder_id == house.bob.user_id, Box.title == "shared")):
            box.title = "duty"
    assert number not in changed(services.day.read(house.bob))


def test_one_leaf_names_what_was_shown(house: House) -> None:
    number = house.follow("Quibérac-Leaf")
    house.note(house.stella, number, "Décidé.", kind="decision", compartment="decisions")
    before = leaves(house)
    services.day.read(house.alice)
    assert leaves(house) == before + 1
    leaf = newest(house)
    assert leaf.action == "day.read"
    assert dict(leaf.dossiers)[number] == ("decisions", "identity")


def test_looking_twice_leaves_one_row(house: House) -> None:
    number = house.follow("Quibérac-Twice")
    for _ in range(2):
        house.open(house.alice, number)
        house.clock.advance(A_MINUTE)
    with house.instance.database.reading() as session:
        query = select(LastLook).join(Dossier, Dossier.id == LastLook.dossier_id)
        assert len(session.scalars(query.where(Dossier.number == number, LastLook.user_id == house.alice.user_id)).all()) == 1


def test_the_number_of_questions_does_not_grow_with_the_dossiers(fresh_house: House) -> None:
    house = fresh_house

    def follow(count: int) -> None:
        for each in range(count):
            number = house.follow(f"Quibérac-Many-{each}")
            services.lifecycle.plan(house.alice, number, house.clock.now().date())
            house.note(house.stella, number, "Point.", compartment="decisions")

    follow(2)
    services.day.read(house.alice)
    few = questions(house)
    follow(10)
    services.day.read(house.alice)  # boxes are re-wrapped on first use
    assert questions(house) == few


def test_a_sender_has_a_page_of_saisines_and_an_auditor_has_none(house: House) -> None:
    number = house.refer(house.hugo, "Quibérac-Sent")
    assert number in {each.number for each in services.sent.mine(house.hugo)}
    assert number not in {each.number for each in services.sent.mine(house.paula)}
    with pytest.raises(NotFound):
        services.sent.mine(house.ada)
