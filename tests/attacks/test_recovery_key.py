"""The recovery key opens everything in the end: exchanging it, in the instance's file and in the ledger, must not go unseen."""

import json

import pytest
from sqlalchemy import text

from casework import services
from casework.errors import ConfigurationError, TamperedError
from casework.ledger.leaf import Leaf
from casework.ledger.merkle import Tree, leaf_hash
from casework.models.people import User, UserKeys
from casework.services import Instance
from casework.services.offices.accounts import NewAccount
from casework.vault.packing import pack
from tests.attacks.sql import HybridPrivateKey, row, tamper
from tests.house import CHEAP, House


def exchange(house: House, public: bytes) -> None:
    """File, genesis leaf, hashes and head: all an administrator can write."""
    path = house.instance.config.instance / "instance.json"
    pinned = json.loads(path.read_text())
    path.write_text(json.dumps(pinned | {"recovery_key": public.hex()}))
    with house.instance.database.reading() as session:
        leaves = [bytes(body) for (body,) in session.execute(text("SELECT body FROM ledger_leaf ORDER BY seq"))]
    old = Leaf.decode(leaves[0])
    first = leaves[0].replace(str(old.facts["recovery_key"]).encode(), public.hex().encode())
    tree = Tree.empty()
    for body in (first, *leaves[1:]):
        tree.append(leaf_hash(body))
    tamper(house, "UPDATE ledger_leaf SET body = ?, hash = ? WHERE seq = 0", (first, leaf_hash(first)))
    tamper(house, "UPDATE ledger_head SET frontier = ?, root = ?", (tree.frontier(), tree.root()))


def test_an_exchanged_recovery_key_opens_nobodys_keys(fresh_house: House) -> None:
    """The newcomer's private key would be sealed to the administrator; so would the secret of every new ring."""
    house, mine = fresh_house, HybridPrivateKey.generate()
    code = services.accounts.create(house.oscar, NewAccount("zoe", "Zoé", "f", "agente", "municipal_police", "Ville de Valmorel-sur-Orle"))
    Instance.open(house.instance.config, clock=house.clock, hashing=CHEAP).close()  # control: untouched, it opens
    exchange(house, mine.public)
    with pytest.raises(ConfigurationError, match="recovery key in the instance file is not the one the founder signed"):
        Instance.open(house.instance.config, clock=house.clock, hashing=CHEAP)
    services.accounts.enrol(house.instance, "zoe", code, "phrase zoe")
    user = row(house, User, username="zoe").id
    box, context = row(house, UserKeys, user_id=user).recovery_box, pack("recovery", "user", house.instance.anchor.instance, user)
    with pytest.raises(TamperedError):
        mine.open(box, context)
    assert house.recovery.open(box, context), "control: a process that runs on seals to the true one"
