"""The inside of a partner's link: make one, see what became of it, end it, take an answer over."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from casework import services
from casework.errors import InvalidInput
from casework.services.partner.views import REFERRAL, TASK, About
from casework.web import flashes, guard
from casework.web.guard import guarded

screen = Blueprint("partner_links", __name__)


@screen.get("/orientations/<number:referral>/lien")
@guarded("partner.link")
def form(referral: str) -> str:
    """The link of an orientation."""
    return _page(About(REFERRAL, referral))


@screen.get("/actions/<number:task>/lien")
@guarded("partner.link")
def of_task(task: str) -> str:
    """The link of an action."""
    return _page(About(TASK, task))


@screen.post("/orientations/<number:referral>/lien")
@guarded("partner.link")
def make_for_referral(referral: str) -> ResponseReturnValue:
    """A new link, shown once."""
    return _made(About(REFERRAL, referral))


@screen.post("/actions/<number:task>/lien")
@guarded("partner.link")
def make_for_task(task: str) -> ResponseReturnValue:
    """A new link, shown once."""
    return _made(About(TASK, task))


@screen.post("/orientations/<number:referral>/lien/fin")
@guarded("partner.link")
def end_of_referral(referral: str) -> ResponseReturnValue:
    """End the link of an orientation."""
    return _ended(About(REFERRAL, referral))


@screen.post("/actions/<number:task>/lien/fin")
@guarded("partner.link")
def end_of_task(task: str) -> ResponseReturnValue:
    """End the link of an action."""
    return _ended(About(TASK, task))


@screen.post("/actions/<number:task>/lien/reprise/<number:answer>")
@guarded("task.report")
def take_over(task: str, answer: str) -> ResponseReturnValue:
    """What a partner answered becomes the action's result."""
    services.watching.take_over(guard.actor(), task, answer)
    flashes.leave("task-reported")
    return redirect(url_for("tasks.mine"), 303)


def _page(about: About, problem: str = "") -> str:
    return render_template("partner/link.html", shown=services.watching.page(guard.actor(), about), problem=problem)


def _made(about: About) -> ResponseReturnValue:
    """Not a redirect: what is shown here is kept nowhere, and no address holds it."""
    try:
        made = services.making.make(guard.actor(), about)
    except InvalidInput as refused:
        return _page(about, refused.problems["link"]), 422
    base = guard.instance().config.public_url.rstrip("/")
    return render_template("partner/once.html", made=made, about=about, link=f"{base}{url_for('partner.form')}#{made.secret}")


def _ended(about: About) -> ResponseReturnValue:
    services.making.end(guard.actor(), about)
    flashes.leave("link-ended")
    back = url_for("partner_links.of_task", task=about.id) if about.kind == TASK else url_for("partner_links.form", referral=about.id)
    return redirect(back, 303)
