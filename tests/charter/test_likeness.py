"""Words that a rule does not tell apart: asking Cedar for one of them is asking for all."""

import json
import random

import cedarpy

from casework.charter.likeness import alike, shape_of
from casework.charter.loading import Sources
from casework.charter.statements import statements
from casework.charter.table import Table, _request, situations
from casework.resources import resource_dir

RULE = """permit (principal == Profession::"a", action in [Action::"x", Action::"y"], resource)
when { [Position::"p", Position::"q"].contains(context.position) } unless { context.position == Position::"q" };"""


def policy(text: str) -> dict[str, object]:
    """One rule as Cedar reads it."""
    found: dict[str, dict[str, object]] = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
    return next(iter(found.values()))


def test_words_written_in_the_same_places_are_alike() -> None:
    shape = shape_of(policy(RULE))
    assert alike(shape, "Position", ("p", "q", "r", "s")) == [("p",), ("q",), ("r", "s")]
    assert alike(shape, "Profession", ("a", "b", "c")) == [("a",), ("b", "c")]
    assert alike(shape, "Kind", ("p", "q")) == [("p", "q")]


def test_a_rule_speaks_of_its_actions_only() -> None:
    shape = shape_of(policy(RULE))
    assert [shape.speaks_of(action) for action in ("x", "y", "z")] == [True, True, False]
    assert shape_of(policy("forbid (principal, action, resource);")).speaks_of("anything")


def test_the_table_is_what_cedar_says_of_all_rules_together(sources: Sources, table: Table) -> None:
    """A sample of every action, asked of the whole law at once, without groups of words."""
    law = cedarpy.PolicySet.from_str((resource_dir("policies") / "charter.cedar").read_text(encoding="utf-8"))
    numbers = {rule.id: number for number, rule in enumerate(sources.law.rules, start=1)}
    drawn = random.Random(20261122)  # noqa: S311  # a sample, not a secret
    for action in sources.vocabulary.actions.values():
        every = list(zip(situations(action, sources.vocabulary, sources.programmes), table.rows[action.code], strict=True))
        sample = drawn.sample(every, min(len(every), 60)) + [each for each in every if each[1]][:40]
        results = cedarpy.is_authorized_batch([_request(action, each) for each, _ in sample], law, [], schema=sources.law.schema)
        for (situation, number), result in zip(sample, results, strict=True):
            named = min((numbers[name] for name in result.diagnostics.id_annotations_by_reason.values()), default=0)
            programme = sources.programmes.get(situation.programme)
            seated = programme is None or programme.seats(situation.profession, situation.position)
            forbidden = named and not sources.law.rules[named - 1].permits
            assert number == (named if seated or forbidden else 0), (action.code, situation)


def test_every_rule_is_one_statement(sources: Sources) -> None:
    text = (resource_dir("policies") / "charter.cedar").read_text(encoding="utf-8")
    assert len(statements(text)) == len(sources.law.rules) == len(sources.law.parsed) == len(sources.law.shapes)
