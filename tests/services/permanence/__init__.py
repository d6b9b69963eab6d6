"""Permanences: slots, who takes them, and what is told to whom."""
