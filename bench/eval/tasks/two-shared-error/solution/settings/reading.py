"""Reads settings, one name=value a line."""

from settings.errors import SettingsError


def read(text):
    values = {}
    for line in text.splitlines():
        name, found, value = line.partition("=")
        if not found:
            raise SettingsError(f"no = in {line!r}")
        values[name.strip()] = value.strip()
    return values
