"""The tables as migrations make them."""
