"""A call becomes a saisine: what is kept, for whom, for how long; and what a refusal leaves."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.models.base import Base
from casework.models.content import Person, Situation
from casework.models.dossiers import Dossier
from casework.models.support import Agreement, MeasureEnd
from casework.services.drafts import ChildDraft, ReferralDraft
from casework.services.support.drafts import CallDraft, MeasureDraft
from casework.services.support.words import takes_calls
from tests.canaries import find_canaries
from tests.house import House
from tests.jobs.test_sweep import newest_leaf
from tests.services.support.calls import CODE_WORD, NUMBER, call, noted, ready, refusals, said

CANARIES = ("Zzyrquépineau", "Ombeline-Canari", "06 00 11 77 13", "mot-canari-refus")


@pytest.fixture
def town(house: House) -> House:
    """A house whose victims' cell takes calls."""
    return ready(house)


def test_whoever_takes_the_call_reads_it_again_for_fifteen_minutes_and_the_service_keeps_it(town: House) -> None:
    """A police officer who is a member of the cell: all of it, safe contact included; then its state and no more."""
    kept = noted(town, town.paula)
    assert kept.receipt is not None
    reread = town.instance.charter.support.reread
    assert reread == timedelta(minutes=15)
    assert kept.until == kept.receipt.sent_at + reread
    mine = said(town, town.paula, kept.number)
    assert mine["safety"]["Numéro ou adresse de contact"] == NUMBER
    assert mine["safety"]["Jours et heures"] == "mardi, jeudi de 9 h à 11 h 30"
    assert mine["safety"]["Précautions"] == "Ne pas laisser de message, Ne pas écrire au domicile"
    assert mine["safety"]["Qui ne doit jamais répondre"] == "le beau-frère"
    assert mine["confidential"]["Besoins"] == "Accès aux droits, Logement ou hébergement"
    assert mine["confidential"]["Déjà adressée à un service"] == "Logement ou hébergement"
    assert mine["confidential"]["Enfants au domicile"] == "2015, 2018"
    assert mine["judicial"]["Depuis le"] == "01/02/2026"
    assert "Faits" not in mine["confidential"]
    assert "Date de naissance" not in mine["identity"]
    assert said(town, town.viola, kept.number)["safety"]["Mot convenu"] == CODE_WORD
    town.clock.advance(reread + timedelta(seconds=1))
    with pytest.raises(NotFound):
        town.open(town.paula, kept.number)
    assert services.sent.follow(town.paula, kept.number).lines[0].status.code == "received"
    assert said(town, town.viola, kept.number)["safety"]["Mot convenu"] == CODE_WORD


def test_a_steward_who_takes_it_keeps_it_and_a_stranger_gets_nothing(town: House) -> None:
    """Vera keeps the cell: no clock runs for her. Bob is of another cell."""
    kept = noted(town, town.vera)
    assert kept.until is None
    assert "identity" in said(town, town.vera, kept.number)
    with pytest.raises(NotFound):
        town.open(town.bob, kept.number)
    with pytest.raises(NotFound):
        services.intake.send(town.bob, call(town))
    with pytest.raises(NotFound):
        services.intake.prepare(town.bob)


def test_the_facts_are_never_asked_and_stay_empty(town: House) -> None:
    """The row says who reported, where it comes from, and no story; the measure ends when the law says."""
    number = noted(town, town.igor).number
    assert "facts" not in {each.name for each in fields(CallDraft)}
    texts = said(town, town.vera, number)
    assert texts["confidential"]["Saisine adressée par"].startswith("Igor")
    assert texts["judicial"]["Jusqu’au"] == "01/02/2027"
    with town.instance.database.reading() as session:
        ends = session.scalars(select(MeasureEnd.due).join(Dossier, Dossier.id == MeasureEnd.dossier_id).where(Dossier.number == number))
        assert ends.all() == [date(2027, 2, 1)]


