"""The team of a service with its stand-ins, and who is on call in a cell."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, SelectField, SelectMultipleField

from casework import services
from casework.errors import InvalidInput, NotFound
from casework.services.emergency.views import Candidate, DutyPage, TeamPage
from casework.web import fields, flashes, guard
from casework.web.guard import guarded

screen = Blueprint("rings", __name__)


class TeamForm(fields.OnceForm):
    """The colleagues of a new team."""

    people = SelectMultipleField(_("Vos collègues"), [fields.required(_("Choisissez au moins une personne."))], validate_choice=False)


class JoinForm(fields.OnceForm):
    """Somebody who comes into the team."""

    person = SelectField(_("Personne"), [fields.required(_("Choisissez une personne."))], validate_choice=False, id="arrivee")


class StandInForm(fields.OnceForm):
    """Who stands in, from when to when."""

    person = SelectField(_("Personne"), [fields.required(_("Choisissez une personne."))], validate_choice=False)
    starts = fields.DayField(_("Premier jour"), [fields.required(_("Indiquez le premier jour."))])
    until = fields.DayField(_("Dernier jour"), [fields.required(_("Indiquez le dernier jour."))])


class LeaveForm(fields.OnceForm):
    """A box and a button."""

    confirmed = BooleanField(_("Oui, cette personne quitte l’équipe maintenant."), [fields.required(_("Cochez pour confirmer."))])


class DutyForm(fields.OnceForm):
    """Who is on call: the ticked ones and nobody else."""

    people = SelectMultipleField(_("Personnes d’astreinte"), validate_choice=False)


@screen.get("/equipes")
@guarded("ring.service")
def mine() -> ResponseReturnValue:
    """My cells, with the team of my service in each; the only one opens by itself."""
    found = services.duty.mine(guard.actor())
    if len(found) == 1 and found[0].may_team:
        return redirect(url_for("rings.team", cell=found[0].cell.code), 303)
    return render_template("rings/mine.html", lines=found)


@screen.get("/cellules/<number:cell>/equipe")
@guarded("ring.service")
def team(cell: str) -> ResponseReturnValue:
    """The team of my service in a cell."""
    return _team(cell, StandInForm(formdata=None))


@screen.post("/cellules/<number:cell>/equipe")
@guarded("ring.service")
def make(cell: str) -> ResponseReturnValue:
    """Make it."""
    filled = TeamForm()
    if not filled.validate():
        return _team(cell, filled), 422
    try:
        services.service_rings.make(guard.actor(), cell, filled.people.data or ())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _team(cell, filled), 422
    return _back("team-made", cell)


@screen.post("/cellules/<number:cell>/equipe/arrivee")
@guarded("ring.service")
def join(cell: str) -> ResponseReturnValue:
    """Bring a colleague in for good."""
    filled = JoinForm()
    if not filled.validate():
        return _team(cell, filled), 422
    try:
        services.service_rings.join(guard.actor(), cell, filled.person.data)
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _team(cell, filled), 422
    return _back("team-joined", cell)


@screen.post("/cellules/<number:cell>/equipe/remplacement")
@guarded("ring.stand_in")
def stand_in(cell: str) -> ResponseReturnValue:
    """Bring a colleague in from a day to a day."""
    filled = StandInForm()
    if not filled.validate():
        return _team(cell, filled), 422
    typed = filled.data
    try:
        services.service_rings.stand_in(guard.actor(), cell, typed["person"], typed["starts"], typed["until"])
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _team(cell, filled), 422
    return _back("team-stand-in", cell)


@screen.get("/cellules/<number:cell>/equipe/<number:member>/fin")
@guarded("ring.service")
def leaving(cell: str, member: str) -> ResponseReturnValue:
    """What ends when somebody leaves the team."""
    return _leaving(LeaveForm(formdata=None), cell, member)


@screen.post("/cellules/<number:cell>/equipe/<number:member>/fin")
@guarded("ring.service")
def leave(cell: str, member: str) -> ResponseReturnValue:
    """End it; the others get a new key."""
    filled = LeaveForm()
    if not filled.validate():
        return _leaving(filled, cell, member), 422
    try:
        services.service_rings.remove(guard.actor(), cell, member)
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _leaving(filled, cell, member), 422
    return _back("team-left", cell)


@screen.get("/cellules/<number:cell>/astreinte")
@guarded("ring.duty")
def duty(cell: str) -> ResponseReturnValue:
    """Who is on call, to be changed."""
    shown = services.duty.page(guard.actor(), cell)
    form = DutyForm(formdata=None)
    form.people.data = [each.id for each in shown.members]
    return _duty(form, shown)


@screen.post("/cellules/<number:cell>/astreinte")
@guarded("ring.duty")
def compose(cell: str) -> ResponseReturnValue:
    """These people are on call from now on."""
    filled = DutyForm()
    if not filled.validate():
        return _duty(filled, services.duty.page(guard.actor(), cell)), 422
    try:
        services.duty.compose(guard.actor(), cell, filled.people.data or ())
    except InvalidInput as problem:
        fields.place(filled, problem.problems)
        return _duty(filled, services.duty.page(guard.actor(), cell)), 422
    flashes.leave("duty-composed")
    return redirect(url_for("rings.duty", cell=cell), 303)


def _back(notice: str, cell: str) -> ResponseReturnValue:
    flashes.leave(notice)
    return redirect(url_for("rings.team", cell=cell), 303)


def _team(cell: str, form: fields.OnceForm) -> str:
    """The page with the form that was filled in, the others empty."""
    shown: TeamPage = services.service_rings.page(guard.actor(), cell)
    inside = {each.id for each in shown.members}
    outside = [each for each in shown.candidates if each.id not in inside]
    forms = {kind: form if isinstance(form, kind) else kind(formdata=None) for kind in (TeamForm, JoinForm, StandInForm)}
    forms[TeamForm].people.choices = _options(each for each in shown.candidates if each.id != guard.actor().user_id)
    for kind in (JoinForm, StandInForm):
        forms[kind].person.choices = [*fields.options([("", _("Choisir…"))]), *_options(outside)]
    return render_template(
        "rings/team.html", shown=shown, team=forms[TeamForm], arrival=forms[JoinForm], relief=forms[StandInForm],
        outside=outside, problems=fields.summary(form),
    )  # fmt: skip


def _leaving(form: LeaveForm, cell: str, member: str) -> str:
    shown = services.service_rings.page(guard.actor(), cell)
    person = next((each for each in shown.members if each.id == member and shown.inside), None)
    if person is None:
        raise NotFound("ring.service")
    return render_template("rings/leave.html", shown=shown, person=person, form=form, problems=fields.summary(form))


def _duty(form: DutyForm, shown: DutyPage) -> str:
    form.people.choices = _options(shown.candidates)
    return render_template("rings/duty.html", form=form, shown=shown, problems=fields.summary(form))


def _options(people: Iterable[Candidate]) -> list[Any]:
    return fields.options((each.id, f"{each.name}, {each.function}, {each.institution}") for each in people)
