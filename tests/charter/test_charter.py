"""Deny is the default, a forbid wins, positions join as "one permits"."""

import re

import pytest

from casework.charter import Charter, LawError, Situation, UnknownWord, load
from casework.charter.loading import digest_of
from tests.charter.conftest import Spoil

STEWARD = Situation("coordinator", "steward", "fragility", "open", "identity")
READ_STEWARD = '@id("read.steward")'


def test_a_permit_says_why(charter: Charter) -> None:
    verdict = charter.check("compartment.read", STEWARD)
    assert (verdict.permitted, verdict.rule, verdict.article) == (True, "read.steward", "Charte, art. 3")
    assert "coordonnat" in verdict.says


def test_what_nobody_wrote_is_denied(charter: Charter) -> None:
    verdict = charter.check("compartment.read", STEWARD._replace(position="none"))
    assert (verdict.permitted, verdict.rule) == (False, "deny.default")


def test_the_version_names_text_and_policies(charter: Charter) -> None:
    assert re.fullmatch(r"2026-4\+[0-9a-f]{8}", charter.version)
    assert charter.text.startswith("# Charte")


def test_words_outside_the_scope_change_nothing(charter: Charter) -> None:
    plain = charter.check("ledger.read", Situation("auditor"))
    assert charter.check("ledger.read", Situation("auditor", "lead", "fragility", "closed", "sealed")) == plain


@pytest.mark.parametrize(
    "spoilt",
    [
        {"profession": "coordinatrice"},
        {"position": "stewart"},
        {"programme": "fragilité"},
        {"programme": "none"},
        {"status": "opened"},
        {"status": "none"},
        {"kind": "identité"},
        {"kind": "none"},
    ],
)
def test_an_unknown_word_is_an_error_and_not_an_answer(charter: Charter, spoilt: dict[str, str]) -> None:
    with pytest.raises(UnknownWord) as refused:
        charter.check("compartment.read", STEWARD._replace(**spoilt))
    assert isinstance(refused.value, LawError)
    assert isinstance(refused.value, LookupError)


def test_a_misspelt_word_is_refused_even_where_the_action_does_not_look(charter: Charter) -> None:
    with pytest.raises(UnknownWord):
        charter.check("ledger.read", Situation("auditor", status="opened"))


@pytest.mark.parametrize("action", ["dossier.peek", ""])
def test_an_unknown_action_is_an_error_everywhere(charter: Charter, action: str) -> None:
    with pytest.raises(UnknownWord):
        charter.check(action, STEWARD)
    with pytest.raises(UnknownWord):
        charter.check_any(action, [])
    with pytest.raises(UnknownWord):
        charter.combinations(action, "coordinator")


def test_one_position_that_permits_is_enough(charter: Charter) -> None:
    both = [STEWARD._replace(position="none"), STEWARD]
    assert charter.check_any("compartment.read", both).rule == "read.steward"
    assert charter.check_any("compartment.read", both[::-1]).rule == "read.steward"
    assert charter.check_any("compartment.read", both[:1]).rule == "deny.default"
    assert charter.check_any("compartment.read", []).rule == "deny.default"


def test_a_forbid_found_for_any_wins(charter: Charter) -> None:
    forbidden = STEWARD._replace(kind="social")
    assert charter.check_any("compartment.read", [STEWARD, forbidden]).rule == "social.between_social_workers"


def test_a_forbid_that_is_added_wins(spoil: Spoil, charter: Charter) -> None:
    condition = 'when { context.status == Status::"open" }'
    added = f'@id("freeze") @article("a") @says("s")\nforbid (principal, action == Action::"compartment.read", resource) {condition};\n\n'
    policies, _ = spoil("charter.cedar", READ_STEWARD, added + READ_STEWARD)
    frozen = load(policies)
    assert charter.check("compartment.read", STEWARD).permitted
    assert frozen.check("compartment.read", STEWARD).rule == "freeze"
    assert frozen.check("compartment.read", STEWARD._replace(status="closed")).permitted
    assert frozen.check("dossier.open", STEWARD).permitted
    assert frozen.version != charter.version
    assert frozen.version.endswith(digest_of(policies)[:8])


def test_a_permit_taken_away_denies(spoil: Spoil, charter: Charter) -> None:
    policies, _ = spoil("charter.cedar", f'{READ_STEWARD}\n@article("Charte, art. 3")', '@id("read.steward")\n@article("Charte, art. 99")')
    text = (policies / "charter.cedar").read_text(encoding="utf-8")
    rule = text[text.index(READ_STEWARD) : text.index('@id("know.steward")')]
    (policies / "charter.cedar").write_text(text.replace(rule, ""), encoding="utf-8")
    assert load(policies).check("compartment.read", STEWARD).rule == "deny.default"


def test_combinations_are_exactly_what_check_permits(charter: Charter) -> None:
    for action in charter.vocabulary.actions:
        permitted = {s for s in charter.decisions[action] if charter.check(action, s).permitted}
        combined = [(p, c) for p in charter.vocabulary.professions for c in charter.combinations(action, p)]
        assert {(s.profession, tuple(s)[1:]) for s in permitted} == set(combined)


def test_a_new_note_goes_to_the_most_closed_shared_compartment(charter: Charter) -> None:
    words = charter.vocabulary
    assert words.default_compartment("observation", ["decisions", "confidential", "social", "sealed"]) == "social"
    assert words.default_compartment("observation", ["decisions", "confidential", "judicial"]) == "confidential"
    assert words.default_compartment("observation", ["sealed"]) is None
    assert words.default_compartment("action_result", ["decisions", "social"]) == "decisions"


def test_every_sealed_field_has_its_compartment(charter: Charter) -> None:
    programme = charter.programmes["fragility"]
    assert programme.compartment_of("person.last_name") == "identity"
    assert programme.compartment_of("entry.body") == "any"
    assert {field.name for field in programme.fields_of("school")} == {
        "schooling.establishment",
        "schooling.level",
        "schooling.absences",
    }