def test_no_form_that_reaches_a_victims_file_asks_the_facts(town: House) -> None:
    """Neither the ordinary saisine, which does not know this cell, nor the record, nor what its sender adds.

    Control: in the town's cell the programme has them, the saisine takes them, a complement asks them.
    """
    law, number = town.instance.charter, noted(town, town.igor).number
    storyless = {code for code, each in law.programmes.items() if not any(name.endswith(".facts") for name in each.fields)}
    assert storyless == {code for code, each in law.programmes.items() if takes_calls(each)} == {"domestic_violence"}
    child = ChildDraft("Armande", "Quibérac-Récit", "f", date(2010, 4, 5), "Valmorel-sur-Orle")
    story = ReferralDraft(
        town.cells["appui"], (child,), "person", ("partner_violence",), "Il l’a frappée.", False, services.entries.new_submission()
    )  # fmt: skip
    before = rows(town)
    for sender in (town.vera, town.viola, town.igor, town.paula):
        assert town.cells["appui"] not in {each.code for each in services.referrals.prepare(sender, town.cells["appui"]).cells}
        with pytest.raises(NotFound):
            services.referrals.send(sender, story)
    assert rows(town) == before
    assert services.sent.follow(town.igor, number).storyless
    ordinary = town.refer(town.hugo, "Quibérac-Témoin")
    assert rows(town)["dossier"] == before["dossier"] + 1
    assert not services.sent.follow(town.hugo, ordinary).storyless


def test_the_same_call_sent_twice_is_one(town: House) -> None:
    """A double click; another text under the same form is another call."""
    draft = call(town)
    first, second = services.intake.send(town.igor, draft), services.intake.send(town.igor, draft)
    assert first.number == second.number
    assert services.intake.send(town.igor, call(town, submission=draft.submission, first_name="Zélie")).number != first.number


def rows(house: House) -> dict[str, int]:
    """How many rows there are of what a person could be found in."""
    with house.instance.database.reading() as session:
        return {
            each.__tablename__: session.scalar(select(func.count()).select_from(each)) or 0
            for each in (Dossier, Person, Situation, Agreement)
        }


def test_a_refusal_counts_and_leaves_nothing_nominative(town: House) -> None:
    """Typed or not, identity is dropped, no row is made, no leaf names a dossier; twice the same form counts once. Control: given."""
    before, counted = rows(town), refusals(town)
    last_name, first_name, value, code_word = CANARIES
    typed = call(town, agreement="refused", last_name=last_name, first_name=first_name, value=value, code_word=code_word)
    services.saved_drafts.keep(town.igor, "call", "", [("last_name", last_name)])
    first, kept = (services.intake.send(town.igor, typed) for _ in range(2))
    assert first == kept
    assert (kept.number, kept.receipt, kept.agreement.code) == ("", None, "refused")
    leaf = newest_leaf(town)
    assert (leaf.action, leaf.actor, leaf.dossiers, leaf.writes) == ("referral.send", town.igor.user_id, (), ())
    assert leaf.facts == {"agreement": "refused"}
    assert rows(town) == before
    assert refusals(town) == counted + 1
    assert services.saved_drafts.opened(town.igor, "call", "") is None
    bare = services.intake.send(
        town.igor, call(town, agreement="refused", last_name="", first_name="", origin="", needs=(), hours="matin ?")
    )
    assert bare.number == ""
    assert refusals(town) == counted + 2
    assert noted(town, town.igor).number
    assert rows(town)["dossier"] == before["dossier"] + 1


def test_a_draft_that_arrives_after_the_refusal_is_not_kept(town: House) -> None:
    """It was on its way, or is open in another tab. Control: what another call holds is kept."""
    typed = call(town, agreement="refused")
    services.intake.send(town.igor, typed)
    with pytest.raises(InvalidInput):
        services.saved_drafts.keep(town.igor, "call", "", [("submission", typed.submission), ("last_name", CANARIES[0])])
    assert services.saved_drafts.opened(town.igor, "call", "") is None
    services.saved_drafts.keep(town.igor, "call", "", [("submission", call(town).submission), ("last_name", CANARIES[0])])
    assert services.saved_drafts.opened(town.igor, "call", "") is not None, "control"
    services.saved_drafts.drop(town.igor, "call", "")


