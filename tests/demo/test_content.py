"""The demo town's content keeps its own rules: what is confidential occurs once, nowhere public, and every act is one its author may do."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from casework.cli.demo.names import FIRST_NAMES, PHONE_RANGES, age_on, fold
from casework.cli.demo.people import BY_USERNAME, CELL, CELLS, INSTITUTION_KINDS, INSTITUTIONS, PERSONAS, public_words, stewards
from casework.cli.demo.script import DEFAULT_START, FIRST_DAY, LAST_DAY, LEAVING, YOUNGEST, DossierPlan, merged, plan
from casework.cli.demo.stories import ACTS, ADULT, COMPARTMENTS, ENDS, KINDS, ROLES, WHO, WRITTEN, long_story, stories
from casework.services.support.words import NEEDS

ROOT = Path(__file__).parents[2]
COUNT, SEED = 400, 20260302
FORBIDDEN = re.compile(r"['\"&<>{}\n\t]|\s\s|^\s|\s$")
PHONE = re.compile(rf"(?:{'|'.join(PHONE_RANGES)}) \d\d \d\d")
ADDRESS = re.compile(r"\d\d(?: bis| ter)? [\w’ -]+, 00\d{3} [\w’ -]+")
UNWELCOME = re.compile(
    r"\b(santé|médec\w+|psych\w+|hôpital\w*|soins?|malad\w+|handicap\w*|addict\w+|fatigu\w+|infirmi\w+|orthophon\w+|religi\w+|ethni\w+"
    r"|nationalit\w+|étrang\w+|origine|délinqu\w+|délit\w*|infraction\w*|vols?|violen\w+|stupéfiant\w*|agress\w+|harcèl\w+|trafic\w*"
    r"|dégradation\w*|insult\w+|fugue\w*|partagé secret|secret partagé|madame|monsieur)\b"
)
NOT_SHOWN = frozenset({"urgent", "review"})
"""Acts whose text is in no dossier: the reason of an accès urgent goes to oversight and its author."""


@cache
def town() -> tuple[DossierPlan, ...]:
    """400 dossiers, made once; the first has its 200 notes."""
    return tuple(plan(COUNT, SEED, long_entries=200))


def shown() -> list[str]:
    """What anybody may see: accounts, institutions, cells, the charter, every list of the policies, every template."""
    files = [*(ROOT / "policies").glob("*"), *(ROOT / "templates").rglob("*.html")]
    return [*public_words(), *(path.read_text(encoding="utf-8") for path in files if path.is_file())]


def texts(dossier: DossierPlan) -> list[str]:
    """The written texts of a dossier."""
    return [step.text for step in dossier.steps if step.text]


def values(dossier: DossierPlan) -> list[str]:
    """Every confidential value of a dossier, once."""
    secrets = dossier.secrets()
    return [*secrets.names, *secrets.phones, *secrets.addresses, *secrets.notes]


def misshapen(dossier: DossierPlan) -> Iterator[str]:
    """Values that are too short or hold what a page would escape or fold."""
    yield from (value for value in values(dossier) if len(value) < 7 or FORBIDDEN.search(value))


def repeated(plans: tuple[DossierPlan, ...]) -> list[str]:
    """Values of more than one dossier, or twice in one; first names may come back."""
    counted = Counter(value for dossier in plans for value in values(dossier) if value != dossier.person.first_name)
    return [value for value, times in counted.items() if times > 1]


def elsewhere(plans: tuple[DossierPlan, ...], public: list[str]) -> list[str]:
    """Values that occur, accents and case apart, inside a public text."""
    corpus = fold("\n".join(public))
    return [value for dossier in plans for value in values(dossier) if fold(value) in corpus]


def entangled(plans: tuple[DossierPlan, ...]) -> list[str]:
    """First or last names that occur in a note, an address, or somebody else's last name."""
    notes = fold("\n".join(text for dossier in plans for text in (*texts(dossier), *dossier.contacts.addresses)))
    lasts = Counter(fold(dossier.person.last_name) for dossier in plans)
    joined = "\n".join(lasts)
    names = {fold(name) for dossier in plans for name in (dossier.person.first_name, dossier.person.last_name)}
    return [name for name in names if name in notes or joined.count(name) > lasts[name]]


def test_values_have_their_shape() -> None:
    """Seven characters, one line, nothing that HTML escapes."""
    assert not [value for dossier in town() for value in misshapen(dossier)]


