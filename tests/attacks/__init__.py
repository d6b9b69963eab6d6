"""Attacks tried against the whole application, kept as tests."""
