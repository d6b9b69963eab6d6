"""A relevé on paper says exactly what its page shows, in French, under its number."""

from dataclasses import replace
from datetime import UTC, date, datetime

from casework import paper
from casework.services.meeting.decisions.outcome_views import MeetingHead, MinutesAction, MinutesLine, MinutesReferral, MinutesView
from casework.services.views import Choice
from casework.web import paper_sheets
from tests.paper.reading import read

AT = datetime(2026, 3, 2, 13, tzinfo=UTC)
DAY = date(2026, 3, 2)
LINE = MinutesLine(
    "2026-0007", "Retenue avec référent", "Alice", date(2026, 4, 1), "Un service absent", "Un rendez-vous #1 avec *la famille*.", DAY,
    date(2026, 3, 4), (MinutesReferral("Mission locale", "Formation ou emploi"),),
)  # fmt: skip
SHOWN = MinutesView(
    MeetingHead("m", Choice("ordinary", "Cellule de suivi"), "Cellule nord", "Salle des mariages", AT, DAY, "closed"),
    "Collège des Tilleuls", False, AT, AT,
    (LINE, replace(LINE, number="2026-0008", words="", lead="", next_date=None, missing="", referrals=(), entered_on=DAY)),
    (
        MinutesAction("action", "2026-0007", "Hugo", "Appeler la conseillère", date(2026, 3, 9)),
        MinutesAction("question", "2026-0007", "Paula", "Connue du service ?", date(2026, 3, 10)),
        MinutesAction("action", "2026-0008", "Bob", "", date(2026, 3, 11)),
        MinutesAction("action", "", "Hugo", "Éclairer le lavoir", date(2026, 3, 12)),
    ),
)  # fmt: skip


def test_a_releve_prints_what_its_page_shows() -> None:
    """Every line, every action, the day of the sitting and that of the entry where they differ."""
    printed = read(paper.press(paper_sheets.minutes(SHOWN)))
    assert (printed.title, printed.numbers) == ("Relevé de décisions, 2\N{NO-BREAK SPACE}mars 2026", ["2026-0007", "2026-0008"])
    for words in (
        "Collège des Tilleuls", "Retenue avec référent", "Référent·e : Alice", "Prochaine échéance : 1er avril 2026", LINE.words,
        "En attente : Un service absent", "Orientation : Mission locale, Formation ou emploi",
        "Décidé le 2 mars 2026, saisi le 4 mars 2026", "Appeler la conseillère Hugo 9 mars 2026", "Connue du service ? Paula 10 mars 2026",
        "Texte réservé Bob 11 mars 2026", "Éclairer le lavoir Hugo 12 mars 2026",
    ):  # fmt: skip
        assert words in printed.text, words
    assert printed.text.count("Décidé le") == 1


def test_a_releve_is_the_same_file_whenever_it_is_printed() -> None:
    """Dated by the close, not by the printing; the whole one says that it is whole; an empty one says so."""
    assert paper.press(paper_sheets.minutes(SHOWN)) == paper.press(paper_sheets.minutes(SHOWN))
    whole, empty = replace(SHOWN, institution="", whole=True), replace(SHOWN, lines=(), actions=())
    assert "Relevé complet, pour la coordination" in read(paper.press(paper_sheets.minutes(whole))).text
    assert "Rien ne concerne votre institution" in read(paper.press(paper_sheets.minutes(empty))).text


def test_a_file_name_says_nothing() -> None:
    """What it is and the day, in ASCII."""
    assert paper_sheets.file_name("releve-de-decisions", AT) == "releve-de-decisions-2026-03-02.pdf"
