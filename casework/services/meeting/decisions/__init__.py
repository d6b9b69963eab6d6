"""What comes of a meeting: decisions, actions and their results, relevés, figures."""