def everything(house: House) -> bytes:
    """Every value of every table, in one heap: what somebody with the whole database sees."""
    with house.instance.database.reading() as session:
        found = [row for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    return b"\0".join(value if isinstance(value, bytes) else str(value).encode() for row in found for value in row)


def test_a_refusal_leaves_no_word_anywhere_at_rest(town: House) -> None:
    """No typed word in any table; and what was sealed of an agreed one is there, sealed: its row is, its words are not (control)."""
    last_name, first_name, value, code_word = CANARIES
    typed = {"last_name": last_name, "first_name": first_name, "value": value, "code_word": code_word}
    size = len(everything(town))
    noted(town, town.igor, agreement="refused", **typed)
    heap = everything(town)
    assert not [word for word in CANARIES if word.encode() in heap]
    assert len(heap) - size < 3000, "a leaf and a counter"
    number = noted(town, town.igor, **typed).number
    agreed = everything(town)
    assert not [word for word in CANARIES if word.encode() in agreed]
    assert number.encode() in agreed
    assert len(agreed) - len(heap) > 10_000
    assert said(town, town.viola, number)["safety"]["Mot convenu"] == code_word


def test_a_refusal_leaves_no_byte_in_the_files(fresh_house: House) -> None:
    """Neither do the files of the instance, the sessions beside it included. Control: a name planted in a clear column is found."""
    house = ready(fresh_house)
    last_name, first_name, value, code_word = CANARIES
    typed = {"last_name": last_name, "first_name": first_name, "value": value, "code_word": code_word}
    services.saved_drafts.keep(house.igor, "call", "", list(typed.items()))
    noted(house, house.igor, agreement="refused", **typed)
    places = [house.instance.config.instance.parent]
    assert find_canaries(places, CANARIES) == []
    house.instance.sessions.count_attempt({first_name: 1}, at=1, window=1)
    assert find_canaries(places, [first_name])


WRONG: list[tuple[dict[str, Any], set[str]]] = [
    ({"origin": "mayor"}, {"origin"}),
    ({"channel": ""}, {"channel"}),
    ({"channel": "pigeon"}, {"channel"}),
    ({"value": " "}, {"value"}),
    ({"hours": "mardi matin"}, {"hours"}),
    ({"agreement": ""}, {"agreement"}),
    ({"agreement": "not_sought"}, {"reason"}),
    ({"agreement": "withdrawn"}, {"agreement"}),
    ({"last_name": "", "first_name": "", "sex": "", "commune": ""}, {"last_name", "first_name", "sex", "commune"}),
    ({"birth_date": "12 mars"}, {"birth_date"}),
    ({"birth_date": "12/03/2030"}, {"birth_date"}),
    ({"needs": ()}, {"needs"}),
    ({"needs": ("health",)}, {"needs"}),
    ({"children": "deux"}, {"children"}),
    ({"children": " ".join(["2015"] * 9)}, {"children"}),
    ({"motives": ("absenteeism",)}, {"motives"}),
    ({"measures": (MeasureDraft("prison", "01/02/2026", ""),)}, {"measures-0-label"}),
    ({"measures": (MeasureDraft("no_contact", "01/02/2026", "01/01/2026"),)}, {"measures-0-until"}),
    ({"submission": "x"}, {"submission"}),
]


@pytest.mark.parametrize(("changes", "wrong"), WRONG, ids=[",".join(sorted(fields)) for _, fields in WRONG])
def test_what_is_wrong_is_told_at_its_field(town: House, changes: dict[str, Any], wrong: set[str]) -> None:
    """By the form beforehand and by the verb, alike; nothing is half-written."""
    before = rows(town)
    with pytest.raises(InvalidInput) as refused:
        noted(town, town.igor, **changes)
    assert set(refused.value.problems) == wrong
    assert set(services.intake.prepare(town.igor, draft=call(town, **changes)).problems) == wrong
    assert rows(town) == before


def test_what_may_be_left_out(town: House) -> None:
    """Birth date, hours, words, measures, children, motives; a number for somebody who is only met in person."""
    bare: dict[str, Any] = dict.fromkeys(
        ("hours", "code_word", "introduction", "interpreter", "must_not_answer", "not_to_inform", "children"), ""
    )
    kept = noted(town, town.igor, channel="in_person", value="", limits=(), motives=(), measures=(), **bare)
    assert set(said(town, town.igor, kept.number)) == {"identity", "confidential", "safety"}
    dated = noted(town, town.igor, birth_date="12/03/1990")
    assert said(town, town.igor, dated.number)["identity"]["Date de naissance"] == "12/03/1990"


def test_the_form_offers_the_lists_of_the_cell(town: House) -> None:
    """Of the programme, the vocabulary and the rules of support; no need of health among them."""
    lists = services.intake.prepare(town.paula)
    assert [each.code for each in lists.needs] == ["rights", "housing", "listening", "children", "money", "administrative"]
    assert "no_letter" in {each.code for each in lists.limits}
    assert lists.keeps_contact
    assert lists.due == town.clock.now().date() + timedelta(days=15)
