"""Programmes as data: closed lists, people, ages, what must be on record, and what does not exist at all."""

import re

import pytest

from casework.charter import Charter, LawError, Situation
from casework.charter.loading import Sources, read_sources
from casework.models import Base
from tests.charter.conftest import Spoil

FOUR = ("fragility", "school", "release", "domestic_violence")
ON_RECORD = [
    (re.compile(r"\n  controller: [^\n]+"), "le responsable de traitement"),
    (re.compile(r"\n  legal_basis: [^\n]+"), "la base légale"),
    (re.compile(r"\n  impact_assessment: [^\n]+"), "la date de l’analyse d’impact"),
    (re.compile(r"\n  retention:\n(    [^\n]+\n)+"), "les durées de conservation"),
]
FORBIDDEN = re.compile(
    r"ethni|racia|nationalit|religi|cult[eo]\b|politi|syndic|sexual|sex_life|orientation_sex|photo|\bnir\b|insee|secu|\btaj\b|\bfpr\b|fiche_s"
    r"|radicalis|health|sant[eé]|medic|médic|diagnos|disab|handicap|offen[cs]e|infraction|crime|délit|conviction|condamn"
)


def field_words(law: Charter | Sources) -> list[str]:
    """Everything a field or column is called: codes, labels, descriptions."""
    declared = [f"{field.name} {field.label}" for each in law.programmes.values() for field in each.fields.values()]
    columns = [f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns]
    return declared + columns


def test_the_four_programmes_are_open(charter: Charter) -> None:
    assert tuple(charter.programmes) == FOUR
    assert all(each.opened and each.refusal == "" for each in charter.programmes.values())


