"""Sending a saisine."""

from datetime import date
from typing import Any

import pytest

from casework.services.drafts import ChildDraft, ReferralDraft
from tests.web.conftest import Browser, SignedIn, words
from tests.web.standin import Town

PATH = "/saisines/nouvelle"
FORM = f"{PATH}?cellule=c1"
CHILD: dict[str, str] = {
    "last_name": "Brindavoine-Achouri",
    "first_name": "Lorenzo",
    "sex": "m",
    "birth_date": "17/04/2011",
    "commune": "Valmorel-sur-Orle",
    "contact": "",
}
SHARED: dict[str, Any] = {
    "origin": "school",
    "motives": ["absenteeism", "isolation"],
    "facts": "Absent trois semaines.",
    "informed": "y",
}


def child(place: int, **changes: str) -> dict[str, str]:
    """What is typed about one child."""
    return {f"children-{place}-{name}": text for name, text in {**CHILD, **changes}.items()}


def sent(town: Town) -> list[ReferralDraft]:
    """The saisines that reached the service."""
    return [asked for asked in town.asked if isinstance(asked, ReferralDraft)]


TYPED = {**SHARED, **child(0)}


@pytest.fixture
def paul(signed_in: SignedIn) -> Browser:
    """A school head before the form."""
    browser = signed_in("paul")
    browser.get(FORM)
    return browser


def test_with_several_cells_the_cell_comes_first(paul: Browser) -> None:
    """Its lists follow; a cell that is not one's own is no choice."""
    for path in (PATH, f"{PATH}?cellule=forged"):
        text = paul.get(path).text
        assert 'name="cellule"' in text
        assert 'name="facts"' not in text
    assert "Choisir une autre cellule" in words(paul.get(FORM))


def test_a_saisine_is_sent_and_acknowledged(paul: Browser, town: Town) -> None:
    """The receipt has number, cell, programme, time and term, and no word of the person; neither has an address or a cookie."""
    answer = paul.submit(PATH, **TYPED)
    assert answer.status_code == 201
    (draft,) = sent(town)
    assert draft.children == (ChildDraft("Lorenzo", "Brindavoine-Achouri", "m", date(2011, 4, 17), "Valmorel-sur-Orle"),)
    assert (draft.cell, draft.motives, draft.informed) == ("c1", ("absenteeism", "isolation"), True)
    text = words(answer)
    for said in ("2026-0087", "Cellule Orle-Nord", "Situation de fragilité", "7 décembre 2026"):
        assert said in text.replace("\u00a0", " ")
    assert "Brindavoine" not in text
    with paul.client.session_transaction() as cookie:
        assert set(cookie) == {"csrf_token"}


def test_a_saisine_may_come_before_informing(paul: Browser, town: Town) -> None:
    """An empty box is an answer."""
    paul.submit(PATH, **{key: value for key, value in TYPED.items() if key != "informed"})
    assert sent(town)[-1].informed is False


def test_sending_the_same_form_twice_hands_over_the_same_id(paul: Browser, town: Town) -> None:
    """A reload of the receipt asks for the same receipt."""
    form = dict(paul.hidden or {})
    for _ in range(2):
        paul.post(PATH, {**form, **TYPED})
    first, second = (draft.submission for draft in sent(town)[-2:])
    assert first == second


def test_every_missing_answer_is_named(paul: Browser, town: Town) -> None:
    """In the order of the form."""
    answer = paul.submit(PATH)
    assert answer.status_code == 422
    of_child = ("last_name", "first_name", "birth_date", "commune", "sex-0")
    places = ["origin", "motives-0", "facts", *(f"children-0-{name}" for name in of_child)]
    found = [answer.text.index(f'<a href="#{place}">') for place in places]
    assert found == sorted(found)
    for place in places:
        assert f'id="{place}"' in answer.text
    assert "8 points à corriger" in words(answer)
    assert not sent(town)


def test_what_is_empty_and_what_is_wrong_are_told_in_one_round(paul: Browser, town: Town) -> None:
    """Beside the field of the child they are about; one sentence for a field."""
    town.wrong = {"facts": "Ce texte compte 512 caractères : 500 au plus.", "children-1-birth_date": "Trop jeune.", "motives": "Cochez."}
    typed = {**SHARED, **child(0), **child(1, birth_date="2024-01-01", first_name="")}
    answer = paul.submit(PATH, **{key: value for key, value in typed.items() if key != "motives"})
    assert answer.status_code == 422
    assert "4 points à corriger" in words(answer)
    for place in ("facts", "motives-0", "children-1-first_name", "children-1-birth_date"):
        assert f'<a href="#{place}">' in answer.text
    assert 'id="children-0-birth_date-error"' not in answer.text


def test_what_was_typed_is_kept(paul: Browser, town: Town) -> None:
    """Every kind of control, when the service refuses; what stands in no field heads the form."""
    town.wrong = {"children": "Une saisine concerne de une à 6 personnes."}
    page = paul.submit(PATH, **TYPED).text
    for kept in ('value="Lorenzo"', 'name="cell" value="c1"', 'value="m" checked', 'selected value="school"', 'value="absenteeism" checked',
                 'value="isolation" checked', 'value="y" checked', "Absent trois semaines.</textarea>", 'value="17/04/2011"'):  # fmt: skip
        assert kept in page.replace("\n", "").replace(" required", "").replace("  ", "")
    assert 'value="dropout" checked' not in page
    assert "de une à 6 personnes" in page


def test_a_child_is_added_without_javascript_and_every_word_stays(paul: Browser, town: Town) -> None:
    """Also a date that cannot be read. The next one starts with what siblings have in common, and nothing is sent."""
    page = paul.submit(PATH, **{**TYPED, **child(0, birth_date="17 avril")}, add="1").text
    for kept in ("Absent trois semaines.</textarea>", 'value="17 avril"', 'value="Lorenzo"', 'value="absenteeism" checked'):
        assert kept in page.replace("\n", "")
    assert page.count('value="Brindavoine-Achouri"') == 2
    assert "Enfant 2" in page
    assert "points à corriger" not in page
    assert not sent(town)


def test_a_child_is_taken_away_and_the_others_move_up(paul: Browser) -> None:
    """The one that was named, not the last."""
    page = paul.submit(PATH, **{**SHARED, **child(0), **child(1, first_name="Zélie"), **child(2, first_name="Noé")}, remove="1").text
    assert "Zélie" not in page
    assert page.index("Lorenzo") < page.index("Noé")
    assert 'name="children-1-first_name"' in page
    assert 'name="children-2-first_name"' not in page


def test_six_children_is_the_end_of_the_form(paul: Browser, town: Town) -> None:
    """No button for a seventh; a forged one is not there."""
    six = {key: value for place in range(6) for key, value in child(place).items()}
    page = paul.submit(PATH, **{**SHARED, **six}, add="1").text
    assert 'name="children-5-sex"' in page
    assert 'name="children-6-sex"' not in page
    assert 'name="add"' not in page
    paul.submit(PATH, **{**SHARED, **six, **child(99, first_name="Septième")})
    assert len(sent(town)[-1].children) == 6


def test_the_page_says_what_it_is_not(paul: Browser) -> None:
    """No emergency channel, no substitute for a report."""
    text = words(paul.get(FORM))
    assert "appelez le 119" in text
    assert "ne remplace ni une information préoccupante, ni un signalement" in text
    assert "Ceci n’est pas un canal d’urgence." in text
