"""Sending a saisine."""

from datetime import date
from typing import Any

import pytest

from casework.errors import InvalidInput
from casework.services.drafts import ReferralDraft
from tests.web.conftest import Browser, SignedIn, words
from tests.web.standin import Town

PATH = "/saisines/nouvelle"
TYPED: dict[str, Any] = {
    "cell": "c1",
    "last_name": "Brindavoine-Achouri",
    "first_name": "Lorenzo",
    "sex": "m",
    "birth_date": "17/04/2011",
    "commune": "Valmorel-sur-Orle",
    "origin": "school",
    "motives": ["absenteeism", "isolation"],
    "facts": "Absent trois semaines.",
    "informed": "y",
}


@pytest.fixture
def paul(signed_in: SignedIn) -> Browser:
    """A school head before the form."""
    browser = signed_in("paul")
    browser.get(PATH)
    return browser


def test_a_saisine_is_sent_and_acknowledged(paul: Browser, town: Town) -> None:
    """The receipt has number, cell and time, and no word of the person; neither has an address or a cookie."""
    answer = paul.submit(PATH, **TYPED)
    assert answer.status_code == 201
    draft = town.asked[-1]
    assert isinstance(draft, ReferralDraft)
    assert (draft.birth_date, draft.motives, draft.informed) == (date(2011, 4, 17), ("absenteeism", "isolation"), True)
    text = words(answer)
    assert "2026-0087" in text
    assert "Cellule Orle-Nord" in text
    assert "Brindavoine" not in text
    with paul.client.session_transaction() as cookie:
        assert set(cookie) == {"csrf_token"}


def test_a_saisine_may_come_before_informing(paul: Browser, town: Town) -> None:
    """An empty box is an answer."""
    paul.submit(PATH, **{key: value for key, value in TYPED.items() if key != "informed"})
    assert town.asked[-1].informed is False


def test_sending_the_same_form_twice_hands_over_the_same_id(paul: Browser, town: Town) -> None:
    """A reload of the receipt asks for the same receipt."""
    form = dict(paul.hidden or {})
    for _ in range(2):
        paul.post(PATH, {**form, **TYPED})
    first, second = (draft.submission for draft in town.asked[-2:])
    assert first == second


def test_every_missing_answer_is_named(paul: Browser, town: Town) -> None:
    """In the order of the form."""
    answer = paul.submit(PATH)
    assert answer.status_code == 422
    places = ["cell-0", "last_name", "first_name", "sex-0", "birth_date", "commune", "origin", "motives-0", "facts"]
    found = [answer.text.index(f'<a href="#{place}">') for place in places]
    assert found == sorted(found)
    for place in places:
        assert f'id="{place}"' in answer.text
    assert "9 points à corriger" in words(answer)
    assert not [asked for asked in town.asked if isinstance(asked, ReferralDraft)]


def test_what_was_typed_is_kept(paul: Browser, town: Town) -> None:
    """Every kind of control, when the service refuses."""
    town.fail["send"] = InvalidInput({"facts": "Ce texte compte 512 caractères : 500 au plus."})
    page = paul.submit(PATH, **TYPED).text
    for kept in ('value="Lorenzo"', 'value="c1" checked', 'value="m" checked', 'selected value="school"', 'value="absenteeism" checked',
                 'value="isolation" checked', 'value="y" checked', "Absent trois semaines.</textarea>", 'value="17/04/2011"'):  # fmt: skip
        assert kept in page.replace("\n", "").replace(" required", "").replace("  ", "")
    assert 'value="dropout" checked' not in page
    assert "512 caractères" in page


def test_the_page_says_what_it_is_not(paul: Browser) -> None:
    """No emergency channel, no substitute for a report."""
    text = words(paul.get(PATH))
    assert "appelez le 119" in text
    assert "ne remplace ni une information préoccupante, ni un signalement" in text
    assert "Ceci n’est pas un canal d’urgence." in text