def test_values_occur_once() -> None:
    """No phone, address, last name, representative or note is used twice in the town."""
    assert not repeated(town())


def test_values_are_nowhere_public() -> None:
    """Neither as a word nor inside one."""
    assert not elsewhere(town(), shown())


def test_names_are_nowhere_else() -> None:
    """Notes say "le jeune"; no last name is part of another; no first name is part of another first name."""
    assert not entangled(town())
    given = [fold(name) for names in FIRST_NAMES.values() for name in names]
    assert not [(a, b) for a in given for b in given if a is not b and a in b]


def test_control_bad_values_are_found() -> None:
    """A short phone, an apostrophe, a copy, an institution as a name, a name in a note: each check sees its own."""
    good, other = [dossier for dossier in town() if dossier.contacts.phones and dossier.programme == "school"][:2]
    person, contacts = good.person, good.contacts
    assert list(misshapen(replace(good, contacts=replace(contacts, phones=("06 39",)))))
    assert list(misshapen(replace(good, person=replace(person, last_name="d'Orbeval"))))
    assert repeated((good, replace(other, contacts=contacts)))
    assert repeated((good, replace(other, steps=good.steps)))
    assert elsewhere((replace(good, person=replace(person, last_name="passerelles")),), shown())
    assert elsewhere((replace(good, person=replace(person, last_name="Référent")),), shown())
    told = replace(good.steps[0], text=f"Rencontre avec {person.first_name}.")
    assert entangled((replace(good, steps=(told,)),))
    assert entangled((good, replace(other, person=replace(other.person, last_name=person.last_name + "et"))))


def test_phones_and_addresses_are_fiction() -> None:
    """Reserved number ranges; postcodes in 00, which no commune has."""
    for dossier in town():
        assert all(PHONE.fullmatch(phone) for phone in dossier.contacts.phones)
        assert all(ADDRESS.fullmatch(address) for address in dossier.contacts.addresses)
    assert not PHONE.fullmatch("06 12 34 56 78")


def test_contacts_exist_where_they_are_written() -> None:
    """One to three phones, one or two addresses, where a step writes them; nothing where none does. In danger: one of each, and a word."""
    for dossier in town():
        acts = {step.act for step in dossier.steps}
        contacts, written = dossier.contacts, bool(acts & {"contact", "safe"})
        assert (1 <= len(contacts.phones) <= 3) == written
        assert (1 <= len(contacts.addresses) <= 2) == written
        assert (len(contacts.code_words), len(contacts.not_to_inform)) == ((1, 1) if "safe" in acts else (0, 0))
        assert "contact" in acts or not contacts.representatives
        assert dossier.programme != "domestic_violence" or "contact" not in acts


def test_texts_are_short_factual_and_kind() -> None:
    """Facts at most 500 characters, notes 40 to 600, none of the words that AU-038 keeps out."""
    for dossier in town():
        for step in dossier.steps:
            assert bool(step.text) == (step.act in WRITTEN)
            assert not step.text or 40 <= len(step.text) <= (500 if step.act in {"refer", "complement", "urgent"} else 600)
            assert not UNWELCOME.search(step.text.lower()), step.text
            assert not re.search(r"\b(?:à|de) les? |\baux? l’", step.text), step.text


def test_words_are_those_of_the_policies() -> None:
    """Closed vocabularies, and each code is one that the lists know."""
    lists: dict[str, Any] = yaml.safe_load((ROOT / "policies" / "lists.yaml").read_text(encoding="utf-8"))
    words: dict[str, Any] = yaml.safe_load((ROOT / "policies" / "vocabulary.yaml").read_text(encoding="utf-8"))
    assert set(lists["entry_kinds"]) >= KINDS
    assert set(lists["institution_kinds"]) >= INSTITUTION_KINDS
    assert set(words["kinds"]) >= COMPARTMENTS
    assert {persona.profession for persona in PERSONAS} <= set(words["professions"])
    for dossier in town():
        assert dossier.ends in ENDS
        for step in dossier.steps:
            assert (step.who in WHO, step.act in ACTS) == (True, True)
            assert {step.kind, step.compartment} <= KINDS | COMPARTMENTS | {""}
            assert bool(step.kind) == bool(step.compartment) == (step.act in ("note", "correct"))


def tuple_of(value: object) -> tuple[object, ...]:
    """A list of an act's extras."""
    assert isinstance(value, tuple)
    return value


