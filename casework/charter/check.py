"""Everything that is wrong with a policies folder, for the command line and the tests."""

from pathlib import Path

from casework.charter.decisions import disagreements, read_decisions, untested
from casework.charter.law import LAW_FILE
from casework.charter.loading import assemble, read_sources
from casework.charter.problems import LawError, Problem
from casework.charter.table import build


def examine(policies: Path) -> tuple[list[Problem], str]:
    """All problems of the folder with their file and line (empty when it is sound), and a one-line summary.

    The law is evaluated afresh: no cache is believed here.
    """
    try:
        sources = read_sources(policies)
        table = build(sources.law, sources.vocabulary, sources.programmes)
    except LawError as error:
        return error.problems, ""
    charter = assemble(sources, table.rows)
    problems = [
        Problem(LAW_FILE, rule.line, f"the rule '{rule.id}' never decides anything")
        for number, rule in enumerate(sources.law.rules, start=1)
        if number not in table.matched
    ]
    decisions = read_decisions(policies, charter, problems)
    problems += disagreements(decisions, charter) + untested(decisions, charter)
    count = sum(len(rows) for rows in table.rows.values())
    summary = f"charter {charter.version}: {len(charter.rules)} rules, {count:,} situations, {len(decisions)} decisions, no problem"
    return sorted(set(problems)), summary
