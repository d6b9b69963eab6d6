"""What runs without anybody signed in, and therefore without any key."""