def strangers(dossier: DossierPlan, programmes: dict[str, Any], lists: dict[str, Any]) -> list[object]:
    """Codes that the programme of the dossier does not have."""
    own, found = programmes[dossier.programme], []
    for step in dossier.steps:
        extra = step.extra
        found += [code for code in tuple_of(extra.get("motives", ())) if code not in own["motives"]]
        found += [code for code in tuple_of(extra.get("needs", ())) if code not in NEEDS]
        found += [step.act] if step.act == ("refer" if "support_request.needs" in own["fields"] else "call") else []
        for name, known in (
            ("origin", own["origins"]),
            ("outcome", lists["examination_outcomes"]),
            ("redirected_to", lists["redirections"]),
            ("finding", lists["urgent_findings"]),
            ("reason", lists["urgent_reasons"] if step.act == "urgent" else own["closing_reasons"]),
        ):
            found += [extra[name]] if name in extra and extra[name] not in known else []
        if step.act == "measure" and extra["label"] not in own["measures"]:
            found.append(extra["label"])
    return found


def test_codes_are_those_of_the_programme() -> None:
    """Origins, motives, outcomes, measures, reasons: each from the list that its programme has; each control is seen."""
    programmes: dict[str, Any] = yaml.safe_load((ROOT / "policies" / "programmes.yaml").read_text(encoding="utf-8"))
    lists: dict[str, Any] = yaml.safe_load((ROOT / "policies" / "lists.yaml").read_text(encoding="utf-8"))
    assert not [(dossier.story, code) for dossier in town() for code in strangers(dossier, programmes, lists)]
    assert strangers(replace(town()[0], programme="domestic_violence"), programmes, lists)


def test_roles_are_played_by_people_of_the_cell() -> None:
    """Each by the right profession, who sits there; leads are accounts told as leads; a peer is not the lead; who left is gone."""
    for dossier in town():
        assert (dossier.lead == "") == (not any(step.act == "take_up" for step in dossier.steps))
        assert not dossier.lead or BY_USERNAME[dossier.lead].position == "lead"
        for step in dossier.steps:
            persona = BY_USERNAME[step.username]
            assert persona.sits_in(dossier.cell) or step.who == "dpo"
            assert persona.stays_in(dossier.cell) or step.day < LEAVING or step.who == "dpo", (dossier.story, step.act)
            assert step.who not in ROLES or persona.profession in ROLES[step.who]
            assert step.who not in {"peer_social", "ally"} or step.username != dossier.lead
            assert step.day >= CELL[dossier.cell].opens


def test_corrections_point_to_an_earlier_note_of_the_same_author() -> None:
    """Same author, same kind, same compartment."""
    found = 0
    for dossier in town():
        for position, step in enumerate(dossier.steps):
            if step.act == "correct":
                of = step.extra["of"]
                assert isinstance(of, int)
                assert of < position
                old = dossier.steps[of]
                assert (old.act, old.username, old.kind, old.compartment) == ("note", step.username, step.kind, step.compartment)
                found += 1
    assert found >= 2


def test_time_only_moves_forward() -> None:
    """Within nine months, on working days, in office hours; merged in order without losing anything."""
    for dossier in town():
        moments = [(step.day, step.minute) for step in dossier.steps]
        assert all(before < after for before, after in pairwise(moments))
        assert all(FIRST_DAY <= day <= LAST_DAY and 0 < minute < 24 * 60 for day, minute in moments)
        assert all((DEFAULT_START + timedelta(days=day)).weekday() < 5 for day, _ in moments)
    acts = merged(town())
    assert len(acts) == sum(len(dossier.steps) for dossier in town())
    assert all((a.day, a.minute) <= (b.day, b.minute) for (_, a), (_, b) in pairwise(acts))


def test_ages_fit() -> None:
    """Minors at risk and pupils are minors on day 0, the others adults; whoever is closed at majority has turned eighteen."""
    programmes: dict[str, Any] = yaml.safe_load((ROOT / "policies" / "programmes.yaml").read_text(encoding="utf-8"))
    assert programmes["fragility"]["age"]["minimum"] <= YOUNGEST
    for dossier in town():
        age = age_on(dossier.person.birth_date, DEFAULT_START)
        assert age >= 18 if dossier.programme in ADULT else YOUNGEST <= age <= 17
        last = dossier.steps[-1]
        if last.extra.get("reason") == "majority":
            assert age_on(dossier.person.birth_date, DEFAULT_START + timedelta(days=last.day)) == 18
    young = [age_on(each.person.birth_date, DEFAULT_START) for each in plan(COUNT, SEED, youngest=6) if each.programme not in ADULT]
    assert (min(young), max(young)) == (6, 17)


