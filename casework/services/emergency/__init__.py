"""Accès urgent: opened on call for thirty minutes, announced, and reviewed afterwards."""
