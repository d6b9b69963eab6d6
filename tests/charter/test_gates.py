"""Gates come first and are facts: account, habilitation, signature, archive."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from casework.charter import Charter, Standing

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
GOOD = Standing(active=True, starts=NOW - DAY, ends=NOW + DAY, signed="2026-4")


def rule(charter: Charter, action: str, standing: Standing) -> str | None:
    refusal = charter.gate(action, standing, NOW)
    assert refusal is None or not refusal.permitted
    return None if refusal is None else refusal.rule


def test_who_is_in_order_passes_every_gate(charter: Charter) -> None:
    assert {rule(charter, action, GOOD) for action in charter.vocabulary.actions} == {None}


@pytest.mark.parametrize(
    ("standing", "refused"),
    [
        (replace(GOOD, active=False), "gate.account"),
        (replace(GOOD, starts=NOW + DAY), "gate.habilitation"),
        (replace(GOOD, ends=NOW), "gate.habilitation"),
        (replace(GOOD, ends=None), "gate.habilitation"),
        (replace(GOOD, starts=None), "gate.habilitation"),
        (replace(GOOD, signed=None), "gate.signature"),
        (replace(GOOD, signed="2025-1"), "gate.signature"),
        (replace(GOOD, archived=True), "gate.archived"),
        (Standing(active=False, archived=True), "gate.account"),
    ],
)
def test_one_fact_shuts_the_dossier(charter: Charter, standing: Standing, refused: str) -> None:
    assert rule(charter, "dossier.open", standing) == refused


def test_a_habilitation_begins_on_its_first_instant(charter: Charter) -> None:
    assert rule(charter, "dossier.open", replace(GOOD, starts=NOW)) is None


def test_each_action_has_the_gates_of_its_scope(charter: Charter) -> None:
    unsigned, archived = replace(GOOD, signed=None), replace(GOOD, archived=True)
    assert rule(charter, "ledger.read", unsigned) == "gate.signature"
    assert rule(charter, "session.sign_in", unsigned) is None
    assert rule(charter, "charter.sign", unsigned) is None
    assert rule(charter, "referral.send", unsigned) == "gate.signature"
    assert rule(charter, "cell.take_charge", unsigned) == "gate.signature"
    assert rule(charter, "compartment.keep", archived) is None
    assert rule(charter, "compartment.read", archived) == "gate.archived"


def test_one_may_always_leave(charter: Charter) -> None:
    gone = Standing(active=False)
    assert rule(charter, "session.sign_out", gone) is None
    assert rule(charter, "session.sign_in", gone) == "gate.account"


def test_every_refusal_has_its_sentence_and_article(charter: Charter) -> None:
    assert set(charter.gates.verdicts) == {"account", "habilitation", "signature", "archived", "conflict"}
    assert all(v.says and v.article and v.rule == f"gate.{name}" for name, v in charter.gates.verdicts.items())
