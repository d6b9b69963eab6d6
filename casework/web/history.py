"""The history of a dossier, volet by volet: who changed which field, when, from what to what."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from casework import services
from casework.web import guard
from casework.web.guard import guarded

screen = Blueprint("histories", __name__)


@screen.get("/dossiers/<number:number>/historique")
@guarded("history.read")
def read(number: str) -> ResponseReturnValue:
    """Of all the volets I read."""
    return render_template("history/read.html", shown=services.field_history.read(guard.actor(), number))


@screen.get("/dossiers/<number:number>/historique/<kind>")
@guarded("history.read")
def volet(number: str, kind: str) -> ResponseReturnValue:
    """Of one volet."""
    return render_template("history/read.html", shown=services.field_history.read(guard.actor(), number, kind))
