"""P3: with every charter check answering "yes", an outsider still gets no confidential value, whole or in part.

And the other way round: with every key in everybody's hands, the charter alone still refuses. Neither guard leans on the other.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import ColumnElement, select, true

from casework import services
from casework.charter import Charter, Verdict
from casework.errors import CaseworkError
from casework.models.cells import RingEpoch
from casework.models.dossiers import Box, Compartment
from casework.services.access import Held
from casework.services.keys.keychain import HolderKey, Keychain, box_context
from casework.services.orientation.views import OrientationQuery
from casework.vault import aead
from casework.vault.content import ContentKey
from casework.vault.hybrid import HybridPrivateKey
from casework.vault.packing import pack
from tests.house import House

OUTSIDERS = ("charlie", "bob", "paula", "hugo", "ada", "dora", "oscar", "elsa")
RECORDED = ("identity", "contact", "school", "judicial", "decisions", "confidential")
YES = Verdict(True, "yes", "oui", "aucun")
VALUES = (
    "Théodule",
    "Quibérac-Clef",
    "06 39 98 77 66",
    "Brouvelas a confié Tramontine.",
    "Murmelier partagé avec Cloradine.",
    "Pelluchard, Griboulet.",
)


@pytest.fixture(scope="module")
def number(house: House) -> str:
    """A dossier of Alice's with something in every compartment, which elected and sender do not hold."""
    number = house.follow("Quibérac-Clef")
    services.records.add_contact(house.stella, number, "Téléphone", "06 39 98 77 66")
    house.note(house.alice, number, "Brouvelas a confié Tramontine.", compartment="confidential")
    house.note(house.alice, number, "Murmelier partagé avec Cloradine.", compartment="social")
    house.note(house.alice, number, "Pelluchard, Griboulet.", compartment="sealed")
    house.clock.advance(timedelta(hours=1))  # the sender's fifteen minutes are over
    return number


@pytest.fixture
def charter_says_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every check, filter and gate of the charter lets everybody do everything."""
    monkeypatch.setattr(Charter, "check", lambda *_: YES)
    monkeypatch.setattr(Charter, "check_any", lambda *_: YES)
    monkeypatch.setattr(Charter, "gate", lambda *_: None)
    monkeypatch.setattr(Charter, "list_filter", lambda *_, **__: true())


def everything(house: House, who: str, number: str) -> str:
    """All the text the verbs that show a dossier, or list what there is, give a person about it."""
    actor = house.actors[who]
    said: list[str] = []
    verbs: tuple[Callable[[], Any], ...] = (
        lambda: services.finding.search(actor, "Quibérac-Clef"),
        lambda: services.finding.search(actor, number),
        lambda: services.day.read(actor),
        lambda: services.field_history.read(actor, number),
        *(partial(services.field_history.read, actor, number, kind) for kind in RECORDED),
        *(partial(services.records.compose, actor, number, kind) for kind in RECORDED),
        lambda: services.records.index(actor, number),
        lambda: services.tasks.board(actor),
        lambda: services.urgent.desk(actor),
        lambda: services.orientations.inbox(actor),
        lambda: services.offering.prepare(actor, number, OrientationQuery("housing")),
        lambda: services.shares.prepare(actor, number),
        lambda: services.extracts.prepare(actor, number),
        lambda: services.sent.mine(actor),
        lambda: services.dossiers.open(actor, number),
        lambda: services.dossiers.list_mine(actor),
        lambda: services.entries.compose(actor, number),
        lambda: services.accesses.read(actor, services.drafts.AccessQuery(dossier=number)),
        lambda: services.referrals.prepare(actor),
    )
    for verb in verbs:
        with suppress(CaseworkError):
            said.extend(texts(verb()))
    return "\n".join(said)


def texts(view: Any) -> Iterator[str]:
    if isinstance(view, str):
        yield view
    elif is_dataclass(view):
        for each in fields(view):
            yield from texts(getattr(view, each.name))
    elif isinstance(view, dict):
        yield from texts(tuple(view.items()))
    elif isinstance(view, tuple | list | frozenset):
        for each in view:
            yield from texts(each)


def parts(value: str) -> Iterator[str]:
    """The value and every invented word of it (those of seven letters or more are in no label)."""
    yield value
    yield from (word for word in value.replace("-", " ").split() if len(word) >= 7 and word != "partagé")


@pytest.mark.parametrize("who", [name for name in OUTSIDERS if name != "elsa"])
@pytest.mark.usefixtures("charter_says_yes")
def test_an_outsider_with_a_charter_that_says_yes_gets_nothing(house: House, number: str, who: str) -> None:
    said = everything(house, who, number)
    assert not [part for value in VALUES for part in parts(value) if part in said]


@pytest.mark.usefixtures("charter_says_yes")
def test_the_elected_get_what_is_sealed_to_them_and_no_more(house: House, number: str) -> None:
    said = everything(house, "elsa", number)
    assert "Quibérac-Clef" in said
    assert not [value for value in VALUES[2:] if value in said]


@pytest.mark.parametrize("who", ["charlie", "ada"])
@pytest.mark.usefixtures("charter_says_yes")
def test_control_without_the_keys_guard_the_same_crawl_leaks(house: House, number: str, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand every box to everybody, opened with its real holder's key: the crawl finds everything, so it would have."""
    keys_for_everybody(house, monkeypatch)
    said = everything(house, who, number)
    assert "Quibérac-Clef" in said
    assert "Brouvelas a confié Tramontine." in said


