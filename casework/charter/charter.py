"""The charter, running: one law answers "may I?" and "which ones?"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression

from casework.charter.gates import Gates, Standing
from casework.charter.law import CONTEXT_OF, Rule
from casework.charter.meetings import MeetingRules
from casework.charter.problems import UnknownWord
from casework.charter.programmes import Programme
from casework.charter.situation import NONE, Situation, Verdict
from casework.charter.sqlfilter import Combination, condition
from casework.charter.support import SupportRules
from casework.charter.verdicts import Verdicts
from casework.charter.vocabulary import Action, Vocabulary


@dataclass(frozen=True, slots=True)
class Charter:
    """The law of one instance. Made by `load`; never changes afterwards.

    version: what every leaf of the ledger names, e.g. "2026-1+3fa91c02". text_version: what a member signs.
    decisions: action -> situation -> verdict, every situation included.
    """

    version: str
    text_version: str
    text: str
    vocabulary: Vocabulary
    programmes: Mapping[str, Programme]
    meetings: MeetingRules
    support: SupportRules
    rules: tuple[Rule, ...]
    gates: Gates
    decisions: Mapping[str, Verdicts]
    default: Verdict
    _permitted: dict[tuple[str, str], frozenset[Combination]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `combinations` found already: the law does not change, and every page asks."""

    def check(self, action: str, situation: Situation) -> Verdict:
        """May one do `action` in this situation? Words the action's scope does not look at change nothing.

        Raises UnknownWord (a LawError) for a word outside the vocabulary, also for "none" where a word is needed.
        """
        meant = self._action(action)
        return self.decisions[action].get(self._narrowed(meant, situation), self.default)

    def check_any(self, action: str, situations: Iterable[Situation]) -> Verdict:
        """May one do `action` by any of these positions? One permit is enough; a forbid found for any wins.

        Without a situation there is no permit. Raises UnknownWord like `check`.
        """
        self._action(action)
        verdicts = [self.check(action, situation) for situation in situations]
        forbidden = (verdict for verdict in verdicts if not verdict.permitted and verdict != self.default)
        permitted = (verdict for verdict in verdicts if verdict.permitted)
        return next(forbidden, None) or next(permitted, self.default)

    def combinations(self, action: str, profession: str) -> frozenset[Combination]:
        """Every permitted (position, programme, status, kind) for this profession; "none" where the scope does not look."""
        self._action(action)
        self._known(profession, self.vocabulary.professions, "profession")
        if (action, profession) not in self._permitted:
            self._permitted[action, profession] = frozenset(self.decisions[action].permitted(profession))
        return self._permitted[action, profession]

    def professions(self, action: str, situation: Situation) -> tuple[str, ...]:
        """The professions to which the charter permits `action` in this situation, in the order of the vocabulary.

        The situation's own profession does not matter: who may be lead, steward or on duty is asked here. Raises like `check`.
        """
        every = self.vocabulary.professions
        return tuple(each for each in every if self.check(action, situation._replace(profession=each)).permitted)

    def list_filter(
        self,
        action: str,
        profession: str,
        *,
        position: SQLColumnExpression[str],
        programme: SQLColumnExpression[str],
        status: SQLColumnExpression[str],
        kind: SQLColumnExpression[str] | None = None,
    ) -> ColumnElement[bool]:
        """The same law as a condition over columns: true exactly for the rows that `check` permits.

        False for every row when nothing is permitted; a NULL word hides its row. Raises UnknownWord for an unknown
        action or profession, ValueError when the action is crossed with kinds and no `kind` is given.
        """
        meant = self._action(action)
        found = self.combinations(action, profession)
        named = (("position", position), ("programme", programme), ("status", status))
        columns = [(axis, column) for axis, (name, column) in enumerate(named) if name in CONTEXT_OF[meant.scope]]
        if meant.scope == "compartment":
            if kind is None:
                raise ValueError(f"{action} is crossed with kinds: list_filter needs the column of the kind")
            columns.append((3, kind))
        return condition(found, tuple(columns))

    def gate(self, action: str, standing: Standing, now: datetime) -> Verdict | None:
        """The refusal of the first closed gate before `action`, or None. Decided before the law, never instead of it."""
        return self.gates.refusal(self._action(action), standing, now)

    def _action(self, action: str) -> Action:
        self._known(action, self.vocabulary.actions, "action")
        return self.vocabulary.actions[action]

    def _narrowed(self, action: Action, situation: Situation) -> Situation:
        context = CONTEXT_OF[action.scope]
        words, profession = self.vocabulary, situation.profession
        self._known(profession, words.professions, "profession")
        self._known(situation.position, words.positions, "position")
        return Situation(
            profession,
            situation.position if "position" in context else NONE,
            self._word(situation.programme, self.programmes, "programme", "programme" in context),
            self._word(situation.status, words.statuses, "status", "status" in context),
            self._word(situation.kind, words.kinds, "kind", action.scope == "compartment"),
        )

    def _word(self, word: str, known: Mapping[str, object], what: str, looked_at: bool) -> str:
        if looked_at or word != NONE:
            self._known(word, known, what)
        return word if looked_at else NONE

    @staticmethod
    def _known(word: str, known: Mapping[str, object], what: str) -> None:
        if word not in known:
            raise UnknownWord(f"'{word}' is not a {what} of the charter's vocabulary")
