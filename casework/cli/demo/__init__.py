"""The fictional town: its people, its stories, and the order in which they happen."""
