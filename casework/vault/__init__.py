"""Keys, envelopes, sealed boxes, session keys, recovery. Bytes in, bytes out; knows no noun of the domain."""
