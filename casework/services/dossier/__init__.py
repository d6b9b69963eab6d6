"""The page of one dossier, its notes, and its life from open to closed."""
