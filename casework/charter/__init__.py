"""The information-sharing charter, running: loads policies/, decides, and turns the same rules into a list filter."""

from casework.charter.charter import Charter
from casework.charter.gates import Gates, Standing
from casework.charter.loading import load
from casework.charter.problems import LawError, Problem, UnknownWord
from casework.charter.programmes import Controller, Programme, Retention, SealedField
from casework.charter.situation import DENY_DEFAULT, NONE, Situation, Verdict
from casework.charter.vocabulary import Action, EntryKind, Kind, Vocabulary, Word
from casework.charter.words import agree

__all__ = [
    "DENY_DEFAULT",
    "NONE",
    "Action",
    "Charter",
    "Controller",
    "EntryKind",
    "Gates",
    "Kind",
    "LawError",
    "Problem",
    "Programme",
    "Retention",
    "SealedField",
    "Situation",
    "Standing",
    "UnknownWord",
    "Verdict",
    "Vocabulary",
    "Word",
    "agree",
    "load",
]
