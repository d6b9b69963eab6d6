"""The two files beside the instance: who may sign in (`accounts.json`), and what must be found nowhere else (`truth.json`)."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casework.cli.demo.founding import Kept
from casework.cli.demo.needles import Needles
from casework.cli.demo.people import CELLS, INSTITUTIONS, PERSONAS, VICTIMS, Persona
from casework.cli.demo.script import DossierPlan
from casework.services.support.drafts import CallDraft

ACCOUNTS, TRUTH = "accounts.json", "truth.json"

_CELL_NAMES = {cell.key: cell.name for cell in CELLS}
_INSTITUTION_NAMES = {institution.key: institution.name for institution in INSTITUTIONS}

Paper = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Leak:
    """A confidential value found where it must not be: the file and the place in it, never the value."""

    path: Path
    offset: int


def accounts(kept: Mapping[str, Kept], plans: Sequence[DossierPlan]) -> Paper:
    """One line for each account: how to sign in, and who it is."""
    leading = {dossier.last_lead for dossier in plans if dossier.ends == "open"}
    return [_account(persona, kept[persona.username], leading=persona.username in leading) for persona in PERSONAS]


def truth(numbers: Mapping[int, str], plans: Iterable[DossierPlan], met: Mapping[str, Sequence[str]]) -> Paper:
    """One line for each dossier: its confidential values, exactly as stored. cell: its name; programme: its code.

    met: number -> what meetings wrote about it.
    """
    return [_truth(numbers[dossier.index], dossier, met.get(numbers[dossier.index], ())) for dossier in plans]


def of_calls(called: Mapping[str, CallDraft]) -> Paper:
    """One line for each dossier that a call alone made, number -> what was noted, in the same shape.

    Hours and years of birth are left out: « mercredi 9h-11h » is said of a permanence as well, and a year stands in every date.
    """
    return [_called(number, call) for number, call in called.items()]


def values(paper: Paper) -> set[str]:
    """Every confidential value of `truth.json`."""
    return {value for line in paper for group in ("names", "phones", "addresses", "notes") for value in line[group]}


def write(path: Path, paper: Paper) -> None:
    """Write a paper whole or not at all, readable by us alone (0600)."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(paper, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read(path: Path) -> Paper:
    """A paper written before."""
    paper: Paper = json.loads(path.read_text(encoding="utf-8"))
    return paper


def leaks(folder: Path, secret: Iterable[str]) -> list[Leak]:
    """Where a confidential value stands in UTF-8 in a file of the folder, the two papers apart."""
    needles = Needles(value.encode() for value in secret)
    papers = {folder / name for name in (ACCOUNTS, TRUTH)}
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path not in papers]
    return [Leak(path, offset) for path in files for offset, _ in needles.found_in(path.read_bytes())]


def _account(persona: Persona, kept: Kept, *, leading: bool) -> dict[str, Any]:
    """Who leads an open dossier is a lead here, whatever the script meant them to be in a larger town."""
    position = ("lead" if leading else "member") if persona.position in {"lead", "member"} else persona.position
    return {
        "username": persona.username,
        "passphrase": kept.passphrase,
        "totp_secret": kept.totp_secret,
        "name": persona.name,
        "profession": persona.profession,
        "institution": _INSTITUTION_NAMES[persona.institution],
        "position": position,
        "cells": [_CELL_NAMES[seat.cell] for seat in persona.seats if not seat.left],
    }


def _truth(number: str, dossier: DossierPlan, met: Sequence[str]) -> dict[str, Any]:
    secrets = dossier.secrets()
    return {
        "number": number,
        "programme": dossier.programme,
        "cell": _CELL_NAMES[dossier.cell],
        "names": list(secrets.names),
        "phones": list(secrets.phones),
        "addresses": list(secrets.addresses),
        "notes": [*secrets.notes, *met],
    }


def _called(number: str, call: CallDraft) -> dict[str, Any]:
    return {
        "number": number,
        "programme": VICTIMS.programme,
        "cell": VICTIMS.name,
        "names": [call.first_name, call.last_name],
        "phones": [call.value],
        "addresses": [],
        "notes": [said for said in (call.code_word, call.introduction, call.must_not_answer) if said],
    }
