"""A law that cannot be loaded stops the start, and says in which file and on which line."""

from pathlib import Path

import pytest

from casework.charter import LawError, load
from casework.charter.loading import Sources, digest_of, read_sources
from casework.charter.table import Table, build, refuse_too_many
from casework.errors import ConfigurationError
from tests.charter.conftest import Spoil

READ_STEWARD = '@id("read.steward")'
FORBID = f"""@id("no") @article("a") @says("s")
forbid (principal, action == Action::"dossier.open", resource) {{}};

{READ_STEWARD}"""

MISSPELT = [
    ("charter.cedar", 'Position::"steward"', 'Position::"steward "', "Position"),
    ("charter.cedar", 'Profession::"auditor"', 'Profession::"auditeur"', "auditeur"),
    ("charter.cedar", 'Kind::"identity"', 'Kind::"identiy"', "identiy"),
    ("charter.cedar", 'Status::"received"', 'Status::"recieved"', "recieved"),
    ("charter.cedar", 'Action::"compartment.keep"', 'Action::"compartment.kept"', "compartment.kept"),
    ("vocabulary.yaml", "compartment.read: {scope: compartment", "compartment.read: {scope: compartiment", "compartiment"),
    ("vocabulary.yaml", "purpose: oversight", "purpose: oversigt", "oversigt"),
    ("vocabulary.yaml", "kinds: [identity, contact, school, judicial, safety]", "kinds: [identity, contacts, school]", "contacts"),
    ("vocabulary.yaml", "gates: [account, habilitation]", "gates: [account, habilitations]", "habilitations"),
    ("vocabulary.yaml", "[social, school", "[socials, school", "socials"),
    ("vocabulary.yaml", "  member:", "  Member:", "Member"),
    ("lists.yaml", 'label: "Décision", compartment: decisions', 'label: "Décision", compartment: decision', "decision"),
    ("lists.yaml", 'label: "Point d’appui", compartment: confidential', 'label: "Point d’appui", compartment: sealed', "sealed"),
    ("programmes.yaml", "person.sex: {compartment: identity", "person.sex: {compartment: identités", "identités"),
    ("programmes.yaml", "person.sex: {compartment: identity, ", "person.sex: {", "compartment"),
    ("programmes.yaml", "person.sex: {compartment: identity, label", "person.sex: {compartment: any, label", "any"),
    ("programmes.yaml", 'person.sex: {compartment: identity, label: "Sexe"}', "person.sex: {compartment: identity}", "label"),
    ("programmes.yaml", "impact_assessment: 2026-01-15", "impact_assessment: 2026-15-01", "date"),
    ("programmes.yaml", "active_after_close_days: 90", "active_after_close_days: ninety", "ninety"),
    ("charter.yaml", "  archived:", "  archive:", "archive"),
    ("charter.yaml", "text: charter.md", "text: chart.md", "chart.md"),
    ("charter.yaml", "text: charter.md", "text: ../charter.md", "this folder"),
    ("vocabulary.yaml", "{coordonnatrice|coordonnateur|", "{coordonnatrice|", "three forms"),
]


def test_the_untouched_copy_loads(policies: Path) -> None:
    assert load(policies).text_version == "2026-4"


@pytest.mark.parametrize(("file", "old", "new", "named"), MISSPELT, ids=[f"{file}:{new[:30]}" for file, _, new, _ in MISSPELT])
def test_a_misspelt_word_is_refused_with_its_line(spoil: Spoil, file: str, old: str, new: str, named: str) -> None:
    policies, line = spoil(file, old, new)
    with pytest.raises(LawError) as refused:
        read_sources(policies)
    assert isinstance(refused.value, ConfigurationError)
    assert any(p.file == file and p.line == line and named in p.sentence for p in refused.value.problems), refused.value


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('@id("read.steward")\n', "", "@id is missing"),
        ('@says("Ce sont vos propres notes.")\n', "", "@says is missing"),
        ('@article("Charte, art. 14 et 15")\n', '@articles("Charte, art. 14 et 15")\n', "@articles is not known"),
        ('@id("read.steward")', '@id("deny.default")', "cannot be a rule's id"),
        ('@id("read.lead")', '@id("read.steward")', "already that of the rule"),
        (
            'permit (principal, action == Action::"compartment.keep"',
            'permitt (principal, action == Action::"compartment.keep"',
            "cannot read",
        ),
        (
            'permit (principal, action == Action::"compartment.keep"',
            'permit (principal == ?principal, action == Action::"compartment.keep"',
            "slot",
        ),
        ("{tenue|tenu|tenu·e}", "{tenue|tenu}", "three forms"),
    ],
)
def test_a_rule_without_its_reason_is_refused(spoil: Spoil, old: str, new: str, sentence: str) -> None:
    policies, line = spoil("charter.cedar", old, new)
    with pytest.raises(LawError) as refused:
        read_sources(policies)
    (problem,) = [p for p in refused.value.problems if sentence in p.sentence]
    assert problem.file == "charter.cedar"
    assert line - 4 <= problem.line <= line, "the line is that of the rule"


