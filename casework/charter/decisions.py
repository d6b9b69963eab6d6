"""The law's own test: what the hand-written decisions.yaml expects, compared with what the charter decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from casework.charter.charter import Charter
from casework.charter.documents import Entry, read_document
from casework.charter.problems import Problem
from casework.charter.situation import DENY_DEFAULT, NONE, Situation, Verdict

DECISIONS_FILE = "decisions.yaml"
_OPTIONAL = "position programme status kind"


@dataclass(frozen=True, slots=True)
class Decision:
    """One expected verdict, with the source it was written from and its line in decisions.yaml."""

    line: int
    action: str
    situation: Situation
    permitted: bool
    rule: str
    source: str


def read_decisions(policies: Path, charter: Charter, problems: list[Problem]) -> list[Decision]:
    """The expectations of the folder; a row with an unknown word is a problem and left out."""
    found = []
    for entry in read_document(policies, DECISIONS_FILE, problems).sequence():
        before = len(problems)
        decision = _decision(entry, charter)
        if len(problems) == before:
            found.append(decision)
    return found


def disagreements(decisions: Iterable[Decision], charter: Charter) -> list[Problem]:
    """One problem for each row whose verdict or rule differs from the charter's."""
    verdicts = ((decision, charter.check(decision.action, decision.situation)) for decision in decisions)
    return [
        Problem(DECISIONS_FILE, decision.line, f"{decision.action} is {_told(verdict)}; this row expects {_expected(decision)}")
        for decision, verdict in verdicts
        if (verdict.permitted, verdict.rule) != (decision.permitted, decision.rule)
    ]


def untested(decisions: Iterable[Decision], charter: Charter) -> list[Problem]:
    """One problem for each action without a row, and for each rule that no row expects."""
    rows = list(decisions)
    actions, rules = {row.action for row in rows}, {row.rule for row in rows}
    silent = [f"the action '{code}' has no row" for code in charter.vocabulary.actions if code not in actions]
    silent += [f"the rule '{rule.id}' (charter.cedar:{rule.line}) has no row" for rule in charter.rules if rule.id not in rules]
    return [Problem(DECISIONS_FILE, 1, sentence) for sentence in silent]


def _decision(entry: Entry, charter: Charter) -> Decision:
    values = entry.record("action profession verdict rule source", _OPTIONAL)
    words = charter.vocabulary
    known = {
        "position": frozenset(words.positions),
        "programme": frozenset(charter.programmes),
        "status": frozenset(words.statuses),
        "kind": frozenset(words.kinds),
    }
    situation = Situation(
        values["profession"].word(frozenset(words.professions), "profession"),
        *(values[name].word(known[name], name) if name in values else NONE for name in _OPTIONAL.split()),
    )
    action = values["action"].word(frozenset(words.actions), "action")
    permitted = values["verdict"].word({"permit", "deny"}, "verdict") == "permit"
    rule = values["rule"].word({DENY_DEFAULT, *(rule.id for rule in charter.rules)}, "rule")
    _need_words(entry, action, situation, charter)
    return Decision(entry.line, action, situation, permitted, rule, values["source"].text())


def _need_words(entry: Entry, action: str, situation: Situation, charter: Charter) -> None:
    meant = charter.vocabulary.actions.get(action)
    if meant is None:
        return
    if meant.scope != "instance" and situation.programme == NONE:
        entry.fault(f"'{action}' needs a programme")
    if meant.scope in ("dossier", "compartment") and situation.status == NONE:
        entry.fault(f"'{action}' needs a status")
    if meant.scope == "compartment" and situation.kind == NONE:
        entry.fault(f"'{action}' needs a kind")


def _told(verdict: Verdict) -> str:
    return f"{'permitted' if verdict.permitted else 'denied'} by {verdict.rule}"


def _expected(decision: Decision) -> str:
    return f"{'permit' if decision.permitted else 'deny'} by {decision.rule}"
