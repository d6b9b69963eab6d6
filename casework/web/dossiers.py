"""My dossiers, and one dossier."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import services
from casework.web import guard, i18n, intake, shapes
from casework.web.guard import guarded

screen = Blueprint("dossiers", __name__)


@screen.get("/dossiers")
@guarded("dossier.list")
def mine() -> ResponseReturnValue:
    """The dossiers I hold a box for, and the saisines I sent."""
    shown = services.dossiers.list_mine(guard.actor(), page=intake.page_asked())
    return render_template("dossiers/mine.html", shown=shown, today=guard.today(), numbers=shapes.page_numbers(shown.page, shown.pages))


@screen.get("/dossiers/<number:number>")
@guarded("dossier.open")
def read(number: str) -> ResponseReturnValue:
    """One dossier, as much of it as the reader may see."""
    shown = services.dossiers.open(guard.actor(), number)
    return render_template(
        "dossiers/read.html",
        shown=shown,
        rows=shapes.rows(shown.timeline, i18n.language()),
        ids=shapes.ids(shown.timeline),
        write_url=url_for("entries.form", number=number),
        today=guard.today(),
    )