@pytest.mark.parametrize(("line", "name"), ON_RECORD)
def test_a_programme_lacking_something_on_record_loads_and_is_not_open(spoil: Spoil, line: re.Pattern[str], name: str) -> None:
    policies, _ = spoil("programmes.yaml", "fragility:\n", "fragility:\n")
    path = policies / "programmes.yaml"
    path.write_text(line.sub("\n", path.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    programme = read_sources(policies).programmes["fragility"]
    assert programme.missing == (name,)
    assert not programme.opened
    assert name in programme.refusal


def test_no_field_of_the_forbidden_list_exists(charter: Charter) -> None:
    """Domain 1.10, design 8: such a field does not exist. Source of the list: AU-038 and the charter, article 13."""
    assert [words for words in field_words(charter) if FORBIDDEN.search(words.lower())] == []


@pytest.mark.parametrize(
    "spoilt",
    ["person.nationality", "person.ethnic_origin", "person.religion", "person.photo", "person.nir", "measure.offence", "person.health"],
)
def test_control_a_forbidden_field_is_found(spoil: Spoil, spoilt: str) -> None:
    policies, _ = spoil("programmes.yaml", "    person.sex:", f'    {spoilt}: {{compartment: identity, label: "x"}}\n    person.sex:')
    found = [words for words in field_words(read_sources(policies)) if FORBIDDEN.search(words.lower())]
    assert found == [f"{spoilt} x"]


def test_every_declared_field_is_a_sealed_column_and_the_other_way_round(charter: Charter) -> None:
    declared = {name for each in charter.programmes.values() for name in each.fields}
    tables = Base.metadata.tables
    for name in declared:
        table, column = name.split(".")
        assert column in tables[table].columns, name
    used = {name.split(".")[0] for name in declared} - {"entry"}
    for table in used:
        sealed = {f"{table}.{each.name}" for each in tables[table].columns if each.info.get("class") == "sealed"}
        assert sealed <= declared, table


def test_domestic_violence_has_no_contact_at_all(charter: Charter) -> None:
    victims = charter.programmes["domestic_violence"]
    assert not victims.has("contact")
    assert victims.fields_of("contact") == ()
    assert victims.has("safety")
    assert charter.programmes["fragility"].has("contact")
    for action in ("compartment.keep", "compartment.read", "entry.write", "record.write", "share.give", "history.read"):
        for profession in charter.vocabulary.professions:
            assert not [c for c in charter.combinations(action, profession) if c[1] == "domestic_violence" and c[3] == "contact"]


def test_the_town_and_the_elected_have_nothing_in_domestic_violence(charter: Charter) -> None:
    for action in charter.vocabulary.actions:
        for profession in ("coordinator", "elected", "school_head"):
            assert not [c for c in charter.combinations(action, profession) if c[1] == "domestic_violence"], (action, profession)
        for profession in charter.vocabulary.professions:
            assert not [c for c in charter.combinations(action, profession) if c[:2] == ("elected", "domestic_violence")]


def test_stewards_follow_the_programme(charter: Charter) -> None:
    def stewards(programme: str) -> tuple[str, ...]:
        return charter.professions("cell.take_charge", Situation("", "steward", programme))

    assert {each: stewards(each) for each in FOUR} == {
        "fragility": ("coordinator",),
        "school": ("coordinator",),
        "release": ("coordinator",),
        "domestic_violence": ("iscg", "victim_support"),
    }


def test_somebody_who_may_not_have_a_position_is_permitted_nothing_from_it(charter: Charter) -> None:
    for situation, verdict in charter.decisions["compartment.read"].items():
        if verdict.permitted:
            assert charter.programmes[situation.programme].seats(situation.profession, situation.position), situation


def test_a_lead_who_cannot_be_a_member_is_refused(spoil: Spoil) -> None:
    policies, line = spoil("programmes.yaml", "    steward: [coordinator]", "    steward: [victim_support]")
    with pytest.raises(LawError) as refused:
        read_sources(policies)
    assert any(p.file == "programmes.yaml" and p.line == line and "victim_support" in p.sentence for p in refused.value.problems)


def test_a_partner_need_not_be_a_member(charter: Charter) -> None:
    """Charter, article 26: the service that receives sees what is handed to it, without being of the cell."""
    fragility = charter.programmes["fragility"]
    assert "victim_support" not in fragility.people["member"]
    assert fragility.seats("victim_support", "partner")
    assert not fragility.seats("victim_support", "shared")
    at = Situation("victim_support", "partner", "fragility", "open", "extract")
    assert charter.check("compartment.read", at).permitted
    assert not charter.check("compartment.read", at._replace(position="addressed")).permitted


def test_control_a_partner_is_still_of_a_listed_profession(spoil: Spoil, charter: Charter) -> None:
    """The list is what seats them: without it nobody is a partner, member or not."""
    assert not charter.programmes["release"].seats("victim_support", "partner")
    policies, _ = spoil("programmes.yaml", "fragility:\n", "fragility:\n")
    path = policies / "programmes.yaml"
    path.write_text(re.sub(r"\n    partner:\s*\[[^]]*\]", "", path.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    fragility = read_sources(policies).programmes["fragility"]
    assert "partner" not in fragility.people
    assert not any(fragility.seats(each, "partner") for each in charter.vocabulary.professions)


def test_an_unknown_profession_is_no_partner(spoil: Spoil) -> None:
    policies, line = spoil("programmes.yaml", "    partner: [coordinator", "    partner: [coordinators")
    with pytest.raises(LawError) as refused:
        read_sources(policies)
    assert any(p.file == "programmes.yaml" and p.line == line and "coordinators" in p.sentence for p in refused.value.problems)


def test_a_list_takes_its_codes_from_the_lists(spoil: Spoil, charter: Charter) -> None:
    for programme in charter.programmes.values():
        assert set(programme.motives) < set(charter.vocabulary.motives)
        assert programme.origins
        assert programme.closing_reasons
    policies, line = spoil("programmes.yaml", "  measures: [reparation", "  measures: [reparations")
    with pytest.raises(LawError) as refused:
        read_sources(policies)
    assert any(p.line == line and "reparations" in p.sentence for p in refused.value.problems)


def test_ages(charter: Charter) -> None:
    programmes = charter.programmes
    assert [programmes[each].ages for each in FOUR] == ["de 6 à 25 ans", "de 6 à 25 ans", "de 16 ans et plus", "de tout âge"]
    assert programmes["domestic_violence"].follows(71)
    assert not programmes["fragility"].follows(26)
    assert programmes["release"].retention is not None
    assert programmes["release"].retention.after_last_contact_years == 2


def test_a_programme_words_its_statuses(charter: Charter) -> None:
    assert charter.programmes["domestic_violence"].statuses["open"].label == "accompagnée"
    assert charter.programmes["fragility"].statuses == charter.vocabulary.statuses
