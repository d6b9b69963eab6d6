"""The first page, the two notices the law asks for, and the sign of life."""

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework.web import guard
from casework.web.guard import guarded, public

screen = Blueprint("pages", __name__)

FIRST_DOORS = (
    ("day.read", "day.today"),
    ("dossier.list", "dossiers.mine"),
    ("ledger.read", "journal.read"),
    ("referral.send", "referrals.form"),
    ("account.read", "accounts.directory"),
    ("cell.read", "cells.mine"),
)


@screen.get("/")
@guarded("session.sign_in")
def home() -> ResponseReturnValue:
    """To the first room that is open to whoever is signed in."""
    rooms = [endpoint for action, endpoint in FIRST_DOORS if action in guard.doors()]
    return redirect(url_for(rooms[0] if rooms else "pages.privacy"), 303)


@screen.get("/confidentialite")
@public("everybody may know what is recorded and who reads it")
def privacy() -> ResponseReturnValue:
    """What is traced, who reads it, and what casework is not."""
    return render_template("privacy.html")


@screen.get("/accessibilite")
@public("the declaration of accessibility is public by law")
def accessibility() -> ResponseReturnValue:
    """The declaration of accessibility."""
    return render_template("accessibility.html")


@screen.get("/sante")
@public("no session: a sign of life for the machine that watches, without data")
def health() -> Response:
    """« ok » when the application answers."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")
