"""The one door for reaching somebody: rules at the minute, a reason to set one aside, a letter that says nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from casework import paper, services
from casework.errors import InvalidInput, NotFound, TamperedError, ThroughSomebody
from casework.models.attention import Alert
from casework.models.ledger import ledger_leaf
from casework.models.support import PlannedContact
from casework.services import Actor
from casework.services.safety import rules, safe_contact
from casework.services.safety.views import ContactDraft
from casework.web import paper_sheets
from tests.house import House
from tests.services.safety.place import ASSOCIATION, NUMBER, SAFE, Place
from tests.web.costs import Meter

WHY = "Elle a rappelé du travail et demande qu’on l’appelle ce soir."


@pytest.fixture(autouse=True)
def safe(place: Place) -> None:
    """The safe contact as it first was."""
    place.safe()


def draft(place: Place, channel: str = "call", at: datetime | None = None, **more: str) -> ContactDraft:
    return ContactDraft(channel, "news", at or place.monday(10), **more)


def plan(place: Place, channel: str = "call", at: datetime | None = None, who: str = "viola", **more: str) -> str:
    return services.reaching.plan(place.house.actors[who], place.number, draft(place, channel, at, **more))


def row(house: House, contact: str) -> PlannedContact:
    with house.instance.database.reading() as session:
        return session.get_one(PlannedContact, contact)


def why(place: Place, channel: str, at: datetime | None = None) -> str:
    with pytest.raises(InvalidInput) as found:
        plan(place, channel, at)
    return str(found.value.problems["form"])


def test_a_call_within_the_hours_is_planned_and_twice_is_once(place: Place) -> None:
    contact = plan(place)
    assert plan(place) == contact
    kept = row(place.house, contact)
    assert (kept.state, kept.override, kept.for_oversight) == ("planned", None, None)


@pytest.mark.parametrize(
    ("channel", "minute", "changes", "said"),
    [
        ("call", (11, 30), {}, "en dehors des heures sûres"),
        ("call", (10, 0), {"hours": ""}, "Aucune heure sûre"),
        ("call", (10, 0), {"channel": "none"}, "ne doit pas être contactée"),
        ("call", (10, 0), {"channel": "in_person"}, "de vive voix"),
        ("call", (10, 0), {"channel": "mail"}, "pas le moyen sûr"),
        ("message", (10, 0), {}, "Pas de message"),
        ("letter", (10, 0), {}, "Pas de courrier"),
        ("letter", (10, 0), {"limits": "", "address": ""}, "Aucune adresse"),
        ("letter", (10, 0), {"limits": "jamais de lettre"}, "à relire"),
        ("visit", (10, 0), {}, "pas le moyen sûr"),
    ],
)
def test_what_is_against_a_rule_is_refused_and_says_which(
    place: Place, channel: str, minute: tuple[int, int], changes: dict[str, str], said: str
) -> None:
    place.safe(**changes)
    assert said in why(place, channel, place.monday(*minute))


def test_against_a_rule_a_reason_goes_to_the_ledger_and_its_words_to_oversight_alone(place: Place) -> None:
    evening = place.monday(20)
    contact = plan(place, at=evening, override="person_asked", text=WHY)
    kept = row(place.house, contact)
    assert kept.override == "person_asked"
    assert WHY.encode() not in (kept.for_oversight or b"")
    with place.house.instance.database.reading() as session:
        told = set(session.scalars(select(Alert.recipient_id).where(Alert.kind == "contact_override", Alert.reference == contact)))
    assert told == {place.house.dora.user_id}
    (line,) = [each for each in services.overrides.waiting(place.house.dora) if each.id == contact]
    assert (line.number, line.text) == (place.number, "")
    assert services.overrides.read(place.house.dora, contact).text == WHY
    for other in (place.house.viola, place.house.vera, place.house.alice):
        with pytest.raises(NotFound):
            services.overrides.read(other, contact)
    (leaf,) = [body for _, _, body in leaves(place.house) if contact.encode() in body and b"override" in body]
    assert b"person_asked" in leaf
    assert WHY.encode() not in leaf


def leaves(house: House) -> list[tuple[str, str, bytes]]:
    """Actor, outcome and bytes of every leaf about reaching."""
    with house.instance.database.reading() as session:
        query = select(ledger_leaf.c.actor, ledger_leaf.c.outcome, ledger_leaf.c.body)
        return [tuple(each) for each in session.execute(query.where(ledger_leaf.c.action == "contact.plan").order_by(ledger_leaf.c.seq))]


def test_the_review_costs_the_same_for_many_as_for_one(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two more lines, not one more statement. Control: the lines are there."""
    house, meter = place.house, Meter(place.house, monkeypatch)
    plan(place, at=place.monday(18), override="danger", text=WHY)
    services.overrides.waiting(house.dora)  # warms what is kept in memory
    with meter.measure() as before:
        known = len(services.overrides.waiting(house.dora))
    for minute in (10, 20):
        plan(place, at=place.monday(18, minute), override="danger", text=WHY)
    with meter.measure() as after:
        assert len(services.overrides.waiting(house.dora)) == known + 2, "control"
    assert after.statements == before.statements


