"""The hand-written expectations of decisions.yaml, one test for each row, and what the texts may say."""

import re
from collections import Counter
from pathlib import Path

import pytest

from casework.charter import Charter, Problem, load
from casework.charter.decisions import Decision, read_decisions, untested
from casework.resources import resource_dir

POLICIES: Path = resource_dir("policies")
CHARTER: Charter = load(POLICIES)
PROBLEMS: list[Problem] = []
DECISIONS: list[Decision] = read_decisions(POLICIES, CHARTER, PROBLEMS)
PARTS = {("addressed", "extract"), ("owner", "extract")}
"""Titles by which a part is enough to enter: a share of it, an action with its words."""
FOR_EVERYBODY = {"session.sign_in", "session.sign_out", "charter.sign", "day.read", "draft.write", "danger.guide"}


def test_every_row_is_understood() -> None:
    assert PROBLEMS == []


@pytest.mark.parametrize("row", DECISIONS, ids=[f"line {row.line}: {row.action}" for row in DECISIONS])
def test_the_charter_decides_as_expected(row: Decision) -> None:
    verdict = CHARTER.check(row.action, row.situation)
    assert (verdict.permitted, verdict.rule) == (row.permitted, row.rule)


def test_every_action_and_every_rule_has_a_row() -> None:
    assert untested(DECISIONS, CHARTER) == []


def test_control_an_action_without_a_row_is_found() -> None:
    fewer = [row for row in DECISIONS if row.action != "ledger.read"]
    assert any("'ledger.read' has no row" in problem.sentence for problem in untested(fewer, CHARTER))


def test_every_action_but_those_of_everybody_is_both_permitted_and_denied() -> None:
    seen = {(row.action, row.permitted) for row in DECISIONS}
    for action in CHARTER.vocabulary.actions:
        assert (action, True) in seen, action
        assert (action, False) in seen or action in FOR_EVERYBODY, action


def test_no_row_is_written_twice() -> None:
    assert max(Counter((row.action, row.situation) for row in DECISIONS).values()) == 1


def test_who_lists_or_opens_is_who_reads_identity_or_a_part_addressed_to_them() -> None:
    """Duty reads identity inside an accès urgent only; a guest has no account: their position only limits the projected view."""
    for profession in CHARTER.vocabulary.professions:
        read = {found for found in CHARTER.combinations("compartment.read", profession) if found[0] not in {"duty", "guest"}}
        readers = {found[:3] for found in read if found[3] == "identity" or (found[0], found[3]) in PARTS}
        for action in ("dossier.list", "dossier.open"):
            assert {found[:3] for found in CHARTER.combinations(action, profession)} == readers, (action, profession)


def test_a_guest_is_only_somebody_to_be_read_before() -> None:
    """No account, no key: nothing is permitted to that position but what the projected view asks, and that as if convened."""
    for action in CHARTER.vocabulary.actions:
        for profession in CHARTER.vocabulary.professions:
            found = {each[1:] for each in CHARTER.combinations(action, profession) if each[0] == "guest"}
            convened = {each[1:] for each in CHARTER.combinations(action, profession) if each[0] == "convened"}
            assert found == (convened if action == "compartment.read" else set()), (action, profession)


def test_a_meeting_never_opens_the_closed_volets() -> None:
    """Neither contact nor safety, nor anybody's notes; and an action opens its words, identity and decisions at most."""
    for profession in CHARTER.vocabulary.professions:
        read = CHARTER.combinations("compartment.read", profession)
        assert {each[3] for each in read if each[0] == "convened"} <= {"identity", "decisions", "confidential", "school", "judicial"}
        assert {each[3] for each in read if each[0] == "owner"} <= {"extract", "identity", "decisions"}


def test_a_partner_reads_what_was_handed_over_and_nothing_else() -> None:
    """Charter, article 26: an extract and the steps of the orientation. Never a page, a list or a history."""
    for action in CHARTER.vocabulary.actions:
        for profession in CHARTER.vocabulary.professions:
            found = {each[3] for each in CHARTER.combinations(action, profession) if each[0] == "partner"}
            allowed = {"compartment.read": {"extract"}, "orientation.receive": {"none"}}.get(action, set())
            assert found <= allowed, (action, profession)


def test_what_a_person_ended_is_neither_passed_on_nor_warned_about() -> None:
    """Domain 3.21: nothing new begins in a dossier that is closed, or before it was examined."""
    for action in ("orientation.give", "release.warn"):
        for profession in CHARTER.vocabulary.professions:
            assert {found[2] for found in CHARTER.combinations(action, profession)} <= {"open"}, (action, profession)


def test_only_who_can_be_given_safety_reaches_somebody_by_a_share() -> None:
    for profession in CHARTER.vocabulary.professions:
        reads = {each[:3] for each in CHARTER.combinations("compartment.read", profession) if each[0] == "shared" and each[3] == "safety"}
        reaches = {each[:3] for each in CHARTER.combinations("contact.plan", profession) if each[0] == "shared"}
        assert reaches == reads, profession


def test_no_office_reaches_a_dossier() -> None:
    for action in CHARTER.vocabulary.actions.values():
        if action.scope != "instance":
            assert not any(CHARTER.combinations(action.code, office) for office in ("auditor", "dpo", "officer")), action.code


def test_nobody_but_their_author_reads_personal_notes() -> None:
    for action in ("compartment.read", "compartment.know", "compartment.keep", "share.give"):
        for profession in CHARTER.vocabulary.professions:
            positions = {found[0] for found in CHARTER.combinations(action, profession) if found[3] == "sealed"}
            assert positions <= {"author"}, (action, profession)


def test_nothing_is_read_or_written_in_the_archive() -> None:
    for action in CHARTER.vocabulary.actions.values():
        for profession in CHARTER.vocabulary.professions:
            statuses = {found[2] for found in CHARTER.combinations(action.code, profession)}
            assert "archived" not in statuses or action.code == "compartment.keep"


def test_every_cited_article_is_in_the_charter() -> None:
    articles = set(re.findall(r"^## Article (\d+)\.", CHARTER.text, re.MULTILINE))
    cited = [rule.article for rule in CHARTER.rules] + [CHARTER.default.article] + [v.article for v in CHARTER.gates.verdicts.values()]
    for article in cited:
        own = re.search(r"Charte, art\. ([\d et,]+)", article)
        assert own, article
        assert set(re.findall(r"\d+", own[1])) <= articles, article


def test_the_texts_speak_as_practitioners_do() -> None:
    for path in sorted(POLICIES.iterdir()):
        text = path.read_text(encoding="utf-8").lower()
        assert "secret partagé" not in text, path.name
        assert not re.search(r"\b(tu|ton|tes|toi)\b", text), path.name


def test_the_text_to_sign_says_it_is_fictional_and_whose_version_it_is() -> None:
    assert "ville fictive" in CHARTER.text
    assert f"version {CHARTER.text_version}" in CHARTER.text
    assert "Valmorel-sur-Orle" in CHARTER.text
