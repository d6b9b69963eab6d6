"""The Merkle tree of RFC 6962 §2.1, kept as a compact range: the hashes of its complete subtrees, widest first."""

from dataclasses import dataclass
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(body: bytes) -> bytes:
    """SHA-256(0x00 ‖ body)."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Tree:
    """A tree that only grows. `size` leaves; one hash in `range` for every 1 bit of `size`, the widest subtree first."""

    size: int
    range: list[bytes]

    @classmethod
    def empty(cls) -> "Tree":
        """The tree without a leaf."""
        return cls(0, [])

    @classmethod
    def stored(cls, size: int, frontier: bytes) -> "Tree":
        """The tree as `frontier()` wrote it. Raises ValueError when size and frontier do not fit each other."""
        hashes = [frontier[start : start + HASH_BYTES] for start in range(0, len(frontier), HASH_BYTES)]
        if size < 0 or len(frontier) != HASH_BYTES * size.bit_count():
            raise ValueError("the frontier does not fit the size")
        return cls(size, hashes)

    def append(self, leaf: bytes) -> None:
        """Add a leaf by its hash; each trailing 1 bit of the old size is a subtree that becomes complete with its neighbour."""
        node, bits = leaf, self.size
        while bits & 1:
            node = node_hash(self.range.pop(), node)
            bits >>= 1
        self.range.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The tree's root; SHA-256 of nothing for the empty tree."""
        if not self.range:
            return EMPTY_ROOT
        node = self.range[-1]
        for left in reversed(self.range[:-1]):
            node = node_hash(left, node)
        return node

    def frontier(self) -> bytes:
        """The range as bytes, to store beside `size`."""
        return b"".join(self.range)
