"""A day of the stand-in town: something in each of the three blocks."""

from datetime import UTC, date, datetime, timedelta

from casework.services.attention.views import AlertLine, Change, ChangedDossier, DayView, Due

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
NAME = "Lorenzo Brindavoine-Achouri"
QUIET = DayView((), 0, (), (), False)


def day() -> DayView:
    """Due, waiting and changed."""
    return DayView(
        due=(
            Due("next_date", TODAY - timedelta(days=3), -3, "2026-0042", NAME, "Cellule Orle-Nord"),
            Due("next_date", TODAY, 0, "2026-0043", None, "Cellule Orle-Nord"),
            Due("examine", TODAY + timedelta(days=12), 12, "2026-0051", "Zélie Marchadier", "Cellule Orle-Nord"),
            Due("no_lead", TODAY, 0, "2026-0044", "Noam El Fassi", "Cellule Orle-Nord"),
            Due("habilitation", TODAY + timedelta(days=1), 1, cell="Cellule Orle-Nord", who="Paul Destrée"),
            Due("review", TODAY, 0, "2026-0045", None, "Cellule Orle-Nord", "Maëlle Quéméner", NOW + timedelta(hours=5)),
        ),
        due_more=0,
        alerts=(
            AlertLine("a" * 32, "complement", NOW - timedelta(hours=2), "2026-0051", "Zélie Marchadier", openable=True),
            AlertLine("b" * 32, "referral_answered", NOW - timedelta(days=1), "2026-0032", None, openable=False),
            AlertLine("c" * 32, "a_kind_of_tomorrow", NOW - timedelta(days=1), "", None, openable=False),
        ),
        changed=(
            ChangedDossier(
                "2026-0042",
                NAME,
                NOW - timedelta(days=2),
                (
                    Change("note", "Observation", "Décisions (N0)", "Paul Destrée", NOW - timedelta(hours=3), "e1"),
                    Change("status", "clôturée", "", "Inès Vauquelin", NOW - timedelta(hours=4)),
                    Change("lead", "Maëlle Quéméner", "", "Inès Vauquelin", NOW - timedelta(hours=4)),
                    Change("lead", "", "", "Inès Vauquelin", NOW - timedelta(hours=5)),
                ),
                3,
            ),
            ChangedDossier("2026-0043", None, None, (), 0),
        ),
        cut=True,
    )
