"""An administrator changes what rows say they are, and honest people act on them: nobody must be given what was not meant for them."""

from contextlib import suppress
from datetime import timedelta

from casework import services
from casework.errors import CaseworkError, TamperedError
from casework.models.dossiers import Box, Compartment, Dossier
from casework.models.people import User
from casework.services.keys.certificates import certified_profession
from casework.services.keys.keychain import box_context
from casework.services.offices.accounts import NewAccount, fingerprint
from tests.attacks.sql import row, rows, tamper
from tests.house import END, House


def held_by(house: House, who: str) -> set[str]:
    """The compartments whose key somebody opens with their own private key, without the application."""
    actor, instance = house.actors[who], house.instance.anchor.instance
    found = set()
    for box in rows(house, Box, holder_id=actor.user_id):
        with suppress(TamperedError):
            actor.keyring.private.open(box.sealed, box_context(instance, box))
            found.add(box.compartment_id)
    return found


def of(house: House, number: str, kind: str) -> Compartment:
    found: Compartment = row(house, Compartment, kind=kind, dossier_id=row(house, Dossier, number=number).id)
    return found


def test_a_compartment_that_claims_another_kind_is_not_shared(fresh_house: House) -> None:
    """The police officer may be given `decisions`; an administrator swaps the kinds of two compartments while the steward shares."""
    house = fresh_house
    number, untouched = house.follow("Quibérac-Genre"), house.follow("Quibérac-Vrai")
    services.shares.give(house.stella, untouched, ["decisions"], "paula", until=None)
    assert of(house, untouched, "decisions").id in held_by(house, "paula"), "control"
    confidential, decisions = of(house, number, "confidential"), of(house, number, "decisions")
    tamper(house, "UPDATE compartment SET kind = 'x' WHERE id = ?", (confidential.id,))
    tamper(house, "UPDATE compartment SET kind = 'confidential' WHERE id = ?", (decisions.id,))
    tamper(house, "UPDATE compartment SET kind = 'decisions' WHERE id = ?", (confidential.id,))
    with suppress(CaseworkError):
        services.shares.give(house.stella, number, ["decisions"], "paula", until=None)
    assert confidential.id not in held_by(house, "paula")


def test_a_compartment_that_claims_another_dossier_is_not_shared(fresh_house: House) -> None:
    """Two dossiers exchange their identities while the steward shares one of them."""
    house = fresh_house
    secret, shared = house.follow("Quibérac-Secret"), house.follow("Quibérac-Remis")
    a, b = of(house, secret, "identity"), of(house, shared, "identity")
    tamper(house, "UPDATE compartment SET kind = 'x' WHERE id = ?", (a.id,))
    tamper(house, "UPDATE compartment SET dossier_id = ? WHERE id = ?", (a.dossier_id, b.id))
    tamper(house, "UPDATE compartment SET dossier_id = ?, kind = 'identity' WHERE id = ?", (b.dossier_id, a.id))
    with suppress(CaseworkError):
        services.shares.give(house.stella, shared, ["identity"], "paula", until=None)
    assert a.id not in held_by(house, "paula")


def test_a_lead_nobody_named_receives_no_new_compartment(fresh_house: House) -> None:
    """Charlie, of the other cell, is written into the dossier's row as its lead; the steward then writes in a new compartment."""
    house = fresh_house
    number, untouched = house.follow("Quibérac-Référent"), house.follow("Quibérac-Vrai")
    services.records.set_schooling(house.stella, untouched, "Collège des Tilleuls", "5e", "12")
    assert of(house, untouched, "school").id in held_by(house, "alice"), "control"
    tamper(house, "UPDATE dossier SET lead_id = ? WHERE number = ?", (house.charlie.user_id, number))
    with suppress(CaseworkError):
        services.records.set_schooling(house.stella, number, "Collège des Tilleuls", "5e", "12")
    assert not held_by(house, "charlie")


