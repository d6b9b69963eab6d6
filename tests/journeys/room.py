"""What people do around a meeting, as sentences: the steward's screens, the member's, the sheet of who is there, the room's keys."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect

from casework.services.terms import PARIS
from tests.journeys.visitor import Visitor, words

CODE = "2468"
NUMBER = re.compile(r"\d{4}-\d{4}")


def soon() -> datetime:
    """Within the two hours before which a meeting may be opened."""
    return datetime.now(tz=PARIS) + timedelta(minutes=45)


def prepares(who: Visitor) -> str:
    """A new meeting of the cell; its address."""
    who.goes_to("/reunions")
    who.follows("Préparer une réunion")
    who.page.get_by_label("Jour").fill(f"{soon():%Y-%m-%d}")
    who.page.get_by_label("Heure").fill(f"{soon():%H:%M}")
    who.presses(button(who, "Continuer"))
    return who.path


def button(who: Visitor, name: str) -> Locator:
    """The button of that name in the page."""
    return who.page.locator("main").get_by_role("button", name=name).first


def puts(who: Visitor, most: int, origin: str = "") -> None:
    """Tick what is proposed for that reason (for any), as many as are wanted, and put it on the agenda."""
    boxes = who.page.locator(".proposals").filter(has_text=origin).locator("input").all()[:most]
    assert boxes, words(who.page.locator(".asked-for"))
    for box in boxes:
        box.check()
    who.presses(button(who, "Inscrire à l’ordre du jour"))


def agenda(who: Visitor) -> list[str]:
    """The numbers on the agenda, in order."""
    return [words(each) for each in who.page.locator(".agenda .agenda-who .number").all()]


def concerns(who: Visitor, place: int, names: Iterable[str]) -> None:
    """Tick, for one item, exactly these people."""
    item = who.page.locator(".brief").nth(place - 1)
    for choice in item.locator(".choices label").all():
        choice.locator("input").set_checked(words(choice).split(",")[0] in names)


def takes_the_screen(who: Visitor) -> None:
    """Open the meeting on this screen with a code, and come to the sheet of who is there."""
    who.follows("Ouvrir la séance")
    who.page.get_by_label("Code de l’écran").fill(CODE)
    who.page.get_by_label("Le même code, encore une fois").fill(CODE)
    who.presses(button(who, "Ouvrir la réunion"))
    who.follows("Dire qui est là")


def is_there(who: Visitor, name: str, state: str) -> None:
    """Say on the sheet what became of somebody."""
    who.page.get_by_role("group", name=name).get_by_label(state, exact=True).check()


def keeps_the_sheet(who: Visitor) -> None:
    """Keep the sheet, and go back to the room."""
    who.presses(button(who, "Enregistrer la présence"))
    who.follows("La séance")


def calls_next(who: Visitor, number: str) -> None:
    """Press n: the next file stands in the place of this one."""
    who.page.keyboard.press("n")
    expect(who.page.locator("h1")).to_have_text(number)
    who.looks()


def decides(who: Visitor, outcome: str, text: str, actions: Iterable[tuple[str, str]] = (), copied_to: Sequence[str] = ()) -> None:
    """Press d, a digit's worth of an outcome, a sentence, who does what, and Ctrl with Enter: the room again."""
    page = who.page
    with page.expect_navigation():
        page.keyboard.press("d")
    who.looks()
    page.keyboard.press(words(page.locator("label.choice").filter(has_text=outcome).locator("kbd").first))
    asked(who)
    who.town.typed.extend([text, *(action for action, _ in actions)])
    page.get_by_label("Ce qui est décidé").fill(text)
    for place, (action, owner) in enumerate(actions):
        page.locator(f"[name=actions-{place}-text]").fill(action)
        page.locator(f"[name=actions-{place}-owner]").select_option(label=owner)
    if copied_to:
        page.locator("summary").filter(has_text="Copier cette décision").click()
        for number in copied_to:
            page.locator("label.choice").filter(has_text=number).locator("input").check()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert urlsplit(page.url).path.endswith("/seance"), words(page.locator("main"))


def asked(who: Visitor) -> None:
    """What an outcome asks for beside a date: the first of each list will do."""
    for select in who.page.locator(".detail select").all():
        if select.is_visible() and not select.input_value():
            select.select_option(index=1)


def covers(who: Visitor) -> None:
    """Press c: nothing is left, and nothing answers."""
    with who.page.expect_navigation():
        who.page.keyboard.press("c")
    who.looks()
    assert not NUMBER.search(who.text)
    status, page = who.fetches("/dossiers")
    assert status == 303 or "Écran couvert" in page
    assert not NUMBER.search(page)


def uncovers(who: Visitor) -> None:
    """Type the code: the same file is there again."""
    who.page.get_by_label("Code").fill(CODE)
    with who.page.expect_navigation():
        who.page.keyboard.press("Enter")
    who.looks()
    assert who.fetches("/dossiers")[0] == 200
