"""Rings, boxes and compartments: who holds what, and how it turns. The only room of services that handles wrapped keys."""
