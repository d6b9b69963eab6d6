"""The facts of a dossier kept up to date: editing, clashes, history, and drafts of forms."""
