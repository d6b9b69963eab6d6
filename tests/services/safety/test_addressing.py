"""Consigne d'adressage: the same answer for every number, and from then on nothing for a parent past the person named."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from casework import services
from casework.errors import InvalidInput, NotFound, ThroughSomebody
from casework.models.attention import Alert
from casework.models.content import Entry, EntryKey
from casework.models.ledger import ledger_leaf
from casework.models.support import AddressingRule
from casework.services.emergency import urgent_alerts
from casework.services.safety import addressing, consignes
from casework.services.safety.addressing import ConsigneDraft
from casework.services.safety.views import ContactDraft
from casework.services.wall.walling import WallDraft
from casework.vault import aead, hybrid, trust
from tests.house import House
from tests.services.safety.place import ASSOCIATION, Place
from tests.urgently import enter, on_call, told

THROUGH = "Mme Fictive, marraine, 06 39 98 55 02"
NOBODYS = "2026-9876"


@contextmanager
def work(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the database and the keys are asked, in order: the shape of each statement, and the name of each operation."""
    done: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        done.append(" ".join(statement.split()))

    def counted(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **more: object) -> object:
            done.append(name)
            return real(*given, **more)

        return call

    engine = house.instance.database.engine
    event.listen(engine, "before_cursor_execute", note)
    with monkeypatch.context() as patched:
        patched.setattr(hybrid.HybridPrivateKey, "open", counted("open", hybrid.HybridPrivateKey.open))
        patched.setattr(trust.TrustAnchor, "seal", counted("seal", trust.TrustAnchor.seal))
        patched.setattr(aead, "encrypt", counted("encrypt", aead.encrypt))
        patched.setattr(aead, "decrypt", counted("decrypt", aead.decrypt))
        yield done
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture(scope="module", autouse=True)
def shared(place: Place) -> None:
    """Bob has a share of the child's identity and decisions."""
    give(place, "bob", "identity decisions")


def leaves(house: House) -> int:
    with house.instance.database.reading() as session:
        return session.execute(select(func.count()).select_from(ledger_leaf)).scalar_one()


def rows(house: House) -> dict[str, int]:
    with house.instance.database.reading() as session:
        return {
            model.__name__: session.scalar(select(func.count()).select_from(model)) or 0
            for model in (AddressingRule, Entry, EntryKey, Alert)
        }


def consigne(place: Place, number: str = "") -> None:
    services.addressing.set(place.house.viola, ConsigneDraft(number or place.child, THROUGH))


