"""Every way of changing the log behind its back is found, at every position (sampled unless --prove), on both databases.

Each attack runs inside a transaction that is verified and then rolled back, so that one log serves all of them.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from casework import ledger
from casework.ledger.journal import derived_columns, derived_dossiers
from casework.ledger.merkle import Tree, leaf_hash
from casework.models.database import Database
from tests.ledger.conftest import LEAVES
from tests.ledger.model import Note, leaf
from tests.sampling import Sampler

Attack = Callable[[Session, int], None]


def sql(session: Session, statement: str, *values: Any) -> Any:
    """Raw SQL, as somebody with the database in hand would write it; `?` on both databases."""
    connection = session.connection()
    return connection.exec_driver_sql(statement.replace("?", "%s") if connection.dialect.name == "postgresql" else statement, values)


def forged(session: Session, seq: int) -> ledger.Leaf:
    """The leaf at seq with another actor."""
    body = bytes(sql(session, "SELECT body FROM ledger_leaf WHERE seq = ?", seq).scalar_one())
    old = ledger.Leaf.decode(body)
    stated = {name: getattr(old, name) for name in ledger.Leaf.__dataclass_fields__}
    return ledger.Leaf(**stated | {"actor": "somebody-else"})


def edit_body(session: Session, seq: int) -> None:
    sql(session, "UPDATE ledger_leaf SET body = ? WHERE seq = ?", forged(session, seq).encode(), seq)


def spoil_body(session: Session, seq: int) -> None:
    sql(session, "UPDATE ledger_leaf SET body = ? WHERE seq = ?", b'{"v":1}', seq)


def edit_hash(session: Session, seq: int) -> None:
    sql(session, "UPDATE ledger_leaf SET hash = ? WHERE seq = ?", b"\x01" * 32, seq)


def edit_whole_leaf(session: Session, seq: int) -> None:
    """Bytes, hash and column agree; only the tree knows."""
    body = forged(session, seq).encode()
    sql(session, "UPDATE ledger_leaf SET body = ?, hash = ?, actor = 'somebody-else' WHERE seq = ?", body, leaf_hash(body), seq)


def edit_actor_column(session: Session, seq: int) -> None:
    sql(session, "UPDATE ledger_leaf SET actor = 'somebody-else' WHERE seq = ?", seq)


def edit_time_column(session: Session, seq: int) -> None:
    sql(session, "UPDATE ledger_leaf SET at = '2026-01-01T00:00:00.000000Z' WHERE seq = ?", seq)


def edit_action_column(session: Session, seq: int) -> None:
    sql(session, "UPDATE ledger_leaf SET action = 'dossier.list' WHERE seq = ?", seq)


def edit_outcome_column(session: Session, seq: int) -> None:
    flipped = "CASE outcome WHEN 'refused' THEN 'authorised' ELSE 'refused' END"
    sql(session, f"UPDATE ledger_leaf SET outcome = {flipped} WHERE seq = ?", seq)


def edit_compartments(session: Session, seq: int) -> None:
    sql(
        session,
        "UPDATE ledger_dossier SET compartments = 'decisions' WHERE seq = ? AND number LIKE '2026-0%%'".replace("%%", percent(session)),
        seq,
    )


def remove_dossier(session: Session, seq: int) -> None:
    sql(session, "DELETE FROM ledger_dossier WHERE seq = ? AND number LIKE '2026-9%%'".replace("%%", percent(session)), seq)


def add_dossier(session: Session, seq: int) -> None:
    sql(session, "INSERT INTO ledger_dossier (seq, number, compartments) VALUES (?, '2026-5555', 'identity')", seq)


def delete(session: Session, seq: int) -> None:
    sql(session, "DELETE FROM ledger_leaf WHERE seq = ?", seq)
    sql(session, "DELETE FROM ledger_dossier WHERE seq = ?", seq)


def delete_and_close_up(session: Session, seq: int) -> None:
    """No gap is left, and size agrees with what is there."""
    delete(session, seq)
    close_up(session, seq)
    sql(session, "UPDATE ledger_head SET size = size - 1")


def cut_tail(session: Session, seq: int) -> None:
    sql(session, "DELETE FROM ledger_leaf WHERE seq >= ?", seq)
    sql(session, "DELETE FROM ledger_dossier WHERE seq >= ?", seq)


def insert(session: Session, seq: int) -> None:
    make_room(session, seq)
    add_leaf(session, seq, leaf(seq, actor="inserted"))


def swap(session: Session, seq: int) -> None:
    """This leaf and the one before it change places, index and all."""
    for table in ("ledger_leaf", "ledger_dossier"):
        sql(session, f"UPDATE {table} SET seq = -1 WHERE seq = ?", seq)
        sql(session, f"UPDATE {table} SET seq = ? WHERE seq = ?", seq, seq - 1)
        sql(session, f"UPDATE {table} SET seq = ? WHERE seq = -1", seq - 1)


def renumber(session: Session, seq: int) -> None:
    sql(session, "UPDATE ledger_leaf SET seq = ? WHERE seq = ?", seq + 5 * LEAVES, seq)


ATTACKS: dict[Attack, set[str]] = {
    edit_body: {"leaf.hash", "head.root"},
    spoil_body: {"leaf.hash", "leaf.unreadable"},
    edit_hash: {"leaf.hash"},
    edit_whole_leaf: {"head.root"},
    edit_actor_column: {"leaf.column"},
    edit_time_column: {"leaf.column"},
    edit_action_column: {"leaf.column"},
    edit_outcome_column: {"leaf.column"},
    edit_compartments: {"leaf.dossiers"},
    remove_dossier: {"leaf.dossiers"},
    add_dossier: {"leaf.dossiers"},
    delete: {"head.size", "head.root"},
    delete_and_close_up: {"head.root"},
    cut_tail: {"head.size", "head.root"},
    insert: {"head.size", "head.root"},
    swap: {"head.root"},
    renumber: {"leaf.missing"},
}


def percent(session: Session) -> str:
    return "%%" if session.connection().dialect.name == "postgresql" else "%"


def close_up(session: Session, seq: int) -> None:
    for each in range(seq + 1, LEAVES):
        for table in ("ledger_leaf", "ledger_dossier"):
            sql(session, f"UPDATE {table} SET seq = ? WHERE seq = ?", each - 1, each)


def make_room(session: Session, seq: int) -> None:
    for each in range(LEAVES - 1, seq - 1, -1):
        for table in ("ledger_leaf", "ledger_dossier"):
            sql(session, f"UPDATE {table} SET seq = ? WHERE seq = ?", each + 1, each)


def add_leaf(session: Session, seq: int, added: ledger.Leaf) -> None:
    body = added.encode()
    row = (seq, body, leaf_hash(body), *derived_columns(added).values())
    sql(session, "INSERT INTO ledger_leaf (seq, body, hash, at, actor, action, outcome) VALUES (?, ?, ?, ?, ?, ?, ?)", *row)
    for line in derived_dossiers(added):
        sql(session, "INSERT INTO ledger_dossier (seq, number, compartments) VALUES (?, ?, ?)", seq, line["number"], line["compartments"])


def rehash(session: Session) -> None:
    """Make the stored head agree with whatever leaves there are, as somebody who knows the code would."""
    leaves = sql(session, "SELECT hash, at FROM ledger_leaf ORDER BY seq").all()
    tree, at = Tree.empty(), leaves[-1].at
    for hashed, _ in leaves:
        tree.append(bytes(hashed))
    sql(session, "UPDATE ledger_head SET size = ?, frontier = ?, root = ?, at = ?", tree.size, tree.frontier(), tree.root(), at)


def codes(session: Session, saved: ledger.Head | None = None) -> set[str]:
    report = ledger.verify(session, saved=saved, recorded=(Note,))
    assert report.ok == (not [each for each in report.findings if not each.warning])
    return {each.code for each in report.findings}


def attacked(database: Database, attack: Callable[[Session], None], saved: ledger.Head | None = None) -> set[str]:
    """What the verifier finds after the attack, which is then undone."""
    with database.writing() as session:
        attack(session)
        found = codes(session, saved)
        session.rollback()
    return found


def stored_head(database: Database) -> ledger.Head:
    with database.reading() as session:
        return ledger.head(session)


def test_untouched_log_verifies(filled: Database) -> None:
    """The control of every test below: without an attack nothing is found."""
    with filled.reading() as session:
        report = ledger.verify(session, saved=ledger.head(session), recorded=(Note,))
        assert report.findings == ()
        assert report.ok
        assert report.head == ledger.head(session)
        assert report.head is not None
        assert report.head.size == LEAVES


@pytest.mark.prove
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_attack_is_found_at_every_position(filled: Database, sample: Sampler, attack: Attack) -> None:
    for seq in {1, LEAVES - 1, *sample(range(1, LEAVES), 6)}:
        assert attacked(filled, lambda session, seq=seq: attack(session, seq)) >= ATTACKS[attack], seq  # type: ignore[misc]  # a throwaway base


@pytest.mark.prove
@pytest.mark.parametrize("attack", [edit_whole_leaf, delete_and_close_up, insert, swap], ids=lambda attack: attack.__name__)
def test_whole_rehash_is_found_by_a_saved_head_and_only_by_it(filled: Database, sample: Sampler, attack: Attack) -> None:
    saved = stored_head(filled)
    for seq in {2, LEAVES - 1, *sample(range(2, LEAVES), 4)}:  # a swap with the foundation is found anyway

        def rewritten(session: Session, seq: int = seq) -> None:
            attack(session, seq)
            rehash(session)

        assert attacked(filled, rewritten, saved) & {"saved.root", "saved.size"}, seq
        without = attacked(filled, rewritten) - {"clock.back", "row.changed", "row.older", "row.missing", "row.unrecorded"}
        assert without == set(), seq  # the control: without a saved head the new log is as good as the old


@pytest.mark.prove
def test_cut_tail_and_head_is_found_by_a_saved_head(filled: Database, sample: Sampler) -> None:
    saved = stored_head(filled)
    for seq in {1, LEAVES - 1, *sample(range(1, LEAVES), 4)}:

        def cut(session: Session, seq: int = seq) -> None:
            cut_tail(session, seq)
            rehash(session)

        assert "saved.size" in attacked(filled, cut, saved), seq
        assert not attacked(filled, cut) & {"head.size", "head.root", "saved.size"}, seq


@pytest.mark.prove
def test_log_that_only_grew_begins_with_every_saved_head(filled: Database, sample: Sampler) -> None:
    with filled.reading() as session:
        tree, heads = Tree.empty(), []
        for (hashed,) in sql(session, "SELECT hash FROM ledger_leaf ORDER BY seq").all():
            tree.append(bytes(hashed))
            heads.append(ledger.Head(tree.size, tree.root().hex(), leaf(0).at))
        for saved in sample(heads, 10):
            assert codes(session, saved) == set()
            assert codes(session, ledger.Head(saved.size, "00" * 32, saved.at)) == {"saved.root"}


def test_head_row_is_checked(filled: Database) -> None:
    assert "head.missing" in attacked(filled, lambda session: sql(session, "DELETE FROM ledger_head"))
    assert "head.frontier" in attacked(filled, lambda session: sql(session, "UPDATE ledger_head SET frontier = ?", b"\x00" * 32))
    assert "head.frontier" in attacked(filled, lambda session: sql(session, "UPDATE ledger_head SET at = 'x'"))
    assert "head.size" in attacked(filled, lambda session: sql(session, "UPDATE ledger_head SET size = 10000000000000000"))


@pytest.mark.parametrize(("seconds", "said"), [(60, ["clock.back"]), (4, [])])
def test_clock_going_back_is_a_warning(filled: Database, seconds: int, said: list[str]) -> None:
    """Two who act at once are no clock that goes back: the second to begin may be the first to end."""
    with filled.writing() as session:
        (last,), _ = ledger.accesses(session, limit=1)
        ledger.append(session, leaf(5, at=last.leaf.at - timedelta(seconds=seconds)))
        report = ledger.verify(session, saved=None, recorded=(Note,))
        session.rollback()
    assert [each.code for each in report.findings] == said
    assert report.ok


def test_second_foundation_is_found(filled: Database) -> None:
    with filled.reading() as session:
        body = bytes(sql(session, "SELECT body FROM ledger_leaf WHERE seq = 0").scalar_one())

    def again(session: Session) -> None:
        add_leaf(session, LEAVES, ledger.Leaf.decode(body))
        rehash(session)

    assert "genesis.repeated" in attacked(filled, again)
    assert "genesis.missing" in attacked(filled, lambda session: delete(session, 0))


def test_index_line_without_leaf_and_impossible_position_are_found(filled: Database) -> None:
    assert "index.stray" in attacked(filled, lambda session: add_dossier(session, LEAVES + 7))
    assert "index.stray" in attacked(filled, lambda session: add_dossier(session, -7))
    assert "leaf.stray" in attacked(filled, lambda session: add_leaf(session, -1, leaf(1)))


@pytest.mark.prove
def test_duplicate_position_is_found_when_the_key_was_dropped(filled: Database, sample: Sampler) -> None:
    def duplicate(session: Session, seq: int) -> None:
        if filled.dialect == "postgresql":
            sql(session, "ALTER TABLE ledger_leaf DROP CONSTRAINT pk_ledger_leaf")
        else:
            sql(session, "CREATE TABLE copy AS SELECT * FROM ledger_leaf")
            sql(session, "DROP TABLE ledger_leaf")
            sql(session, "ALTER TABLE copy RENAME TO ledger_leaf")
        sql(session, "INSERT INTO ledger_leaf SELECT * FROM ledger_leaf WHERE seq = ?", seq)

    for seq in sample(range(LEAVES), 3):
        assert {"leaf.duplicate", "head.size"} <= attacked(filled, lambda session, seq=seq: duplicate(session, seq))  # type: ignore[misc]  # a throwaway base
