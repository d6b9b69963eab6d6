"""During a meeting: who is in the room, what is called and shown to them."""
