"""What runs without a key."""
