"""A programme that lacks its controller, legal basis, impact assessment or retention takes neither a cell nor a saisine."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from casework import services
from casework.errors import InvalidInput
from casework.services.actor import Actor
from casework.services.drafts import ChildDraft, ReferralDraft
from casework.services.membership.cells import NewCell
from tests.house import END, House


def without_assessment(actor: Actor) -> Actor:
    """The same person, where the impact assessment of the programme is not on record."""
    law = actor.instance.charter
    fragility = replace(law.programmes["fragility"], impact_assessment=None)
    spoilt = replace(law, programmes=MappingProxyType({**law.programmes, "fragility": fragility}))
    return replace(actor, instance=replace(actor.instance, charter=spoilt))


def new_cell() -> NewCell:
    return NewCell("close", "Cellule close", "fragility", "Valmorel-sur-Orle", ("stella",), "acte 9", END)


def saisine(house: House) -> ReferralDraft:
    child = ChildDraft("Théodule", "Quibérac", "m", date(2012, 4, 5), "Valmorel-sur-Orle")
    return ReferralDraft(
        cell=house.cells["nord"], children=(child,), origin="school", motives=("absenteeism",), facts="Absent depuis janvier.",
        informed=True, submission="c" * 32,
    )  # fmt: skip


def test_no_cell_is_founded_in_a_programme_that_is_not_open(house: House) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.cells.found(without_assessment(house.oscar), new_cell())
    assert refused.value.problems["programme"].endswith("n’est pas ouvert : il manque la date de l’analyse d’impact.")


def test_no_saisine_is_sent_in_a_programme_that_is_not_open(house: House) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.referrals.send(without_assessment(house.hugo), saisine(house))
    assert "il manque la date de l’analyse d’impact" in refused.value.problems["cell"]


def test_control_both_are_taken_when_everything_is_on_record(house: House) -> None:
    assert services.cells.found(house.oscar, new_cell())
    assert services.referrals.send(house.hugo, saisine(house)).number
