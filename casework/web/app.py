"""Puts the web room together: settings, guard, headers, screens. Nothing here knows a noun of the domain."""

import logging
from typing import Any

from flask import Flask, request
from flask_wtf import CSRFProtect

from casework.resources import resource_dir
from casework.services.instance import Instance
from casework.web import (
    accounts,
    agendas,
    agreements,
    appointments,
    calling_up,
    cells,
    charter,
    conflicts,
    convocations,
    cookies,
    covers,
    dates,
    day,
    decisions,
    directory,
    directory_import,
    directory_upkeep,
    dossiers,
    drafts,
    endings,
    enrolment,
    entries,
    errors,
    examinations,
    figures,
    flashes,
    foundations,
    guard,
    headers,
    history,
    i18n,
    intake,
    journal,
    meetings,
    orientations,
    pages,
    papers,
    partner,
    partner_links,
    permanence_keeping,
    permanences,
    presence,
    proxy,
    reaching,
    records,
    referrals,
    releases,
    rings,
    rooms,
    safety,
    sent,
    sharing,
    sign_in,
    signed_sheets,
    sitting,
    static_files,
    support,
    tasks,
    urgent,
    walls,
)
from casework.wording import spoken

MAX_BODY = 128 * 1024  # bytes: a note of 10,000 accented characters, percent-encoded, fits; nothing longer is ever legitimate
MAX_PARTS = 60

SCREENS = (sign_in.screen, day.screen, dossiers.screen, entries.screen, referrals.screen, sent.screen, examinations.screen)
SHARING = (sharing.screen, conflicts.screen, walls.screen, partner.screen, partner_links.screen)
URGENT = (rings.screen, urgent.screen)
SUPPORT = (support.screen, agreements.screen, releases.screen, orientations.screen, endings.screen, safety.screen, reaching.screen)
SITTING = (sitting.screen, presence.screen, signed_sheets.screen, covers.screen)
PREPARING = (meetings.screen, agendas.screen, convocations.screen, calling_up.screen)
ROOMS = (journal.screen, pages.screen)
RECORD = (records.screen, history.screen, drafts.screen)
MEETINGS = (papers.screen, figures.screen, decisions.screen, tasks.screen)
DIRECTORY = (directory.screen, directory_upkeep.screen, directory_import.screen)
PERMANENCES = (permanences.screen, appointments.screen, permanence_keeping.screen)
OFFICES = (accounts.screen, foundations.screen, cells.screen, enrolment.screen, charter.screen)


def create_app(instance: Instance) -> Flask:
    """The web application of one instance.

    Raises ConfigurationError when the public address is plain HTTP outside loopback, or a route says neither which action
    it performs nor why it is public.
    """
    app = Flask("casework.web", template_folder=str(resource_dir("templates")), static_folder=None)
    app.extensions["casework"] = instance
    app.config.update(_settings(instance.config.public_url, instance.config.web_secret))
    app.logger.setLevel(logging.CRITICAL)  # Flask's own lines quote addresses and exception texts; errors.py and headers.py write ours
    _templates(app)
    i18n.install(app)
    headers.install(app)
    intake.install(app)
    CSRFProtect(app)
    guard.install(app)
    errors.install(app)
    static_files.install(app)
    every = (*SCREENS, *RECORD, *SHARING, *URGENT, *PREPARING, *SUPPORT, *SITTING, *ROOMS, *MEETINGS, *DIRECTORY, *PERMANENCES, *OFFICES)
    for screen in every:
        app.register_blueprint(screen)
    guard.check_every_route(app)
    app.wsgi_app = proxy.LocalProxy(app.wsgi_app, secure=app.config["CASEWORK_SECURE"])  # type: ignore[method-assign]  # the way Flask documents it
    return app


def _settings(public_url: str, secret: bytes) -> dict[str, Any]:
    return {
        "SECRET_KEY": secret,
        "MAX_CONTENT_LENGTH": MAX_BODY,
        "MAX_FORM_MEMORY_SIZE": MAX_BODY,
        "MAX_FORM_PARTS": MAX_PARTS,
        "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as its cookie: an hour spent on a note must not cost the note
        "PROPAGATE_EXCEPTIONS": False,
        **cookies.settings(public_url),
    }


def _templates(app: Flask) -> None:
    """Templates see frozen views and these few names: no request, no session, no configuration, no actor."""
    app.template_context_processors[None] = [_common_names]
    for name in ("config", "request", "session", "g"):
        app.jinja_env.globals.pop(name, None)
    app.jinja_env.globals.update(
        weekday=dates.weekday,
        day=dates.day,
        local=dates.local,
        moment=dates.moment,
        clock_time=dates.clock_time,
        end_time=dates.end_time,
        end_day=dates.end_day,
        asset=static_files.asset,
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.filters["capitalize"] = lambda text: spoken(text).capitalize()
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _common_names() -> dict[str, Any]:
    return {
        "viewer": guard.viewer(),
        "here": request.path,
        "doors": guard.doors(),
        "nonce": headers.nonce(),
        "lang": i18n.language(),
        "notices": flashes.taken,
        "rooms": rooms.offered,
    }
