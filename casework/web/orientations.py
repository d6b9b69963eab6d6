"""Orientations: what was received and sent, one orientation and its steps, and the form that sends one."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import services
from casework.errors import InvalidInput, StaleVersion
from casework.services.orientation.steps import LINK, OVER
from casework.services.orientation.views import OrientationOffer, OrientationView, ReceivedView, StepChoice
from casework.web import fields, flashes, guard
from casework.web.guard import guarded
from casework.web.orientation_forms import (
    ACTS,
    AGAIN,
    PROPOSE,
    SEARCH,
    TOLD,
    AnswerForm,
    ContactForm,
    OrientationForm,
    StepForm,
    blank,
    offered,
)

screen = Blueprint("orientations", __name__)


@screen.get("/orientations")
@guarded("orientation.inbox")
def mine() -> ResponseReturnValue:
    """Received, sent, and what waits for me."""
    return render_template("orientations/mine.html", shown=services.orientations.inbox(guard.actor()))


@screen.get("/dossiers/<number:number>/orientation")
@guarded("orientation.give")
def form(number: str) -> ResponseReturnValue:
    """The empty form."""
    return _begun(number)


@screen.get("/dossiers/<number:number>/orientation/<number:referral>")
@guarded("orientation.give")
def send_proposed(number: str, referral: str) -> ResponseReturnValue:
    """The form of an orientation that was proposed."""
    return _begun(number, referral)


@screen.post("/dossiers/<number:number>/orientation")
@guarded("orientation.give")
def look(number: str) -> ResponseReturnValue:
    """Look for services, or read word for word what would be sent, or note a proposal."""
    filled = OrientationForm()
    if SEARCH in request.form or AGAIN in request.form:
        status = fields.status(filled)
        return _page(filled, number), status
    if PROPOSE in request.form:
        return _propose(filled, number)
    if not filled.validate():
        return _page(filled, number), 422
    try:
        seen = services.offering.preview(guard.actor(), number, filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(filled, number), 422
    return render_template("orientations/look.html", form=filled, seen=seen, problems=[], again=AGAIN)


@screen.post("/dossiers/<number:number>/orientation/envoi")
@guarded("orientation.give")
def send(number: str) -> ResponseReturnValue:
    """Send."""
    filled = OrientationForm()
    if not filled.validate():
        return _page(filled, number), 422
    try:
        referral = services.sending.send(guard.actor(), number, filled.draft())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(filled, number), 422
    flashes.leave("orientation-sent")
    return redirect(url_for("orientations.read", referral=referral), 303)


@screen.get("/orientations/<number:referral>")
@guarded("orientation.follow")
def read(referral: str) -> ResponseReturnValue:
    """One orientation, as the side that sends sees it."""
    return _followed(services.following.read(guard.actor(), referral))


@screen.post("/orientations/<number:referral>")
@guarded("orientation.give")
def step(referral: str) -> ResponseReturnValue:
    """Record a step on the sending side."""
    filled = StepForm()
    filled.validate()  # for a day that cannot be read; what is needed is the verb's to say
    actor, told = guard.actor(), (filled.reason.data or "", filled.meets_at(), filled.position())
    try:
        fields.refuse_twice(filled)
        services.following.take(actor, referral, filled.step.data or "", reason=told[0], meets_at=told[1], seen=told[2])
    except StaleVersion:
        return _followed(services.following.read(actor, referral), stale=True), 409
    except InvalidInput as problem:
        _place(filled, problem)
        return _followed(services.following.read(actor, referral), filled), 422
    flashes.leave("orientation-step")
    return redirect(url_for("orientations.read", referral=referral), 303)


@screen.post("/orientations/<number:referral>/accord")
@guarded("agreement.record")
def agree(referral: str) -> ResponseReturnValue:
    """Record what the person said, asked after the orientation was sent."""
    filled = AnswerForm()
    try:
        fields.refuse_twice(filled)
        services.following.agree_later(guard.actor(), referral, filled.state.data or "")
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _followed(services.following.read(guard.actor(), referral), answer=filled), 422
    flashes.leave("orientation-step")
    return redirect(url_for("orientations.read", referral=referral), 303)


@screen.post("/orientations/<number:referral>/contact")
@guarded("orientation.give")
def pass_on(referral: str) -> ResponseReturnValue:
    """Pass the new safe contact on, the one that was shown."""
    filled = ContactForm()
    try:
        fields.refuse_twice(filled)
        services.following.pass_on(guard.actor(), referral, filled.contact.data or "")
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _followed(services.following.read(guard.actor(), referral), passing=filled), 422
    flashes.leave("orientation-contact")
    return redirect(url_for("orientations.read", referral=referral), 303)


@screen.get("/orientations/recues/<number:referral>")
@guarded("orientation.receive")
def receive(referral: str) -> ResponseReturnValue:
    """One orientation, as its recipient sees it."""
    return _received(services.receiving.read(guard.actor(), referral))


@screen.post("/orientations/recues/<number:referral>")
@guarded("orientation.receive")
def answer(referral: str) -> ResponseReturnValue:
    """Record a step on the receiving side."""
    filled = StepForm()
    filled.validate()
    actor, told = guard.actor(), (filled.reason.data or "", filled.meets_at(), filled.position())
    try:
        fields.refuse_twice(filled)
        services.receiving.take(actor, referral, filled.step.data or "", reason=told[0], meets_at=told[1], seen=told[2])
    except StaleVersion:
        return _received(services.receiving.read(actor, referral), stale=True), 409
    except InvalidInput as problem:
        _place(filled, problem)
        return _received(services.receiving.read(actor, referral), filled), 422
    flashes.leave("orientation-step")
    over = filled.step.data in OVER  # then it opens no more
    return redirect(url_for("orientations.mine") if over else url_for("orientations.receive", referral=referral), 303)


def _begun(number: str, referral: str = "") -> str:
    empty = OrientationForm(formdata=None)
    empty.submission.data, empty.referral.data = fields.new_submission(), referral
    return _page(empty, number)


def _page(shown: OrientationForm, number: str) -> str:
    """The form with what was typed, and what may be chosen now."""
    offer = services.offering.prepare(guard.actor(), number, shown.query(), shown.referral.data or "")
    shown.need.data = shown.need.data or offer.need
    shown.offer(offer)
    return render_template("orientations/new.html", form=shown, shown=offer, groups=_groups(offer), problems=fields.summary(shown))


def _groups(offer: OrientationOffer) -> list[tuple[str, list[tuple[int, object]]]]:
    """Pieces by the volet they come from, each with its place on the page."""
    groups: dict[str, list[tuple[int, object]]] = {}
    for place, piece in enumerate(offer.pieces):
        groups.setdefault(piece.volet, []).append((place, piece))
    return list(groups.items())


def _propose(filled: OrientationForm, number: str) -> ResponseReturnValue:
    try:
        fields.refuse_twice(filled)
        referral = services.sending.propose(guard.actor(), number, filled.need.data or "", filled.draft().to)
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _page(filled, number), 422
    flashes.leave("orientation-proposed")
    return redirect(url_for("orientations.read", referral=referral), 303)


def _followed(
    shown: OrientationView, filled: StepForm | None = None, *,
    answer: AnswerForm | None = None, passing: ContactForm | None = None, stale: bool = False,
) -> str:  # fmt: skip
    problems = [found for each in (filled, answer, passing) if each is not None for found in fields.summary(each)]
    steps = _steps(shown.may, shown.seen, filled)
    link = url_for("partner_links.form", referral=shown.id) if shown.linkable else ""
    return render_template(
        "orientations/read.html", shown=shown, steps=steps, link=link, stale=stale, problems=problems,
        answer=answer or AnswerForm(formdata=None), names=TOLD if shown.channel == LINK else ACTS,
    )  # fmt: skip


def _received(shown: ReceivedView, filled: StepForm | None = None, *, stale: bool = False) -> str:
    problems = fields.summary(filled) if filled is not None else []
    steps = _steps(shown.may, shown.seen, filled)
    return render_template("orientations/received.html", shown=shown, steps=steps, stale=stale, problems=problems, names=ACTS)


def _steps(may: tuple[StepChoice, ...], seen: int, filled: StepForm | None) -> list[tuple[StepChoice, StepForm]]:
    """Each step with its form; the one that was sent keeps what was typed, with the steps that stand now."""
    found = []
    for choice in may:
        if filled is not None and filled.step.data == choice.step.code:
            filled.seen.data = str(seen)
            found.append((choice, offered(filled, choice)))
        else:
            found.append((choice, blank(choice, seen)))
    return found


def _place(filled: StepForm, problem: InvalidInput) -> None:
    """The appointment's own problem stands at its day."""
    told = {"day" if name == "meets_at" else name: sentence for name, sentence in problem.problems.items()}
    if "step" in told:
        filled.form_errors.append(told.pop("step"))
    fields.place(filled, told, only_where_silent=True)
