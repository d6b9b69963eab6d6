"""Before a meeting: its agenda, who is convened, what they answer."""