@pytest.mark.parametrize("who", ["charlie", "bob", "paula", "ada", "oscar"])
def test_with_every_key_in_hand_the_charter_alone_refuses(house: House, number: str, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """security.md A2.2: authorisation does not lean on encryption either. A steward's or lead's box gives its title's position,
    so the boxes handed over carry the title `member`, which reads nothing."""
    keys_for_everybody(house, monkeypatch, title="member")
    said = everything(house, who, number)
    assert not [value for value in VALUES if value in said]


def keys_for_everybody(house: House, monkeypatch: pytest.MonkeyPatch, *, title: str | None = None) -> None:
    """Every box counts as mine and opens."""
    holders = {actor.user_id: actor for actor in house.actors.values()}

    def live(self: Keychain, **_: bool) -> ColumnElement[bool]:
        return true()

    def open_any(_: Keychain, box: Box, __: Compartment) -> ContentKey:
        instance = house.instance.anchor.instance
        secret = _secret(house, holders, box, box_context(instance, box))
        return ContentKey(secret, instance=instance, scope=box.compartment_id, version=box.key_version)

    monkeypatch.setattr(Keychain, "live", live)
    monkeypatch.setattr(Keychain, "open", open_any)
    if title is not None:
        monkeypatch.setattr(Held, "titles", property(lambda _: frozenset({title})))
        original = Held.situations
        monkeypatch.setattr(Held, "situations", lambda self, kind="none", *_: original(self, kind, frozenset({title})))


def _secret(house: House, holders: dict[str, Any], box: Box, context: bytes) -> bytes:
    if box.to_ring:
        secrets = ring_secrets(house)
        holder = HolderKey(box.holder_id, HybridPrivateKey(secrets[box.holder_id]))
    else:
        holder = HolderKey(box.holder_id, holders[box.holder_id].keyring.private)
    return aead.decrypt(holder.wrapping, box.sealed, context) if box.rewrapped else holder.private.open(box.sealed, context)


def ring_secrets(house: House) -> dict[str, bytes]:
    """Every ring's secret, through the recovery key."""
    with house.instance.database.reading() as session:
        epochs = session.scalars(select(RingEpoch)).all()
    instance = house.instance.anchor.instance
    return {each.id: house.recovery.open(each.recovery_box, pack("recovery", "ring", instance, each.id)) for each in epochs}
