"""What people typed or decided must not be lost, nor be said to have been done when it was not."""

from dataclasses import replace
from datetime import date

import pytest

from casework import services
from casework.errors import CaseworkError
from casework.models.dossiers import Box
from casework.services.drafts import AccessQuery, ChildDraft, ReferralDraft
from tests.attacks.sql import rows
from tests.house import House


def test_another_text_under_a_used_form_is_not_silently_dropped(house: House) -> None:
    """Back in the browser, a second text, the same hidden id: it is written, or refused; never thrown away as if recorded."""
    number = house.follow("Quibérac-Retour")
    draft = house.draft(house.alice, number, "La première version.", compartment="confidential")
    first = services.entries.write(house.alice, number, draft)
    assert services.entries.write(house.alice, number, draft) == first, "control: a double click makes one note"
    try:
        services.entries.write(house.alice, number, replace(draft, body="Tout autre chose, et d’important."))
    except CaseworkError:
        return
    assert "Tout autre chose, et d’important." in {each.body for each in house.open(house.alice, number).timeline}


def test_a_note_for_another_dossier_is_not_swallowed_by_the_first(house: House) -> None:
    """The same form id for two dossiers."""
    one, two = house.follow("Quibérac-Un"), house.follow("Quibérac-Deux")
    draft = house.draft(house.alice, one, "Pour le premier.", compartment="confidential")
    services.entries.write(house.alice, one, draft)
    other = replace(house.draft(house.alice, two, "Pour le second.", compartment="confidential"), submission=draft.submission)
    try:
        services.entries.write(house.alice, two, other)
    except CaseworkError:
        return
    assert "Pour le second." in {each.body for each in house.open(house.alice, two).timeline}


def test_another_saisine_under_a_used_form_is_not_swallowed(house: House) -> None:
    """The same form id, another child: the receipt must not be that of the first."""
    child = ChildDraft("Théodule", "Quibérac-Aîné", "m", date(2012, 4, 5), "Valmorel-sur-Orle")
    draft = ReferralDraft(
        cell=house.cells["nord"], children=(child,), origin="school", motives=("absenteeism",), facts="Absences.", informed=True,
        submission="ab" * 16,
    )  # fmt: skip
    first = services.referrals.send(house.hugo, draft)
    assert services.referrals.send(house.hugo, draft).number == first.number, "control: a double click makes one saisine"
    try:
        cadette = replace(child, first_name="Zénobie", last_name="Quibérac-Cadette")
        second = services.referrals.send(house.hugo, replace(draft, children=(cadette,)))
    except CaseworkError:
        return
    assert second.number != first.number


def test_an_author_takes_back_the_notes_they_shared(house: House) -> None:
    """Bob, social worker on the case, shared his own N2 notes with Charlie's colleague Alice; he alone decides, so he may also end it."""
    number = house.follow("Quibérac-Repris")
    services.shares.give(house.stella, number, ["identity"], "bob", until=None)
    house.note(house.bob, number, "Entre nous.", compartment="social")
    share = services.shares.give(house.bob, number, ["social"], "alice", until=None)
    services.shares.end(house.bob, number, share)
    assert not rows(house, Box, reference=share)


def test_a_share_can_be_ended_after_the_dossier_was_closed(house: House) -> None:
    """Shares still read in a closed dossier; whoever gave must still be able to end them."""
    number = house.follow("Quibérac-Clos")
    share = services.shares.give(house.stella, number, ["identity"], "paula", until=None)
    services.lifecycle.close(house.stella, number, next(iter(house.instance.charter.vocabulary.closing_reasons)))
    assert house.open(house.paula, number).person, "control: she still reads"
    services.shares.end(house.stella, number, share)
    assert not rows(house, Box, reference=share)


@pytest.mark.parametrize("days", [{"until": date.max}, {"since": date.min}])
def test_the_journal_takes_any_day(house: House, days: dict[str, date]) -> None:
    """A calendar field takes the year 9999; the answer is a page."""
    assert services.accesses.read(house.ada, AccessQuery(**days)).page == 1  # type: ignore[arg-type]  # the table above
