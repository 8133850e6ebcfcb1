"""Errors of the settings."""
