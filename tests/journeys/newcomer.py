"""Somebody who never saw the application: uses what is written on the screen and nothing else, and every gesture is counted.

Seconds are those of the keystroke-level model (Card, Moran and Newell, 1980): what a practised hand needs, and a moment of thought before
each field and each button. The machine's own time is not in it.
"""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

KEY, POINT, CLICK, HOME, THINK = 0.28, 1.1, 0.2, 0.4, 1.35
"""Seconds: a key by an average typist, pointing, a click, a hand from mouse to keyboard, a thought."""


@dataclass(slots=True)
class Newcomer:
    """A person in front of a page, and what they did so far."""

    page: Page
    fields: int = 0
    clicks: int = 0
    pages: int = 0
    seconds: float = 0.0

    def types(self, label: str, text: str) -> None:
        """Into the field that is called so on the screen. A date is typed as eight figures."""
        field = self._seen(self.page.locator("input, textarea").and_(self.page.get_by_label(label, exact=True)))
        keys = 8 if field.get_attribute("type") == "date" else len(text)
        field.fill(text)
        self.fields += 1
        self._spend(THINK + POINT + CLICK + HOME + KEY * keys)

    def chooses(self, label: str, option: str) -> None:
        """One of a closed list: it is opened, looked through, clicked."""
        self._seen(self.page.get_by_label(label, exact=True)).select_option(label=option)
        self.fields += 1
        self.clicks += 2
        self._spend(2 * (THINK + POINT + CLICK))

    def ticks(self, label: str, *, exact: bool = False) -> None:
        """A box or one of several."""
        self._seen(self.page.get_by_label(label, exact=exact)).check()
        self.fields += 1
        self.clicks += 1
        self._spend(THINK + POINT + CLICK)

    def presses(self, name: str, *, link: bool = False, inside: str = "main") -> None:
        """The button or link of that part called so; it leads to another page. The menu of a narrow screen is unfolded first."""
        menu = self.page.locator(".rooms summary")
        if inside == "header" and menu.is_visible():
            menu.click()
            self.clicks += 1
            self._spend(THINK + POINT + CLICK)
        target = self._seen(self.page.locator(inside).get_by_role("link" if link else "button", name=name).first)
        with self.page.expect_navigation():
            target.click()
        self.clicks += 1
        self.pages += 1
        self._spend(THINK + POINT + CLICK)

    def enters(self) -> None:
        """The Enter key, in the field just typed into."""
        self.page.keyboard.press("Enter")
        self._spend(THINK + KEY)

    def _seen(self, target: Locator) -> Locator:
        """A newcomer uses what they see, once it is there."""
        target.wait_for(state="visible")
        return target

    def _spend(self, seconds: float) -> None:
        self.seconds += seconds
