"""The information-sharing charter, running: loads policies/, decides, and turns the same rules into a list filter."""
