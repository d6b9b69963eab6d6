"""What one request costs that somebody outside could measure, and somebody inside count: statements, key openings, lines of the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import event, text

from casework.vault import aead
from casework.vault.hybrid import HybridPrivateKey
from tests.house import House


@dataclass
class Cost:
    """Counted while a request ran."""

    statements: int = 0
    openings: int = 0
    leaves: int = 0


class Meter:
    """Counts from now on. One for each house: it listens to the engine and stands in front of the vault."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self._house, self._now = house, Cost()
        event.listen(house.instance.database.engine, "before_cursor_execute", self._executed)
        opened, decrypted = HybridPrivateKey.open, aead.decrypt

        def open_box(key: HybridPrivateKey, *given: Any) -> bytes:
            self._now.openings += 1
            return opened(key, *given)

        def decrypt(*given: Any) -> bytes:
            self._now.openings += 1
            return decrypted(*given)

        monkeypatch.setattr(HybridPrivateKey, "open", open_box)
        monkeypatch.setattr(aead, "decrypt", decrypt)

    @contextmanager
    def measure(self) -> Iterator[Cost]:
        """The cost of what runs inside."""
        before = self._leaves()
        cost = self._now = Cost()
        yield cost
        self._now = Cost()
        cost.leaves = self._leaves() - before

    def _leaves(self) -> int:
        with self._house.instance.database.reading() as session:
            return int(session.execute(text("SELECT count(*) FROM ledger_leaf")).scalar_one())

    def _executed(self, *_: object) -> None:
        self._now.statements += 1
