"""Orientations: a person passed on to a service, with a life of its own. Decision 5; charter, articles 7 and 26."""
