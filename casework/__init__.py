"""Casework: confidential follow-up of young people and victims by a town's prevention cell."""

__version__ = "0.1.0"
