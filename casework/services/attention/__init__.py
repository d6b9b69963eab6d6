"""Mon jour: what is due, what changed, and the alerts."""
