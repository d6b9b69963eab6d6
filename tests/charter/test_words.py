"""French texts agree with the person they speak to."""

import pytest

from casework.charter import agree
from casework.charter.statements import statements
from casework.charter.words import agreement_fault

TEXT = "Vous êtes {la référente|le référent|référent·e} de parcours, {seule|seul|seul·e}."


@pytest.mark.parametrize(
    ("gender", "read"),
    [
        ("f", "Vous êtes la référente de parcours, seule."),
        ("m", "Vous êtes le référent de parcours, seul."),
        ("n", "Vous êtes référent·e de parcours, seul·e."),
    ],
)
def test_a_text_agrees(gender: str, read: str) -> None:
    assert agree(TEXT, gender) == read


def test_a_text_without_forms_stays(charter: object) -> None:
    assert agree("Ce compte est fermé.", "f") == "Ce compte est fermé."


@pytest.mark.parametrize("gender", ["", "x", "F"])
def test_another_gender_is_an_error(gender: str) -> None:
    with pytest.raises(ValueError, match="'f', 'm' or 'n'"):
        agree(TEXT, gender)


@pytest.mark.parametrize("text", ["{a|b}", "{a|b|c|d}", "{a|b|c", "a}", "{{a|b|c}}", "{}"])
def test_malformed_forms_are_found(text: str) -> None:
    assert agreement_fault(text)


def test_well_formed_forms_are_not(charter: object) -> None:
    assert agreement_fault(TEXT) is None
    assert agreement_fault("{|·|x}") is None


def test_rules_are_cut_at_their_semicolons_only() -> None:
    source = '// a; comment\n@says("one; \\"two\\" // three")\npermit (a);\n\n  forbid (b); permit'
    found = statements(source)
    assert [(statement.line, statement.text.split("(")[0].strip()[:6]) for statement in found] == [
        (2, "@says"),
        (5, "forbid"),
        (5, "permit"),
    ]
    assert found[0].line_of("permit") == 3
    assert found[0].line_of("absent") == 2