def test_a_reason_moved_to_another_purpose_does_not_open(place: Place) -> None:
    contact = plan(place, at=place.monday(21), override="danger", text=WHY)
    with place.house.instance.database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE planned_contact SET purpose = 'documents' WHERE id = '{contact}'")
    with pytest.raises(TamperedError):
        services.overrides.read(place.house.dora, contact)


@pytest.mark.parametrize(
    ("changes", "field"), [({"override": "danger", "text": "trop court"}, "text"), ({"override": "humeur", "text": WHY}, "override")]
)
def test_half_a_reason_is_none(place: Place, changes: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as found:
        plan(place, at=place.monday(22), **changes)
    assert field in found.value.problems


VERBS: dict[str, Callable[[Place, Actor], object]] = {
    "prepare": lambda place, actor: services.reaching.prepare(actor, place.number),
    "call": lambda place, actor: services.reaching.plan(actor, place.number, draft(place)),
    "message": lambda place, actor: services.reaching.plan(actor, place.number, draft(place, "message")),
    "letter": lambda place, actor: services.reaching.plan(actor, place.number, draft(place, "letter")),
    "override": lambda place, actor: services.reaching.plan(actor, place.number, draft(place, override="danger", text=WHY)),
}


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_who_does_not_open_safety_produces_nothing_at_all(place: Place, verb: str) -> None:
    """Alice leads, and the service keeps `safety`. Each try is a refused leaf."""
    before = leaves(place.house)
    with pytest.raises(ThroughSomebody):
        VERBS[verb](place, place.house.alice)
    (mine,) = leaves(place.house)[len(before) :]
    assert mine[:2] == (place.house.alice.user_id, "refused")


def test_the_door_is_what_stands_in_the_way(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the question, Alice's call is planned."""
    with pytest.raises(ThroughSomebody):
        plan(place, who="alice")
    monkeypatch.setattr(safe_contact, "shut", lambda _held: False)
    monkeypatch.setattr(rules, "broken", lambda *_: ())
    assert plan(place, who="alice")


def test_a_stranger_learns_nothing_not_even_that_sentence(place: Place) -> None:
    with pytest.raises(NotFound) as found:
        services.reaching.prepare(place.house.charlie, place.number)
    assert not isinstance(found.value, ThroughSomebody)


def test_a_letter_says_nothing_of_anybody_and_goes_to_the_safe_address(place: Place) -> None:
    place.safe(limits="")
    contact = plan(place, "letter", place.monday(9, 15))
    shown = services.reaching.letter(place.house.viola, place.number, contact)
    assert shown.address == ("chez Mme Fictive", "3 rue du Four")
    printed = repr(paper_sheets.letter(shown))
    for word in ("Quibérac", "Armande", ASSOCIATION, "appui", "victime", NUMBER, SAFE["code_word"], "Viola"):
        assert word not in printed
    assert paper.press(paper_sheets.letter(shown)).startswith(b"%PDF")


def test_a_letter_planned_before_a_rule_is_not_printed_after_it(place: Place) -> None:
    place.safe(limits="")
    contact = plan(place, "letter", place.monday(9, 45))
    place.safe(limits="no_letter")
    with pytest.raises(InvalidInput):
        services.reaching.letter(place.house.viola, place.number, contact)
    aside = plan(place, "letter", place.monday(9, 50), override="danger", text=WHY)
    assert services.reaching.letter(place.house.viola, place.number, aside).address == (), "by hand, or not at all"


def test_a_rule_that_came_later_is_not_set_aside_with_the_others(place: Place) -> None:
    """Planned against `no_letter`, then nobody may be reached: refused, planned anew or printed. Control: until then it prints."""
    moment, aside = place.monday(9, 55), {"override": "danger", "text": WHY}
    contact = plan(place, "letter", moment, **aside)
    assert row(place.house, contact).set_aside == "no_letter"
    services.reaching.letter(place.house.viola, place.number, contact)  # control
    assert plan(place, "letter", moment) == contact, "control: the same plan twice is one"
    place.safe(channel="none")
    with pytest.raises(InvalidInput) as refused:
        services.reaching.letter(place.house.viola, place.number, contact)
    assert "ne doit pas être contactée" in str(refused.value.problems["form"])
    assert "ne doit pas être contactée" in why(place, "letter", moment)
    anew = plan(place, "letter", moment, **aside)
    assert anew != contact
    services.reaching.letter(place.house.viola, place.number, anew)  # control: for this one it was set aside
    assert plan(place, "letter", moment) == anew, "nor is there a third"


def test_a_reason_moved_to_more_rules_does_not_open(place: Place) -> None:
    """Control: as it was written it opens."""
    contact = plan(place, "letter", place.monday(9, 56), override="danger", text=WHY)
    assert services.overrides.read(place.house.dora, contact).text == WHY, "control"
    for changed in ("'no_letter none'", "NULL"):
        with place.house.instance.database.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE planned_contact SET set_aside = {changed} WHERE id = '{contact}'")
        with pytest.raises(TamperedError):
            services.overrides.read(place.house.dora, contact)


def test_a_rule_that_somebody_else_set_aside_in_the_database_is_not(place: Place) -> None:
    """Neither by words on a letter that was planned in order, nor by more words on one that was not. Control: as it was, it prints."""
    place.safe(limits="")
    plain = plan(place, "letter", place.monday(9, 57))
    place.safe(limits="no_letter")
    aside = plan(place, "letter", place.monday(9, 58), override="danger", text=WHY)
    services.reaching.letter(place.house.viola, place.number, aside)  # control
    for contact in (plain, aside):
        with place.house.instance.database.engine.begin() as connection:
            change = f"UPDATE planned_contact SET set_aside = 'no_letter withdrawn' WHERE id = '{contact}'"
            connection.exec_driver_sql(change)
        with pytest.raises(InvalidInput):
            services.reaching.letter(place.house.viola, place.number, contact)


def test_my_day_has_the_number_and_the_hour_and_no_more(place: Place) -> None:
    moment = place.monday(10, 15)
    contact = plan(place, at=moment)
    place.to(moment - timedelta(days=2))
    (line,) = [each for each in services.day.read(place.house.viola).due if each.code == "contact" and each.at == moment]
    assert line.number == place.number
    assert not [each for each in services.day.read(place.house.vera).due if each.code == "contact"]
    services.reaching.mark(place.house.viola, place.number, contact, "not_reached")
    assert not [each for each in services.day.read(place.house.viola).due if each.code == "contact" and each.at == moment]
    with pytest.raises(InvalidInput):
        services.reaching.mark(place.house.viola, place.number, contact, "done")
    with pytest.raises(NotFound):
        services.reaching.mark(place.house.vera, place.number, contact, "done")
