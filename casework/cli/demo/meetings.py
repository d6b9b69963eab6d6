"""The meetings of the town: one that took place and was closed, with actions under way; one to come, convened; a veille territoriale."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from casework import services
from casework.cli.demo.founding import Town
from casework.cli.demo.people import CELL, NORTH, Cell, members, stewards
from casework.cli.demo.script import DossierPlan
from casework.services import Actor
from casework.services.meeting.decisions.outcome_views import DecisionDraft, ReportDraft, TaskRow
from casework.services.meeting.drafts import ItemDraft, MeetingDraft, PointDraft
from casework.services.meeting.views import Agenda, OwnMeeting
from casework.services.terms import PARIS

PLACE = "Maison des services publics, salle du premier étage"
HELD, COMING = 7, 10
"""How many dossiers are reviewed by the meeting that took place, and how many wait for the next one."""

DECISIONS = (
    ("Le suivi continue, un point est fait avec le collège avant les vacances.", "Prendre rendez-vous avec l’équipe éducative du collège."),
    ("La famille accepte une rencontre au local de prévention.", "Proposer deux dates de rencontre à la famille."),
    ("La situation s’apaise, l’accompagnement reste léger.", "Passer un appel à la famille à la fin du mois."),
    ("Un stage de découverte est recherché avec la mission locale.", "Transmettre les coordonnées du référent de la mission locale."),
    ("Le retour en classe se fait par demi-journées.", "Préparer l’emploi du temps de reprise avec la vie scolaire."),
    ("Une activité du soir est proposée au centre social.", "Accompagner l’inscription au centre social."),
    ("Le relais avec le service social du secteur est confirmé.", "Dire au service social la date du prochain point."),
)
"""What was decided and what somebody carries, each once: nothing of it is written anywhere else in the town."""

QUESTIONS = (
    "Le retour en classe est-il engagé ?",
    "Qui rencontre la famille d’ici la fin du mois ?",
    "Quelle suite donner à la demande de stage ?",
)
ANSWERS = {"lucie.brancelot": ("known", "aloud", "unknown"), "marc.plessandre": ("unknown", "known")}
POINTS = (
    ("Parvis de la gare", "Rassemblements tardifs et poubelles renversées", "Passer en soirée les vendredis, avec les médiateurs"),
    ("Halle du marché", "Éclairage en panne sur le passage couvert", "Signaler la panne au service de l’éclairage"),
)


def hold(town: Town, plans: Sequence[DossierPlan], numbers: Mapping[int, str], day: datetime) -> dict[str, list[str]]:
    """A meeting of the North from its preparation, two days before, to its close; returns what was typed, by dossier number."""
    claire = _steward(town, NORTH)
    town.at(day - timedelta(days=2))
    meeting = _prepare(town, claire, NORTH, day, "ordinary", _open_ones(plans, numbers, NORTH)[:HELD])
    _concern_everybody(claire, meeting)
    services.convening.convene(claire, meeting)
    town.at(day + timedelta(minutes=5))
    services.opening.open(claire, meeting, "2468", "2468")
    _everybody_comes(town, claire, meeting)
    typed = _decide_all(town, claire, meeting)
    town.wait(240)
    page = services.closing.prepare(claire, meeting)
    services.closing.close(claire, meeting, (), page.seen)
    _one_is_done(town)
    return typed


def prepare_next(town: Town, plans: Sequence[DossierPlan], numbers: Mapping[int, str], day: datetime) -> Sequence[str]:
    """The next meeting of the North, convened, with questions on some items; and the veille of the sector.

    Returns what was typed about people: preparatory notes, which no dossier keeps.
    """
    claire = _steward(town, NORTH)
    wanted = _open_ones(plans, numbers, NORTH)[-COMING:]
    meeting = _prepare(town, claire, NORTH, day, "ordinary", wanted)
    agenda = _agenda(claire, meeting)
    drafts = [
        ItemDraft(item.id, question=question, informed="informed", concerned=item.concerned)
        for item, question in zip(agenda.items, QUESTIONS, strict=False)
    ]
    services.briefing.prepare(claire, meeting, drafts)
    town.wait(120)
    services.convening.convene(claire, meeting)
    _some_answer(town, meeting)
    town.wait(600)
    watch = services.preparing.create(claire, MeetingDraft(town.cells[NORTH.key], "watch", day + timedelta(days=3), PLACE, "Centre"))
    for place, trouble, action in POINTS:
        town.wait(90)
        draft = PointDraft(
            place, trouble, action, town.actors["marc.plessandre"].user_id, day.astimezone(PARIS).date() + timedelta(days=20)
        )
        services.points.write(claire, watch, draft)
    services.convening.convene(claire, watch)
    return QUESTIONS


def _agenda(steward: Actor, meeting: str) -> Agenda:
    found = services.agendas.read(steward, meeting)
    assert isinstance(found, Agenda)  # noqa: S101  # who prepares a meeting gets the whole agenda
    return found


def _steward(town: Town, cell: Cell) -> Actor:
    return town.actors[stewards(CELL[cell.key].key)[0].username]


def _open_ones(plans: Sequence[DossierPlan], numbers: Mapping[int, str], cell: Cell) -> list[str]:
    """Numbers of the cell's dossiers under way, nobody having withdrawn from them."""
    here = [each for each in plans if each.cell == cell.key and each.ends == "open"]
    return [numbers[each.index] for each in here if not any(step.act == "withdraw" for step in each.steps)]


