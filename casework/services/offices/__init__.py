"""Accounts, enrolment, sessions, and the officer's acts: nothing here opens a dossier."""
