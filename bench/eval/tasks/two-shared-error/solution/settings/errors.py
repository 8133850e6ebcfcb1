"""Errors of the settings."""


class SettingsError(Exception):
    pass
