"""Fixtures of this room."""

from tests.services.safety.place import place

__all__ = ["place"]
