"""Support of victims: calls, agreements, erasing by key."""
