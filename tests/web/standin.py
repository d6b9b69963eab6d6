"""A town made of views only, for looking at the screens without keys or database. Never part of the product.

`Town.install` puts it where the screens look for services. What a service promises is tested with the real ones elsewhere;
here it is the screens that are looked at, and what they do when a service refuses.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from casework import services
from casework.clock import ForwardClock
from casework.errors import InvalidInput, NotFound, SessionEnded, SignInRefused
from casework.services import views
from casework.services.attention.views import DayView
from casework.services.drafts import AccessQuery, EntryDraft, ListFilters, ReferralDraft
from casework.services.referral.views import Receipt, ReferralPreparation
from tests.web import standin_day, standin_lists, standin_record
from tests.web.standin_referrals import receipt, referral_form

NOW = datetime(2026, 11, 22, 9, 5, tzinfo=UTC)
TODAY = date(2026, 11, 22)
NUMBER = "2026-0042"
PASSPHRASE = "lanterne-marée-0"
CODE = "123456"

LEAD = views.Reason("Vous êtes la référente de parcours de cette situation.", "read.lead", "Charte, art. 6 ; art. L.132-5 CSI")
OPEN = views.Choice("open", "en cours")
RECEIVED = views.Choice("received", "reçue")
KINDS = {
    "identity": "Identité",
    "contact": "Coordonnées",
    "decisions": "Décisions (N0)",
    "confidential": "Partagé avec la cellule (N1)",
    "school": "École",
    "judicial": "Justice",
    "social": "Entre travailleurs sociaux (N2)",
    "sealed": "Mes notes, moi seule (N3)",
}
PEOPLE = (
    views.Reader("Inès Vauquelin", "coordonnatrice du CLSPD", "Ville de Valmorel-sur-Orle"),
    views.Reader("Maëlle Quéméner", "assistante sociale", "Maison du département, Orle-Nord"),
    views.Reader("Paul Destrée", "chef d’établissement", "Collège Les Tilleuls"),
)

PROFILES = {
    "maelle": views.Profile("Maëlle Quéméner", "assistante sociale", "Maison du département, Orle-Nord", standin_lists.ROOMS),
    "paul": views.Profile("Paul Destrée", "chef d’établissement", "Collège Les Tilleuls", frozenset({"dossier.list", "referral.send"})),
    "aude": views.Profile("Aude Kervadec", "auditrice du journal d’accès", "Ville de Valmorel-sur-Orle", frozenset({"ledger.read"})),
    "officer": views.Profile("Omar Officier", "officier d’habilitation", "Ville de Valmorel-sur-Orle", frozenset()),
}

BODIES = (
    "Premier échange avec la mère au collège. Elle accepte que la cellule suive la situation et demande à être rappelée le soir.",
    "Trois semaines sans absence. Le professeur principal note un vrai regain d’intérêt pour l’atelier bois.",
    "Visite convenue pour jeudi 18 h.\nPrésents : les deux parents, la sœur.\n\n  - inscription au club\n  - mission locale",
)


def entry(index: int, **changes: Any) -> views.EntryView:
    """A note of the timeline; the greater the index, the older."""
    kind, compartment = (
        (("observation", "Observation"), ("confidential", KINDS["confidential"]))
        if index % 3
        else (("action_result", "Résultat d’une action"), ("decisions", KINDS["decisions"]))
    )
    made = views.EntryView(
        id=f"e{index}",
        kind=views.Choice(*kind),
        compartment=views.Choice(*compartment),
        body=BODIES[index % len(BODIES)],
        author=PEOPLE[index % 3].name,
        function=PEOPLE[index % 3].function,
        institution=PEOPLE[index % 3].institution,
        occurred_on=TODAY - timedelta(days=3 * index),
        written_at=NOW - timedelta(days=3 * index, hours=2),
        mine=index % 3 == 1,
        corrects=None,
        corrected_by=None,
    )
    return replace(made, **changes)


def timeline(length: int) -> tuple[views.EntryView, ...]:
    """`length` notes, one of them a correction of another, one of each restricted kind."""
    notes = [entry(index) for index in range(length)]
    if length > 5:
        notes[1] = replace(notes[1], corrects="e4")
        notes[4] = replace(notes[4], corrected_by="e1", mine=True)
        notes[3] = replace(notes[3], compartment=views.Choice("social", KINDS["social"]))
    return tuple(notes)


def section(kind: str, **changes: Any) -> views.SectionView:
    """A compartment, open by default."""
    made = views.SectionView(kind, KINDS[kind], "", True, LEAD, None, (), 0)
    return replace(made, **changes)


def dossier(length: int = 9, **changes: Any) -> views.DossierView:
    """A dossier as its lead sees it."""
    made = views.DossierView(
        number=NUMBER,
        person="Lorenzo Brindavoine-Achouri",
        programme="Situation de fragilité",
        cell="Cellule Orle-Nord",
        status=OPEN,
        lead="Maëlle Quéméner",
        next_date=date(2026, 12, 3),
        received_on=date(2026, 3, 1),
        opened_on=date(2026, 3, 12),
        reason=LEAD,
        sections=(
            section(
                "identity",
                fields=(
                    views.Field("Prénom", "Lorenzo"),
                    views.Field("Nom", "Brindavoine-Achouri"),
                    views.Field("Sexe", "Masculin"),
                    views.Field("Date de naissance", "2011-04-17"),
                    views.Field("Commune de résidence", "Valmorel-sur-Orle"),
                ),
            ),
            section(
                "contact",
                fields=(
                    views.Field("Téléphone de la mère", "06 39 98 12 34"),
                    views.Field("Adresse", "14 bis, rue des Charpentiers-de-Marine, bâtiment C"),
                ),
            ),
            section("decisions", hint="Ce qui est décidé : action, résultat, information donnée, accord.", entries=3),
            section("confidential", hint="Ce que les membres nommément désignés mettent en commun.", entries=5),
            section("social", owner="Maëlle Quéméner", hint="Remises à des pairs nommément désignés.", entries=1),
            section("judicial", readable=False, reason=None, hint="Ce que le parquet a communiqué."),
            section("school", readable=False, reason=None, owner="Paul Destrée"),
        ),
        timeline=timeline(length),
        participants=(
            views.Participant("Inès Vauquelin", "coordonnatrice du CLSPD", "Ville de Valmorel-sur-Orle", ("Coordonnatrice de la cellule",)),
            views.Participant("Maëlle Quéméner", "assistante sociale", "Maison du département, Orle-Nord", ("Référente de parcours",)),
            views.Participant(
                "Paul Destrée",
                "chef d’établissement",
                "Collège Les Tilleuls",
                ("Partage jusqu’au 30 juin 2027", "À l’origine de la saisine"),
            ),
        ),
        may_write=True,
    )
    return replace(made, **changes)


def lines(count: int) -> tuple[views.DossierLine, ...]:
    """Rows of « mes dossiers »: one received, one late, one without identity."""
    names = ("Lorenzo Brindavoine-Achouri", "Zélie Marchadier", "Noam El Fassi", "Éléonore de Saint-Mesmin d’Ollières", "Tidiane Sow")
    made = [
        views.DossierLine(
            f"2026-{42 + index:04}",
            names[index % 5],
            "Situation de fragilité",
            "Cellule Orle-Nord",
            OPEN,
            "Maëlle Quéméner",
            TODAY + timedelta(days=4 * index - 4),
            LEAD,
        )
        for index in range(count)
    ]
    if count > 3:
        made[2] = replace(made[2], status=RECEIVED, lead=None, next_date=None)
        made[3] = replace(made[3], person=None, status=views.Choice("closed", "clôturée"))
    return tuple(made)


def composition(correcting: views.EntryView | None = None) -> views.EntryComposition:
    """The choices a social worker who leads has."""
    return views.EntryComposition(
        number=NUMBER,
        person="Lorenzo Brindavoine-Achouri",
        kinds=tuple(
            views.Choice(*pair)
            for pair in (
                ("observation", "Observation"),
                ("family_exchange", "Échange avec la personne ou sa famille"),
                ("strength", "Point d’appui"),
                ("decision", "Décision"),
                ("action_result", "Résultat d’une action"),
            )
        ),
        compartments=(
            views.CompartmentChoice(
                "decisions", KINDS["decisions"], "Ce qui est décidé. Ni débat, ni appréciation.", PEOPLE, False, "d-decisions"
            ),
            views.CompartmentChoice(
                "confidential", KINDS["confidential"], "Ce que les membres mettent en commun.", PEOPLE[:2], False, "d-confidential"
            ),
            views.CompartmentChoice("social", KINDS["social"], "Remises à des pairs nommés.", PEOPLE[1:2], False, "d-social"),
            views.CompartmentChoice("judicial", "Justice", "Jamais l’infraction.", PEOPLE[:1], True, "d-judicial"),
            views.CompartmentChoice("sealed", KINDS["sealed"], "Notes de travail personnelles.", (), False, "d-sealed"),
        ),
        defaults={
            "observation": "social",
            "family_exchange": "social",
            "strength": "confidential",
            "decision": "decisions",
            "action_result": "decisions",
        },
        correcting=correcting,
        today=TODAY,
    )


def access(index: int) -> views.AccessLine:
    """One leaf as the auditor reads it."""
    refused = index % 7 == 3
    return views.AccessLine(
        sequence=1200 - index,
        at=NOW - timedelta(minutes=37 * index),
        person=PEOPLE[index % 3].name,
        institution=PEOPLE[index % 3].institution,
        action="Ouvrir le dossier" if index % 4 else "Voir le dossier dans sa liste",
        dossiers=() if refused else (NUMBER,) if index % 4 else tuple(f"2026-{40 + n:04}" for n in range(6)),
        compartments=() if refused else ("Identité", "Décisions (N0)", "Partagé avec la cellule (N1)"),
        rule="" if refused else "read.lead",
        charter="2026-11 · 3f9c1e",
        authorised=not refused,
        outcome="refusé" if refused else "autorisé",
    )


@dataclass
class Town:
    """What the services would hold. Tests change it; `asked` keeps what the screens asked for."""

    public_url: str = "http://127.0.0.1:8000"
    shown: views.DossierView = field(default_factory=dossier)
    lines: tuple[views.DossierLine, ...] = field(default_factory=lambda: lines(9))
    sent: tuple[views.SentReferral, ...] = (views.SentReferral("2026-0051", "Cellule Orle-Nord", NOW - timedelta(days=5), RECEIVED),)
    day: DayView = field(default_factory=standin_day.day)
    leaves: int = 60
    live: dict[str, str] = field(default_factory=dict)
    asked: list[Any] = field(default_factory=list)
    fail: dict[str, Exception] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    written: dict[str, EntryDraft] = field(default_factory=dict)

    @property
    def instance(self) -> Any:
        """What `create_app` takes."""
        config = SimpleNamespace(public_url=self.public_url, web_secret=b"s" * 32)
        return SimpleNamespace(config=config, clock=ForwardClock(NOW), town=self)

    def install(self, put: Callable[..., None]) -> None:
        """`put(object, name, value)` sets what the screens call: pytest's monkeypatch, or setattr for a served town."""
        rooms = {
            "sessions": SimpleNamespace(start=self._start, resume=self._resume, end=self._end),
            "conflicts": SimpleNamespace(settle_pending=lambda _actor: 0),
            "turnover": SimpleNamespace(settle_pending=lambda _actor: 0),
            "due_keys": SimpleNamespace(settle_pending=lambda _actor: 0),
            "profile": SimpleNamespace(of=lambda actor: PROFILES[actor.username]),
            "dossiers": SimpleNamespace(list_mine=self._list, open=self._open),
            "day": SimpleNamespace(read=lambda _actor: self.day),
            "alert_reading": SimpleNamespace(see=lambda _actor, alert: self.asked.append(alert)),
            "finding": SimpleNamespace(search=self._search),
            "entries": SimpleNamespace(compose=self._compose, write=self._write),
            "referrals": SimpleNamespace(prepare=self._prepare, send=self._send),
            "accesses": SimpleNamespace(read=self._read),
            **standin_record.rooms(self, NOW),
        }
        for name, room in {**rooms, "sign_in": self._sign_in}.items():
            put(services, name, room)

    def _trip(self, verb: str) -> None:
        if verb in self.fail:
            raise self.fail[verb]

    def _sign_in(self, _instance: Any, username: str, passphrase: str, code: str, *, address: str) -> Any:
        self._trip("sign_in")
        self.asked.append((username, address))
        if username not in PROFILES or passphrase != PASSPHRASE or code != CODE:
            raise SignInRefused
        return SimpleNamespace(username=username)

    def _start(self, actor: Any) -> str:
        secret = uuid4().hex
        self.live[secret] = actor.username
        return secret

    def _resume(self, _instance: Any, secret: str) -> Any:
        self._trip("resume")
        if secret not in self.live:
            raise SessionEnded
        return SimpleNamespace(username=self.live[secret])

    def _end(self, _instance: Any, secret: str) -> None:
        self.live.pop(secret, None)

    def _list(self, actor: Any, page: int = 1, asked: ListFilters = standin_lists.NO_FILTER) -> views.DossierPage:
        self._trip("list")
        if "dossier.list" not in PROFILES[actor.username].doors:
            raise NotFound
        self.asked.append(asked)
        return standin_lists.listed(() if actor.username == "paul" else self.lines, self.sent, page, asked)

    def _search(self, _actor: Any, typed: str) -> views.Found:
        self.asked.append(typed)
        return standin_lists.found(self.lines, typed)

    def _open(self, actor: Any, number: str) -> views.DossierView:
        self._trip("open")
        if number != self.shown.number or actor.username != "maelle":
            raise NotFound
        return self.shown

    def _compose(self, actor: Any, number: str, corrects: str | None) -> views.EntryComposition:
        self._trip("compose")
        self._open(actor, number)
        found = [note for note in self.shown.timeline if note.id == corrects]
        if corrects and not found:
            raise NotFound
        return composition(found[0] if found else None)

    def _write(self, _actor: Any, _number: str, draft: EntryDraft) -> str:
        self.asked.append(draft)
        self._trip("write")
        self.written[draft.submission] = draft
        return "e0"

    def _prepare(self, _actor: Any, cell: str = "", draft: ReferralDraft | None = None) -> ReferralPreparation:
        return referral_form(cell, self.wrong if draft else {})

    def _send(self, _actor: Any, draft: ReferralDraft) -> Receipt:
        self.asked.append(draft)
        if self.wrong:
            raise InvalidInput(self.wrong)
        return receipt(NOW, len(draft.children))

    def _read(self, actor: Any, query: AccessQuery) -> views.AccessPage:
        self.asked.append(query)
        self._trip("read")
        if "ledger.read" not in PROFILES[actor.username].doors:
            raise NotFound
        shown = tuple(access(index) for index in range(self.leaves))
        people = tuple(views.Choice(f"u{index}", person.name) for index, person in enumerate(PEOPLE))
        return views.AccessPage(shown, self.leaves * 3, query.page, 3 if self.leaves else 1, people, self.leaves * 3)
