"""Loads policies/ into a Charter, or refuses with every problem's file and line. Deny is the default; there is no partial law."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from casework.charter import cache as table_cache
from casework.charter.charter import Charter
from casework.charter.documents import Entry, read_document
from casework.charter.gates import Gates
from casework.charter.law import Law, read_law
from casework.charter.meetings import MeetingRules, read_meetings
from casework.charter.problems import LawError, Problem, refuse
from casework.charter.programmes import Programme, read_programmes
from casework.charter.situation import DENY_DEFAULT, Verdict
from casework.charter.support import SupportRules, read_support
from casework.charter.table import Rows, build, factors, refuse_too_many, size
from casework.charter.verdicts import Verdicts
from casework.charter.vocabulary import GATES, Vocabulary, read_vocabulary

CHARTER_FILE = "charter.yaml"
_LAW_SUFFIXES = frozenset({".cedar", ".md", ".yaml"})


@dataclass(frozen=True, slots=True)
class Masthead:
    """charter.yaml: the version and text to sign, and the sentences of the refusals that no rule makes."""

    text_version: str
    text: str
    default: Verdict
    gates: Mapping[str, Verdict]


@dataclass(frozen=True, slots=True)
class Sources:
    """All of policies/, read and free of problems, before it is evaluated."""

    digest: str
    masthead: Masthead
    vocabulary: Vocabulary
    programmes: Mapping[str, Programme]
    meetings: MeetingRules
    support: SupportRules
    law: Law


def load(policies: Path, cache: Path | None = None) -> Charter:
    """The charter of the folder `policies`; its decision table is kept in `cache` (made if absent) when given.

    Raises LawError (a ConfigurationError) with all problems when the law cannot be loaded as a whole.
    """
    sources = read_sources(policies)
    return assemble(sources, _rows(sources, cache))


def read_sources(policies: Path) -> Sources:
    """Everything the law is made of. Raises LawError naming every problem found."""
    problems: list[Problem] = []
    masthead = _masthead(policies, problems)
    vocabulary = read_vocabulary(policies, problems)
    programmes = read_programmes(policies, vocabulary, problems)
    meetings = read_meetings(policies, programmes, problems)
    support = read_support(policies, vocabulary.measures, problems)
    # the schema is made of these words: with a wrong one, every rule that uses it would be reported too
    refuse(problems)
    refuse_too_many(vocabulary, programmes)
    law = read_law(policies, vocabulary, programmes, problems)
    refuse(problems)
    if law is None:
        raise LawError("the charter's rules could not be read")
    return Sources(digest_of(policies), masthead, vocabulary, programmes, meetings, support, law)


def assemble(sources: Sources, rows: Rows) -> Charter:
    """The charter of these sources with their decision table."""
    verdicts = [sources.masthead.default]
    verdicts += [Verdict(rule.permits, rule.id, rule.says, rule.article) for rule in sources.law.rules]
    decisions = {
        code: Verdicts(tuple(factors(action, sources.vocabulary, sources.programmes).values()), rows[code], verdicts)
        for code, action in sources.vocabulary.actions.items()
    }
    masthead = sources.masthead
    return Charter(
        version=f"{masthead.text_version}+{sources.digest[:8]}",
        text_version=masthead.text_version,
        text=masthead.text,
        vocabulary=sources.vocabulary,
        programmes=sources.programmes,
        meetings=sources.meetings,
        support=sources.support,
        rules=sources.law.rules,
        gates=Gates(masthead.text_version, masthead.gates),
        decisions=MappingProxyType(decisions),
        default=masthead.default,
    )


def digest_of(policies: Path) -> str:
    """SHA-256 (hex) over the names and bytes of every .cedar, .md and .yaml file of the folder, hidden ones left out."""
    found = hashlib.sha256()
    for path in sorted(policies.rglob("*")):
        name = path.relative_to(policies).as_posix()
        if path.suffix in _LAW_SUFFIXES and path.is_file() and not path.name.startswith("."):
            content = path.read_bytes()
            found.update(f"{len(name.encode())}:{name}:{len(content)}:".encode() + content)
    return found.hexdigest()


def _rows(sources: Sources, folder: Path | None) -> Rows:
    if folder is None:
        return build(sources.law, sources.vocabulary, sources.programmes).rows
    sizes = {code: size(action, sources.vocabulary, sources.programmes) for code, action in sources.vocabulary.actions.items()}
    known = table_cache.recall(folder, sources.digest, sizes, len(sources.law.rules))
    if known is not None:
        return known
    rows = build(sources.law, sources.vocabulary, sources.programmes).rows
    table_cache.remember(folder, sources.digest, rows)
    return rows


def _masthead(policies: Path, problems: list[Problem]) -> Masthead:
    values = read_document(policies, CHARTER_FILE, problems).record("version text default gates")
    gates = values["gates"].record(" ".join(sorted(GATES)))
    return Masthead(
        text_version=values["version"].text(),
        text=_text(policies, values["text"]),
        default=_refusal(DENY_DEFAULT, values["default"]),
        gates=MappingProxyType({name: _refusal(f"gate.{name}", entry) for name, entry in gates.items()}),
    )


def _refusal(rule: str, entry: Entry) -> Verdict:
    values = entry.record("says article")
    return Verdict(False, rule, values["says"].label(), values["article"].text())


def _text(policies: Path, entry: Entry) -> str:
    name = entry.text()
    if not name:
        return ""
    if Path(name).name != name:
        entry.fault("the text to sign is a file of this folder")
        return ""
    try:
        return (policies / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        entry.fault(f"the text to sign, {name}, cannot be read ({type(error).__name__})")
        return ""
