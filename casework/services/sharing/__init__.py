"""Giving a named person a part of a dossier, ending it, and staying out of it."""
