"""Partners without an account: a sealed link, a code given by voice, one answer."""
