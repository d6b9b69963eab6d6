"""The append-only, tamper-evident record: leaves, Merkle head, verifier."""
