"""Journeys: what people do, in a real browser, against the demo town served as `scripts/demo` serves it."""
