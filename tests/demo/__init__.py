"""The demo town: its content, before anything is built."""
