"""What writes past the history is blocked, and found where nobody blocks it: bulk and Core statements, raw SQL, edited versions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, make_url, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy_continuum import version_class

from casework import ledger
from casework.models import dialects
from casework.models.base import Base, new_id, recorded_models
from casework.models.content import Person
from casework.models.dossiers import Dossier
from casework.models.history import AUTHOR
from tests.house import House
from tests.migrations.test_triggers import drop_triggers

Attack = Callable[[Session, str], object]
PERSON = Base.metadata.tables["person"]


def values_of(session: Session, person: str) -> dict[str, Any]:
    """The columns of a person's row."""
    return dict(session.execute(select(PERSON).where(PERSON.c.id == person)).mappings().one())


def another(session: Session, person: str) -> dict[str, Any]:
    """A second row with the same bytes."""
    return values_of(session, person) | {"id": new_id()}


def bulk_objects(session: Session, person: str) -> None:
    """The object is detached, changed and saved past the unit of work."""
    found = session.get_one(Person, person)
    session.expunge(found)
    found.sex = b"forged"
    session.bulk_save_objects([found])


CHANGES: dict[str, Attack] = {
    "ORM bulk update": lambda s, p: s.execute(update(Person).where(Person.id == p).values(sex=b"forged")),
    "ORM bulk update by key": lambda s, p: s.execute(update(Person), [{"id": p, "sex": b"forged"}]),
    "query update": lambda s, p: s.query(Person).filter(Person.id == p).update({"sex": b"forged"}),
    "bulk_save_objects": bulk_objects,
    "bulk_update_mappings": lambda s, p: s.bulk_update_mappings(Person.__mapper__, [{"id": p, "sex": b"forged"}]),
    "Core update": lambda s, p: s.connection().execute(update(PERSON).where(PERSON.c.id == p).values(sex=b"forged")),
    "raw SQL update": lambda s, p: s.execute(text("UPDATE person SET sex = :sex WHERE id = :id"), {"sex": b"forged", "id": p}),
    "raw SQL behind a WITH": lambda s, p: s.execute(
        text("WITH x AS (SELECT 1) UPDATE person SET sex = :sex WHERE id = :id"), {"sex": b"forged", "id": p}
    ),
}
REMOVALS: dict[str, Attack] = {
    "ORM bulk delete": lambda s, p: s.execute(delete(Person).where(Person.id == p)),
    "query delete": lambda s, p: s.query(Person).filter(Person.id == p).delete(),
    "Core delete": lambda s, p: s.connection().execute(delete(PERSON).where(PERSON.c.id == p)),
    "raw SQL delete": lambda s, p: s.execute(text("DELETE FROM person WHERE id = :id"), {"id": p}),
}
ADDITIONS: dict[str, Attack] = {
    "ORM bulk insert": lambda s, p: s.execute(insert(Person), [another(s, p)]),
    "bulk_insert_mappings": lambda s, p: s.bulk_insert_mappings(Person.__mapper__, [another(s, p)]),
    "Core insert": lambda s, p: s.connection().execute(insert(PERSON), another(s, p)),
}
ATTACKS = CHANGES | REMOVALS | ADDITIONS
FOUND = dict.fromkeys(CHANGES, "row.changed") | dict.fromkeys(REMOVALS, "row.missing") | dict.fromkeys(ADDITIONS, "row.unrecorded")


@pytest.fixture(scope="module")
def person(house: House) -> str:
    """The id of a person's row."""
    number = house.follow("Quibérac-Attaque")
    with house.instance.database.reading() as session:
        found: str = session.execute(
            text("SELECT p.id FROM person p JOIN compartment c ON c.id = p.compartment_id JOIN dossier d ON d.id = c.dossier_id"
                 " WHERE d.number = :number"), {"number": number}
        ).scalar_one()  # fmt: skip
    return found


@contextmanager
def unguarded(house: House) -> Iterator[Session]:
    """A session on the same kind of engine without the guard. Always rolled back."""
    url = make_url(house.instance.config.database_url)
    engine = dialects.sqlite_engine(url) if url.get_backend_name() == "sqlite" else dialects.postgresql_engine(url)
    with Session(engine) as session:
        yield session
        session.rollback()
    engine.dispose()


@pytest.mark.parametrize("name", ATTACKS)
def test_what_writes_past_the_history_is_refused(house: House, person: str, name: str) -> None:
    """Nothing of it reaches the database."""
    with house.instance.database.reading() as session:
        before = values_of(session, person)
    with pytest.raises(RuntimeError, match=r"history and ledger"), house.instance.database.writing() as session:
        ATTACKS[name](session, person)
    with house.instance.database.reading() as session:
        assert values_of(session, person) == before
        assert ledger.verify(session, saved=None, recorded=recorded_models()).ok


@pytest.mark.parametrize("name", ATTACKS)
def test_control_without_the_guard_it_passes_silently_and_the_verifier_finds_it(house: House, person: str, name: str) -> None:
    """Positive control, and the second line: no error, no history, but the ledger knows. Rolled back afterwards."""
    history = select(func.count()).select_from(version_class(Person))
    with unguarded(house) as session:
        before = session.scalar(history)
        ATTACKS[name](session, person)
        session.flush()
        report = ledger.verify(session, saved=None, recorded=recorded_models())
        assert session.scalar(history) == before
        assert {finding.code for finding in report.findings} == {FOUND[name]}


def test_a_driver_statement_is_found(house: House, person: str) -> None:
    """What goes below SQLAlchemy's own events is not refused; the verifier finds it all the same."""
    with unguarded(house) as session:
        session.connection().exec_driver_sql(f"UPDATE person SET version = 9 WHERE id = '{person}'")
        report = ledger.verify(session, saved=None, recorded=recorded_models())
        assert [finding.code for finding in report.findings] == ["row.changed"]


def forge(house: House, *, remove: bool) -> None:
    """Edit or delete the newest version of a person through the ORM, as a hurried script would."""
    with house.instance.database.writing() as session:
        session.info[AUTHOR] = {"actor": "somebody", "action": "forge"}
        version = session.scalars(select(version_class(Person)).limit(1)).one()
        if remove:
            session.delete(version)
        else:
            version.sex = b"forged"


@pytest.mark.parametrize("remove", [False, True])
def test_a_version_row_is_an_object_nobody_can_save(lone_house: House, remove: bool) -> None:
    """To Continuum a version is an ordinary object; to the database it is history."""
    lone_house.follow("Quibérac-Histoire")
    with pytest.raises(IntegrityError, match="append-only"):
        forge(lone_house, remove=remove)
    drop_triggers(lone_house.instance.config.database_url)
    forge(lone_house, remove=remove)  # positive control: without the trigger it goes through


def test_every_write_leaves_a_version_that_says_who(house: House) -> None:
    """One transaction row for a verb; its versions hold ciphertext, byte for byte what the row holds."""
    number = house.follow("Quibérac-Version")
    history = version_class(Dossier)
    with house.instance.database.reading() as session:
        found = session.scalars(select(history).where(history.number == number).order_by(history.transaction_id)).all()
        assert [(each.status, each.transaction.actor, each.transaction.action) for each in found] == [
            ("received", house.hugo.user_id, "referral.send"),
            ("open", house.stella.user_id, "referral.examine"),
        ]
