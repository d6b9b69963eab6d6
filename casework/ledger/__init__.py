"""The append-only, tamper-evident record: leaves, Merkle head, the auditor's questions, the verifier."""

from casework.ledger.digest import row_digest as row_digest
from casework.ledger.digest import row_write as row_write
from casework.ledger.findings import Finding as Finding
from casework.ledger.findings import Report as Report
from casework.ledger.journal import Genesis as Genesis
from casework.ledger.journal import Head as Head
from casework.ledger.journal import append as append
from casework.ledger.journal import genesis as genesis
from casework.ledger.journal import head as head
from casework.ledger.journal import stated_genesis as stated_genesis
from casework.ledger.leaf import Leaf as Leaf
from casework.ledger.leaf import RowWrite as RowWrite
from casework.ledger.queries import Access as Access
from casework.ledger.queries import accesses as accesses
from casework.ledger.queries import row_writes as row_writes
from casework.ledger.verify import verify as verify