def _prepare(town: Town, steward: Actor, cell: Cell, day: datetime, kind: str, numbers: Sequence[str]) -> str:
    """A new meeting with these dossiers; the cell's core is set the first time, and everybody of it is expected."""
    cell_id = town.cells[cell.key]
    services.core.compose(steward, cell_id, [each.id for block in services.core.page(steward, cell_id).blocks for each in block.people])
    town.wait(180)
    meeting = services.preparing.create(steward, MeetingDraft(cell_id, kind, day, PLACE))
    town.wait(240)
    services.agenda_items.add(steward, meeting, numbers)
    return meeting


def _concern_everybody(steward: Actor, meeting: str) -> None:
    """Whoever the charter lets be shown an item is concerned by all of them: the room sees each file."""
    agenda = _agenda(steward, meeting)
    seats = tuple(seat.id for seat in agenda.seats)
    services.briefing.prepare(steward, meeting, [ItemDraft(item.id, informed="informed", concerned=seats) for item in agenda.items])


def _everybody_comes(town: Town, steward: Actor, meeting: str) -> None:
    town.wait(60)
    agenda = _agenda(steward, meeting)
    seats = set.intersection(*(set(item.concerned) for item in agenda.items))
    services.attendance.keep(steward, meeting, dict.fromkeys(seats, ("convened", "present")))


def _decide_all(town: Town, steward: Actor, meeting: str) -> dict[str, list[str]]:
    """Each item is called, looked at and decided; a member of the room carries the action."""
    typed: dict[str, list[str]] = {}
    agenda = _agenda(steward, meeting)
    for place, (item, (text, action)) in enumerate(zip(agenda.items, DECISIONS, strict=False)):
        town.wait(30)
        services.showing.call(steward, meeting, item.id)
        services.showing.look(steward, meeting)
        town.wait(150)
        page = services.deciding.prepare(steward, meeting, item.id)
        owner = page.owners[place % len(page.owners)].code
        soon = page.today + timedelta(days=10 + 3 * place)
        task = TaskRow(action, owner, _late(page.today) if place == 0 else soon)
        draft = DecisionDraft("continued", next_date=page.today + timedelta(days=60 + place), text=text, actions=(task,))
        services.deciding.decide(steward, meeting, item.id, draft)
        typed[item.number] = [text, action]
    return typed


def _some_answer(town: Town, meeting: str) -> None:
    """Two colleagues say beforehand whether they know the persons they are asked about."""
    for username, codes in ANSWERS.items():
        town.wait(300)
        actor = town.actors[username]
        own = services.agendas.read(actor, meeting)
        assert isinstance(own, OwnMeeting)  # noqa: S101  # they prepare none
        for item, code in zip(own.items, codes, strict=False):
            services.answering.answer(actor, meeting, item.id, code)


def _late(today: date) -> date:
    """Due before the town is looked at: one action is late."""
    return today + timedelta(days=2)


def _one_is_done(town: Town) -> None:
    """Somebody carries out what they were given and says so."""
    town.wait(3 * 86_400)
    for persona in members(NORTH.key, "social_worker", "specialised_educator", "school_head", "coordinator"):
        actor = town.actors[persona.username]
        for line in services.tasks.board(actor).mine:
            if line.mine and not line.late and not line.point:
                services.reporting.report(actor, line.id, ReportDraft("done"))
                return
