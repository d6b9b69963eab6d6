"""Which tests stay together on one worker of a run: those that share what takes long to make."""

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped, unused-ignore]  # xdist ships no types

IN_HOUSES = frozenset(
    f"tests/journeys/test_{name}.py" for name in ("edit", "instruments", "newcomer_steward", "one_code_at_once", "partner", "professions")
)
"""Journeys in a house of their own. All others walk through the served town: one is built, served, and searched at the end."""


class ByWhatTheyShare(LoadScopeScheduling):  # type: ignore[misc, unused-ignore]  # xdist leaves some of it untyped
    """The tests of a file stay together, and so do all journeys through the town, and all that look at how a small one was built."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if file.startswith("tests/demo/"):
            return "small town"
        return "town" if file.startswith("tests/journeys/") and file not in IN_HOUSES else file
