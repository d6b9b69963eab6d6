"""Nobody is endangered by a call: when and how somebody may be reached, whom to go through, and a child in danger."""
