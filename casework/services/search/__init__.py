"""Finding one's dossiers by a misspelt name, and listing them."""
