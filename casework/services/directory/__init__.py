"""The directory: services that somebody may be sent to. Reference data in the clear; no person of a dossier is ever in it."""
