"""The auditor's pages: one question, whose pages neither repeat nor miss a line although each of them is a line."""

from casework import services
from casework.services.drafts import AccessQuery
from tests.house import House


def test_pages_of_one_question_neither_repeat_nor_miss(house: House) -> None:
    for _ in range(60):
        services.dossiers.list_mine(house.alice)
    first = services.accesses.read(house.ada, AccessQuery())
    pages = [services.accesses.read(house.ada, AccessQuery(page=page, upto=first.upto)) for page in range(1, first.pages + 1)]
    found = [line.sequence for page in pages for line in page.lines]
    assert found == list(range(first.upto, -1, -1))
    again = services.accesses.read(house.ada, AccessQuery(page=2))  # control: without the mark the next page begins anew
    assert again.lines[0].sequence > pages[1].lines[0].sequence
