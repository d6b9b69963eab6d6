"""Two cells, and what the wall separates: a person to protect in the north, the other one in the south or beside her."""

from casework import services
from casework.services.wall.linking import LinkDraft
from casework.services.wall.staying import Stay
from casework.services.wall.walling import WallDraft
from tests.house import END, House

WHY = "Seule assistante sociale du territoire, le temps du relais."


def wall(house: House, number: str, who: str, *, by: str = "stella", last: bool = False) -> None:
    """Close a dossier to somebody, and turn its keys."""
    services.walling.set(house.actors[by], number, WallDraft(who, "relative", last))
    services.conflicts.settle_pending(house.actors[by])


def second_steward(house: House, cell: str = "nord", steward: str = "stella", who: str = "sam") -> None:
    """One more steward of a cell."""
    services.cells.admit(house.actors[steward], house.cells[cell], who, "steward", act="acte 5", until=END)


def stay(listed: str) -> Stay:
    """A reasoned act."""
    return Stay(listed, "only_professional", WHY)


def apart(house: House, number: str, other: str, *, by: str = "stella", sides: dict[str, str] | None = None, listed: str = "") -> None:
    """Set two dossiers apart; the actor stays on both sides and lists one. sides: of the others, else as offered. Keys are turned."""
    actor = house.actors[by]
    offer = services.linking.prepare(actor, number, other)
    chosen = {each.username: each.side for each in offer.people} | (sides or {})
    services.linking.link(actor, number, other, LinkDraft(chosen, None, stay(listed or number)))
    services.conflicts.settle_pending(actor)


def listed(house: House, who: str) -> set[str]:
    """The numbers of somebody's list."""
    return {line.number for line in services.dossiers.list_mine(house.actors[who]).lines}
