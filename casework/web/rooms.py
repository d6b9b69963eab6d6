"""The rooms of the house as the navigation shows them: those open to whoever is signed in, the present one marked."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _

from casework.web import guard


@dataclass(frozen=True, slots=True)
class Room:
    """One entry. doors: any of these actions lets one in; screens: the families of pages that belong to it."""

    endpoint: str
    label: object
    doors: frozenset[str]
    screens: frozenset[str] = frozenset()


def _room(endpoint: str, label: object, *doors: str, screens: str = "") -> Room:
    return Room(endpoint, label, frozenset(doors), frozenset(screens.split() or [endpoint.partition(".")[0]]))


ROOMS = (
    _room("day.today", _("Mon jour"), "day.read"),
    _room(
        "dossiers.mine",
        _("Mes dossiers"),
        "dossier.list",
        screens="dossiers entries records histories shares conflicts agreements walls endings",
    ),
    _room("referrals.form", _("Saisir la cellule"), "referral.send"),
    _room("support.form", _("Noter un appel"), "call.note"),
    _room("sent.mine", _("Mes saisines"), "referral.send"),
    _room("safety.consigne", _("Consigne d’adressage"), "addressing.set"),
    _room("examinations.waiting", _("Saisines reçues"), "referral.examine"),
    _room("tasks.mine", _("Actions"), "task.list"),
    _room("orientations.mine", _("Orientations"), "orientation.inbox"),
    _room("directory.browse", _("Annuaire"), "directory.read", screens="directory directory_upkeep directory_import"),
    _room("permanences.now", _("Permanences"), "permanence.read", screens="permanences appointments permanence_keeping"),
    _room(
        "meetings.mine",
        _("Réunions"),
        "meeting.read",
        screens="meetings agendas convocations calling_up sitting presence signed_sheets papers",
    ),
    _room("cells.mine", _("Cellule"), "cell.read"),
    _room("figures.mine", _("Chiffres"), "figures.read"),
    _room("rings.mine", _("Équipe"), "ring.service"),
    _room("urgent.desk", _("Accès urgent"), "urgent.open"),
    _room("urgent.reviews", _("Accès urgents"), "urgent.review"),
    _room("accounts.directory", _("Comptes"), "account.read", screens="accounts foundations"),
    _room("journal.read", _("Journal d’accès"), "ledger.read"),
)


def unmarked() -> list[tuple[str, str, str]]:
    """The same rooms on a page that is in none of them: an error, which looks alike wherever it arose."""
    return [(address, label, "") for address, label, _mark in offered()]


def offered() -> list[tuple[str, str, str]]:
    """Address, label and mark (`page`, `true` inside the room, or empty) of each room open to the viewer."""
    doors, asked = guard.doors(), request.endpoint or ""
    return [
        (url_for(room.endpoint), str(room.label), _mark(room, asked))
        for room in ROOMS
        if room.doors & doors and room.endpoint in current_app.view_functions
    ]


def _mark(room: Room, asked: str) -> str:
    if asked == room.endpoint:
        return "page"
    return "true" if asked.partition(".")[0] in room.screens else ""
