"""One small town for the tests of this folder, its people signed in, and empty places beside it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest

from casework import services
from casework.config import Config
from casework.services import Instance
from tests.demo.towns import CHEAP, People, accounts, build, settings


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A town of eight dossiers on SQLite, built once; tests only read it. Beside it, `built`: how the builder left it."""
    config = settings(tmp_path_factory.mktemp("demo"))
    build(config)
    shutil.copytree(config.instance, config.instance.with_name("built"))
    return config


@pytest.fixture
def elsewhere(tmp_path: Path, town: Config) -> Config:
    """Another, empty place, which need not evaluate the charter again."""
    return prepared(settings(tmp_path), town)


def prepared(config: Config, town: Config) -> Config:
    """The place with a copy of the decision table."""
    config.instance.mkdir(mode=0o700)
    shutil.copytree(town.policies_cache, config.policies_cache)
    return config


@pytest.fixture(scope="package")
def people(town: Config) -> Iterator[People]:
    """Signed in once for all tests: a code works once."""
    instance = Instance.open(town, hashing=CHEAP)
    kept, now = accounts(town), datetime.now(UTC)
    codes = {each["username"]: pyotp.TOTP(each["totp_secret"]).at(now) for each in kept}
    try:
        yield People(
            {each["username"]: services.sign_in(instance, each["username"], each["passphrase"], codes[each["username"]]) for each in kept},
            codes,
        )
    finally:
        instance.close()