@pytest.mark.parametrize(
    "condition",
    [
        'when { context.position == Position::"lead" }',
        'when { [Position::"lead"].contains(context.position) }',
        "unless { context has position }",
        'when { !(context == {"position": context.position, "programme": context.programme, "status": context.status}) }',
        "when { context.position is Position }",
    ],
)
def test_a_forbid_names_no_position(spoil: Spoil, condition: str) -> None:
    rule = FORBID.format(condition)
    policies, line = spoil("charter.cedar", READ_STEWARD, rule)
    with pytest.raises(LawError) as refused:
        read_sources(policies)
    assert any(p.line == line and "may not name a position" in p.sentence for p in refused.value.problems)


def test_a_forbid_may_name_everything_else(spoil: Spoil) -> None:
    condition = 'when { context.status == Status::"closed" && context.programme == Programme::"fragility" }'
    rule = FORBID.format(condition)
    policies, _ = spoil("charter.cedar", READ_STEWARD, rule)
    assert any(rule.id == "no" for rule in read_sources(policies).law.rules)


@pytest.mark.parametrize(
    "file", ["charter.yaml", "vocabulary.yaml", "lists.yaml", "programmes.yaml", "meetings.yaml", "support.yaml", "charter.cedar"]
)
def test_a_missing_file_is_named(policies: Path, file: str) -> None:
    (policies / file).unlink()
    with pytest.raises(LawError) as refused:
        read_sources(policies)
    assert any(p.file == file and "cannot be read" in p.sentence for p in refused.value.problems)


def test_a_broken_yaml_is_refused_at_its_line(spoil: Spoil) -> None:
    policies, line = spoil("lists.yaml", "  school: ", "\tschool: ")
    with pytest.raises(LawError) as refused:
        read_sources(policies)
    assert any(p.file == "lists.yaml" and p.line == line and "YAML" in p.sentence for p in refused.value.problems)


@pytest.mark.parametrize(("file", "name"), [("vocabulary.yaml", "statuses"), ("lists.yaml", "motives"), ("programmes.yaml", "fragility")])
def test_an_empty_list_or_a_wrong_shape_is_refused(policies: Path, file: str, name: str) -> None:
    path = policies / file
    for value in ("{}", "[]", "word", '""'):
        text = path.read_text(encoding="utf-8").replace(f"{name}:\n", f"{name}: {value}\nrest:\n")
        (policies / file).write_text(text, encoding="utf-8")
        with pytest.raises(LawError) as refused:
            read_sources(policies)
        assert any(p.file == file and p.line > 0 for p in refused.value.problems)


def test_a_key_given_twice_is_refused(spoil: Spoil) -> None:
    policies, line = spoil("lists.yaml", "  f: ", '  m: "x"\n  f: ')
    with pytest.raises(LawError) as refused:
        read_sources(policies)
    assert any(p.file == "lists.yaml" and "twice" in p.sentence and p.line > line for p in refused.value.problems)


def test_every_problem_is_told_at_once(spoil: Spoil) -> None:
    spoil("lists.yaml", "compartment: decisions", "compartment: nowhere")
    policies, _ = spoil("programmes.yaml", "compartment: identity", "compartment: nowhere")
    with pytest.raises(LawError) as refused:
        read_sources(policies)
    assert {p.file for p in refused.value.problems} == {"lists.yaml", "programmes.yaml"}


def test_too_wide_a_law_names_its_widest_factor(spoil: Spoil) -> None:
    many = "\n".join(f'  trade_{n}: "Métier {n}"' for n in range(400))
    policies, _ = spoil("vocabulary.yaml", "professions:\n", f"professions:\n{many}\n")
    with pytest.raises(LawError) as refused:
        load(policies)
    (problem,) = refused.value.problems
    assert "500,000 at most; the widest factor is professions (424)" in problem.sentence


def test_the_limit_is_a_limit_on_rows(sources: Sources, table: Table) -> None:
    rows = sum(len(found) for found in table.rows.values())
    refuse_too_many(sources.vocabulary, sources.programmes, limit=rows)
    with pytest.raises(LawError):
        refuse_too_many(sources.vocabulary, sources.programmes, limit=rows - 1)


def test_batches_change_nothing(sources: Sources, table: Table) -> None:
    assert build(sources.law, sources.vocabulary, sources.programmes, batch=997) == table


def test_the_version_follows_every_byte_of_the_law(policies: Path) -> None:
    before = digest_of(policies)
    (policies / ".charter.cedar.swp").write_bytes(b"an editor's leftovers")
    assert digest_of(policies) == before
    (policies / "charter.md").write_bytes((policies / "charter.md").read_bytes() + b"\n")
    assert digest_of(policies) != before