def test_two_children_of_one_saisine() -> None:
    """The younger one comes with the elder's sender, day and steward, under a name of their own."""
    pairs = [(town()[dossier.elder], dossier) for dossier in town() if dossier.elder is not None]
    assert pairs
    for elder, younger in pairs:
        assert (elder.cell, elder.sender, elder.steward, elder.steps[0].day) == (
            younger.cell,
            younger.sender,
            younger.steward,
            younger.steps[0].day,
        )
        assert elder.person.last_name != younger.person.last_name


def test_whoever_is_referred_twice_is_nearly_the_same() -> None:
    """Born the same day, under a name with two slips, after the first saisine."""
    pairs = [(town()[dossier.twin], dossier) for dossier in town() if dossier.twin is not None]
    assert pairs
    for first, second in pairs:
        assert first.person.birth_date == second.person.birth_date
        assert sorted(fold(first.person.first_name)) == sorted(fold(second.person.first_name))
        assert first.steps[0].day < second.steps[0].day


def test_the_town_is_varied() -> None:
    """Eighty dossiers show every cell and programme, every arc, every compartment, every kind of act, every member at work."""
    first = town()[:80]
    assert {dossier.story for dossier in first} == {story.key for story in stories()} | {long_story(1, 10).key}
    assert Counter(dossier.cell for dossier in first).keys() == {cell.key for cell in CELLS}
    assert min(Counter(dossier.programme for dossier in first).values()) >= 10
    assert {dossier.ends for dossier in first} == ENDS
    steps = [step for dossier in first for step in dossier.steps]
    assert {step.compartment for step in steps} >= COMPARTMENTS
    assert {step.act for step in steps} == ACTS
    silent = {"officer", "auditor", "elected", "secretary", "youth_justice"}
    assert {step.username for step in steps} == {persona.username for persona in PERSONAS if persona.profession not in silent}
    assert {dossier.lead for dossier in first if dossier.lead} == {p.username for p in PERSONAS if p.position == "lead"}
    assert len({dossier.person.first_name for dossier in first}) == len(first)
    assert len({persona.profession for persona in PERSONAS}) >= 12


def test_the_long_follow_up_is_as_long_as_asked() -> None:
    """200 notes in the first dossier, from five institutions or more."""
    notes = [step for step in town()[0].steps if step.act == "note"]
    assert len(notes) == 200
    assert len({step.username for step in notes}) >= 5


def test_same_seed_same_town() -> None:
    """A larger town begins with the smaller one; another seed makes another; another start moves the birth dates."""
    assert plan(40, SEED) == plan(60, SEED)[:40]
    assert plan(3, SEED) != plan(3, SEED + 1)
    assert plan(3, SEED)[1].person.birth_date != plan(3, SEED, start=date(2027, 3, 1))[1].person.birth_date


def test_five_thousand_dossiers_are_quick_and_unique() -> None:
    """Under three seconds of processor time."""
    before = time.process_time()
    plans = tuple(plan(5000, SEED))
    assert time.process_time() - before < 3
    assert not repeated(plans)


def test_accounts_are_plain() -> None:
    """ASCII user names, known institutions, one elected member where the ring is switched on, a deputy in the North."""
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+", persona.username) for persona in PERSONAS)
    assert {persona.institution for persona in PERSONAS} <= {institution.key for institution in INSTITUTIONS}
    elected = {cell.key for cell in CELLS for persona in PERSONAS if persona.profession == "elected" and persona.sits_in(cell.key)}
    assert elected == {cell.key for cell in CELLS if cell.elected_ring}
    assert [len(stewards(cell.key)) for cell in CELLS] == [2, 1, 1, 1]
    assert stewards("victimes")[0].profession == "victim_support"
    assert all(2 <= len(cell.duty) <= 5 for cell in CELLS if cell.duty)


@pytest.mark.parametrize("word", ["Le jeune a été reçu en soins.", "Suivi pour vol.", "Sa nationalité est connue."])
def test_control_unwelcome_words_are_found(word: str) -> None:
    """The word list bites."""
    assert UNWELCOME.search(word.lower())
