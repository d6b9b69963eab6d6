"""Who sits in a cell, serves in a team or is on call, and how that begins and ends."""
