"""The screens, through Flask's own test client with CSRF on."""
