"""Orientations: sent, received, ended."""
