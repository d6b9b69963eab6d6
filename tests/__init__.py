"""Everything the house promises, tried."""