def test_a_number_that_is_nobodys_costs_what_a_childs_costs(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known, unknown, of a woman, of the actor's own wall: as many statements, the same ones, as many leaves and keys."""
    consigne(place)  # warms what is kept in memory
    seen = []
    for number in (place.child, NOBODYS, place.number):
        before, kept = leaves(place.house), rows(place.house)
        with work(place.house, monkeypatch) as done:
            consigne(place, number)
        seen.append(sorted(done))
        assert leaves(place.house) == before + 1
        assert (rows(place.house) != kept) == (number == place.child)
    assert [len(each) for each in seen] == [len(seen[0])] * 3
    assert seen[0] == seen[1] == seen[2]


def test_a_file_behind_a_wall_is_answered_like_one_that_never_was(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    walled = place.house.follow("Vermandelle")
    kept = rows(place.house)
    consigne(place, walled)
    assert rows(place.house) != kept, "control: before the wall it is set"
    services.walling.set(place.house.stella, walled, WallDraft("Viola", "interested"))
    consigne(place, NOBODYS)  # warms what is kept in memory
    seen, kept = [], rows(place.house)
    for number in (walled, NOBODYS):
        before = leaves(place.house)
        with work(place.house, monkeypatch) as done:
            consigne(place, number)
        seen.append(sorted(done))
        assert leaves(place.house) == before + 1
    assert rows(place.house) == kept
    assert seen[0] == seen[1]


def test_lifting_costs_the_same_too(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    other = place.house.follow("Sanvoisin")
    for number in (place.child, other):
        consigne(place, number)
    seen = []
    for number in (NOBODYS, place.child):
        with work(place.house, monkeypatch) as done:
            services.addressing.lift(place.house.viola, number)
        seen.append(sorted(done))
    assert seen[0] == seen[1]
    assert reach(place, "bob") is None, "all of mine are lifted"
    give(place, "bob", "identity decisions", other)
    assert isinstance(reach(place, "bob", other), ThroughSomebody), "those of another file stand"


def reach(place: Place, who: str, number: str = "", *, channel: str = "letter", to: str = "parent") -> Exception | None:
    """What happens to somebody who plans a letter to a parent, or this to that."""
    at = place.house.clock.now() + timedelta(days=1)
    draft = ContactDraft(channel, "news", at, recipient=to)
    try:
        services.reaching.plan(place.house.actors[who], number or place.child, draft)
    except (NotFound, InvalidInput) as problem:
        return problem
    return None


def test_nothing_goes_to_a_parent_from_who_does_not_open_the_deposit(place: Place) -> None:
    """Alice leads and opens it; Bob has a share of decisions and may reach, but does not."""
    consigne(place)
    assert isinstance(reach(place, "bob"), ThroughSomebody)
    assert reach(place, "alice") is None
    other = place.house.follow("Tarnaval")
    give(place, "bob", "identity decisions", other)
    assert reach(place, "bob", other) is None, "control: without a consigne"
    services.reaching.plan(
        place.house.bob, place.child, ContactDraft("call", "news", place.house.clock.now() + timedelta(hours=1))
    )  # the person is still reached


def test_what_is_written_to_the_child_is_opened_by_the_parents(place: Place) -> None:
    """Neither letter nor message, whoever it names; nor is a letter of before printed. Control: a call, whoever opens it, no consigne."""
    other = place.house.follow("Ploubazlec")
    give(place, "bob", "identity decisions", other)
    draft = ContactDraft("letter", "documents", place.house.clock.now() + timedelta(days=2))
    letter = services.reaching.plan(place.house.bob, other, draft)
    services.reaching.letter(place.house.bob, other, letter)  # control: without a consigne
    assert reach(place, "bob", other, channel="message", to="person") is None, "control: without a consigne"
    consigne(place, other)
    for channel in ("letter", "message"):
        assert isinstance(reach(place, "bob", other, channel=channel, to="person"), ThroughSomebody), channel
        assert reach(place, "alice", other, channel=channel, to="person") is None, "control: Alice opens the deposit"
    with pytest.raises(ThroughSomebody):
        services.reaching.letter(place.house.bob, other, letter)
    assert reach(place, "bob", other, channel="call", to="person") is None, "control: the child is still called"


def give(place: Place, name: str, kinds: str, number: str = "") -> None:
    services.shares.give(place.house.stella, number or place.child, kinds.split(), name, until=None)


def test_the_page_names_the_person_to_those_who_open_it_and_the_association_to_nobody_else(place: Place) -> None:
    consigne(place)
    mine, theirs = (place.house.open(place.house.actors[who], place.child) for who in ("alice", "bob"))
    assert mine.consigne is not None
    assert mine.consigne.through == THROUGH
    assert theirs.consigne is not None
    assert theirs.consigne.through == ""
    assert THROUGH not in repr(theirs)
    assert ASSOCIATION not in repr(theirs)
    with place.house.instance.database.reading() as session:
        told = set(session.scalars(select(Alert.recipient_id).where(Alert.kind == "addressing_set")))
    assert not [part for part in ("Viola", ASSOCIATION) if part in repr(mine)], "who asks is told to nobody"
    day = services.day.read(place.house.stella)
    assert [each for line in day.changed for each in line.changes if each.code == "note"], "control: it is news"
    assert "Viola" not in repr(day)
    assert told == {place.house.alice.user_id, place.house.stella.user_id}


def test_an_acces_urgent_is_not_announced_to_who_left_a_consigne(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a file without a volet of contacts. Control: whoever wrote a note is told; so would they be, were their deposit counted as one."""
    house, files = place.house, {}
    monkeypatch.setattr(addressing, "PLACES", ("confidential",))
    for name in ("Kerlouan", "Ploudalmé"):
        files[name] = house.follow(name)
        give(place, "paula", "identity decisions", files[name])
        house.note(house.paula, files[name], "Vue place du Marché.", compartment="confidential")
        consigne(place, files[name])
    on_call(house, "bob")
    enter(house.bob, files["Kerlouan"])
    assert told(house, files["Kerlouan"]) >= {"alice", "stella", "paula"}, "control"
    assert "viola" not in told(house, files["Kerlouan"])
    monkeypatch.setattr(urgent_alerts, "UNSIGNED", "")
    enter(house.bob, files["Ploudalmé"])
    assert "viola" in told(house, files["Ploudalmé"]), "control"


def test_what_is_typed_is_checked_before_anything_is_looked_for(place: Place) -> None:
    """Digits of another script are no number: no leaf could name it."""
    others = "２０２６-９８７６"  # full-width on purpose
    drafts = (("Brindavoine", THROUGH), (others, THROUGH), (NOBODYS, ""), (place.child, "x" * 201))
    for draft in (ConsigneDraft(*each) for each in drafts):
        with pytest.raises(InvalidInput):
            services.addressing.set(place.house.viola, draft)
    with pytest.raises(NotFound):
        services.addressing.set(place.house.hugo, ConsigneDraft(place.child, THROUGH))


def test_a_consigne_is_no_note_that_one_types(place: Place) -> None:
    kinds = {each.code for each in services.entries.compose(place.house.alice, place.child).kinds}
    assert not kinds & {"addressing", "danger_report"}
    assert "observation" in kinds, "control"


def test_blocks_is_what_stands_in_the_way(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the question, Bob's letter goes."""
    consigne(place)
    assert isinstance(reach(place, "bob"), ThroughSomebody)
    monkeypatch.setattr(consignes, "blocks", lambda _held: False)
    assert reach(place, "bob") is None
