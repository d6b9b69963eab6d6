"""The wall: a dossier closed to somebody who must not know that it exists, and two dossiers set apart."""
