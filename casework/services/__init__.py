"""One verb per function: authorise, open, act, record, in one transaction. Returns frozen, plain-text views."""
