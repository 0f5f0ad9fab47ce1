"""Organisations, units, people and roles, and who signs in and out."""