def test_a_name_put_on_another_account_receives_no_share(fresh_house: House) -> None:
    """Bob and Charlie exchange their user names and names, and cells: the steward who shares with Bob shares with Charlie."""
    house = fresh_house
    number = house.follow("Quibérac-Nom")
    bob, charlie = house.bob.user_id, house.charlie.user_id
    for who, name in ((bob, "x"), (charlie, "bob"), (bob, "charlie")):
        tamper(house, "UPDATE user_account SET username = ?, name = ? WHERE id = ?", (name, name.capitalize(), who))
    tamper(house, "UPDATE habilitation SET cell_id = ? WHERE user_id = ?", (house.cells["nord"], charlie))
    with suppress(CaseworkError):
        services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    assert not held_by(house, "charlie")


def test_an_officer_certifies_the_profession_that_was_meant(fresh_house: House) -> None:
    """Between opening the account and certifying it, an administrator makes the newcomer an officer, who could certify anybody."""
    house = fresh_house
    code = services.accounts.create(house.oscar, NewAccount("zoe", "Zoé", "f", "agente", "municipal_police", "Ville de Valmorel-sur-Orle"))
    kept = services.accounts.enrol(house.instance, "zoe", code, "phrase zoe")
    tamper(house, "UPDATE user_account SET profession = 'officer' WHERE username = 'zoe'")
    with suppress(CaseworkError):
        services.accounts.certify(
            house.oscar, "zoe", fingerprint(kept.stored.public, kept.stored.signing_public), act="acte 9", until=END
        )  # fmt: skip
    profession = "municipal_police"
    with house.instance.database.reading() as session, suppress(CaseworkError):
        profession = certified_profession(session, house.instance.anchor, row(house, User, username="zoe").id)
    assert profession == "municipal_police"


def test_a_habilitation_that_has_ended_is_not_revived_by_a_date(fresh_house: House) -> None:
    """The signed admission says until when; the row alone must not say otherwise. Alice's boxes as lead have no end of their own."""
    house = fresh_house
    number = house.follow("Quibérac-Échéance")
    assert house.open(house.alice, number).person, "control"
    house.clock.move_to(END + timedelta(days=1))
    tamper(house, "UPDATE habilitation SET until = '2030-01-01 00:00:00.000000' WHERE user_id = ?", (house.alice.user_id,))
    name = None
    with suppress(CaseworkError):
        name = house.open(house.alice, number).person
    assert name is None


def test_a_title_without_a_key_closes_no_dossier(fresh_house: House) -> None:
    """A row of the table of boxes that says « steward » and opens nothing is no title: what it lets do would be recorded as authorised."""
    house = fresh_house
    number = house.follow("Quibérac-Titre")
    tamper(
        house,
        "INSERT INTO box (id, compartment_id, key_version, holder_id, to_ring, title, reference, sealed, rewrapped, mac)"
        " VALUES ('f', ?, 1, ?, 0, 'steward', '', x'00', 0, x'00')",
        (of(house, number, "identity").id, house.paula.user_id),
    )
    with suppress(CaseworkError):
        services.lifecycle.close(house.paula, number, next(iter(house.instance.charter.vocabulary.closing_reasons)))
    assert row(house, Dossier, number=number).status == "open"


def test_readers_are_named_by_their_certified_profession(fresh_house: House) -> None:
    """Hugo's row says police: the charter would not let the police read `school`, but Hugo still does."""
    house = fresh_house
    number = house.follow("Quibérac-Lecteurs")
    services.records.set_schooling(house.stella, number, "Collège des Tilleuls", "5e", "12")
    services.shares.give(house.stella, number, ["identity", "school"], "hugo", until=None)
    tamper(house, "UPDATE user_account SET profession = 'municipal_police' WHERE id = ?", (house.hugo.user_id,))
    reads, named = False, True
    with suppress(CaseworkError):  # refusing him until somebody looks is an answer as well
        reads = "school" in {each.kind for each in house.open(house.hugo, number).sections if each.readable}
        (school,) = [each for each in services.entries.compose(house.hugo, number).compartments if each.kind == "school"]
        named = "Hugo" in {each.name for each in school.readers}
    assert named or not reads
