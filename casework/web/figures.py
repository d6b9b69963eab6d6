"""« Chiffres »: a table to read. No question to type, nothing to take away."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import services
from casework.web import guard
from casework.web.guard import guarded

screen = Blueprint("figures", __name__)


@screen.get("/chiffres")
@guarded("figures.read")
def mine() -> ResponseReturnValue:
    """The cells whose figures one may read; the only one opens by itself."""
    found = services.figures.mine(guard.actor())
    if len(found) == 1:
        return redirect(url_for("figures.read", cell=found[0].id), 303)
    return render_template("figures/mine.html", cells=found)


@screen.get("/cellules/<number:cell>/chiffres")
@guarded("figures.read")
def read(cell: str) -> ResponseReturnValue:
    """The figures of one cell."""
    return render_template("figures/read.html", shown=services.figures.read(guard.actor(), cell))
