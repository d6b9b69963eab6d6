"""The ledger and the transactions under it."""
