"""Reads the rules of charter.cedar under the schema that the vocabulary generates, and refuses what a lawyer could not follow."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cedarpy

from casework.charter.documents import CODE
from casework.charter.likeness import Shape, shape_of
from casework.charter.problems import Problem
from casework.charter.statements import Statement, statements
from casework.charter.vocabulary import Action, Vocabulary
from casework.wording import Wording, agreement_fault

LAW_FILE = "charter.cedar"
CONTEXT_OF = {
    "instance": (),
    "cell": ("position", "programme"),
    "dossier": ("position", "programme", "status"),
    "compartment": ("position", "programme", "status"),
}
_ANNOTATIONS = frozenset({"id", "article", "says"})
_RESERVED = ("deny.", "gate.")
_QUOTED = re.compile(r'\w+::"[^"]*"')
_PREFIX = re.compile(r"^for policy `policy\d+`[:,]? *")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the charter: its stable id, its French sentence, its article, its line in charter.cedar."""

    id: str
    permits: bool
    says: str
    article: str
    line: int


@dataclass(frozen=True, slots=True)
class Law:
    """The rules in the order of the file, with what each of them writes (shapes) and its text parsed for Cedar (parsed)."""

    rules: tuple[Rule, ...]
    shapes: tuple[Shape, ...]
    parsed: tuple[cedarpy.PolicySet, ...]
    schema: cedarpy.Schema


def schema_text(vocabulary: Vocabulary, programmes: Iterable[str]) -> str:
    """The Cedar schema of the vocabulary: every word is a member of an enum entity, so that a misspelt one is refused."""
    enums = {
        "Profession": vocabulary.professions,
        "Position": vocabulary.positions,
        "Programme": programmes,
        "Status": vocabulary.statuses,
        "Kind": vocabulary.kinds,
        "Instance": ("instance",),
        "Cell": ("cell",),
        "Dossier": ("dossier",),
    }
    lines = [f"entity {name} enum [{', '.join(json.dumps(word) for word in words)}];" for name, words in enums.items()]
    return "\n".join(lines + [_action_line(action) for action in vocabulary.actions.values()])


def _action_line(action: Action) -> str:
    resource = "Kind" if action.scope == "compartment" else action.scope.capitalize()
    context = ", ".join(f"{name}: {name.capitalize()}" for name in CONTEXT_OF[action.scope])
    return f"action {json.dumps(action.code)} appliesTo {{ principal: [Profession], resource: [{resource}], context: {{{context}}} }};"


def read_law(policies: Path, vocabulary: Vocabulary, programmes: Iterable[str], problems: list[Problem]) -> Law | None:
    """The law of the folder; None when something is wrong, and then `problems` says what and where."""
    try:
        source = (policies / LAW_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(LAW_FILE, 1, f"the file cannot be read ({type(error).__name__})"))
        return None
    schema = cedarpy.Schema.from_str(schema_text(vocabulary, programmes))
    before = len(problems)
    written = statements(source)
    # rule by rule takes twice as long, and is needed only to tell the line of what is wrong
    judge = None if cedarpy.validate_policies(source, schema).validation_passed else schema
    read = [found for statement in written if (found := _rule(statement, judge, problems)) is not None]
    rules, shapes = tuple(rule for rule, _ in read), tuple(shape for _, shape in read)
    _refuse_twins(rules, problems)
    if len(problems) > before:
        return None
    return Law(rules, shapes, tuple(cedarpy.PolicySet.from_str(statement.text) for statement in written), schema)


def _rule(statement: Statement, judge: cedarpy.Schema | None, problems: list[Problem]) -> tuple[Rule, Shape] | None:
    """One rule. judge: the schema that its words are held against; None where they are known to be valid."""
    try:
        parsed = json.loads(cedarpy.policies_to_json_str(statement.text))
    except ValueError as error:
        problems.append(Problem(LAW_FILE, statement.line, f"Cedar cannot read this rule: {error}"))
        return None
    if parsed["templates"]:
        problems.append(Problem(LAW_FILE, statement.line, "a rule names no slot (?principal, ?resource)"))
        return None
    (policy,) = parsed["staticPolicies"].values()
    problems.extend(_invalid_words(statement, judge) if judge else [])
    problems.extend(Problem(LAW_FILE, statement.line, sentence) for sentence in _faults(policy))
    notes = {name: str(policy.get("annotations", {}).get(name) or "") for name in _ANNOTATIONS}
    says = Wording(notes["says"])
    return Rule(notes["id"], policy["effect"] == "permit", says, notes["article"], statement.line), shape_of(policy)


def _invalid_words(statement: Statement, schema: cedarpy.Schema) -> list[Problem]:
    found = []
    for error in cedarpy.validate_policies(statement.text, schema).errors:
        sentence = _PREFIX.sub("", str(error.error))
        word = _QUOTED.search(sentence)
        line = statement.line_of(word[0]) if word else statement.line
        found.append(Problem(LAW_FILE, line, " ".join(sentence.split())))
    return found


def _faults(policy: dict[str, Any]) -> list[str]:
    notes = {name: str(text or "").strip() for name, text in policy.get("annotations", {}).items()}
    found = [f"@{name} is missing" for name in sorted(_ANNOTATIONS) if not notes.get(name)]
    found += [f"@{name} is not known; known are @article, @id and @says" for name in sorted(notes.keys() - _ANNOTATIONS)]
    identifier = notes.get("id", "")
    if identifier and (not CODE.match(identifier) or identifier.startswith(_RESERVED)):
        found.append(f"'{identifier}' cannot be a rule's id: small letters, digits, _ and ., not starting with deny. or gate.")
    if fault := agreement_fault(notes.get("says", "")):
        found.append(f"@says: {fault}")
    if policy["effect"] == "forbid" and _looks_at_position(policy["conditions"]):
        found.append('a forbid may not name a position: positions join as "one permits"; write the permit more narrowly')
    return found


def _looks_at_position(expression: Any) -> bool:
    """True when a condition reads context.position, names a Position, or uses the context as a whole."""
    if isinstance(expression, list):
        return any(_looks_at_position(part) for part in expression)
    if not isinstance(expression, dict):
        return False
    access = expression.get(".")
    if access and access["left"] == {"Var": "context"}:
        return bool(access["attr"] == "position")
    if expression.get("Var") == "context" or expression.get("type") == "Position" or expression.get("entity_type") == "Position":
        return True
    return any(_looks_at_position(part) for part in expression.values())


def _refuse_twins(rules: Iterable[Rule], problems: list[Problem]) -> None:
    seen: dict[str, int] = {}
    for rule in rules:
        if rule.id and rule.id in seen:
            problems.append(Problem(LAW_FILE, rule.line, f"the id '{rule.id}' is already that of the rule on line {seen[rule.id]}"))
        seen.setdefault(rule.id, rule.line)
